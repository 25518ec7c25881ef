"""The emulation movement; for now its good models and works (mô hình hay)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.kit.db import BigKey, Text, db
from portal.kit.numbers import Versioned
from portal.units.models import Unit


class Initiative(Versioned, db.Model):
    """A good model, work, club or cooperative group of a unit; blank dates = always."""

    __tablename__ = "initiative"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str] = mapped_column(Text(300))
    name_key: Mapped[str] = mapped_column(Text(300))
    form: Mapped[str] = mapped_column(Text(100), default="")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    note: Mapped[str | None] = mapped_column(Text(1000))

    unit: Mapped[Unit] = relationship()

    __table_args__ = (Index("ix_initiative_unit", "unit_id", "name_key"),)
