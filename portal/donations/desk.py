"""What of the gifts waits: for a person, and when a period is closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from portal.donations.models import Donation, ReclassificationRequest, Refund
from portal.donations.queries import is_pending
from portal.kit.access import ACCOUNTANT, APPROVER, RECORDER
from portal.kit.db import db
from portal.kit.money import format_amount
from portal.ledger.closing import OpenItem, still_open
from portal.ledger.models import Posting
from portal.ledger.waiting import Waiting, ask, waits
from portal.ledger.work import TODAY, WEEK, Work
from portal.people.models import User
from portal.people.queries import units_for

MOVE, BACK, WAITS = "chuyen-dot", "hoan-tra", {"tinh_trang": "cho"}
PENDING = {"tinh_trang": "pending"}


@still_open
def requests(unit_id: int, fund_id: int, through: date) -> Iterator[OpenItem]:
    """Requests about gifts of the period that nobody has answered."""
    for model, name, what in (
        (ReclassificationRequest, "Đề nghị chuyển đợt chưa trả lời", MOVE),
        (Refund, "Đề nghị hoàn trả chưa trả lời", BACK),
    ):
        rows = select(func.count()).select_from(model).join(model.donation).join(Donation.posting)
        rows = rows.where(model.approved.is_(None), *_of(unit_id, fund_id, through))
        if count := db.session.scalar(rows) or 0:
            note = "Khóa trước khi trả lời thì chứng từ tính vào kỳ sau."
            yield OpenItem(count, name, note, "donations.requests", {"what": what, **WAITS})


@still_open
def pending(unit_id: int, fund_id: int, through: date) -> Iterator[OpenItem]:
    """Gifts whose donor is still to be found."""
    rows = select(func.count()).select_from(Donation).join(Donation.posting)
    rows = rows.where(is_pending(), Donation.part_of.is_(None), *_of(unit_id, fund_id, through))
    if count := db.session.scalar(rows) or 0:
        note = "Tiền đã vào sổ, tên ghi sau được"
        yield OpenItem(count, "Khoản chờ xác định người ủng hộ", note, "donations.index", PENDING)


def _of(unit_id: int, fund_id: int, through: date) -> tuple[Any, ...]:
    return Posting.unit_id == unit_id, Posting.fund_id == fund_id, Posting.booked_on <= through


def _asked(waiting: Waiting, name: str, what: str) -> Work:
    only, note = waiting.count == 1, f"{format_amount(waiting.amount)} đ" if waiting.amount else ""
    where: dict[str, Any] = {"what": what, **({"request_id": waiting.first} if only else WAITS)}
    endpoint = "donations.show_request" if only else "donations.requests"
    return Work(TODAY, waiting.count, name, note, "Chờ duyệt", "warn", "Xem và trả lời", endpoint, where)


@waits("donations.move", lambda waiting: _asked(waiting, "Đề nghị chuyển đợt chờ duyệt", MOVE))
def moves_to_decide(user: User) -> Select[Any]:
    """Requests to count a gift in another campaign, by others, that this person may answer."""
    rows = ask(ReclassificationRequest.id).join(ReclassificationRequest.donation)
    return rows.where(*_to_decide(ReclassificationRequest, user))


@waits("donations.refund", lambda waiting: _asked(waiting, "Đề nghị hoàn trả chờ duyệt", BACK))
def refunds_to_decide(user: User) -> Select[Any]:
    """Requests to give money back, by others, that this person may answer."""
    return ask(Refund.id, Refund.amount).join(Refund.donation).where(*_to_decide(Refund, user))


def _to_decide(model: Any, user: User) -> tuple[Any, ...]:
    mine = Donation.unit_id.in_(units_for(user, APPROVER))
    return mine, model.approved.is_(None), model.requested_by_id != user.id


def _unknown(waiting: Waiting) -> Work:
    note = f"{format_amount(waiting.amount)} đ đã vào sổ, chưa có tên"
    name = "Khoản chờ xác định người ủng hộ"
    return Work(
        WEEK,
        waiting.count,
        name,
        note,
        "Chờ xác định",
        "neutral",
        "Tìm người ủng hộ",
        "donations.index",
        PENDING,
    )


@waits("donations.pending", _unknown)
def donors_to_find(user: User) -> Select[Any]:
    """Gifts of this person's units whose donor is still to be found."""
    mine = Donation.unit_id.in_(units_for(user, RECORDER, ACCOUNTANT))
    return ask(Donation.id, Donation.amount).where(mine, is_pending(), Donation.part_of.is_(None))
