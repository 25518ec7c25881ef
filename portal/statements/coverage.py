"""Which days of an account its statements cover, and how well: pure, over days and the certificates' gaps.

A day without a line inside a proved statement is covered: the sums tie across it. Where several statements cover a
day, the best proof counts; but lines that a person posted against the bank's numbers stay in the books whatever
another file proves, so such a day stays marked until that import is undone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from portal.statements.completeness import BROKEN, NOT_PROVABLE, PROVED

MISSING = "missing"
STATES = (PROVED, NOT_PROVABLE, BROKEN, MISSING)
DAY = timedelta(days=1)
_HARMLESS = "harmless"  # broken, but it has added no line
_STRONGEST = (BROKEN, PROVED, NOT_PROVABLE, _HARMLESS)


@dataclass(frozen=True)
class Run:
    """Days in a row, both inclusive, of one state."""

    first: date
    last: date
    state: str

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1


def pieces(
    first: date,
    last: date,
    proof: str | None,
    gaps: Sequence[Mapping[str, Any]] | None,
    *,
    adds: bool = True,
) -> list[Run]:
    """What one posted statement says of its days, without overlap, oldest first.

    `first` and `last` are the days of its lines, `gaps` those of its certificate (ISO days, `proved`), which may
    reach beyond them. `adds`: whether it brought lines that were not in the books. Without a proof: not provable.
    """
    known = sorted(
        (date.fromisoformat(gap["first"]), date.fromisoformat(gap["last"]), bool(gap["proved"]))
        for gap in gaps or ()
    )
    first = min([first, *(gap[0] for gap in known)])
    last = max([last, *(gap[1] for gap in known)])
    state = proof or NOT_PROVABLE
    if state == BROKEN and not adds:
        state = _HARMLESS
    open_gaps = [gap for gap in known if not gap[2]] if state == PROVED else []
    return list(_around(first, last, state, open_gaps))


def _around(first: date, last: date, state: str, gaps: Iterable[tuple[date, date, bool]]) -> Iterator[Run]:
    """A span of one state in which some gaps are not provable."""
    for begins, ends, _ in gaps:
        if begins > first:
            yield Run(first, begins - DAY, state)
        yield Run(begins, ends, NOT_PROVABLE)
        first = ends + DAY
    if first <= last:
        yield Run(first, last, state)


def cover(said: Iterable[Run], first: date, last: date) -> list[Run]:
    """The days from `first` to `last`, each in exactly one run, neighbours of different states."""
    turns: dict[date, Counter[str]] = {}
    for piece in said:
        begins, ends = max(piece.first, first), min(piece.last, last)
        if begins <= ends:
            turns.setdefault(begins, Counter())[piece.state] += 1
            turns.setdefault(ends + DAY, Counter())[piece.state] -= 1
    runs: list[Run] = []
    standing: Counter[str] = Counter()
    begins = first
    for day in sorted({*turns, last + DAY}):
        if day > begins:
            _append(runs, Run(begins, day - DAY, _strongest(standing)))
            begins = day
        standing.update(turns.get(day, {}))
    return runs


def _strongest(standing: Counter[str]) -> str:
    found = next((state for state in _STRONGEST if standing[state] > 0), MISSING)
    return BROKEN if found == _HARMLESS else found


def _append(runs: list[Run], run: Run) -> None:
    if runs and runs[-1].state == run.state:
        run = Run(runs.pop().first, run.last, run.state)
    runs.append(run)


def counts(runs: Iterable[Run]) -> dict[str, int]:
    """Days by state, every state present."""
    found = dict.fromkeys(STATES, 0)
    for run in runs:
        found[run.state] += run.days
    return found


def missing(runs: Iterable[Run]) -> list[Run]:
    """The days that no statement covers."""
    return [run for run in runs if run.state == MISSING]


def by_day(runs: Iterable[Run]) -> Iterator[tuple[date, str]]:
    """Every day with its state."""
    for run in runs:
        for number in range(run.days):
            yield run.first + number * DAY, run.state


def overlaps(spans: Iterable[tuple[int, date, date]]) -> dict[int, list[tuple[int, date, date]]]:
    """(id, first, last) of statements → for each id the others that share days with it, and those days."""
    found: dict[int, list[tuple[int, date, date]]] = {}
    standing: list[tuple[int, date, date]] = []
    for one, first, last in sorted(spans, key=lambda span: (span[1], span[0])):
        standing = [span for span in standing if span[2] >= first]
        for other, _, ends in standing:
            shared = (first, min(last, ends))
            found.setdefault(one, []).append((other, *shared))
            found.setdefault(other, []).append((one, *shared))
        standing.append((one, first, last))
    return found
