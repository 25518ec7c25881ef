"""Houses of the past of a table: one by one by name and day, or totals of a period; the n-th alike row is the n-th house."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from portal.housing.actions import numbered_moment
from portal.housing.models_closing import HousePast
from portal.imports.context import Context
from portal.imports.gifts import parts
from portal.imports.kind import Counts, Located
from portal.kit.db import db

CHUNK = 500
Key = tuple[Any, ...]


@dataclass(frozen=True)
class HouseRow:
    """One house (`head_name`, its day twice) or a total. `fields`: column → value; absent columns are left out."""

    unit_id: int
    programme_id: int
    kind_id: int
    head_name: str
    head_key: str
    starts_on: date
    ends_on: date
    fields: tuple[tuple[str, Any], ...]

    @property
    def key(self) -> Key:
        """What makes a house of the past, but for alike ones."""
        return self.unit_id, self.programme_id, self.kind_id, self.head_key, self.starts_on, self.ends_on


def known_rows(rows: Sequence[HouseRow]) -> dict[tuple[Key, int], HousePast]:
    """What is there already of these rows' units and days, by identity and ordinal."""
    found: dict[tuple[Key, int], HousePast] = {}
    wanted = {row.key for row in rows}
    for some in parts(sorted({row.unit_id for row in rows}), CHUNK):
        there = select(HousePast).where(HousePast.unit_id.in_(some), HousePast.withdrawn.is_(False))
        for one in db.session.scalars(there.order_by(HousePast.id)):
            key = (one.unit_id, one.programme_id, one.kind_id, one.head_key, one.starts_on, one.ends_on)
            if key in wanted:
                found[key, one.ordinal] = one
    return found


def numbered(located: Sequence[Located]) -> list[tuple[Located, int]]:
    """Each row with its place among alike rows of the table; a total is one, whoever says it twice."""
    counted: Counter[Key] = Counter()
    found = []
    for item in located:
        counted[item.row.key] += 1
        found.append((item, counted[item.row.key] if item.row.head_name else 1))
    return found


def write_rows(located: Sequence[Located], context: Context) -> Counts:
    """Insert what is new, bring known ones up to their rows."""
    known = known_rows([item.row for item in located])
    new = changed = same = 0
    moment: datetime | None = None
    for item, ordinal in numbered(located):
        row: HouseRow = item.row
        one = known.get((row.key, ordinal))
        if one is None:
            moment = moment or numbered_moment(context.by)
            one = _fresh(row, ordinal)
            one.recorded_at = moment
            db.session.add(one)
            known[row.key, ordinal] = one
            new += 1
            continue
        different = {name: value for name, value in row.fields if getattr(one, name) != value}
        for name, value in different.items():
            setattr(one, name, value)
        changed += bool(different)
        same += not different
    db.session.flush()
    return Counts(new, changed, same)


def _fresh(row: HouseRow, ordinal: int) -> HousePast:
    names = ("unit_id", "programme_id", "kind_id", "head_name", "head_key", "starts_on", "ends_on")
    told = {name: getattr(row, name) for name in names}
    return HousePast(ordinal=ordinal, **told, **{"count": 1, **dict(row.fields)})


def known_numbers(located: Sequence[Located], _context: Context) -> set[int]:
    """Numbers of the rows whose house or total is there."""
    known = known_rows([item.row for item in located])
    return {item.number for item, ordinal in numbered(located) if (item.row.key, ordinal) in known}
