"""Phiếu phân bổ kinh phí: the paper that both units sign. Unknown values print as dotted lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from portal.allocations.models import Allocation
from portal.allocations.queries import rows_left
from portal.allocations.story import place_name
from portal.campaigns.models import Campaign
from portal.kit.days import format_day, long_day
from portal.kit.db import db
from portal.kit.vietnamese import capital_first
from portal.ledger.queries import reversal_of
from portal.spending.models import DecisionRow, VoucherRow
from portal.spending.rules import BASES
from portal.units.models import Unit
from portal.units.queries import unit_texts

GENERAL = "Nguồn chung"


@dataclass(frozen=True)
class SourceRow:
    """A row of the voucher: whose money, for what, how much, how much of it is still on the way (đồng)."""

    source: str
    content: str | None
    amount: int
    left: int


@dataclass(frozen=True)
class Side:
    """One of the two units, as it signs."""

    name: str
    address: str | None
    head: str | None
    accountant: str | None


@dataclass(frozen=True)
class Coming:
    """One confirmation: day, number, place, đồng."""

    day: str
    number: str | None
    place: str
    amount: int


@dataclass(frozen=True)
class AllocationPaper:
    """The paper, ready to be printed; amounts in đồng."""

    issuer: list[str]
    committee: str
    number: str | None
    place_date: str
    fund: str
    basis: str
    content: str
    way: str
    sender: Side
    receiver: Side
    rows: list[SourceRow]
    amount: int
    words: str
    comings: list[Coming]
    received: int
    received_words: str | None
    differing: int
    left: int
    reversed_on: str | None


def source_rows(allocation: Allocation) -> list[SourceRow]:
    """The voucher's rows that were not refused, in their order."""
    left = {share.row_id: share.amount for share in rows_left(allocation)} if allocation.left else {}
    rows = (
        select(VoucherRow.id, VoucherRow.amount, DecisionRow.content, Campaign.name)
        .join(DecisionRow, DecisionRow.id == VoucherRow.decision_row_id)
        .outerjoin(Campaign, Campaign.id == DecisionRow.campaign_id)
        .where(VoucherRow.voucher_id == allocation.voucher_id, VoucherRow.refused.is_(None))
        .order_by(VoucherRow.ordinal)
    )
    return [
        SourceRow(row.name or GENERAL, row.content, row.amount, left.get(row.id, 0))
        for row in db.session.execute(rows)
    ]


def basis_of(allocation: Allocation) -> str:
    """ "Quyết định hỗ trợ số 12/QĐ-MTTQ-BTT ngày 10/11/2026"."""
    decision = allocation.voucher.decision
    return f"{BASES[decision.kind]} số {decision.number} ngày {format_day(decision.decided_on)}"


def way_of(allocation: Allocation) -> str:
    """How the money left: by transfer or in cash."""
    account = allocation.voucher.bank_account
    return f"Chuyển khoản từ tài khoản {account.number} tại {account.bank}" if account else "Tiền mặt"


def allocation_paper(allocation: Allocation) -> AllocationPaper:
    """Everything that the paper says, on the day on which the money was sent."""
    posting, day = allocation.sent, allocation.sent.document_on
    texts = unit_texts(allocation.unit, day)
    reversal = reversal_of(posting.number)
    received = allocation.received
    return AllocationPaper(
        issuer=texts.issuing_lines,
        committee=texts.committee,
        number=posting.paper_number,
        place_date=f"{texts.place}, {long_day(day)}" if texts.place else capital_first(long_day(day)),
        fund=allocation.fund.name,
        basis=basis_of(allocation),
        content=allocation.voucher.content,
        way=way_of(allocation),
        sender=_side(allocation.unit, day),
        receiver=_side(allocation.to_unit, day),
        rows=source_rows(allocation),
        amount=allocation.amount,
        words=texts.in_words(allocation.amount),
        comings=[
            Coming(format_day(one.received_on), one.incoming.paper_number, place_name(one), one.amount)
            for one in allocation.receipts
            if one.reversed_at is None
        ],
        received=received,
        received_words=texts.in_words(received) if received else None,
        differing=allocation.differing,
        left=allocation.left,
        reversed_on=format_day(reversal.booked_on) if reversal else None,
    )


def _side(unit: Unit, day: date) -> Side:
    texts = unit_texts(unit, day)
    return Side(unit.name, texts.address or None, texts.signer_name or None, texts.accountant or None)
