"""The year that a calendar of statements shows: up to yesterday, for the present day is not over. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from portal.kit.errors import Refused

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """A year with the days of it that are over; `years` are those that can be chosen, newest first."""

    year: int
    first: date
    last: date
    years: list[int]


def period_of(text: str, *, began: date | None, today: date) -> Period:
    """The year of an address ("" = the one of yesterday). Raises Refused (nam)."""
    newest = (today - DAY).year
    oldest = min(began.year if began else newest, newest)
    if text and not (text.isascii() and text.isdecimal() and len(text) == 4):
        raise Refused(f"“{text[:20]}” không phải là một năm. Gõ năm bằng bốn chữ số, ví dụ {newest}.", "nam")
    year = int(text) if text else newest
    if not oldest <= year <= newest:
        raise Refused(f"Sao kê có từ năm {oldest} đến năm {newest}. Chọn một năm trong khoảng đó.", "nam")
    return Period(
        year, date(year, 1, 1), min(date(year, 12, 31), today - DAY), list(range(newest, oldest - 1, -1))
    )
