"""Reading a book: the transfers of some accounts in the order of the books, page by page, with what was before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Date, Select, func, literal, select, tuple_
from sqlalchemy.orm import aliased

from portal.books.rules import BANK, CASH, DETAIL, Sums
from portal.campaigns.models import Campaign
from portal.kit.db import db
from portal.kit.numbers import Entry
from portal.ledger.models import Account, BankAccount, DayTotal, Fund, Posting, Transfer
from portal.ledger.rules import GOODS, SOURCES
from portal.people.models import User
from portal.people.queries import readable_units
from portal.units.models import Unit

PIECE = 2_000  # rows of a long book read at once
SHARED = 0  # stands for "chung", money outside campaigns


@dataclass(frozen=True)
class Book:
    """Which accounts a book tells of. `purpose` narrows a book of sources to one purpose of spending.

    In a book of places money comes in by debit; in one of sources and uses (DETAIL) by credit.
    """

    kind: str
    unit: Unit
    fund: Fund
    holder_id: int | None = None  # CASH: one hand; None with `box` = the box, without = all cash
    box: bool = False
    account: BankAccount | None = None
    campaign_id: int | None = None  # DETAIL: SHARED = money outside campaigns
    purpose: str = ""

    def accounts(self) -> Select[Any]:
        """Ids of the accounts."""
        chosen = select(Account.id).where(Account.unit_id == self.unit.id, Account.fund_id == self.fund.id)
        if self.kind == CASH:
            chosen = chosen.where(Account.kind == "cash")
            if self.box or self.holder_id:
                chosen = chosen.where(
                    Account.holder_id.is_(None) if self.box else Account.holder_id == self.holder_id
                )
            return chosen
        if self.kind == BANK:
            bank_id = self.account.id if self.account else None
            return chosen.where(Account.kind == "bank", Account.bank_account_id == bank_id)
        chosen = chosen.where(Account.kind.in_(SOURCES), Account.purpose != GOODS)
        chosen = chosen.where(
            Account.campaign_id == self.campaign_id if self.campaign_id else Account.campaign_id.is_(None)
        )
        return (
            chosen.where(Account.kind == "spent", Account.purpose == self.purpose) if self.purpose else chosen
        )


@dataclass(frozen=True)
class Row:
    """One transfer in a book; amounts in đồng, one of them 0."""

    number: int
    ordinal: int
    booked_on: date
    document_on: date
    kind: str
    paper_number: str | None
    reason: str | None
    by_name: str
    other_kind: str
    came_in: int
    went_out: int


def opening_of(book: Book, day: date) -> int:
    """What there was before a day, đồng."""
    net = DayTotal.credit - DayTotal.debit if book.kind == DETAIL else DayTotal.debit - DayTotal.credit
    total = select(func.coalesce(func.sum(net), 0)).where(
        DayTotal.account_id.in_(book.accounts()), DayTotal.day < day
    )
    return int(db.session.scalar(total) or 0)


def sums_of(book: Book, start: date, end: date) -> tuple[int, Sums]:
    """How many rows a period has, and what they come to."""
    moves = _moves(book, start, end).subquery()
    total = select(
        func.count(),
        func.coalesce(func.sum(moves.c.came_in), 0),
        func.coalesce(func.sum(moves.c.went_out), 0),
    ).select_from(moves)
    count, came_in, went_out = db.session.execute(total).one()
    return count, Sums(int(came_in), int(went_out))


def sums_before(book: Book, start: date, end: date, offset: int) -> Sums:
    """What the first `offset` rows of a period come to: carried to the page that begins behind them."""
    if not offset:
        return Sums()
    moves = _moves(book, start, end).subquery()
    early = select(moves.c.came_in, moves.c.went_out).order_by(*_order(moves)).limit(offset).subquery()
    total = select(func.sum(early.c.came_in), func.sum(early.c.went_out))
    came_in, went_out = db.session.execute(total).one()
    return Sums(int(came_in or 0), int(went_out or 0))


def rows_of(
    book: Book, start: date, end: date, *, offset: int = 0, after: Row | None = None, limit: int | None = None
) -> list[Row]:
    """Rows of a period in the order of the books; `after` = behind this one."""
    moves = _moves(book, start, end).subquery()
    wanted = (
        select(moves, Posting, Entry.by_name, Account.kind.label("other_kind"))
        .join(Posting, Posting.number == moves.c.number)
        .join(Entry, Entry.number == moves.c.number)
        .join(Account, Account.id == moves.c.other_id)
        .order_by(*_order(moves))
    )
    if after is not None:
        last = (literal(after.booked_on, type_=Date), literal(after.number), literal(after.ordinal))
        wanted = wanted.where(tuple_(*_order(moves)) > tuple_(*last))
    if limit is not None:
        wanted = wanted.offset(offset).limit(limit)
    return [_row(found) for found in db.session.execute(wanted)]


def every_row(book: Book, start: date, end: date) -> Iterator[list[Row]]:
    """All rows of a period in pieces, read in short pieces: a long book holds no snapshot of the books open."""
    last: Row | None = None
    while piece := rows_of(book, start, end, after=last, limit=PIECE):
        yield piece
        last = piece[-1]


def _row(found: Any) -> Row:
    posting = found.Posting
    return Row(
        number=posting.number,
        ordinal=found.ordinal,
        booked_on=found.booked_on,
        document_on=posting.document_on,
        kind=posting.kind,
        paper_number=posting.paper_number,
        reason=posting.reason,
        by_name=found.by_name,
        other_kind=found.other_kind,
        came_in=int(found.came_in),
        went_out=int(found.went_out),
    )


def _moves(book: Book, start: date, end: date) -> Any:
    """Transfers between the book's accounts and others; what moves inside the book is no row of it."""
    ids, days = book.accounts(), Transfer.booked_on.between(start, end)

    def side(own: Any, other: Any, *, comes_in: bool) -> Select[Any]:
        return select(
            Transfer.posting_number.label("number"),
            Transfer.ordinal.label("ordinal"),
            Transfer.booked_on.label("booked_on"),
            other.label("other_id"),
            (Transfer.amount if comes_in else literal(0)).label("came_in"),
            (literal(0) if comes_in else Transfer.amount).label("went_out"),
        ).where(own.in_(ids), other.not_in(ids), days)

    by_debit = side(Transfer.debit_id, Transfer.credit_id, comes_in=book.kind != DETAIL)
    by_credit = side(Transfer.credit_id, Transfer.debit_id, comes_in=book.kind == DETAIL)
    return by_debit.union_all(by_credit)


