"""How many rows stand on each page of the danh sách ký nhận: measured with the paper's own font, always the same.

The pages are numbered, bear a code of their own and are filed by it, so a row must stand on the page that its sheet
says: a page takes rows only as far as their measured heights, a little more than the printed ones, fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from fontTools.ttLib import TTFont

from portal.kit.pdf import STATIC

WIDTH = 270.0  # mm between the margins of css/signing_sheet.css
SHARES = (4, 13, 9.5, 12, 10, 9, 8, 9, 9.5, 9, 7)  # per cent, DOMAIN: danh sách ký nhận
PAD = 2.6  # mm beside the text of a cell, rules included
SIZE = 10.5  # points
LINE = SIZE * 1.2 * 25.4 / 72  # mm
CELL = 1.7  # mm above and below the lines of a row, rules included
MOST_LINES = 9  # of one text; what is longer ends in "…"
LEAST = 9.2  # mm: room for a signature
BODY = 166.0  # mm of a page for head and rows
FIRST_HEAD, NEXT_HEAD, COLUMNS_HEAD = 43.0, 8.0, 12.0
FOOT = 52.0  # total, words, signatures on the last page
CAREFUL = 1.03  # a text is taken for this much wider than its letters


class Texts(NamedTuple):
    """The ten printed texts of a row; the eleventh column is for the signature."""

    number: str
    name: str
    cccd: str
    content: str
    commune: str
    hamlet: str
    group: str
    kind: str
    source: str
    amount: str


@cache
def _widths() -> tuple[dict[int, int], int]:
    font = TTFont(STATIC / "vendor/fonts/tinos-400-normal.woff2", lazy=True)
    names, advances = font.getBestCmap(), font["hmtx"]
    return {code: advances[name][0] for code, name in names.items()}, font["head"].unitsPerEm


def width_of(text: str) -> float:
    """mm of a text on one line, taken carefully."""
    widths, units = _widths()
    wide = max(widths.values())
    return sum(widths.get(ord(letter), wide) for letter in text) / units * SIZE * 25.4 / 72 * CAREFUL


def lines_of(text: str, column: int) -> int:
    """On how many lines a text stands in its column; a word wider than the column is broken."""
    room = WIDTH * SHARES[column] / 100 - PAD
    space, lines, used = width_of(" "), 1, 0.0
    for word in text.split():
        wide = width_of(word)
        if used and used + space + wide <= room:
            used += space + wide
            continue
        lines += bool(used)
        used = wide
        while used > room:
            lines += 1
            used -= room * 0.9  # where it breaks, a letter may be left over
    return lines


def fitted(text: str, column: int) -> str:
    """The text, or as much of it as a cell may hold."""
    if lines_of(text, column) <= MOST_LINES:
        return text
    short, long = 0, len(text)
    while long - short > 1:
        middle = (short + long) // 2
        if lines_of(text[:middle] + "…", column) <= MOST_LINES:
            short = middle
        else:
            long = middle
    return text[:short].rstrip() + "…"


def height_of(texts: Texts) -> float:
    """mm of a row."""
    most = max(lines_of(text, column) for column, text in enumerate(texts))
    return max(LEAST, most * LINE + CELL)


def pages_of(heights: Sequence[float]) -> list[int]:
    """How many rows each page takes; the last one leaves room for total, words and signatures.

    A row of `MOST_LINES` and the foot fit on one page together, so every page has a row.
    """
    counts: list[int] = []
    start = 0
    while start < len(heights):
        room = BODY - COLUMNS_HEAD - (FIRST_HEAD if not counts else NEXT_HEAD)
        rest = heights[start:]
        if sum(rest) + FOOT <= room:
            counts.append(len(rest))
            break
        taken, used = 0, 0.0
        while taken < len(rest) and used + rest[taken] <= room:
            used += rest[taken]
            taken += 1
        if taken == len(rest):
            taken -= 1  # the foot would stand alone: a row goes with it
        counts.append(taken)
        start += taken
    return counts
