"""Posted statements as records, without reading a file."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from portal.kit.db import db
from portal.ledger.models import BankAccount
from portal.statements.completeness import PROVED
from portal.statements.models import Statement, StatementLine


def make_statement(account: BankAccount, first: date, last: date, **more: Any) -> Statement:
    """A posted statement of these days; `gaps` go into its certificate, the rest are columns."""
    gaps = [
        {"first": begin.isoformat(), "last": end.isoformat(), "proved": proved}
        for begin, end, proved in more.pop("gaps", ())
    ]
    serial = str(db.session.query(Statement).count())
    values: dict[str, Any] = {
        "state": "posted",
        "file_name": f"saoke-{serial}.csv",
        "file_sha256": hashlib.sha256(serial.encode()).hexdigest(),
        "completeness": PROVED,
        "certificate": {"checks": [], "gaps": gaps, "newest_first": False, "mapped": False, "paper": {}},
        "rows": 10,
        "new_rows": 10,
        "credit_count": 9,
        "credit_sum": 900_000,
        "debit_count": 1,
        "debit_sum": 50_000,
        "opening": 1_000_000,
        "closing": 1_850_000,
        "first_day": first,
        "last_day": last,
        **more,
    }
    statement = Statement(bank_account_id=account.id, **values)
    db.session.add(statement)
    db.session.flush()
    return statement


def make_line(statement: Statement, ordinal: int, day: date, **more: Any) -> StatementLine:
    """One line of a statement; `credit` or `debit` in đồng."""
    values = {"text": "ung ho", "key": hashlib.md5(f"{statement.id}.{ordinal}".encode()).digest(), **more}  # noqa: S324
    line = StatementLine(
        statement_id=statement.id,
        ordinal=ordinal,
        day=day,
        bank_account_id=statement.bank_account_id,
        **values,
    )
    db.session.add(line)
    db.session.flush()
    return line
