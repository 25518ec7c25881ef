"""What of the advances waits: for a person, and when a period is closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select

from portal.advances import queries, rules
from portal.advances.lists import OPEN, WAITING
from portal.advances.models import PutAside, Settlement
from portal.kit.access import ACCOUNTANT, APPROVER, RECORDER
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.money import format_amount
from portal.ledger.closing import OpenItem, still_open
from portal.ledger.models import Posting
from portal.ledger.waiting import Waiting, ask, waits
from portal.ledger.work import OVERDUE, TODAY, WEEK, Work
from portal.people.models import User
from portal.people.queries import units_for
from portal.spending.models import Voucher
from portal.spending.rules import ADVANCE, PAID


@still_open
def advances(unit_id: int, fund_id: int, through: date) -> Iterator[OpenItem]:
    """Advances of the period that are not settled, and money kept for absent people."""
    left = queries.given() - queries.settled()
    rows = select(func.count(Voucher.id), func.coalesce(func.sum(left), 0)).join(
        Posting, Posting.number == Voucher.posting_number
    )
    rows = rows.where(
        Voucher.unit_id == unit_id,
        Voucher.fund_id == fund_id,
        Voucher.what == ADVANCE,
        Voucher.state == PAID,
        Posting.booked_on <= through,
        left > 0,
    )
    count, money = db.session.execute(rows).one()
    if count:
        yield OpenItem(count, "Tạm ứng chưa thanh toán", f"{format_amount(int(money))} đ", "advances.index")
    kept = select(func.count(PutAside.id), func.coalesce(func.sum(PutAside.amount), 0)).where(
        PutAside.unit_id == unit_id,
        PutAside.fund_id == fund_id,
        PutAside.ended.is_(None),
        PutAside.void.is_(False),
        PutAside.since <= through,
    )
    count, money = db.session.execute(kept).one()
    if count:
        yield OpenItem(
            count, "Tiền giữ cho người vắng", f"{format_amount(int(money))} đ", "advances.put_aside"
        )


def _to_answer(waiting: Waiting) -> Work:
    return Work(
        TODAY,
        waiting.count,
        "Thanh toán tạm ứng chờ duyệt",
        f"{format_amount(waiting.amount)} đ" if waiting.amount else "",
        "Chờ duyệt",
        "warn",
        "Xem và duyệt",
        "advances.show" if waiting.count == 1 else "advances.index",
        {"voucher_id": waiting.first} if waiting.count == 1 else {},
    )


@waits("advances.settlement", _to_answer)
def settlements_to_answer(user: User) -> Select[Any]:
    """Settlements of others that this person may approve; the id is that of the advance."""
    others = or_(Settlement.prepared_by_id.is_(None), Settlement.prepared_by_id != user.id)
    mine = Voucher.unit_id.in_(units_for(user, APPROVER)) & (Voucher.officer_id != user.id)
    rows = ask(Settlement.voucher_id).join(Voucher, Voucher.id == Settlement.voucher_id)
    return rows.where(mine, others, Settlement.approved.is_(None))


def _overdue(waiting: Waiting) -> Work:
    return Work(
        OVERDUE,
        waiting.count,
        "Tạm ứng quá hạn thanh toán",
        f"{format_amount(waiting.amount)} đ chưa thanh toán",
        "Quá hạn",
        "bad",
        "Thanh toán",
        "advances.show" if waiting.count == 1 else "advances.index",
        {"voucher_id": waiting.first} if waiting.count == 1 else {},
    )


@waits("advances.overdue", _overdue)
def overdue(user: User) -> Select[Any]:
    """Advances past their day: one's own, and those of the units where one keeps the accounts."""
    left = queries.given() - queries.settled()
    mine = or_(Voucher.officer_id == user.id, Voucher.unit_id.in_(units_for(user, ACCOUNTANT)))
    return ask(Voucher.id, left).where(
        mine,
        Voucher.what == ADVANCE,
        Voucher.state == PAID,
        Voucher.settle_by < today_in_vietnam(),
        left > 0,
    )


def _kept(state: str, group: int, name: str, badge: str, verb: str) -> Any:
    """How money put aside is worded."""

    def told(waiting: Waiting) -> Work:
        only = waiting.count == 1
        return Work(
            group,
            waiting.count,
            name,
            f"{format_amount(waiting.amount)} đ",
            badge,
            "warn" if group == TODAY else "neutral",
            verb,
            "advances.item" if only else "advances.put_aside",
            {"item_id": waiting.first} if only else {"tinh_trang": state},
        )

    return told


@waits("advances.end", _kept(WAITING, TODAY, "Tiền giữ hộ chờ duyệt", "Chờ duyệt", "Xem và trả lời"))
def ends_to_answer(user: User) -> Select[Any]:
    """Requests of others to end money put aside."""
    mine = PutAside.unit_id.in_(units_for(user, APPROVER)) & (PutAside.asked_by_id != user.id)
    return ask(PutAside.id, PutAside.amount).where(mine, queries.is_waiting(), PutAside.void.is_(False))


@waits("advances.kept", _kept(OPEN, WEEK, "Tiền giữ cho người vắng đã lâu", "Chưa trao", "Xem danh sách"))
def kept_long(user: User) -> Select[Any]:
    """Money that has been kept for longer than `rules.KEPT_LONG` days."""
    since = today_in_vietnam() - timedelta(days=rules.KEPT_LONG)
    mine = PutAside.unit_id.in_(units_for(user, ACCOUNTANT, RECORDER))
    return ask(PutAside.id, PutAside.amount).where(
        mine,
        PutAside.ended.is_(None),
        PutAside.void.is_(False),
        PutAside.since <= since,
        ~queries.is_waiting(),
    )
