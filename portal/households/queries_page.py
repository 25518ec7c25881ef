"""All that one page of a household shows: of itself and of what was merged into it. A fixed number of statements."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from portal.households.models_change import HouseholdChange, HouseholdTwin
from portal.households.models_help import HouseholdAssignment, HouseholdVisit
from portal.households.models_registry import (
    Household,
    HouseholdLack,
    HouseholdMember,
    HouseholdNeed,
    HouseholdStatus,
    HouseholdYear,
)
from portal.households.queries_registry import family
from portal.households.received import Line, Sums, lines_of, sums_of, times_of
from portal.kit.db import db

MOST_CHANGES = 100


@dataclass
class YearFacts:
    """One year of a household: groups, lacking indicators (None = not looked at), income in đồng."""

    year: int
    groups: list[str] = field(default_factory=list)
    lacks: list[str] | None = None
    income: int | None = None


@dataclass(frozen=True)
class Portrait:
    """What the page shows. `ids` are all rows that are this household."""

    ids: list[int]
    members: list[HouseholdMember]
    years: list[YearFacts]
    needs: list[HouseholdNeed]
    assignments: list[HouseholdAssignment]
    visits: list[HouseholdVisit]
    lines: list[Line]
    sums: Sums
    changes: list[HouseholdChange]
    proposals: list[HouseholdChange]
    judged: list[HouseholdTwin]

    @property
    def times(self) -> str | None:
        """How often it received something, and what is still to come."""
        return times_of(self.lines)


def portrait(household: Household) -> Portrait:
    """Read everything of a household."""
    ids = sorted(db.session.scalars(family(household.id)))
    lines = lines_of(ids)
    changes = _all(
        select(HouseholdChange)
        .where(HouseholdChange.household_id.in_(ids))
        .options(joinedload(HouseholdChange.decided_by))
        .order_by(HouseholdChange.id.desc())
        .limit(MOST_CHANGES)
    )
    return Portrait(
        ids=ids,
        members=_all(_of(HouseholdMember, ids).order_by(HouseholdMember.household_id, HouseholdMember.id)),
        years=_years(ids),
        needs=_needs(ids),
        assignments=_all(
            select(HouseholdAssignment)
            .where(HouseholdAssignment.household_id.in_(ids))
            .options(selectinload(HouseholdAssignment.helpers))
            .order_by(HouseholdAssignment.starts_on.desc(), HouseholdAssignment.id.desc())
        ),
        visits=_all(
            select(HouseholdVisit)
            .where(HouseholdVisit.household_id.in_(ids))
            .order_by(HouseholdVisit.visited_on.desc(), HouseholdVisit.id.desc())
        ),
        lines=lines,
        sums=sums_of(lines),
        changes=[change for change in changes if change.state != "proposed"],
        proposals=[change for change in changes if change.state == "proposed"],
        judged=_judged(ids),
    )


def members_of(household_id: int) -> list[HouseholdMember]:
    """Who lives in this very household besides its head."""
    return _all(_of(HouseholdMember, [household_id]).order_by(HouseholdMember.id))


def years_of(household_id: int) -> list[YearFacts]:
    """The years of this very household, newest first."""
    return _years([household_id])


def _needs(ids: list[int]) -> list[HouseholdNeed]:
    """Open ones first."""
    rows = _of(HouseholdNeed, ids).options(joinedload(HouseholdNeed.kind))
    return _all(rows.order_by(HouseholdNeed.met_on.is_not(None), HouseholdNeed.since, HouseholdNeed.id))


def _judged(ids: list[int]) -> list[HouseholdTwin]:
    rows = select(HouseholdTwin).where(
        HouseholdTwin.first_id.in_(ids) | HouseholdTwin.second_id.in_(ids), HouseholdTwin.undone_at.is_(None)
    )
    loaded = (joinedload(HouseholdTwin.first), joinedload(HouseholdTwin.second), joinedload(HouseholdTwin.by))
    return _all(rows.options(*loaded).order_by(HouseholdTwin.id))


def _of(model: Any, ids: list[int]) -> Any:
    return select(model).where(model.household_id.in_(ids), model.withdrawn.is_(False))


def _all(rows: Any) -> list[Any]:
    return list(db.session.scalars(rows))


def _years(ids: list[int]) -> list[YearFacts]:
    found: dict[int, YearFacts] = {}
    for row in _all(_of(HouseholdYear, ids)):
        facts = found.setdefault(row.year, YearFacts(row.year))
        facts.income = row.income if row.income is not None else facts.income
        if row.lacks_known:
            facts.lacks = facts.lacks or []
    statuses = _of(HouseholdStatus, ids).options(joinedload(HouseholdStatus.group))
    for row in sorted(_all(statuses), key=lambda row: row.group.position):
        facts = found.setdefault(row.year, YearFacts(row.year))
        if row.group.name not in facts.groups:
            facts.groups.append(row.group.name)
    lacks: dict[int, list[str]] = defaultdict(list)
    rows = _of(HouseholdLack, ids).options(joinedload(HouseholdLack.indicator))
    for row in sorted(_all(rows), key=lambda row: row.indicator.position):
        if row.indicator.name not in lacks[row.year]:
            lacks[row.year].append(row.indicator.name)
    for year, names in lacks.items():
        found.setdefault(year, YearFacts(year)).lacks = names
    return [found[year] for year in sorted(found, reverse=True)]
