"""What happened to a decision, and to what somebody asked for, in sentences."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal.kit.days import format_day, format_moment
from portal.kit.money import format_dong
from portal.ledger.queries import reversal_of
from portal.spending import queries_decisions as found
from portal.spending import rules
from portal.spending.models import Decision, Voucher
from portal.spending.models_others import InAndOut, OtherEntry

Told = tuple[datetime, dict[str, str | None]]


def story_of(decision: Decision) -> list[dict[str, str | None]]:
    """`when`, `text`, `note` of everything that was done with a decision, oldest first."""
    maker = decision.prepared_by.name if decision.prepared_by else "Dòng lệnh"
    told = [_at(decision.prepared_at, f"{maker} soạn văn bản, {len(decision.rows)} dòng.")]
    if decision.issued_at and decision.issued_by:
        told.append(_at(decision.issued_at, f"{decision.issued_by.name} ban hành, số {decision.number}."))
    for voucher in found.vouchers_of(decision):
        told += _voucher(voucher)
    for entry in found.in_and_out_of(decision):
        told += asked_and_answered(entry, f"ghi thu – ghi chi {format_dong(entry.amount)}")
    if decision.withdrawn_at and decision.withdrawn_by:
        note = f"Lý do: {decision.withdrawn_reason}"
        told.append(_at(decision.withdrawn_at, f"{decision.withdrawn_by.name} thu hồi văn bản.", note))
    return [entry for _, entry in sorted(told, key=lambda item: item[0])]


def story_of_entry(entry: OtherEntry | InAndOut, what: str) -> list[dict[str, str | None]]:
    """The same of something that one person asks and another decides; `what`: "ghi phí ngân hàng …"."""
    return [told for _, told in sorted(asked_and_answered(entry, what), key=lambda item: item[0])]


def _voucher(voucher: Voucher) -> list[Told]:
    maker = voucher.prepared_by.name if voucher.prepared_by else "Dòng lệnh"
    told = [_at(voucher.prepared_at, f"{maker} lập phiếu {format_dong(voucher.amount)}: {voucher.content}.")]
    if voucher.posting is not None:
        paper, day = voucher.posting.paper_number, format_day(voucher.posting.document_on)
        told.append(_at(voucher.posting.entry.recorded_at, f"Đã chi theo phiếu {paper} ngày {day}."))
        mirror = reversal_of(voucher.posting.number)
        if mirror is not None:
            told.append(_at(mirror.entry.recorded_at, f"Phiếu {paper} đã được đảo."))
    elif voucher.state in (rules.REFUSED, rules.VOID) and voucher.approved_at is not None:
        state = rules.VOUCHER_STATES[voucher.state].lower()
        told.append(_at(voucher.approved_at, f"Phiếu {format_dong(voucher.amount)} {state}.", voucher.answer))
    return told


def asked_and_answered(entry: Any, what: str) -> list[Told]:
    """A request, its answer, and the reversal of its document. `what`: "ghi phí ngân hàng 22.000 đ"."""
    told = [_at(entry.requested_at, f"{entry.requested_by.name} đề nghị {what}.", f"Lý do: {entry.reason}")]
    if entry.decided_at is not None and entry.decided_by is not None:
        verb = "duyệt" if entry.approved else "không duyệt"
        note = f"Ý kiến: {entry.answer}" if entry.answer else None
        told.append(_at(entry.decided_at, f"{entry.decided_by.name} {verb} đề nghị {what}.", note))
    if entry.posting_number is not None and (mirror := reversal_of(entry.posting_number)) is not None:
        told.append(_at(mirror.entry.recorded_at, f"Chứng từ {what} đã được đảo."))
    return told


def _at(moment: datetime, text: str, note: str | None = None) -> Told:
    return moment, {"when": format_moment(moment), "text": text, "note": note}
