"""What of the allocations waits: for a person on either side, and when a period is closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from portal.allocations.models import Allocation, AllocationDifference
from portal.allocations.queries import is_long
from portal.allocations.rules import LONG, OPEN
from portal.kit.access import ACCOUNTANT, APPROVER, RECORDER
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.money import format_amount
from portal.ledger.closing import OpenItem, still_open
from portal.ledger.waiting import Waiting, ask, waits
from portal.ledger.work import OVERDUE, TODAY, Work
from portal.people.models import User
from portal.people.queries import units_for
from portal.spending.models import Voucher
from portal.units.models import Unit


@still_open
def on_the_way(unit_id: int, fund_id: int, through: date) -> Iterator[OpenItem]:
    """Money of the period that has left for another unit, or for this one, and is not confirmed."""
    for side, name, note in (
        (Allocation.unit_id, "Phân bổ đi chưa được xác nhận", "còn tính trong số dư của đơn vị"),
        (Allocation.to_unit_id, "Phân bổ đến chưa xác nhận", "xác nhận sau khi khóa thì tính vào kỳ sau"),
    ):
        rows = select(func.count(), func.coalesce(func.sum(Allocation.left), 0)).where(
            side == unit_id,
            Allocation.fund_id == fund_id,
            Allocation.sent_on <= through,
            Allocation.state.in_(OPEN),
        )
        count, amount = db.session.execute(rows).one()
        if count:
            direction = "di" if side is Allocation.unit_id else "den"
            where = {"huong": direction, "tinh_trang": "dang_chuyen"}
            yield OpenItem(count, name, f"{format_amount(int(amount))} đ, {note}", "allocations.index", where)


@still_open
def differences(unit_id: int, fund_id: int, through: date) -> Iterator[OpenItem]:
    """Differences that nobody has decided: their document would fall into the next period."""
    rows = select(func.count(), func.min(Allocation.voucher_id)).select_from(AllocationDifference)
    rows = rows.join(AllocationDifference.allocation).where(
        Allocation.unit_id == unit_id,
        Allocation.fund_id == fund_id,
        Allocation.sent_on <= through,
        AllocationDifference.approved.is_(None),
    )
    count, first = db.session.execute(rows).one()
    if count:
        note = "Khóa trước khi duyệt thì chứng từ tính vào kỳ sau."
        yield OpenItem(
            count, "Chênh lệch phân bổ chưa duyệt", note, "allocations.show", {"voucher_id": first}
        )


def _target(waiting: Waiting, **args: str) -> tuple[str, dict[str, Any]]:
    only = waiting.count == 1
    return ("allocations.show", {"voucher_id": waiting.first}) if only else ("allocations.index", args)


def _to_confirm(waiting: Waiting) -> Work:
    only, note = waiting.count == 1, f"{format_amount(waiting.amount)} đ"
    if only:
        note = f"{note} từ {waiting.name}"
    where = _target(waiting, huong="den", tinh_trang="dang_chuyen")
    name = "Kinh phí được phân bổ, chờ xác nhận"
    return Work(TODAY, waiting.count, name, note, "Chờ xác nhận", "warn", "Xem và xác nhận", *where)


@waits("allocations.confirm", _to_confirm)
def to_confirm(user: User) -> Select[Any]:
    """Money on the way to the units in which this person writes, sent by somebody else."""
    rows = ask(Allocation.voucher_id, Allocation.left, Unit.name).join(Allocation.unit)
    rows = rows.join(Voucher, Voucher.id == Allocation.voucher_id)
    mine = Allocation.to_unit_id.in_(units_for(user, RECORDER, ACCOUNTANT))
    return rows.where(mine, Allocation.state.in_(OPEN), Voucher.paid_by_id != user.id)


def _long(waiting: Waiting) -> Work:
    only, note = waiting.count == 1, f"{format_amount(waiting.amount)} đ chưa được xác nhận"
    if only:
        note = f"{note}, gửi {waiting.name}"
    where = _target(waiting, huong="di", tinh_trang="qua_lau")
    name = f"Phân bổ đang chuyển quá {LONG.days} ngày"
    return Work(OVERDUE, waiting.count, name, note, "Quá lâu", "bad", "Xem và nhắc nơi nhận", *where)


@waits("allocations.long", _long)
def long_on_the_way(user: User) -> Select[Any]:
    """Money that this person's units sent long ago and nobody has confirmed."""
    rows = ask(Allocation.voucher_id, Allocation.left, Unit.name).join(Allocation.to_unit)
    return rows.where(
        Allocation.unit_id.in_(units_for(user, RECORDER, ACCOUNTANT)), is_long(today_in_vietnam())
    )


def _difference(waiting: Waiting) -> Work:
    note = f"{format_amount(waiting.amount)} đ"
    where = _target(waiting, huong="di", tinh_trang="cho_duyet")
    name = "Chênh lệch phân bổ chờ duyệt"
    return Work(TODAY, waiting.count, name, note, "Chờ duyệt", "warn", "Xem và trả lời", *where)


@waits("allocations.difference", _difference)
def differences_to_decide(user: User) -> Select[Any]:
    """Differences named by others that this person may decide."""
    rows = ask(Allocation.voucher_id, AllocationDifference.amount).join(Allocation.differences)
    mine = Allocation.unit_id.in_(units_for(user, APPROVER))
    return rows.where(
        mine, AllocationDifference.approved.is_(None), AllocationDifference.asked_by_id != user.id
    )
