"""What an import changed in a row, field by field, as the audit has it: to compare with now, and to put back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from portal.imports.models import ImportRun
from portal.imports.tracing import keys_of
from portal.kit.audit import AuditEntry, AuditValue
from portal.kit.db import db
from portal.ledger.models import BankAccount

CHUNK = 500
FOLLOWS = {"reindex_after"}  # how far the search index is: moves by itself
Fields = dict[str, tuple[Any, Any]]  # field → (before the run, after it), as text or plain value
ERASED = object()


def changed_since(run: ImportRun, model: Any) -> list[Any]:
    """Rows that the run changed and that hold something else now (or whose old values have been erased)."""
    fields_of = _changes(run, model)
    found = []
    for row in _rows(model, fields_of):
        fields = fields_of[row.id]
        if any(old is ERASED or not _equal(row, name, new) for name, (old, new) in fields.items()):
            found.append(row)
    return found


def changed_after(run: ImportRun, model: Any) -> list[Any]:
    """Rows that the run made and that hold something else now than it left in them (or whose values were erased)."""
    mine = set(keys_of(run.trace.get("new", {}).get(model.__tablename__, [])))
    if not mine:
        return []
    entries = [one for one in db.session.scalars(_later(run, model)) if int(one.entity_id or 0) in mine]
    values = _personal_values([entry.id for entry in entries])
    left: dict[int, dict[str, Any]] = {}
    for entry in entries:  # the first change tells what the run had left
        for name, old, _new in _fields(model, entry, values):
            left.setdefault(int(entry.entity_id or 0), {}).setdefault(name, old)
    return [
        row
        for row in _rows(model, left)
        if any(old is ERASED or not _equal(row, name, old) for name, old in left[row.id].items())
    ]


def put_back(run: ImportRun, model: Any) -> list[Any]:
    """Set every changed field to what it held before the run; returns the rows."""
    fields_of = _changes(run, model)
    rows = _rows(model, fields_of)
    for row in rows:
        for name, (old, _new) in fields_of[row.id].items():
            setattr(row, name, _value(model, name, old))
        if model is BankAccount and "published" in fields_of[row.id]:
            row.reindex_after = 0  # what the public may find of its gifts follows
    return rows


def _rows(model: Any, keys: Iterable[int]) -> list[Any]:
    wanted = sorted(keys)
    found: list[Any] = []
    for start in range(0, len(wanted), CHUNK):
        found += db.session.scalars(select(model).where(model.id.in_(wanted[start : start + CHUNK])))
    return found


def _changes(run: ImportRun, model: Any) -> dict[int, Fields]:
    """By key: what each changed field held before the run, and what the run left in it."""
    keys = keys_of(run.trace.get("changed", {}).get(model.__tablename__, []))
    found: dict[int, Fields] = {key: {} for key in keys}
    for start in range(0, len(keys), CHUNK):
        entries = db.session.scalars(_entries(run, model, keys[start : start + CHUNK])).all()
        values = _personal_values([entry.id for entry in entries])
        for entry in entries:
            fields = found[int(entry.entity_id or 0)]
            for name, old, new in _fields(model, entry, values):
                fields[name] = (fields[name][0] if name in fields else old, new)
    return found


def _personal_values(entry_ids: list[int]) -> dict[tuple[int, str], AuditValue]:
    """Old and new personal values by (entry, field), as far as they have not been erased."""
    found: dict[tuple[int, str], AuditValue] = {}
    for start in range(0, len(entry_ids), CHUNK):
        rows = select(AuditValue).where(AuditValue.entry_id.in_(entry_ids[start : start + CHUNK]))
        found |= {(value.entry_id, value.field): value for value in db.session.scalars(rows)}
    return found


def _entries(run: ImportRun, model: Any, keys: list[int]) -> Any:
    """Written in the run's own transaction: after it began, not after the run itself was kept."""
    mine = (AuditEntry.id > run.trace["audit_after"]) & (AuditEntry.id < _kept(run))
    of_rows = (AuditEntry.entity == model.__tablename__) & AuditEntry.entity_id.in_(
        [str(key) for key in keys]
    )
    return select(AuditEntry).where(mine, of_rows, AuditEntry.action == "update").order_by(AuditEntry.id)


def _later(run: ImportRun, model: Any) -> Any:
    """Changes of the table after the run, oldest first."""
    of_table = (AuditEntry.entity == model.__tablename__) & (AuditEntry.action == "update")
    return select(AuditEntry).where(of_table, AuditEntry.id > _kept(run)).order_by(AuditEntry.id)


def _kept(run: ImportRun) -> Any:
    """The entry by which the run itself was kept, the last of its transaction."""
    entry = select(AuditEntry.id).where(
        AuditEntry.entity == "import_run", AuditEntry.entity_id == str(run.id), AuditEntry.action == "insert"
    )
    return entry.scalar_subquery()


def _fields(
    model: Any, entry: AuditEntry, values: dict[tuple[int, str], AuditValue]
) -> Iterable[tuple[str, Any, Any]]:
    personal: set[str] = getattr(model, "audit_personal", set())
    for name, pair in entry.changes.items():
        if name in FOLLOWS:
            continue
        if name in personal:
            known = values.get((entry.id, name))
            yield (name, known.old, known.new) if known else (name, ERASED, ERASED)
        else:
            yield name, pair[0], pair[1]


def _equal(row: Any, name: str, kept: Any) -> bool:
    now: Any = getattr(row, name)
    if isinstance(now, date | datetime):
        now = now.isoformat()
    if now is None or kept is None:
        return now is kept
    return str(now) == str(kept)


def _value(model: Any, name: str, kept: Any) -> Any:
    """The value of a column out of its text."""
    if kept is None:
        return None
    wanted = model.__table__.c[name].type.python_type
    if wanted in (date, datetime):
        return wanted.fromisoformat(kept)
    return wanted(kept)
