"""Livelihood given to a household: what it was, and what visits found has become of it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.cases.models import SupportCase
from portal.kit.audit import Audited
from portal.kit.db import BigKey, Moment, Text, db, now


class CaseAsset(Audited, db.Model):
    """So many animals or tools (pieces) that the household got or bought with the money."""

    __tablename__ = "support_case_asset"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("support_case.id"), index=True)
    name: Mapped[str] = mapped_column(Text(200))
    measure: Mapped[str] = mapped_column(Text(40), default="con")
    count: Mapped[int]
    withdrawn: Mapped[bool] = mapped_column(
        default=False
    )  # written anew; visits that were dropped name it still

    __table_args__ = (db.CheckConstraint("count > 0", name="positive"),)


class CaseVisit(Audited, db.Model):
    """A visit that is due, and, once made, what was seen. `dropped`: why it will not take place."""

    __tablename__ = "support_case_visit"
    audit_personal = {"visitor", "note"}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("support_case.id"))
    due_on: Mapped[date]
    visited_on: Mapped[date | None]
    visitor: Mapped[str | None] = mapped_column(Text(200))
    note: Mapped[str | None] = mapped_column(Text(1000))
    dropped: Mapped[str | None] = mapped_column(Text(300))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)

    case: Mapped[SupportCase] = relationship()
    counts: Mapped[list[CaseVisitCount]] = relationship(order_by="CaseVisitCount.asset_id")

    __table_args__ = (
        Index("ix_support_case_visit_due", "visited_on", "due_on"),
        Index("ix_support_case_visit_case", "case_id", "due_on"),
    )


class CaseVisitCount(Audited, db.Model):
    """What became of the pieces of one asset by the day of the visit: the five add up to what was given.

    `born` came on top of it (sinh thêm) and stands outside the sum; None = nobody said.
    """

    __tablename__ = "support_case_visit_count"

    visit_id: Mapped[int] = mapped_column(
        ForeignKey("support_case_visit.id"), primary_key=True, autoincrement=False
    )
    asset_id: Mapped[int] = mapped_column(
        ForeignKey("support_case_asset.id"), primary_key=True, autoincrement=False
    )
    alive: Mapped[int]
    grown: Mapped[int]
    sold: Mapped[int]
    lost: Mapped[int]
    passed_on: Mapped[int]
    born: Mapped[int | None]

    asset: Mapped[CaseAsset] = relationship()

    __table_args__ = (
        db.CheckConstraint(
            "alive >= 0 AND grown >= 0 AND sold >= 0 AND lost >= 0 AND passed_on >= 0", name="counts"
        ),
    )
