"""Who is put forward for a reward, and what the council says about each."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.campaigns.models import Campaign
from portal.donors.models import Donor
from portal.emulation.models_rewards import RewardCandidate, RewardForm
from portal.households.models_registry import Household
from portal.kit.audit import Audited
from portal.kit.db import BigKey, Moment, Money, Text, db, now
from portal.people.models import User
from portal.units.models import Unit


class Nomination(Audited, db.Model):
    """Đề nghị khen thưởng. `subject`: rules_nominations.SUBJECTS, `state`: rules_nominations.STATES.

    The name is written here as it is to stand on the certificate; a donor, household or unit may be named with it.
    """

    __tablename__ = "nomination"
    audit_personal = {"name", "address", "consent"}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # who puts forward
    form_id: Mapped[int] = mapped_column(ForeignKey("reward_form.id"))
    subject: Mapped[str] = mapped_column(Text(12))
    name: Mapped[str] = mapped_column(Text(200))
    name_key: Mapped[str] = mapped_column(Text(200))  # fold(name)
    address: Mapped[str | None] = mapped_column(Text(300))
    donor_id: Mapped[int | None] = mapped_column(ForeignKey("donor.id"), index=True)
    household_id: Mapped[int | None] = mapped_column(ForeignKey("household.id"), index=True)
    of_unit_id: Mapped[int | None] = mapped_column(
        ForeignKey("unit.id"), index=True
    )  # a unit that is rewarded
    achievement: Mapped[str] = mapped_column(Text(500))
    movement: Mapped[str | None] = mapped_column(Text(300))  # phong trào thi đua, by name
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    prize: Mapped[int | None] = mapped_column(Money)
    shown_as: Mapped[str | None] = mapped_column(Text(10))  # name, initials, anonymous; None = not asked
    consent: Mapped[str | None] = mapped_column(Text(300))  # who agreed to be named in public, on which paper
    twice: Mapped[str | None] = mapped_column(Text(500))  # why the same achievement is rewarded once more
    candidate_id: Mapped[int | None] = mapped_column(ForeignKey("reward_candidate.id"), unique=True)
    state: Mapped[str] = mapped_column(Text(12), default="open")
    dropped: Mapped[str | None] = mapped_column(Text(500))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)

    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    of_unit: Mapped[Unit | None] = relationship(foreign_keys=[of_unit_id])
    form: Mapped[RewardForm] = relationship()
    donor: Mapped[Donor | None] = relationship()
    household: Mapped[Household | None] = relationship()
    campaign: Mapped[Campaign | None] = relationship()
    candidate: Mapped[RewardCandidate | None] = relationship()
    by: Mapped[User | None] = relationship()

    __table_args__ = (
        Index("ix_nomination_unit_state", "unit_id", "state"),
        Index("ix_nomination_name_key", "name_key"),
    )


class RewardCouncil(Audited, db.Model):
    """A meeting of the council (họp xét khen thưởng). Once `closed`, its minutes and verdicts do not change."""

    __tablename__ = "reward_council"
    audit_personal = {"chair", "secretary", "members"}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    met_on: Mapped[date]
    place: Mapped[str] = mapped_column(Text(300), default="")
    chair: Mapped[str] = mapped_column(Text(200))
    secretary: Mapped[str] = mapped_column(Text(200))
    members: Mapped[str] = mapped_column(Text(2000))  # a line each: name, position
    remarks: Mapped[str] = mapped_column(Text(2000), default="")
    closed: Mapped[bool] = mapped_column(default=False)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)

    unit: Mapped[Unit] = relationship()
    rows: Mapped[list[RewardCouncilRow]] = relationship(
        back_populates="council", order_by="RewardCouncilRow.ordinal"
    )


class RewardCouncilRow(Audited, db.Model):
    """What the council says about one nomination: for, against, postponed (None = not yet), with the votes."""

    __tablename__ = "reward_council_row"

    council_id: Mapped[int] = mapped_column(
        ForeignKey("reward_council.id"), primary_key=True, autoincrement=False
    )
    nomination_id: Mapped[int] = mapped_column(
        ForeignKey("nomination.id"), primary_key=True, autoincrement=False, index=True
    )
    ordinal: Mapped[int]
    verdict: Mapped[str | None] = mapped_column(Text(10))  # rules_nominations.VERDICTS
    votes_for: Mapped[int | None]
    votes_against: Mapped[int | None]
    note: Mapped[str | None] = mapped_column(Text(500))

    council: Mapped[RewardCouncil] = relationship(back_populates="rows")
    nomination: Mapped[Nomination] = relationship()
