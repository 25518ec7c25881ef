"""Running totals per account and day, and account and month: kept set-based, in the posting's own transaction."""

from __future__ import annotations

from sqlalchemy import text

from portal.kit.db import db, is_sqlite

TURNOVER = """
    SELECT account_id, {day} AS {column}, SUM(debit) AS debit, SUM(credit) AS credit FROM (
        SELECT debit_id AS account_id, booked_on, amount AS debit, 0 AS credit
          FROM ledger_transfer WHERE posting_number = :number
        UNION ALL
        SELECT credit_id, booked_on, 0, amount FROM ledger_transfer WHERE posting_number = :number
    ) AS moves WHERE TRUE GROUP BY 1, 2
"""
UPSERT = """
    INSERT INTO {table} (account_id, {column}, debit, credit) {turnover}
    ON CONFLICT (account_id, {column})
    DO UPDATE SET debit = {table}.debit + excluded.debit, credit = {table}.credit + excluded.credit
"""
MONTH = {True: "date(booked_on, 'start of month')", False: "CAST(date_trunc('month', booked_on) AS date)"}


def month_expression() -> str:
    """SQL for the first day of `booked_on`'s month on the present engine."""
    return MONTH[is_sqlite()]


def add_totals(number: int) -> None:
    """Add the transfers of posting `number` to the running totals. Call once, after its transfers are written."""
    for table, column, day in (
        ("ledger_day_total", "day", "booked_on"),
        ("ledger_month_total", "month", month_expression()),
    ):
        turnover = TURNOVER.format(day=day, column=column)
        statement = UPSERT.format(table=table, column=column, turnover=turnover)
        db.session.execute(text(statement), {"number": number})
