"""The pages of a PDF as rows of cells: by drawn boxes where there are some, else by the places of the headings.

Text that runs over from one column into the next becomes a `Glued` cell in both: it is never parted by guess.
A row may go on over lines and over pages; what only numbers the pages is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from portal.kit.tables.pdf_lines import Headings
from portal.kit.tables.pdf_page import OVER, Line, Page, Word, lines_of, place_of
from portal.kit.tables.table import Glued

__all__ = ["Page", "PrintedList", "rows_of"]

Cells = list
PrintedRow = tuple[int, int, Cells]
WIDE_GAP = 1.75  # of a line's height: what stands further below is no continuation
NUMBER = re.compile(r"\d+")


@dataclass(frozen=True)
class PrintedList:
    """What the reader of a list knows about it: its header row, and how one of its rows begins.

    `begins(header, cells)`: a row of the list starts here; `stands_alone(header, cells)`: it is a row, though no such one.
    """

    is_header: Callable[[Cells], bool]
    begins: Callable[[Cells, Cells], bool]
    stands_alone: Callable[[Cells, Cells], bool]


@dataclass
class _Piece:
    """One printed line (or box) as cells. `far`: it continues nothing; `beside`: "above" or "below" the list."""

    cells: Cells
    far: bool = False
    beside: str = ""


@dataclass
class _State:
    """What is carried from page to page."""

    header: Cells = field(default_factory=list)
    headings: Headings | None = None
    columns: list[float] = field(default_factory=list)  # of the last page with boxes
    row: PrintedRow | None = None
    below: list[PrintedRow] = field(default_factory=list)  # notes under the list, until it goes on


def rows_of(pages: Iterable[Page], printed: PrintedList) -> Iterator[PrintedRow]:
    """(page, place on it from 1, cells) of every row, in the order of the file."""
    state = _State()
    before: Page | None = None
    for page, after in _with_next(pages):
        words = _without_page_numbers(page, before, after)
        yield from _finished(page.number, _pieces(page, words, state, printed), state, printed)
        before = page
    yield from [*([state.row] if state.row is not None else []), *state.below]


def _finished(
    page: int, pieces: Iterable[_Piece], state: _State, printed: PrintedList
) -> Iterator[PrintedRow]:
    """The rows that are known to be whole once the next one begins; the last stays in `state`."""
    place = 0
    known = bool(state.header)
    for piece in pieces:
        place += 1
        begins = printed.begins(state.header, piece.cells)
        if known and (piece.cells == state.header or (piece.beside == "above" and not begins)):
            continue
        if state.row is not None and _continues(piece, state, printed):
            _append(state.row[2], piece.cells)
            place -= 1
        elif piece.beside == "below" and not begins:
            state.below.append((page, place, piece.cells))
        else:
            if begins:
                state.below.clear()  # the list goes on: that stood at the foot of an inner page
            if state.row is not None:
                yield state.row
            state.row = (page, place, piece.cells)


def _continues(piece: _Piece, state: _State, printed: PrintedList) -> bool:
    """Whether a piece is the rest of the row above: text only, close below it, under a known header."""
    header = state.header
    if piece.far or piece.beside or not header or state.row is None:
        return False
    if state.row[2] == header or not printed.begins(header, state.row[2]):
        return False
    cells = piece.cells
    return cells != header and not printed.begins(header, cells) and not printed.stands_alone(header, cells)


def _append(cells: Cells, more: Cells) -> None:
    """Join the rest of a row to it, each cell in its column."""
    for index, text in enumerate(more):
        if text and index < len(cells):
            joined = f"{cells[index]}\n{text}" if cells[index] else text
            kind = type(text) if type(text) is not str else type(cells[index])
            cells[index] = kind(joined)
        elif text:
            cells.append(text)


def _with_next(pages: Iterable[Page]) -> Iterator[tuple[Page, Page | None]]:
    waiting: Page | None = None
    for page in pages:
        if waiting is not None:
            yield waiting, page
        waiting = page
    if waiting is not None:
        yield waiting, None


def _without_page_numbers(page: Page, before: Page | None, after: Page | None) -> list[Word]:
    """The words without a first or last line that stands on the next (or last) page too, one number higher."""
    lines = lines_of(list(page.words))
    ends = [lines[0], lines[-1]] if lines else []
    counted: set[Word] = set()
    for other, step in ((after, 1), (before, -1)):
        others = lines_of(list(other.words)) if other is not None else []
        for line in ends:
            if any(_counts_on(line, twin, step) for twin in [*others[:1], *others[-1:]]):
                counted.update(line.words)
    return [word for word in page.words if word not in counted]


def _counts_on(line: Line, twin: Line, step: int) -> bool:
    """The same words at the same height, one number differing by `step`."""
    if abs(line.top - twin.top) > 2 or NUMBER.sub("#", line.text) != NUMBER.sub("#", twin.text):
        return False
    pairs = zip(NUMBER.findall(line.text), NUMBER.findall(twin.text), strict=True)
    changed = [int(theirs) - int(ours) for ours, theirs in pairs if ours != theirs]
    return changed == [step]


def _pieces(page: Page, words: list[Word], state: _State, printed: PrintedList) -> Iterator[_Piece]:
    columns = page.columns()
    bands = page.bands(columns) if columns else []
    if len(bands) < 2:
        yield from _by_lines(words, state, printed)
        return
    inside = [w for w in words if bands[0] < w.middle < bands[-1] and _within(w, columns)]
    kept = set(inside)
    outside = [word for word in words if word not in kept]
    yield from _notes([word for word in outside if word.middle <= bands[0]], "above")
    state.columns = columns
    begun = False  # a box continues the row above only as the first on its page
    for top, bottom in zip(bands, bands[1:], strict=False):
        held = [word for word in inside if top < word.middle <= bottom]
        if held:
            cells = _boxed(held, columns, page.open_at(columns, top, bottom))
            if not state.header and printed.is_header(cells):
                state.header = cells
            yield _Piece(cells, far=begun)
            begun = begun or cells != state.header
    yield from _notes([word for word in outside if word.middle > bands[0]], "below")


def _within(word: Word, columns: list[float]) -> bool:
    return columns[0] - OVER <= word.x0 and word.x1 <= columns[-1] + OVER


def _notes(words: list[Word], beside: str) -> Iterator[_Piece]:
    for line in lines_of(words):
        yield _Piece([phrase.text for phrase in line.phrases()], beside=beside)


def _boxed(words: list[Word], columns: list[float], drawn: list[float]) -> Cells:
    """The cells of one box row. A word across a drawn rule stands in both boxes, as `Glued`."""
    held: list[list[Word]] = [[] for _ in columns[1:]]
    glued: set[int] = set()
    for word in words:
        first = place_of(min(word.x0 + OVER, word.x1), drawn)
        last = place_of(max(word.x1 - OVER, word.x0), drawn)
        for box in range(max(first, 0), min(last, len(drawn) - 2) + 1):
            place = min(range(len(columns)), key=lambda n: abs(columns[n] - drawn[box]))
            held[place].append(word)
            if last > first:
                glued.add(place)
    texts = ["\n".join(line.text for line in lines_of(box)) for box in held]
    return [Glued(text) if place in glued else text for place, text in enumerate(texts)]


def _by_lines(words: list[Word], state: _State, printed: PrintedList) -> Iterator[_Piece]:
    """Rows of a page without boxes: once a header row was seen, its headings say where columns are."""
    lines = lines_of(words)
    at = [Headings.size_at(lines, number, printed.is_header) for number in range(len(lines))]
    first = next((number for number, size in enumerate(at) if size), None)
    if first is not None and state.headings is None and not state.header:
        state.headings = Headings.of(lines[first : first + at[first]])
        state.header = state.headings.cells
    if state.headings is not None:
        state.headings.learn(lines[0 if first is None else first + at[first] :])
    bottom: Line | None = None
    skip = 0
    for number, line in enumerate(lines):
        if skip:
            skip -= 1
        elif at[number]:
            yield _Piece(Headings.of(lines[number : number + at[number]]).cells)
            bottom, skip = None, at[number] - 1
        else:
            above = first is not None and number < first
            far = bottom is not None and line.top - bottom.top > WIDE_GAP * line.height
            yield _Piece(_cells_of(line, state, above=above), far=far, beside="above" if above else "")
            bottom = line


def _cells_of(line: Line, state: _State, *, above: bool) -> Cells:
    if state.headings is not None and not above:
        return state.headings.cells_of(line)
    if state.columns and not above:
        return _boxed(list(line.words), state.columns, state.columns)
    return Headings.of([line]).cells  # as a header row of one line would be read
