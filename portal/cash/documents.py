"""The papers of cash: hand-over slip, deposit slip, minutes of a count. Unknown values print as dotted lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from portal.cash.models import CashCount, CashDeposit, CashHandover
from portal.cash.rules import BOX, DENOMINATIONS
from portal.kit.days import VIETNAM, long_day
from portal.kit.vietnamese import capital_first
from portal.units.models import Unit
from portal.units.queries import unit_texts


@dataclass(frozen=True)
class CashPaper:
    """One paper, ready to be printed. `facts` are (label, value or None); `signatures` (role, name or None)."""

    title: str
    issuer: list[str]
    committee: str
    number: str | None
    day: str
    facts: list[tuple[str, str | None]]
    notes: list[tuple[int, int, int]]  # denomination, pieces, đồng
    amount: int
    words: str | None
    signatures: list[tuple[str, str | None]]
    lines: list[tuple[str, int]] = field(default_factory=list)  # sums under the notes
    blank_notes: bool = False


def notes_of(kept: dict[str, int]) -> list[tuple[int, int, int]]:
    """(denomination, pieces, đồng), the largest first."""
    return [(note, kept[str(note)], note * kept[str(note)]) for note in DENOMINATIONS if kept.get(str(note))]


def handover_paper(slip: CashHandover) -> CashPaper:
    """Giấy giao nhận tiền: two names, the amount, the notes."""
    day = (
        slip.posting.document_on if slip.posting else (slip.answered_at or slip.given_at).astimezone(VIETNAM)
    )
    facts: list[tuple[str, str | None]] = [
        ("Người giao", slip.giver.name),
        ("Người nhận", slip.receiver.name),
        ("Tiền nằm ở", BOX if slip.into_box else f"{slip.receiver.name} giữ"),
        ("Thuộc quỹ", slip.fund.name),
        ("Ghi chú", slip.remark),
    ]
    signatures: list[tuple[str, str | None]] = [
        ("Người giao", slip.giver.name),
        ("Người nhận", slip.receiver.name),
    ]
    number = slip.posting.paper_number if slip.posting else None
    return _paper("Giấy giao nhận tiền", slip.unit, day, number, facts, slip.notes, slip.amount, signatures)


def deposit_paper(slip: CashDeposit) -> CashPaper:
    """Bảng kê nộp tiền: into which account, out of which hand."""
    posting, account = slip.posting, slip.bank_account
    facts: list[tuple[str, str | None]] = [
        ("Người nộp", posting.entry.by_name),
        ("Lấy tiền từ", slip.holder.name if slip.holder else BOX),
        ("Nộp vào tài khoản", f"{account.number} tại {account.bank}"),
        ("Chủ tài khoản", account.holder or None),
        ("Nội dung", f"Nộp tiền {posting.fund.name}"),
    ]
    texts = unit_texts(posting.unit, posting.document_on)
    signatures = [
        ("Người nộp", posting.entry.by_name),
        ("Thủ quỹ", texts.treasurer or None),
        ("Kế toán", texts.accountant or None),
    ]
    return _paper(
        "Bảng kê nộp tiền",
        posting.unit,
        posting.document_on,
        posting.paper_number,
        facts,
        slip.notes,
        slip.amount,
        signatures,
    )


def count_paper(count: CashCount) -> CashPaper:
    """Biên bản kiểm kê quỹ: the notes, the books, the difference."""
    facts: list[tuple[str, str | None]] = [
        ("Nơi giữ tiền", count.holder.name if count.holder else BOX),
        ("Người kiểm", count.by.name),
        ("Người chứng kiến", count.witness),
        ("Nhận xét", count.remark),
    ]
    texts = unit_texts(count.unit, count.counted_on)
    signatures = [
        ("Người kiểm", count.by.name),
        ("Người chứng kiến", count.witness),
        ("Thủ quỹ", texts.treasurer or None),
        ("Kế toán", texts.accountant or None),
    ]
    difference = count.total - count.in_books
    lines = [("Số dư theo sổ", count.in_books), ("Số kiểm kê thực tế", count.total)]
    lines.append(("Chênh lệch thừa" if difference > 0 else "Chênh lệch thiếu", abs(difference)))
    return _paper(
        "Biên bản kiểm kê quỹ",
        count.unit,
        count.counted_on,
        None,
        facts,
        count.notes,
        count.total,
        signatures,
        lines if difference else lines[:2],
    )


def _paper(
    title: str,
    unit: Unit,
    day: date,
    number: str | None,
    facts: list[tuple[str, str | None]],
    notes: dict[str, int],
    amount: int,
    signatures: list[tuple[str, str | None]],
    lines: list[tuple[str, int]] | None = None,
) -> CashPaper:
    texts = unit_texts(unit, day)
    return CashPaper(
        title=title,
        issuer=texts.issuing_lines,
        committee=texts.committee,
        number=number,
        day=capital_first(long_day(day)),
        facts=facts,
        notes=notes_of(notes),
        amount=amount,
        words=texts.in_words(amount) if amount else None,
        signatures=signatures,
        lines=lines or [],
    )
