"""Households for tests: invented people in the commune's hamlets."""

from __future__ import annotations

from typing import Any

from portal.households.actions_registry import record_household, set_groups
from portal.households.models_registry import Household
from portal.households.queries import group_by_name
from portal.kit.db import db
from portal.units.models import Unit
from tests.cast import Cast, make_unit

HOME = "/quan-ly/ho-dan/"


def make_hamlet(cast: Cast, name: str = "Ấp Phú Lợi", parent: Unit | None = None) -> Unit:
    """A hamlet of the commune."""
    return make_unit(name=name, level="ấp", parent=parent or cast.commune)


def make_household(*, unit: Unit, name: str = "Nguyễn Văn Sáu", **values: Any) -> Household:
    """A household, as the form records it."""
    return record_household({"unit_id": unit.id, "name": name, **values}, by=None)


def put_in_group(household: Household, year: int, *names: str) -> None:
    """The groups of a year, by name."""
    groups = [group_by_name(name) for name in names]
    set_groups(household, year, [group for group in groups if group], None)
    db.session.commit()
