"""Money in and out as everybody may read it: the rows behind received, spent, refunded, moved and other money.

Rows are read newest first in short steps of days, so that one page costs the same whatever the books hold. Nothing
here names a receiver: a payment says what for, for how many households, and on which decision it rests.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal, or_, select
from sqlalchemy.orm import aliased

from portal.figures import registry
from portal.figures.scope import Scope
from portal.kit.db import db
from portal.ledger.models import Account, DayTotal, Posting, Transfer
from portal.ledger.rules import GOODS, MOVED_FREED, MOVED_IN, SOURCES, UNTRACKED
from portal.units.queries import subtree

IN, BACK, OUT, ELSE = "thu", "hoan", "chi", "khac"
TABS = {IN: "Thu", BACK: "Hoàn", OUT: "Chi", ELSE: "Khác, phân bổ"}
KINDS = {IN: ("received",), BACK: ("refunded",), OUT: ("spent",), ELSE: ("moved", "other", "opening")}
FIRST_STEP, LONGEST_STEP = 1, 366  # days looked at in one step
CLOSING = "balance.closing"


class Wanted:
    """Which rows: a scope (unit with all below, days, perhaps a campaign), perhaps one kind, one purpose.

    It keeps plain values of the scope: a file is written while the session has let its records go.
    """

    def __init__(self, scope: Scope, tab: str = "", purpose: str = ""):
        self.scope, self.tab, self.purpose = scope, tab, purpose
        self.unit_id, self.start, self.end = scope.unit.id, scope.start, scope.end
        self.campaign_id = scope.campaign.id if scope.campaign else None

    @property
    def is_whole(self) -> bool:
        """Whether every row of the scope is asked for: only then it makes sense to say what is left."""
        return not self.tab and not self.purpose

    def _from_outside(self, inside: Any) -> ColumnElement[bool]:
        """As the figures count: money moved inside the scope is no row; what leaves a campaign for "chung" is."""
        outside = or_(Account.partner_id.is_(None), Account.partner_id.not_in(inside))
        return outside if self.campaign_id is None else or_(outside, Account.purpose == MOVED_FREED)

    def accounts(self) -> ColumnElement[bool]:
        """Sources and uses of money; what moves between units of the scope itself is left out."""
        inside = subtree(self.unit_id)
        chosen = (
            Account.unit_id.in_(inside)
            & Account.kind.in_(KINDS.get(self.tab, SOURCES))
            & (Account.purpose != GOODS)
            & self._from_outside(inside)
        )
        if self.purpose:
            chosen &= (Account.kind == "spent") & (Account.purpose == self.purpose)
        if self.campaign_id is not None:
            chosen &= Account.campaign_id == self.campaign_id
        return chosen


@dataclass(frozen=True, order=True)
class Place:
    """Where a row stands in the books; newest first means the largest first."""

    day: date
    number: int
    account_id: int
    line: int

    def __str__(self) -> str:
        return f"{self.day:%Y%m%d}-{self.number}-{self.account_id}-{self.line}"


@dataclass(frozen=True)
class Move:
    """One row: a gift, a payment (all its receivers of one purpose), a refund … `amount` in đồng, in is positive."""

    place: Place
    kind: str
    purpose: str
    partner_id: int | None
    document: str
    paper_number: str | None
    amount: int
    effect: int  # what it does to the balance: money without a known account does nothing

    @property
    def came_in(self) -> int | None:
        """The amount in the column of money in, đồng; refunds stand there as less."""
        return None if self._is_out else self.amount

    @property
    def went_out(self) -> int | None:
        """The amount in the column of money out, đồng."""
        return -self.amount if self._is_out else None

    @property
    def _is_out(self) -> bool:
        return self.kind == "spent" or (self.kind == "moved" and self.purpose != MOVED_IN)


def read_place(text: str) -> Place | None:
    """The place of a cursor, or None for what is none."""
    parts = text.split("-")
    if len(parts) != 4 or not all(part.isdecimal() and len(part) < 19 for part in parts):
        return None
    try:
        return Place(date.fromisoformat(parts[0]), *map(int, parts[1:]))
    except ValueError:
        return None


def moves_of(wanted: Wanted, *, before: Place | None, size: int) -> list[Move]:
    """The `size` newest rows older than `before`."""
    found: list[Move] = []
    for step in _steps(wanted, before):
        found += step
        if len(found) >= size:
            break
    return found[:size]


def every_move(wanted: Wanted) -> Iterator[list[Move]]:
    """All rows, newest first, in pieces; between them the books are let go."""
    yield from _steps(wanted, None)


def _steps(wanted: Wanted, before: Place | None) -> Iterator[list[Move]]:
    """Rows of a few days at a time, more and more days the fewer rows there are."""
    until, length = before.day if before else wanted.end, FIRST_STEP
    while (last := _newest_day(wanted, until)) is not None:
        first = max(wanted.start, last - timedelta(days=length - 1))
        yield [move for move in _days(wanted, first, last) if before is None or move.place < before]
        until = first - timedelta(days=1)
        length = min(length * 4, LONGEST_STEP)


def _newest_day(wanted: Wanted, day: date) -> date | None:
    """The last day up to `day` on which anything moved."""
    found = select(func.max(DayTotal.day)).join(Account, Account.id == DayTotal.account_id)
    return db.session.scalar(found.where(wanted.accounts(), DayTotal.day.between(wanted.start, day)))


def _days(wanted: Wanted, first: date, last: date) -> list[Move]:
    sides = [
        _side(wanted, first, last, Transfer.credit_id, Transfer.debit_id, 1),
        _side(wanted, first, last, Transfer.debit_id, Transfer.credit_id, -1),
    ]
    moves = sides[0].union_all(*sides[1:]).subquery()
    rows = (
        select(moves, Account, Posting)
        .join(Account, Account.id == moves.c.account_id)
        .join(Posting, Posting.number == moves.c.number)
        .order_by(
            moves.c.booked_on.desc(), moves.c.number.desc(), moves.c.account_id.desc(), moves.c.line.desc()
        )
    )
    return [_move(row) for row in db.session.execute(rows)]


def _side(wanted: Wanted, first: date, last: date, own: Any, other: Any, sign: int) -> Select[Any]:
    """Credits (or debits) of the accounts: gifts line by line, payments as one row a document and account."""
    partner = aliased(Account)
    line = case((Account.kind == "received", Transfer.ordinal), else_=0)
    amount = sign * Transfer.amount
    effect = case((partner.kind == UNTRACKED, literal(0)), else_=amount)
    return (
        select(
            Transfer.booked_on.label("booked_on"),
            Transfer.posting_number.label("number"),
            own.label("account_id"),
            line.label("line"),
            func.sum(amount).label("amount"),
            func.sum(effect).label("effect"),
        )
        .join(Account, Account.id == own)
        .join(partner, partner.id == other)
        .where(wanted.accounts(), Transfer.booked_on.between(first, last))
        .group_by(Transfer.booked_on, Transfer.posting_number, own, line)
    )


def _move(row: Any) -> Move:
    account, posting = row.Account, row.Posting
    return Move(
        Place(row.booked_on, row.number, row.account_id, row.line),
        account.kind,
        account.purpose,
        account.partner_id,
        posting.kind,
        posting.paper_number,
        int(row.amount),
        int(row.effect),
    )


def left_before(wanted: Wanted, before: Place | None) -> int:
    """The balance right before the rows that follow `before` are taken off, đồng: where a page's last column begins."""
    scope = wanted.scope
    day = before.day if before else scope.end
    upto = Scope(scope.unit, scope.start, max(day, scope.start), scope.campaign, scope.as_of)
    balance = int(registry.compute(upto, (CLOSING,))[CLOSING].value or 0)
    if before is None:
        return balance
    newer = [move.effect for move in _days(wanted, before.day, before.day) if move.place >= before]
    return balance - sum(newer)
