"""Reading household groups and poverty reviews."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from portal.households.models import HouseholdGroup, PovertyReview
from portal.kit.db import db
from portal.kit.vietnamese import fold
from portal.units.queries import subtree


def group_by_name(name: str) -> HouseholdGroup | None:
    """The group of this name, accents and case aside; "nghèo" also finds "Hộ nghèo"."""
    wanted = fold(name)
    names = (wanted, f"ho {wanted}")
    found = db.session.scalars(select(HouseholdGroup).where(HouseholdGroup.folded.in_(names))).all()
    return next((group for text in names for group in found if group.folded == text), None)


def groups() -> list[HouseholdGroup]:
    """Every group, in the order of papers."""
    return list(
        db.session.scalars(select(HouseholdGroup).order_by(HouseholdGroup.position, HouseholdGroup.id))
    )


def reviews_in(unit_id: int, *, as_of: int | None = None) -> Select[Any]:
    """The versions true as of an entry number, of a unit with all below."""
    return select(PovertyReview).where(
        PovertyReview.unit_id.in_(subtree(unit_id)), PovertyReview.as_of(as_of)
    )
