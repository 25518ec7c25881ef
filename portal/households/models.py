"""Households of the fund's concern; for now the poverty reviews (rà soát hộ nghèo) as totals per unit and group."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.kit.audit import Audited
from portal.kit.db import BigKey, Text, db
from portal.kit.numbers import Versioned
from portal.units.models import Unit


class HouseholdGroup(Audited, db.Model):
    """A group of households (hộ nghèo, hộ cận nghèo, …): data, because provinces define their own."""

    __tablename__ = "household_group"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    key: Mapped[str] = mapped_column(Text(60), unique=True)  # in figure keys: poor, near_poor, …
    name: Mapped[str] = mapped_column(Text(200))
    folded: Mapped[str] = mapped_column(Text(200), unique=True)
    position: Mapped[int] = mapped_column(default=100)


class PovertyReview(Versioned, db.Model):
    """Opening + increase − decrease = closing of one group in one period; households; None = not given."""

    __tablename__ = "poverty_review"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    standard: Mapped[str] = mapped_column(Text(100))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    group_id: Mapped[int] = mapped_column(ForeignKey("household_group.id"))
    breakdown: Mapped[str] = mapped_column(Text(100), default="")  # phân tổ; "" = the whole group
    opening: Mapped[int | None]
    increase: Mapped[int | None]
    decrease: Mapped[int | None]
    closing: Mapped[int | None]
    households_opening: Mapped[int | None]  # denominators
    households_closing: Mapped[int | None]

    unit: Mapped[Unit] = relationship()
    group: Mapped[HouseholdGroup] = relationship()

    __table_args__ = (Index("ix_poverty_review_unit", "unit_id", "starts_on"),)
