"""Pure rules of campaigns: what a code may look like, which days make sense, who may still give."""

from __future__ import annotations

import re
from datetime import date

from portal.kit.days import format_day
from portal.kit.errors import Refused

CODE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38}[A-Za-z0-9])?")
UNDER_WAY, COMING, ENDED = "under_way", "coming", "ended"
STATES = {UNDER_WAY: "Đang diễn ra", COMING: "Sắp diễn ra", ENDED: "Đã kết thúc"}
REGULAR = "Ủng hộ thường xuyên (không theo đợt)"
ENDS_SOON_DAYS = 7


def check_code(code: str) -> str:
    """The code of a campaign, which stands in addresses and on papers. Raises Refused."""
    if not CODE.fullmatch(code):
        raise Refused(
            f"Mã “{code[:40]}” có dấu, khoảng trắng hoặc ký tự khác. "
            "Chỉ dùng chữ không dấu, chữ số và dấu gạch ngang, ví dụ CAODIEM-2026.",
            "code",
        )
    return code


def check_days(starts_on: date, ends_on: date | None) -> None:
    """A campaign ends on or after its first day. Raises Refused."""
    if ends_on is not None and ends_on < starts_on:
        raise Refused(
            f"Ngày kết thúc {format_day(ends_on)} trước ngày bắt đầu {format_day(starts_on)}. "
            "Sửa lại một trong hai ngày.",
            "ends_on",
        )


def is_late(day: date, ends_on: date | None) -> bool:
    """Whether a day lies after the committed end, when nothing is received (Nghị định 93/2021/NĐ-CP)."""
    return ends_on is not None and day > ends_on


def check_late(name: str, ends_on: date | None, day: date, *, confirmed: bool) -> None:
    """A gift after the committed end is recorded, and flagged, once a person has said that it is meant. Raises Refused."""
    if is_late(day, ends_on) and not confirmed:
        raise Refused(
            f"Đợt “{name}” đã kết thúc ngày {format_day(ends_on)}, khoản này nhận ngày {format_day(day)}. "
            "Nếu đúng thì đánh dấu “Vẫn ghi vào đợt đã kết thúc”; nếu không thì chọn đợt khác hoặc sửa ngày.",
            "campaign_id",
        )


def state_of(starts_on: date, ends_on: date | None, today: date) -> str:
    """UNDER_WAY, COMING or ENDED on `today`."""
    if today < starts_on:
        return COMING
    return ENDED if is_late(today, ends_on) else UNDER_WAY
