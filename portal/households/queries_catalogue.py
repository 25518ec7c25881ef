"""Groups, indicators, needs and standards as they stand on a day."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from portal.campaigns.queries import with_units_above
from portal.households.models import DeprivationIndicator, HouseholdGroup, NeedKind, PovertyStandard
from portal.kit.db import db
from portal.kit.vietnamese import fold
from portal.units.models import Unit
from portal.units.rules import is_commune


def valid_in(model: Any, first: date, last: date) -> ColumnElement[bool]:
    """Condition: the row is true on some day between the two."""
    return (model.valid_from <= last) & or_(model.valid_to.is_(None), model.valid_to >= first)


def groups_in(year: int, unit_id: int | None = None) -> list[HouseholdGroup]:
    """The groups of a year, for households of a unit: everybody's and those of the units above it."""
    wanted = select(HouseholdGroup).where(valid_in(HouseholdGroup, *_year(year)))
    if unit_id is not None:
        above = _above(unit_id)
        wanted = wanted.where(or_(HouseholdGroup.unit_id.is_(None), HouseholdGroup.unit_id.in_(above)))
    return list(db.session.scalars(wanted.order_by(HouseholdGroup.position, HouseholdGroup.id)))


def indicators_in(year: int) -> list[DeprivationIndicator]:
    """The indicators that a review of the year looks at."""
    wanted = select(DeprivationIndicator).where(valid_in(DeprivationIndicator, *_year(year)))
    return list(db.session.scalars(wanted.order_by(DeprivationIndicator.position, DeprivationIndicator.id)))


def needs_on(day: date) -> list[NeedKind]:
    """The kinds of need that may be recorded on a day."""
    wanted = select(NeedKind).where(valid_in(NeedKind, day, day))
    return list(db.session.scalars(wanted.order_by(NeedKind.position, NeedKind.id)))


def standard_of(unit: Unit, day: date) -> PovertyStandard | None:
    """The standard that holds for households of a unit on a day: of the nearest unit above it, else the state's."""
    above = _above(unit.id)
    wanted = select(PovertyStandard).where(
        valid_in(PovertyStandard, day, day),
        or_(PovertyStandard.unit_id.is_(None), PovertyStandard.unit_id.in_(above)),
    )
    wanted = wanted.order_by(PovertyStandard.unit_id.is_(None), PovertyStandard.valid_from.desc())
    return db.session.scalar(wanted.limit(1))


def is_urban(unit: Unit) -> bool:
    """Whether the household's commune is a ward (phường, thị trấn): the standard's urban income counts."""
    commune = unit.parent if unit.parent is not None and is_commune(unit.parent.level) else unit
    return fold(commune.level) in ("phuong", "thi tran")


def income_limit(standard: PovertyStandard | None, unit: Unit) -> int | None:
    """The standard's income for a household of this unit, đồng per person and month."""
    if standard is None:
        return None
    return standard.income_urban if is_urban(unit) else standard.income_rural


def _above(unit_id: int) -> Any:
    """Ids of the unit and of every unit above it."""
    here: Any = select(Unit.id).where(Unit.id == unit_id)
    return with_units_above(here)


def _year(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)
