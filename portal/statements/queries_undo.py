"""Reading what people ask about taking statements back, and what an undoing has to look at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.kit.db import db
from portal.ledger.models import Account, BankAccount, Posting
from portal.ledger.queries import is_reversed
from portal.ledger.rules import AccountFields
from portal.people.models import User
from portal.people.queries import readable_units
from portal.statements.models import Statement, StatementUndo


def undos_for(user: User) -> Select[Any]:
    """Requests to undo statements of the units that a person may read; statement, account and people loaded."""
    asked = StatementUndo
    rows = select(asked).join(asked.statement).join(Statement.bank_account)
    loaded = contains_eager(asked.statement).contains_eager(Statement.bank_account)
    people = (joinedload(asked.requested_by), joinedload(asked.decided_by))
    return rows.where(BankAccount.unit_id.in_(readable_units(user))).options(loaded, *people)


def newest_undo(statement: Statement) -> StatementUndo | None:
    """The last request about a statement with the people who spoke, or None."""
    rows = select(StatementUndo).where(StatementUndo.statement_id == statement.id)
    people = (joinedload(StatementUndo.requested_by), joinedload(StatementUndo.decided_by))
    return db.session.scalar(rows.options(*people).order_by(StatementUndo.id.desc()).limit(1))


def open_undo_of(statement: Statement) -> StatementUndo | None:
    """The request that still waits for an answer, or None."""
    waiting = StatementUndo.approved.is_(None)
    return db.session.scalar(select(StatementUndo).where(StatementUndo.statement_id == statement.id, waiting))


def statement_of(posting_number: int) -> Statement | None:
    """The statement that a document has posted, or None."""
    return db.session.scalar(select(Statement).where(Statement.posting_number == posting_number))


def is_approved(statement: Statement) -> bool:
    """Whether a second person has just agreed to undo a statement."""
    agreed = select(StatementUndo.id).where(
        StatementUndo.statement_id == statement.id, StatementUndo.approved.is_(True)
    )
    return db.session.scalar(agreed.limit(1)) is not None


def bank_of(account: BankAccount) -> Account | None:
    """The account of the books that has a bank account's money by its statements, once there is one."""
    owner = (account.unit_id, account.fund_id)
    key = AccountFields(*owner, "bank", bank_account_id=account.id).key
    return db.session.scalar(select(Account).where(Account.key == key))


def openings_of(account: BankAccount) -> Sequence[Posting]:
    """The opening balances that statements have brought to a bank account and that stand."""
    brought = select(Statement.opening_number).where(
        Statement.bank_account_id == account.id, Statement.opening_number.is_not(None)
    )
    rows = select(Posting).where(Posting.number.in_(brought), ~is_reversed(Posting.number))
    return db.session.scalars(rows.order_by(Posting.number)).all()
