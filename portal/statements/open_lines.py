"""A statement line as the desk handles it: where its money stands, and what is still open of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

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
    for kind in KINDS_OF_PLACE:
        rows = _rows(*kind).where(Transfer.posting_number == key[0], Transfer.ordinal == key[1])
        row = db.session.execute(transit.within(rows, for_user) if for_user else rows).one_or_none()
        if row is not None:
            return _made(row, *kind)
    return None


KINDS_OF_PLACE = ((SUSPENSE, IN), (TRANSIT, IN), (TRANSIT, OUT))


def _rows(place: str, direction: str) -> Select[*tuple[Any, ...]]:
    """Lines of a place: (posting_number, ordinal, amount, waits, StatementLine)."""
    side = OUT if direction == IN else IN
    rows = transit.in_suspense() if place == SUSPENSE else transit.lines_in_transit(side)
    waits = Transfer.amount if place == SUSPENSE else Transfer.amount - transit.met(side)
    return rows.with_only_columns(
        Transfer.posting_number, Transfer.ordinal, Transfer.amount, waits.label("waits"), StatementLine
    )


def _made(row: Any, place: str, direction: str) -> OpenLine:
    line, key = row.StatementLine, (row.posting_number, row.ordinal)
    account = transit.account_of(line.bank_account_id)
    return OpenLine(key, line, direction, place, line.day, row.amount, int(row.waits), account)


@dataclass(frozen=True)
class Asked:
    """Which lines: of one account (None = all that the person reads), `what`: a place, or IN, OUT, None = all."""

    bank_account_id: int | None = None
    what: str | None = None


COUNTED = 1_000  # beyond, the queue says "hơn 1.000"


def queue(user: User, asked: Asked, *, skip: int = 0, limit: int = 40) -> list[OpenLine]:
    """Lines that wait, the oldest first. Each kind of them is read along its index, no further than needed."""
    found: list[OpenLine] = []
    for kind, rows in _kinds(user, asked):
        found += [_made(row, *kind) for row in db.session.execute(rows.limit(skip + limit))]
    found.sort(key=lambda one: (one.day, one.key))
    return found[skip : skip + limit]


def count(user: User, asked: Asked) -> tuple[int, int]:
    """(lines, đồng) that wait, counted no further than COUNTED of each kind."""
    number = amount = 0
    for _, rows in _kinds(user, asked):
        few = rows.order_by(None).limit(COUNTED + 1).subquery()
        lines, waits = db.session.execute(select(func.count(), func.sum(few.c.waits)).select_from(few)).one()
        number, amount = number + lines, amount + int(waits or 0)
    return number, amount


def _kinds(user: User, asked: Asked) -> Iterator[tuple[tuple[str, str], Select[*tuple[Any, ...]]]]:
    for kind in KINDS_OF_PLACE:
        if asked.what is not None and asked.what not in kind:
            continue
        rows = transit.within(_rows(*kind), user)
        if asked.bank_account_id is not None:
            rows = rows.where(StatementLine.bank_account_id == asked.bank_account_id)
        yield kind, rows.order_by(Transfer.booked_on, Transfer.posting_number, Transfer.ordinal)


def posting_of(key: Key) -> Posting:
    """The document of a transfer."""
    return db.session.get_one(Posting, key[0])