def _order(moves: Any) -> tuple[Any, ...]:
    return moves.c.booked_on, moves.c.number, moves.c.ordinal


def places_for(user: User, *kinds: str) -> list[tuple[Unit, Fund]]:
    """(unit, fund) pairs that have accounts of these kinds, within the units a person may read."""
    kept = select(Account.id).where(
        Account.unit_id == Unit.id, Account.fund_id == Fund.id, Account.kind.in_(kinds)
    )
    rows = select(Unit, Fund).join(Fund, kept.exists()).where(Unit.id.in_(readable_units(user)))
    rows = rows.order_by(Unit.parent_id.is_not(None), Unit.name, Unit.id, Fund.id)
    return [(row[0], row[1]) for row in db.session.execute(rows)]


def holders_of(unit_id: int, fund_id: int) -> list[User]:
    """People who have or had cash of a unit's fund in their hands, by name."""
    holder = aliased(Account)
    rows = select(User).where(
        User.id.in_(
            select(holder.holder_id).where(
                holder.unit_id == unit_id, holder.fund_id == fund_id, holder.kind == "cash"
            )
        )
    )
    return list(db.session.scalars(rows.order_by(User.name, User.id)))


def bank_accounts_for(user: User) -> list[BankAccount]:
    """Bank accounts of the units that a person may read."""
    rows = select(BankAccount).where(BankAccount.unit_id.in_(readable_units(user)))
    return list(db.session.scalars(rows.order_by(BankAccount.code)))


def campaigns_of(unit_id: int, fund_id: int) -> list[Campaign]:
    """Campaigns for which a unit's fund has moved money, newest first."""
    used = select(Account.campaign_id).where(Account.unit_id == unit_id, Account.fund_id == fund_id)
    rows = select(Campaign).where(Campaign.id.in_(used))
    return list(db.session.scalars(rows.order_by(Campaign.starts_on.desc(), Campaign.id.desc())))


def purposes_of(book: Book) -> list[str]:
    """Keys of the purposes for which a book's campaign has spent money."""
    rows = select(Account.purpose).where(Account.id.in_(book.accounts()), Account.kind == "spent").distinct()
    return sorted(db.session.scalars(rows))
