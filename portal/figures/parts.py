"""Parts of the ledger that figures are made of: which accounts, which side, which days.

The same part answers a number (one grouped statement for all figures) and lists the transfers behind it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from portal.figures.scope import Scope
from portal.kit.db import db
from portal.ledger import queries
from portal.ledger.models import Account, Posting, Transfer
from portal.ledger.rules import GOODS, MOVED_FREED, SOURCES
from portal.spending.models import SpendingPurpose
from portal.units.models import Unit

SIDES = {
    "credit": (0, 1),
    "debit": (1, 0),
    "credit-debit": (-1, 1),
    "debit-credit": (1, -1),
}  # what a debit and a credit count for
BEFORE, DURING, THROUGH = "before", "during", "through"  # before the period, in it, up to its end


class Turnover(NamedTuple):
    """Sums of the accounts of one kind and purpose, đồng; `within`: moved to or from a unit of the same scope."""

    kind: str
    purpose: str
    within: bool
    debit_before: int
    credit_before: int
    debit_during: int
    credit_during: int
    name: str | None = None  # of a purpose of spending, from its catalogue


@dataclass(frozen=True)
class Part:
    """Accounts of some kinds, goods at value or money, perhaps of one purpose; a side; days."""

    kinds: tuple[str, ...]
    side: str
    when: str
    goods: bool = False
    purpose: str | None = None
    except_purposes: tuple[str, ...] = ()
    from_outside: bool = False  # leaves out money moved between units of the scope

    def takes(self, kind: str, purpose: str, within: bool = False) -> bool:
        """Whether an account of this kind and purpose belongs to the part; `within`: moved inside the scope."""
        if kind not in self.kinds or purpose in self.except_purposes or (within and self.from_outside):
            return False
        if self.purpose is not None:
            return purpose == self.purpose
        return kind not in SOURCES or (purpose == GOODS) == self.goods

    def amount(self, turnover: Turnover) -> int:
        """What the part counts of a turnover, đồng."""
        debit, credit = SIDES[self.side]
        before = debit * turnover.debit_before + credit * turnover.credit_before
        during = debit * turnover.debit_during + credit * turnover.credit_during
        return {BEFORE: before, DURING: during, THROUGH: before + during}[self.when]

    def accounts(self) -> ColumnElement[bool]:
        """The same accounts as a condition."""
        chosen = Account.kind.in_(self.kinds) & Account.purpose.not_in(self.except_purposes)
        if self.purpose is not None:
            return chosen & (Account.purpose == self.purpose)
        if self.goods:
            return chosen & (Account.kind.not_in(SOURCES) | (Account.purpose == GOODS))
        return chosen & (Account.kind.not_in(SOURCES) | (Account.purpose != GOODS))

    def days(self, column: Any, scope: Scope) -> ColumnElement[bool]:
        """The days as a condition on a booking day."""
        if self.when == BEFORE:
            return column < scope.start
        if self.when == DURING:
            return column.between(scope.start, scope.end)
        return column <= scope.end


def turnovers_of(scope: Scope) -> list[Turnover]:
    """Turnover by kind and purpose, before and in the period: running day totals, or transfers when as-of."""
    wanted: ColumnElement[bool] = Account.unit_id.in_(scope.units())
    if scope.campaign is not None:
        wanted = and_(wanted, Account.campaign_id == scope.campaign.id)
    moves = queries.turnover(wanted, up_to=scope.as_of).subquery()
    before = moves.c.booked_on < scope.start
    other_side = scope.units().subquery()
    within = other_side.c.id.is_not(None)

    def total(column: Any, early: bool) -> Any:
        counted = case((before, column if early else 0), else_=0 if early else column)
        return func.coalesce(func.sum(counted), 0)

    sums = (
        select(
            Account.kind,
            Account.purpose,
            within,
            total(moves.c.debit, True),
            total(moves.c.credit, True),
            total(moves.c.debit, False),
            total(moves.c.credit, False),
            func.max(SpendingPurpose.name),
        )
        .join(Account, Account.id == moves.c.account_id)
        .outerjoin(SpendingPurpose, (Account.kind == "spent") & (SpendingPurpose.key == Account.purpose))
        .outerjoin(other_side, and_(other_side.c.id == Account.partner_id, *_both_sides(scope)))
        .where(moves.c.booked_on <= scope.end)
        .group_by(Account.kind, Account.purpose, within)
        .order_by(Account.kind, Account.purpose, within)
    )
    return [
        Turnover(row[0], row[1], bool(row[2]), int(row[3]), int(row[4]), int(row[5]), int(row[6]), row[7])
        for row in db.session.execute(sums)
    ]


def _both_sides(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    """Money moved between two units of the scope is no movement of the scope: both sides lie in it.

    In a campaign only where both sides carry it; what was freed of it has left it.
    """
    moved: ColumnElement[bool] = Account.kind == "moved"
    return (moved,) if scope.campaign is None else (moved, Account.purpose != MOVED_FREED)


def _from_outside(scope: Scope) -> ColumnElement[bool]:
    within = and_(Account.partner_id.in_(scope.units()), *_both_sides(scope))
    return or_(Account.partner_id.is_(None), ~within)


def part_rows(scope: Scope, part: Part) -> Iterator[dict[str, Any]]:
    """The transfers of a part, each signed as it counts."""
    debit, credit = SIDES[part.side]
    for factor, account_id in ((debit, Transfer.debit_id), (credit, Transfer.credit_id)):
        if factor:
            for row in db.session.execute(_transfers(scope, part, account_id)):
                yield {**row._mapping, "amount": factor * row.amount, "day": row.day.isoformat()}


def _transfers(scope: Scope, part: Part, account_id: Any) -> Any:
    chosen = (
        select(
            Transfer.posting_number.label("posting"),
            Transfer.ordinal.label("line"),
            Transfer.booked_on.label("day"),
            Posting.kind.label("document"),
            Unit.code.label("unit"),
            Account.kind.label("account"),
            Account.purpose.label("purpose"),
            Transfer.amount.label("amount"),
        )
        .join(Account, Account.id == account_id)
        .join(Posting, Posting.number == Transfer.posting_number)
        .join(Unit, Unit.id == Account.unit_id)
        .where(Account.unit_id.in_(scope.units()), part.accounts(), part.days(Transfer.booked_on, scope))
    )
    if part.from_outside:
        chosen = chosen.where(_from_outside(scope))
    if scope.campaign is not None:
        chosen = chosen.where(Account.campaign_id == scope.campaign.id)
    if scope.as_of is not None:
        chosen = chosen.where(Transfer.posting_number <= scope.as_of)
    return chosen.order_by(Transfer.posting_number, Transfer.ordinal).execution_options(yield_per=1_000)
