"""The household part of survey forms, as the registry has it now: nothing sensitive is in it."""

from __future__ import annotations

from typing import Any

from portal.households.models_registry import Household
from portal.households.queries_page import members_of, years_of
from portal.households.queries_registry import unit_text
from portal.households.rules_registry import SEXES
from portal.kit.vietnamese import fold

SPOUSES = frozenset(("vo", "chong"))


def household_facts(household: Household) -> dict[str, Any]:
    """Head, spouse, members, address, group of the newest year: plain values that a survey keeps."""
    members = members_of(household.id)
    spouse = next((one.name for one in members if fold(one.relation) in SPOUSES), None)
    years = years_of(household.id)
    return {
        "head": household.name,
        "sex": SEXES.get(household.sex or ""),
        "birth_year": household.birth_year,
        "phone": household.phone,
        "address": ", ".join(part for part in (household.address, unit_text(household.unit)) if part),
        "spouse": spouse,
        "members": len(members) + 1 if members else None,
        "people": [_told(one) for one in members],
        "group": ", ".join(years[0].groups) if years and years[0].groups else None,
        "group_year": years[0].year if years and years[0].groups else None,
    }


def _told(member: Any) -> str:
    more = [member.relation, str(member.birth_year) if member.birth_year else None]
    said = ", ".join(part for part in more if part)
    return f"{member.name} ({said})" if said else member.name
