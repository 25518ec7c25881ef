"""Finding households within a person's units, and what a person may do with one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased, joinedload
from werkzeug.exceptions import NotFound

from portal.households.models_registry import Household
from portal.kit.access import ACCOUNTANT, APPROVER, AUDITOR, RECORDER
from portal.kit.db import db
from portal.kit.vietnamese import natural_key
from portal.people.models import User
from portal.people.queries import may, open_units, units_for
from portal.units.models import Unit
from portal.units.rules import is_commune

READERS = (RECORDER, ACCOUNTANT, APPROVER, AUDITOR)
"""Whoever keeps users and settings sees no families."""
WRITERS = (RECORDER, ACCOUNTANT)
PROPOSERS = (RECORDER, ACCOUNTANT, APPROVER)
PRIVATE_READERS = (RECORDER, ACCOUNTANT, APPROVER)
LOG_READERS = (APPROVER, AUDITOR)
WITH_UNIT = (joinedload(Household.unit).joinedload(Unit.parent),)


def seen_units(user: User) -> Select[Any]:
    """Ids of the units whose households a person reads."""
    return units_for(user, *READERS)


def households_for(user: User) -> Select[tuple[Household]]:
    """Households of a person's units that stand for themselves: not merged into another, not withdrawn."""
    return select(Household).where(
        Household.unit_id.in_(seen_units(user)),
        Household.merged_into_id.is_(None),
        Household.withdrawn.is_(False),
    )


def household_or_404(household_id: int, *, for_user: User) -> Household:
    """A household of the person's units, merged or not. Raises NotFound for others and withdrawn ones."""
    wanted = select(Household).where(
        Household.id == household_id,
        Household.unit_id.in_(seen_units(for_user)),
        Household.withdrawn.is_(False),
    )
    found = db.session.scalar(wanted.options(*WITH_UNIT))
    if found is None:
        raise NotFound
    return found


def standing_or_404(household_id: int, *, for_user: User) -> Household:
    """The same, of households that stand for themselves: what is begun for one that was merged would be lost."""
    found = household_or_404(household_id, for_user=for_user)
    if found.merged_into_id is not None:
        raise NotFound
    return found


def family(household_id: int) -> Select[Any]:
    """Ids of all rows that are this household, to be used in `IN`: itself and what was merged into it."""
    asked, one = aliased(Household), aliased(Household)
    root = select(func.coalesce(asked.merged_into_id, asked.id)).where(asked.id == household_id)
    head = root.scalar_subquery()
    return select(one.id).where(or_(one.id == head, one.merged_into_id == head))


def is_hamlet(unit: Unit) -> bool:
    """Whether a unit lies below a commune."""
    return unit.parent is not None and is_commune(unit.parent.level)


def responsible_unit_id(unit: Unit) -> int:
    """The unit that answers for households of this one: the commune of a hamlet, else the unit itself."""
    return unit.parent_id if is_hamlet(unit) and unit.parent_id else unit.id


def may_write(user: User, unit: Unit) -> bool:
    """Whether the person is responsible for households there; a helper of one hamlet only proposes."""
    return may(user, WRITERS, responsible_unit_id(unit))


def may_read_private(user: User, unit: Unit) -> bool:
    """Whether the person may read sensitive fields there, on demand and with a purpose."""
    return may(user, PRIVATE_READERS, responsible_unit_id(unit))


def units_to_write(user: User) -> list[Unit]:
    """Living communes and hamlets for which the person is responsible, each hamlet behind its commune."""
    return places_answered_for(user, *WRITERS)


def places_answered_for(user: User, *roles: str) -> list[Unit]:
    """The same for other roles: held in the commune or above, never in a hamlet alone."""
    mine = open_units(user, *roles, hamlets=True)
    parents = {unit.id: unit for unit in _parents(mine.values())} | mine
    found = []
    for unit in mine.values():
        above = parents.get(unit.parent_id or 0)
        below_commune = above is not None and is_commune(above.level)
        if is_commune(unit.level) or (below_commune and unit.parent_id in mine):
            found.append(unit)
    return sorted(found, key=_place)


def _parents(units: Iterable[Unit]) -> list[Unit]:
    ids = {unit.parent_id for unit in units if unit.parent_id}
    return list(db.session.scalars(select(Unit).where(Unit.id.in_(ids)))) if ids else []


def _place(unit: Unit) -> tuple[str, bool, str]:
    hamlet = is_hamlet(unit)
    above = unit.parent.name if hamlet and unit.parent else unit.name
    return natural_key(above), hamlet, natural_key(unit.name)


def unit_text(unit: Unit) -> str:
    """ "Ấp Phú Lợi, Xã Tân Phú Hòa"; a commune by its own name."""
    return f"{unit.name}, {unit.parent.name}" if unit.parent is not None and is_hamlet(unit) else unit.name


def seen_places(user: User) -> list[tuple[int, str]]:
    """Units of the person that may hold households, as choices of a filter. Two statements."""
    wanted = select(Unit).where(Unit.id.in_(seen_units(user))).options(joinedload(Unit.parent))
    units = [unit for unit in db.session.scalars(wanted) if is_commune(unit.level) or is_hamlet(unit)]
    return [(unit.id, unit_text(unit)) for unit in sorted(units, key=_place)]
