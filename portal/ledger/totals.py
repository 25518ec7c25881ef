"""Running totals per account and day, and account and month: kept in the posting's own transaction.

One statement adds up the transfers of a document; the few sums go to both tables. Who wrote very many transfers
and has their sums already hands them over (statements.posting): nobody waits while they are added up again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from sqlalchemy import Date, bindparam, func, select, text

from portal.kit.days import month_start
from portal.kit.db import db
from portal.ledger.models import Transfer

UPSERT = """
    INSERT INTO {table} (account_id, {column}, debit, credit) VALUES (:account_id, :day, :debit, :credit)
    ON CONFLICT (account_id, {column})
    DO UPDATE SET debit = {table}.debit + excluded.debit, credit = {table}.credit + excluded.credit
"""

Turnover = dict[tuple[int, date], list[int]]  # (account, day) → [debit, credit], đồng


class Moved(NamedTuple):
    """What transfers of a booking day moved from one account to another, đồng."""

    credit_id: int
    debit_id: int
    day: date
    amount: int


def add_totals(number: int, through: int | None = None) -> None:
    """Add the transfers of posting `number` (or of all from it to `through`) to the running totals.

    Call once, after the transfers are written.
    """
    parts = (Transfer.credit_id, Transfer.debit_id, Transfer.booked_on)
    sums = select(*parts, func.sum(Transfer.amount)).group_by(*parts)
    mine = Transfer.posting_number.between(number, through or number)
    add_moved(Moved(*row) for row in db.session.execute(sums.where(mine)))


def add_moved(sums: Iterable[Moved]) -> None:
    """Add sums of transfers just written to the running totals."""
    days, months = _turnover(sums)
    for table, column, turnover in (
        ("ledger_day_total", "day", days),
        ("ledger_month_total", "month", months),
    ):
        rows = [
            {"account_id": account_id, "day": day, "debit": debit, "credit": credit}
            for (account_id, day), (debit, credit) in sorted(turnover.items())
        ]
        if rows:
            upsert = text(UPSERT.format(table=table, column=column)).bindparams(bindparam("day", type_=Date))
            db.session.execute(upsert, rows)


def _turnover(sums: Iterable[Moved]) -> tuple[Turnover, Turnover]:
    """The sums per account and day, and per account and month."""
    days: Turnover = {}
    months: Turnover = {}
    for moved in sums:
        for turnover, when in ((days, moved.day), (months, month_start(moved.day))):
            turnover.setdefault((moved.debit_id, when), [0, 0])[0] += int(moved.amount)
            turnover.setdefault((moved.credit_id, when), [0, 0])[1] += int(moved.amount)
    return days, months
