"""The calendar of an account's statements as pages draw it: months of days, a strip of a year, words for each state."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from markupsafe import Markup

from portal.kit.days import format_day
from portal.kit.money import format_amount
from portal.statements.completeness import BROKEN, NOT_PROVABLE, PROVED
from portal.statements.coverage import MISSING, STATES, Run, by_day, counts
from portal.statements.rules import PROOFS

WEEKDAYS = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")
GAPS_NAMED = 4  # ranges of missing days told one by one


class Word(NamedTuple):
    """How a state is told: its name, its icon, what it means, and the words after a number of days."""

    name: str
    icon: str
    meaning: str
    counted: str


WORDS = {
    PROVED: Word(
        PROOFS[PROVED],
        "check",
        "có sao kê, và các dòng khớp với số dư hoặc tổng ngân hàng in",
        "đã chứng minh đủ",
    ),
    NOT_PROVABLE: Word(
        PROOFS[NOT_PROVABLE],
        "circle",
        "có sao kê, nhưng ngân hàng không in số nào để biết đã đủ dòng",
        "không chứng minh được",
    ),
    BROKEN: Word(
        f"{PROOFS[BROKEN]}, vẫn ghi sổ",
        "warning",
        "sao kê lệch với số ngân hàng in, vẫn ghi sổ theo quyết định có tên và lý do",
        "không khớp, vẫn ghi sổ",
    ),
    MISSING: Word("Chưa có sao kê", "x", "chưa nạp sao kê nào của ngày này", "chưa có sao kê"),
}


@dataclass(frozen=True)
class Day:
    """One day of a month; `state` None = not to be covered (before the account began, or still to come)."""

    day: date
    state: str | None


@dataclass(frozen=True)
class Month:
    """Weeks from Monday; None stands for the days of the neighbours."""

    first: date
    weeks: list[list[Day | None]]
    runs: list[Run]

    @property
    def name(self) -> str:
        """ "Tháng 11/2026"."""
        return f"Tháng {self.first.month}/{self.first.year}"


def year_of(year: int) -> tuple[date, date]:
    """The first and last day of a year."""
    return date(year, 1, 1), date(year, 12, 31)


def months_of(runs: Sequence[Run]) -> list[Month]:
    """The months that the runs touch, oldest first."""
    if not runs:
        return []
    states = dict(by_day(runs))
    begin, end = runs[0].first, runs[-1].last
    return [
        _month(index // 12, index % 12 + 1, states, runs)
        for index in range(begin.year * 12 + begin.month - 1, end.year * 12 + end.month)
    ]


def _month(year: int, month: int, states: dict[date, str], runs: Sequence[Run]) -> Month:
    weeks = [
        [Day(day, states.get(day)) if day.month == month else None for day in week]
        for week in calendar.Calendar().monthdatescalendar(year, month)
    ]
    first, last = date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
    return Month(first, weeks, list(_within(runs, first, last)))


def _within(runs: Sequence[Run], first: date, last: date) -> Iterator[Run]:
    for run in runs:
        if run.first <= last and run.last >= first:
            yield Run(max(run.first, first), min(run.last, last), run.state)


def told(runs: Sequence[Run]) -> str:
    """ "26 ngày đã chứng minh đủ; 4 ngày chưa có sao kê: 27/11/2026 – 30/11/2026"."""
    found = counts(runs)
    parts = [f"{format_amount(found[state])} ngày {WORDS[state].counted}" for state in STATES if found[state]]
    if found[MISSING]:
        parts[-1] += f": {spans_told([run for run in runs if run.state == MISSING])}"
    return "; ".join(parts)


def spans_told(runs: Sequence[Run]) -> str:
    """ "27/11/2026 – 30/11/2026, 02/12/2026 và 3 khoảng nữa"."""
    named = ", ".join(span_told(run.first, run.last) for run in runs[:GAPS_NAMED])
    rest = len(runs) - GAPS_NAMED
    return f"{named} và {rest} khoảng nữa" if rest > 0 else named


def span_told(first: date, last: date) -> str:
    """ "27/11/2026 – 30/11/2026", one day alone."""
    return format_day(first) if first == last else f"{format_day(first)} – {format_day(last)}"


def strip(runs: Sequence[Run], year: int) -> Markup:
    """The days of a year as one bar; each state has its own shape. For the eye only: the numbers stand beside."""
    begin, end = year_of(year)
    length = (end - begin).days + 1
    ticks = [
        Markup('<line class="cover-tick" x1="{0}" x2="{0}" y1="0" y2="20"></line>').format(
            _percent((date(year, month, 1) - begin).days, length)
        )
        for month in range(2, 13)
    ]
    blocks = [_block(run, begin, length) for run in _within(runs, begin, end)]
    return Markup('<svg class="cover-strip" width="100%" height="20" aria-hidden="true">{}</svg>').format(
        Markup("").join([*ticks, *blocks])
    )


SHAPES = {
    PROVED: ((2, 16),),
    NOT_PROVABLE: ((10, 8),),
    BROKEN: ((2, 5), (13, 5)),
    MISSING: ((16, 2),),
}  # (y, height) of each bar


def sample(state: str) -> Markup:
    """A state as `strip` draws it, for the legend."""
    return Markup('<svg class="cover-strip" width="20" height="20" aria-hidden="true">{}</svg>').format(
        _shape(state, "0", "100%")
    )


def _block(run: Run, begin: date, length: int) -> Markup:
    return _shape(run.state, _percent((run.first - begin).days, length), _percent(run.days, length))


def _shape(state: str, x: str, width: str) -> Markup:
    return Markup("").join(
        Markup('<rect class="cover-{}" x="{}" y="{}" width="{}" height="{}"></rect>').format(
            state.replace("_", "-"), x, y, width, height
        )
        for y, height in SHAPES[state]
    )


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.3f}".rstrip("0").rstrip(".") + "%"
