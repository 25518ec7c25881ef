"""How money is sent to a fund: its genuine account, the text with our code first, and the QR that says it all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from portal.kit import vietqr
from portal.kit.db import db
from portal.ledger.banks import bank_of
from portal.ledger.models import Bank, BankAccount

MESSAGE = "ung ho"  # behind the code, for the people who read a statement


@dataclass(frozen=True)
class Payment:
    """A transfer as the payer needs it; `payload` None = its bank is not known to take VietQR."""

    account: BankAccount
    code: str
    purpose: str
    amount: int | None  # đồng; None = the payer says how much
    payload: str | None


class Payments:
    """Transfers for many papers: the account of a unit's fund and the bank of an account are each read once."""

    def __init__(self) -> None:
        self._accounts: dict[tuple[int, ...], BankAccount | None] = {}
        self._banks: dict[str, Bank | None] = {}

    def account(self, fund_id: int, unit_ids: Sequence[int]) -> BankAccount | None:
        """As `published_account`."""
        key = (fund_id, *unit_ids)
        if key not in self._accounts:
            self._accounts[key] = published_account(fund_id, unit_ids)
        return self._accounts[key]

    def bank(self, name: str) -> Bank | None:
        """As `banks.bank_of`."""
        if name not in self._banks:
            self._banks[name] = bank_of(name)
        return self._banks[name]


def payment_to(
    account: BankAccount,
    code: str,
    *,
    message: str | None = None,
    amount: int | None = None,
    known: Payments | None = None,
) -> Payment:
    """A transfer to an account in which `code` says what it is for. One statement, none for a bank that is `known`.

    An amount that a QR cannot hold (over 13 digits) is left to the payer.
    """
    purpose = vietqr.purpose_of(code, message or MESSAGE)
    known = known or Payments()
    bank = known.bank(account.bank) if vietqr.is_account(account.number) else None
    said = amount if amount is not None and 0 < amount <= vietqr.MOST else None
    payload = None
    if bank is not None:
        payload = vietqr.build(bin=bank.bin, account=account.number, amount=said, purpose=purpose)
    return Payment(account, code, purpose, said, payload)


def published_account(fund_id: int, unit_ids: Sequence[int]) -> BankAccount | None:
    """The account that the first of these units shows to the public for its fund; only these are genuine."""
    mine = select(BankAccount).where(
        BankAccount.fund_id == fund_id, BankAccount.unit_id.in_(unit_ids), BankAccount.published
    )
    rows = list(db.session.scalars(mine.order_by(BankAccount.id)))
    return min(rows, key=lambda row: unit_ids.index(row.unit_id), default=None)
