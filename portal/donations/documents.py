"""A payment voucher (phiếu chi) for money given back, as the values its template prints; amounts in words.

What is not known stays empty and is printed as a dotted line for the pen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.donations.models import Donation, Refund
from portal.donations.rules import BANK, RECEIPT_SERIES
from portal.kit.days import long_day
from portal.kit.db import db
from portal.kit.money import format_amount
from portal.kit.vietnamese import capital_first
from portal.ledger.models import BankAccount
from portal.ledger.queries import reversal_of
from portal.people.models import User
from portal.units.queries import unit_texts


@dataclass(frozen=True)
class Payment:
    """One payment voucher (phiếu chi) for money given back, ready to be printed."""

    issuer: str
    committee: str
    address: str
    number: str
    day: str
    receiver: str
    receiver_address: str | None
    reason: str
    place: str
    amount: str
    words: str
    gift: str
    approved_by: str
    head: str
    accountant: str
    maker: str
    treasurer: str
    reversed_on: date | None


def payment_of(refund: Refund) -> Payment:
    """The voucher of a refund that is in the books."""
    gift, posting = refund.donation, refund.posting
    assert posting is not None
    texts = unit_texts(gift.unit, posting.document_on)
    reversal = reversal_of(posting.number)
    return Payment(
        issuer=" ".join(texts.issuing_lines),
        committee=texts.committee,
        address=texts.address,
        number=posting.paper_number or "",
        day=capital_first(long_day(posting.document_on)),
        receiver=refund.receiver,
        receiver_address=gift.address if refund.receiver == gift.donor_name else None,
        reason=f"Hoàn trả khoản ủng hộ {gift.posting.paper_number or gift.code}: {refund.reason}",
        place=place_of(refund),
        amount=f"{format_amount(refund.amount)} đồng",
        words=texts.in_words(refund.amount),
        gift=gift.code,
        approved_by=posting.second_name or "",
        head=texts.head,
        accountant=texts.accountant,
        maker=posting.entry.by_name,
        treasurer=texts.treasurer,
        reversed_on=reversal.document_on if reversal else None,
    )


def place_of(refund: Refund) -> str:
    """Where money that goes back is paid from, in words."""
    if refund.place == BANK:
        bank = db.session.get_one(BankAccount, refund.bank_account_id)
        return f"Tài khoản {bank.bank} {bank.number}"
    if refund.holder_id is not None:
        return f"Tiền mặt {db.session.get_one(User, refund.holder_id).name} đang giữ"
    return "Két của đơn vị"


def has_receipt(donation: Donation) -> bool:
    """Whether the gift has a numbered receipt of its own to print."""
    return donation.posting.series == RECEIPT_SERIES
