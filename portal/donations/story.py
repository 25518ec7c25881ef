"""What happened to a gift, in sentences."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.donations.models import Donation
from portal.donations.rules import FORMS
from portal.kit.days import format_day, format_moment
from portal.kit.db import db
from portal.kit.money import format_dong
from portal.ledger.models import Posting, ReversalRequest
from portal.ledger.queries import reversal_of


def story_of(donation: Donation) -> list[dict[str, str | None]]:
    """`when`, `text`, `note` of everything that was done, oldest first."""
    return [_recorded(donation), *_requests(donation), *_reversal(donation)]


def _recorded(donation: Donation) -> dict[str, str | None]:
    posting = donation.posting
    what = f"{format_dong(donation.amount)}, {FORMS[donation.form].lower()}"
    late = posting.booked_on != posting.document_on
    note = f"Sổ tháng đó đã khóa nên tính vào ngày {format_day(posting.booked_on)}." if late else None
    if posting.kind == "statement":
        text = f"{posting.entry.by_name} nạp sao kê, khoản {what} vào sổ."
    else:
        text = f"{posting.entry.by_name} ghi nhận {what}, nhận ngày {format_day(donation.donated_on)}."
    return {"when": format_moment(posting.entry.recorded_at), "text": text, "note": note}


def _requests(donation: Donation) -> list[dict[str, str | None]]:
    rows = select(ReversalRequest).where(ReversalRequest.posting_number == donation.posting_number)
    people = (joinedload(ReversalRequest.requested_by), joinedload(ReversalRequest.decided_by))
    told: list[dict[str, str | None]] = []
    for asked in db.session.scalars(rows.options(*people).order_by(ReversalRequest.id)):
        told.append(
            {
                "when": format_moment(asked.requested_at),
                "text": f"{asked.requested_by.name} đề nghị đảo khoản này.",
                "note": f"Lý do: {asked.reason}",
            }
        )
        if asked.approved is not None and asked.decided_by is not None:
            verb = "duyệt" if asked.approved else "không duyệt"
            told.append(
                {
                    "when": format_moment(asked.decided_at),
                    "text": f"{asked.decided_by.name} {verb} đề nghị đảo.",
                    "note": f"Ý kiến: {asked.answer}" if asked.answer else None,
                }
            )
    return told


def _reversal(donation: Donation) -> list[dict[str, str | None]]:
    mirror: Posting | None = reversal_of(donation.posting_number)
    if mirror is None:
        return []
    day = format_day(mirror.booked_on)
    text = f"Bút toán đảo số {mirror.number} ghi ngày {day}; khoản này không còn tính vào tổng."
    return [{"when": format_moment(mirror.entry.recorded_at), "text": text, "note": None}]
