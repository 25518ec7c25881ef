"""What of the spending waits: for a person, and when a period is closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select

from portal.kit.access import ACCOUNTANT, APPROVER
from portal.kit.db import db, now
from portal.kit.money import format_amount
from portal.ledger.closing import OpenItem, still_open
from portal.ledger.waiting import Waiting, ask, waits
from portal.ledger.work import TODAY, WEEK, Work
from portal.people.models import User
from portal.people.queries import units_for
from portal.spending.models import Decision, Voucher
from portal.spending.queries_vouchers import amount
from portal.spending.rules import APPROVED, DRAFT, PREPARED, REFUSED

SHOWN_FOR = timedelta(days=7)  # how long a refusal stands on the start page of its maker


@still_open
def vouchers(unit_id: int, fund_id: int, through: date) -> Iterator[OpenItem]:
    """Vouchers on decisions of the period that are not paid: their money would leave in the next one."""
    for state, name in ((PREPARED, "Phiếu chi chờ duyệt"), (APPROVED, "Phiếu chi đã duyệt, chưa chi")):
        rows = select(func.count(Voucher.id), func.coalesce(func.sum(amount()), 0)).join(
            Decision, Decision.id == Voucher.decision_id
        )
        rows = rows.where(
            Voucher.unit_id == unit_id,
            Voucher.fund_id == fund_id,
            Voucher.state == state,
            Decision.decided_on <= through,
        )
        count, money = db.session.execute(rows).one()
        if count:
            note = f"{format_amount(int(money))} đ; chi sau khi khóa thì tính vào kỳ sau"
            yield OpenItem(count, name, note, "spending.vouchers", {"tinh_trang": state})


def _of_vouchers(state: str, name: str, badge: str, verb: str) -> Any:
    """How vouchers in one state are worded."""

    def told(waiting: Waiting) -> Work:
        only = waiting.count == 1
        return Work(
            TODAY,
            waiting.count,
            name,
            f"{format_amount(waiting.amount)} đ",
            badge,
            "warn",
            verb,
            "spending.voucher" if only else "spending.vouchers",
            {"voucher_id": waiting.first} if only else {"tinh_trang": state},
        )

    return told


@waits("spending.approve", _of_vouchers(PREPARED, "Phiếu chi chờ duyệt", "Chờ duyệt", "Xem và duyệt"))
def to_approve(user: User) -> Select[Any]:
    """Vouchers of others that this person may approve."""
    others = or_(Voucher.prepared_by_id.is_(None), Voucher.prepared_by_id != user.id)
    mine = Voucher.unit_id.in_(units_for(user, APPROVER))
    return ask(Voucher.id, amount()).where(mine, Voucher.state == PREPARED, others)


@waits("spending.pay", _of_vouchers(APPROVED, "Phiếu đã duyệt, chờ chi", "Chờ chi", "Ghi chi"))
def to_pay(user: User) -> Select[Any]:
    """Approved vouchers whose money this person hands out: the unit's box and accounts, or their own hand."""
    box = Voucher.holder_id.is_(None) & Voucher.unit_id.in_(units_for(user, ACCOUNTANT))
    own = or_(box, Voucher.holder_id == user.id)
    return ask(Voucher.id, amount()).where(own, Voucher.state == APPROVED, Voucher.approved_by_id != user.id)


@waits("spending.refused", _of_vouchers(REFUSED, "Phiếu chi không được duyệt", "Không duyệt", "Xem lý do"))
def refused_lately(user: User) -> Select[Any]:
    """Vouchers that this person has prepared and that were refused in the last days."""
    since = now() - SHOWN_FOR
    return ask(Voucher.id, amount()).where(
        Voucher.prepared_by_id == user.id, Voucher.state == REFUSED, Voucher.approved_at >= since
    )


def _to_issue(waiting: Waiting) -> Work:
    only = waiting.count == 1
    return Work(
        WEEK,
        waiting.count,
        "Văn bản hỗ trợ chờ ban hành",
        waiting.name if only else "",
        "Bản nháp",
        "neutral",
        "Xem và ban hành",
        "spending.decision" if only else "spending.decisions",
        {"decision_id": waiting.first} if only else {"tinh_trang": DRAFT},
    )


@waits("spending.issue", _to_issue)
def to_issue(user: User) -> Select[Any]:
    """Drafts of others that this person may put into force."""
    others = or_(Decision.prepared_by_id.is_(None), Decision.prepared_by_id != user.id)
    mine = Decision.unit_id.in_(units_for(user, APPROVER))
    return ask(Decision.id, name=Decision.subject).where(mine, Decision.state == DRAFT, others)
