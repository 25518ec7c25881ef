"""Gifts (khoản ủng hộ). The money of a gift is its transfer in the ledger; this row says who, how and how to show it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.campaigns.models import Campaign
from portal.kit.audit import Audited
from portal.kit.db import BigKey, Money, Text, db
from portal.ledger.models import Posting
from portal.units.models import Unit


class Donation(Audited, db.Model):
    """One gift. Its id is `yyyymmdd·10^7 + n`, so that rows lie in date order; the public code is made of it."""

    __tablename__ = "donation"
    audit_personal = {"donor_name", "address", "text", "note"}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False)
    posting_number: Mapped[int] = mapped_column(ForeignKey("ledger_posting.number"))
    ordinal: Mapped[int]  # of its transfer
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    donated_on: Mapped[date]
    form: Mapped[str] = mapped_column(Text(10))  # donations.rules.FORMS: cash, bank, goods, papers
    amount: Mapped[int] = mapped_column(
        Money
    )  # đồng; the same as its transfer (verified); 0 = goods without a value
    donor_name: Mapped[str | None] = mapped_column(Text(200))  # None = "không rõ tên"
    donor_kind: Mapped[str | None] = mapped_column(Text(20))
    address: Mapped[str | None] = mapped_column(Text(300))
    shown_as: Mapped[str | None] = mapped_column(Text(10))  # name, initials, anonymous; None = not asked
    goods: Mapped[str | None] = mapped_column(Text(300))
    quantity: Mapped[str | None] = mapped_column(Text(40))
    measure: Mapped[str | None] = mapped_column(Text(40))
    paper_number: Mapped[str | None] = mapped_column(Text(60))  # receipt number brought from paper books
    identity: Mapped[str | None] = mapped_column(Text(64), unique=True)  # of an imported row, against doubles
    text: Mapped[str | None] = mapped_column(Text(1000))  # what the bank or the giver wrote
    note: Mapped[str | None] = mapped_column(Text(1000))

    posting: Mapped[Posting] = relationship()
    unit: Mapped[Unit] = relationship()
    campaign: Mapped[Campaign | None] = relationship()

    __table_args__ = (
        ForeignKeyConstraint(
            ["posting_number", "ordinal"], ["ledger_transfer.posting_number", "ledger_transfer.ordinal"]
        ),
        Index("ix_donation_posting_number", "posting_number", "ordinal", unique=True),
        Index("ix_donation_unit", "unit_id", "id"),
        Index("ix_donation_amount", "amount", "id"),
    )

    @property
    def code(self) -> str:
        """The public code, "20261102-417": its day and its number within the day."""
        day, number = divmod(self.id, 10**7)
        return f"{day}-{number}"


class DonationWords(db.Model):
    """What the public index holds of a gift (folded, masked): the index can be cleaned only with the same words."""

    __tablename__ = "donation_words"

    donation_id: Mapped[int] = mapped_column(ForeignKey("donation.id"), primary_key=True, autoincrement=False)
    words: Mapped[str] = mapped_column(Text(1500))


class SearchWatermark(db.Model):
    """The index has followed the books up to this posting, and in the next one to this ordinal (one row)."""

    __tablename__ = "search_watermark"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    posting_number: Mapped[int] = mapped_column(BigKey, default=0)
    ordinal: Mapped[int] = mapped_column(default=0)
