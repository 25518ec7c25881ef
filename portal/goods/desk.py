"""What of the stores waits: for a person, and when a period is closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from portal.goods import queries
from portal.goods.models import Lot, StockCount, Store
from portal.kit.access import ACCOUNTANT, APPROVER
from portal.kit.db import db
from portal.ledger.closing import OpenItem, still_open
from portal.ledger.waiting import Waiting, ask, waits
from portal.ledger.work import TODAY, WEEK, Work
from portal.people.models import User
from portal.people.queries import units_for


@still_open
def counts(unit_id: int, fund_id: int, through: date) -> Iterator[OpenItem]:
    """Counts of the period that nobody has decided."""
    rows = select(func.count()).select_from(StockCount).join(StockCount.store)
    rows = rows.where(
        Store.unit_id == unit_id,
        Store.fund_id == fund_id,
        StockCount.counted_on <= through,
        StockCount.approved.is_(None),
    )
    if count := db.session.scalar(rows) or 0:
        note = "Khóa trước khi duyệt thì chênh lệch tính vào kỳ sau."
        yield OpenItem(count, "Biên bản kiểm kê kho chưa duyệt", note, "goods.counts")


def _to_decide(waiting: Waiting) -> Work:
    only = waiting.count == 1
    where: tuple[str, dict[str, Any]] = ("goods.count", {"count_id": waiting.first})
    return Work(
        TODAY,
        waiting.count,
        "Kiểm kê kho chờ duyệt",
        waiting.name if only else "Mở danh sách để chọn",
        "Chờ duyệt",
        "warn",
        "Xem và trả lời",
        *(where if only else ("goods.counts", {})),
    )


@waits("goods.count", _to_decide)
def to_decide(user: User) -> Select[Any]:
    """Counts by others that this person may approve."""
    rows = ask(StockCount.id, name=Store.name).join(StockCount.store)
    mine = Store.unit_id.in_(units_for(user, APPROVER, ACCOUNTANT))
    return rows.where(mine, StockCount.approved.is_(None), StockCount.requested_by_id != user.id)


def _expiring(waiting: Waiting) -> Work:
    note = waiting.name if waiting.count == 1 else "Phát hoặc chuyển trước khi hết hạn"
    return Work(
        WEEK,
        waiting.count,
        "Lô hàng sắp hết hạn",
        note,
        "Sắp hết hạn",
        "warn",
        "Xem các lô",
        "goods.expiring",
    )


@waits("goods.expiring", _expiring)
def expiring(user: User) -> Select[Any]:
    """Lots in the person's stores that expire soon."""
    lots = queries.expiring(user).with_only_columns(Lot.id.label("id"), maintain_column_froms=True)
    found = lots.order_by(None).subquery()
    return ask(found.c.id).select_from(found)
