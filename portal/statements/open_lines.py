"""A statement line as the desk handles it: where its money stands, and what is still open of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from portal.kit.db import db
from portal.ledger.models import BankAccount, Posting, Transfer
from portal.people.models import User
from portal.statements import transit
from portal.statements.classes import IN, OUT
from portal.statements.models import StatementLine
from portal.statements.transit import Key

SUSPENSE, TRANSIT = "suspense", "transit"


@dataclass(frozen=True)
class OpenLine:
    """A line that waits. `key`: the transfer that brought it where it stands (`place`); amounts in đồng.

    `direction` IN: money came; it waits in suspense, or in transit for its paper (own account, returned money).
    """

    key: Key
    line: StatementLine
    direction: str
    place: str
    day: date
    amount: int
    left: int
    account: BankAccount

    @property
    def code(self) -> str:
        """As addresses name it: "412-17"."""
        return f"{self.key[0]}-{self.key[1]}"

    @property
    def side(self) -> str:
        """On which side of transit it stands, or will stand once it is settled: the side of `transit.waiting`."""
        return OUT if self.direction == IN else IN


def read_code(code: str) -> Key | None:
    """The key of an address, None for another text."""
    number, dash, ordinal = code.partition("-")
    if not dash or not (number.isdigit() and ordinal.isdigit()) or len(code) > 30:
        return None
    return int(number), int(ordinal)


def open_line(code: str, *, for_user: User | None = None) -> OpenLine | None:
    """The line of an address that still waits, within the units that the person may read; None when none does."""
    key = read_code(code)
    return line_at(key, for_user=for_user) if key else None


def line_at(key: Key, *, for_user: User | None = None) -> OpenLine | None:
    """The same by its key; `for_user` None = whoever works in the name of the portal."""
    for found in (
        _in_suspense(key, for_user),
        _in_transit(key, IN, for_user),
        _in_transit(key, OUT, for_user),
    ):
        if found is not None:
            return found
    return None


def _in_suspense(key: Key, user: User | None) -> OpenLine | None:
    rows = transit.in_suspense().where(Transfer.posting_number == key[0], Transfer.ordinal == key[1])
    row = db.session.execute(transit.within(rows, user) if user else rows).one_or_none()
    if row is None:
        return None
    *_, amount, _, line = row
    return OpenLine(
        key, line, IN, SUSPENSE, line.day, amount, amount, transit.account_of(line.bank_account_id)
    )


def _in_transit(key: Key, side: str, user: User | None) -> OpenLine | None:
    rows = transit.lines_in_transit(side)
    rows = rows.where(Transfer.posting_number == key[0], Transfer.ordinal == key[1])
    row = db.session.execute(transit.within(rows, user) if user else rows).one_or_none()
    if row is None:
        return None
    direction = OUT if side == IN else IN
    account = transit.account_of(row.StatementLine.bank_account_id)
    line = row.StatementLine
    return OpenLine(key, line, direction, TRANSIT, line.day, row.amount, int(row.left), account)


@dataclass(frozen=True)
class Queued:
    """A line as the queue shows it; `left` đồng still wait."""

    key: Key
    day: date
    left: int
    text: str
    place: str
    direction: str

    @property
    def code(self) -> str:
        """As addresses name it."""
        return f"{self.key[0]}-{self.key[1]}"


@dataclass(frozen=True)
class Asked:
    """Which lines: of one account (None = all that the person reads), `what`: a place, or IN, OUT, None = all."""

    bank_account_id: int | None = None
    what: str | None = None


COUNTED = 1_000  # beyond, the queue says "hơn 1.000"


def queue(user: User, asked: Asked, *, skip: int = 0, limit: int = 40) -> list[Queued]:
    """Lines that wait, the oldest first. Each kind of them is read along its index, no further than needed."""
    found: list[Queued] = []
    for place, direction, rows in _kinds(user, asked):
        for row in db.session.execute(rows.limit(skip + limit)):
            key = (row.posting_number, row.ordinal)
            found.append(Queued(key, row.own_day, int(row.waits), row.own_text, place, direction))
    found.sort(key=lambda one: (one.day, one.key))
    return found[skip : skip + limit]


def count(user: User, asked: Asked) -> tuple[int, int]:
    """(lines, đồng) that wait, counted no further than COUNTED of each kind."""
    number = amount = 0
    for _, _, rows in _kinds(user, asked):
        few = rows.order_by(None).limit(COUNTED + 1).subquery()
        lines, waits = db.session.execute(select(func.count(), func.sum(few.c.waits)).select_from(few)).one()
        number, amount = number + lines, amount + int(waits or 0)
    return number, amount


def _kinds(user: User, asked: Asked) -> Iterator[tuple[str, str, Any]]:
    line = StatementLine
    own = (line.day.label("own_day"), line.text.label("own_text"))
    for place, direction in ((SUSPENSE, IN), (TRANSIT, IN), (TRANSIT, OUT)):
        if asked.what is not None and asked.what not in (place, direction):
            continue
        side = OUT if direction == IN else IN
        rows = transit.in_suspense() if place == SUSPENSE else transit.lines_in_transit(side)
        waits = Transfer.amount if place == SUSPENSE else Transfer.amount - transit.met(side)
        rows = transit.within(rows, user).with_only_columns(
            Transfer.posting_number, Transfer.ordinal, waits.label("waits"), *own
        )
        if asked.bank_account_id is not None:
            rows = rows.where(line.bank_account_id == asked.bank_account_id)
        yield place, direction, rows.order_by(Transfer.booked_on, Transfer.posting_number, Transfer.ordinal)


def posting_of(key: Key) -> Posting:
    """The document of a transfer."""
    return db.session.get_one(Posting, key[0])
