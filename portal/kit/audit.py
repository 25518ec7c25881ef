"""Who changed what: one session listener notes every change of an `Audited` model, in its transaction.

Personal values live in `audit_value`, which can be erased; the entry itself keeps salted hashes of them.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, ForeignKey, Index, event, inspect
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.kit.db import BigKey, Moment, Text, db, now

COMMAND_LINE = "dòng lệnh"
NOBODY = "khách"  # a request without a session

_actor: ContextVar[tuple[int | None, str]] = ContextVar("actor", default=(None, COMMAND_LINE))


class Audited:
    """Mixin: changes of this model leave an audit entry."""

    audit_personal: ClassVar[set[str]] = set()  # fields whose values may have to be erased one day
    audit_hidden: ClassVar[set[str]] = set()  # fields whose values are never kept (password hashes)


@event.listens_for(Audited, "before_mapper_configured", propagate=True)
def _load_old_values(mapper: Any, _class: Any) -> None:
    """A field that is set before it was read loads its old value first, or the entry would not know it."""
    for attribute in mapper.column_attrs:
        attribute.active_history = True


class AuditEntry(db.Model):
    """One change: actor, moment, row, and per field a plain value or a salted hash. Never changed."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    by_name: Mapped[str] = mapped_column(Text(200))
    action: Mapped[str] = mapped_column(Text(20))  # insert, update, delete, import, sign-in …
    entity: Mapped[str] = mapped_column(Text(60))
    entity_id: Mapped[str | None] = mapped_column(Text(60))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    changes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    __table_args__ = (Index("ix_audit_entry_entity", "entity", "entity_id"),)


class AuditValue(db.Model):
    """Old and new value of a personal field, erasable; the salt makes the entry's hash checkable."""

    __tablename__ = "audit_value"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("audit_entry.id"), index=True)
    field: Mapped[str] = mapped_column(Text(60))
    old: Mapped[str | None] = mapped_column(Text(1500))
    new: Mapped[str | None] = mapped_column(Text(1500))
    salt: Mapped[str] = mapped_column(Text(32))


@contextmanager
def acting(by_id: int | None, by_name: str) -> Iterator[None]:
    """Everything changed inside is the doing of this person (requests, jobs and commands set it)."""
    token = _actor.set((by_id, by_name))
    try:
        yield
    finally:
        _actor.reset(token)


def set_actor(by_id: int | None, by_name: str) -> None:
    """For the request hooks, which have no block to stand around."""
    _actor.set((by_id, by_name))


def actor() -> tuple[int | None, str]:
    """(user id or None, name) of whoever acts now."""
    return _actor.get()


def note(
    action: str, entity: str, *, entity_id: object = None, unit_id: int | None = None, **changes: Any
) -> None:
    """Write an entry by hand: a batch of imported rows, a sign-in, a reading of sensitive fields."""
    by_id, by_name = _actor.get()
    db.session.add(
        AuditEntry(
            by_id=by_id,
            by_name=by_name,
            action=action,
            entity=entity,
            entity_id=None if entity_id is None else str(entity_id),
            unit_id=unit_id,
            changes={key: _plain(value) for key, value in changes.items()},
        )
    )


def salted_hash(salt: str, value: str | None) -> str:
    """What the entry keeps of a personal value."""
    return hashlib.sha256(f"{salt}:{value}".encode()).hexdigest()


def register_audit() -> None:
    """Attach the listener to every session of the application (once)."""
    if not event.contains(Session, "after_flush", _write_entries):
        event.listen(Session, "after_flush", _write_entries)


def _write_entries(session: Session, _context: Any) -> None:
    changed = (("insert", session.new), ("update", session.dirty), ("delete", session.deleted))
    for action, records in changed:
        for record in list(records):
            if isinstance(record, Audited):
                fields = _changed_fields(record, action)
                if fields:
                    _write_entry(session, action, record, fields)


def _changed_fields(record: Any, action: str) -> dict[str, tuple[Any, Any]]:
    state = inspect(record)
    fields = {}
    for attribute in state.mapper.column_attrs:
        history = state.attrs[attribute.key].history
        if action == "update" and not history.has_changes():
            continue
        old = history.deleted[0] if history.deleted else None
        new = None if action == "delete" else getattr(record, attribute.key)
        if action == "delete":
            old = getattr(record, attribute.key)
        if old != new:
            fields[attribute.key] = (old, new)
    return fields


def _write_entry(session: Session, action: str, record: Any, fields: dict[str, tuple[Any, Any]]) -> None:
    by_id, by_name = _actor.get()
    personal, hidden = type(record).audit_personal, type(record).audit_hidden
    kept: dict[str, Any] = {}
    values: list[dict[str, Any]] = []
    for field, (old, new) in fields.items():
        if field in hidden:
            kept[field] = "đã đổi"
        elif field in personal:
            salt = secrets.token_hex(16)
            old_text, new_text = _text(old), _text(new)
            kept[field] = [salted_hash(salt, old_text), salted_hash(salt, new_text)]
            values.append({"field": field, "old": old_text, "new": new_text, "salt": salt})
        else:
            kept[field] = [_plain(old), _plain(new)]
    connection = session.connection()
    inserted = connection.execute(
        AuditEntry.__table__.insert().values(
            at=now(),
            by_id=by_id,
            by_name=by_name,
            action=action,
            entity=record.__tablename__,
            entity_id=_text(
                inspect(record).identity[0] if inspect(record).identity else _primary_key(record)
            ),
            unit_id=getattr(record, "unit_id", None),
            changes=kept,
        )
    ).inserted_primary_key
    assert inserted is not None
    if values:
        rows = [{**value, "entry_id": inserted[0]} for value in values]
        connection.execute(AuditValue.__table__.insert(), rows)


def _primary_key(record: Any) -> Any:
    return getattr(record, inspect(type(record)).primary_key[0].key)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, str | int | bool | list | dict) or value is None:
        return value
    return str(value)
