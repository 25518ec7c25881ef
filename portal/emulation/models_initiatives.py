"""Good models with their story: they stand on the versioned table of initiatives, which says name, form and days."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.kit.audit import Audited
from portal.kit.db import BigKey, Moment, Text, db, now
from portal.kit.numbers import Versioned
from portal.people.models import User
from portal.units.models import Unit


class GoodModel(Audited, db.Model):
    """The story of an initiative, found by its identity (unit and name). Nobody outside reads it until published."""

    __tablename__ = "good_model"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    name_key: Mapped[str] = mapped_column(Text(300))
    story: Mapped[str] = mapped_column(Text(6000), default="")
    results: Mapped[str] = mapped_column(Text(3000), default="")
    households: Mapped[int | None]  # helped by it
    people: Mapped[int | None]
    contact: Mapped[str] = mapped_column(Text(200), default="")  # the organisation that runs it
    published_on: Mapped[date | None]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))  # None: nobody asks to publish
    answer: Mapped[str | None] = mapped_column(Text(500))  # why it was not published, or was taken down
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)

    unit: Mapped[Unit] = relationship()
    asked_by: Mapped[User | None] = relationship(foreign_keys=[asked_by_id])
    replicas: Mapped[list[ModelReplica]] = relationship(
        order_by="ModelReplica.since_on, ModelReplica.id", back_populates="model"
    )

    __table_args__ = (db.UniqueConstraint("unit_id", "name_key"),)


class ModelReplica(Audited, Versioned, db.Model):
    """Nhân rộng: another unit does the same, from a day on; `until` set when that turned out wrong."""

    __tablename__ = "model_replica"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    model_id: Mapped[int] = mapped_column(ForeignKey("good_model.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    since_on: Mapped[date]
    note: Mapped[str] = mapped_column(Text(500), default="")
    dropped: Mapped[str | None] = mapped_column(Text(300))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    model: Mapped[GoodModel] = relationship(back_populates="replicas")
    unit: Mapped[Unit] = relationship()
