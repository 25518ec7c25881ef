"""What waits: lines in suspense that nobody has recognised, and transfers in transit that have not met.

A transfer comes into transit (side IN: a gift, deposit or statement debit) or leaves it (side OUT: a voucher, a
refund, a credit line). One of each meets; what is left of a transfer is its amount less what has met. Documents that
were reversed, and their reversals, wait for nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, select
from sqlalchemy.orm import aliased

from portal.donations.models import Donation, TakenBack
from portal.kit.db import db
from portal.ledger.models import Account, BankAccount, Posting, Transfer
from portal.ledger.queries import is_reversed
from portal.people.models import User
from portal.people.queries import readable_units
from portal.statements.classes import IN, OUT
from portal.statements.models import Statement, StatementLine
from portal.statements.models_settling import LineSettlement, TransitMatch

STATEMENT, SETTLEMENT = "statement", "settlement"  # kinds of documents that lines themselves make
OTHER = {IN: OUT, OUT: IN}
Key = tuple[int, int]  # (posting number, ordinal) of a transfer


@dataclass(frozen=True)
class Waiting:
    """A transfer in transit of one account, of which `left` đồng have not met anything."""

    key: Key
    side: str
    day: date
    amount: int
    left: int
    document: str  # ledger.rules.DOCUMENTS
    account_id: int  # of the ledger: the transit account
    bank_account_id: int


def met(side: str) -> ColumnElement[int]:
    """What of the transfer of the row has met something, đồng."""
    match = aliased(TransitMatch)
    mine = (
        and_(match.in_posting == Transfer.posting_number, match.in_ordinal == Transfer.ordinal)
        if side == IN
        else and_(match.out_posting == Transfer.posting_number, match.out_ordinal == Transfer.ordinal)
    )
    total = select(func.coalesce(func.sum(match.amount), 0)).where(mine, match.ended_at.is_(None))
    return total.correlate(Transfer).scalar_subquery()


def own_day() -> ColumnElement[date]:
    """The day on the paper, or the bank's day of a statement line."""
    return case((Posting.kind == STATEMENT, Transfer.booked_on), else_=Posting.document_on)


def _is_no_reversal() -> ColumnElement[bool]:
    """The document is none. Said so that no index is used for it: nearly all are none, what waits lies in few accounts."""
    return func.coalesce(Posting.reverses, 0) == 0


def waiting(side: str, *, everything: bool = False) -> Select[*tuple[Any, ...]]:
    """Transfers of a side: (posting_number, ordinal, day, amount, left, kind, account_id, bank_account_id).

    Only those with something left, unless `everything` is asked for.
    """
    place = Transfer.debit_id if side == IN else Transfer.credit_id
    left = Transfer.amount - met(side)
    transits = aliased(Account)
    within = place.in_(
        select(transits.id).where(transits.kind == "transit")
    )  # else all transfers are gone through
    rows: Select[*tuple[Any, ...]] = (
        select(
            Transfer.posting_number,
            Transfer.ordinal,
            own_day().label("day"),
            Transfer.amount,
            left.label("left"),
            Posting.kind,
            Account.id.label("account_id"),
            Account.bank_account_id,
        )
        .select_from(Account)
        .join(Transfer, place == Account.id)
        .join(Posting, Posting.number == Transfer.posting_number)
        .where(Account.kind == "transit", within, _is_no_reversal(), ~is_reversed(Posting.number))
    )
    return rows if everything else rows.where(left > 0)


def waiting_papers(bank_account_id: int, side: str) -> list[Waiting]:
    """Documents other than statements that wait for their line on an account, the oldest first."""
    rows = waiting(side).where(
        Account.bank_account_id == bank_account_id, Posting.kind.not_in((STATEMENT, SETTLEMENT))
    )
    return [_made(side, row) for row in db.session.execute(rows.order_by("day", Transfer.posting_number))]


def find(side: str, key: Key) -> Waiting | None:
    """One transfer of a side, whatever is left of it; None when it is not (or no longer) in transit."""
    rows = waiting(side, everything=True).where(Transfer.posting_number == key[0], Transfer.ordinal == key[1])
    row = db.session.execute(rows).one_or_none()
    return _made(side, row) if row is not None else None


