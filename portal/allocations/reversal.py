"""A reversal of one side reverses the other; the sent document is not reversed while anything of it was confirmed."""

from __future__ import annotations

from collections.abc import Iterable

from portal.allocations import queries, rules
from portal.allocations.actions import settle
from portal.allocations.models import Allocation, AllocationDifference, AllocationReceipt
from portal.campaigns.models import Campaign
from portal.kit.db import db, now
from portal.kit.errors import Refused
from portal.kit.money import format_dong
from portal.ledger import actions as ledger
from portal.ledger.models import Posting
from portal.ledger.queries import open_request_of, reversal_of
from portal.people.models import User
from portal.spending.queries import free_of, held_at
from portal.spending.rules import ALLOCATION, DOCUMENT_OF
from portal.units.models import Unit


@ledger.after_reversal
def follow_reversal(posting: Posting, mirror: Posting) -> None:
    """Answer the reversal of whatever an allocation has made. May raise Refused."""
    if posting.kind == DOCUMENT_OF[ALLOCATION]:
        allocation = queries.allocation_of(posting.number)
        if allocation is not None:
            _sent_back(allocation, mirror)
    elif posting.kind == rules.DOCUMENT:
        receipt = queries.receipt_of(posting.number)
        if receipt is not None:
            _unconfirm(receipt, posting, mirror)
        else:
            _undo_difference(posting)


def _sent_back(allocation: Allocation, mirror: Posting) -> None:
    """The money is where it was; a difference that waits is answered. Raises Refused while anything was settled."""
    if allocation.received or allocation.differing:
        raise Refused(
            f"{allocation.to_unit.name} đã xác nhận, hoặc đã ghi chênh lệch, một phần số tiền này nên chưa đảo phiếu "
            "chuyển được. Đảo chứng từ xác nhận và chênh lệch trước."
        )
    waiting = queries.waiting_difference(allocation)
    if waiting is not None:
        waiting.approved, waiting.answer = False, "Phiếu chuyển đã được đảo."
        waiting.decided_by_id, waiting.decided_at = mirror.second_id, now()
    allocation.state = rules.REVERSED
    db.session.flush()


def _unconfirm(receipt: AllocationReceipt, posting: Posting, mirror: Posting) -> None:
    """Reverse the document of the other unit as well, on the same day; the money is on the way again.

    That other reversal comes here, too: it finds the first one and stops. Raises Refused.
    """
    twin_number = receipt.in_number if posting.number == receipt.out_number else receipt.out_number
    if reversal_of(twin_number) is not None:
        return
    twin = db.session.get_one(Posting, twin_number)
    maker, second = (db.session.get_one(User, number) for number in (mirror.by_id, mirror.second_id))
    answer = ledger.reverse(twin, reason=mirror.reason or "", by=maker, second=second)
    if answer.booked_on != mirror.booked_on:
        raise Refused(
            "Một trong hai đơn vị đã kết thúc nên hai chứng từ không đảo được cùng ngày. "
            "Lập phiếu phân bổ ngược lại ở đơn vị kế thừa."
        )
    _answer_request(twin_number, second)
    receipt.reversed_at = now()
    settle(receipt.allocation)
    _check_receiver(receipt)


def _answer_request(number: int, by: User) -> None:
    """Whoever asked to reverse the other document has what they asked for."""
    asked = open_request_of(number)
    if asked is not None:
        asked.approved, asked.answer = True, "Đã đảo cùng chứng từ của đơn vị kia."
        asked.decided_by_id, asked.decided_at = by.id, now()


def _check_receiver(receipt: AllocationReceipt) -> None:
    """What the receiving unit has spent or passed on cannot be taken back. Raises Refused."""
    allocation = receipt.allocation
    campaigns = {line.credit.campaign_id for line in receipt.incoming.transfers}
    _check_still_there(allocation.to_unit, allocation.fund_id, receipt, campaigns)


def _check_still_there(
    unit: Unit,
    fund_id: int,
    placed: AllocationReceipt | AllocationDifference,
    campaign_ids: Iterable[int | None],
) -> None:
    """After a reversal neither the place that the money had come to nor its campaign is below zero. Raises Refused."""
    held = held_at(unit.id, fund_id, holder_id=placed.holder_id, bank_account_id=placed.bank_account_id)
    if held < 0:
        raise Refused(
            f"Tiền này đã được chi hoặc chuyển tiếp: đảo sẽ làm nơi giữ tiền âm {format_dong(-held)}. "
            "Đảo các phiếu chi sau đó trước."
        )
    for campaign_id in campaign_ids:
        free = free_of(unit.id, fund_id, campaign_id)
        if free < 0:
            campaign = db.session.get(Campaign, campaign_id) if campaign_id else None
            name = f"đợt “{campaign.name}”" if campaign else "nguồn chung"
            raise Refused(
                f"{unit.name} đã chi tiền này theo {name}: đảo sẽ làm nguồn âm {format_dong(-free)}. "
                "Đảo các phiếu chi sau đó trước."
            )


def _undo_difference(posting: Posting) -> None:
    """What was explained is on the way again. Raises Refused when returned money is not there any more."""
    difference = queries.difference_posted_by(posting.number)
    if difference is None:
        return
    allocation = difference.allocation
    difference.reversed_at = now()
    settle(allocation)
    if difference.cause == rules.RETURNED:
        campaigns = queries.campaigns_of_document(posting.number)
        _check_still_there(allocation.unit, allocation.fund_id, difference, campaigns)
