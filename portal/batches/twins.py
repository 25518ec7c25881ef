"""Suspected twins: lines that look like an earlier line, or like a gift in the books. Reads only."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from portal.batches.models import GiftBatch, GiftDraft
from portal.donations.models import Donation, DonationWords
from portal.donations.queries import is_reversed
from portal.donations.rules import code_of
from portal.kit.days import format_day
from portal.kit.db import db
from portal.kit.vietnamese import fold


def twins_of(batch: GiftBatch, *, answered: bool = False) -> dict[int, str]:
    """Line id → what it looks like: an earlier line of the batch, or a gift in the books, of one name, amount and day.

    Lines whose twin was answered ("giữ cả hai") are left out unless `answered`.
    """
    return _twins_in_books(batch, answered) | _twins_in_batch(batch, answered)


def _suspects(batch: GiftBatch, answered: bool) -> list[ColumnElement[bool]]:
    asked = [GiftDraft.batch_id == batch.id, GiftDraft.name_key.is_not(None)]
    return asked if answered else [*asked, GiftDraft.kept_twin.is_(False)]


def _twins_in_batch(batch: GiftBatch, answered: bool) -> dict[int, str]:
    other = aliased(GiftDraft)
    same = and_(
        other.batch_id == batch.id,
        other.name_key == GiftDraft.name_key,
        other.amount == GiftDraft.amount,
        other.day == GiftDraft.day,
        or_(other.place < GiftDraft.place, and_(other.place == GiftDraft.place, other.id < GiftDraft.id)),
    )
    rows = select(GiftDraft.id, func.min(other.id)).join(other, same).where(*_suspects(batch, answered))
    found: dict[int, int] = dict(db.session.execute(rows.group_by(GiftDraft.id)).all())  # type: ignore[arg-type]
    if not found:
        return {}
    order = select(GiftDraft.id).where(GiftDraft.batch_id == batch.id)
    ids = db.session.scalars(order.order_by(GiftDraft.place, GiftDraft.id)).all()
    number = {draft_id: place for place, draft_id in enumerate(ids, 1)}
    return {
        draft_id: f"Giống dòng {number[twin]}. Là hai khoản khác nhau?" for draft_id, twin in found.items()
    }


def _twins_in_books(batch: GiftBatch, answered: bool) -> dict[int, str]:
    same = and_(
        Donation.id == DonationWords.donation_id,
        Donation.unit_id == batch.unit_id,
        Donation.donated_on == GiftDraft.day,
        Donation.amount > 0,
    )
    rows = select(GiftDraft.id, GiftDraft.name_key, Donation.id, Donation.donor_name, Donation.donated_on)
    rows = (
        rows.join(DonationWords, DonationWords.amount == GiftDraft.amount)
        .join(Donation, same)
        .where(*_suspects(batch, answered), ~is_reversed())
    )
    if batch.first_posting is not None:
        rows = rows.where(Donation.posting_number < batch.first_posting)
    return {
        draft_id: f"Giống khoản {code_of(gift_id)} đã ghi sổ, nhận ngày {format_day(day)}. Là khoản khác?"
        for draft_id, key, gift_id, name, day in db.session.execute(rows)
        if fold(name) == key
    }
