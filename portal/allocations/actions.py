"""An allocation is confirmed by the receiving unit, wholly or in parts. Flushes; the caller commits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from portal.allocations import queries, rules
from portal.allocations.models import Allocation, AllocationReceipt, AllocationShare
from portal.allocations.rules import Share
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.numbers import take_posting_lock
from portal.ledger import actions as ledger
from portal.ledger.models import Account, BankAccount, Posting
from portal.ledger.queries import closed_through
from portal.ledger.rules import MOVED_FREED, MOVED_IN, MOVED_OUT, ON_THE_WAY, Line, booking_day
from portal.people.models import User
from portal.spending.actions_vouchers import after_payment
from portal.spending.models import Voucher
from portal.spending.rules import ALLOCATION


@after_payment
def begin(voucher: Voucher, posting: Posting) -> None:
    """A paid voucher to another unit is on the way from now on."""
    if voucher.what != ALLOCATION:
        return
    db.session.add(
        Allocation(
            voucher_id=voucher.id,
            unit_id=voucher.unit_id,
            to_unit_id=voucher.to_unit_id,
            fund_id=voucher.fund_id,
            sent_on=posting.booked_on,
            amount=voucher.amount,
        )
    )
    db.session.flush()


def confirm(
    allocation: Allocation,
    *,
    amount: int,
    received_on: date,
    bank_account: BankAccount | None = None,
    holder: User | None = None,
    note: str | None = None,
    by: User,
) -> AllocationReceipt:
    """The receiving unit has the money, or a part: a document in each unit, same amount, same booking day.

    It comes into `bank_account` (waits in transit for its line), `holder`'s hand, or the unit's box. Whether `by`
    may write in the receiving unit is the caller's to check. Raises Refused (amount, day, place).
    """
    take(allocation)
    rules.check_open(allocation.state)
    rules.check_confirmer(by.id, allocation.voucher.paid_by_id)
    rules.check_amount(amount, allocation.left)
    rules.check_received_on(received_on, allocation.sent.document_on)
    check_account(bank_account, allocation.to_unit_id, allocation.fund_id)
    shares = rules.take_from_rows(queries.rows_left(allocation), amount)
    day = common_day(allocation, received_on)
    head: dict[str, Any] = {"fund": allocation.fund, "document_on": received_on, "booked_on": day, "by": by}
    paper = allocation.sent.paper_number
    carried = queries.carried_to(allocation.to_unit_id, [share.campaign_id for share in shares])
    out = ledger.post(
        rules.DOCUMENT,
        unit=allocation.unit,
        lines=_out_lines(allocation, shares, carried),
        second=allocation.voucher.paid_by,
        reason=f"{allocation.to_unit.name} xác nhận đã nhận phân bổ theo phiếu {paper}.",
        **head,
    )
    place = place_account(allocation.to_unit_id, allocation.fund_id, bank_account=bank_account, holder=holder)
    into = ledger.post(
        rules.DOCUMENT,
        unit=allocation.to_unit,
        lines=_in_lines(allocation, shares, carried, place),
        series=rules.SERIES,
        second=allocation.voucher.paid_by,
        reason=f"Nhận phân bổ từ {allocation.unit.name} theo phiếu {paper}.",
        **head,
    )
    receipt = AllocationReceipt(
        voucher_id=allocation.voucher_id,
        amount=amount,
        received_on=received_on,
        bank_account_id=bank_account.id if bank_account else None,
        holder_id=holder.id if holder else None,
        note=note,
        confirmed_by_id=by.id,
        out_number=out.number,
        in_number=into.number,
    )
    allocation.receipts.append(receipt)
    keep_shares(out, shares)
    settle(allocation)
    return receipt


def _out_lines(allocation: Allocation, shares: Iterable[Share], carried: set[int]) -> list[Line]:
    """The sender's: what was on the way has moved out, of the campaign that each row names."""
    owner = {
        "unit_id": allocation.unit_id,
        "fund_id": allocation.fund_id,
        "partner_id": allocation.to_unit_id,
    }
    way = on_the_way_account(allocation)

    def out(campaign_id: int | None) -> Account:
        kept = campaign_id is None or campaign_id in carried
        purpose = MOVED_OUT if kept else MOVED_FREED
        return ledger.account_for(**owner, kind="moved", purpose=purpose, campaign_id=campaign_id)

    return [Line(way, out(share.campaign_id), share.amount) for share in shares]


def _in_lines(
    allocation: Allocation, shares: Iterable[Share], carried: set[int], place: Account
) -> list[Line]:
    """The receiver's: of the same campaign where it takes part in it, else "chung"."""
    owner = {
        "unit_id": allocation.to_unit_id,
        "fund_id": allocation.fund_id,
        "partner_id": allocation.unit_id,
    }

    def into(campaign_id: int | None) -> Account:
        kept = campaign_id if campaign_id in carried else None
        return ledger.account_for(**owner, kind="moved", purpose=MOVED_IN, campaign_id=kept)

    return [Line(into(share.campaign_id), place, share.amount) for share in shares]


def take(allocation: Allocation) -> None:
    """Lock the books and read the allocation as it is now."""
    take_posting_lock()
    db.session.refresh(allocation, with_for_update={"of": Allocation})


def settle(allocation: Allocation) -> None:
    """Count anew what was confirmed and what came out differently; the state follows."""
    db.session.flush()
    allocation.received = sum(one.amount for one in allocation.receipts if one.reversed_at is None)
    allocation.differing = sum(
        one.amount for one in allocation.differences if one.approved and one.reversed_at is None
    )
    allocation.state = rules.state_of(allocation.amount, allocation.received, allocation.differing)
    db.session.flush()


def keep_shares(posting: Posting, shares: Iterable[Share]) -> None:
    """Remember which rows a document of the sender was about."""
    for share in shares:
        db.session.add(
            AllocationShare(posting_number=posting.number, voucher_row_id=share.row_id, amount=share.amount)
        )


def common_day(allocation: Allocation, document_on: date) -> date:
    """The first day on or after the paper's that is open in both units, and not before the money was sent.

    Raises Refused for a day to come.
    """
    today = today_in_vietnam()
    closed = (
        closed_through(unit, allocation.fund_id) for unit in (allocation.unit_id, allocation.to_unit_id)
    )
    days = [booking_day(document_on, closed_through=through, today=today) for through in closed]
    return max(*days, allocation.sent_on)


def on_the_way_account(allocation: Allocation) -> Account:
    """The sender's account of what is on the way to this unit."""
    return ledger.account_for(
        unit_id=allocation.unit_id,
        fund_id=allocation.fund_id,
        kind=ON_THE_WAY,
        partner_id=allocation.to_unit_id,
    )


def place_account(
    unit_id: int, fund_id: int, *, bank_account: BankAccount | None, holder: User | None
) -> Account:
    """Where money comes to: transit of a bank account, a hand, the box."""
    owner = {"unit_id": unit_id, "fund_id": fund_id}
    if bank_account is not None:
        return ledger.account_for(**owner, kind="transit", bank_account_id=bank_account.id)
    return ledger.account_for(**owner, kind="cash", holder_id=holder.id if holder else None)


def check_account(bank_account: BankAccount | None, unit_id: int, fund_id: int) -> None:
    """The bank account is the unit's and the fund's. Raises Refused (place)."""
    if bank_account is not None and (bank_account.unit_id, bank_account.fund_id) != (unit_id, fund_id):
        raise Refused("Tài khoản này không thuộc đơn vị và quỹ nhận tiền. Chọn tài khoản khác.", "place")
