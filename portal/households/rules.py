"""Pure rules of poverty reviews (rà soát hộ nghèo)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.kit.days import Period
from portal.kit.errors import Refused
from portal.kit.money import format_amount

IDENTITY = ("unit_id", "standard", "starts_on", "ends_on", "group_id", "breakdown")
POOR, NEAR_POOR = "poor", "near_poor"


@dataclass(frozen=True)
class ReviewRow:
    """One review as brought in. Counts are households; None = not given, ABSENT = there is no such column."""

    unit_id: int
    standard: str
    starts_on: date
    ends_on: date
    group: str  # the group's Vietnamese name
    breakdown: Any = ""
    opening: Any = None
    increase: Any = None
    decrease: Any = None
    closing: Any = None
    households_opening: Any = None
    households_closing: Any = None


def check_review(values: dict[str, Any]) -> None:
    """Opening + increase − decrease = closing where all four are given; no group exceeds all households.

    A decrease above the opening is legal (households that came and went within the period). Raises Refused.
    """
    if values["ends_on"] < values["starts_on"]:
        Period(values["starts_on"], values["ends_on"])
    opening, increase, decrease, closing = (
        values[name] for name in ("opening", "increase", "decrease", "closing")
    )
    if None not in (opening, increase, decrease, closing) and opening + increase - decrease != closing:
        raise Refused(
            f"Đầu kỳ {format_amount(opening)} + tăng {format_amount(increase)} "
            f"− giảm {format_amount(decrease)} bằng {format_amount(opening + increase - decrease)}, "
            f"không phải {format_amount(closing)}. "
            "Sửa lại một trong bốn số theo biên bản rà soát.",
            "closing",
        )
    for part, whole, when in (
        (opening, values["households_opening"], "đầu kỳ"),
        (closing, values["households_closing"], "cuối kỳ"),
    ):
        if part is not None and whole is not None and part > whole:
            raise Refused(
                f"Số hộ {when} {format_amount(part)} nhiều hơn tổng số hộ {format_amount(whole)}. "
                "Sửa lại một trong hai số.",
                "households_opening" if when == "đầu kỳ" else "households_closing",
            )
