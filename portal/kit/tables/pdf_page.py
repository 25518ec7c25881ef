"""What stands on one page of a PDF: words, lines of words, phrases, and the boxes that rules draw."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from statistics import median
from typing import Any, NamedTuple

PHRASE_GAP = 0.6  # of a word's height: a wider gap parts two phrases
HEADING_GAP = 0.36  # headings stand closer together than cells
SNAP = 1.2  # points: rules this close are one
OVER = 1.5  # points: a word that reaches this far into the next box stands in both
MOST = 0.5  # a column's rule is at least half as long as the longest


class Word(NamedTuple):
    """Letters that touch each other; points from the left and the top of the page."""

    x0: float
    x1: float
    top: float
    bottom: float
    text: str

    @property
    def middle(self) -> float:
        """Its height on the page."""
        return (self.top + self.bottom) / 2


class Phrase(NamedTuple):
    """Words of one line with small gaps between them."""

    words: tuple[Word, ...]

    @property
    def x0(self) -> float:
        """Its left edge."""
        return self.words[0].x0

    @property
    def x1(self) -> float:
        """Its right edge."""
        return self.words[-1].x1

    @property
    def text(self) -> str:
        """All of it."""
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True)
class Line:
    """Words on one height, from left to right."""

    words: tuple[Word, ...]

    @property
    def top(self) -> float:
        """The middle of its words, which hardly depends on the letters."""
        return median(word.middle for word in self.words)

    @property
    def height(self) -> float:
        """The height of its letters."""
        return median(word.bottom - word.top for word in self.words)

    @property
    def text(self) -> str:
        """All of it."""
        return " ".join(word.text for word in self.words)

    def phrases(self, gap_of_height: float = PHRASE_GAP) -> list[Phrase]:
        """The words gathered where the gaps are small."""
        groups: list[list[Word]] = []
        gap = gap_of_height * self.height
        for word in self.words:
            if groups and word.x0 - groups[-1][-1].x1 <= gap:
                groups[-1].append(word)
            else:
                groups.append([word])
        return [Phrase(tuple(group)) for group in groups]


@dataclass(frozen=True)
class Page:
    """One page. `upright` rules are (x, y0, y1), `level` ones (y, x0, x1)."""

    number: int
    words: tuple[Word, ...]
    upright: list[list[float]]
    level: list[list[float]]

    @classmethod
    def of(cls, number: int, page: dict[str, Any]) -> Page:
        """A page as the child process describes it."""
        return cls(number, tuple(Word(*word) for word in page["words"]), page["upright"], page["level"])

    def columns(self) -> list[float]:
        """Where long upright rules part columns, from left to right; fewer than three are no table."""
        lengths: dict[float, float] = {}
        for x, y0, y1 in sorted(self.upright):
            near = next((known for known in lengths if abs(known - x) <= SNAP), x)
            lengths[near] = lengths.get(near, 0.0) + y1 - y0
        longest = max(lengths.values(), default=0.0)
        found = sorted(x for x, length in lengths.items() if length >= MOST * longest)
        return found if len(found) > 2 else []

    def bands(self, columns: list[float]) -> list[float]:
        """Where level rules part the rows of the table between these columns, from the top."""
        width = columns[-1] - columns[0]
        covered: dict[float, float] = {}
        for y, x0, x1 in sorted(self.level):
            inside = min(x1, columns[-1]) - max(x0, columns[0])
            near = next((known for known in covered if abs(known - y) <= SNAP), y)
            covered[near] = covered.get(near, 0.0) + max(inside, 0.0)
        return sorted(y for y, length in covered.items() if length >= MOST * width)

    def open_at(self, columns: list[float], top: float, bottom: float) -> list[float]:
        """The columns of one row: where no rule is drawn between two of them, they are one (merged)."""
        middle = (top + bottom) / 2
        drawn = [x for x, y0, y1 in self.upright if y0 - SNAP <= middle <= y1 + SNAP]
        return [x for x in columns if any(abs(x - other) <= SNAP for other in drawn)]


def lines_of(words: list[Word]) -> list[Line]:
    """Words gathered into lines, from the top."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (word.middle, word.x0)):
        height = word.bottom - word.top
        if lines and abs(lines[-1][0].middle - word.middle) <= 0.4 * height:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [Line(tuple(sorted(line))) for line in lines]


def place_of(x: float, columns: list[float]) -> int:
    """The box in which a point lies, from 0; −1 or the last border's number beyond them."""
    return bisect_right(columns, x) - 1
