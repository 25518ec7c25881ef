"""Settlements of advances (an advance itself is a paid voucher), and money put aside for absent receivers."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.kit.audit import Audited
from portal.kit.db import BigKey, Moment, Money, Text, db, now
from portal.ledger.models import Fund, Posting
from portal.people.models import User
from portal.spending.models import DecisionRow, Voucher, VoucherRow
from portal.units.models import Unit


class Settlement(Audited, db.Model):
    """What became of (a part of) an advance; posted when another person approves. `approved` None = waiting."""

    __tablename__ = "advance_settlement"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    voucher_id: Mapped[int] = mapped_column(ForeignKey("voucher.id"), index=True)
    settled_on: Mapped[date]
    papers: Mapped[str | None] = mapped_column(Text(300))  # what it rests on: signed sheets, bills
    prepared_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    prepared_at: Mapped[datetime] = mapped_column(Moment, default=now)
    approved: Mapped[bool | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    answer: Mapped[str | None] = mapped_column(Text(1000))
    posting_number: Mapped[int | None] = mapped_column(ForeignKey("ledger_posting.number"), unique=True)
    reversed: Mapped[bool] = mapped_column(default=False, server_default="0")

    voucher: Mapped[Voucher] = relationship()
    prepared_by: Mapped[User | None] = relationship(foreign_keys=[prepared_by_id])
    answered_by: Mapped[User | None] = relationship(foreign_keys=[answered_by_id])
    posting: Mapped[Posting | None] = relationship()
    rows: Mapped[list[SettlementRow]] = relationship(
        back_populates="settlement", order_by="SettlementRow.ordinal"
    )

    @property
    def amount(self) -> int:
        """What it settles in all, đồng."""
        return sum(row.amount for row in self.rows)


class SettlementRow(Audited, db.Model):
    """Of one row of the advance: paid out, kept for who was absent, brought back; đồng."""

    __tablename__ = "advance_settlement_row"
    audit_personal = {"absent_note"}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    settlement_id: Mapped[int] = mapped_column(ForeignKey("advance_settlement.id"))
    ordinal: Mapped[int]
    voucher_row_id: Mapped[int] = mapped_column(ForeignKey("voucher_row.id"), index=True)
    paid: Mapped[int] = mapped_column(Money, default=0)
    absent: Mapped[int] = mapped_column(Money, default=0)
    returned: Mapped[int] = mapped_column(Money, default=0)
    absent_note: Mapped[str | None] = mapped_column(Text(300))

    settlement: Mapped[Settlement] = relationship(back_populates="rows")
    voucher_row: Mapped[VoucherRow] = relationship()

    __table_args__ = (
        db.UniqueConstraint("settlement_id", "ordinal"),
        db.CheckConstraint("paid >= 0 AND absent >= 0 AND returned >= 0", name="not_below_zero"),
        db.CheckConstraint("paid + absent + returned > 0", name="something"),
    )

    @property
    def amount(self) -> int:
        """What of the row it settles, đồng."""
        return self.paid + self.absent + self.returned


class PutAside(Audited, db.Model):
    """Money kept for a receiver who was absent: spent by the books, still in the box, owed to them.

    It ends once: `ended` = released (they got it) or returned (to its campaign), by a request that another person
    answers. `void` = the document that put it aside was reversed.
    """

    __tablename__ = "put_aside"
    audit_personal = {"receiver", "taken_by", "relation"}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"))
    decision_row_id: Mapped[int] = mapped_column(ForeignKey("decision_row.id"), index=True)
    voucher_row_id: Mapped[int] = mapped_column(ForeignKey("voucher_row.id"), index=True)
    receiver: Mapped[str] = mapped_column(Text(200))
    amount: Mapped[int] = mapped_column(Money)
    reason: Mapped[str | None] = mapped_column(Text(300))
    since: Mapped[date]
    posting_number: Mapped[int] = mapped_column(ForeignKey("ledger_posting.number"), index=True)
    void: Mapped[bool] = mapped_column(default=False, server_default="0")
    wish: Mapped[str | None] = mapped_column(Text(10))  # what was asked last: release, return
    wish_reason: Mapped[str | None] = mapped_column(Text(500))
    taken_by: Mapped[str | None] = mapped_column(Text(200))  # who takes it, when not the receiver
    relation: Mapped[str | None] = mapped_column(Text(100))
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))  # out of whose hand; None = the box
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    asked_at: Mapped[datetime | None] = mapped_column(Moment)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    answer: Mapped[str | None] = mapped_column(Text(500))
    ended: Mapped[str | None] = mapped_column(Text(10))  # release, return
    end_number: Mapped[int | None] = mapped_column(ForeignKey("ledger_posting.number"), unique=True)

    unit: Mapped[Unit] = relationship()
    fund: Mapped[Fund] = relationship()
    decision_row: Mapped[DecisionRow] = relationship()
    voucher_row: Mapped[VoucherRow] = relationship()
    posting: Mapped[Posting] = relationship(foreign_keys=[posting_number])
    end_posting: Mapped[Posting | None] = relationship(foreign_keys=[end_number])
    holder: Mapped[User | None] = relationship(foreign_keys=[holder_id])
    asked_by: Mapped[User | None] = relationship(foreign_keys=[asked_by_id])
    answered_by: Mapped[User | None] = relationship(foreign_keys=[answered_by_id])

    __table_args__ = (
        db.CheckConstraint("amount > 0", name="positive"),
        Index("ix_put_aside_unit", "unit_id", "ended"),
    )
