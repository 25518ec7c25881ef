"""The papers of other entries: phiếu thu, phiếu chi, phiếu kế toán, as the values one template prints."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.kit.days import long_day
from portal.kit.money import format_amount
from portal.kit.vietnamese import capital_first
from portal.ledger.queries import reversal_of
from portal.spending.models_others import InAndOut, OtherEntry
from portal.spending.queries_others import place_of
from portal.spending.rules_others import CAUSES, COUNT
from portal.units.queries import UnitTexts, paper_form, unit_texts

RECEIPT, PAYMENT, ACCOUNTING = "receipt", "payment", "accounting_voucher"
TITLES = {RECEIPT: "Phiếu thu", PAYMENT: "Phiếu chi", ACCOUNTING: "Phiếu kế toán"}


@dataclass(frozen=True)
class EntryPaper:
    """One paper; `facts` are (label, value or None), `signatures` (role, how, name or None)."""

    title: str
    caption: str
    basis: str
    issuer: str
    committee: str
    address: str
    number: str
    day: str
    facts: list[tuple[str, str | None]]
    amount: str
    words: str
    signatures: list[tuple[str, str, str | None]]
    reversed_on: date | None


def entry_paper(entry: OtherEntry) -> EntryPaper:
    """The paper of an entry that is in the books."""
    counted = entry.cause == COUNT
    form = (RECEIPT if entry.gain else PAYMENT) if counted else ACCOUNTING
    facts: list[tuple[str, str | None]] = [
        ("Loại", CAUSES[entry.cause]),
        ("Ghi tăng" if entry.gain else "Ghi giảm", place_of(entry)),
        ("Lý do", entry.reason),
    ]
    if entry.rate:
        facts.append(("Tỷ giá", entry.rate))
    if entry.cash_count is not None:
        count = entry.cash_count
        facts.append(("Theo biên bản kiểm kê quỹ ngày", f"{count.counted_on:%d/%m/%Y}"))
        facts.append(
            ("Kiểm kê / theo sổ", f"{format_amount(count.total)} đồng / {format_amount(count.in_books)} đồng")
        )
    return _paper(entry, form, facts, with_cash=counted)


def in_and_out_paper(entry: InAndOut) -> EntryPaper:
    """The paper of what a sponsor paid directly, once it is in the books."""
    row = entry.decision_row
    facts: list[tuple[str, str | None]] = [
        ("Nhà tài trợ", ", ".join(part for part in (entry.donor_name, entry.address) if part)),
        ("Đã trả thẳng cho", entry.supplier),
        ("Hóa đơn, biên bản", entry.supplier_paper),
        ("Nội dung", entry.reason),
        ("Theo văn bản", f"{row.decision.number} ngày {row.decision.decided_on:%d/%m/%Y}"),
        ("Ghi thu", "Nhà tài trợ trả thẳng" + (f", đợt {row.campaign.name}" if row.campaign else "")),
        ("Ghi chi", f"{row.spending_purpose.name}, cho {row.receiver}"),
        ("Mã khoản ủng hộ", entry.donation.code if entry.donation else None),
    ]
    return _paper(entry, ACCOUNTING, facts, with_cash=False)


def _paper(
    entry: OtherEntry | InAndOut, key: str, facts: list[tuple[str, str | None]], *, with_cash: bool
) -> EntryPaper:
    posting = entry.posting
    assert posting is not None
    texts = unit_texts(entry.unit, posting.document_on)
    form = paper_form(key, entry.unit_id, posting.document_on)
    reversal = reversal_of(posting.number)
    facts = [*facts, ("Người duyệt", posting.second_name)]
    return EntryPaper(
        title=form.title if form else TITLES[key],
        caption=form.caption if form else "",
        basis=form.basis if form else "",
        issuer=" ".join(texts.issuing_lines),
        committee=texts.committee,
        address=texts.address,
        number=posting.paper_number or str(posting.number),
        day=capital_first(long_day(posting.document_on)),
        facts=facts,
        amount=f"{format_amount(entry.amount)} đồng",
        words=texts.in_words(entry.amount),
        signatures=_signatures(entry, texts, with_cash=with_cash),
        reversed_on=reversal.document_on if reversal else None,
    )


def _signatures(
    entry: OtherEntry | InAndOut, texts: UnitTexts, *, with_cash: bool
) -> list[tuple[str, str, str | None]]:
    signed = [
        ("Thủ trưởng", "Ký, họ tên, đóng dấu", texts.head or None),
        ("Kế toán", "Ký, họ tên", texts.accountant or None),
        ("Người lập", "Ký, họ tên", entry.requested_by.name),
    ]
    return [*signed, ("Thủ quỹ", "Ký, họ tên", texts.treasurer or None)] if with_cash else signed
