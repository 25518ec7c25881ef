"""The units of a scope and what lies above what."""

from __future__ import annotations

from sqlalchemy import select

from portal.figures.scope import Scope
from portal.kit.db import db
from portal.units.models import Unit


def parents_in(scope: Scope) -> dict[int, int | None]:
    """Parent by unit id for the scope's units; the scope's own unit has none. One statement."""

    def read() -> dict[int, int | None]:
        rows = db.session.execute(select(Unit.id, Unit.parent_id).where(Unit.id.in_(scope.units())))
        return {unit: None if unit == scope.unit.id else parent for unit, parent in rows}

    return scope.once("parents", read)


def codes_in(scope: Scope) -> dict[int, str]:
    """Code by unit id, for the rows behind a figure."""
    rows = select(Unit.id, Unit.code).where(Unit.id.in_(scope.units()))
    return {row.id: row.code for row in db.session.execute(rows)}
