"""What else the fund's money is about: texts of papers, the budget, other entries, gifts that a sponsor pays out directly.

Other entries and "ghi thu – ghi chi" are asked for by one person and decided by another; the books change with the answer.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from portal.campaigns.models import Campaign
from portal.cash.models import CashCount
from portal.donations.models import Donation
from portal.kit.audit import Audited
from portal.kit.db import BigKey, Money, Text, db
from portal.kit.numbers import Versioned
from portal.ledger.models import BankAccount, Fund, Posting
from portal.people.models import User
from portal.people.models_request import Request
from portal.spending.models import DecisionRow
from portal.units.models import Unit


class DecisionText(Audited, db.Model):
    """What a unit's papers of one kind begin with; the next draft is offered these texts."""

    __tablename__ = "decision_text"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    kind: Mapped[str] = mapped_column(Text(20))  # spending.rules.BASES
    grounds: Mapped[str] = mapped_column(Text(4000), default="")
    articles: Mapped[str] = mapped_column(Text(4000), default="")
    recipients: Mapped[str] = mapped_column(Text(1000), default="")
    signer_title: Mapped[str] = mapped_column(Text(200), default="")
    signer_name: Mapped[str] = mapped_column(Text(200), default="")

    __table_args__ = (db.UniqueConstraint("unit_id", "kind"),)


class BudgetLine(Versioned, db.Model):
    """What a unit plans to spend on a purpose: of a campaign's money, or of the common money of one year."""

    __tablename__ = "budget_line"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"))
    year: Mapped[int | None]  # of the common money; None = a campaign's
    purpose: Mapped[str] = mapped_column(ForeignKey("spending_purpose.key"))
    amount: Mapped[int | None] = mapped_column(Money)  # đồng; None = no longer planned

    __table_args__ = (db.CheckConstraint("(campaign_id IS NULL) <> (year IS NULL)", name="of_one"),)


class Asked(Request):
    """Shared by what one person asks and another decides; `approved` None = nobody has answered."""

    reason: Mapped[str] = mapped_column(Text(1000))
    posting_number: Mapped[int | None] = mapped_column(ForeignKey("ledger_posting.number"), unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"))
    happened_on: Mapped[date]
    amount: Mapped[int] = mapped_column(Money)  # đồng

    @declared_attr
    def posting(cls) -> Mapped[Posting | None]:  # noqa: N805
        """The document that an approved one has made."""
        return relationship()

    @declared_attr
    def unit(cls) -> Mapped[Unit]:  # noqa: N805
        """Whose books."""
        return relationship()

    @declared_attr
    def fund(cls) -> Mapped[Fund]:  # noqa: N805
        """Of which fund."""
        return relationship()


class OtherEntry(Asked, Audited, db.Model):
    """Money that comes or goes without a donor or a receiver: interest, fee, exchange, a counted difference."""

    __tablename__ = "other_entry"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    cause: Mapped[str] = mapped_column(Text(20))  # spending.rules_others.CAUSES
    gain: Mapped[bool]  # the fund has more of it; False = less
    bank_account_id: Mapped[int | None] = mapped_column(ForeignKey("bank_account.id"))  # None = cash
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))  # whose hand; None = the box
    cash_count_id: Mapped[int | None] = mapped_column(ForeignKey("cash_count.id"), index=True)
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"))  # None = "chung"
    rate: Mapped[str | None] = mapped_column(
        Text(300)
    )  # of an exchange difference, in words, with its source

    bank_account: Mapped[BankAccount | None] = relationship()
    holder: Mapped[User | None] = relationship(foreign_keys=[holder_id])
    cash_count: Mapped[CashCount | None] = relationship()
    campaign: Mapped[Campaign | None] = relationship()

    __table_args__ = (
        db.CheckConstraint("amount > 0", name="positive"),
        Index("ix_other_entry_unit", "unit_id", "approved"),
    )


class InAndOut(Asked, Audited, db.Model):
    """Ghi thu – ghi chi: a sponsor paid a supplier directly, and the unit counts it as received and spent.

    Campaign and purpose are those of the decision's row.
    """

    __tablename__ = "in_and_out"
    audit_personal = {"donor_name", "address"}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    decision_row_id: Mapped[int] = mapped_column(ForeignKey("decision_row.id"), index=True)
    donor_id: Mapped[int | None] = mapped_column(ForeignKey("donor.id"))
    donor_name: Mapped[str] = mapped_column(Text(200))
    donor_kind: Mapped[str | None] = mapped_column(Text(20))
    address: Mapped[str | None] = mapped_column(Text(300))
    shown_as: Mapped[str | None] = mapped_column(Text(10))
    supplier: Mapped[str] = mapped_column(Text(200))  # whom the sponsor paid
    supplier_paper: Mapped[str | None] = mapped_column(Text(200))  # invoice or minutes that show it
    donation_id: Mapped[int | None] = mapped_column(ForeignKey("donation.id"))  # once it is in the books

    decision_row: Mapped[DecisionRow] = relationship()
    donation: Mapped[Donation | None] = relationship()

    __table_args__ = (
        db.CheckConstraint("amount > 0", name="positive"),
        Index("ix_in_and_out_unit", "unit_id", "approved"),
    )
