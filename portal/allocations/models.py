"""Money sent to another unit: what was confirmed of it, what came out differently.

An allocation begins when its voucher is paid. The money stays the sender's, on the way, until the receiving unit
confirms it: then a document in each unit's books, of the same amount and booking day.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, case
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.kit.audit import Audited
from portal.kit.db import BigKey, Moment, Money, Text, db, now
from portal.ledger.models import BankAccount, Fund, Posting
from portal.people.models import User
from portal.spending.models import Voucher, VoucherRow
from portal.units.models import Unit


class Allocation(Audited, db.Model):
    """A paid voucher to another unit, with what has become of its money. `state`: allocations.rules.STATES."""

    __tablename__ = "allocation"

    voucher_id: Mapped[int] = mapped_column(ForeignKey("voucher.id"), primary_key=True, autoincrement=False)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # who sends, as on the voucher
    to_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"))
    sent_on: Mapped[date]  # the booking day of the voucher
    amount: Mapped[int] = mapped_column(Money)
    received: Mapped[int] = mapped_column(Money, default=0)  # confirmed and not reversed
    differing: Mapped[int] = mapped_column(Money, default=0)  # closed as a difference and not reversed
    state: Mapped[str] = mapped_column(Text(12), default="on_the_way")

    voucher: Mapped[Voucher] = relationship()
    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    to_unit: Mapped[Unit] = relationship(foreign_keys=[to_unit_id])
    fund: Mapped[Fund] = relationship()
    receipts: Mapped[list[AllocationReceipt]] = relationship(
        back_populates="allocation", order_by="AllocationReceipt.id"
    )
    differences: Mapped[list[AllocationDifference]] = relationship(
        back_populates="allocation", order_by="AllocationDifference.id"
    )

    __table_args__ = (
        db.CheckConstraint("received + differing <= amount", name="within"),
        Index("ix_allocation_unit_state", "unit_id", "state"),
        Index("ix_allocation_to_unit_state", "to_unit_id", "state"),
    )

    @property
    def sent(self) -> Posting:
        """The sender's document with which it began."""
        posting = self.voucher.posting
        assert posting is not None  # only a paid voucher begins an allocation
        return posting

    @hybrid_property
    def left(self) -> int:
        """What is still on the way, đồng; nothing once the voucher is reversed."""
        return 0 if self.state == "reversed" else self.amount - self.received - self.differing

    @left.inplace.expression
    @classmethod
    def _left(cls) -> ColumnElement[int]:
        return case((cls.state == "reversed", 0), else_=cls.amount - cls.received - cls.differing)


class _Placed:
    """Where money comes to: a bank account, a person's hand, or neither = the unit's cash box."""

    bank_account_id: Mapped[int | None] = mapped_column(ForeignKey("bank_account.id"))
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class AllocationReceipt(_Placed, Audited, db.Model):
    """The receiving unit confirms the money, or a part of it. Both documents have this amount and one booking day."""

    __tablename__ = "allocation_receipt"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    voucher_id: Mapped[int] = mapped_column(ForeignKey("allocation.voucher_id"), index=True)
    amount: Mapped[int] = mapped_column(Money)
    received_on: Mapped[date]
    note: Mapped[str | None] = mapped_column(Text(500))
    confirmed_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    confirmed_at: Mapped[datetime] = mapped_column(Moment, default=now)
    out_number: Mapped[int] = mapped_column(ForeignKey("ledger_posting.number"), unique=True)  # the sender's
    in_number: Mapped[int] = mapped_column(ForeignKey("ledger_posting.number"), unique=True)  # the receiver's
    reversed_at: Mapped[datetime | None] = mapped_column(Moment)

    allocation: Mapped[Allocation] = relationship(back_populates="receipts")
    bank_account: Mapped[BankAccount | None] = relationship(foreign_keys="AllocationReceipt.bank_account_id")
    holder: Mapped[User | None] = relationship(foreign_keys="AllocationReceipt.holder_id")
    confirmed_by: Mapped[User] = relationship(foreign_keys=[confirmed_by_id])
    incoming: Mapped[Posting] = relationship(foreign_keys=[in_number])
    outgoing: Mapped[Posting] = relationship(foreign_keys=[out_number])

    __table_args__ = (db.CheckConstraint("amount > 0", name="positive"),)


class AllocationDifference(_Placed, Audited, db.Model):
    """The sender says what became of money that will not be confirmed (`cause`: rules.CAUSES); a second person decides."""

    __tablename__ = "allocation_difference"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    voucher_id: Mapped[int] = mapped_column(ForeignKey("allocation.voucher_id"), index=True)
    cause: Mapped[str] = mapped_column(Text(12))
    amount: Mapped[int] = mapped_column(Money)
    reason: Mapped[str] = mapped_column(Text(500))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    asked_at: Mapped[datetime] = mapped_column(Moment, default=now)
    approved: Mapped[bool | None]  # None = waits
    answer: Mapped[str | None] = mapped_column(Text(500))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    posting_number: Mapped[int | None] = mapped_column(ForeignKey("ledger_posting.number"), unique=True)
    reversed_at: Mapped[datetime | None] = mapped_column(Moment)

    allocation: Mapped[Allocation] = relationship(back_populates="differences")
    bank_account: Mapped[BankAccount | None] = relationship(
        foreign_keys="AllocationDifference.bank_account_id"
    )
    holder: Mapped[User | None] = relationship(foreign_keys="AllocationDifference.holder_id")
    asked_by: Mapped[User] = relationship(foreign_keys=[asked_by_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])
    posting: Mapped[Posting | None] = relationship(foreign_keys=[posting_number])

    __table_args__ = (db.CheckConstraint("amount > 0", name="positive"),)


class AllocationShare(db.Model):
    """So much of a row of the voucher was meant by a document of the sender (a confirmation or a difference)."""

    __tablename__ = "allocation_share"

    posting_number: Mapped[int] = mapped_column(
        ForeignKey("ledger_posting.number"), primary_key=True, autoincrement=False
    )
    voucher_row_id: Mapped[int] = mapped_column(
        ForeignKey("voucher_row.id"), primary_key=True, autoincrement=False
    )
    amount: Mapped[int] = mapped_column(Money)

    row: Mapped[VoucherRow] = relationship()

    __table_args__ = (
        db.CheckConstraint("amount > 0", name="positive"),
        Index("ix_allocation_share_row", "voucher_row_id"),
        {"sqlite_with_rowid": False},
    )
