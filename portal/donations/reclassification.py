"""A gift that stood in the wrong campaign is counted in the right one: its code and receipt stay.

One asks, another decides; the document moves what was received from one campaign's source to the other's, so
that totals, figures and public pages follow. Flushes; the caller commits.
"""

from __future__ import annotations

from sqlalchemy import select

from portal.campaigns.models import Campaign
from portal.donations import queries
from portal.donations.gifts import Gift
from portal.donations.known import Known
from portal.donations.models import Donation, Reclassification, ReclassificationRequest
from portal.donations.refunds import check_not_refunded
from portal.donations.rows import received_fields
from portal.donations.rules import DIRECT, GIFT_DOCUMENTS
from portal.kit.days import today_in_vietnam
from portal.kit.db import db, now
from portal.kit.errors import Refused
from portal.kit.numbers import take_posting_lock
from portal.ledger import actions as ledger
from portal.ledger.asking import take_answer
from portal.ledger.models import Posting
from portal.ledger.queries import is_reversed
from portal.ledger.rules import Line
from portal.people.models import User
from portal.people.rules import check_second_person

REVERSED = "Khoản ủng hộ đã được đảo."


def request_reclassification(
    donation: Donation, campaign: Campaign | None, *, reason: str, by: User
) -> ReclassificationRequest:
    """Ask to count a gift in `campaign` (None = outside campaigns); another person decides. Raises Refused."""
    take_posting_lock()  # so that nobody reverses the gift meanwhile
    parts = queries.parts_of(donation)
    reason = _said(reason)
    _check(parts, campaign)
    if queries.open_reclassification_of(parts[0].id) is not None:
        raise Refused("Đã có đề nghị chuyển đợt khoản này đang chờ duyệt. Chờ người duyệt trả lời.")
    request = ReclassificationRequest(
        donation_id=parts[0].id,
        to_campaign_id=campaign.id if campaign else None,
        reason=reason,
        requested_by_id=by.id,
    )
    db.session.add(request)
    db.session.flush()
    return request


def decide_reclassification(
    request: ReclassificationRequest, *, approve: bool, answer: str, by: User
) -> Posting | None:
    """Approve (returns the document) or refuse (returns None; needs an answer). Raises Refused."""
    take_answer(request, approve=approve, answer=answer, by=by)
    if approve:
        request.posting = reclassify(
            request.donation,
            request.to_campaign,
            reason=request.reason,
            by=request.requested_by,
            second=by,
        )
    db.session.flush()
    return request.posting


def reclassify(
    donation: Donation, campaign: Campaign | None, *, reason: str, by: User, second: User
) -> Posting:
    """Count a gift, with all its parts, in `campaign` from now on; two people. Raises Refused."""
    check_second_person(by.id, second.id)
    reason = _said(reason)
    take_posting_lock()
    parts = queries.parts_of(donation)
    _check(parts, campaign)
    unit, fund, to_id = donation.unit, donation.posting.fund, campaign.id if campaign else None
    valued = [part for part in parts if part.amount]
    lines = [
        Line(
            ledger.account_for(**vars(received_fields(unit.id, fund.id, to_id, part.form))),
            ledger.account_for(**vars(received_fields(unit.id, fund.id, part.campaign_id, part.form))),
            part.amount,
        )
        for part in valued
    ]
    posting = ledger.post(
        "reclassification",
        unit=unit,
        fund=fund,
        document_on=min(today_in_vietnam(), unit.valid_to or today_in_vietnam()),
        lines=lines,
        moves_stock=True,
        reason=reason,
        by=by,
        second=second,
    )
    for ordinal, part in enumerate([*valued, *(part for part in parts if not part.amount)], start=1):
        db.session.add(
            Reclassification(
                posting_number=posting.number,
                ordinal=ordinal,
                donation_id=part.id,
                from_campaign_id=part.campaign_id,
                to_campaign_id=to_id,
            )
        )
        part.campaign_id = to_id
    db.session.flush()
    db.session.expire(donation, ["campaign"])
    return posting


def _said(reason: str) -> str:
    if not reason.strip():
        raise Refused("Chưa ghi lý do. Ghi vì sao khoản này thuộc đợt khác.", "reason")
    return reason.strip()


def _check(parts: list[Donation], campaign: Campaign | None) -> None:
    first, to_id = parts[0], campaign.id if campaign else None
    if queries.ended_by(first) is not None:
        raise Refused("Khoản này đã được đảo, không còn tính vào đợt nào.")
    if to_id == first.campaign_id:
        raise Refused("Khoản này đang thuộc đúng đợt đó. Chọn đợt khác.", "campaign_id")
    if any(part.form == DIRECT for part in parts):
        raise Refused(
            "Khoản nhà tài trợ trả thẳng đã ghi thu và ghi chi trong cùng đợt, không chuyển đợt riêng được. "
            "Đề nghị đảo chứng từ rồi ghi lại theo đợt đúng."
        )
    check_not_refunded(parts, "chuyển đợt")
    fund_id = first.posting.fund_id
    wanted = Gift(first.donated_on, first.unit_id, fund_id, to_id, parts=())
    Known([wanted]).check_campaign(wanted)


def live_reclassifications(numbers: list[int]) -> list[Posting]:
    """Reclassifications of gifts of these documents that have not been reversed, the newest first."""
    mine = (
        select(Reclassification.posting_number)
        .join(Donation, Donation.id == Reclassification.donation_id)
        .where(Donation.posting_number.in_(numbers))
    )
    rows = select(Posting).where(Posting.number.in_(mine), ~is_reversed(Posting.number))
    return list(db.session.scalars(rows.order_by(Posting.number.desc())))


@ledger.after_reversal
def follow_reversal(posting: Posting, mirror: Posting) -> None:
    """A reversed reclassification puts the campaign back; a reversed gift takes its reclassifications along."""
    if posting.kind == "reclassification":
        _put_back(posting)
        return
    if posting.kind not in GIFT_DOCUMENTS:
        return
    for document in live_reclassifications([posting.number]):
        by, second = (db.session.get_one(User, key) for key in (mirror.by_id, mirror.second_id))
        ledger.reverse(document, reason=mirror.reason or REVERSED, by=by, second=second)
    waiting = select(ReclassificationRequest).join(ReclassificationRequest.donation)
    waiting = waiting.where(
        Donation.posting_number == posting.number, ReclassificationRequest.approved.is_(None)
    )
    for request in db.session.scalars(waiting):
        request.approved, request.answer = False, REVERSED
        request.decided_by_id, request.decided_at = mirror.second_id, now()
    db.session.flush()


def _put_back(posting: Posting) -> None:
    rows = select(Reclassification).where(Reclassification.posting_number == posting.number)
    moved = db.session.scalars(rows).all()
    gifts = [row.donation for row in moved]
    for newer in live_reclassifications([gift.posting_number for gift in gifts]):
        if newer.number > posting.number and _speaks_of(newer, gifts):
            raise Refused(
                f"Khoản này đã được chuyển đợt lần nữa (chứng từ số {newer.number}). Đảo lần chuyển sau trước."
            )
    check_not_refunded(gifts, "đảo việc chuyển đợt")
    for row in moved:
        row.donation.campaign_id = row.from_campaign_id
    db.session.flush()


def _speaks_of(posting: Posting, gifts: list[Donation]) -> bool:
    ids = [gift.id for gift in gifts]
    rows = select(Reclassification.ordinal).where(
        Reclassification.posting_number == posting.number, Reclassification.donation_id.in_(ids)
    )
    return db.session.scalar(rows.limit(1)) is not None
