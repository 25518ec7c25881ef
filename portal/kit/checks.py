"""Checks that rules of several rooms share: a text that must be there, a day that has come, one thing after another."""

from __future__ import annotations

from datetime import date

from portal.kit.days import format_day
from portal.kit.errors import Refused
from portal.kit.vietnamese import nfc


def check_text(text: str | None, field: str, what: str, longest: int = 500) -> str:
    """A text that must be there. Raises Refused at `field`; `what`: "lý do", "người đề nghị"."""
    said = nfc(text)
    if not said:
        raise Refused(f"Chưa ghi {what}. Ghi rồi gửi lại.", field)
    if len(said) > longest:
        raise Refused(f"Đang dài {len(said)} ký tự, nhiều nhất là {longest}. Viết ngắn lại.", field)
    return said


def check_past(day: date, today: date, field: str) -> None:
    """What has happened lies not in the future. Raises Refused."""
    if day > today:
        raise Refused(f"Ngày {format_day(day)} chưa tới. Ghi ngày đã làm, muộn nhất là hôm nay.", field)


def check_not_before(day: date, first: date | None, what: str, field: str) -> None:
    """One thing comes after another (None = there is none): `what` names the earlier one. Raises Refused."""
    if first is not None and day < first:
        raise Refused(f"Ngày này trước {what} ({format_day(first)}). Sửa lại ngày.", field)
