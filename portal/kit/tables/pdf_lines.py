"""Columns of a list without drawn boxes: the places of its headings, and the edges its cells keep to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain

from portal.kit.tables.pdf_page import HEADING_GAP, Line, Phrase
from portal.kit.tables.table import Glued

MOST_LINES = 4  # a heading is printed on so many lines at most
CLOSE = 1.6  # of a line's height: lines of one header row stand no further apart
TOUCH = 1.0  # points under a heading that count
EDGE = 1.0  # points: edges this close are one
FEW = 4  # edges (rounded both ways, of cells and heading) of a column that keeps to one


class Headings:
    """The columns of a list by the places of their headings."""

    def __init__(self, spans: list[tuple[float, float]], cells: list[str]):
        self.spans, self.cells = spans, cells
        self._lefts = [{round(x0)} for x0, _ in spans]  # the edges that each column keeps to, in points
        self._rights = [{round(x1)} for _, x1 in spans]

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
                    self._lefts[under[0]].add(round(phrase.x0))
                    self._rights[under[0]].add(round(phrase.x1))

    def cells_of(self, line: Line) -> list[str]:
        """The cells of a line. A phrase under two headings, or under none that it keeps to, is `Glued`."""
        cells = [""] * len(self.spans)
        for phrase in chain.from_iterable(map(self._parts, line.phrases())):
            places = self._under(phrase) or self._by_edge(phrase)
            glued = len(places) != 1
            for place in places or self._beside(phrase):
                text = f"{cells[place]} {phrase.text}".strip()
                cells[place] = Glued(text) if glued or isinstance(cells[place], Glued) else text
        return cells

    def _under(self, phrase: Phrase) -> list[int]:
        spans = enumerate(self.spans)
        return [n for n, (x0, x1) in spans if phrase.x0 < x1 - TOUCH and phrase.x1 > x0 + TOUCH]

    def _parts(self, phrase: Phrase) -> list[Phrase]:
        """A phrase under two headings parted where one column's right edge meets the next one's left edge.

        Only where both columns keep to one edge each (amounts to their right, texts to their left): then the
        place of the words says it. Everywhere else it stays whole.
        """
        under = self._under(phrase)
        if len(under) < 2:
            return [phrase]
        cuts = [
            place
            for place in range(1, len(phrase.words))
            if any(
                self._meet(first, second, phrase.words[place - 1].x1, phrase.words[place].x0)
                for first, second in zip(under, under[1:], strict=False)
            )
        ]
        ends = zip([0, *cuts], [*cuts, len(phrase.words)], strict=True)
        parts = [Phrase(phrase.words[begin:end]) for begin, end in ends]
        return parts if all(len(self._under(part)) == 1 for part in parts) else [phrase]

    def _meet(self, first: int, second: int, right: float, left: float) -> bool:
        keeps = len(self._rights[first]) <= FEW and len(self._lefts[second]) <= FEW
        return keeps and _near(self._rights[first], right) and _near(self._lefts[second], left)

    def _by_edge(self, phrase: Phrase) -> list[int]:
        return [
            place
            for place in range(len(self.spans))
            if _near(self._lefts[place], phrase.x0) or _near(self._rights[place], phrase.x1)
        ]

    def _beside(self, phrase: Phrase) -> list[int]:
        """The headings left and right of a phrase that stands between them."""
        left = [n for n, (_, x1) in enumerate(self.spans) if x1 <= phrase.x0 + TOUCH]
        right = [n for n, (x0, _) in enumerate(self.spans) if x0 >= phrase.x1 - TOUCH]
        return [*left[-1:], *right[:1]]


def _near(edges: set[int], x: float) -> bool:
    return bool(edges & {round(x - EDGE), round(x), round(x + EDGE)})


def _close(lines: list[Line], number: int) -> bool:
    return lines[number].top - lines[number - 1].top <= CLOSE * lines[number].height
