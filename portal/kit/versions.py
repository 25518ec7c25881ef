"""Writing versioned inputs: new rows, new versions of changed ones, nothing for what is known already."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select

from portal.kit.db import db
from portal.kit.numbers import Entry
from portal.kit.tables import ABSENT

CHUNK = 500  # ids in one IN list


class Recorded(NamedTuple):
    """What became of a batch of rows."""

    new: int
    changed: int
    duplicates: int


def record_versions(
    model: Any,
    rows: Iterable[dict[str, Any]],
    *,
    identity: Sequence[str],
    entry: Entry | Callable[[], Entry],
    check: Callable[[dict[str, Any]], None],
) -> Recorded:
    """Compare rows with the current versions of their `identity` and write what is new or changed; flushes.

    A field that is ABSENT keeps its known value. `check` gets the complete values and may raise Refused.
    `entry` may be a function: it is called on the first write, so that mere duplicates take no number.
    """
    wanted = [{**row} for row in rows]
    current = _current(model, identity, {row["unit_id"] for row in wanted})
    new = changed = duplicates = 0
    for row in wanted:
        key = tuple(row[name] for name in identity)
        old = current.get(key)
        values = _merged(model, row, old)
        check(values)
        if old is not None and all(getattr(old, name) == value for name, value in values.items()):
            duplicates += 1
            continue
        if not isinstance(entry, Entry):
            entry = entry()
        if old is not None:
            old.until = entry.number
            changed += 1
        else:
            new += 1
        current[key] = model(**values, since=entry.number)
        db.session.add(current[key])
    db.session.flush()
    return Recorded(new, changed, duplicates)


def _current(model: Any, identity: Sequence[str], unit_ids: set[int]) -> dict[tuple[Any, ...], Any]:
    known: dict[tuple[Any, ...], Any] = {}
    ids = sorted(unit_ids)
    for start in range(0, len(ids), CHUNK):
        rows = select(model).where(model.until.is_(None), model.unit_id.in_(ids[start : start + CHUNK]))
        for row in db.session.scalars(rows):
            known[tuple(getattr(row, name) for name in identity)] = row
    return known


def _merged(model: Any, row: dict[str, Any], old: Any | None) -> dict[str, Any]:
    defaults = {
        column.name: column.default.arg
        for column in model.__table__.columns
        if column.default is not None and column.default.is_scalar
    }
    values = {}
    for name, value in row.items():
        if value is ABSENT:
            value = getattr(old, name) if old is not None else defaults.get(name)
        values[name] = value
    return values
