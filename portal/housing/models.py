"""House projects: the household, how far the work has come, what was surveyed, filed, told.

Who pays stands in models_money; checks, minutes and houses of the past in models_closing.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.households.models_registry import Household
from portal.housing.models_catalogue import HouseKind, HouseProgramme, HouseRequirement
from portal.kit.audit import Audited
from portal.kit.db import BigKey, Moment, Money, Text, db, now
from portal.people.models import User
from portal.units.models import Unit


class HouseProject(Audited, db.Model):
    """One house for one household. `state`: rules.STATES; a stopped one goes on from `stopped_from`.

    `head_name` and `address` are frozen when it is approved, for all papers and payments; None before.
    """

    __tablename__ = "house_project"
    audit_personal = {"head_name", "address", "builder_name", "need", "consent_by", "shown_name"}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # the commune that answers for the household
    programme_id: Mapped[int] = mapped_column(ForeignKey("house_programme.id"))
    kind_id: Mapped[int] = mapped_column(ForeignKey("house_kind.id"))
    opened_on: Mapped[date]
    need: Mapped[str] = mapped_column(Text(2000))
    priority: Mapped[int] = mapped_column(default=3)  # rules.PRIORITIES
    zone: Mapped[str] = mapped_column(Text(60), default="")  # for the norm
    estimate: Mapped[int | None] = mapped_column(Money)  # dự toán, đồng; None = not yet reckoned
    builder: Mapped[str] = mapped_column(Text(12), default="self")  # rules.BUILDERS
    builder_name: Mapped[str | None] = mapped_column(Text(200))
    start_by: Mapped[date | None]
    finish_by: Mapped[date | None]
    state: Mapped[str] = mapped_column(Text(12), default="opened")
    head_name: Mapped[str | None] = mapped_column(Text(200))
    address: Mapped[str | None] = mapped_column(Text(400))
    frozen_at: Mapped[datetime | None] = mapped_column(Moment)
    stopped_from: Mapped[str | None] = mapped_column(Text(12))
    stopped_reason: Mapped[str | None] = mapped_column(Text(500))
    shown_name: Mapped[str | None] = mapped_column(
        Text(200)
    )  # on the public page, under consent; None = no name
    consent_by: Mapped[str | None] = mapped_column(Text(200))
    consent_on: Mapped[date | None]
    consent_paper: Mapped[str | None] = mapped_column(Text(300))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment, default=now)

    household: Mapped[Household] = relationship()
    unit: Mapped[Unit] = relationship()
    programme: Mapped[HouseProgramme] = relationship()
    kind: Mapped[HouseKind] = relationship()
    by: Mapped[User | None] = relationship()

    __table_args__ = (Index("ix_house_project_unit_state", "unit_id", "state"),)

    @property
    def head(self) -> str:
        """The head's name as papers print it: frozen, else that of the registry."""
        return self.head_name or self.household.name


class HouseStep(Audited, db.Model):
    """The day on which a project reached a state. What was said wrongly is `undone`, not erased."""

    __tablename__ = "house_step"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("house_project.id"), index=True)
    state: Mapped[str] = mapped_column(Text(12))
    happened_on: Mapped[date]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    undone_at: Mapped[datetime | None] = mapped_column(Moment)
    undone_reason: Mapped[str | None] = mapped_column(Text(500))


class HouseEvent(Audited, db.Model):
    """What happened to a project, in words for people."""

    __tablename__ = "house_event"
    audit_personal = {"text", "note"}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("house_project.id"), index=True)
    text: Mapped[str] = mapped_column(Text(1000))
    note: Mapped[str | None] = mapped_column(Text(1000))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    by_name: Mapped[str] = mapped_column(Text(200))
    at: Mapped[datetime] = mapped_column(Moment, default=now)


class HouseSurvey(Audited, db.Model):
    """Phiếu khảo sát nhà ở, 20 items. `facts` is the household part as it stood that day; a newer one takes its place."""

    __tablename__ = "house_survey"
    audit_personal = {
        "work", "schooling", "priority", "land", "house_state", "circumstances", "need", "team", "conclusion_note",
    }  # fmt: skip
    audit_hidden = {"facts"}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("house_project.id"), index=True)
    surveyed_on: Mapped[date]
    team: Mapped[str] = mapped_column(Text(500))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    work: Mapped[str | None] = mapped_column(Text(200))
    schooling: Mapped[str | None] = mapped_column(Text(100))
    priority: Mapped[str | None] = mapped_column(Text(200))  # diện ưu tiên, chính sách
    land: Mapped[str] = mapped_column(Text(300))  # giấy tờ đất
    house_state: Mapped[str] = mapped_column(Text(1000))
    circumstances: Mapped[str | None] = mapped_column(Text(2000))
    need: Mapped[str] = mapped_column(Text(1000))
    cost: Mapped[int | None] = mapped_column(Money)  # đồng, as the team reckons
    own_share: Mapped[int | None] = mapped_column(Money)  # đồng that the family can bring
    own_days: Mapped[int | None]  # labour days that the family can bring
    conclusion: Mapped[str] = mapped_column(Text(10))  # rules.CONCLUSIONS
    conclusion_note: Mapped[str | None] = mapped_column(Text(1000))
    secretary: Mapped[str | None] = mapped_column(Text(200))
    hamlet_head: Mapped[str | None] = mapped_column(Text(200))
    front_head: Mapped[str | None] = mapped_column(Text(200))
    replaced: Mapped[bool] = mapped_column(default=False)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)


class HousePaper(Audited, db.Model):
    """A paper of the dossier that a requirement asks for: number and day as on it, and where it lies."""

    __tablename__ = "house_paper"
    audit_personal = {"note"}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("house_project.id"), index=True)
    requirement_id: Mapped[int] = mapped_column(ForeignKey("house_requirement.id"))
    number: Mapped[str | None] = mapped_column(Text(100))
    dated: Mapped[date]
    note: Mapped[str | None] = mapped_column(Text(300))
    withdrawn: Mapped[str | None] = mapped_column(Text(300))  # why it no longer counts
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)

    requirement: Mapped[HouseRequirement] = relationship()
