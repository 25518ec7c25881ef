"""Decisions on rewards, the rewards themselves with their certificates, prize money, what was taken back.

A reward is written when its decision is issued; from then on the database lets nobody change its words.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.campaigns.models import Campaign
from portal.emulation.models_nominations import Nomination, RewardCouncil
from portal.emulation.models_rewards import RewardForm
from portal.kit.audit import Audited
from portal.kit.db import BigKey, Moment, Money, Text, db, now
from portal.kit.numbers import Entry
from portal.ledger.models import Posting
from portal.people.models import User
from portal.spending.models import Decision, DecisionRow
from portal.units.models import Unit


class RewardDecision(Audited, db.Model):
    """Quyết định khen thưởng (`what` award) or thu hồi (withdrawal); not what money is paid on. draft → issued."""

    __tablename__ = "reward_decision"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    what: Mapped[str] = mapped_column(Text(12), default="award")
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    form_id: Mapped[int] = mapped_column(ForeignKey("reward_form.id"))
    council_id: Mapped[int | None] = mapped_column(ForeignKey("reward_council.id"))
    number: Mapped[str | None] = mapped_column(Text(60))
    decided_on: Mapped[date]
    year: Mapped[int]  # of decided_on: a number is used once a year, also among decisions that pay
    subject: Mapped[str] = mapped_column(Text(500))
    grounds: Mapped[str] = mapped_column(Text(4000), default="")
    articles: Mapped[str] = mapped_column(Text(4000), default="")
    recipients: Mapped[str] = mapped_column(Text(1000), default="")
    signer_title: Mapped[str] = mapped_column(Text(200), default="")
    signer_name: Mapped[str] = mapped_column(Text(200), default="")
    state: Mapped[str] = mapped_column(Text(12), default="draft")
    prepared_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    prepared_at: Mapped[datetime] = mapped_column(Moment, default=now)
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    issued_at: Mapped[datetime | None] = mapped_column(Moment)
    entry: Mapped[int | None] = mapped_column(ForeignKey("entry.number"))  # the number of the books it took
    prize_decision_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"), unique=True)

    unit: Mapped[Unit] = relationship()
    form: Mapped[RewardForm] = relationship()
    council: Mapped[RewardCouncil | None] = relationship()
    prepared_by: Mapped[User | None] = relationship(foreign_keys=[prepared_by_id])
    issued_by: Mapped[User | None] = relationship(foreign_keys=[issued_by_id])
    prize_decision: Mapped[Decision | None] = relationship()
    rows: Mapped[list[RewardDecisionRow]] = relationship(
        back_populates="decision", order_by="RewardDecisionRow.ordinal"
    )

    __table_args__ = (db.UniqueConstraint("unit_id", "year", "number"),)


class RewardDecisionRow(Audited, db.Model):
    """Whom a decision is about: a nomination that it rewards, or a reward that it takes back (and why)."""

    __tablename__ = "reward_decision_row"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("reward_decision.id"))
    ordinal: Mapped[int]
    nomination_id: Mapped[int | None] = mapped_column(ForeignKey("nomination.id"), unique=True)
    reward_id: Mapped[int | None] = mapped_column(ForeignKey("reward.id"), unique=True)
    reason: Mapped[str | None] = mapped_column(Text(500))

    decision: Mapped[RewardDecision] = relationship(back_populates="rows")
    nomination: Mapped[Nomination | None] = relationship()
    reward: Mapped[Reward | None] = relationship()

    __table_args__ = (
        db.UniqueConstraint("decision_id", "ordinal"),
        db.CheckConstraint("(nomination_id IS NULL) <> (reward_id IS NULL)", name="one"),
    )


class Reward(Audited, db.Model):
    """One reward as it was decided: words, number and code of its certificate never change (kit.protect).

    `until` is the entry of the decision that took it back; `shown_as`, `consent` and with them `words` (by which everybody
    may look for it) change with the person's wish.
    """

    __tablename__ = "reward"
    audit_personal = {"name", "address", "consent", "words"}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("reward_decision.id"))
    nomination_id: Mapped[int] = mapped_column(ForeignKey("nomination.id"), unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # who rewards
    form_id: Mapped[int] = mapped_column(ForeignKey("reward_form.id"))
    ordinal: Mapped[int]
    decided_on: Mapped[date]
    subject: Mapped[str] = mapped_column(Text(12))
    name: Mapped[str] = mapped_column(Text(200))
    address: Mapped[str | None] = mapped_column(Text(300))
    achievement: Mapped[str] = mapped_column(Text(500))
    text: Mapped[str] = mapped_column(Text(1000))  # of the certificate, filled in
    title: Mapped[str] = mapped_column(Text(100))
    giver: Mapped[str] = mapped_column(Text(200))
    layout: Mapped[str] = mapped_column(Text(20))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"))
    prize: Mapped[int | None] = mapped_column(Money)
    series: Mapped[str] = mapped_column(Text(10))
    series_year: Mapped[int]
    series_no: Mapped[int]
    code: Mapped[str] = mapped_column(Text(8), unique=True)
    since: Mapped[int] = mapped_column(ForeignKey("entry.number"), index=True)
    until: Mapped[int | None] = mapped_column(ForeignKey("entry.number"))
    shown_as: Mapped[str | None] = mapped_column(Text(10))
    consent: Mapped[str | None] = mapped_column(Text(300))
    words: Mapped[str] = mapped_column(Text(2000), default="", server_default="")  # rules.searched_words

    decision: Mapped[RewardDecision] = relationship()
    nomination: Mapped[Nomination] = relationship()
    unit: Mapped[Unit] = relationship()
    form: Mapped[RewardForm] = relationship()
    campaign: Mapped[Campaign | None] = relationship()
    entry: Mapped[Entry] = relationship(foreign_keys=[since])

    __table_args__ = (
        db.UniqueConstraint("unit_id", "series", "series_year", "series_no"),
        db.UniqueConstraint("decision_id", "ordinal"),
        db.Index("ix_reward_decided_on", "decided_on", "id"),  # the public page turns its leaves by it
    )

    @property
    def number(self) -> str:
        """The certificate's number, "GK-0012/2026"."""
        return f"{self.series}-{self.series_no:04d}/{self.series_year}"


