"""Donors, their kinds (data), who is the same as whom, and what they handed over without the fund."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.kit.audit import Audited
from portal.kit.days import EARLIEST
from portal.kit.db import BigKey, Moment, Money, Text, db, now
from portal.people.models import User
from portal.units.models import Unit


class DonorKind(Audited, db.Model):
    """Person, household, organisation …; `personal` names are shown only as the giver has chosen."""

    __tablename__ = "donor_kind"

    key: Mapped[str] = mapped_column(Text(20), primary_key=True)
    name: Mapped[str] = mapped_column(Text(60))
    personal: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)
    valid_from: Mapped[date] = mapped_column(default=EARLIEST)
    valid_to: Mapped[date | None]


class Donor(Audited, db.Model):
    """Somebody who gives or has promised to. Kept by one unit; never deleted, only merged or withdrawn."""

    __tablename__ = "donor"
    audit_personal = {"name", "phone", "address", "email", "tax_code", "representative", "note"}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    kind: Mapped[str] = mapped_column(ForeignKey("donor_kind.key"))
    name: Mapped[str] = mapped_column(Text(200))
    folded: Mapped[str] = mapped_column(Text(200))  # fold(name): no accents, small letters
    sort_key: Mapped[str] = mapped_column(Text(400))  # kit.vietnamese.sort_key(name), in hex or as text
    phone: Mapped[str | None] = mapped_column(Text(40))
    phone_digits: Mapped[str | None] = mapped_column(Text(20), index=True)  # digits only, +84 → 0
    email: Mapped[str | None] = mapped_column(Text(200))
    address: Mapped[str | None] = mapped_column(Text(300))
    tax_code: Mapped[str | None] = mapped_column(Text(20), index=True)
    representative: Mapped[str | None] = mapped_column(Text(200))
    position: Mapped[str | None] = mapped_column(Text(200))  # of the representative
    members: Mapped[int | None]  # how many people a group or organisation stands for
    introduced_by_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    note: Mapped[str | None] = mapped_column(Text(1000))
    merged_into_id: Mapped[int | None] = mapped_column(
        ForeignKey("donor.id"), index=True
    )  # always the last one
    withdrawn: Mapped[bool] = mapped_column(default=False)  # an import that was undone brought it
    recorded_at: Mapped[datetime] = mapped_column(Moment, default=now)

    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    introduced_by: Mapped[Unit | None] = relationship(foreign_keys=[introduced_by_id])

    __table_args__ = (
        Index("ix_donor_unit_sort", "unit_id", "sort_key"),
        Index("ix_donor_folded", "folded"),
    )


class DonorMerge(Audited, db.Model):
    """Two donors were one. Rows that pointed at `gone` are found through it; undo points them back."""

    __tablename__ = "donor_merge"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey("donor.id"), index=True)
    gone_id: Mapped[int] = mapped_column(ForeignKey("donor.id"), index=True)
    moved: Mapped[list[Any]] = mapped_column(JSON)  # ids of donors whose merged_into_id was set by this merge
    filled: Mapped[dict[str, Any]] = mapped_column(
        JSON, default=dict
    )  # empty fields of kept filled from gone
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    undone_at: Mapped[datetime | None] = mapped_column(Moment)

    audit_personal = {"filled"}

    kept: Mapped[Donor] = relationship(foreign_keys=[kept_id])
    gone: Mapped[Donor] = relationship(foreign_keys=[gone_id])
    by: Mapped[User] = relationship(foreign_keys=[by_id])


class DirectAid(Audited, db.Model):
    """What a donor handed over directly to those in need: recorded apart, never in the fund's books."""

    __tablename__ = "direct_aid"
    audit_personal = {"receiver", "note"}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    donor_id: Mapped[int] = mapped_column(ForeignKey("donor.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    given_on: Mapped[date]
    receiver: Mapped[str] = mapped_column(Text(300))
    content: Mapped[str] = mapped_column(Text(500))
    value: Mapped[int | None] = mapped_column(Money)  # đồng, as reported; None = not known
    note: Mapped[str | None] = mapped_column(Text(1000))
    withdrawn: Mapped[bool] = mapped_column(default=False)
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment, default=now)

    donor: Mapped[Donor] = relationship()
    unit: Mapped[Unit] = relationship()
