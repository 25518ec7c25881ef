"""What households are measured by, as dated data (groups, standards, indicators, needs), and the poverty reviews.

The registry itself stands in `models_registry`, who helps in `models_help`, sensitive fields in `models_private`.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.kit.audit import Audited
from portal.kit.days import EARLIEST
from portal.kit.db import BigKey, Money, Text, db
from portal.kit.numbers import Versioned
from portal.units.models import Unit


class HouseholdGroup(Audited, db.Model):
    """A group of households (hộ nghèo, hộ cận nghèo, …): data, because provinces define their own.

    `exclusive`: a household is in one such group a year at most. `unit_id` None = for everybody.
    """

    __tablename__ = "household_group"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    key: Mapped[str] = mapped_column(Text(60), unique=True)  # in figure keys: poor, near_poor, …
    name: Mapped[str] = mapped_column(Text(200))
    folded: Mapped[str] = mapped_column(Text(200), unique=True)
    position: Mapped[int] = mapped_column(default=100)
    exclusive: Mapped[bool] = mapped_column(default=False)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    valid_from: Mapped[date] = mapped_column(default=EARLIEST)
    valid_to: Mapped[date | None]


class PovertyStandard(Audited, db.Model):
    """A standard (chuẩn nghèo) of the state or of a province; incomes in đồng per person and month."""

    __tablename__ = "poverty_standard"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))  # None = the whole country
    name: Mapped[str] = mapped_column(Text(200))
    basis: Mapped[str] = mapped_column(Text(300), default="")
    income_rural: Mapped[int | None] = mapped_column(Money)
    income_urban: Mapped[int | None] = mapped_column(Money)
    poor_lacks: Mapped[int | None]  # this many lacking indicators make a household of low income a poor one
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class DeprivationIndicator(Audited, db.Model):
    """One lacking indicator (chỉ số thiếu hụt) of a basic service, true during a span of time."""

    __tablename__ = "deprivation_indicator"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    key: Mapped[str] = mapped_column(Text(60), unique=True)
    service: Mapped[str] = mapped_column(Text(100))
    name: Mapped[str] = mapped_column(Text(200))
    basis: Mapped[str] = mapped_column(Text(300), default="")
    position: Mapped[int] = mapped_column(default=100)
    valid_from: Mapped[date] = mapped_column(default=EARLIEST)
    valid_to: Mapped[date | None]


class NeedKind(Audited, db.Model):
    """What a household may need (nhà ở, sinh kế, học phí …), as a catalogue."""

    __tablename__ = "need_kind"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    key: Mapped[str] = mapped_column(Text(60), unique=True)
    name: Mapped[str] = mapped_column(Text(200))
    position: Mapped[int] = mapped_column(default=100)
    valid_from: Mapped[date] = mapped_column(default=EARLIEST)
    valid_to: Mapped[date | None]


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
