"""Columns of a list without drawn boxes: the places of its headings, and the edges its cells keep to."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from portal.kit.tables.pdf_page import HEADING_GAP, Line, Phrase
from portal.kit.tables.table import Glued

MOST_LINES = 4  # a heading is printed on so many lines at most
CLOSE = 1.6  # of a line's height: lines of one header row stand no further apart
TOUCH = 1.0  # points under a heading that count
EDGE = 1.0  # points: edges this close are one


class Headings:
    """The columns of a list by the places of their headings."""

    def __init__(self, spans: list[tuple[float, float]], cells: list[str]):
        self.spans, self.cells = spans, cells
        self._lefts: dict[int, set[int]] = {}  # edge in points, rounded → columns that keep to it
        self._rights: dict[int, set[int]] = {}

    @classmethod
    def of(cls, lines: list[Line]) -> Headings:
        """The headings printed on some lines that belong together."""
        columns: list[list[Phrase]] = []
        spans: list[tuple[float, float]] = []
        for phrase in (phrase for line in lines for phrase in line.phrases(HEADING_GAP)):
            over = [n for n, (x0, x1) in enumerate(spans) if phrase.x0 < x1 and phrase.x1 > x0]
            if over:
                place = over[0]
                columns[place].append(phrase)
                spans[place] = (min(spans[place][0], phrase.x0), max(spans[place][1], phrase.x1))
            else:
                columns.append([phrase])
                spans.append((phrase.x0, phrase.x1))
        order = sorted(range(len(spans)), key=lambda n: spans[n])
        texts = ["\n".join(phrase.text for phrase in columns[n]) for n in order]
        return cls([spans[n] for n in order], texts)

    @staticmethod
    def size_at(lines: list[Line], start: int, is_header: Callable[[list], bool]) -> int:
        """How many lines from `start` are one header row; 0 = none is."""
        most = 1
        while most < MOST_LINES and start + most < len(lines) and _close(lines, start + most):
            most += 1
        sizes = range(most, 0, -1)
        return next((n for n in sizes if is_header(Headings.of(lines[start : start + n]).cells)), 0)

    def learn(self, lines: Iterable[Line]) -> None:
        """Note to which edges the columns keep, from phrases that stand under one heading only."""
        for line in lines:
            for phrase in line.phrases():
                under = self._under(phrase)
                if len(under) == 1:
                    self._lefts.setdefault(round(phrase.x0), set()).add(under[0])
                    self._rights.setdefault(round(phrase.x1), set()).add(under[0])

    def cells_of(self, line: Line) -> list[str]:
        """The cells of a line. A phrase under two headings, or under none that it keeps to, is `Glued`."""
        cells = [""] * len(self.spans)
        for phrase in line.phrases():
            places = self._under(phrase) or self._by_edge(phrase)
            glued = len(places) != 1
            for place in places or self._beside(phrase):
                text = f"{cells[place]} {phrase.text}".strip()
                cells[place] = Glued(text) if glued or isinstance(cells[place], Glued) else text
        return cells

    def _under(self, phrase: Phrase) -> list[int]:
        spans = enumerate(self.spans)
        return [n for n, (x0, x1) in spans if phrase.x0 < x1 - TOUCH and phrase.x1 > x0 + TOUCH]

    def _by_edge(self, phrase: Phrase) -> list[int]:
        found: set[int] = set()
        for edges, x in ((self._lefts, phrase.x0), (self._rights, phrase.x1)):
            for near in (round(x), round(x - EDGE), round(x + EDGE)):
                found |= edges.get(near, set())
        return sorted(found)

    def _beside(self, phrase: Phrase) -> list[int]:
        """The headings left and right of a phrase that stands between them."""
        left = [n for n, (_, x1) in enumerate(self.spans) if x1 <= phrase.x0 + TOUCH]
        right = [n for n, (x0, _) in enumerate(self.spans) if x0 >= phrase.x1 - TOUCH]
        return [*left[-1:], *right[:1]]


def _close(lines: list[Line], number: int) -> bool:
    return lines[number].top - lines[number - 1].top <= CLOSE * lines[number].height
