"""Houses of the past: which totals only serve to compare, because houses of their place and period are known."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased

from portal.housing import rules
from portal.housing.models import HouseProject, HouseStep
from portal.housing.models_catalogue import HouseKind
from portal.housing.models_closing import HousePast
from portal.kit.db import db
from portal.units.models import Unit


def is_checked_only() -> ColumnElement[bool]:
    """Whether a row is a total of a place and period of which a house is known by itself, as figures count."""
    return and_(HousePast.head_key == "", or_(_named(), _projects()))


def checked_only() -> set[int]:
    """The totals that are not added up."""
    rows = select(HousePast.id).where(HousePast.withdrawn.is_(False), is_checked_only())
    return set(db.session.scalars(rows))


def _named() -> ColumnElement[bool]:
    other = aliased(HousePast)
    return _inside(other, other.ends_on, other.withdrawn.is_(False), other.head_key != "")


def _projects() -> ColumnElement[bool]:
    step = aliased(HouseStep)
    over = (step.state == rules.HANDED_OVER, step.undone_at.is_(None), step.project_id == HouseProject.id)
    return _inside(HouseProject, step.happened_on, *over)


def _inside(house: Any, day: Any, *conditions: Any) -> ColumnElement[bool]:
    """A house of the total's kind of work, of its unit or one below, within its days."""
    unit, above, kind, own = aliased(Unit), aliased(Unit), aliased(HouseKind), aliased(HouseKind)
    place = HousePast.unit_id
    return exists().where(
        *conditions,
        unit.id == house.unit_id,
        or_(
            unit.id == place,
            unit.parent_id == place,
            select(above.id).where(above.id == unit.parent_id, above.parent_id == place).exists(),
        ),
        kind.id == house.kind_id,
        own.id == HousePast.kind_id,
        kind.counts_as == own.counts_as,
        day.between(HousePast.starts_on, HousePast.ends_on),
    )
