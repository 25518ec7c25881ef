"""The registry's review of a year beside what was brought: the lines of the page and of its file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from portal.figures.reviews import Counted as Brought
from portal.figures.reviews import Group, groups_in
from portal.figures.scope import Scope
from portal.households import queries
from portal.households.models import HouseholdGroup
from portal.households.queries_reviews import counted
from portal.households.rules_reviews import Counted, review_days
from portal.kit.number_text import format_rate
from portal.units.models import Unit

FIELDS = ("opening", "increase", "decrease", "net", "closing")
COLUMNS = (
    "Mã đơn vị", "Chuẩn nghèo", "Từ ngày", "Đến ngày", "Nhóm hộ", "Phân tổ", "Đầu kỳ", "Tăng", "Giảm", "Cuối kỳ",
    "Tổng số hộ đầu kỳ", "Tổng số hộ cuối kỳ",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A group of one year: by the registry (None = it has nobody there), and by each standard as brought."""

    group: HouseholdGroup
    ours: Counted | None
    theirs: Group | None

    @property
    def differences(self) -> dict[str, int]:
        """Field → registry − brought, where both are known and differ."""
        if self.ours is None or self.theirs is None:
            return {}
        pairs = {name: (getattr(self.ours, name), getattr(self.theirs.counted, name)) for name in FIELDS}
        return {
            name: ours - theirs
            for name, (ours, theirs) in pairs.items()
            if theirs is not None and ours != theirs
        }


class Rate(NamedTuple):
    """A rate with its parts and the day of both, ready to be shown."""

    group: str
    name: str
    text: str
    numerator: int
    denominator: int
    day: date | None


def lines_of(unit: Unit, year: int) -> list[Line]:
    """Groups that the registry or a brought review has in the year, in the order of papers."""
    ours = counted(unit.id, year)
    start, end = review_days(year)
    theirs: dict[int, list[Group]] = {}
    for found in groups_in(Scope(unit, start, end)):
        if not found.breakdown:
            theirs.setdefault(found.group.id, []).append(found)
    return [
        Line(group, ours.get(group.id), brought)
        for group in queries.groups()
        if group.id in ours or group.id in theirs
        for brought in theirs.get(group.id, [None])  # type: ignore[list-item]
    ]


def rates_of(lines: list[Line]) -> list[Rate]:
    """Rates of what was recorded, where their denominator is known. Those of increase and decrease are gross."""
    found = []
    for line in lines:
        if line.theirs is None:
            continue
        own = line.theirs.counted
        first, last = (own.opened or (None,))[0], (own.closed or (None,))[-1]
        for name, part, whole, day in (
            ("Đầu kỳ", own.opening, own.households_opening, first),
            ("Cuối kỳ", own.closing, own.households_closing, last),
            ("Tăng gộp trên tổng số hộ đầu kỳ", own.increase, own.households_opening, first),
            ("Giảm gộp, chưa bù số tăng", own.decrease, own.households_opening, first),
        ):
            if part is not None and whole:
                found.append(Rate(line.group.name, name, format_rate(part, whole), part, whole, day))
    return found


def file_rows(unit: Unit, year: int, lines: list[Line], standard: str) -> list[list[object]]:
    """The registry's numbers in the columns of the import."""
    start, end = review_days(year)
    done: set[int] = set()
    rows: list[list[object]] = []
    for line in lines:
        if line.ours is None or line.group.id in done:
            continue
        done.add(line.group.id)
        whole = line.theirs.counted if line.theirs else Brought()
        rows.append([
            unit.code, standard, start, end, line.group.name, None, line.ours.opening, line.ours.increase,
            line.ours.decrease, line.ours.closing, whole.households_opening, whole.households_closing,
        ])  # fmt: skip
    return rows


def standard_brought(lines: list[Line]) -> str | None:
    """The standard that the brought reviews of the year name, where there is one."""
    names = {line.theirs.standard for line in lines if line.theirs}
    return names.pop() if len(names) == 1 else None


def standard_above(unit: Unit, year: int) -> str | None:
    """The standard of the nearest unit above whose brought reviews of the year name one: theirs add up with it."""
    start, end = review_days(year)
    above = unit.parent
    while above is not None:
        names = {found.standard for found in groups_in(Scope(above, start, end)) if not found.breakdown}
        if names:
            return names.pop() if len(names) == 1 else None
        above = above.parent
    return None


def wholes_brought(lines: list[Line]) -> tuple[int | None, int | None, date | None]:
    """All households at opening and closing, and the last day, as brought (the first that says so)."""
    found = next((line.theirs.counted for line in lines if line.theirs), Brought())
    return found.households_opening, found.households_closing, found.closed[-1] if found.closed else None
