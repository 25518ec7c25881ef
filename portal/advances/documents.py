"""Giấy thanh toán tiền tạm ứng: received, paid out by row, kept, brought back; phiếu chi of money that was kept."""

from __future__ import annotations

from dataclasses import dataclass

from portal.advances.models import PutAside, Settlement
from portal.cash.rules import BOX
from portal.kit.days import format_day, long_day
from portal.kit.money import format_amount
from portal.kit.vietnamese import capital_first
from portal.spending.documents_vouchers import Paper, decision_text
from portal.units.queries import paper_form, unit_texts


@dataclass(frozen=True)
class Line:
    """One row of the paper; amounts as they are printed, "" for none."""

    receiver: str
    content: str
    given: str
    paid: str
    absent: str
    returned: str


@dataclass(frozen=True)
class SettlementPaper:
    """The paper, ready to be printed."""

    title: str
    caption: str
    issuer: str
    committee: str
    number: str
    day: str
    officer: str
    advance: str
    decision: str
    papers: str
    lines: list[Line]
    totals: Line
    words: str
    mark: str
    head: str
    accountant: str
    treasurer: str
    maker: str


def settlement_paper(settlement: Settlement) -> SettlementPaper:
    """What became of an advance, as its unit's texts stood on the day."""
    advance, day = settlement.voucher, settlement.settled_on
    texts, form = unit_texts(advance.unit, day), paper_form("advance_settlement", advance.unit_id, day)
    assert advance.posting is not None and advance.officer is not None
    lines = [
        Line(
            row.voucher_row.decision_row.receiver,
            row.absent_note or "",
            format_amount(row.voucher_row.amount),
            *(format_amount(amount) if amount else "" for amount in (row.paid, row.absent, row.returned)),
        )
        for row in settlement.rows
    ]
    return SettlementPaper(
        title=form.title if form else "Giấy thanh toán tiền tạm ứng",
        caption=form.caption if form else "",
        issuer=" ".join(texts.issuing_lines),
        committee=texts.committee,
        number=settlement.posting.paper_number or "" if settlement.posting else "",
        day=capital_first(long_day(day)),
        officer=advance.officer.name,
        advance=f"{advance.posting.paper_number}, ngày {format_day(advance.posting.document_on)}",
        decision=f"{advance.decision.number or ''}, ngày {format_day(advance.decision.decided_on)}".lstrip(
            ", "
        ),
        papers=settlement.papers or "",
        lines=lines,
        totals=_totals(settlement),
        words=texts.in_words(settlement.amount),
        mark="ĐÃ HỦY" if settlement.reversed or settlement.approved is False else "",
        head=texts.head,
        accountant=texts.accountant,
        treasurer=texts.treasurer,
        maker=settlement.prepared_by.name if settlement.prepared_by else "",
    )


def _totals(settlement: Settlement) -> Line:
    sums = [
        sum(row.voucher_row.amount for row in settlement.rows),
        sum(row.paid for row in settlement.rows),
        sum(row.absent for row in settlement.rows),
        sum(row.returned for row in settlement.rows),
    ]
    return Line("Cộng", "", *(format_amount(amount) if amount else "" for amount in sums))


def release_paper(item: PutAside) -> Paper:
    """The phiếu chi of money that its receiver, or somebody for them, got after all."""
    posting = item.end_posting
    assert posting is not None
    day = posting.document_on
    texts, form = unit_texts(item.unit, day), paper_form("payment", item.unit_id, day)
    since = f"giữ từ ngày {format_day(item.since)}"
    return Paper(
        title=form.title if form else "Phiếu chi",
        caption=form.caption if form else "",
        basis=form.basis if form else "",
        issuer=" ".join(texts.issuing_lines),
        committee=texts.committee,
        address=texts.address,
        number=posting.paper_number or "",
        day=capital_first(long_day(day)),
        receiver=f"{item.taken_by} ({item.relation}), nhận thay {item.receiver}"
        if item.taken_by
        else item.receiver,
        receiver_address=item.decision_row.address or "",
        receiver_paper="",
        reason=f"Trao tiền giữ cho người vắng, {since}: {item.voucher_row.voucher.content}",
        decision=decision_text(item.decision_row.decision),
        place=f"Tiền mặt {item.holder.name} giữ" if item.holder else BOX,
        amount=f"{format_amount(item.amount)} đồng",
        words=texts.in_words(item.amount),
        attached="",
        head=texts.head,
        accountant=texts.accountant,
        maker=item.asked_by.name if item.asked_by else "",
        treasurer=texts.treasurer,
        mark="",
    )
