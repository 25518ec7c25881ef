"""Release: money (an advance, or transfers) and goods of an approved list leave for its households.

The voucher is prepared and approved by those who made and approved the list, and paid on its own page; goods move to
the officer's hand. Reversals send the list back to approved, and it is released again. Flushes; the caller commits.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from portal.distributions import queries, rules
from portal.distributions import queries_rows as found
from portal.distributions.actions_rows import check_round, take
from portal.distributions.events import note
from portal.distributions.models import Distribution, DistributionGoods
from portal.goods import actions as goods
from portal.goods.models import Store
from portal.goods.rules import SlipRow
from portal.kit.db import db, now
from portal.kit.errors import Refused
from portal.kit.money import format_amount, format_dong
from portal.ledger.actions import after_reversal_of
from portal.ledger.models import Posting
from portal.people.models import User
from portal.spending import rules as spending
from portal.spending.actions_vouchers import after_payment, approve_voucher, prepare_voucher
from portal.spending.models import Voucher
from portal.spending.rules import Wanted

OUT = "out"
HAND_CODE = "TAY"


def release(distribution: Distribution, *, by: User, on: date) -> Distribution:
    """Let what is still missing leave: write the voucher, move the goods on `on`. All or nothing; raises Refused.

    The list is released once its money (if any) is paid and its goods (if any) are out.
    """
    take(distribution, rules.APPROVED)
    check_round(distribution)
    decision = distribution.decision
    assert decision is not None
    if on < decision.decided_on:
        raise Refused(f"Ngày xuất trước ngày quyết định {decision.decided_on:%d/%m/%Y}. Sửa ngày.", "on")
    if found.money_of(distribution) and not has_voucher(distribution):
        _write_voucher(distribution)
    if found.goods_of(distribution) and not found.goods_documents(distribution, OUT):
        _move_goods(distribution, by, on)
    settle_release(distribution, by)
    db.session.flush()
    return distribution


def has_voucher(distribution: Distribution) -> bool:
    """Whether a voucher of the list waits or is paid."""
    return distribution.voucher is not None and distribution.voucher.state in spending.LIVE


def _write_voucher(distribution: Distribution) -> None:
    assert distribution.decision is not None and distribution.approved_by is not None
    rows = [row for row in db.session.scalars(queries.rows_of(distribution)) if row.amount]
    wanted = [Wanted(row.decision_row_id, row.amount) for row in rows if row.decision_row_id and row.amount]
    by_hand = distribution.way == rules.ADVANCE
    officer = distribution.officer if by_hand else None
    voucher = prepare_voucher(
        distribution.decision,
        wanted=wanted,
        content=distribution.name,
        what=spending.ADVANCE if by_hand else spending.PAYMENT,
        bank_account=distribution.bank_account,
        officer=officer,
        settle_by=distribution.settle_by if by_hand else None,
        receiver=officer.name if officer else None,
        by=distribution.prepared_by,
        from_origin=True,
    )
    approve_voucher(voucher, by=distribution.approved_by)
    distribution.voucher_id, distribution.voucher = voucher.id, voucher
    text = f"Lập phiếu {spending.WHATS[voucher.what].lower()} {format_dong(voucher.amount)}, chờ chi"
    note(distribution, "voucher", text, distribution.prepared_by)
    db.session.flush()


def _move_goods(distribution: Distribution, by: User, on: date) -> None:
    assert distribution.store is not None
    hand = hand_store(distribution)
    rows = [SlipRow(one.item.id, one.quantity) for one in found.goods_of(distribution)]
    posting = goods.transfer(
        store=distribution.store,
        to_store=hand,
        rows=rows,
        day=on,
        by=by,
        partner=distribution.officer.name if distribution.officer else None,
        remark=distribution.name,
    )
    db.session.add(
        DistributionGoods(posting_number=posting.number, distribution_id=distribution.id, what=OUT)
    )
    distribution.hand_store_id, distribution.hand_store = hand.id, hand
    text = f"Xuất hàng cho người đi trao, phiếu {posting.paper_number}"
    note(distribution, "goods", text, by)
    db.session.flush()


def hand_store(distribution: Distribution) -> Store:
    """What the list's officer has in hand of this unit and fund, as a store; made on first use."""
    officer = distribution.officer
    assert officer is not None
    wanted = select(Store).where(
        Store.unit_id == distribution.unit_id,
        Store.fund_id == distribution.fund_id,
        Store.keeper_id == officer.id,
        Store.in_hand,
    )
    known = db.session.scalar(wanted.order_by(Store.id).limit(1))
    if known is not None:
        known.closed_on = None
        return known
    return goods.record_store(
        code=f"{HAND_CODE}-{distribution.unit_id}-{distribution.fund_id}-{officer.id}",
        name=f"Hàng {officer.name} giữ để trao",
        unit=distribution.unit,
        fund_id=distribution.fund_id,
        keeper=officer,
        in_hand=True,
    )


def settle_release(distribution: Distribution, by: User | None) -> None:
    """The list is released when nothing is missing, approved otherwise."""
    complete = not queries.missing(distribution)
    if complete and distribution.state == rules.APPROVED:
        distribution.state = rules.RELEASED
        distribution.released_by_id, distribution.released_at = by.id if by else None, now()
        count = format_amount(found.count_rows(distribution))
        note(distribution, "released", f"Tiền, hàng đã giao cho người đi trao: {count} hộ", by)
    elif not complete and distribution.state == rules.RELEASED:
        distribution.state = rules.APPROVED
        distribution.released_by_id = distribution.released_at = None
    db.session.flush()


@after_payment
def follow_payment(voucher: Voucher, posting: Posting) -> None:
    """The money of a list was paid."""
    distribution = queries.list_of_voucher(voucher.id)
    if distribution is None:
        return
    payer = db.session.get(User, voucher.paid_by_id) if voucher.paid_by_id else None
    note(distribution, "paid", f"Chi {format_dong(voucher.amount)}, phiếu {posting.paper_number}", payer)
    settle_release(distribution, payer)


@after_reversal_of("payment", "advance_paid", "internal")
def follow_reversal(posting: Posting, mirror: Posting) -> None:
    """Money or goods of a list came back: it is approved only, and released again. Raises Refused.

    What was told at the hand-over rests on them, so it is taken back first.
    """
    voucher = db.session.scalar(select(Voucher).where(Voucher.posting_number == posting.number))
    distribution = queries.list_of_voucher(voucher.id) if voucher is not None else None
    moved = db.session.get(DistributionGoods, posting.number)
    if distribution is not None:
        _check_nothing_told(distribution)
        distribution.voucher_id = distribution.voucher = None
        text = f"Đảo phiếu chi {posting.paper_number}"
    elif moved is not None and moved.what == OUT and not moved.reversed:
        distribution = db.session.get_one(Distribution, moved.distribution_id)
        _check_nothing_told(distribution)
        moved.reversed = True
        text = f"Đảo phiếu xuất hàng {posting.paper_number}"
    else:
        return
    note(distribution, "reversed", text, None)
    db.session.flush()
    settle_release(distribution, None)


def _check_nothing_told(distribution: Distribution) -> None:
    if distribution.state == rules.CLOSED:
        raise Refused(f"Danh sách “{distribution.name}” đã khóa nên không đảo được phiếu này.")
    told = found.has_outcomes(distribution)
    if told:
        raise Refused(
            f"Danh sách “{distribution.name}” đã ghi kết quả trao cho {format_amount(told)} hộ. "
            "Bỏ kết quả của các hộ đó trước, rồi đảo phiếu."
        )
