"""What becomes of statement lines: rules that classify them, documents that settle them, papers that meet them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.campaigns.models import Campaign
from portal.donations.models import Donation
from portal.kit.audit import Audited
from portal.kit.db import BigKey, Moment, Money, Text, db, now
from portal.ledger.models import Account, BankAccount, Fund, Posting
from portal.people.models_request import Request
from portal.units.models import Unit


class LineRule(Audited, db.Model):
    """A person's rule: lines that are so become `kind` (statements.classes). The first that fits decides."""

    __tablename__ = "line_rule"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    bank_account_id: Mapped[int | None] = mapped_column(
        ForeignKey("bank_account.id")
    )  # None = all of the unit
    position: Mapped[int]  # the order in which rules are asked
    name: Mapped[str] = mapped_column(Text(100))
    direction: Mapped[str] = mapped_column(Text(6))  # in, out
    words: Mapped[str] = mapped_column(Text(500), default="")  # any of them, parted by ";"; "" = any text
    least: Mapped[int | None] = mapped_column(Money)
    most: Mapped[int | None] = mapped_column(Money)
    kind: Mapped[str] = mapped_column(Text(12))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"))  # of a donation
    withdrawn: Mapped[bool] = mapped_column(default=False)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)

    unit: Mapped[Unit] = relationship()
    bank_account: Mapped[BankAccount | None] = relationship()
    campaign: Mapped[Campaign | None] = relationship()


class LineSettlement(db.Model):
    """A line that waited in suspense is recognised: transfer (`posting_number`, `ordinal`) takes it into transit.

    `line_posting`, `line_ordinal`: the transfer that had put it there. `until`: the reversal that put it back.
    """

    __tablename__ = "line_settlement"

    posting_number: Mapped[int] = mapped_column(
        ForeignKey("ledger_posting.number"), primary_key=True, autoincrement=False
    )
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    line_posting: Mapped[int] = mapped_column(ForeignKey("ledger_posting.number"))
    line_ordinal: Mapped[int]
    statement_id: Mapped[int] = mapped_column(BigKey)
    statement_ordinal: Mapped[int]
    kind: Mapped[str] = mapped_column(Text(12))  # statements.classes
    until: Mapped[int | None] = mapped_column(ForeignKey("ledger_posting.number"))

    posting: Mapped[Posting] = relationship(foreign_keys=[posting_number])

    __table_args__ = (
        ForeignKeyConstraint(
            ["statement_id", "statement_ordinal"], ["statement_line.statement_id", "statement_line.ordinal"]
        ),
        Index(
            "uq_line_settlement_line",
            "line_posting",
            "line_ordinal",
            unique=True,
            sqlite_where=db.text("until IS NULL"),
            postgresql_where=db.text("until IS NULL"),
        ),
    )


class TransitMatch(Audited, db.Model):
    """Two transfers meet in transit: one that came into it and one that left it, with so much of both, đồng.

    A voucher and its statement line, a gift typed from paper and its line, two own accounts. `ended_at`: undone.
    """

    __tablename__ = "transit_match"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("ledger_account.id"), index=True)
    in_posting: Mapped[int] = mapped_column(BigKey)
    in_ordinal: Mapped[int]
    out_posting: Mapped[int] = mapped_column(BigKey)
    out_ordinal: Mapped[int]
    amount: Mapped[int] = mapped_column(Money)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    ended_at: Mapped[datetime | None] = mapped_column(Moment)

    account: Mapped[Account] = relationship()

    __table_args__ = (
        db.CheckConstraint("amount > 0", name="positive"),
        ForeignKeyConstraint(
            ["in_posting", "in_ordinal"], ["ledger_transfer.posting_number", "ledger_transfer.ordinal"]
        ),
        ForeignKeyConstraint(
            ["out_posting", "out_ordinal"], ["ledger_transfer.posting_number", "ledger_transfer.ordinal"]
        ),
        Index("ix_transit_match_in", "in_posting", "in_ordinal"),
        Index("ix_transit_match_out", "out_posting", "out_ordinal"),
    )


class LineCorrection(Request, Audited, db.Model):
    """Somebody says that a line is no gift; another person agrees, and the line waits in suspense again."""

    __tablename__ = "line_correction"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    donation_id: Mapped[int] = mapped_column(ForeignKey("donation.id"), index=True)
    reason: Mapped[str] = mapped_column(Text(1000))
    posting_number: Mapped[int | None] = mapped_column(ForeignKey("ledger_posting.number"), unique=True)

    donation: Mapped[Donation] = relationship()
    posting: Mapped[Posting | None] = relationship()


class DeskSetting(Audited, db.Model):
    """From which certainty (0–100) a unit lets suggestions of one fund be accepted together."""

    __tablename__ = "desk_setting"

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, autoincrement=False)
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"), primary_key=True, autoincrement=False)
    least: Mapped[int]

    unit: Mapped[Unit] = relationship()
    fund: Mapped[Fund] = relationship()
