"""Cash as it lies in hands: counted note by note, handed over by two people, carried to the bank.

The money itself stands in ledger accounts of kind "cash": `holder_id` None is the unit's cash box (két), a
holder is the officer who has it in hand.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.kit.audit import Audited
from portal.kit.db import BigKey, Moment, Money, Text, db, now
from portal.ledger.models import BankAccount, Fund, Posting
from portal.people.models import User
from portal.units.models import Unit


class CashCount(Audited, db.Model):
    """Notes counted at one moment, beside what the books say; a difference is shown, never booked by itself."""

    __tablename__ = "cash_count"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"))
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))  # None = the box
    counted_on: Mapped[date]
    notes: Mapped[dict[str, Any]] = mapped_column(JSON)  # denomination (đồng, as text) → pieces
    total: Mapped[int] = mapped_column(Money)
    in_books: Mapped[int] = mapped_column(Money)  # the balance of the place when it was counted
    through: Mapped[int] = mapped_column(BigKey)  # the last entry number seen by that balance
    witness: Mapped[str | None] = mapped_column(Text(200))
    remark: Mapped[str | None] = mapped_column(Text(1000))
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment, default=now)

    unit: Mapped[Unit] = relationship()
    holder: Mapped[User | None] = relationship(foreign_keys=[holder_id])
    by: Mapped[User] = relationship(foreign_keys=[by_id])


class CashHandover(Audited, db.Model):
    """An officer gives cash to the treasurer (or to another officer); it moves when the receiver confirms."""

    __tablename__ = "cash_handover"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"))
    giver_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    receiver_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    into_box: Mapped[bool] = mapped_column(default=True)  # the receiver puts it into the unit's box
    amount: Mapped[int] = mapped_column(Money)
    notes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # as CashCount.notes; {} = not listed
    remark: Mapped[str | None] = mapped_column(Text(1000))
    given_at: Mapped[datetime] = mapped_column(Moment, default=now)
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    accepted: Mapped[bool | None]  # None = on the way
    answer: Mapped[str | None] = mapped_column(Text(1000))
    posting_number: Mapped[int | None] = mapped_column(ForeignKey("ledger_posting.number"))

    unit: Mapped[Unit] = relationship()
    fund: Mapped[Fund] = relationship()
    giver: Mapped[User] = relationship(foreign_keys=[giver_id])
    receiver: Mapped[User] = relationship(foreign_keys=[receiver_id])
    posting: Mapped[Posting | None] = relationship()

    __table_args__ = (db.CheckConstraint("amount > 0", name="positive"),)


class CashDeposit(Audited, db.Model):
    """Cash carried to the bank: out of the hand at once, in transit until the statement's line comes."""

    __tablename__ = "cash_deposit"

    posting_number: Mapped[int] = mapped_column(ForeignKey("ledger_posting.number"), primary_key=True)
    bank_account_id: Mapped[int] = mapped_column(ForeignKey("bank_account.id"))
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))  # out of whose hand; None = the box
    amount: Mapped[int] = mapped_column(Money)
    notes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    posting: Mapped[Posting] = relationship()
    bank_account: Mapped[BankAccount] = relationship()
    holder: Mapped[User | None] = relationship()
