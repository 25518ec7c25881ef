"""Ghi thu – ghi chi: what a sponsor paid directly to a supplier, counted as received and spent in one document.

One asks, another decides. The gift is a gift like any other: found in public, thanked, reversed as a whole. Flushes;
the caller commits.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from portal.donations.gifts import Gift, Part
from portal.donations.models import Donation
from portal.donations.posting import post_gifts
from portal.donations.rules import DIRECT
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.numbers import take_posting_lock
from portal.ledger.asking import take_answer
from portal.people.models import User
from portal.spending import queries, rules, rules_others
from portal.spending.models import Decision, DecisionRow
from portal.spending.models_others import InAndOut

Follower = Callable[[InAndOut], None]
_followers: list[Follower] = []
_judges: list[Follower] = []


def after_asking(judge: Follower) -> Follower:
    """Mark a function of another room that follows a new request in its transaction; it may refuse it (Refused)."""
    _judges.append(judge)
    return judge


def after_direct(follower: Follower) -> Follower:
    """Mark a function of another room that follows what a sponsor paid directly, once it is in the books.

    It may still refuse it (Refused).
    """
    _followers.append(follower)
    return follower


def request_in_and_out(
    row: DecisionRow,
    *,
    amount: int,
    happened_on: date,
    donor_name: str,
    supplier: str,
    reason: str,
    by: User,
    donor_id: int | None = None,
    donor_kind: str | None = None,
    address: str | None = None,
    shown_as: str | None = None,
    supplier_paper: str | None = None,
) -> InAndOut:
    """Ask to count `amount` đồng that a sponsor paid a supplier, for a row of a decision in force. Raises Refused."""
    take_posting_lock()
    decision = row.decision
    db.session.refresh(decision)
    rules.check_issued(decision.state)
    origin = queries.rows_come_from(decision)
    if origin is not None and origin.pays:
        raise Refused(f"{origin.text} Tiền của các dòng này chỉ ra theo danh sách đó.", "amount")
    rules_others.check_told(donor_name=donor_name, supplier=supplier, reason=reason)
    if happened_on < decision.decided_on:
        raise Refused(
            f"Ngày này trước ngày văn bản ({decision.decided_on:%d/%m/%Y}). Sửa ngày.", "happened_on"
        )
    rules_others.check_row(amount, row.amount - queries.taken_of([row.id]).get(row.id, 0))
    entry = InAndOut(
        unit_id=decision.unit_id,
        fund_id=decision.fund_id,
        decision_row_id=row.id,
        decision_row=row,
        amount=amount,
        happened_on=happened_on,
        donor_id=donor_id,
        donor_name=donor_name.strip(),
        donor_kind=donor_kind,
        address=address,
        shown_as=shown_as,
        supplier=supplier.strip(),
        supplier_paper=supplier_paper,
        reason=reason.strip(),
        requested_by_id=by.id,
    )
    db.session.add(entry)
    db.session.flush()
    for judge in _judges:
        judge(entry)
    return entry


def decide_in_and_out(entry: InAndOut, *, approve: bool, answer: str, by: User) -> Donation | None:
    """Approve (returns the gift, which is in the books) or refuse (returns None; needs an answer). Raises Refused."""
    take_answer(entry, approve=approve, answer=answer, by=by)
    if not approve:
        db.session.flush()
        return None
    row = entry.decision_row
    db.session.refresh(row.decision, with_for_update={"of": Decision})
    rules.check_issued(row.decision.state)
    (posted,) = post_gifts([_gift(entry, row)], by=entry.requested_by, second=by)
    entry.posting_number, entry.donation_id = posted.posting_number, posted.donation_id
    db.session.flush()
    for follower in _followers:
        follower(entry)
    return db.session.get_one(Donation, posted.donation_id)


def _gift(entry: InAndOut, row: DecisionRow) -> Gift:
    return Gift(
        day=entry.happened_on,
        unit_id=entry.unit_id,
        fund_id=entry.fund_id,
        campaign_id=row.campaign_id,
        parts=(Part(DIRECT, entry.amount, spent_for=row.purpose),),
        donor_id=entry.donor_id,
        donor_name=entry.donor_name,
        donor_kind=entry.donor_kind,
        address=entry.address,
        shown_as=entry.shown_as,
        note=f"Trả thẳng cho {entry.supplier}",
        reason=entry.reason,
    )