def _made(side: str, row: Any) -> Waiting:
    number, ordinal, day, amount, left, kind, account_id, bank_account_id = row
    return Waiting((number, ordinal), side, day, amount, int(left), kind, account_id, bank_account_id)


def in_suspense() -> Select[*tuple[Any, ...]]:
    """Credits that nobody has recognised: (posting_number, ordinal, amount, day, statement line or None).

    They stand there by their statement, or because a gift was taken back; columns of StatementLine beside them.
    """
    own, other = aliased(Statement), aliased(Statement)
    settled = exists().where(
        LineSettlement.line_posting == Transfer.posting_number,
        LineSettlement.line_ordinal == Transfer.ordinal,
        LineSettlement.until.is_(None),
    )
    ordinal = case((own.id.is_not(None), Transfer.ordinal), else_=Donation.ordinal)
    line = and_(
        StatementLine.statement_id == func.coalesce(own.id, other.id), StatementLine.ordinal == ordinal
    )
    rows: Select[*tuple[Any, ...]] = (
        select(Transfer.posting_number, Transfer.ordinal, Transfer.amount, Transfer.booked_on, StatementLine)
        .select_from(Account)
        .join(Transfer, Transfer.credit_id == Account.id)
        .join(Posting, Posting.number == Transfer.posting_number)
        .outerjoin(own, own.posting_number == Transfer.posting_number)
        .outerjoin(TakenBack, TakenBack.posting_number == Transfer.posting_number)
        .outerjoin(Donation, Donation.id == TakenBack.donation_id)
        .outerjoin(other, other.posting_number == Donation.posting_number)
        .join(StatementLine, line)
        .where(Account.kind == "suspense", _is_no_reversal(), ~is_reversed(Posting.number), ~settled)
    )
    return rows


def lines_in_transit(side: str) -> Select[*tuple[Any, ...]]:
    """Statement lines that wait in transit: debits (side IN), and credits that are no gifts (side OUT).

    Rows like `waiting`, with StatementLine behind them.
    """
    rows = waiting(side).outerjoin(Statement, Statement.posting_number == Transfer.posting_number)
    out_of_suspense = (LineSettlement.posting_number == Transfer.posting_number) & (
        LineSettlement.ordinal == Transfer.ordinal
    )
    line = and_(
        StatementLine.statement_id == func.coalesce(Statement.id, LineSettlement.statement_id),
        StatementLine.ordinal
        == case((Statement.id.is_not(None), Transfer.ordinal), else_=LineSettlement.statement_ordinal),
    )
    rows = rows.outerjoin(LineSettlement, out_of_suspense).join(StatementLine, line)
    return rows.add_columns(StatementLine)


def papers_in_transit(side: str) -> Select[*tuple[Any, ...]]:
    """Documents that wait for their statement line: rows like `waiting`."""
    return waiting(side).where(Posting.kind.not_in((STATEMENT, SETTLEMENT)))


def within(rows: Select[*tuple[Any, ...]], user: User) -> Select[*tuple[Any, ...]]:
    """Only what lies in units that the person may read."""
    return rows.where(Account.unit_id.in_(readable_units(user)))


def matches_of(key: Key) -> list[TransitMatch]:
    """Live meetings of a transfer, on either side, the earliest first."""
    here = ((TransitMatch.in_posting == key[0]) & (TransitMatch.in_ordinal == key[1])) | (
        (TransitMatch.out_posting == key[0]) & (TransitMatch.out_ordinal == key[1])
    )
    rows = select(TransitMatch).where(here, TransitMatch.ended_at.is_(None))
    return list(db.session.scalars(rows.order_by(TransitMatch.id)))


def matches_with(number: int) -> list[TransitMatch]:
    """Live meetings of any transfer of a document, the earliest first."""
    here = (TransitMatch.in_posting == number) | (TransitMatch.out_posting == number)
    rows = select(TransitMatch).where(here, TransitMatch.ended_at.is_(None))
    return list(db.session.scalars(rows.order_by(TransitMatch.id)))


def account_of(bank_account_id: int) -> BankAccount:
    """The bank account of a line."""
    return db.session.get_one(BankAccount, bank_account_id)
