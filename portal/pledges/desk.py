"""What of the pledges waits for a person: parts whose day has passed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select

from portal.kit.money import format_amount
from portal.ledger.waiting import Waiting, ask, waits
from portal.ledger.work import OVERDUE, Work
from portal.people.models import User
from portal.pledges import queries
from portal.pledges.rules import OVERDUE as LATE


def _late(waiting: Waiting) -> Work:
    only = waiting.count == 1
    note = (
        f"Còn {format_amount(waiting.amount)} đ chưa chuyển" if waiting.amount else "Hiện vật, nhà, ngày công"
    )
    return Work(
        OVERDUE,
        waiting.count,
        "Đăng ký ủng hộ quá hạn",
        note,
        "Quá hạn",
        "bad",
        "Xem và nhắc",
        "pledges.show" if only else "pledges.index",
        {"pledge_id": waiting.first} if only else {"tinh_trang": LATE},
    )


@waits("pledges.overdue", _late)
def late(user: User) -> Select[Any]:
    """Overdue parts of the units in which this person records."""
    parts = queries.overdue(user).subquery()
    return ask(parts.c.pledge_id, parts.c.money).select_from(parts)
