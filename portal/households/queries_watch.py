"""Households that came out of poverty and may fall back, with reasons; and pairs that may be one household."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from portal.households.models import HouseholdGroup
from portal.households.models_change import HouseholdTwin
from portal.households.models_help import HouseholdVisit
from portal.households.models_registry import Household, HouseholdLack, HouseholdStatus, HouseholdYear
from portal.households.queries_catalogue import income_limit, standard_of
from portal.households.queries_registry import WITH_UNIT, households_for, is_hamlet, responsible_unit_id
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


def watched(user: User) -> tuple[list[Worry], int]:
    """Those with reasons, most reasons first; and how many are watched in all. Statements grow by 500 households."""
    since = today_in_vietnam().year - YEARS
    out = (
        select(HouseholdStatus.household_id, func.max(HouseholdStatus.year).label("year"))
        .join(HouseholdGroup, HouseholdGroup.id == HouseholdStatus.group_id)
        .where(
            HouseholdGroup.key == NEWLY_OUT,
            HouseholdStatus.withdrawn.is_(False),
            HouseholdStatus.year >= since,
        )
        .group_by(HouseholdStatus.household_id)
        .subquery()
    )
    rows = households_for(user).join(out, out.c.household_id == Household.id).add_columns(out.c.year)
    found = db.session.execute(rows.options(*WITH_UNIT).order_by(Household.sort_key, Household.id)).all()
    years = {household.id: year for household, year in found}
    facts = _facts(years)
    limits: dict[int, int | None] = {}
    worries = []
    for household, year in found:
        place = responsible_unit_id(household.unit)
        if place not in limits:
            limits[place] = income_limit(standard_of(household.unit, today_in_vietnam()), household.unit)
        known = facts[household.id]
        reasons = reasons_to_worry(
            Watched(year, known.lacks, known.incomes, limits[place], known.visits, known.again)
        )
        if reasons:
            worries.append(Worry(household, year, reasons))
    return sorted(worries, key=lambda worry: -len(worry.reasons)), len(found)


class _Known:
    def __init__(self) -> None:
        self.lacks: dict[int, list[str]] = {}
        self.incomes: dict[int, int] = {}
        self.visits: list[Visit] = []
        self.again: dict[int, str] = {}


def _facts(years: dict[int, int]) -> dict[int, _Known]:
    found: dict[int, _Known] = defaultdict(_Known)
    ids = list(years)
    for start in range(0, len(ids), CHUNK):
        some = ids[start : start + CHUNK]
        for row in _of(HouseholdYear, some):
            if row.lacks_known:
                found[row.household_id].lacks.setdefault(row.year, [])
            if row.income is not None:
                found[row.household_id].incomes[row.year] = row.income
        for row in _of(HouseholdLack, some, joinedload(HouseholdLack.indicator)):
            found[row.household_id].lacks.setdefault(row.year, []).append(row.indicator.name)
        for row in _of(HouseholdStatus, some, joinedload(HouseholdStatus.group)):
            if row.group.key in (POOR, NEAR_POOR):
                found[row.household_id].again[row.year] = row.group.name
        visits = select(HouseholdVisit).where(HouseholdVisit.household_id.in_(some))
        for visit in db.session.scalars(visits):
            found[visit.household_id].visits.append(Visit(visit.visited_on, visit.verdict, visit.illness))
    return found


def _of(model: Any, ids: Sequence[int], *loaded: Any) -> Iterable[Any]:
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
