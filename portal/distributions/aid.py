"""What households received, from whatever source, as SQL: fairness and coverage rest on it. Rooms above add sources.

A source takes `members` (a CTE of `household_id`, `root`: the rows of the registry that are asked about, and what each
stands for: a household, or a row of a list) and two days, and gives the columns of `COLUMNS`. It joins `members` itself,
so that each household is found by its index, however large the registry is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Date,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from portal.distributions import given
from portal.distributions.models import Distribution, DistributionRow
from portal.distributions.rules import CANCELLED
from portal.households.models_help import HouseholdAid
from portal.households.models_registry import Household
from portal.kit.db import db

COLUMNS: dict[str, Any] = {
    "root": BigInteger,
    "day": Date,
    "source": String,
    "cash": BigInteger,  # đồng
    "goods": String,  # in words
    "estimate": BigInteger,  # đồng, of the goods, as who gave them says
    "in_books": BigInteger,  # 1: of the fund
    "planned": BigInteger,  # 1: still to come
    "purpose": String,
}

Source = Callable[[CTE, date, date], Select[Any]]
SOURCES: list[Source] = []


def source(function: Source) -> Source:
    """Mark a function as a source of aid."""
    SOURCES.append(function)
    return function


def columns(root: Any, **values: Any) -> list[ColumnElement[Any]]:
    """The columns of a source, in their order; what is not given is NULL, or no."""
    known = {"in_books": literal(0), "planned": literal(0), **values, "root": root}
    return [_column(known.get(name), kind).label(name) for name, kind in COLUMNS.items()]


def _column(value: Any, kind: Any) -> Any:
    return cast(None, kind) if value is None else value


def members_of_rows(distribution_id: int, only: Collection[int] | None = None) -> CTE:
    """The households of a list (or of `only` these rows), with what was merged into them; `root` is the list's row."""
    one, merged = aliased(Household), aliased(Household)
    rows_of: Any = (
        select(
            DistributionRow.id.label("root"), func.coalesce(one.merged_into_id, one.id).label("household_id")
        )
        .join(one, one.id == DistributionRow.household_id)
        .where(DistributionRow.distribution_id == distribution_id, DistributionRow.refused.is_(None))
    )
    if only is not None:
        rows_of = rows_of.where(DistributionRow.id.in_(only))
    listed = rows_of.cte("listed")
    rows = union_all(
        select(listed.c.household_id, listed.c.root),
        select(merged.id, listed.c.root).join(listed, listed.c.household_id == merged.merged_into_id),
    )
    return rows.cte("members")


def members_of_units(units: Select[Any], only: Collection[int] | None = None) -> CTE:
    """The households that live in these units (or `only` these of them), with what was merged into them."""
    one, merged = aliased(Household), aliased(Household)
    living = and_(one.unit_id.in_(units), one.merged_into_id.is_(None), one.withdrawn.is_(False))
    rows: Any = union_all(
        select(one.id.label("household_id"), one.id.label("root")).where(living),
        select(merged.id, merged.merged_into_id).join(one, one.id == merged.merged_into_id).where(living),
    )
    return rows.cte("members")


@source
def handed_out(members: CTE, first: date, last: date) -> Select[Any]:
    """Portions that were received, by the day of the hand-over, with what of their money came later."""
    return (
        select(
            *columns(
                members.c.root,
                day=DistributionRow.outcome_on,
                source=Distribution.name,
                cash=given.money_so_far(),
                goods=DistributionRow.goods,
                in_books=literal(1),
                purpose=Distribution.purpose,
            )
        )
        .select_from(members)
        .join(DistributionRow, DistributionRow.household_id == members.c.household_id)
        .join(Distribution, Distribution.id == DistributionRow.distribution_id)
        .where(given.at_once(), DistributionRow.outcome_on.between(first, last))
    )


@source
def from_others(members: CTE, first: date, last: date) -> Select[Any]:
    """What was recorded at the household as given by others."""
    return (
        select(
            *columns(
                members.c.root,
                day=HouseholdAid.given_on,
                source=HouseholdAid.source,
                cash=HouseholdAid.cash,
                goods=HouseholdAid.goods,
                estimate=HouseholdAid.estimate,
            )
        )
        .select_from(members)
        .join(HouseholdAid, HouseholdAid.household_id == members.c.household_id)
        .where(HouseholdAid.withdrawn.is_(False), HouseholdAid.given_on.between(first, last))
    )


def planned(members: CTE, first: date, last: date, *, but: int | None) -> Select[Any]:
    """Portions of lists that are under way (nobody has told an outcome yet), by the planned day; `but`: not this list."""
    rows = (
        select(
            *columns(
                members.c.root,
                day=Distribution.handed_on,
                source=Distribution.name,
                cash=DistributionRow.amount,
                goods=DistributionRow.goods,
                in_books=literal(1),
                planned=literal(1),
                purpose=Distribution.purpose,
            )
        )
        .select_from(members)
        .join(DistributionRow, DistributionRow.household_id == members.c.household_id)
        .join(Distribution, Distribution.id == DistributionRow.distribution_id)
        .where(
            DistributionRow.outcome.is_(None),
            DistributionRow.refused.is_(None),
            Distribution.state != CANCELLED,
            Distribution.handed_on.between(first, last),
        )
    )
    return rows.where(Distribution.id != but) if but is not None else rows


def received(members: CTE, first: date, last: date) -> list[Select[Any]]:
    """One select a source."""
    return [each(members, first, last) for each in SOURCES]


class Sums(NamedTuple):
    """Per `root` of the members: how often, how much (đồng)."""

    root: Any
    times: Any
    fund_cash: Any
    other_cash: Any
    other_estimate: Any
    fund_goods: Any  # how many lines of the fund had goods
    other_times: Any
    open_lists: Any  # lists of the same purpose that are under way


def summed(selects: list[Select[Any]], purpose: str = "") -> Sums:
    """Group lines of aid by what they stand for; `purpose`: of the lists that count as open ones."""
    lines = union_all(*selects).subquery("aid")
    part = lines.c
    fund, real = part.in_books == 1, part.planned == 0
    grouped = (
        select(
            part.root.label("root"),
            func.sum(case((real, 1), else_=0)).label("times"),
            func.sum(case((fund & real, part.cash))).label("fund_cash"),
            func.sum(case((~fund, part.cash))).label("other_cash"),
            func.sum(case((~fund, part.estimate))).label("other_estimate"),
            func.sum(case((fund & real & part.goods.is_not(None), 1), else_=0)).label("fund_goods"),
            func.sum(case((~fund, 1), else_=0)).label("other_times"),
            func.sum(case((~real & (part.purpose == purpose), 1), else_=0)).label("open_lists"),
        )
        .group_by(part.root)
        .subquery("summed")
    )
    return Sums(*(grouped.c[name] for name in Sums._fields))


class Told(NamedTuple):
    """One line: the day, who gave, đồng (None = none), goods in words, whether it is still to come."""

    day: date | None
    source: str
    cash: int | None
    goods: str | None
    planned: bool


def told_by_root(selects: list[Select[Any]]) -> dict[int, list[Told]]:
    """The lines themselves, newest first, by what they stand for. One statement."""
    lines = union_all(*selects).subquery("aid")
    found: dict[int, list[Told]] = {}
    for row in db.session.execute(select(lines)):
        told = Told(
            row.day, row.source, None if row.cash is None else int(row.cash), row.goods, bool(row.planned)
        )
        found.setdefault(row.root, []).append(told)
    for told_lines in found.values():
        told_lines.sort(key=lambda line: line.day or date.min, reverse=True)
    return found
