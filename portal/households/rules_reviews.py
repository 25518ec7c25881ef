"""Pure rules of a poverty review made from the registry: who came into a group in a year, who left it, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.kit.errors import Refused

NEW, AGAIN, FROM_OTHER = "new", "again", "from_other"
TO_OTHER, OUT = "to_other", "out"
CAME = {NEW: "Mới vào", AGAIN: "Trở lại (tái)", FROM_OTHER: "Từ nhóm khác sang"}
LEFT = {TO_OTHER: "Sang nhóm khác", OUT: "Ra khỏi các nhóm"}
MOVES = {**CAME, **LEFT}


@dataclass(frozen=True)
class Counted:
    """A group in one year, households. Increase and decrease are gross: nobody is set against anybody."""

    opening: int
    closing: int
    came: dict[str, int]
    left: dict[str, int]

    @property
    def increase(self) -> int:
        """Who is in the group this year and was not the year before."""
        return sum(self.came.values())

    @property
    def decrease(self) -> int:
        """Who was in the group the year before and is not this year."""
        return sum(self.left.values())

    @property
    def net(self) -> int:
        """Closing − opening."""
        return self.closing - self.opening

    @property
    def holds(self) -> bool:
        """Whether opening + increase − decrease = closing."""
        return self.opening + self.increase - self.decrease == self.closing


def review_days(year: int, ends_on: date | None = None) -> tuple[date, date]:
    """First and last day of the review of a year; a review may end before the year does. Raises Refused."""
    last = ends_on or date(year, 12, 31)
    if last.year != year:
        raise Refused(f"Ngày chốt rà soát phải trong năm {year}. Sửa lại ngày.", "ends_on")
    return date(year, 1, 1), last
