"""The database: one session, two engines, and the rule that only a writing transaction may write.

A transaction is *reading* unless `writing()` (or a POST, through kit.web) says otherwise. Reading transactions are
read-only in the database itself. Writing ones start with BEGIN IMMEDIATE behind a fair file lock on SQLite; on
PostgreSQL the postings take one advisory lock (kit.numbers).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, DateTime, Engine, Integer, MetaData, String, TypeDecorator, event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import DeclarativeBase

from portal.kit.locks import WriteLock

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of every table: fixed constraint names, so that migrations are the same on both engines."""

    metadata = MetaData(naming_convention=NAMING)


class Moment(TypeDecorator):
    """A point in time, stored in UTC, always aware in Python (SQLite forgets time zones)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Refuse naive times: they are a programming error."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Give the zone back."""
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


# đồng; SQLite needs plain INTEGER for rowid keys
Money = BigInteger
BigKey = BigInteger().with_variant(Integer, "sqlite")
Text = String

db = SQLAlchemy(model_class=Base, session_options={"autoflush": True})

_writing: ContextVar[bool] = ContextVar("writing", default=False)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def is_sqlite() -> bool:
    """Which engine the present application runs on."""
    return db.engine.dialect.name == "sqlite"


@contextmanager
def writing() -> Iterator[None]:
    """Transactions begun inside may write. Ends a reading transaction first, so that it is not upgraded (deadlocks)."""
    if _writing.get():
        yield
        return
    db.session.rollback()
    token = _writing.set(True)
    try:
        yield
    finally:
        db.session.rollback()
        _writing.reset(token)


def is_writing() -> bool:
    """Whether the next transaction may write."""
    return _writing.get()


def set_writing(value: bool) -> None:
    """For the request hooks: mark the present request's transactions."""
    _writing.set(value)


class LockedConnection(sqlite3.Connection):
    """A SQLite connection that gives the write lock back once its transaction has really ended."""

    write_lock_fd: int | None = None

    def commit(self) -> None:
        """Commit, then let the next writer in. (A failed commit keeps the lock until the rollback.)"""
        super().commit()
        self._release()

    def rollback(self) -> None:
        """Roll back, then let the next writer in."""
        try:
            super().rollback()
        finally:
            self._release()

    def close(self) -> None:
        """Close; an open transaction dies with it."""
        try:
            super().close()
        finally:
            self._release()

    def _release(self) -> None:
        if self.write_lock_fd is not None:
            WriteLock.release(self.write_lock_fd)
            self.write_lock_fd = None


def prepare_engine(engine: Engine, lock: WriteLock) -> None:
    """Attach the transaction rules to an engine; on SQLite its connections must be `LockedConnection`s."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite_connection)
        event.listen(engine, "begin", lambda connection: _begin_sqlite(connection, lock))
    else:
        event.listen(engine, "begin", _begin_postgresql)


def _prepare_sqlite_connection(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # BEGIN is ours
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=10000",
        "recursive_triggers=ON",  # without it INSERT OR REPLACE slips past the delete trigger
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection, lock: WriteLock) -> None:
    raw = connection.connection.dbapi_connection
    assert isinstance(raw, LockedConnection)
    if not _writing.get():
        raw.execute("PRAGMA query_only=ON")
        raw.execute("BEGIN")
        return
    raw.write_lock_fd = lock.acquire()
    try:
        raw.execute("PRAGMA query_only=OFF")
        raw.execute("BEGIN IMMEDIATE")
    except BaseException:
        raw.rollback()
        raise


def _begin_postgresql(connection: Connection) -> None:
    raw = connection.connection.dbapi_connection
    assert raw is not None
    if _writing.get():
        raw.execute("SET LOCAL lock_timeout = '5s'")
    else:
        raw.execute("SET TRANSACTION READ ONLY")
