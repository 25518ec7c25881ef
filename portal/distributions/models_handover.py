"""Hand-over: printed sheets, their scans, the settling of what was handed out, and the verification afterwards."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.advances.models import Settlement
from portal.distributions.models import Distribution, DistributionRow
from portal.files.models import Picture
from portal.kit.audit import Audited
from portal.kit.db import BigKey, Moment, Text, db, now
from portal.people.models import User


class Sheet(Audited, db.Model):
    """One page of the danh sách ký nhận, as printed: rows `first`–`last` of the list. `code` stands in its QR.

    Pages printed before (of another edition) stay: a signed old page still finds its list.
    """

    __tablename__ = "distribution_sheet"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    distribution_id: Mapped[int] = mapped_column(ForeignKey("distribution.id"))
    edition: Mapped[int]  # 1, 2, … a new one whenever the rows on the pages change
    page: Mapped[int]  # 1, 2, …
    pages: Mapped[int]
    first: Mapped[int]  # ordinal of its first row
    last: Mapped[int]
    code: Mapped[str] = mapped_column(Text(20), unique=True)
    printed_at: Mapped[datetime] = mapped_column(Moment, default=now)

    distribution: Mapped[Distribution] = relationship()

    __table_args__ = (db.UniqueConstraint("distribution_id", "edition", "page"),)


class SheetScan(Audited, db.Model):
    """A scan or photo of a signed page. `sheet_id` None = its QR was not read: a person files it by hand."""

    __tablename__ = "distribution_scan"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    distribution_id: Mapped[int] = mapped_column(
        ForeignKey("distribution.id"), index=True
    )  # where it was uploaded
    sheet_id: Mapped[int | None] = mapped_column(ForeignKey("distribution_sheet.id"), index=True)
    picture_id: Mapped[int] = mapped_column(ForeignKey("picture.id"), index=True)  # of one page
    origin: Mapped[str] = mapped_column(Text(300))  # name of the uploaded file, and its page
    problem: Mapped[str | None] = mapped_column(Text(300))  # why it was not filed by itself
    by_hand: Mapped[bool] = mapped_column(default=False)
    dropped: Mapped[str | None] = mapped_column(
        Text(300)
    )  # why it does not count: blank, a copy, another list
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)

    distribution: Mapped[Distribution] = relationship()
    sheet: Mapped[Sheet | None] = relationship()
    picture: Mapped[Picture] = relationship()


class HandoverSettlement(Audited, db.Model):
    """What an officer gives an account of, once or in parts: its rows, the money's settlement, the goods' documents."""

    __tablename__ = "distribution_settlement"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    distribution_id: Mapped[int] = mapped_column(ForeignKey("distribution.id"), index=True)
    settlement_id: Mapped[int | None] = mapped_column(ForeignKey("advance_settlement.id"), unique=True)
    settled_on: Mapped[date]
    state: Mapped[str] = mapped_column(Text(10), default="asked")  # asked, approved, refused, reversed
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    asked_at: Mapped[datetime] = mapped_column(Moment, default=now)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    answer: Mapped[str | None] = mapped_column(Text(500))

    distribution: Mapped[Distribution] = relationship()
    settlement: Mapped[Settlement | None] = relationship()


class Verification(Audited, db.Model):
    """Hậu kiểm: somebody goes to a household of the list (all, or a random sample) and asks what it received."""

    __tablename__ = "distribution_verification"
    audit_personal = {"note"}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    row_id: Mapped[int] = mapped_column(ForeignKey("distribution_row.id"), unique=True)
    drawn_at: Mapped[datetime] = mapped_column(Moment, default=now)
    drawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    verified_on: Mapped[date | None]
    verdict: Mapped[str | None] = mapped_column(Text(12))  # rules.VERDICTS: right, less, nothing, not_met
    note: Mapped[str | None] = mapped_column(Text(500))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    row: Mapped[DistributionRow] = relationship()
    by: Mapped[User | None] = relationship(foreign_keys=[by_id])
