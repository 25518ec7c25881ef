"""Spending: purposes and levels (data), decisions with their rows, vouchers with theirs.

Whatever leaves the fund is a row of a decision (or of another basis) and leaves by a voucher that another person
has approved. The money itself stands in the ledger; a paid voucher points to its posting.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.campaigns.models import Campaign
from portal.kit.audit import Audited
from portal.kit.days import EARLIEST
from portal.kit.db import BigKey, Moment, Money, Text, db, now
from portal.ledger.models import BankAccount, Fund, Posting
from portal.people.models import User
from portal.units.models import Unit


class SpendingPurpose(Audited, db.Model):
    """What money is spent on; `key` is the purpose of the ledger's accounts and of the figure `spent.<key>`."""

    __tablename__ = "spending_purpose"

    key: Mapped[str] = mapped_column(Text(60), primary_key=True)  # never changed
    name: Mapped[str] = mapped_column(Text(200))
    position: Mapped[int] = mapped_column(default=0)
    valid_from: Mapped[date] = mapped_column(default=EARLIEST)
    valid_to: Mapped[date | None]


class SupportLevel(Audited, db.Model):
    """Whose level the money of a row comes from: trung ương, tỉnh, xã, trực tiếp."""

    __tablename__ = "support_level"

    key: Mapped[str] = mapped_column(Text(20), primary_key=True)
    name: Mapped[str] = mapped_column(Text(60))
    position: Mapped[int] = mapped_column(default=0)
    valid_from: Mapped[date] = mapped_column(default=EARLIEST)
    valid_to: Mapped[date | None]


class Decision(Audited, db.Model):
    """What a payment rests on: a decision, a submission, minutes. `state`: draft → issued → withdrawn.

    Once it is issued, its head and rows are what was decided: they do not change any more.
    """

    __tablename__ = "decision"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"))
    kind: Mapped[str] = mapped_column(Text(20))  # spending.rules.BASES
    number: Mapped[str | None] = mapped_column(Text(60))  # as on the paper, "12/QĐ-MTTQ-BTT"
    decided_on: Mapped[date]
    year: Mapped[int]  # of decided_on: a number is used once a year
    subject: Mapped[str] = mapped_column(Text(500))  # trích yếu: "Về việc hỗ trợ …"
    grounds: Mapped[str] = mapped_column(Text(4000), default="")  # căn cứ, a line each
    articles: Mapped[str] = mapped_column(Text(4000), default="")  # Điều 1, 2, 3: a paragraph each
    recipients: Mapped[str] = mapped_column(Text(1000), default="")  # nơi nhận, a line each
    signer_title: Mapped[str] = mapped_column(Text(200), default="")  # "TM. BAN THƯỜNG TRỰC\nCHỦ TỊCH"
    signer_name: Mapped[str] = mapped_column(Text(200), default="")
    state: Mapped[str] = mapped_column(Text(12), default="draft")
    prepared_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    prepared_at: Mapped[datetime] = mapped_column(Moment, default=now)
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    issued_at: Mapped[datetime | None] = mapped_column(Moment)
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)
    withdrawn_reason: Mapped[str | None] = mapped_column(Text(1000))

    unit: Mapped[Unit] = relationship()
    fund: Mapped[Fund] = relationship()
    prepared_by: Mapped[User | None] = relationship(foreign_keys=[prepared_by_id])
    issued_by: Mapped[User | None] = relationship(foreign_keys=[issued_by_id])
    withdrawn_by: Mapped[User | None] = relationship(foreign_keys=[withdrawn_by_id])
    rows: Mapped[list[DecisionRow]] = relationship(back_populates="decision", order_by="DecisionRow.ordinal")

    __table_args__ = (
        # drafts have no number yet, and NULLs do not meet; compared as written, without spaces
        db.UniqueConstraint("unit_id", "kind", "year", "number"),
    )


class DecisionRow(Audited, db.Model):
    """One row of a decision's list: who gets how much for what, out of which campaign's money (None = "chung")."""

    __tablename__ = "decision_row"
    audit_personal = {"receiver", "address", "bank", "account_number", "account_holder"}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"))
    ordinal: Mapped[int]
    receiver: Mapped[str] = mapped_column(Text(200))
    address: Mapped[str | None] = mapped_column(Text(300))
    content: Mapped[str | None] = mapped_column(Text(500))
    purpose: Mapped[str] = mapped_column(ForeignKey("spending_purpose.key"))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    level: Mapped[str | None] = mapped_column(ForeignKey("support_level.key"))
    source: Mapped[str | None] = mapped_column(Text(200))  # who gave it, in words, where that is said
    households: Mapped[int | None]  # how many it helps; None = nobody said
    amount: Mapped[int] = mapped_column(Money)  # đồng; 0 only where goods are decided
    goods: Mapped[str | None] = mapped_column(Text(500))  # goods decided beside or instead of money, in words
    bank: Mapped[str | None] = mapped_column(Text(100))  # where the receiver takes a transfer
    account_number: Mapped[str | None] = mapped_column(Text(40))
    account_holder: Mapped[str | None] = mapped_column(Text(200))

    decision: Mapped[Decision] = relationship(back_populates="rows")
    campaign: Mapped[Campaign | None] = relationship()
    spending_purpose: Mapped[SpendingPurpose] = relationship()

    __table_args__ = (
        db.UniqueConstraint("decision_id", "ordinal"),
        db.CheckConstraint("amount > 0 OR (amount = 0 AND goods IS NOT NULL)", name="something"),
    )


