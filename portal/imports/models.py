"""Each import that was carried out, so that the whole of it can be seen and undone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.kit.audit import Audited
from portal.kit.db import BigKey, Moment, Money, Text, db, now
from portal.people.models import User
from portal.units.models import Unit


class ImportRun(Audited, db.Model):
    """One table that was taken in. `trace` says what it made and changed; undo answers it, by two people."""

    __tablename__ = "import_run"
    audit_hidden = {"trace"}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    kind: Mapped[str] = mapped_column(Text(40))
    mode: Mapped[str] = mapped_column(Text(10), default="both")  # add, update, both
    file_name: Mapped[str] = mapped_column(Text(200))
    sha256: Mapped[str] = mapped_column(Text(64))
    rows: Mapped[int]
    new: Mapped[int]
    changed: Mapped[int]
    sum: Mapped[int | None] = mapped_column(Money)
    first_entry: Mapped[int | None] = mapped_column(BigKey)  # numbered changes of the books, if any
    last_entry: Mapped[int | None] = mapped_column(BigKey)
    trace: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    by_name: Mapped[str] = mapped_column(Text(200))
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)
    undo_asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    undo_asked_at: Mapped[datetime | None] = mapped_column(Moment)
    undo_reason: Mapped[str | None] = mapped_column(Text(1000))
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    undone_at: Mapped[datetime | None] = mapped_column(Moment)

    undo_asked_by: Mapped[User | None] = relationship(foreign_keys=[undo_asked_by_id])
    undone_by: Mapped[User | None] = relationship(foreign_keys=[undone_by_id])
    units: Mapped[list[Unit]] = relationship(secondary="import_run_unit", order_by=Unit.id, viewonly=True)


class ImportRunUnit(db.Model):
    """A unit that rows of the table belong to: who may see and undo the run follows from all of them."""

    __tablename__ = "import_run_unit"

    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id"), primary_key=True, autoincrement=False)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, autoincrement=False)
