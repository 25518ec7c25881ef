"""Short writing transactions of long work, and how far the work has come."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import Pool

from portal.jobs.models import Job
from portal.kit.db import db, is_sqlite, now, writing
from portal.kit.errors import Busy
from portal.kit.numbers import take_posting_lock

PATIENCE = 60.0  # seconds that background work waits for its turn; people at a screen wait 5
ROOMY = (
    "cache_size=-16384",
    "wal_autocheckpoint=0",
)  # 16 MB: more does not shorten the posting of a million lines
USUAL = ("wal_checkpoint(PASSIVE)", "cache_size=-2000", "wal_autocheckpoint=1000")
LOCK_NOT_AVAILABLE = "55P03"  # SQLSTATE of PostgreSQL's lock_timeout


Told = Callable[[int, int | None], None]  # hears (done, total) of every chunk


class Cancelled(Exception):
    """Somebody asked to stop this work."""


@contextmanager
def step(*, posting: bool = False) -> Iterator[None]:
    """One writing transaction, committed at the end of the block. Raises Busy after a minute of waiting.

    `posting` takes the posting lock at once, so that the wait can be repeated before anything was done.
    """
    with writing():
        _wait_for_turn(posting)
        yield
        db.session.commit()


def _wait_for_turn(posting: bool) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            db.session.connection()
            if posting:
                take_posting_lock()
                _make_room()
            return
        except (Busy, OperationalError) as error:
            db.session.rollback()
            if time.monotonic() > until or not _is_waiting(error):
                raise
            time.sleep(0.1)


def _make_room() -> None:
    """SQLite: a large transaction goes to the WAL alone, and is copied into the file after the lock is free."""
    if not is_sqlite():
        return
    connection = db.session.connection().connection
    connection.info["roomy"] = True
    for pragma in ROOMY:
        connection.dbapi_connection.execute(f"PRAGMA {pragma}")  # type: ignore[union-attr]


@event.listens_for(Pool, "checkin")
def _give_room_back(connection: Any, record: Any) -> None:
    """The transaction is over and its lock is free; the connection goes back to the pool as it came."""
    if record.info.pop("roomy", False) and connection is not None:
        for pragma in USUAL:
            connection.execute(f"PRAGMA {pragma}")


def _is_waiting(error: Exception) -> bool:
    if isinstance(error, Busy):
        return True
    cause = getattr(error, "orig", None)
    return getattr(cause, "sqlstate", None) == LOCK_NOT_AVAILABLE or "database is locked" in str(cause)


class Progress:
    """How far a job has come. `job_id` None: work without a trace (a dry run); `told` hears of it too."""

    def __init__(self, job_id: int | None, told: Told | None = None):
        self.job_id = job_id
        self.told = told
        self.done = 0

    def advance(self, done: int, total: int | None = None, message: str | None = None) -> None:
        """Write down how far it is, inside a step. Raises Cancelled when somebody asked to stop."""
        self.done = done
        if self.job_id is not None:
            self.check()
            values = {"done": done, "alive_at": now()} | ({"total": total} if total else {})
            if message is not None:
                values["message"] = message
            db.session.execute(update(Job).where(Job.id == self.job_id).values(**values))
        if self.told is not None:
            self.told(done, total)

    def check(self) -> None:
        """Raises Cancelled when somebody asked to stop, or another worker has taken the job for dead."""
        if self.job_id is None:
            return
        asked = select(Job.cancel_requested, Job.state).where(Job.id == self.job_id)
        cancel_requested, state = db.session.execute(asked).one()
        if cancel_requested or state != "running":
            raise Cancelled
