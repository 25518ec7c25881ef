"""The first rows of a file, for the person who says what its columns are."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from portal.kit.errors import Refused
from portal.kit.tables import Sheet, cell_text, column_letters, read_table
from portal.kit.vietnamese import fold, nfc
from portal.statements.headers import (
    COUNTERPARTY_BOTH,
    DOCUMENT,
    HEADER_WITHIN,
    OTHER,
    VALUE_DAY,
    HeaderFinder,
    Mappings,
)
from portal.statements.layouts import LAYOUTS
from portal.statements.lines import MOMENT
from portal.statements.printed import printed_list

SAMPLES = 3
LONGEST = 60
UNSAID = (OTHER, VALUE_DAY, DOCUMENT, COUNTERPARTY_BOTH)  # what people are not asked about
NO_ROW = "Tệp không có dòng này trong 80 dòng đầu. Chọn dòng khác làm dòng tiêu đề."


@dataclass(frozen=True)
class ShownColumn:
    """A column with its heading, its first values, and what it probably is (a role)."""

    place: int
    heading: str
    samples: list[str]
    guess: str | None

    @property
    def letters(self) -> str:
        """As spreadsheets name it."""
        return column_letters(self.place)


@dataclass(frozen=True)
class Preview:
    """The rows that may be the header (number, place in words, text), the chosen one and its columns."""

    rows: list[tuple[int, str, str]]
    header: int
    cells: list[str]
    columns: list[ShownColumn]


def preview(path: Path, *, filename: str, mappings: Mappings, header: int | None = None) -> Preview:
    """Look at the first rows; `header` is the row a person chose. Raises Refused for what is no table."""
    finder = HeaderFinder(LAYOUTS, mappings)
    table = read_table(path, filename=filename, printed=printed_list(finder))
    sheet = next((sheet for sheet in table.sheets if _header_of(sheet, finder)), table.sheets[0])
    rows = [
        (number, cells) for number, cells in islice(sheet.rows(), HEADER_WITHIN + SAMPLES) if _filled(cells)
    ]
    chosen = header or _header_of(sheet, finder) or _likely(rows)
    below = [cells for number, cells in rows if number > chosen][:SAMPLES]
    cells = next((cells for number, cells in rows if number == chosen), None)
    if cells is None:
        raise Refused(NO_ROW, "dong")
    headings = [nfc(cell_text(cell)) for cell in cells]
    width = max(len(row) for row in [cells, *below])
    headings += [""] * (width - len(headings))
    shown = [(number, sheet.address(number), _line(row)) for number, row in rows]
    return Preview(shown, chosen, [cell_text(cell) for cell in cells], _columns(headings, below, finder))


def _header_of(sheet: Sheet, finder: HeaderFinder) -> int | None:
    try:
        found = finder.find(sheet.rows())
    except Refused:  # two columns of one kind: a person says which of them counts
        return None
    return found.row if found else None


def _filled(cells: list) -> bool:
    return any(cell_text(cell).strip() for cell in cells)


def _line(cells: list) -> str:
    texts = [nfc(cell_text(cell)) for cell in cells]
    return " · ".join(filter(None, texts))[:120]


def _likely(rows: list[tuple[int, list]]) -> int:
    """The row above the first one that holds a day, else the one with most texts."""
    for (number, cells), (_, below) in zip(rows, rows[1:], strict=False):
        if (
            _has_day(below)
            and not _has_day(cells)
            and sum(bool(cell_text(cell).strip()) for cell in cells) > 2
        ):
            return number
    return max(rows, key=lambda row: sum(bool(cell_text(cell).strip()) for cell in row[1]))[0] if rows else 0


def _has_day(cells: list) -> bool:
    return any(MOMENT.fullmatch(cell_text(cell)) for cell in cells)


def _columns(headings: list[str], below: list[list], finder: HeaderFinder) -> list[ShownColumn]:
    guesses = _guesses(headings, finder)
    columns = []
    for place, heading in enumerate(headings):
        samples = [nfc(cell_text(row[place]))[:LONGEST] for row in below if place < len(row)]
        if heading or any(samples):
            columns.append(
                ShownColumn(place, heading, [text for text in samples if text], guesses.get(place))
            )
    return columns


def _guesses(headings: list[str], finder: HeaderFinder) -> dict[int, str]:
    """What the known layout says, else what each heading is called in any layout; each role once."""
    try:
        found = finder.match(headings)
    except Refused:
        found = None
    if found:
        return {place: role for role, place in found[1].items() if role not in UNSAID}
    guesses: dict[int, str] = {}
    for place, heading in enumerate(map(fold, headings)):
        fitting = (column.role for layout in LAYOUTS for column in layout.columns if column.fits(heading))
        role = next(fitting, None) if heading else None
        if role and role not in UNSAID and role not in guesses.values():
            guesses[place] = role
    return guesses
