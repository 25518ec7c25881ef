"""What was changed in the registry with the value before, what somebody proposes to change, which two are one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.households.models_registry import Household
from portal.kit.audit import Audited
from portal.kit.db import BigKey, Moment, Text, db, now
from portal.people.models import User


class HouseholdChange(Audited, db.Model):
    """A field of a household: old → new, as people read it. Proposed ones wait for somebody responsible."""

    __tablename__ = "household_change"
    audit_personal = {"old", "new", "reason", "answer"}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    field: Mapped[str] = mapped_column(Text(40))
    label: Mapped[str] = mapped_column(Text(100))
    old: Mapped[str | None] = mapped_column(Text(1000))
    new: Mapped[str | None] = mapped_column(Text(1000))
    reason: Mapped[str | None] = mapped_column(Text(500))
    state: Mapped[str] = mapped_column(Text(10))  # done, proposed, accepted, refused
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    by_name: Mapped[str] = mapped_column(Text(200))
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    answer: Mapped[str | None] = mapped_column(Text(500))

    household: Mapped[Household] = relationship()
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])

    __table_args__ = (Index("ix_household_change_state", "state"),)


class HouseholdTwin(Audited, db.Model):
    """Somebody judged two households that look alike: one household (`same`), of which one stays, or two."""

    __tablename__ = "household_twin"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    first_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    second_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    same: Mapped[bool]
    kept_id: Mapped[int | None] = mapped_column(ForeignKey("household.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    undone_at: Mapped[datetime | None] = mapped_column(Moment)

    first: Mapped[Household] = relationship(foreign_keys=[first_id])
    second: Mapped[Household] = relationship(foreign_keys=[second_id])
    by: Mapped[User] = relationship(foreign_keys=[by_id])

    __table_args__ = (
        CheckConstraint("first_id < second_id", name="in_order"),
        Index("ix_household_twin_pair", "first_id", "second_id"),
    )
