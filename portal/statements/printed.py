"""What the reader of a PDF must know about a statement's list: its header row, and how its rows begin."""

from __future__ import annotations

from collections.abc import Sequence

from portal.kit.errors import Refused
from portal.kit.tables import PrintedList
from portal.kit.vietnamese import fold
from portal.statements.headers import BALANCE, CREDIT, DAY, DAY_AND_REFERENCE, DEBIT, TEXT, HeaderFinder
from portal.statements.lines import MOMENT
from portal.statements.notes import is_label


def printed_list(finder: HeaderFinder) -> PrintedList:
    """The rules for the headers that `finder` knows."""
    known: dict[tuple[str, ...], dict[str, int]] = {}

    def places(header: Sequence[str]) -> dict[str, int]:
        key = tuple(header)
        if key not in known:
            found = finder.match(header)
            known[key] = found[1] if found else {}
        return known[key]

    def is_header(cells: Sequence[str]) -> bool:
        try:
            return finder.match(cells) is not None
        except Refused:
            return True  # the reader of the list says what is wrong with it

    def begins(header: Sequence[str], cells: Sequence[str]) -> bool:
        found = places(header)
        day = found.get(DAY_AND_REFERENCE, found.get(DAY))
        return day is not None and day < len(cells) and MOMENT.fullmatch(cells[day]) is not None

    def stands_alone(header: Sequence[str], cells: Sequence[str]) -> bool:
        found = places(header)
        money = [found[role] for role in (DEBIT, CREDIT, BALANCE) if role in found]
        if any(place < len(cells) and any(map(str.isdigit, cells[place])) for place in money):
            return True
        text = found.get(TEXT)
        return any(is_label(fold(cell)) for place, cell in enumerate(cells) if place != text)

    return PrintedList(is_header, begins, stands_alone)
