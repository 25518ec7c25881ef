"""Fairness of a list: who was helped often this year, who stands on another list, which neighbours never got anything."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, case, exists, func, or_, select, union_all
from sqlalchemy.orm import aliased, joinedload

from portal.distributions import aid
from portal.distributions.models import Distribution, DistributionRow
from portal.distributions.queries_rows import root_of
from portal.households.models_registry import Household, HouseholdStatus
from portal.kit.db import db
from portal.units.models import Unit
from portal.units.queries import unit_texts

OFTEN = 3


def often_of(distribution: Distribution) -> int:
    """From how many times a year on a household needs a reason: the unit's own number, else 3."""
    text = unit_texts(distribution.unit, distribution.handed_on).helped_often
    return int(text) if text.isdecimal() and int(text) else OFTEN


def year_of(distribution: Distribution) -> tuple[date, date]:
    """The year in which the list is handed out."""
    return date(distribution.handed_on.year, 1, 1), date(distribution.handed_on.year, 12, 31)


class Checked(NamedTuple):
    """The select of a list's rows with what their households got this year, and its parts for conditions."""

    rows: Select[Any]
    times: ColumnElement[int]
    open_lists: ColumnElement[int]
    needs_reason: ColumnElement[bool]


def checked_rows(distribution: Distribution) -> Checked:
    """Rows (DistributionRow, Household, times, open_lists, fund_cash, other_cash) of a list that got anything.

    `open_lists`: lists of the same purpose that are under way. One statement at any size.
    """
    first, last = year_of(distribution)
    members = aid.members_of_rows(distribution.id)
    waiting = aid.planned(members, first, last, but=distribution.id)
    sums = aid.summed([*aid.received(members, first, last), waiting], distribution.purpose)
    one, head = aliased(Household), aliased(Household)
    times, open_lists = sums.times, sums.open_lists
    rows = (
        select(DistributionRow, head)
        .add_columns(
            times.label("times"),
            open_lists.label("open_lists"),
            sums.fund_cash.label("fund_cash"),
            sums.other_cash.label("other_cash"),
        )
        .join(one, one.id == DistributionRow.household_id)
        .join(head, head.id == root_of(one))
        .join(sums.root.table, sums.root == DistributionRow.id)
        .where(DistributionRow.distribution_id == distribution.id, DistributionRow.refused.is_(None))
        .options(joinedload(head.unit).joinedload(Unit.parent), joinedload(DistributionRow.overridden_by))
    )
    needs = or_(times >= often_of(distribution), open_lists > 0)
    return Checked(rows, times, open_lists, needs)


def told_of_rows(
    distribution: Distribution, only: Collection[int] | None = None
) -> dict[int, list[aid.Told]]:
    """What the households of a list got or will get this year, by row (of `only` these rows). One statement."""
    first, last = year_of(distribution)
    members = aid.members_of_rows(distribution.id, only)
    waiting = aid.planned(members, first, last, but=distribution.id)
    return aid.told_by_root([*aid.received(members, first, last), waiting])


def told_of_units(
    units: Select[Any], year: int, only: Collection[int] | None = None
) -> dict[int, list[aid.Told]]:
    """What households of these units received in a year, by household (of `only` these). One statement."""
    members = aid.members_of_units(units, only)
    return aid.told_by_root(aid.received(members, date(year, 1, 1), date(year, 12, 31)))


class Need(NamedTuple):
    """How many rows of a list need a reason, and how many of them have none yet."""

    needed: int
    open: int


def reasons_needed(distribution: Distribution) -> Need:
    """What the lock asks for. One statement."""
    checked = checked_rows(distribution)
    without = case((DistributionRow.override.is_(None), 1), else_=0)
    rows = checked.rows.where(checked.needs_reason).with_only_columns(
        func.count(), func.coalesce(func.sum(without), 0), maintain_column_froms=True
    )
    needed, open_rows = db.session.execute(rows).one()
    return Need(needed, int(open_rows))


def neighbours(distribution: Distribution) -> Select[Any]:
    """Households next door (same hamlet, same group of the year) that got nothing this year and are on no open list."""
    first, last = year_of(distribution)
    one, status = aliased(Household), aliased(HouseholdStatus)
    pairs = (
        select(one.unit_id.label("unit_id"), status.group_id.label("group_id"))
        .join(DistributionRow, DistributionRow.household_id == one.id)
        .join(status, status.household_id == one.id)
        .where(
            DistributionRow.distribution_id == distribution.id,
            status.year == distribution.handed_on.year,
            status.withdrawn.is_(False),
        )
        .distinct()
        .cte("pairs")
    )
    members = aid.members_of_units(select(pairs.c.unit_id))
    told = [*aid.received(members, first, last), aid.planned(members, first, last, but=None)]
    helped = select(union_all(*told).subquery("helped").c.root)
    mine = (
        exists()
        .where(
            HouseholdStatus.household_id == Household.id,
            HouseholdStatus.year == distribution.handed_on.year,
            HouseholdStatus.withdrawn.is_(False),
            HouseholdStatus.group_id == pairs.c.group_id,
            pairs.c.unit_id == Household.unit_id,
        )
        .correlate(Household)
    )
    return select(Household).where(
        Household.unit_id.in_(select(pairs.c.unit_id)),
        Household.merged_into_id.is_(None),
        Household.withdrawn.is_(False),
        mine,
        Household.id.not_in(helped),
    )


def covered(units: Select[Any], year: int) -> tuple[Select[Any], aid.Sums]:
    """Households of these units with what they received in a year (all NULL: nothing), as rows of a list.

    (Household, times, fund_cash, fund_goods, other_times, other_cash, other_estimate)
    """
    members = aid.members_of_units(units)
    sums = aid.summed(aid.received(members, date(year, 1, 1), date(year, 12, 31)))
    names = ("times", "fund_cash", "fund_goods", "other_times", "other_cash", "other_estimate")
    rows = (
        select(Household)
        .add_columns(*(getattr(sums, name).label(name) for name in names))
        .outerjoin(sums.root.table, sums.root == Household.id)
        .where(
            Household.unit_id.in_(units), Household.merged_into_id.is_(None), Household.withdrawn.is_(False)
        )
        .options(joinedload(Household.unit).joinedload(Unit.parent))
    )
    return rows, sums
