"""What happened to a gift, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.donations import queries
from portal.donations.lists_requests import state_of
from portal.donations.models import (
    Donation,
    ForeignAmount,
    Reclassification,
    ReclassificationRequest,
    Refund,
)
from portal.donations.rules import CASH, CURRENCIES, FORMS, RATE_UNITS, money_and_goods, worth_text
from portal.kit.days import format_day, format_moment
from portal.kit.db import db
from portal.kit.money import format_amount, format_dong
from portal.ledger.models import Account, Posting, ReversalRequest, Transfer
from portal.ledger.queries import reversal_of
from portal.people.models import User


def story_of(donation: Donation) -> list[dict[str, str | None]]:
    """`when`, `text`, `note` of everything that was done, oldest first."""
    found = [
        *_requests(donation),
        *_moves(donation),
        *_refunds(donation),
        *_reversal(donation),
    ]
    return [_recorded(donation), *(entry for _, entry in sorted(found, key=lambda item: item[0]))]


def told_of(parts: Sequence[Donation]) -> dict[int, str]:
    """What each part is beside its form: goods with quantity, foreign money with its rate, the bank account."""
    ids = [part.id for part in parts]
    foreign = {
        row.donation_id: row
        for row in db.session.scalars(select(ForeignAmount).where(ForeignAmount.donation_id.in_(ids)))
    }
    return {part.id: _told(part, foreign.get(part.id)) for part in parts}


def _told(part: Donation, foreign: ForeignAmount | None) -> str:
    said = []
    if part.goods:
        quantity = f"{part.quantity or ''} {part.measure or ''}".strip()
        said.append(f"{part.goods}, {quantity}" if quantity else part.goods)
    if foreign is not None:
        said.append(
            f"{foreign_text(foreign.minor, foreign.currency)}, tỷ giá {rate_text(foreign.rate)} "
            f"({foreign.rate_source}, {format_day(foreign.rate_on)})"
        )
    return "; ".join(said)


def foreign_text(minor: int, currency: str) -> str:
    """ "1.250,50 USD"."""
    digits = CURRENCIES[currency][1]
    whole, rest = divmod(minor, 10**digits)
    return f"{format_amount(whole)}{f',{rest:0{digits}d}' if rest else ''} {currency}"


def rate_text(rate: int) -> str:
    """A rate in đồng, "26.150" or "26.150,5"."""
    whole, rest = divmod(rate, RATE_UNITS)
    return format_amount(whole) + (f",{rest:04d}".rstrip("0") if rest else "")


def holder_of(donation: Donation) -> str | None:
    """Who had the cash of a gift when it was recorded; None without cash."""
    here = (Transfer.posting_number == donation.posting_number) & (Account.kind == CASH)
    rows = select(Account.holder_id, User.name).join(Transfer, Transfer.debit_id == Account.id)
    row = db.session.execute(rows.outerjoin(User, User.id == Account.holder_id).where(here).limit(1)).first()
    if row is None or donation.posting.kind != "donation":
        return None
    return "Két của đơn vị" if row.holder_id is None else f"{row.name} giữ"


def refunds_of(parts: Sequence[Donation]) -> list[tuple[Refund, str]]:
    """The refunds of a gift with their state in words, the oldest first."""
    rows = select(Refund).where(Refund.donation_id.in_([part.id for part in parts])).order_by(Refund.id)
    found = []
    for refund in db.session.scalars(rows):
        undone = refund.posting_number is not None and reversal_of(refund.posting_number) is not None
        found.append((refund, "Đã đảo" if undone else state_of(refund)))
    return found


def _recorded(donation: Donation) -> dict[str, str | None]:
    posting = donation.posting
    parts = queries.parts_of(donation)
    worth = worth_text(*money_and_goods(parts))
    forms = ", ".join(dict.fromkeys(FORMS[part.form].lower() for part in parts))
    what = f"{worth}, {forms}" if worth else forms
    late = posting.booked_on != posting.document_on
    note = (
        f"Ghi bổ sung: sổ tháng đó đã khóa nên tính vào ngày {format_day(posting.booked_on)}."
        if late
        else None
    )
    if posting.kind == "statement":
        text = f"{posting.entry.by_name} nạp sao kê, khoản {what} vào sổ."
    else:
        second = f", {posting.second_name} duyệt" if posting.second_name else ""
        text = (
            f"{posting.entry.by_name} ghi nhận {what}, nhận ngày {format_day(donation.donated_on)}{second}."
        )
    return {"when": format_moment(posting.entry.recorded_at), "text": text, "note": note}


Told = tuple[datetime, dict[str, str | None]]


def _at(moment: datetime, text: str, note: str | None = None) -> Told:
    return moment, {"when": format_moment(moment), "text": text, "note": note}


def _asked(asked: Any, what: str, note: str) -> list[Told]:
    """A request and its answer."""
    told = [_at(asked.requested_at, f"{asked.requested_by.name} đề nghị {what}.", note)]
    if asked.approved is not None and asked.decided_by is not None:
        verb = "duyệt" if asked.approved else "không duyệt"
        said = f"Ý kiến: {asked.answer}" if asked.answer else None
        told.append(_at(asked.decided_at, f"{asked.decided_by.name} {verb} đề nghị {what}.", said))
    return told


def _requests(donation: Donation) -> list[Told]:
    rows = select(ReversalRequest).where(ReversalRequest.posting_number == donation.posting_number)
    people = (joinedload(ReversalRequest.requested_by), joinedload(ReversalRequest.decided_by))
    told: list[Told] = []
    for asked in db.session.scalars(rows.options(*people).order_by(ReversalRequest.id)):
        told += _asked(asked, "đảo khoản này", f"Lý do: {asked.reason}")
    return told


def _moves(donation: Donation) -> list[Told]:
    first = donation.part_of or donation.id
    rows = select(ReclassificationRequest).where(ReclassificationRequest.donation_id == first)
    told: list[Told] = []
    for asked in db.session.scalars(rows.order_by(ReclassificationRequest.id)):
        name = asked.to_campaign.name if asked.to_campaign else "ủng hộ thường xuyên"
        told += _asked(asked, f"chuyển khoản này sang “{name}”", f"Lý do: {asked.reason}")
    done = select(Reclassification).where(Reclassification.donation_id == first)
    for moved in db.session.scalars(done.order_by(Reclassification.posting_number)):
        told += _undone(moved.posting, "Việc chuyển đợt")
    return told


def _refunds(donation: Donation) -> list[Told]:
    told: list[Told] = []
    for refund, _state in refunds_of(queries.parts_of(donation)):
        what = f"hoàn trả {format_dong(refund.amount)}"
        told += _asked(refund, what, f"Lý do: {refund.reason}")
        if refund.posting is not None:
            told += _undone(refund.posting, f"Chứng từ {what}")
    return told


def _undone(posting: Posting, what: str) -> list[Told]:
    """The reversal of a later document."""
    mirror = reversal_of(posting.number)
    return [_at(mirror.entry.recorded_at, f"{what} đã được đảo.")] if mirror else []


def _reversal(donation: Donation) -> list[Told]:
    mirror: Posting | None = queries.ended_by(donation)
    if mirror is None:
        return []
    day = format_day(mirror.booked_on)
    text = f"Bút toán đảo số {mirror.number} ghi ngày {day}; khoản này không còn tính vào tổng."
    return [_at(mirror.entry.recorded_at, text)]
