"""What a file of households needs besides the rows themselves: read in few statements, whatever their number."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from portal.households.models_private import HouseholdPrivate
from portal.households.models_registry import (
    Household,
    HouseholdLack,
    HouseholdMember,
    HouseholdNeed,
    HouseholdStatus,
    HouseholdYear,
)
from portal.households.rules_registry import NO_LACK, person_text
from portal.kit.db import db


class Facts:
    """Members, last year, open needs of the households of a select; sensitive fields of heads only when asked."""

    def __init__(self, households: Select[Any], *, with_private: bool = False) -> None:
        self.with_private = with_private
        self._ids = households.order_by(None).with_only_columns(Household.id)
        self._people: dict[int, list[str]] = defaultdict(list)
        self._years: dict[int, int] = {}
        self._groups: dict[tuple[int, int], list[Any]] = defaultdict(list)
        self._lacks: dict[tuple[int, int], list[Any]] = defaultdict(list)
        self._facts: dict[tuple[int, int], HouseholdYear] = {}
        self._needs: dict[int, list[str]] = defaultdict(list)
        self._private: dict[int, HouseholdPrivate] = {}
        self._read()

    def _read(self) -> None:
        for member in self._of(HouseholdMember):
            self._people[member.household_id].append(person_text(member))
        for status in self._of(HouseholdStatus, joinedload(HouseholdStatus.group)):
            self._see(status)
            self._groups[status.household_id, status.year].append(status.group)
        for lack in self._of(HouseholdLack, joinedload(HouseholdLack.indicator)):
            self._see(lack)
            self._lacks[lack.household_id, lack.year].append(lack.indicator)
        for year in self._of(HouseholdYear):
            self._see(year)
            self._facts[year.household_id, year.year] = year
        for need in self._of(HouseholdNeed, joinedload(HouseholdNeed.kind)):
            if need.met_on is None:
                self._needs[need.household_id].append(need.kind.name)
        if self.with_private:
            self._private = {
                row.household_id: row for row in self._of(HouseholdPrivate) if row.member_id is None
            }

    def _of(self, model: Any, *loaded: Any) -> Any:
        rows = select(model).where(model.household_id.in_(self._ids), model.withdrawn.is_(False))
        return db.session.scalars(rows.options(*loaded).order_by(model.id))

    def _see(self, row: Any) -> None:
        self._years[row.household_id] = max(row.year, self._years.get(row.household_id, row.year))

    def members(self, key: int) -> str | None:
        """ "Trần Thị Bé, vợ, nữ, 1980; …"."""
        return "; ".join(self._people[key]) or None

    def year(self, key: int) -> int | None:
        """The last year of which anything is known."""
        return self._years.get(key)

    def groups(self, key: int) -> str | None:
        """The groups of that year."""
        return self._names(self._groups[key, self._years.get(key, 0)])

    def lacks(self, key: int) -> str | None:
        """The lacking indicators of that year; "không" when they were looked at and none lacks."""
        place = (key, self._years.get(key, 0))
        looked_at = place in self._facts and self._facts[place].lacks_known
        return self._names(self._lacks[place]) or (NO_LACK if looked_at else None)

    def income(self, key: int) -> int | None:
        """Đồng per person and month in that year."""
        found = self._facts.get((key, self._years.get(key, 0)))
        return found.income if found else None

    def needs(self, key: int) -> str | None:
        """What is needed and not met."""
        return "; ".join(self._needs[key]) or None

    def private(self, key: int, field: str) -> str | None:
        """A sensitive field of the head."""
        row = self._private.get(key)
        return getattr(row, field) if row else None

    @staticmethod
    def _names(items: list[Any]) -> str | None:
        return (
            "; ".join(item.name for item in sorted(items, key=lambda item: (item.position, item.id))) or None
        )
