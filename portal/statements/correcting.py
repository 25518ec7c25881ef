"""A line that was counted as a gift is none: one asks, another agrees; then the line waits in suspense again.

The gift leaves every total and list as a reversed one does; the other lines of its statement stay as they are.
Flushes; the caller commits.
"""

from __future__ import annotations

from sqlalchemy import select

from portal.donations.models import Donation, TakenBack
from portal.donations.queries import ended_by
from portal.donations.rows import received_fields
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.numbers import take_posting_lock
from portal.ledger import actions as ledger
from portal.ledger.asking import take_answer
from portal.ledger.models import Posting
from portal.ledger.rules import Line
from portal.people.models import User
from portal.people.queries import readable_units
from portal.pledges.queries import fulfilments_by
from portal.statements.models_settling import LineCorrection
from portal.statements.settling import check_untouched
from portal.statements.transit import SETTLEMENT, STATEMENT

ENDED = "Khoản này không còn tính vào tổng, không cần rút nữa."


def request_correction(gift: Donation, *, reason: str, by: User) -> LineCorrection:
    """Ask to take a statement's gift back; another person decides. Raises Refused."""
    take_posting_lock()
    if not reason.strip():
        raise Refused("Chưa ghi lý do. Ghi vì sao dòng này không phải khoản ủng hộ.", "reason")
    _check(gift)
    waiting = select(LineCorrection.id).where(
        LineCorrection.donation_id == gift.id, LineCorrection.approved.is_(None)
    )
    if db.session.scalar(waiting) is not None:
        raise Refused("Đã có đề nghị rút khoản này đang chờ duyệt. Chờ người duyệt trả lời.")
    asked = LineCorrection(donation_id=gift.id, donation=gift, reason=reason.strip(), requested_by_id=by.id)
    db.session.add(asked)
    db.session.flush()
    return asked


def decide_correction(asked: LineCorrection, *, approve: bool, answer: str, by: User) -> Posting | None:
    """Approve (returns the document) or refuse (returns None; needs an answer). Raises Refused."""
    take_answer(asked, approve=approve, answer=answer, by=by)
    if approve:
        asked.posting = _take_back(asked, second=by)
    db.session.flush()
    return asked.posting


def _check(gift: Donation) -> None:
    if gift.posting.kind != STATEMENT:
        raise Refused("Chỉ rút được khoản do sao kê đưa vào. Với khoản khác thì đề nghị đảo chứng từ.")
    if ended_by(gift) is not None:
        raise Refused(ENDED)
    check_untouched([gift])


def _take_back(asked: LineCorrection, *, second: User) -> Posting:
    gift = asked.donation
    _check(gift)
    unit, fund = gift.unit, gift.posting.fund
    source = ledger.account_for(**vars(received_fields(unit.id, fund.id, gift.campaign_id, gift.form)))
    waits = ledger.account_for(unit_id=unit.id, fund_id=fund.id, kind="suspense")
    posting = ledger.post(
        SETTLEMENT,
        unit=unit,
        fund=fund,
        document_on=gift.donated_on,
        lines=[Line(waits, source, gift.amount)],
        reason=f"Dòng sao kê không phải khoản ủng hộ: {asked.reason}",
        by=asked.requested_by,
        second=second,
    )
    db.session.add(TakenBack(donation_id=gift.id, posting_number=posting.number))
    for kept in fulfilments_by(gift.posting_number, gift.ordinal):
        kept.until = posting.number
    db.session.flush()
    return posting


def corrections_for(user: User):  # type: ignore[no-untyped-def]
    """Requests about gifts of the units that a person may read."""
    rows = select(LineCorrection).join(LineCorrection.donation)
    return rows.where(Donation.unit_id.in_(readable_units(user)))


def correction_or_404(request_id: int, *, for_user: User) -> LineCorrection:
    """One request, if the person may read its unit; otherwise 404."""
    return db.one_or_404(corrections_for(for_user).where(LineCorrection.id == request_id))


@ledger.after_reversal
def follow_reversal(posting: Posting, mirror: Posting) -> None:
    """A document that took a gift back is not undone: the line is settled as a gift anew."""
    taken = select(TakenBack.donation_id).where(TakenBack.posting_number == posting.number)
    if db.session.scalar(taken) is not None:
        raise Refused(
            "Việc rút khoản này không đảo được. Mở dòng sao kê ở bàn đối chiếu và ghi lại là ủng hộ."
        )
