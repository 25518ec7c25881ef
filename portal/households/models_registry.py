"""The registry of households: who lives there, and year by year group, income, lacking indicators; what is needed.

Nothing is deleted: what does not hold any more bears `withdrawn`, so that an import can be undone as a whole.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.households.models import DeprivationIndicator, HouseholdGroup, NeedKind
from portal.kit.audit import Audited
from portal.kit.db import BigKey, Moment, Money, Text, db, now
from portal.units.models import Unit


class Household(Audited, db.Model):
    """A household by its head. `unit_id` is the hamlet (thôn, ấp, khu phố), or the commune when none is known."""

    __tablename__ = "household"
    audit_personal = {
        "name", "folded", "sort_key", "name_key", "sex", "birth_year", "phone", "phone_digits", "address",
        "bank_name", "bank_number", "bank_holder", "note",
    }  # fmt: skip

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str] = mapped_column(Text(200))  # of the head
    folded: Mapped[str] = mapped_column(Text(200))  # fold(name)
    sort_key: Mapped[str] = mapped_column(Text(400))
    name_key: Mapped[str] = mapped_column(Text(200))  # the words of the name in order of the alphabet
    sex: Mapped[str | None] = mapped_column(Text(1))  # m, f
    birth_year: Mapped[int | None]
    address: Mapped[str | None] = mapped_column(Text(300))
    phone: Mapped[str | None] = mapped_column(Text(40))
    phone_digits: Mapped[str | None] = mapped_column(Text(20), index=True)
    bank_name: Mapped[str | None] = mapped_column(Text(100))
    bank_number: Mapped[str | None] = mapped_column(Text(40))
    bank_holder: Mapped[str | None] = mapped_column(Text(200))
    note: Mapped[str | None] = mapped_column(Text(1000))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("household.id"))
    withdrawn: Mapped[bool] = mapped_column(default=False)
    recorded_at: Mapped[datetime] = mapped_column(Moment, default=now)

    unit: Mapped[Unit] = relationship()

    __table_args__ = (
        Index("ix_household_unit_sort", "unit_id", "sort_key"),
        # of the merged ones alone: nearly all rows are not, and no search for those must be tempted by it
        Index(
            "ix_household_merged_into_id",
            "merged_into_id",
            sqlite_where=text("merged_into_id IS NOT NULL"),
            postgresql_where=text("merged_into_id IS NOT NULL"),
        ),
        Index("ix_household_folded", "folded"),
        Index("ix_household_name_key", "name_key"),
    )


class HouseholdMember(Audited, db.Model):
    """Who lives there besides the head."""

    __tablename__ = "household_member"
    audit_personal = {"name", "sex", "birth_year", "relation", "note"}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    name: Mapped[str] = mapped_column(Text(200))
    folded: Mapped[str] = mapped_column(Text(200))
    sex: Mapped[str | None] = mapped_column(Text(1))
    birth_year: Mapped[int | None]
    relation: Mapped[str | None] = mapped_column(Text(60))  # to the head: vợ, con, mẹ …
    note: Mapped[str | None] = mapped_column(Text(500))
    withdrawn: Mapped[bool] = mapped_column(default=False)


class HouseholdYear(Audited, db.Model):
    """What is known of a household in one year. `lacks_known`: the indicators were looked at, also when none lacks."""

    __tablename__ = "household_year"
    audit_personal = {"income", "note"}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    year: Mapped[int]
    income: Mapped[int | None] = mapped_column(Money)  # đồng per person and month
    lacks_known: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str | None] = mapped_column(Text(500))
    withdrawn: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (db.UniqueConstraint("household_id", "year"),)


class HouseholdStatus(Audited, db.Model):
    """A household belongs to a group in a year."""

    __tablename__ = "household_status"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    year: Mapped[int]
    group_id: Mapped[int] = mapped_column(ForeignKey("household_group.id"))
    withdrawn: Mapped[bool] = mapped_column(default=False)

    group: Mapped[HouseholdGroup] = relationship()

    __table_args__ = (
        db.UniqueConstraint("household_id", "year", "group_id"),
        Index("ix_household_status_group", "group_id", "year"),
    )


class HouseholdLack(Audited, db.Model):
    """A household lacks an indicator in a year."""

    __tablename__ = "household_lack"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    year: Mapped[int]
    indicator_id: Mapped[int] = mapped_column(ForeignKey("deprivation_indicator.id"))
    withdrawn: Mapped[bool] = mapped_column(default=False)

    indicator: Mapped[DeprivationIndicator] = relationship()

    __table_args__ = (
        db.UniqueConstraint("household_id", "year", "indicator_id"),
        Index("ix_household_lack_indicator", "indicator_id", "year"),
    )


class HouseholdNeed(Audited, db.Model):
    """What a household needs since a day, until it is met."""

    __tablename__ = "household_need"
    audit_personal = {"note"}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    kind_id: Mapped[int] = mapped_column(ForeignKey("need_kind.id"), index=True)
    since: Mapped[date]
    note: Mapped[str | None] = mapped_column(Text(500))
    met_on: Mapped[date | None]
    withdrawn: Mapped[bool] = mapped_column(default=False)

    kind: Mapped[NeedKind] = relationship()
