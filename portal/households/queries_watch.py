"""Households that came out of poverty and may fall back, with reasons; and pairs that may be one household."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from portal.households.models import HouseholdGroup
from portal.households.models_change import HouseholdTwin
from portal.households.models_help import HouseholdVisit
from portal.households.models_registry import Household, HouseholdLack, HouseholdStatus, HouseholdYear
from portal.households.queries_catalogue import income_limit, standard_of
from portal.households.queries_registry import (
    WITH_UNIT,
    households_for,
    is_hamlet,
    responsible_unit_id,
    seen_units,
)
from portal.households.rules import NEAR_POOR, POOR
from portal.households.rules_registry import Likely, likeness
from portal.households.rules_watch import Visit, Watched, reasons_to_worry
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.people.models import User
from portal.units.models import Unit

NEWLY_OUT = "newly_out"
YEARS = 3  # a household is watched this long after it came out
CHUNK = 500
MOST_WATCHED = 2_000  # read at once; a province chooses a commune
MOST_PAIRS = 300


@dataclass(frozen=True)
class Worry:
    """A household that may fall back. `reasons` in words."""

    household: Household
    out_year: int
    reasons: list[str]


@dataclass(frozen=True)
class Pair:
    """Two households that may be one, with reasons in words."""

    first: Household
    second: Household
    reasons: list[str]


def watched(user: User, place: ColumnElement[bool] | None = None) -> tuple[list[Worry], int]:
    """Those with reasons, most reasons first; and how many are watched in all, of which the first 2.000 are read.

    `place` is a condition that narrows the units. Statements grow by 500 households.
    """
    rows = _watched_rows(user, place)
    count = db.session.scalar(
        select(func.count()).select_from(rows.with_only_columns(Household.id).subquery())
    )
    rows = rows.options(*WITH_UNIT).order_by(Household.sort_key, Household.id).limit(MOST_WATCHED)
    found = db.session.execute(rows).all()
    facts = _facts([household.id for household, _ in found])
    limits: dict[int, int | None] = {}
    worries = []
    for household, year in found:
        where = responsible_unit_id(household.unit)
        if where not in limits:
            limits[where] = income_limit(standard_of(household.unit, today_in_vietnam()), household.unit)
        known = facts[household.id]
        reasons = reasons_to_worry(
            Watched(year, known.lacks, known.incomes, limits[where], known.visits, known.again)
        )
        if reasons:
            worries.append(Worry(household, year, reasons))
    return sorted(worries, key=lambda worry: -len(worry.reasons)), count or 0


def _watched_rows(user: User, place: ColumnElement[bool] | None) -> Any:
    """Households with the year in which they, or a row that was merged into them, came out."""
    root = func.coalesce(Household.merged_into_id, Household.id)
    out = (
        select(root.label("household_id"), func.max(HouseholdStatus.year).label("year"))
        .join(HouseholdStatus, HouseholdStatus.household_id == Household.id)
        .join(HouseholdGroup, HouseholdGroup.id == HouseholdStatus.group_id)
        .where(
            Household.unit_id.in_(seen_units(user)),
            HouseholdGroup.key == NEWLY_OUT,
            HouseholdStatus.withdrawn.is_(False),
            HouseholdStatus.year >= today_in_vietnam().year - YEARS,
        )
        .group_by(root)
        .subquery()
    )
    rows = households_for(user).join(out, out.c.household_id == Household.id).add_columns(out.c.year)
    return rows if place is None else rows.where(place)


class _Known:
    def __init__(self) -> None:
        self.lacks: dict[int, list[str]] = {}
        self.incomes: dict[int, int] = {}
        self.visits: list[Visit] = []
        self.again: dict[int, str] = {}


def _facts(ids: Sequence[int]) -> dict[int, _Known]:
    """What is known of each household, also of the rows that were merged into it."""
    found: dict[int, _Known] = defaultdict(_Known)
    for start in range(0, len(ids), CHUNK):
        some = ids[start : start + CHUNK]
        gone = select(Household.id, Household.merged_into_id).where(Household.merged_into_id.in_(some))
        root: dict[int, Any] = {key: key for key in some} | dict(db.session.execute(gone).all())
        for row in _of(HouseholdYear, root):
            if row.lacks_known:
                found[root[row.household_id]].lacks.setdefault(row.year, [])
            if row.income is not None:
                found[root[row.household_id]].incomes[row.year] = row.income
        for row in _of(HouseholdLack, root, joinedload(HouseholdLack.indicator)):
            found[root[row.household_id]].lacks.setdefault(row.year, []).append(row.indicator.name)
        for row in _of(HouseholdStatus, root, joinedload(HouseholdStatus.group)):
            if row.group.key in (POOR, NEAR_POOR):
                found[root[row.household_id]].again[row.year] = row.group.name
        visits = select(HouseholdVisit).where(HouseholdVisit.household_id.in_(root))
        for visit in db.session.scalars(visits):
            seen = Visit(visit.visited_on, visit.verdict, visit.illness)
            found[root[visit.household_id]].visits.append(seen)
    return found


def _of(model: Any, ids: Iterable[int], *loaded: Any) -> Iterable[Any]:
    rows = select(model).where(model.household_id.in_(ids), model.withdrawn.is_(False)).options(*loaded)
    return db.session.scalars(rows.order_by(model.id))


def likely_of(household: Household) -> Likely:
    """What a household is compared by."""
    hamlet = household.unit_id if is_hamlet(household.unit) else None
    return Likely(household.name, household.birth_year, hamlet, household.phone_digits)


def pairs_for(user: User) -> list[Pair]:
    """Households of one commune that may be one and that nobody has judged yet. One statement, at most 300 pairs."""
    mine = households_for(user).subquery()
    one, other = aliased(Household), aliased(Household)
    here, there = aliased(Unit), aliased(Unit)
    rows = (
        select(one, other)
        .join(other, and_(other.name_key == one.name_key, other.id > one.id))
        .join(here, here.id == one.unit_id)
        .join(there, there.id == other.unit_id)
        .where(
            one.id.in_(select(mine.c.id)),
            other.id.in_(select(mine.c.id)),
            one.name_key != "",
            or_(here.id == there.id, here.parent_id == there.parent_id, here.id == there.parent_id,
                here.parent_id == there.id),
            or_(
                one.birth_year.is_(None),
                other.birth_year.is_(None),
                func.abs(one.birth_year - other.birth_year) <= 1,
                one.phone_digits == other.phone_digits,
            ),
            ~_judged(one.id, other.id),
        )
        .options(joinedload(one.unit).joinedload(Unit.parent), joinedload(other.unit).joinedload(Unit.parent))
        .order_by(one.id, other.id)
        .limit(MOST_PAIRS)
    )  # fmt: skip
    found = []
    for first, second in db.session.execute(rows):
        if responsible_unit_id(first.unit) != responsible_unit_id(second.unit):
            continue
        reasons = likeness(likely_of(first), likely_of(second))
        if reasons:
            found.append(Pair(first, second, reasons))
    return found


def twins_of(household: Household, user: User) -> list[Pair]:
    """The same for one household: its likely twins in its commune that nobody has judged. One statement."""
    place = responsible_unit_id(household.unit)
    rows: Any = (
        households_for(user)
        .join(Household.unit)
        .where(
            Household.id != household.id,
            Household.name_key == household.name_key,
            or_(Unit.id == place, Unit.parent_id == place),
            ~_judged(
                case((Household.id < household.id, Household.id), else_=household.id),
                case((Household.id < household.id, household.id), else_=Household.id),
            ),
        )
    )
    loaded = (contains_eager(Household.unit).joinedload(Unit.parent),)
    pairs = (
        Pair(household, other, likeness(likely_of(household), likely_of(other)))
        for other in db.session.scalars(rows.options(*loaded).order_by(Household.id).limit(20))
    )
    return [pair for pair in pairs if pair.reasons]


def _judged(first: Any, second: Any) -> Any:
    return exists().where(
        HouseholdTwin.first_id == first,
        HouseholdTwin.second_id == second,
        HouseholdTwin.undone_at.is_(None),
    )
