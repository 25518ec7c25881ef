"""Finding the header row of a statement: by the words of a known layout, or as a person has shown it before."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from portal.kit.errors import Refused
from portal.kit.tables import cell_text
from portal.kit.vietnamese import fold, nfc

DAY, DAY_AND_REFERENCE, VALUE_DAY, TIME = "day", "day_and_reference", "value_day", "time"
REFERENCE, DOCUMENT, TEXT = "reference", "document", "text"
DEBIT, CREDIT, BALANCE = "debit", "credit", "balance"
FEE, TAX = "fee", "tax"  # in columns of their own, see charges
COUNTERPARTY, COUNTERPARTY_ACCOUNT = "counterparty", "counterparty_account"
COUNTERPARTY_BOTH = "counterparty_both"  # "NAME – account" in one cell
OTHER = "other"  # known, and nothing to be read from it

HEADER_WITHIN = 80
MAPPED = "mapped"


@dataclass(frozen=True)
class Column:
    """One column: it is recognised by any of these phrases standing as whole words in its folded header."""

    role: str
    phrases: tuple[str, ...]
    required: bool = True

    @cached_property
    def folded(self) -> tuple[str, ...]:
        """The phrases as they are compared."""
        return tuple(map(fold, self.phrases))

    def fits(self, header: str) -> bool:
        """`header` is folded."""
        return any(f" {phrase} " in f" {header} " for phrase in self.folded)


@dataclass(frozen=True)
class Layout:
    """A bank's form. Columns are tried in this order, so that a narrower phrase stands before a wider one."""

    key: str
    columns: tuple[Column, ...]
    exact: bool = field(default=False)  # headers must be the phrases themselves (very short words)
    day_may_be: str | None = None  # this column gives the day where there is no other

    def match(self, cells: Sequence) -> dict[str, int] | None:
        """The place of each role when this row is the layout's header row, else None.

        Raises `Refused` where two columns claim one role: the amounts of one of them would be lost.
        """
        places: dict[str, int] = {}
        doubled: list[int] = []
        for index, cell in enumerate(cells):
            header = fold(cell_text(cell))
            role = self._role(header) if header else None
            if role in places:
                doubled.append(index)
            elif role not in (None, OTHER):
                places[role] = index
        if self.day_may_be in places and DAY not in places:
            places[DAY] = places.pop(self.day_may_be)
        if any(column.required and column.role not in places for column in self.columns):
            return None
        if doubled:
            text = nfc(cell_text(cells[doubled[0]]))
            raise Refused(f"Sao kê có hai cột cùng loại “{text}”. Hãy xóa hoặc đổi tên một cột rồi nạp lại.")
        return places

    def _role(self, header: str) -> str | None:
        for column in self.columns:
            if header in column.folded if self.exact else column.fits(header):
                return column.role
        return None


@dataclass(frozen=True)
class Found:
    """Where a statement's list begins, and the rows printed above it. `layout`: a key, or `MAPPED`."""

    layout: str
    row: int
    cells: list
    places: dict[str, int]
    above: list[tuple[int, list]]

    @property
    def width(self) -> int:
        """Cells up to the last heading."""
        return max(index + 1 for index, cell in enumerate(self.cells) if cell_text(cell).strip())

    def heading(self, role: str) -> str:
        """The heading of a role's column as printed, on one line; an empty one by its number."""
        place = self.places[role]
        cell = self.cells[place] if place < len(self.cells) else ""
        return nfc(cell_text(cell)) or f"số {place + 1}"


Mappings = Mapping[str, dict[str, int]]  # fingerprint of a header row → role → place


def fingerprint(cells: Sequence) -> str:
    """What tells header rows apart: 32 hexadecimal digits of the folded headings in their order."""
    texts = [fold(cell_text(cell)) for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    return hashlib.blake2b("\x1f".join(texts).encode(), digest_size=16).hexdigest()


class HeaderFinder:
    """Knows the layouts, and what people have said about the columns of an account's files."""

    def __init__(self, layouts: Sequence[Layout], mappings: Mappings | None = None):
        self.layouts, self.mappings = layouts, mappings or {}

    def match(self, cells: Sequence) -> tuple[str, dict[str, int]] | None:
        """(layout, places) when this is a header row; a person's word goes first. Raises `Refused`."""
        if self.mappings and (said := self.mappings.get(fingerprint(cells))):
            return MAPPED, said
        for layout in self.layouts:
            if places := layout.match(cells):
                return layout.key, places
        return None

    def find(self, rows: Iterator[tuple[int, list]]) -> Found | None:
        """Look for a header row among the first 80 rows. Raises `Refused`."""
        above: list[tuple[int, list]] = []
        for number, cells in rows:
            if len(above) >= HEADER_WITHIN:
                return None
            if found := self.match(cells):
                return Found(found[0], number, cells, found[1], above)
            above.append((number, cells))
        return None
