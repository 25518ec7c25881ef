"""What an import makes and changes in catalogues, seen at the session: so that the whole can be undone.

Only keys are kept here. What a changed row held before stands in the audit, where personal values can be erased.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event, func, inspect, select
from sqlalchemy.orm import Session

from portal.kit.audit import Audited, AuditEntry
from portal.kit.db import db
from portal.units.models import Unit

Ranges = list[list[int]]


class Trace:
    """Keys by table name: rows that are new, rows that were changed; the units they belong to."""

    def __init__(self, audit_after: int = 0) -> None:
        self.audit_after = audit_after
        self.new: dict[str, set[int]] = defaultdict(set)
        self.changed: dict[str, set[int]] = defaultdict(set)
        self.units: set[int] = set()
        self._paused = False

    @contextmanager
    def paused(self) -> Iterator[None]:
        """What is written inside is taken back again: it leaves no trace."""
        self._paused = True
        try:
            yield
        finally:
            self._paused = False

    def collect(self, session: Session, _context: Any) -> None:
        """Called after each flush."""
        if self._paused:
            return
        for record in session.new:
            if isinstance(record, Audited):
                self._take(record, self.new)
        for record in session.dirty:
            if isinstance(record, Audited) and session.is_modified(record):
                self._take(record, self.changed)

    def add(self, model: Any, ids: Iterable[int]) -> None:
        """Rows that were written past the session."""
        self.new[model.__tablename__].update(ids)

    def _take(self, record: Any, keys: dict[str, set[int]]) -> None:
        mapper = inspect(type(record))
        key = getattr(record, mapper.primary_key[0].key)
        table = record.__tablename__
        if key not in self.new[table]:
            keys[table].add(key)
        unit_id = record.id if isinstance(record, Unit) else getattr(record, "unit_id", None)
        if unit_id is not None:
            self.units.add(unit_id)

    def as_json(self) -> dict[str, Any]:
        """As a run keeps it."""
        return {
            "new": {table: ranges_of(keys) for table, keys in self.new.items() if keys},
            "changed": {table: ranges_of(keys) for table, keys in self.changed.items() if keys},
            "audit_after": self.audit_after,
        }


@contextmanager
def tracing() -> Iterator[Trace]:
    """Note what the session writes inside the block."""
    session = db.session()
    trace = Trace(db.session.scalar(select(func.max(AuditEntry.id))) or 0)
    listener = trace.collect
    event.listen(session, "after_flush", listener)
    try:
        yield trace
    finally:
        event.remove(session, "after_flush", listener)


def ranges_of(keys: Iterable[int]) -> Ranges:
    """Keys as [first, last] pairs: ten thousand new rows are usually one pair."""
    found: Ranges = []
    for key in sorted(keys):
        if found and key == found[-1][1] + 1:
            found[-1][1] = key
        else:
            found.append([key, key])
    return found


def keys_of(ranges: Ranges) -> list[int]:
    """The keys of such pairs."""
    return [key for first, last in ranges for key in range(first, last + 1)]
