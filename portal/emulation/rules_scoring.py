"""Pure rules of scoring: the steps of a sheet, points, totals, classes, ranks.

Points are whole hundredths. None = nobody has scored ("chưa chấm"); 0 is a score, and never looks the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from portal.kit.days import format_day
from portal.kit.errors import Refused
from portal.kit.vietnamese import nfc

SELF, COMMUNE, PROVINCE, COUNCIL, DONE = "self", "commune", "province", "council", "done"
STEPS = {SELF: "Tự chấm", COMMUNE: "Cấp xã", PROVINCE: "Cấp tỉnh", COUNCIL: "Hội đồng"}
STATES = {
    SELF: "Đang tự chấm",
    COMMUNE: "Chờ cấp xã",
    PROVINCE: "Chờ cấp tỉnh",
    COUNCIL: "Chờ hội đồng",
    DONE: "Đã chấm xong",
}
BADGES: dict[str, str | None] = {
    SELF: "neutral",
    COMMUNE: "warn",
    PROVINCE: "warn",
    COUNCIL: "warn",
    DONE: None,
}
NOT_SCORED = "chưa chấm"
UNIT_OF_POINTS = 100
MOST_POINTS = 100_000  # hundredths: 1.000 points for one criterion
_POINTS = re.compile(r"(\d{1,4})(?:[.,](\d{1,2}))?", re.A)

Key = TypeVar("Key")


@dataclass(frozen=True)
class Mark:
    """What one step gives for one criterion, hundredths; None = not scored."""

    points: int | None = None
    bonus: int | None = None


@dataclass(frozen=True)
class Limit:
    """The most that a criterion gives, hundredths."""

    points: int
    bonus: int = 0


@dataclass(frozen=True)
class Total:
    """A sheet at one step: hundredths, and of how many criteria some have a score."""

    points: int
    bonus: int
    scored: int
    of: int

    @property
    def sum(self) -> int:
        """With bonus."""
        return self.points + self.bonus

    @property
    def open(self) -> int:
        """Criteria that nobody has scored."""
        return self.of - self.scored

    @property
    def shown(self) -> int | None:
        """The sum, or None while nothing at all is scored."""
        return self.sum if self.scored else None


def steps_for(judged_by_commune: bool) -> tuple[str, ...]:
    """The steps of a sheet: without the province where a commune itself holds the year."""
    return (SELF, COMMUNE, COUNCIL) if judged_by_commune else (SELF, COMMUNE, PROVINCE, COUNCIL)


def parse_points(text: str | None, field: str) -> int | None:
    """ "9,5" → 950; blank = not scored. Raises Refused."""
    typed = nfc(text)
    if not typed or typed.casefold() == NOT_SCORED:
        return None
    match = _POINTS.fullmatch(typed)
    if match is None:
        raise Refused(f"“{typed[:20]}” không phải số điểm. Gõ như 9 hoặc 9,5; để trống là chưa chấm.", field)
    return int(match[1]) * UNIT_OF_POINTS + int((match[2] or "").ljust(2, "0"))


def format_points(value: int | None) -> str:
    """950 → "9,5"; 0 → "0"; None → "chưa chấm"."""
    if value is None:
        return NOT_SCORED
    whole, rest = divmod(value, UNIT_OF_POINTS)
    shown = f"{whole:,}".replace(",", ".")
    return f"{shown},{rest:02d}".rstrip("0") if rest else shown


def typed_points(value: int | None) -> str:
    """As it stands in its field: blank when nobody has scored."""
    return "" if value is None else format_points(value).replace(".", "")


def check_mark(mark: Mark, limit: Limit, *, points_field: str, bonus_field: str) -> None:
    """No more than the criterion gives. Raises Refused at the field."""
    if mark.points is not None and mark.points > limit.points:
        raise Refused(
            f"{format_points(mark.points)} cao hơn điểm chuẩn {format_points(limit.points)}. Sửa lại điểm.",
            points_field,
        )
    if mark.bonus and not limit.bonus:
        raise Refused("Tiêu chí này không có điểm thưởng. Để trống ô điểm thưởng.", bonus_field)
    if mark.bonus is not None and mark.bonus > limit.bonus:
        raise Refused(
            f"Thưởng {format_points(mark.bonus)} cao hơn mức {format_points(limit.bonus)}. Sửa lại điểm thưởng.",
            bonus_field,
        )


def total_of(keys: Iterable[Key], marks: Mapping[Key, Mark]) -> Total:
    """What the marks of these criteria come to."""
    wanted = list(keys)
    found = [marks.get(key, Mark()) for key in wanted]
    return Total(
        points=sum(mark.points or 0 for mark in found),
        bonus=sum(mark.bonus or 0 for mark in found),
        scored=sum(mark.points is not None for mark in found),
        of=len(wanted),
    )


def class_of(total: int, thresholds: Mapping[str, int]) -> str | None:
    """The class with the highest threshold that `total` reaches; None below all of them."""
    reached = [(least, name) for name, least in thresholds.items() if total >= least]
    return max(reached)[1] if reached else None


def ranks(totals: Mapping[Key, int]) -> dict[Key, int]:
    """Places by total, the highest first: 1, 2, 2, 4. Ties share a place."""
    ordered = sorted(totals.values(), reverse=True)
    first: dict[int, int] = {}
    for place, total in enumerate(ordered, start=1):
        first.setdefault(total, place)
    return {key: first[total] for key, total in totals.items()}


def next_step(steps: Sequence[str], here: str) -> str:
    """Where a sheet goes when it is handed on from `here`."""
    at = steps.index(here)
    return steps[at + 1] if at + 1 < len(steps) else DONE


def earlier(steps: Sequence[str], here: str) -> tuple[str, ...]:
    """The steps to which a sheet may be returned from `here`."""
    return tuple(steps) if here == DONE else tuple(steps[: steps.index(here)])


def check_return(steps: Sequence[str], here: str, to: str | None) -> str:
    """A return names an earlier step. Raises Refused (to_step)."""
    if to not in earlier(steps, here):
        raise Refused("Chưa chọn trả về bước nào. Chọn một bước trước bước này.", "to_step")
    return to  # type: ignore[return-value]


def is_late(first_on: date | None, due_on: date | None) -> bool:
    """Whether the first score came after the deadline."""
    return first_on is not None and due_on is not None and first_on > due_on


def check_complete(total: Total) -> None:
    """A sheet is handed on when every criterion is scored. Raises Refused."""
    if not total.of:
        raise Refused("Kỳ này chưa có tiêu chí nào. Nhờ đơn vị tổ chức ghi bảng tiêu chí trước.")
    if total.open:
        raise Refused(f"Còn {total.open} tiêu chí chưa chấm. Chấm đủ rồi chuyển; 0 điểm cũng là điểm.")


def late_text(code: str, due_on: date) -> str:
    """What is said of a criterion scored late without a reason."""
    return f"Tiêu chí {code} chấm sau hạn {format_day(due_on)}. Ghi lý do ở ô ghi chú rồi chuyển."
