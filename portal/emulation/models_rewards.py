"""Reward forms and rules (data), what a rule found in the books, and who agrees to be named.

A run is frozen: which gifts, sums, years a candidate was found by stands as it was that day.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.campaigns.models import Campaign
from portal.donations.models import Donation
from portal.donors.models import Donor
from portal.kit.audit import Audited
from portal.kit.days import EARLIEST
from portal.kit.db import BigKey, Moment, Money, Text, db, now
from portal.people.models import User
from portal.units.models import Unit


class RewardForm(Audited, db.Model):
    """Hình thức khen: bằng khen, giấy khen, thư cảm ơn … Who may issue it, and what its certificate says, is data."""

    __tablename__ = "reward_form"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    key: Mapped[str] = mapped_column(Text(60), unique=True)  # of the figure `rewards.<key>`; never changed
    name: Mapped[str] = mapped_column(Text(100))
    statutory: Mapped[bool] = mapped_column(default=False)  # of the law on emulation and rewards
    levels: Mapped[str] = mapped_column(
        Text(200), default=""
    )  # levels of units that issue it, a line each; "" = any
    needs_number: Mapped[bool] = mapped_column(default=True)  # whether its decision bears a number
    needs_council: Mapped[bool] = mapped_column(default=True)  # whether a council looks at nominations first
    layout: Mapped[str] = mapped_column(Text(20))  # key of a RewardLayout
    series: Mapped[str] = mapped_column(Text(10))  # numbers of its certificates run by unit, series and year
    title: Mapped[str] = mapped_column(Text(100))  # as the certificate prints it
    giver: Mapped[str] = mapped_column(Text(200), default="")  # "TẶNG", above the name
    text: Mapped[str] = mapped_column(Text(1000))  # of the certificate; words in [brackets] are filled in
    prize: Mapped[int | None] = mapped_column(
        Money
    )  # đồng, offered when somebody is nominated; None = no prize
    position: Mapped[int] = mapped_column(default=100)
    valid_from: Mapped[date] = mapped_column(default=EARLIEST)
    valid_to: Mapped[date | None]


class RewardRule(Audited, db.Model):
    """A rule over the books as a unit writes it; `measure`: rules_rewards.MEASURES. Never deleted: runs bear its number."""

    __tablename__ = "reward_rule"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    name: Mapped[str] = mapped_column(Text(200))
    form_id: Mapped[int] = mapped_column(ForeignKey("reward_form.id"))
    measure: Mapped[str] = mapped_column(Text(10))
    least: Mapped[int] = mapped_column(BigInteger)  # đồng, times, or years in a row
    least_a_year: Mapped[int | None] = mapped_column(Money)  # đồng of each of the years in a row
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"))  # None = every gift
    donor_kinds: Mapped[str] = mapped_column(
        Text(300), default=""
    )  # keys of donor_kind, parted by commas; "" = all
    with_goods: Mapped[bool] = mapped_column(default=False)  # goods count at their value
    achievement: Mapped[str] = mapped_column(Text(500))  # what those it finds have done; words in [brackets]
    ended: Mapped[bool] = mapped_column(default=False)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)

    unit: Mapped[Unit] = relationship()
    form: Mapped[RewardForm] = relationship()
    campaign: Mapped[Campaign | None] = relationship()


class RewardRun(Audited, db.Model):
    """A rule asked of the books once: of which days, up to which entry. `asked` is the rule as it was."""

    __tablename__ = "reward_run"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    rule_id: Mapped[int] = mapped_column(ForeignKey("reward_rule.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    up_to: Mapped[int] = mapped_column(BigInteger)  # the last entry of the books that it has seen
    asked: Mapped[dict[str, Any]] = mapped_column(JSON)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)

    rule: Mapped[RewardRule] = relationship()
    unit: Mapped[Unit] = relationship()
    by: Mapped[User | None] = relationship()


class RewardCandidate(db.Model):
    """Somebody whom a run found, with name and sums of that day. Comes with its run (one audit entry for all)."""

    __tablename__ = "reward_candidate"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("reward_run.id"))
    donor_id: Mapped[int] = mapped_column(ForeignKey("donor.id"), index=True)
    name: Mapped[str] = mapped_column(Text(200))
    kind: Mapped[str] = mapped_column(Text(20))
    address: Mapped[str | None] = mapped_column(Text(300))
    amount: Mapped[int] = mapped_column(Money)  # đồng of the gifts that count
    times: Mapped[int]
    years: Mapped[int]  # with a gift; for years in a row: how many there are
    dropped: Mapped[str | None] = mapped_column(Text(500))  # why nobody is nominated

    run: Mapped[RewardRun] = relationship()
    donor: Mapped[Donor] = relationship()

    __table_args__ = (db.UniqueConstraint("run_id", "donor_id"),)


class RewardEvidence(db.Model):
    """A gift (or a person's share of a group gift) that a candidate was found by, đồng without what was given back."""

    __tablename__ = "reward_evidence"

    candidate_id: Mapped[int] = mapped_column(
        ForeignKey("reward_candidate.id"), primary_key=True, autoincrement=False
    )
    donation_id: Mapped[int] = mapped_column(
        ForeignKey("donation.id"), primary_key=True, autoincrement=False, index=True
    )
    member: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False
    )  # number in a group; 0 = the gift itself
    donated_on: Mapped[date]
    amount: Mapped[int] = mapped_column(Money)

    donation: Mapped[Donation] = relationship()


class RewardConsent(Audited, db.Model):
    """A donor who gives without a name was asked about being rewarded for it. The newest answer holds."""

    __tablename__ = "reward_consent"
    audit_personal = {"note"}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    donor_id: Mapped[int] = mapped_column(ForeignKey("donor.id"), index=True)
    agreed: Mapped[bool]
    asked_on: Mapped[date]
    note: Mapped[str] = mapped_column(Text(300))  # how and to whom it was said, which paper
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)

    donor: Mapped[Donor] = relationship()
