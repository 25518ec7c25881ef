"""A case as a public appeal: consent, texts in versions, its campaign, and where a surplus goes."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.campaigns.models import Campaign
from portal.cases.models import SupportCase
from portal.kit.audit import Audited
from portal.kit.db import BigKey, Moment, Money, Text, db
from portal.ledger.models import Posting
from portal.people.models_request import Request
from portal.units.models import Unit


class CaseAppeal(Audited, db.Model):
    """Lời kêu gọi. `state`: draft → published → closed; down once the consent was taken back.

    Its campaign comes with the first publishing: gifts, statements, vouchers and goods find it as any other.
    """

    __tablename__ = "case_appeal"
    audit_personal = {"consent_by", "consent_paper", "guardian_name"}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("support_case.id"), unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # who asks: the commune or a unit above it
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"), unique=True)
    state: Mapped[str] = mapped_column(Text(10), default="draft")
    target: Mapped[int] = mapped_column(Money)
    surplus_text: Mapped[str] = mapped_column(
        Text(500)
    )  # where a surplus goes; fixed at the first publishing
    surplus_campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"))  # None = chung
    age: Mapped[str] = mapped_column(Text(10))  # rules_appeal.AGES, of the person helped
    consent_by: Mapped[str] = mapped_column(Text(200))  # of the household
    consent_on: Mapped[date]
    consent_paper: Mapped[str] = mapped_column(Text(300))  # which paper, where it is kept
    guardian_name: Mapped[str | None] = mapped_column(Text(200))
    guardian_on: Mapped[date | None]
    child_on: Mapped[date | None]  # the child's own consent, from 7 on
    published_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    down_reason: Mapped[str | None] = mapped_column(Text(500))

    case: Mapped[SupportCase] = relationship()
    unit: Mapped[Unit] = relationship()
    campaign: Mapped[Campaign | None] = relationship(foreign_keys=[campaign_id])
    surplus_campaign: Mapped[Campaign | None] = relationship(foreign_keys=[surplus_campaign_id])
    texts: Mapped[list[AppealText]] = relationship(back_populates="appeal", order_by="AppealText.version")

    __table_args__ = (db.CheckConstraint("target > 0", name="positive"),)


class AppealText(Request, Audited, db.Model):
    """What the public reads, version by version: asked by one, published (`approved`) by another. Never changed."""

    __tablename__ = "case_appeal_text"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    appeal_id: Mapped[int] = mapped_column(ForeignKey("case_appeal.id"))
    version: Mapped[int]
    title: Mapped[str] = mapped_column(Text(150))
    body: Mapped[str] = mapped_column(Text(4000))
    illness: Mapped[str | None] = mapped_column(
        Text(300)
    )  # the diagnosis in the words that were consented to

    appeal: Mapped[CaseAppeal] = relationship(back_populates="texts")

    __table_args__ = (db.UniqueConstraint("appeal_id", "version"),)


class AppealSurplus(Request, Audited, db.Model):
    """What was left of a closed appeal goes where the appeal said; one asks, another decides."""

    __tablename__ = "case_appeal_surplus"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    appeal_id: Mapped[int] = mapped_column(ForeignKey("case_appeal.id"), index=True)
    amount: Mapped[int] = mapped_column(Money)  # đồng of money
    goods: Mapped[int] = mapped_column(Money, default=0)  # đồng of valued goods
    posting_number: Mapped[int | None] = mapped_column(ForeignKey("ledger_posting.number"), unique=True)
    reversed_at: Mapped[datetime | None] = mapped_column(Moment)

    appeal: Mapped[CaseAppeal] = relationship()
    posting: Mapped[Posting | None] = relationship()

    __table_args__ = (db.CheckConstraint("amount >= 0 AND goods >= 0 AND amount + goods > 0", name="some"),)
