"""What of the batches waits: for a person, and when a period is closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from portal.batches.models import DraftEdit, GiftBatch
from portal.batches.queries import POSTERS, state
from portal.batches.rules import TYPING, WAITING
from portal.kit.db import db
from portal.ledger.closing import OpenItem, still_open
from portal.ledger.waiting import Waiting, ask, waits
from portal.ledger.work import TODAY, WEEK, Work
from portal.people.models import User
from portal.people.queries import units_for


@still_open
def unposted(unit_id: int, fund_id: int, through: date) -> Iterator[OpenItem]:
    """Batches of the period that are typed or handed in, but not posted."""
    rows = select(func.count()).select_from(GiftBatch)
    rows = rows.where(
        GiftBatch.unit_id == unit_id,
        GiftBatch.fund_id == fund_id,
        GiftBatch.day <= through,
        state().in_((TYPING, WAITING)),
    )
    if count := db.session.scalar(rows) or 0:
        note = "Ghi sổ, hoặc bỏ đợt nhập kèm lý do"
        yield OpenItem(count, "Đợt nhập chưa ghi sổ", note, "batches.index", blocking=True)


def _to_post(waiting: Waiting) -> Work:
    return _work(waiting, TODAY, "Đợt nhập chờ ghi sổ", "Chờ người thứ hai", "warn", "Xem và ghi sổ")


def _to_type(waiting: Waiting) -> Work:
    return _work(waiting, WEEK, "Đợt nhập của tôi chưa xong", "Đang nhập", "neutral", "Nhập tiếp")


def _work(waiting: Waiting, group: int, name: str, badge: str, kind: str, verb: str) -> Work:
    only = waiting.count == 1
    note = waiting.name if only else "Mở danh sách để chọn"
    where: tuple[str, dict[str, Any]] = ("batches.show", {"batch_id": waiting.first})
    return Work(
        group, waiting.count, name, note, badge, kind, verb, *(where if only else ("batches.index", {}))
    )


@waits("batches.post", _to_post)
def to_post(user: User) -> Select[Any]:
    """Batches that others have handed in and this person may post."""
    typed = select(DraftEdit.id).where(DraftEdit.batch_id == GiftBatch.id, DraftEdit.by_id == user.id)
    own = (
        (GiftBatch.by_id == user.id)
        | func.coalesce(GiftBatch.handed_in_by_id == user.id, False)
        | typed.exists()
    )
    mine = GiftBatch.unit_id.in_(units_for(user, *POSTERS))
    return ask(GiftBatch.id, name=GiftBatch.title).where(state() == WAITING, mine, ~own)


@waits("batches.type", _to_type)
def to_type(user: User) -> Select[Any]:
    """Batches that this person has begun."""
    return ask(GiftBatch.id, name=GiftBatch.title).where(state() == TYPING, GiftBatch.by_id == user.id)
