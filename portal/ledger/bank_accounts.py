"""Bank accounts and what stood on them when the books began. Every action flushes; the caller commits."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select

from portal.kit.days import format_day
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.money import format_dong
from portal.ledger.actions import account_for, post
from portal.ledger.models import Account, BankAccount, Posting, Transfer
from portal.ledger.queries import is_reversed
from portal.ledger.rules import Line
from portal.people.models import User


class Opening(NamedTuple):
    """Đồng on the account before the first recorded movement, and the day of that balance."""

    amount: int
    day: date


def open_bank_account(
    *, code: str, unit_id: int, fund_id: int, bank: str, number: str, **rest: Any
) -> BankAccount:
    """A new account of a unit's fund; `rest`: holder, published, currency, opening_minor."""
    account = BankAccount(code=code, unit_id=unit_id, fund_id=fund_id, bank=bank, number=number, **rest)
    db.session.add(account)
    db.session.flush()
    return account


def change_bank_account(account: BankAccount, **fields: Any) -> bool:
    """Change what differs; returns whether anything did. Unit, fund and currency stay once money moved (Refused)."""
    different = {name: value for name, value in fields.items() if getattr(account, name) != value}
    fixed = next((name for name in ("unit_id", "fund_id", "currency") if name in different), None)
    if fixed is not None and _has_moved(account):
        raise Refused(
            f"Tài khoản “{account.code}” đã có số phát sinh nên không đổi đơn vị, quỹ hay loại tiền. "
            "Ghi đúng như cũ, hoặc mở tài khoản với mã khác.",
            fixed,
        )
    for name, value in different.items():
        setattr(account, name, value)
    if "published" in different:
        account.reindex_after = 0  # what the public may find of its gifts follows (donations.search)
    db.session.flush()
    return bool(different)


def opening_of(account: BankAccount) -> Opening | None:
    """The opening balance that stands in the books, or None."""
    found = (
        select(Transfer.amount, Posting.document_on)
        .join(Posting, Posting.number == Transfer.posting_number)
        .join(Account, Account.id == Transfer.debit_id)
        .where(Posting.kind == "opening", Account.bank_account_id == account.id, ~is_reversed(Posting.number))
    )
    row = db.session.execute(found).first()
    return Opening(*row) if row else None


def record_opening(account: BankAccount, opening: Opening, *, by: User | None) -> bool:
    """Post the opening balance once; returns whether it was posted now. 0 posts nothing.

    Raises Refused when another one stands in the books, for a day to come and for a unit that has ended.
    """
    posted = opening_of(account)
    if posted == opening or (posted is None and opening.amount == 0):
        return False
    if posted is not None:
        raise Refused(
            f"Số dư đầu của tài khoản “{account.code}” đã ghi sổ là {format_dong(posted.amount)} "
            f"ngày {format_day(posted.day)}, không sửa được. Ghi đúng số đó, "
            "hoặc đảo bút toán số dư đầu rồi nạp lại.",
            "opening",
        )
    place = account_for(
        unit_id=account.unit_id, fund_id=account.fund_id, kind="bank", bank_account_id=account.id
    )
    source = account_for(unit_id=account.unit_id, fund_id=account.fund_id, kind="opening")
    lines = [Line(source, place, opening.amount)]
    post("opening", unit=account.unit, fund=account.fund, document_on=opening.day, lines=lines, by=by)
    return True


def _has_moved(account: BankAccount) -> bool:
    return (
        db.session.scalar(select(Account.id).where(Account.bank_account_id == account.id).limit(1))
        is not None
    )
