"""Sensitive fields of the people of a household, in a table of their own, and who has read them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.households.models_registry import HouseholdMember
from portal.kit.audit import Audited
from portal.kit.db import BigKey, Moment, Text, db, now
from portal.people.models import User
from portal.units.models import Unit


class HouseholdPrivate(Audited, db.Model):
    """Sensitive fields of the head (`member_id` None) or of a member. A change is a new row; the old one is withdrawn.

    The audit says that a row came or went, never what stands in it. A CCCD stands once among the rows that hold.
    """

    __tablename__ = "household_private"
    audit_hidden = {"cccd", "health", "ethnicity", "religion"}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("household_member.id"), index=True)
    cccd: Mapped[str | None] = mapped_column(Text(12))
    health: Mapped[str | None] = mapped_column(Text(500))
    ethnicity: Mapped[str | None] = mapped_column(Text(60))
    religion: Mapped[str | None] = mapped_column(Text(60))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment, default=now)
    withdrawn: Mapped[bool] = mapped_column(default=False)

    member: Mapped[HouseholdMember | None] = relationship()

    __table_args__ = (
        Index(
            "uq_household_private_cccd",
            "cccd",
            unique=True,
            sqlite_where=text("NOT withdrawn AND cccd IS NOT NULL"),
            postgresql_where=text("NOT withdrawn AND cccd IS NOT NULL"),
        ),
    )


class HouseholdAccess(db.Model):
    """Somebody has read the sensitive fields of a household, on screen or in a file. Never changed."""

    __tablename__ = "household_access"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    by_name: Mapped[str] = mapped_column(Text(200))
    what: Mapped[str] = mapped_column(Text(10))  # page, file
    purpose: Mapped[str] = mapped_column(Text(300))
    at: Mapped[datetime] = mapped_column(Moment, default=now)

    by: Mapped[User] = relationship()
    unit: Mapped[Unit] = relationship()

    __table_args__ = (Index("ix_household_access_unit", "unit_id", "at"),)
