"""How values of a household are written for people, and the notes that keep the value before. Flushes nothing."""

from __future__ import annotations

from typing import Any

from portal.households.models_change import HouseholdChange
from portal.households.models_registry import Household
from portal.households.queries_registry import unit_text
from portal.households.rules_registry import SEXES
from portal.kit.audit import actor
from portal.kit.db import db
from portal.people.models import User
from portal.units.models import Unit

DONE = "done"
LONGEST = 1000


def value_text(field: str, value: Any) -> str | None:
    """A field's value in words; None when nothing is known."""
    if value is None or value == "":
        return None
    if field == "unit_id":
        unit = db.session.get(Unit, value)
        return unit_text(unit) if unit else str(value)
    if field == "sex":
        return SEXES.get(value, str(value))
    return str(value)


def note_change(
    household: Household,
    field: str,
    label: str,
    old: str | None,
    new: str | None,
    by: User | None,
    reason: str | None = None,
) -> HouseholdChange:
    """Keep that a field went from `old` to `new`; `by` None is whoever acts now (a command, an import)."""
    by_id, by_name = (by.id, by.name) if by else actor()
    change = HouseholdChange(
        household_id=household.id,
        field=field,
        label=label,
        old=old[:LONGEST] if old else None,
        new=new[:LONGEST] if new else None,
        reason=reason,
        state=DONE,
        by_id=by_id,
        by_name=by_name,
    )
    db.session.add(change)
    return change
