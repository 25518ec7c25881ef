"""One row of a table of households, and which household of the books it means."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.households.models import HouseholdGroup
from portal.households.models_registry import Household
from portal.households.rules_registry import Person
from portal.imports.gifts import parts
from portal.kit.db import db
from portal.units.models import Unit

CHUNK = 500  # values in one IN list


@dataclass(frozen=True)
class HouseholdRow:
    """One household as a table brings it; None = the table says nothing. Ids of groups, indicators, needs."""

    unit_id: int
    code: int | None
    fields: tuple[tuple[str, Any], ...]
    people: tuple[Person, ...] | None
    year: int | None
    groups: tuple[int, ...] | None
    lacks: tuple[int, ...] | None
    income: int | None
    needs: tuple[int, ...] | None
    private: tuple[str | None, ...] | None  # cccd, health, ethnicity, religion of the head

    @property
    def values(self) -> dict[str, Any]:
        """By column."""
        return dict(self.fields)

    @property
    def key(self) -> tuple[int, str, int | None]:
        """What makes a household without a code."""
        return self.unit_id, self.values["folded"], self.values.get("birth_year")


def groups_by_name() -> dict[str, int]:
    """Ids of groups by folded name, "nghèo" also for "Hộ nghèo"."""
    found: dict[str, int] = {}
    for key, folded in db.session.execute(select(HouseholdGroup.id, HouseholdGroup.folded)):
        found[folded] = key
        found.setdefault(folded.removeprefix("ho "), key)
    return found


class Known:
    """The households that rows may mean."""

    def __init__(self, rows: Iterable[HouseholdRow]):
        rows = list(rows)
        self.by_id: dict[int, Household] = {}
        self.by_key: dict[tuple[int, str, int | None], Household] = {}
        self.by_name: dict[tuple[int, str], Household] = {}
        self._load(Household.id, (row.code for row in rows))
        self._load(Household.folded, (row.values["folded"] for row in rows))
        self._load(Household.id, (one.merged_into_id for one in list(self.by_id.values())))

    def _load(self, column: Any, wanted: Iterable[Any]) -> None:
        for some in parts(sorted({key for key in wanted if key is not None}), CHUNK):
            rows = select(Household).where(column.in_(some), Household.withdrawn.is_(False))
            rows = rows.options(joinedload(Household.unit).joinedload(Unit.parent))
            for one in db.session.scalars(rows.order_by(Household.id)):
                self.by_id[one.id] = one
                self.by_key.setdefault((one.unit_id, one.folded, one.birth_year), one)
                self.by_name.setdefault((one.unit_id, one.folded), one)

    def find(self, row: HouseholdRow) -> Household | None:
        """The household of a row, the remaining one where two were one."""
        found = self.by_id.get(row.code) if row.code else self.by_key.get(row.key)
        return self.by_id.get(found.merged_into_id, found) if found and found.merged_into_id else found
