"""Running totals per account and day, and account and month: kept in the posting's own transaction.

One statement adds up the transfers of a document; the few sums go to both tables. SQLite adds up a document of a
million in pieces, because it sorts in memory what it groups (measured: 54 MB).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from sqlalchemy import ColumnElement, Date, bindparam, func, select, text

from portal.kit.days import month_start
from portal.kit.db import db, is_sqlite
from portal.ledger.models import Transfer

UPSERT = """
    INSERT INTO {table} (account_id, {column}, debit, credit) VALUES (:account_id, :day, :debit, :credit)
    ON CONFLICT (account_id, {column})
    DO UPDATE SET debit = {table}.debit + excluded.debit, credit = {table}.credit + excluded.credit
"""

PIECE = 100_000
Turnover = dict[tuple[int, date], list[int]]  # (account, day) → [debit, credit], đồng


def add_totals(number: int, through: int | None = None, *, may_be_long: bool = False) -> None:
    """Add the transfers of posting `number` (or of all from it to `through`) to the running totals.

    Call once, after the transfers are written; `may_be_long` for one document of very many.
    """
    in_pieces = may_be_long and is_sqlite()
    days, months = _turnover(_pieces(number) if in_pieces else [_of(number, through or number)])
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


def _of(first: int, last: int) -> ColumnElement[bool]:
    return Transfer.posting_number.between(first, last)


def _pieces(number: int) -> Iterator[ColumnElement[bool]]:
    highest = db.session.scalar(select(func.max(Transfer.ordinal)).where(_of(number, number))) or 0
    for start in range(0, highest + 1, PIECE):
        yield _of(number, number) & Transfer.ordinal.between(start, start + PIECE - 1)


def _turnover(pieces: Iterable[ColumnElement[bool]]) -> tuple[Turnover, Turnover]:
    """Sums of the transfers per account and day, and per account and month."""
    days: Turnover = {}
    months: Turnover = {}
    sums = select(Transfer.credit_id, Transfer.debit_id, Transfer.booked_on, func.sum(Transfer.amount))
    sums = sums.group_by(Transfer.credit_id, Transfer.debit_id, Transfer.booked_on)
    for piece in pieces:
        for credit_id, debit_id, day, amount in db.session.execute(sums.where(piece)):
            for turnover, when in ((days, day), (months, month_start(day))):
                turnover.setdefault((debit_id, when), [0, 0])[0] += int(amount)
                turnover.setdefault((credit_id, when), [0, 0])[1] += int(amount)
    return days, months