class RewardPrize(Audited, db.Model):
    """The row of the fund's decision that pays the prize of a reward. Goes with the draft of that decision."""

    __tablename__ = "reward_prize"

    decision_row_id: Mapped[int] = mapped_column(
        ForeignKey("decision_row.id"), primary_key=True, autoincrement=False
    )
    reward_id: Mapped[int] = mapped_column(ForeignKey("reward.id"), index=True)

    reward: Mapped[Reward] = relationship()
    decision_row: Mapped[DecisionRow] = relationship()


class PrizeBack(Audited, db.Model):
    """Prize money that came back after a reward was taken back: a document of the books, đồng."""

    __tablename__ = "prize_back"

    posting_number: Mapped[int] = mapped_column(
        ForeignKey("ledger_posting.number"), primary_key=True, autoincrement=False
    )
    reward_id: Mapped[int] = mapped_column(ForeignKey("reward.id"), index=True)
    amount: Mapped[int] = mapped_column(Money)
    reversed: Mapped[bool] = mapped_column(default=False)

    reward: Mapped[Reward] = relationship()
    posting: Mapped[Posting] = relationship()

    __table_args__ = (db.CheckConstraint("amount > 0", name="positive"),)


class CertificatePrint(Audited, db.Model):
    """The certificates of a decision as one file, made by a job in the background."""

    __tablename__ = "certificate_print"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("reward_decision.id"), index=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)

    decision: Mapped[RewardDecision] = relationship()
    by: Mapped[User | None] = relationship()
