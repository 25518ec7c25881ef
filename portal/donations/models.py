"""Gifts (khoản ủng hộ). The money of a gift is its transfer in the ledger; this row says who, how and how to show it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.campaigns.models import Campaign
from portal.donors.models import Donor
from portal.kit.audit import Audited
from portal.kit.db import BigKey, Money, Text, db
from portal.ledger.models import Posting
from portal.people.models_request import Request
from portal.units.models import Unit


def _where_filled(name: str, column: str, *, unique: bool = False) -> Index:
    """An index of a column that most gifts leave empty: those of a statement cost it nothing."""
    filled = sql(f"{column} IS NOT NULL")
    return Index(name, column, unique=unique, sqlite_where=filled, postgresql_where=filled)


class Donation(Audited, db.Model):
    """One part (form) of a gift; most gifts have one. Its id is `yyyymmdd·10^7 + n`, so that rows lie in date
    order; the public code is made of it. The other parts of a document point to the first by `part_of`.
    """

    __tablename__ = "donation"
    audit_personal = {"donor_name", "address", "text", "note"}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False)
    posting_number: Mapped[int] = mapped_column(ForeignKey("ledger_posting.number"))
    ordinal: Mapped[int]  # of its transfer; goods without a value have none
    part_of: Mapped[int | None] = mapped_column(ForeignKey("donation.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    donated_on: Mapped[date]
    form: Mapped[str] = mapped_column(Text(10))  # donations.rules.FORMS: cash, bank, goods, papers, direct
    amount: Mapped[int] = mapped_column(
        Money
    )  # đồng; the same as its transfer (verified); 0 = goods without a value
    donor_id: Mapped[int | None] = mapped_column(ForeignKey("donor.id"))
    donor_name: Mapped[str | None] = mapped_column(Text(200))  # None = "không rõ tên"
    donor_pending: Mapped[bool] = mapped_column(default=False, server_default="0")  # "chờ xác định"
    people: Mapped[int | None]  # givers of a group gift (one bag, one transfer, a list of people)
    donor_kind: Mapped[str | None] = mapped_column(Text(20))
    address: Mapped[str | None] = mapped_column(Text(300))
    shown_as: Mapped[str | None] = mapped_column(Text(10))  # name, initials, anonymous; None = not asked
    goods: Mapped[str | None] = mapped_column(Text(300))
    quantity: Mapped[str | None] = mapped_column(Text(40))
    measure: Mapped[str | None] = mapped_column(Text(40))
    paper_number: Mapped[str | None] = mapped_column(Text(60))  # receipt number brought from paper books
    identity: Mapped[str | None] = mapped_column(Text(64))  # of an imported row, against doubles
    text: Mapped[str | None] = mapped_column(Text(1000))  # what the bank or the giver wrote
    note: Mapped[str | None] = mapped_column(Text(1000))

    posting: Mapped[Posting] = relationship()
    unit: Mapped[Unit] = relationship()
    campaign: Mapped[Campaign | None] = relationship()
    donor: Mapped[Donor | None] = relationship()

    __table_args__ = (
        db.CheckConstraint("amount > 0 OR (amount = 0 AND form = 'goods')", name="worth"),
        Index("ix_donation_posting_number", "posting_number", "ordinal", unique=True),
        Index("ix_donation_unit", "unit_id", "id"),
        _where_filled("ix_donation_donor_id", "donor_id"),
        _where_filled("ix_donation_part_of", "part_of"),
        _where_filled("uq_donation_identity", "identity", unique=True),
    )

    @property
    def code(self) -> str:
        """The public code, "20261102-417": its day and its number within the day."""
        day, number = divmod(self.id, 10**7)
        return f"{day}-{number}"


class DonationWords(db.Model):
    """What the public index holds of a gift: its words (folded, masked), without which it could not be cleaned,
    and its amount. It follows the books, so that nobody waits for it while a statement is posted.
    """

    __tablename__ = "donation_words"

    donation_id: Mapped[int] = mapped_column(ForeignKey("donation.id"), primary_key=True, autoincrement=False)
    words: Mapped[str] = mapped_column(Text(60_000))
    amount: Mapped[int] = mapped_column(Money, server_default="0")  # đồng; the gift's, which never changes

    __table_args__ = (Index("ix_donation_words_amount", "amount", "donation_id"),)


class SearchWatermark(db.Model):
    """The index has followed the books up to this posting, and in the next one to this ordinal (one row)."""

    __tablename__ = "search_watermark"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    posting_number: Mapped[int] = mapped_column(BigKey, default=0)
    ordinal: Mapped[int] = mapped_column(default=0)


class GroupMember(Audited, db.Model):
    """One of the people behind a group gift; what nobody is named for is shown as "chưa kê tên"."""

    __tablename__ = "group_member"
    audit_personal = {"name", "address", "note", "strike_reason"}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    donation_id: Mapped[int] = mapped_column(ForeignKey("donation.id"))
    number: Mapped[int]  # its code is the gift's code with "-number"
    name: Mapped[str] = mapped_column(Text(200))
    address: Mapped[str | None] = mapped_column(Text(300))
    amount: Mapped[int | None] = mapped_column(Money)  # đồng of the gift; None = named without an amount
    shown_as: Mapped[str | None] = mapped_column(Text(10))
    donor_id: Mapped[int | None] = mapped_column(ForeignKey("donor.id"), index=True)
    note: Mapped[str | None] = mapped_column(Text(500))
    struck: Mapped[bool] = mapped_column(default=False)  # named by mistake; its number is not used again
    strike_reason: Mapped[str | None] = mapped_column(Text(500))

    donation: Mapped[Donation] = relationship()

    __table_args__ = (db.UniqueConstraint("donation_id", "number"),)

    @property
    def code(self) -> str:
        """The public code of this person's share, "20261102-417-12"."""
        return f"{self.donation.code}-{self.number}"


