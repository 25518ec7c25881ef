"""Bulletins (bản tin): a draft, or an issued snapshot that never changes again."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.kit.audit import Audited
from portal.kit.db import BigKey, Moment, Text, db, now
from portal.units.models import Unit


class Bulletin(Audited, db.Model):
    """The figures of a unit and period as of an entry number. `content` is frozen when it is issued."""

    __tablename__ = "bulletin"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    code: Mapped[str | None] = mapped_column(Text(60), unique=True)  # given when issued
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    title: Mapped[str] = mapped_column(Text(300))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    as_of: Mapped[int | None]
    paper_number: Mapped[str | None] = mapped_column(Text(60))
    issued_on: Mapped[date | None]
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    content: Mapped[dict[str, Any] | None] = mapped_column(JSON)

    unit: Mapped[Unit] = relationship()
