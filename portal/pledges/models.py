"""Pledges (đăng ký ủng hộ). Published, so every change is a new version under the next entry number."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.campaigns.models import Campaign
from portal.donors.models import Donor
from portal.kit.audit import Audited
from portal.kit.coded import HasTransferCode
from portal.kit.db import BigKey, Moment, Money, Text, db, now
from portal.kit.numbers import Versioned
from portal.kit.transfer_codes import PLEDGE
from portal.ledger.models import Fund, Posting
from portal.units.models import Unit


class Pledge(HasTransferCode, Audited, db.Model):
    """One promise: its number and to whom it was made. What was promised stands in its present `PledgeTerms`."""

    __tablename__ = "pledge"
    transfer_kind = PLEDGE

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"))
    year: Mapped[int]
    number: Mapped[int]  # "ĐK-0012/2026", per unit, fund and year
    identity: Mapped[str | None] = mapped_column(Text(64), unique=True)  # of an imported row, against doubles
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment, default=now)

    unit: Mapped[Unit] = relationship()
    fund: Mapped[Fund] = relationship()
    versions: Mapped[list[PledgeTerms]] = relationship(back_populates="pledge", order_by="PledgeTerms.id")

    __table_args__ = (db.UniqueConstraint("unit_id", "fund_id", "year", "number"),)

    @property
    def paper_number(self) -> str:
        """As people write it."""
        return f"ĐK-{self.number:04d}/{self.year}"


class PledgeTerms(Versioned, Audited, db.Model):
    """What was promised, by whom, as it stood between two entries."""

    __tablename__ = "pledge_terms"
    audit_personal = {"donor_name", "phone", "address", "note"}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    pledge_id: Mapped[int] = mapped_column(ForeignKey("pledge.id"), index=True)
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    pledged_on: Mapped[date]
    donor_id: Mapped[int | None] = mapped_column(ForeignKey("donor.id"), index=True)
    donor_name: Mapped[str] = mapped_column(Text(200))
    donor_kind: Mapped[str | None] = mapped_column(Text(20))
    phone: Mapped[str | None] = mapped_column(Text(40))
    address: Mapped[str | None] = mapped_column(Text(300))
    shown_as: Mapped[str | None] = mapped_column(Text(10))  # as Donation.shown_as; None = not asked
    kind: Mapped[str] = mapped_column(Text(10))  # pledges.rules.KINDS: money, goods, house, labour
    content: Mapped[str | None] = mapped_column(Text(500))  # what, for goods, a house, labour
    quantity: Mapped[str | None] = mapped_column(Text(40))
    measure: Mapped[str | None] = mapped_column(Text(40))
    # đồng: the money, or the agreed value; None = not valued
    amount: Mapped[int | None] = mapped_column(Money)
    announced: Mapped[bool] = mapped_column(default=False)  # said in the hall: stands on the ceremony board
    met_on: Mapped[date | None]  # done without a gift to the fund: labour given, a house handed over directly
    met_note: Mapped[str | None] = mapped_column(Text(1000))
    cancelled_on: Mapped[date | None]
    cancel_reason: Mapped[str | None] = mapped_column(Text(1000))
    note: Mapped[str | None] = mapped_column(Text(1000))

    pledge: Mapped[Pledge] = relationship(back_populates="versions")
    campaign: Mapped[Campaign | None] = relationship()
    donor: Mapped[Donor | None] = relationship()
    instalments: Mapped[list[Instalment]] = relationship(back_populates="terms", order_by="Instalment.due_on")


class Instalment(db.Model):
    """A part of the promise and its day; the parts add up to the amount of the terms (0 for what has no value)."""

    __tablename__ = "pledge_instalment"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    terms_id: Mapped[int] = mapped_column(ForeignKey("pledge_terms.id"), index=True)
    due_on: Mapped[date]
    amount: Mapped[int] = mapped_column(Money)

    terms: Mapped[PledgeTerms] = relationship(back_populates="instalments")


class Fulfilment(Versioned, Audited, db.Model):
    """A gift of any kind fulfils so much (đồng, the agreed value) of a pledge; a reversed gift counts nothing."""

    __tablename__ = "pledge_fulfilment"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    pledge_id: Mapped[int] = mapped_column(ForeignKey("pledge.id"), index=True)
    posting_number: Mapped[int] = mapped_column(ForeignKey("ledger_posting.number"), index=True)
    ordinal: Mapped[int]  # of the gift within its document
    amount: Mapped[int] = mapped_column(Money)

    pledge: Mapped[Pledge] = relationship()
    posting: Mapped[Posting] = relationship()

    __table_args__ = (db.CheckConstraint("amount > 0", name="positive"),)


class Reminder(Audited, db.Model):
    """A letter that reminded of a pledge."""

    __tablename__ = "pledge_reminder"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    pledge_id: Mapped[int] = mapped_column(ForeignKey("pledge.id"), index=True)
    sent_on: Mapped[date]
    outstanding: Mapped[int] = mapped_column(Money)
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    pledge: Mapped[Pledge] = relationship()
