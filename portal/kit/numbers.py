"""The one sequence of the books: every posting and every published input takes a number under one lock.

As-of is that number: clocks jump and commits reorder, numbers do not.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, func, select, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column
from sqlalchemy.sql.elements import ColumnElement

from portal.kit.db import BigKey, Moment, Text, db, is_sqlite, is_writing, now

POSTING_LOCK = 7_210_417  # PostgreSQL advisory lock of this application


class Entry(db.Model):
    """One numbered change of the books: a posting, or a batch of published inputs. Numbers have no gaps."""

    __tablename__ = "entry"

    number: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False)
    what: Mapped[str] = mapped_column(Text(40))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    by_name: Mapped[str] = mapped_column(Text(200))
    recorded_at: Mapped[datetime] = mapped_column(Moment, index=True)


class Versioned:
    """A published input: a row is true from entry `since` until entry `until` (None = still)."""

    @declared_attr
    def since(cls) -> Mapped[int]:  # noqa: N805
        """Number of the entry that brought this version."""
        return mapped_column(ForeignKey("entry.number"), index=True)

    @declared_attr
    def until(cls) -> Mapped[int | None]:  # noqa: N805
        """Number of the entry that replaced it."""
        return mapped_column(ForeignKey("entry.number"))

    @classmethod
    def as_of(cls, number: int | None) -> ColumnElement[bool]:
        """Condition: the version that was true after entry `number` (None = now)."""
        if number is None:
            return cls.until.is_(None)  # type: ignore[attr-defined]
        since, until = cls.since, cls.until
        return (since <= number) & (until.is_(None) | (until > number))  # type: ignore


def take_posting_lock() -> None:
    """Serialise numbered changes. On SQLite the write transaction itself is the lock. Raises OperationalError on timeout."""
    if not is_writing():
        raise RuntimeError("a numbered change needs a writing transaction")
    if not is_sqlite():
        db.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": POSTING_LOCK})


def next_entry(what: str, by_id: int | None, by_name: str) -> Entry:
    """Take the next number; flushes. `by_name` is kept as written at that moment."""
    take_posting_lock()
    entry = Entry(number=last_number() + 1, what=what, by_id=by_id, by_name=by_name, recorded_at=now())
    db.session.add(entry)
    db.session.flush()
    return entry


def last_number() -> int:
    """The highest number given out, 0 in an empty portal."""
    return db.session.scalar(select(func.max(Entry.number))) or 0


def number_at(moment: datetime) -> int:
    """The last number recorded up to a moment (0 if none): how a moment finds an as-of."""
    return db.session.scalar(select(func.max(Entry.number)).where(Entry.recorded_at <= moment)) or 0


class Numbering(db.Model):
    """A gap-free series of paper numbers: per unit, fund, kind and year."""

    __tablename__ = "numbering"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"))
    kind: Mapped[str] = mapped_column(Text(10))
    year: Mapped[int]
    last: Mapped[int] = mapped_column(default=0)

    __table_args__ = (db.UniqueConstraint("unit_id", "fund_id", "kind", "year"),)


def take_paper_number(*, unit_id: int, fund_id: int, kind: str, day: date, count: int = 1) -> int:
    """The next number of a series (1, 2, …), or the first of `count` that follow each other.

    No gap, because the number lives and dies with the transaction.
    """
    take_posting_lock()
    wanted = {"unit_id": unit_id, "fund_id": fund_id, "kind": kind, "year": day.year}
    series = db.session.scalar(select(Numbering).filter_by(**wanted).with_for_update())
    if series is None:
        series = Numbering(**wanted, last=0)
        db.session.add(series)
    series.last += count
    db.session.flush()
    return series.last - count + 1


def peek_paper_number(*, unit_id: int, fund_id: int, kind: str, day: date) -> int:
    """What the next number would be, for "(dự kiến)" on forms; takes nothing."""
    wanted = {"unit_id": unit_id, "fund_id": fund_id, "kind": kind, "year": day.year}
    return (db.session.scalar(select(Numbering.last).filter_by(**wanted)) or 0) + 1
