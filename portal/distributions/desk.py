"""What of the lists waits: for an approver, for whoever built them; and what is open when a period is closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Select, func, or_, select

from portal.distributions.lists import HOUSEHOLDS, MONEY
from portal.distributions.models import Distribution
from portal.distributions.rules import APPROVED, DECIDED, LOCKED, RELEASED
from portal.kit.access import ACCOUNTANT, APPROVER, RECORDER
from portal.kit.db import db
from portal.kit.money import format_amount
from portal.ledger.closing import OpenItem, still_open
from portal.ledger.waiting import Waiting, ask, waits
from portal.ledger.work import TODAY, WEEK, Work
from portal.people.models import User
from portal.people.queries import units_for


@still_open
def lists_under_way(unit_id: int, fund_id: int, through: date) -> Iterator[OpenItem]:
    """Lists of the period whose goods and money are on their way, but not yet signed for."""
    rows = select(func.count(Distribution.id), func.coalesce(func.sum(HOUSEHOLDS), 0)).where(
        Distribution.unit_id == unit_id,
        Distribution.fund_id == fund_id,
        Distribution.state == RELEASED,
        Distribution.handed_on <= through,
    )
    count, households = db.session.execute(rows).one()
    if count:
        note = f"{format_amount(int(households))} hộ; khóa danh sách trước thì tiền, hàng đã trao nằm đúng kỳ"
        yield OpenItem(
            count,
            "Danh sách trao quà đang trao, chưa khóa",
            note,
            "distributions.index",
            {"tinh_trang": RELEASED},
        )


def _told(when: int, state: str, name: str, badge: str, verb: str) -> Any:
    """How lists in one state are worded."""

    def told(waiting: Waiting) -> Work:
        only = waiting.count == 1
        return Work(
            when,
            waiting.count,
            name,
            waiting.name if only else f"{format_amount(waiting.amount)} đ",
            badge,
            "warn",
            verb,
            "distributions.show" if only else "distributions.index",
            {"list_id": waiting.first} if only else {"tinh_trang": state},
        )

    return told


@waits(
    "distributions.approve",
    _told(TODAY, DECIDED, "Danh sách trao quà chờ duyệt", "Chờ duyệt", "Xem và duyệt"),
)
def to_approve(user: User) -> Select[Any]:
    """Lists of others that this person may approve."""
    others = or_(Distribution.prepared_by_id.is_(None), Distribution.prepared_by_id != user.id)
    locked = or_(Distribution.locked_by_id.is_(None), Distribution.locked_by_id != user.id)
    mine = Distribution.unit_id.in_(units_for(user, APPROVER))
    return ask(Distribution.id, MONEY, name=Distribution.name).where(
        mine, Distribution.state == DECIDED, others, locked
    )


@waits(
    "distributions.release",
    _told(TODAY, APPROVED, "Danh sách đã duyệt, chờ giao tiền, hàng", "Chờ giao", "Giao"),
)
def to_release(user: User) -> Select[Any]:
    """Approved lists whose money and goods are still with the unit."""
    mine = Distribution.unit_id.in_(units_for(user, ACCOUNTANT, RECORDER))
    return ask(Distribution.id, MONEY, name=Distribution.name).where(mine, Distribution.state == APPROVED)


@waits(
    "distributions.decide", _told(WEEK, LOCKED, "Danh sách đã chốt, chưa soạn quyết định", "Đã chốt", "Soạn")
)
def to_decide(user: User) -> Select[Any]:
    """Locked lists of this person without a draft of their decision."""
    mine = or_(Distribution.prepared_by_id == user.id, Distribution.locked_by_id == user.id)
    return ask(Distribution.id, MONEY, name=Distribution.name).where(
        mine, Distribution.state == LOCKED, Distribution.decision_id.is_(None)
    )
