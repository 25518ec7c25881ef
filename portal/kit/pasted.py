"""What a spreadsheet puts on the clipboard, as rows of a grid. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.kit.errors import Refused
from portal.kit.vietnamese import fold, nfc

_CELL = re.compile(r'"((?:[^"]|"")*)"(?=[\t\n]|$)|([^\t\n]*)')
_SUMS = frozenset(fold(word) for word in ("Tổng cộng", "Tổng", "Cộng", "Tổng số", "Tổng số tiền"))
NUMBERING = frozenset(fold(word) for word in ("STT", "TT", "Số TT", "Số thứ tự", "Dòng"))
_HEADS_NEEDED = 2  # so many known headings make a heading row
_HEADS_WITHIN = 5


@dataclass(frozen=True)
class Grid:
    """What a clipboard may be pasted into. `headings`: folded heading → column key; `first`: the column before which
    lists put their own numbers; `too_many` is said of more than `most` rows and may name {count}.
    """

    headings: Mapping[str, str]
    first: str
    most: int
    too_many: str


@dataclass(frozen=True)
class Pasted:
    """Rows by column key; what was left out, as sentences; whether the rows brought their own headings."""

    rows: list[dict[str, str]]
    left_out: list[str]
    headed: bool


def cells_of(text: str) -> list[list[str]]:
    """The cells of a clipboard (tabs and lines; a quoted cell may hold both), tidied, without blank rows at the end."""
    rows: list[list[str]] = [[]]
    text, at = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n"), 0
    while True:
        found = _CELL.match(text, at)
        assert found is not None  # the second alternative matches nothing as well
        quoted, plain = found.groups()
        rows[-1].append(nfc(plain if quoted is None else quoted.replace('""', '"')))
        at = found.end()
        if at >= len(text):
            return [row for row in rows if any(row)]
        if text[at] == "\n":
            rows.append([])
        at += 1


def read_pasted(text: str, keys: Sequence[str], grid: Grid) -> Pasted:
    """Rows of a clipboard. Headings decide the columns; without them the cells go into `keys` from the left.

    `keys` are the columns from the active cell on. Raises Refused for nothing, too much, or more cells than columns.
    """
    table = cells_of(text)
    places, start = _headings(table, grid.headings)
    headed = bool(places)
    rows = table[start:]
    if not headed:
        rows = _without_numbering(rows, keys, grid.first)
        width = max((_width(row) for row in rows), default=0)
        if width > len(keys):
            raise Refused(
                f"Bảng dán có {width} cột, mà từ ô đang đứng chỉ còn {len(keys)} cột. "
                "Chép cả dòng tiêu đề rồi dán lại, hoặc bật thêm cột."
            )
        places = dict(enumerate(keys))
    kept, left_out = _without_sums([_placed(row, places) for row in rows], rows)
    if not kept:
        raise Refused("Không có dòng nào để dán. Chép các dòng trong bảng tính rồi dán lại.")
    if len(kept) > grid.most:
        raise Refused(grid.too_many.format(count=len(kept)))
    if headed:
        left_out += _unknown_headings(table[start - 1], places)
    return Pasted(kept, left_out, headed)


def is_sum(first: str) -> bool:
    """Whether a row that begins so is the row of the sum."""
    return fold(first).rstrip(" :") in _SUMS


def _headings(table: Sequence[Sequence[str]], known: Mapping[str, str]) -> tuple[dict[int, str], int]:
    """(column index → key, first row below the headings); ({}, 0) when no row has headings."""
    for number, row in enumerate(table[:_HEADS_WITHIN]):
        places: dict[int, str] = {}
        for index, cell in enumerate(row):
            key = known.get(fold(cell))
            if key and key not in places.values():
                places[index] = key
        if len(places) >= _HEADS_NEEDED:
            return places, number + 1
    return {}, 0


def _unknown_headings(heads: Sequence[str], places: dict[int, str]) -> list[str]:
    unknown = [
        f"“{cell}”"
        for index, cell in enumerate(heads)
        if cell and index not in places and fold(cell) not in NUMBERING
    ]
    return [f"Không dùng cột {', '.join(unknown)}."] if unknown else []


def _without_numbering(rows: list[list[str]], keys: Sequence[str], before: str) -> list[list[str]]:
    """Lists begin with their own numbers: 1, 2, 3 … before the names are left out."""
    first = [row[0] for row in rows]
    numbered = len(rows) > 1 and all(
        cell == "" or cell.isdecimal() and int(cell) == place + int(first[0])
        for place, cell in enumerate(first)
        if first[0].isdecimal()
    )
    if list(keys[:1]) != [before] or not numbered or not first[0].isdecimal():
        return rows
    return [row[1:] for row in rows]


def _width(row: Sequence[str]) -> int:
    return max((index + 1 for index, cell in enumerate(row) if cell), default=0)


def _placed(row: Sequence[str], places: dict[int, str]) -> dict[str, str]:
    return {key: row[index] for index, key in places.items() if index < len(row) and row[index]}


def _without_sums(
    placed: list[dict[str, str]], rows: Sequence[Sequence[str]]
) -> tuple[list[dict[str, str]], list[str]]:
    """Blank rows and the row of the sum are left out."""
    kept, sums = [], 0
    for cells, row in zip(placed, rows, strict=True):
        first = next((cell for cell in row if cell), "")
        if is_sum(first):
            sums += 1
        elif cells:
            kept.append(cells)
    return kept, ["Bỏ qua dòng tổng cộng."] if sums else []
