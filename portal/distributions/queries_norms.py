"""Which support norm holds: the unit's own before that of the unit above it, one of the zone before one without."""

from __future__ import annotations

from datetime import date

from sqlalchemy import or_, select

from portal.distributions.models import Distribution, SupportNorm
from portal.kit.db import db
from portal.kit.vietnamese import fold
from portal.units.models import Unit


def line_above(unit_id: int) -> list[int]:
    """The unit and those above it, nearest first. One statement."""
    start = select(Unit.id, Unit.parent_id).where(Unit.id == unit_id).cte(recursive=True)
    above = select(Unit.id, Unit.parent_id).join(start, start.c.parent_id == Unit.id)
    line = start.union(above)
    parents = dict(db.session.execute(select(line.c.id, line.c.parent_id)).all())
    found: list[int] = []
    at: int | None = unit_id
    while at is not None and at in parents and at not in found:
        found.append(at)
        at = parents[at]
    return found


def norms_for(unit_id: int, purpose: str, day: date) -> list[SupportNorm]:
    """All norms of a purpose that reach a unit on a day, the nearest unit first, everybody's last."""
    line = line_above(unit_id)
    rows = select(SupportNorm).where(
        SupportNorm.purpose == purpose,
        or_(SupportNorm.unit_id.is_(None), SupportNorm.unit_id.in_(line)),
        SupportNorm.valid_from <= day,
        or_(SupportNorm.valid_to.is_(None), SupportNorm.valid_to >= day),
    )
    near = {key: place for place, key in enumerate(line)}
    return sorted(
        db.session.scalars(rows),
        key=lambda norm: (near.get(norm.unit_id or 0, len(line)), -norm.valid_from.toordinal(), -norm.id),
    )


def norm_of(unit_id: int, purpose: str, zone: str, day: date, subject: str = "") -> SupportNorm | None:
    """The norm for a purpose (and its finer subject) in a zone on a day, or None when nobody set one."""
    wanted = fold(zone), fold(subject)
    known = norms_for(unit_id, purpose, day)
    for unit_of_norm in dict.fromkeys(norm.unit_id for norm in known):
        here = [norm for norm in known if norm.unit_id == unit_of_norm]
        for one_zone in dict.fromkeys((wanted[0], "")):
            for norm in here:
                if (fold(norm.zone), fold(norm.subject)) == (one_zone, wanted[1]):
                    return norm
    return None


def norm_for(distribution: Distribution) -> SupportNorm | None:
    """The norm under which a list's portions of money stand, or None."""
    return norm_of(distribution.unit_id, distribution.purpose, distribution.zone, distribution.handed_on)
