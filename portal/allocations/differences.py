"""What will not be confirmed: the sender names what became of it, a second person decides. Flushes only."""

from __future__ import annotations

from collections.abc import Iterable

from portal.allocations import queries, rules
from portal.allocations.actions import (
    check_account,
    common_day,
    keep_shares,
    on_the_way_account,
    place_account,
    settle,
    take,
)
from portal.allocations.models import Allocation, AllocationDifference
from portal.allocations.rules import Share
from portal.kit.days import today_in_vietnam
from portal.kit.db import db, now
from portal.kit.errors import Refused
from portal.ledger import actions as ledger
from portal.ledger.models import BankAccount, Posting
from portal.ledger.rules import Line
from portal.people.models import User
from portal.people.rules import check_second_person


def ask_difference(
    allocation: Allocation,
    *,
    cause: str,
    amount: int,
    reason: str,
    bank_account: BankAccount | None = None,
    holder: User | None = None,
    by: User,
) -> AllocationDifference:
    """The sender names a difference of money that is on the way; nothing moves yet. Raises Refused.

    Returned money comes back into `bank_account`, `holder`'s hand, or the sender's box.
    """
    take(allocation)
    rules.check_open(allocation.state)
    if cause not in rules.CAUSES:
        raise Refused("Chưa chọn nguyên nhân. Chọn một nguyên nhân chênh lệch.", "cause")
    if not reason.strip():
        raise Refused("Chưa ghi lý do. Ghi rõ vì sao số tiền này không được xác nhận.", "reason")
    rules.check_amount(amount, allocation.left)
    if queries.waiting_difference(allocation) is not None:
        raise Refused("Đã có một chênh lệch đang chờ duyệt. Chờ người duyệt trả lời rồi ghi tiếp.")
    back = cause == rules.RETURNED
    check_account(bank_account if back else None, allocation.unit_id, allocation.fund_id)
    difference = AllocationDifference(
        voucher_id=allocation.voucher_id,
        cause=cause,
        amount=amount,
        reason=reason.strip(),
        bank_account_id=bank_account.id if back and bank_account else None,
        holder_id=holder.id if back and holder else None,
        asked_by_id=by.id,
    )
    allocation.differences.append(difference)
    db.session.flush()
    return difference


def decide_difference(
    difference: AllocationDifference, *, approve: bool, answer: str, by: User
) -> Posting | None:
    """Approve (returns the sender's document) or refuse (returns None; needs an answer). Raises Refused."""
    allocation = difference.allocation
    take(allocation)
    db.session.refresh(difference, with_for_update={"of": AllocationDifference})
    if difference.approved is not None:
        raise Refused("Chênh lệch này đã được trả lời. Tải lại trang để xem kết quả.")
    check_second_person(difference.asked_by_id, by.id)
    if not approve and not answer.strip():
        raise Refused("Chưa ghi lý do từ chối. Ghi để người đề nghị biết cần làm gì.", "answer")
    difference.approved, difference.answer = approve, answer.strip() or None
    difference.decided_by_id, difference.decided_at = by.id, now()
    if not approve:
        db.session.flush()
        return None
    rules.check_open(allocation.state)
    rules.check_amount(difference.amount, allocation.left)
    posting = _post(difference, by)
    difference.posting_number = posting.number
    settle(allocation)
    return posting


def _post(difference: AllocationDifference, second: User) -> Posting:
    allocation = difference.allocation
    shares = rules.take_from_rows(queries.rows_left(allocation), difference.amount)
    ends, today = allocation.unit.valid_to, today_in_vietnam()
    document_on = min(ends, today) if ends else today
    posting = ledger.post(
        rules.DOCUMENT,
        unit=allocation.unit,
        fund=allocation.fund,
        document_on=document_on,
        booked_on=common_day(allocation, document_on),
        lines=_lines(difference, shares),
        reason=f"{rules.CAUSES[difference.cause]}: {difference.reason}",
        by=difference.asked_by,
        second=second,
    )
    keep_shares(posting, shares)
    return posting


def _lines(difference: AllocationDifference, shares: Iterable[Share]) -> list[Line]:
    """Back to a place as one sum; a fee or another cause is borne by the campaign of each row."""
    allocation = difference.allocation
    way, owner = on_the_way_account(allocation), (allocation.unit_id, allocation.fund_id)
    if difference.cause == rules.RETURNED:
        place = place_account(*owner, bank_account=difference.bank_account, holder=difference.holder)
        return [Line(way, place, difference.amount)]
    purpose = rules.OTHER_PURPOSES[difference.cause]
    return [
        Line(
            way,
            ledger.account_for(
                unit_id=owner[0],
                fund_id=owner[1],
                kind="other",
                purpose=purpose,
                campaign_id=share.campaign_id,
            ),
            share.amount,
        )
        for share in shares
    ]
