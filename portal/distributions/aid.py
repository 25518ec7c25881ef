"""What households received, from whatever source, as SQL: fairness and coverage rest on it. Rooms above add sources.

A source takes `members` (a CTE of `household_id`, `root`: the rows of the registry that are asked about, and the
household each stands for) and two days, and gives the columns of `COLUMNS`. It joins `members` itself, so that each
household is found by its index, however large the registry is.
"""

from __future__ import annotations

from collections.abc import Callable
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
    union,
    union_all,
)
from sqlalchemy.orm import aliased

from portal.distributions.models import Distribution, DistributionRow
from portal.distributions.rules import CANCELLED, HANDED
from portal.households.models_help import HouseholdAid
from portal.households.models_registry import Household

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
FIELD, RECORD = "\x1f", "\x1e"  # between the parts of a line, and between lines

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


def members_of_rows(distribution_id: int) -> CTE:
    """The households of a list, with the rows of the registry that were merged into them."""
    one, merged = aliased(Household), aliased(Household)
    roots = (
        select(func.coalesce(one.merged_into_id, one.id).label("root"))
        .join(DistributionRow, DistributionRow.household_id == one.id)
        .where(DistributionRow.distribution_id == distribution_id, DistributionRow.refused.is_(None))
        .cte("roots")
    )
    rows = union(
        select(roots.c.root.label("household_id"), roots.c.root.label("root")),
        select(merged.id, merged.merged_into_id).join(roots, roots.c.root == merged.merged_into_id),
    )
    return rows.cte("members")


def members_of_units(units: Select[Any]) -> CTE:
    """The households that live in these units, with the rows that were merged into them wherever those are."""
    one, merged = aliased(Household), aliased(Household)
    living = and_(one.unit_id.in_(units), one.merged_into_id.is_(None), one.withdrawn.is_(False))
    rows: Any = union_all(
        select(one.id.label("household_id"), one.id.label("root")).where(living),
        select(merged.id, merged.merged_into_id).join(one, one.id == merged.merged_into_id).where(living),
    )
    return rows.cte("members")


@source
def handed_out(members: CTE, first: date, last: date) -> Select[Any]:
    """Portions that were received, by the day of the hand-over."""
    return (
        select(
            *columns(
                members.c.root,
                day=DistributionRow.outcome_on,
                source=Distribution.name,
                cash=DistributionRow.amount,
                goods=DistributionRow.goods,
                in_books=literal(1),
                purpose=Distribution.purpose,
            )
        )
        .select_from(members)
        .join(DistributionRow, DistributionRow.household_id == members.c.household_id)
        .join(Distribution, Distribution.id == DistributionRow.distribution_id)
        .where(DistributionRow.outcome.in_(HANDED), DistributionRow.outcome_on.between(first, last))
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
    """Per household (`root`) of a subquery: how often, what, and `told`: the lines as one text (see `lines_in`)."""

    root: Any
    times: Any
    fund_cash: Any
    other_cash: Any
    other_estimate: Any
    fund_goods: Any  # how many lines of the fund had goods
    other_times: Any
    told: Any


def summed(selects: list[Select[Any]]) -> Sums:
    """Group lines of aid by household."""
    lines = union_all(*selects).subquery("aid")
    part = lines.c
    fund, real = part.in_books == 1, part.planned == 0
    text = func.coalesce(cast(part.day, String), "") + FIELD + part.source + FIELD
    text = text + func.coalesce(cast(part.cash, String), "") + FIELD + func.coalesce(part.goods, "")
    text = text + FIELD + cast(part.planned, String)
    grouped = (
        select(
            part.root.label("root"),
            func.sum(case((real, 1), else_=0)).label("times"),
            func.sum(case((fund & real, part.cash))).label("fund_cash"),
            func.sum(case((~fund, part.cash))).label("other_cash"),
            func.sum(case((~fund, part.estimate))).label("other_estimate"),
            func.sum(case((fund & real & part.goods.is_not(None), 1), else_=0)).label("fund_goods"),
            func.sum(case((~fund, 1), else_=0)).label("other_times"),
            func.aggregate_strings(text, RECORD).label("told"),
        )
        .group_by(part.root)
        .subquery("summed")
    )
    return Sums(*(grouped.c[name] for name in Sums._fields))


class Told(NamedTuple):
    """One line as it is read back: the day, who gave, đồng (None = none), goods in words, whether it is still to come."""

    day: date | None
    source: str
    cash: int | None
    goods: str
    planned: bool


def lines_in(told: str | None) -> list[Told]:
    """The lines of `Sums.told`, newest first."""
    lines = []
    for record in (told or "").split(RECORD):
        parts = record.split(FIELD)
        if len(parts) == 5:
            day, given_by, cash, goods, later = parts
            lines.append(
                Told(
                    date.fromisoformat(day) if day else None,
                    given_by,
                    int(cash) if cash else None,
                    goods,
                    later == "1",
                )
            )
    return sorted(lines, key=lambda line: line.day or date.min, reverse=True)
