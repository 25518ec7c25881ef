"""A statement line as the desk handles it: where its money stands, and what is still open of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.kit.db import db
from portal.ledger.models import Account, BankAccount, Posting, Transfer
from portal.people.models import User
from portal.people.queries import readable_units
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


def own_accounts(user: User, fund_id: int, unit_id: int) -> list[BankAccount]:
    """The bank accounts of a unit's fund that the person may read."""
    rows = select(BankAccount).where(BankAccount.unit_id.in_(readable_units(user)))
    rows = rows.where(BankAccount.fund_id == fund_id, BankAccount.unit_id == unit_id)
    return list(db.session.scalars(rows.order_by(BankAccount.code)))


def posting_of(key: Key) -> Posting:
    """The document of a transfer."""
    return db.session.get_one(Posting, key[0])


def account_of_transfer(key: Key, side: str) -> Account:
    """The transit account on the side of a transfer."""
    move = db.session.scalars(
        select(Transfer)
        .where(Transfer.posting_number == key[0], Transfer.ordinal == key[1])
        .options(joinedload(Transfer.debit), joinedload(Transfer.credit))
    ).one()
    return move.debit if side == IN else move.credit
