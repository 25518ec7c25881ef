"""Who helps a household, what they saw on visits, and what came to it from other sources than the fund."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.donors.models import Donor
from portal.kit.audit import Audited
from portal.kit.db import BigKey, Moment, Money, Text, db, now
from portal.people.models import User


class HouseholdAssignment(Audited, db.Model):
    """Phân công giúp đỡ hộ: an officer, an association, or some well-off households for one poor one."""

    __tablename__ = "household_assignment"
    audit_personal = {"note"}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    kind: Mapped[str] = mapped_column(Text(20))  # officer, association, households
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    note: Mapped[str | None] = mapped_column(Text(500))
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment, default=now)

    helpers: Mapped[list[HouseholdHelper]] = relationship(order_by="HouseholdHelper.id")
    by: Mapped[User] = relationship()


class HouseholdHelper(Audited, db.Model):
    """One of those who help; `donor_id` when they are in the books of donors."""

    __tablename__ = "household_helper"
    audit_personal = {"name"}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("household_assignment.id"), index=True)
    name: Mapped[str] = mapped_column(Text(200))
    donor_id: Mapped[int | None] = mapped_column(ForeignKey("donor.id"), index=True)

    donor: Mapped[Donor | None] = relationship()


class HouseholdVisit(Audited, db.Model):
    """A visit: how the household fares (better, same, worse), whether somebody fell ill."""

    __tablename__ = "household_visit"
    audit_personal = {"visitor", "note"}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    visited_on: Mapped[date]
    visitor: Mapped[str] = mapped_column(Text(200))
    verdict: Mapped[str] = mapped_column(Text(10))
    illness: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str | None] = mapped_column(Text(1000))
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment, default=now)

    by: Mapped[User] = relationship()


class HouseholdAid(Audited, db.Model):
    """What came from other sources: kept apart, never in the fund's books. Cash, goods and estimate stand apart."""

    __tablename__ = "household_aid"
    audit_personal = {"source", "goods", "note"}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    given_on: Mapped[date]
    source: Mapped[str] = mapped_column(Text(200))
    cash: Mapped[int | None] = mapped_column(Money)  # đồng
    goods: Mapped[str | None] = mapped_column(Text(500))
    estimate: Mapped[int | None] = mapped_column(Money)  # đồng, of the goods, as the giver says
    note: Mapped[str | None] = mapped_column(Text(500))
    withdrawn: Mapped[bool] = mapped_column(default=False)
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment, default=now)
