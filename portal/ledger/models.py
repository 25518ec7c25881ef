"""The one ledger: money and valued goods move only as rows of `ledger_transfer`, in đồng, from credit to debit."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.campaigns.models import Campaign
from portal.kit.audit import Audited
from portal.kit.coded import HasTransferCode
from portal.kit.db import BigKey, Moment, Money, Text, db, now
from portal.kit.money import DONG
from portal.kit.numbers import Entry
from portal.kit.transfer_codes import FUND
from portal.people.models import User
from portal.people.models_request import Request
from portal.units.models import Unit


class Fund(HasTransferCode, Audited, db.Model):
    """A kind of fund, such as "Vì người nghèo"; every unit has its own accounts of it."""

    __tablename__ = "fund"
    transfer_kind = FUND  # a gift to the fund for no campaign

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    code: Mapped[str] = mapped_column(Text(20), unique=True)
    name: Mapped[str] = mapped_column(Text(200))


class Account(Audited, db.Model):
    """A place, a claim, a source or a use of money: one unit, one fund, one kind (`ledger.rules.KINDS`)."""

    __tablename__ = "ledger_account"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    key: Mapped[str] = mapped_column(Text(200), unique=True)  # ledger.rules.account_key of the fields below
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"))
    kind: Mapped[str] = mapped_column(Text(20))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"), index=True)  # None = "chung"
    purpose: Mapped[str] = mapped_column(Text(60), default="")
    bank_account_id: Mapped[int | None] = mapped_column(ForeignKey("bank_account.id"))
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))  # of an advance
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))  # the other unit, of moved money

    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    campaign: Mapped[Campaign | None] = relationship()
    bank_account: Mapped[BankAccount | None] = relationship(back_populates="accounts")

    __table_args__ = (Index("ix_ledger_account_unit_kind", "unit_id", "fund_id", "kind"),)


class Bank(Audited, db.Model):
    """A bank that takes VietQR: its BIN of NAPAS, and the words by which accounts name it."""

    __tablename__ = "bank"

    bin: Mapped[str] = mapped_column(Text(6), primary_key=True)
    name: Mapped[str] = mapped_column(Text(60), unique=True)
    aliases: Mapped[str] = mapped_column(Text(300), default="")  # other names, parted by ";"
    withdrawn: Mapped[bool] = mapped_column(default=False)  # no picture is drawn for its accounts any more


class BankAccount(Audited, db.Model):
    """An account at a bank. Its money stands in two ledger accounts: `bank` (by statement) and `transit`."""

    __tablename__ = "bank_account"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    code: Mapped[str] = mapped_column(Text(40), unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"))
    bank: Mapped[str] = mapped_column(Text(100))
    number: Mapped[str] = mapped_column(Text(40))
    holder: Mapped[str] = mapped_column(Text(200), default="")
    published: Mapped[bool] = mapped_column(default=False)  # does its statement stand on public pages
    currency: Mapped[str] = mapped_column(Text(3), default=DONG, server_default=DONG)  # ISO 4217
    opening_minor: Mapped[int | None] = mapped_column(Money)  # cents that its opening balance stands for
    reindex_after: Mapped[int | None] = mapped_column(BigKey)  # gifts above this id: not yet found anew

    unit: Mapped[Unit] = relationship()
    fund: Mapped[Fund] = relationship()
    accounts: Mapped[list[Account]] = relationship(back_populates="bank_account")


class Posting(db.Model):
    """One document in the books. Posted rows are never changed or deleted; the database refuses."""

    __tablename__ = "ledger_posting"

    number: Mapped[int] = mapped_column(ForeignKey("entry.number"), primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(Text(20))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"))
    document_on: Mapped[date]
    booked_on: Mapped[date]
    series: Mapped[str | None] = mapped_column(Text(10))  # "PT", "PC" …, with series_year and series_no
    series_year: Mapped[int | None]
    series_no: Mapped[int | None]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    second_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    second_name: Mapped[str | None] = mapped_column(Text(200))
    reason: Mapped[str | None] = mapped_column(Text(1000))
    reverses: Mapped[int | None] = mapped_column(ForeignKey("ledger_posting.number"), unique=True)

    entry: Mapped[Entry] = relationship(lazy="joined", innerjoin=True)
    unit: Mapped[Unit] = relationship()
    fund: Mapped[Fund] = relationship()
    transfers: Mapped[list[Transfer]] = relationship(back_populates="posting", order_by="Transfer.ordinal")

    __table_args__ = (
        db.UniqueConstraint("unit_id", "fund_id", "series", "series_year", "series_no"),
        Index("ix_ledger_posting_unit_booked", "unit_id", "booked_on"),
    )

    @property
    def paper_number(self) -> str | None:
        """The number on the paper, "PT-0413/2026", or None for documents without a series."""
        if self.series is None:
            return None
        return f"{self.series}-{self.series_no:04d}/{self.series_year}"


class Transfer(db.Model):
    """`amount` đồng (> 0) from `credit_id` to `debit_id`; the books balance by construction."""

    __tablename__ = "ledger_transfer"

    posting_number: Mapped[int] = mapped_column(
        ForeignKey("ledger_posting.number"), primary_key=True, autoincrement=False
    )
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    credit_id: Mapped[int] = mapped_column(ForeignKey("ledger_account.id"))
    debit_id: Mapped[int] = mapped_column(ForeignKey("ledger_account.id"))
    booked_on: Mapped[date]  # of its posting, or the bank's day of a statement line
    amount: Mapped[int] = mapped_column(Money)

    posting: Mapped[Posting] = relationship(back_populates="transfers")
    credit: Mapped[Account] = relationship(foreign_keys=[credit_id])
    debit: Mapped[Account] = relationship(foreign_keys=[debit_id])

    __table_args__ = (
        db.CheckConstraint("amount > 0", name="positive"),
        db.CheckConstraint("credit_id <> debit_id", name="moves"),
        Index("ix_ledger_transfer_credit", "credit_id", "booked_on"),
        Index("ix_ledger_transfer_debit", "debit_id", "booked_on"),
        {"sqlite_with_rowid": False},
    )


class DayTotal(db.Model):
    """Turnover of an account on a day, kept in the posting's transaction; `portal verify` recomputes it."""

    __tablename__ = "ledger_day_total"

    account_id: Mapped[int] = mapped_column(ForeignKey("ledger_account.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    debit: Mapped[int] = mapped_column(Money, default=0)
    credit: Mapped[int] = mapped_column(Money, default=0)
    __table_args__ = ({"sqlite_with_rowid": False},)


class MonthTotal(db.Model):
    """Turnover of an account in a month (`month` = its first day)."""

    __tablename__ = "ledger_month_total"

    account_id: Mapped[int] = mapped_column(ForeignKey("ledger_account.id"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    debit: Mapped[int] = mapped_column(Money, default=0)
    credit: Mapped[int] = mapped_column(Money, default=0)
    __table_args__ = ({"sqlite_with_rowid": False},)


class Closing(Audited, db.Model):
    """The books of a unit's fund are closed up to and including `through`; posts nothing, refuses."""

    __tablename__ = "ledger_closing"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"))
    through: Mapped[date]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    closed_at: Mapped[datetime] = mapped_column(Moment, default=now)

    by: Mapped[User | None] = relationship()

    __table_args__ = (db.UniqueConstraint("unit_id", "fund_id", "through"),)


class ReversalRequest(Request, Audited, db.Model):
    """Somebody asks to reverse a whole document; another person approves or refuses."""

    __tablename__ = "reversal_request"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    posting_number: Mapped[int] = mapped_column(ForeignKey("ledger_posting.number"), index=True)
    reason: Mapped[str] = mapped_column(Text(1000))

    posting: Mapped[Posting] = relationship()
