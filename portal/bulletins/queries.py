"""Reading bulletins: drafts for staff, issued ones for everybody."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import defer, joinedload

from portal.bulletins.models import Bulletin
from portal.kit.db import db
from portal.people.models import User
from portal.people.queries import readable_units, units_for


def issued_bulletins() -> Select[Any]:
    """Issued bulletins with their unit, without their content, newest first; drafts never."""
    rows = select(Bulletin).where(Bulletin.code.is_not(None), Bulletin.content.is_not(None))
    rows = rows.options(joinedload(Bulletin.unit), defer(Bulletin.content))
    return rows.order_by(Bulletin.issued_on.desc(), Bulletin.id.desc())


def bulletin_by_code(code: str) -> Bulletin | None:
    """The issued bulletin of a public code, or None."""
    rows = select(Bulletin).where(Bulletin.code == code, Bulletin.content.is_not(None))
    return db.session.scalar(rows.options(joinedload(Bulletin.unit)))


def issued_in_year(unit_id: int, year: int) -> int:
    """How many bulletins a unit has issued with days of a year: papers are numbered by it."""
    of_year = Bulletin.issued_on.between(date(year, 1, 1), date(year, 12, 31))
    issued = select(func.count()).where(Bulletin.unit_id == unit_id, Bulletin.code.is_not(None), of_year)
    return db.session.scalar(issued) or 0


def bulletins_for(user: User) -> Select[Any]:
    """Drafts and issued bulletins of the units that a person may read."""
    return select(Bulletin).where(Bulletin.unit_id.in_(readable_units(user))).options(defer(Bulletin.content))


def bulletin_or_404(bulletin_id: int, *, for_user: User, roles: tuple[str, ...] = ()) -> Bulletin:
    """One bulletin, if the person has one of `roles` (none given: any role) over its unit; otherwise 404."""
    units = units_for(for_user, *roles) if roles else readable_units(for_user)
    wanted = select(Bulletin).where(Bulletin.unit_id.in_(units), Bulletin.id == bulletin_id)
    return db.one_or_404(wanted.options(joinedload(Bulletin.unit)))