class Voucher(Audited, db.Model):
    """Phiếu chi (cash) or ủy nhiệm chi (bank) on a decision. `state`: spending.rules.VOUCHER_STATES.

    `what`: payment (money is spent), advance (an officer gets it to hand out), allocation (to another unit). Cash
    leaves the box, or the hand `holder_id`; a bank payment waits in transit for its statement line.
    """

    __tablename__ = "voucher"
    audit_personal = {"receiver", "receiver_address", "receiver_paper"}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"))
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), index=True)
    what: Mapped[str] = mapped_column(Text(12), default="payment")
    bank_account_id: Mapped[int | None] = mapped_column(ForeignKey("bank_account.id"))  # None = cash
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))  # whose hand pays; None = the box
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))  # who gets the advance
    settle_by: Mapped[date | None]  # until when the advance is to be settled
    to_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))  # who gets the allocation
    content: Mapped[str] = mapped_column(Text(500))  # lý do chi
    receiver: Mapped[str | None] = mapped_column(Text(200))  # who takes the money; None = as listed
    receiver_address: Mapped[str | None] = mapped_column(Text(300))
    receiver_paper: Mapped[str | None] = mapped_column(Text(100))  # căn cước, giấy giới thiệu
    attachments: Mapped[str | None] = mapped_column(Text(300))
    state: Mapped[str] = mapped_column(Text(12), default="prepared")
    prepared_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    prepared_at: Mapped[datetime] = mapped_column(Moment, default=now)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))  # or refused, or given back
    approved_at: Mapped[datetime | None] = mapped_column(Moment)
    answer: Mapped[str | None] = mapped_column(Text(1000))  # why it was refused or made void
    paid_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    posting_number: Mapped[int | None] = mapped_column(ForeignKey("ledger_posting.number"), unique=True)

    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    fund: Mapped[Fund] = relationship()
    decision: Mapped[Decision] = relationship()
    bank_account: Mapped[BankAccount | None] = relationship()
    holder: Mapped[User | None] = relationship(foreign_keys=[holder_id])
    officer: Mapped[User | None] = relationship(foreign_keys=[officer_id])
    to_unit: Mapped[Unit | None] = relationship(foreign_keys=[to_unit_id])
    prepared_by: Mapped[User | None] = relationship(foreign_keys=[prepared_by_id])
    approved_by: Mapped[User | None] = relationship(foreign_keys=[approved_by_id])
    paid_by: Mapped[User | None] = relationship(foreign_keys=[paid_by_id])
    posting: Mapped[Posting | None] = relationship()
    rows: Mapped[list[VoucherRow]] = relationship(back_populates="voucher", order_by="VoucherRow.ordinal")

    __table_args__ = (Index("ix_voucher_unit_state", "unit_id", "state"),)

    @property
    def live_rows(self) -> list[VoucherRow]:
        """The rows that were not refused, in their order."""
        return [row for row in self.rows if row.refused is None]

    @property
    def amount(self) -> int:
        """What it pays, đồng: its rows without the refused ones."""
        return sum(row.amount for row in self.live_rows)


class VoucherRow(Audited, db.Model):
    """So much of one row of the decision. A refused row pays nothing and its money is free again."""

    __tablename__ = "voucher_row"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    voucher_id: Mapped[int] = mapped_column(ForeignKey("voucher.id"))
    ordinal: Mapped[int]
    decision_row_id: Mapped[int] = mapped_column(ForeignKey("decision_row.id"), index=True)
    amount: Mapped[int] = mapped_column(Money)  # đồng
    refused: Mapped[str | None] = mapped_column(Text(500))  # why the approver took it out

    voucher: Mapped[Voucher] = relationship(back_populates="rows")
    decision_row: Mapped[DecisionRow] = relationship()

    __table_args__ = (
        db.UniqueConstraint("voucher_id", "ordinal"),
        db.CheckConstraint("amount > 0", name="positive"),
    )