class ForeignAmount(db.Model):
    """A gift part in foreign money: cents beside the đồng of the books, with the day's rate and its source."""

    __tablename__ = "foreign_amount"

    donation_id: Mapped[int] = mapped_column(ForeignKey("donation.id"), primary_key=True, autoincrement=False)
    currency: Mapped[str] = mapped_column(Text(3))  # ISO 4217
    minor: Mapped[int] = mapped_column(BigInteger)  # cents (yen: whole), by rules.CURRENCIES
    rate: Mapped[int] = mapped_column(BigInteger)  # đồng for one whole unit, in ten-thousandths
    rate_source: Mapped[str] = mapped_column(Text(200))
    rate_on: Mapped[date]

    donation: Mapped[Donation] = relationship()

    __table_args__ = (db.CheckConstraint("minor > 0 AND rate > 0", name="positive"),)


class Reclassification(db.Model):
    """A document moved a gift to another campaign; code and receipt stay. Never changed."""

    __tablename__ = "reclassification"

    posting_number: Mapped[int] = mapped_column(
        ForeignKey("ledger_posting.number"), primary_key=True, autoincrement=False
    )
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # of its transfer
    donation_id: Mapped[int] = mapped_column(ForeignKey("donation.id"), index=True)
    from_campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"))
    to_campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"))

    posting: Mapped[Posting] = relationship()
    donation: Mapped[Donation] = relationship()


class TakenBack(db.Model):
    """A statement line that was counted as a gift is none: the document that took it back. Never changed."""

    __tablename__ = "gift_taken_back"

    donation_id: Mapped[int] = mapped_column(ForeignKey("donation.id"), primary_key=True, autoincrement=False)
    posting_number: Mapped[int] = mapped_column(ForeignKey("ledger_posting.number"), unique=True)

    donation: Mapped[Donation] = relationship()
    posting: Mapped[Posting] = relationship()


class ReclassificationRequest(Request, Audited, db.Model):
    """Somebody asks to count a gift in another campaign; another person approves or refuses."""

    __tablename__ = "reclassification_request"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    donation_id: Mapped[int] = mapped_column(ForeignKey("donation.id"), index=True)  # the first part
    to_campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"))  # None = outside campaigns
    reason: Mapped[str] = mapped_column(Text(1000))
    posting_number: Mapped[int | None] = mapped_column(ForeignKey("ledger_posting.number"), unique=True)

    donation: Mapped[Donation] = relationship()
    to_campaign: Mapped[Campaign | None] = relationship()
    posting: Mapped[Posting | None] = relationship()


class Refund(Request, Audited, db.Model):
    """Money given back to a donor: asked for by one person, approved by another, then a document of its own."""

    __tablename__ = "refund"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    donation_id: Mapped[int] = mapped_column(ForeignKey("donation.id"), index=True)
    amount: Mapped[int] = mapped_column(Money)
    place: Mapped[str] = mapped_column(Text(10))  # cash or bank: where it is paid from
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))  # of the cash; None = the box
    bank_account_id: Mapped[int | None] = mapped_column(ForeignKey("bank_account.id"))
    receiver: Mapped[str] = mapped_column(Text(200))
    reason: Mapped[str] = mapped_column(Text(1000))
    posting_number: Mapped[int | None] = mapped_column(ForeignKey("ledger_posting.number"), unique=True)

    audit_personal = {"receiver"}

    donation: Mapped[Donation] = relationship()
    posting: Mapped[Posting | None] = relationship()

    __table_args__ = (db.CheckConstraint("amount > 0", name="positive"),)
