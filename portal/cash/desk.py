"""What of the cash waits: for a person, and when a period is closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from portal.cash.models import CashCount, CashHandover
from portal.cash.queries import in_hand
from portal.kit.days import format_day
from portal.kit.db import db
from portal.kit.money import format_amount
from portal.ledger.closing import OpenItem, still_open
from portal.ledger.waiting import Waiting, ask, waits
from portal.ledger.work import TODAY, Work
from portal.people.models import User


@still_open
def handovers(unit_id: int, fund_id: int, through: date) -> Iterator[OpenItem]:
    """Cash that one person has given and the other has not confirmed."""
    slips = select(func.count(), func.coalesce(func.sum(CashHandover.amount), 0)).where(
        CashHandover.unit_id == unit_id, CashHandover.fund_id == fund_id, CashHandover.accepted.is_(None)
    )
    count, amount = db.session.execute(slips).one()
    if count:
        note = f"{format_amount(int(amount))} đ đã giao, người nhận chưa xác nhận"
        yield OpenItem(count, "Phiếu giao nhận tiền", note, "cash.slips", {"tinh_trang": "on_the_way"})


@still_open
def counts(unit_id: int, fund_id: int, through: date) -> Iterator[OpenItem]:
    """A box with money that was not counted on or after the last day, or whose last count did not agree."""
    if not in_hand(unit_id, fund_id, None):
        return
    last = select(CashCount).where(
        CashCount.unit_id == unit_id, CashCount.fund_id == fund_id, CashCount.holder_id.is_(None)
    )
    found = db.session.scalar(last.order_by(CashCount.id.desc()).limit(1))
    if found is None or found.counted_on < through:
        note = f"Kiểm lần cuối ngày {format_day(found.counted_on)}" if found else "Chưa kiểm lần nào"
        yield OpenItem(1, "Chưa kiểm quỹ tiền mặt", note, "cash.new_count")
    elif found.total != found.in_books:
        note = f"Lệch {format_amount(abs(found.total - found.in_books))} đ so với sổ"
        yield OpenItem(1, "Lần kiểm quỹ cuối không khớp", note, "cash.count", {"count_id": found.id})


def _handover(waiting: Waiting) -> Work:
    only = waiting.count == 1
    return Work(
        TODAY,
        waiting.count,
        "Tiền mặt giao cho tôi, chờ xác nhận",
        f"{format_amount(waiting.amount)} đ",
        "Chờ xác nhận",
        "warn",
        "Xem và xác nhận",
        "cash.slip" if only else "cash.slips",
        {"slip_id": waiting.first} if only else {"tinh_trang": "on_the_way"},
    )


@waits("cash.handover", _handover)
def handed_to_me(user: User) -> Select[Any]:
    """Cash that was given to this person and that they have not confirmed."""
    return ask(CashHandover.id, CashHandover.amount).where(
        CashHandover.receiver_id == user.id, CashHandover.accepted.is_(None)
    )
