"""A voucher → the values of its paper: phiếu chi or ủy nhiệm chi, with the list of receivers where there are several.

The seven contents of a voucher (Thông tư 41/2022/TT-BTC): name and number, date, issuer, other party, content, quantity
and amount in figures and words, signatures. What is not known stays empty and prints as a dotted line.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from portal.kit.days import format_day, long_day, today_in_vietnam
from portal.kit.money import format_amount
from portal.kit.vietnamese import capital_first
from portal.spending.models import Decision, Voucher, VoucherRow
from portal.spending.queries import place_name
from portal.spending.rules import BASES, REVERSED, VOID
from portal.units.queries import paper_form, unit_texts


@dataclass(frozen=True)
class Party:
    """Who pays or gets a transfer: holder, number and bank of an account."""

    holder: str
    number: str
    bank: str


@dataclass(frozen=True)
class Receiver:
    """One row of the annexed list; `account` for transfers."""

    name: str
    address: str
    content: str
    account: str
    amount: str


@dataclass(frozen=True)
class Paper:
    """One voucher, ready to be printed. "" prints as a dotted line."""

    title: str
    caption: str
    basis: str
    issuer: str
    committee: str
    address: str
    number: str
    day: str
    receiver: str
    receiver_address: str
    receiver_paper: str
    reason: str
    decision: str
    place: str
    amount: str
    words: str
    attached: str
    head: str
    accountant: str
    maker: str
    treasurer: str
    mark: str  # "ĐÃ HỦY", "CHƯA CHI" or ""
    payer: Party | None = None  # of a bank payment
    payee: Party | None = None
    rows: list[Receiver] = field(default_factory=list)


def paper_of(voucher: Voucher) -> Paper:
    """The voucher's paper, as its unit's texts stood on its day."""
    posting = voucher.posting
    day = posting.document_on if posting else today_in_vietnam()
    texts, bank = unit_texts(voucher.unit, day), voucher.bank_account is not None
    form = paper_form("bank_payment" if bank else "payment", voucher.unit_id, day)
    live = voucher.live_rows
    listed = len(live) > 1
    return Paper(
        title=form.title if form else "Ủy nhiệm chi" if bank else "Phiếu chi",
        caption=form.caption if form else "",
        basis=form.basis if form else "",
        issuer=" ".join(texts.issuing_lines),
        committee=texts.committee,
        address=texts.address,
        number=posting.paper_number or "" if posting else "",
        day=capital_first(long_day(day)) if posting else "Ngày ..... tháng ..... năm .........",
        receiver=_receiver(voucher, listed),
        receiver_address=voucher.receiver_address or ("" if listed else live[0].decision_row.address or ""),
        receiver_paper=voucher.receiver_paper or "",
        reason=voucher.content,
        decision=decision_text(voucher.decision),
        place=place_name(voucher),
        amount=f"{format_amount(voucher.amount)} đồng",
        words=texts.in_words(voucher.amount),
        attached=voucher.attachments or (f"danh sách {len(live)} người nhận" if listed else ""),
        head=texts.head,
        accountant=texts.accountant,
        maker=voucher.prepared_by.name if voucher.prepared_by else "",
        treasurer=texts.treasurer,
        mark=_mark(voucher),
        payer=_payer(voucher),
        payee=_payee(voucher, listed),
        rows=[_row(row) for row in live] if listed else [],
    )


def decision_text(one: Decision) -> str:
    """ "Quyết định hỗ trợ số 12/QĐ-MTTQ-BTT ngày 10/11/2026"."""
    number = f" số {one.number}" if one.number else ""
    return f"{BASES[one.kind]}{number} ngày {format_day(one.decided_on)}"


def _receiver(voucher: Voucher, listed: bool) -> str:
    if voucher.receiver:
        return voucher.receiver
    if voucher.officer is not None:
        return voucher.officer.name
    if voucher.to_unit is not None:
        return voucher.to_unit.name
    return "theo danh sách kèm theo" if listed else voucher.live_rows[0].decision_row.receiver


def _mark(voucher: Voucher) -> str:
    if voucher.state in (REVERSED, VOID):
        return "ĐÃ HỦY"
    return "" if voucher.posting else "CHƯA CHI"


def _payer(voucher: Voucher) -> Party | None:
    account = voucher.bank_account
    return Party(account.holder, account.number, account.bank) if account else None


def _payee(voucher: Voucher, listed: bool) -> Party | None:
    if voucher.bank_account is None:
        return None
    if listed:
        return Party("theo danh sách kèm theo", "", "")
    row = voucher.live_rows[0].decision_row
    return Party(row.account_holder or _receiver(voucher, listed), row.account_number or "", row.bank or "")


def _row(row: VoucherRow) -> Receiver:
    decided = row.decision_row
    account = " ".join(part for part in (decided.account_number, decided.bank) if part)
    return Receiver(
        decided.receiver,
        decided.address or "",
        decided.content or decided.spending_purpose.name,
        account,
        format_amount(row.amount),
    )
