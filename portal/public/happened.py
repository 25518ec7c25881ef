"""What happened to a gift after it was booked, in plain sentences without names: moved, given back, undone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from portal.campaigns.models import Campaign
from portal.campaigns.rules import REGULAR
from portal.donations.models import Donation, Reclassification, Refund
from portal.kit.days import format_day
from portal.kit.db import db
from portal.kit.money import format_amount, format_dong
from portal.ledger.models import Posting

MOVED, REFUNDED = "moved", "refunded"


@dataclass(frozen=True)
class Happening:
    """One document about a gift. `amount` đồng is what was given back (0 for a move, and once undone)."""

    kind: str
    day: date
    posting: int
    text: str
    amount: int = 0
    is_undone: bool = False


def happenings(head: Donation) -> list[Happening]:
    """Moves to another campaign and refunds of a gift, oldest first."""
    found = [*_moves(head), *_refunds(head)]
    return sorted(found, key=lambda one: one.posting)


def _moves(head: Donation) -> list[Happening]:
    old, new, undone = aliased(Campaign), aliased(Campaign), aliased(Posting)
    rows = (
        select(Posting.number, Posting.booked_on, old.name, new.name, undone.number, undone.booked_on)
        .select_from(Reclassification)
        .join(Posting, Posting.number == Reclassification.posting_number)
        .outerjoin(old, old.id == Reclassification.from_campaign_id)
        .outerjoin(new, new.id == Reclassification.to_campaign_id)
        .outerjoin(undone, undone.reverses == Posting.number)
        .where(Reclassification.donation_id == head.id)
        .order_by(Posting.number)
    )
    return [_move(row) for row in db.session.execute(rows)]


def _move(row: Any) -> Happening:
    number, day, old, new, undone, undone_on = row
    text = (
        f"Ngày {format_day(day)}, khoản này chuyển từ {_campaign(old)} sang {_campaign(new)} "
        f"(bút toán số {format_amount(number)}). Mã khoản và phiếu giữ nguyên."
    )
    return Happening(MOVED, day, number, text + _undone(undone, undone_on), 0, undone is not None)


def _refunds(head: Donation) -> list[Happening]:
    undone = aliased(Posting)
    rows = (
        select(Refund.amount, Posting, undone.number, undone.booked_on)
        .join(Posting, Posting.number == Refund.posting_number)
        .outerjoin(undone, undone.reverses == Posting.number)
        .join(Donation, Donation.id == Refund.donation_id)
        .where(Donation.posting_number == head.posting_number)
        .where((Donation.id == head.id) | (Donation.part_of == head.id))
        .order_by(Posting.number)
    )
    return [_refund(*row) for row in db.session.execute(rows)]


def _refund(amount: int, posting: Posting, undone: int | None, undone_on: date | None) -> Happening:
    paper = f"phiếu {posting.paper_number}, " if posting.paper_number else ""
    text = (
        f"Ngày {format_day(posting.booked_on)}, Quỹ hoàn trả người ủng hộ {format_dong(amount)} "
        f"({paper}bút toán số {format_amount(posting.number)})."
    )
    left = 0 if undone is not None else amount
    return Happening(
        REFUNDED,
        posting.booked_on,
        posting.number,
        text + _undone(undone, undone_on),
        left,
        undone is not None,
    )


def _campaign(name: str | None) -> str:
    return f"đợt “{name}”" if name else REGULAR[:1].lower() + REGULAR[1:]


def _undone(number: int | None, day: date | None) -> str:
    if number is None or day is None:
        return ""
    return f" Việc này đã được đảo ngày {format_day(day)} (bút toán số {format_amount(number)})."
