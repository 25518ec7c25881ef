"""Reading the movement's initiatives."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Select, or_, select

from portal.emulation.models import Initiative
from portal.units.queries import subtree


def initiatives_in(
    unit_id: int, start: date, end: date, *, as_of: int | None = None
) -> Select[tuple[Initiative]]:
    """Initiatives of a unit with all below that were active between two days, by name."""
    begun = or_(Initiative.starts_on.is_(None), Initiative.starts_on <= end)
    going = or_(Initiative.ends_on.is_(None), Initiative.ends_on >= start)
    rows = select(Initiative).where(Initiative.unit_id.in_(subtree(unit_id)), begun, going)
    return rows.where(Initiative.as_of(as_of)).order_by(Initiative.id)
