"""How a house ends: completion checks, minutes of money and house; and houses of the past."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.households.models_registry import Household
from portal.housing.models import HouseProject
from portal.housing.models_catalogue import HouseKind, HouseProgramme
from portal.kit.audit import Audited
from portal.kit.db import BigKey, Moment, Money, Text, db, now
from portal.people.models import User
from portal.units.models import Unit


class HouseCheck(Audited, db.Model):
    """Biên bản kiểm tra hoàn thành. `state`: prepared → signed → void. Frozen when signed: value and sources.

    `area` in hundredths of m². `sources`: [name, đồng] each; their sum is `total`.
    """

    __tablename__ = "house_check"
    audit_personal = {"board", "commune", "front", "hamlet_one", "hamlet_two", "hamlet_three", "remark"}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("house_project.id"), index=True)
    checked_on: Mapped[date]
    board: Mapped[str | None] = mapped_column(Text(200))  # Ban chỉ đạo
    commune: Mapped[str | None] = mapped_column(Text(200))  # UBND
    front: Mapped[str | None] = mapped_column(Text(200))  # MTTQ
    hamlet_one: Mapped[str | None] = mapped_column(Text(200))
    hamlet_two: Mapped[str | None] = mapped_column(Text(200))
    hamlet_three: Mapped[str | None] = mapped_column(Text(200))
    area: Mapped[int | None]
    hard_foundation: Mapped[bool] = mapped_column(default=False)
    hard_roof: Mapped[bool] = mapped_column(default=False)
    hard_walls: Mapped[bool] = mapped_column(default=False)
    passed: Mapped[bool]
    remark: Mapped[str | None] = mapped_column(Text(1000))
    total: Mapped[int | None] = mapped_column(Money)
    sources: Mapped[list[Any] | None] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(Text(10), default="prepared")
    void_reason: Mapped[str | None] = mapped_column(Text(500))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    signed_at: Mapped[datetime | None] = mapped_column(Moment)

    project: Mapped[HouseProject] = relationship()


class HouseHandover(Audited, db.Model):
    """Biên bản bàn giao tiền (`what` money) or nhà (house). `state`: prepared → signed → void."""

    __tablename__ = "house_handover"
    audit_personal = {"giver_name", "receiver_name", "receiver_relation", "witness", "place"}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("house_project.id"), index=True)
    what: Mapped[str] = mapped_column(Text(6))
    handed_on: Mapped[date]
    place: Mapped[str] = mapped_column(Text(300), default="")
    giver_name: Mapped[str] = mapped_column(Text(200))
    giver_position: Mapped[str] = mapped_column(Text(200), default="")
    receiver_name: Mapped[str] = mapped_column(Text(200))
    receiver_relation: Mapped[str | None] = mapped_column(Text(100))  # to the head; None = the head
    witness: Mapped[str | None] = mapped_column(Text(200))
    commitment: Mapped[str] = mapped_column(Text(2000), default="")
    amount: Mapped[int | None] = mapped_column(
        Money
    )  # at the signing: money handed over, or the house's value
    state: Mapped[str] = mapped_column(Text(10), default="prepared")
    void_reason: Mapped[str | None] = mapped_column(Text(500))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    signed_at: Mapped[datetime | None] = mapped_column(Moment)

    project: Mapped[HouseProject] = relationship()
    signed_by: Mapped[User | None] = relationship(foreign_keys=[signed_by_id])
    papers: Mapped[list[HouseHandoverPaper]] = relationship()


class HouseHandoverPaper(Audited, db.Model):
    """A payment that signed minutes of money hand over."""

    __tablename__ = "house_handover_paper"

    handover_id: Mapped[int] = mapped_column(
        ForeignKey("house_handover.id"), primary_key=True, autoincrement=False
    )
    posting_number: Mapped[int] = mapped_column(
        ForeignKey("ledger_posting.number"), primary_key=True, autoincrement=False, index=True
    )


class HousePast(Audited, db.Model):
    """Houses handed over before the portal kept them: one (`count` 1, with its day) or a total of a period.

    `ordinal`: the n-th row with the same identity, so that two alike houses are two.
    """

    __tablename__ = "house_past"
    audit_personal = {"head_name", "address", "note"}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    programme_id: Mapped[int] = mapped_column(ForeignKey("house_programme.id"))
    kind_id: Mapped[int] = mapped_column(ForeignKey("house_kind.id"))
    household_id: Mapped[int | None] = mapped_column(ForeignKey("household.id"), index=True)
    head_name: Mapped[str] = mapped_column(Text(200), default="")  # "" = a total
    head_key: Mapped[str] = mapped_column(Text(200), default="")  # folded
    address: Mapped[str | None] = mapped_column(Text(300))
    starts_on: Mapped[date]  # of one house: the day of the hand-over
    ends_on: Mapped[date]
    ordinal: Mapped[int] = mapped_column(default=1)
    count: Mapped[int] = mapped_column(default=1)
    cost_fund: Mapped[int | None] = mapped_column(Money)
    cost_outside: Mapped[int | None] = mapped_column(Money)
    cost: Mapped[int | None] = mapped_column(Money)
    area: Mapped[int | None]
    note: Mapped[str | None] = mapped_column(Text(500))
    withdrawn: Mapped[bool] = mapped_column(default=False)
    recorded_at: Mapped[datetime] = mapped_column(Moment, default=now)

    unit: Mapped[Unit] = relationship()
    programme: Mapped[HouseProgramme] = relationship()
    kind: Mapped[HouseKind] = relationship()
    household: Mapped[Household | None] = relationship()

    __table_args__ = (
        db.CheckConstraint("count > 0", name="positive"),
        db.CheckConstraint("starts_on <= ends_on", name="in_order"),
        Index("ix_house_past_unit", "unit_id", "ends_on"),
    )

    @property
    def whole_cost(self) -> int | None:
        """The cost as it was told, else the sum of its two parts; None where neither is known."""
        known = [amount for amount in (self.cost_fund, self.cost_outside) if amount is not None]
        return self.cost if self.cost is not None else sum(known) if known else None
