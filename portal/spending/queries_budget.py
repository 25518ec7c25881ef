"""The budget beside what was spent: a unit's own books, of a campaign or of a year's common money."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from portal.kit.db import db
from portal.kit.numbers import Entry
from portal.ledger.models import Account, DayTotal
from portal.ledger.rules import GOODS
from portal.spending import queries
from portal.spending.models_others import BudgetLine


@dataclass(frozen=True)
class Asked:
    """Whose budget: of a campaign's money, or of the common money of a year."""

    unit_id: int
    fund_id: int
    campaign_id: int | None
    year: int | None


@dataclass(frozen=True)
class Line:
    """One purpose, đồng. `planned` None = nothing planned."""

    purpose: str
    name: str
    planned: int | None
    spent: int

    @property
    def left(self) -> int:
        """Planned less spent; below zero when more was spent."""
        return (self.planned or 0) - self.spent

    @property
    def is_over(self) -> bool:
        """More spent than planned."""
        return self.planned is not None and self.spent > self.planned

    @property
    def is_unplanned(self) -> bool:
        """Spent without a plan."""
        return self.planned is None and self.spent != 0


def planned_of(asked: Asked, *, as_of: int | None = None) -> dict[str, int]:
    """What is planned, đồng by purpose."""
    rows = select(BudgetLine.purpose, BudgetLine.amount).where(
        BudgetLine.as_of(as_of), BudgetLine.amount.is_not(None)
    )
    return {row.purpose: int(row.amount) for row in db.session.execute(rows.filter_by(**vars(asked)))}


def spent_of(asked: Asked) -> dict[str, int]:
    """What was spent by the books, đồng by purpose; of a campaign at any time, of the common money in the year."""
    total = func.sum(DayTotal.debit - DayTotal.credit)
    rows = (
        select(Account.purpose, total)
        .join(DayTotal, DayTotal.account_id == Account.id)
        .where(
            Account.kind == "spent",
            Account.purpose != GOODS,
            Account.unit_id == asked.unit_id,
            Account.fund_id == asked.fund_id,
        )
        .group_by(Account.purpose)
    )
    if asked.campaign_id is not None:
        rows = rows.where(Account.campaign_id == asked.campaign_id)
    else:
        year = asked.year or 0
        rows = rows.where(
            Account.campaign_id.is_(None), DayTotal.day.between(date(year, 1, 1), date(year, 12, 31))
        )
    return {purpose: int(amount) for purpose, amount in db.session.execute(rows) if amount}


def lines_of(asked: Asked) -> list[Line]:
    """Purposes in the order of the catalogue: those in use, and those with a plan or with spending."""
    planned, spent = planned_of(asked), spent_of(asked)
    now = {purpose.key for purpose in queries.purposes()}
    names = queries.purpose_names()
    known = [key for key in names if key in now or key in planned or key in spent]
    others = sorted(key for key in spent if key not in names)
    return [
        Line(key, names.get(key) or key.replace("_", " "), planned.get(key), spent.get(key, 0))
        for key in (*known, *others)
    ]


def total_of(lines: Iterable[Line]) -> Line:
    """The sum of lines; planned None when none is planned."""
    lines = list(lines)
    plans = [line.planned for line in lines if line.planned is not None]
    return Line("", "Tổng cộng", sum(plans) if plans else None, sum(line.spent for line in lines))


def changes_of(asked: Asked) -> list[Entry]:
    """The numbered changes of this budget, the newest first."""
    mine = select(BudgetLine.since).filter_by(**vars(asked))
    return list(db.session.scalars(select(Entry).where(Entry.number.in_(mine)).order_by(Entry.number.desc())))
