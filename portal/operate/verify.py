"""Recompute the books from their transfers and name the first row that does not agree.

Plain SQL on a plain connection, the same on both engines, so that a staged backup can be verified as well.
Each check is one statement that finds wrong rows and one sentence that names the first of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, text

from portal.kit.money import format_amount
from portal.operate.verify_sql import CHECKS, NUMBERING, Check

MONTH = {"sqlite": "date({}, 'start of month')", "postgresql": "CAST(date_trunc('month', {}) AS date)"}


@dataclass(frozen=True)
class Outcome:
    """One check: its title, and the sentence about the first wrong row (None = all agree)."""

    title: str
    problem: str | None


def outcomes(connection: Connection) -> Iterator[Outcome]:
    """Run every check in turn, within one snapshot of the database."""
    for check in CHECKS:
        yield Outcome(check.title, _first_wrong(connection, check))


def first_problem(connection: Connection) -> str | None:
    """The sentence about the first wrong row of the first check that fails, or None."""
    return next((outcome.problem for outcome in outcomes(connection) if outcome.problem), None)


def gaps(connection: Connection) -> Iterator[str]:
    """Sentences about numbers that are missing (the checks of `verify` that look at numbers alone)."""
    for check in NUMBERING:
        problem = _first_wrong(connection, check)
        if problem:
            yield problem


def _first_wrong(connection: Connection, check: Check) -> str | None:
    month = MONTH[connection.dialect.name].format("booked_on")
    row = connection.execute(text(check.sql.replace("{month}", month) + " LIMIT 1")).mappings().first()
    if row is None:
        return None
    return check.sentence.format(**{name: _shown(name, value) for name, value in row.items()})


def _shown(name: str, value: Any) -> str:
    """Amounts (columns whose name ends in _amount) as people write them; everything else as it is."""
    if value is None:
        return "không có"
    if name.endswith("_amount"):
        whole = int(value)
        return f"−{format_amount(-whole)}" if whole < 0 else format_amount(whole)
    return str(int(value)) if isinstance(value, Decimal) else str(value)
