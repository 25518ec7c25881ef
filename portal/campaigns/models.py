"""Campaigns (đợt vận động) and what each unit is asked to raise."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.kit.audit import Audited
from portal.kit.coded import HasTransferCode
from portal.kit.db import BigKey, Moment, Money, Text, db, now
from portal.kit.numbers import Versioned
from portal.kit.transfer_codes import CAMPAIGN
from portal.units.models import Unit


class Campaign(HasTransferCode, Audited, db.Model):
    """An appeal of one unit's fund between two days; `ends_on` None = without a committed end."""

    __tablename__ = "campaign"
    transfer_kind = CAMPAIGN

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    code: Mapped[str] = mapped_column(Text(40), unique=True)
    name: Mapped[str] = mapped_column(Text(200))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    legal_basis: Mapped[str] = mapped_column(Text(300), default="")
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)

    unit: Mapped[Unit] = relationship()


class CampaignTarget(Versioned, db.Model):
    """What a unit is to raise in a campaign, đồng; the row of the campaign's own unit is the whole target."""

    __tablename__ = "campaign_target"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    amount: Mapped[int] = mapped_column(Money)

    unit: Mapped[Unit] = relationship()
