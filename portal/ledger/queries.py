"""Reading the books: accounts, balances, closings, documents within a person's units."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, Select, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.vietnamese import fold
from portal.ledger.models import (
    Account,
    BankAccount,
    Closing,
    DayTotal,
    Fund,
    Posting,
    ReversalRequest,
    Transfer,
)
from portal.people.models import User
from portal.people.queries import readable_units

DEFAULT_FUND = "VNN"


def default_fund() -> Fund:
    """The fund "Vì người nghèo" (made by the first migration)."""
    return db.session.scalars(select(Fund).where(Fund.code == DEFAULT_FUND)).one()


def fund_by(text: str | None, *, field: str | None = None) -> Fund:
    """The fund of a code or name (accents and case do not matter); nothing written = "Vì người nghèo". May refuse."""
    wanted = fold(text or "")
    if not wanted:
        return default_fund()
    for fund in db.session.scalars(select(Fund)):
        if wanted in (fold(fund.code), fold(fund.name)) or fold(fund.name).endswith(wanted):
            return fund
    names = ", ".join(f"“{name}”" for name in db.session.scalars(select(Fund.name).order_by(Fund.id)))
    raise Refused(f"Không có quỹ “{text}”. Các quỹ hiện có: {names}.", field)


def bank_account_by(code: str, *, field: str | None = None) -> BankAccount:
    """The bank account of a code. Raises Refused."""
    account = db.session.scalar(select(BankAccount).where(BankAccount.code == code))
    if account is None:
        raise Refused(
            f"Chưa có tài khoản mang mã “{code}”. Nhập danh mục tài khoản trước, hoặc sửa mã.", field
        )
    return account


def closed_through(unit_id: int, fund_id: int) -> date | None:
    """The last day of the closed period of a unit's fund, or None."""
    closings = select(func.max(Closing.through)).where(Closing.unit_id == unit_id, Closing.fund_id == fund_id)
    return db.session.scalar(closings)


def account_balance(account_id: int, day: date | None = None) -> int:
    """Debit − credit of an account up to and including `day` (None = all), đồng."""
    total = select(func.coalesce(func.sum(DayTotal.debit - DayTotal.credit), 0))
    total = total.where(DayTotal.account_id == account_id)
    if day is not None:
        total = total.where(DayTotal.day <= day)
    return int(db.session.scalar(total) or 0)


def turnover(condition: ColumnElement[bool], *, up_to: int | None = None) -> Select[int, date, int, int]:
    """(account_id, booked_on, debit, credit) of the accounts that meet `condition`.

    Without `up_to` it reads the running day totals; with it (as-of) the transfers up to that number.
    """
    if up_to is None:
        rows = select(DayTotal.account_id, DayTotal.day.label("booked_on"), DayTotal.debit, DayTotal.credit)
        return rows.join(Account, Account.id == DayTotal.account_id).where(condition)
    debits = select(
        Transfer.debit_id.label("account_id"),
        Transfer.booked_on,
        Transfer.amount.label("debit"),
        literal(0).label("credit"),
    ).join(Account, Account.id == Transfer.debit_id)
    credits = select(
        Transfer.credit_id.label("account_id"),
        Transfer.booked_on,
        literal(0).label("debit"),
        Transfer.amount.label("credit"),
    ).join(Account, Account.id == Transfer.credit_id)
    until = Transfer.posting_number <= up_to
    both = debits.where(condition, until).union_all(credits.where(condition, until)).subquery()
    return select(both.c.account_id, both.c.booked_on, both.c.debit, both.c.credit)


def is_reversed(
    number: ColumnElement[int] | InstrumentedAttribute[int], *, up_to: int | None = None
) -> ColumnElement[bool]:
    """Condition: the document `number` has been reversed (as of entry `up_to`)."""
    reversal = aliased(Posting)
    found = select(reversal.number).where(reversal.reverses == number)
    if up_to is not None:
        found = found.where(reversal.number <= up_to)
    return found.exists()


def reversal_of(number: int) -> Posting | None:
    """The document that reversed `number`, or None."""
    return db.session.scalar(select(Posting).where(Posting.reverses == number))


def journal_for(user: User) -> Select[tuple[Posting]]:
    """Documents of the units that a person may read, newest first."""
    scope = Posting.unit_id.in_(readable_units(user))
    return select(Posting).where(scope).order_by(Posting.number.desc())


def reversal_requests_for(user: User) -> Select[tuple[ReversalRequest]]:
    """Requests to reverse documents of the units that a person may read."""
    rows = select(ReversalRequest).join(Posting, Posting.number == ReversalRequest.posting_number)
    return rows.where(Posting.unit_id.in_(readable_units(user)))


def reversal_request_or_404(request_id: int, *, for_user: User) -> ReversalRequest:
    """One request, if the person may read its unit; otherwise 404."""
    return db.one_or_404(reversal_requests_for(for_user).where(ReversalRequest.id == request_id))


def open_request_of(number: int) -> ReversalRequest | None:
    """The request that still waits for an answer on this document, or None."""
    waiting = ReversalRequest.approved.is_(None)
    return db.session.scalar(select(ReversalRequest).where(ReversalRequest.posting_number == number, waiting))


def funds() -> list[Fund]:
    """All kinds of fund, the oldest first."""
    return list(db.session.scalars(select(Fund).order_by(Fund.id)))
