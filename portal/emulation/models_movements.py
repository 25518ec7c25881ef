"""Emulation movements: their years with criteria, clusters and classes; who takes part and what was promised."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.households.models_registry import Household
from portal.kit.audit import Audited
from portal.kit.db import BigKey, Moment, Text, db, now
from portal.people.models import User
from portal.units.models import Unit


class Movement(Audited, db.Model):
    """Phong trào thi đua, led by a unit. `aliases`: other names of the same movement, a line each."""

    __tablename__ = "movement"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)  # None: everywhere
    name: Mapped[str] = mapped_column(Text(300))
    aliases: Mapped[str] = mapped_column(Text(1000), default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    basis: Mapped[str] = mapped_column(Text(500), default="")
    note: Mapped[str] = mapped_column(Text(1000), default="")

    unit: Mapped[Unit | None] = relationship()

    @property
    def other_names(self) -> list[str]:
        """The aliases, one by one."""
        return [line for line in self.aliases.splitlines() if line]


class MovementRound(Audited, db.Model):
    """One year (kỳ chấm điểm) of a movement in the unit that judges it, with criteria, clusters and classes."""

    __tablename__ = "movement_round"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    movement_id: Mapped[int] = mapped_column(ForeignKey("movement.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    code: Mapped[str] = mapped_column(Text(40), unique=True)
    name: Mapped[str] = mapped_column(Text(200))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    register_by: Mapped[date | None]
    basis: Mapped[str] = mapped_column(Text(500), default="")
    council: Mapped[str] = mapped_column(Text(200), default="")  # "Hội đồng Thi đua – Khen thưởng tỉnh"

    movement: Mapped[Movement] = relationship()
    unit: Mapped[Unit] = relationship()
    criteria: Mapped[list[MovementCriterion]] = relationship(
        order_by="MovementCriterion.position, MovementCriterion.id", viewonly=True
    )
    clusters: Mapped[list[MovementCluster]] = relationship(
        order_by="MovementCluster.position, MovementCluster.id", viewonly=True
    )
    classes: Mapped[list[MovementClass]] = relationship(
        order_by="MovementClass.least.desc(), MovementClass.id", viewonly=True
    )


class MovementCluster(Audited, db.Model):
    """Cụm thi đua: units compared with each other."""

    __tablename__ = "movement_cluster"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("movement_round.id"), index=True)
    name: Mapped[str] = mapped_column(Text(200))
    position: Mapped[int] = mapped_column(default=100)


class MovementClass(Audited, db.Model):
    """Mức xếp loại: whoever has at least so many points (hundredths), unless a higher one fits."""

    __tablename__ = "movement_class"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("movement_round.id"), index=True)
    name: Mapped[str] = mapped_column(Text(100))
    least: Mapped[int]


class MovementCriterion(Audited, db.Model):
    """Tiêu chí with its most points and most bonus (hundredths), its deadline and whether it needs evidence."""

    __tablename__ = "movement_criterion"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("movement_round.id"))
    code: Mapped[str] = mapped_column(Text(20))  # "1.2"
    part: Mapped[str] = mapped_column(Text(200), default="")  # "I. Tuyên truyền, vận động"
    text: Mapped[str] = mapped_column(Text(1000))
    points: Mapped[int]
    bonus: Mapped[int] = mapped_column(default=0)
    due_on: Mapped[date | None]
    needs_evidence: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=100)

    round: Mapped[MovementRound] = relationship(viewonly=True)

    __table_args__ = (
        db.UniqueConstraint("round_id", "code"),
        db.CheckConstraint("points > 0 AND bonus >= 0", name="points"),
    )


class MovementEntry(Audited, db.Model):
    """Đăng ký thi đua of a unit, a household or a person (`kind`: rules_movements.KINDS), with the commitment.

    Units are scored: `at` is the step where their sheet lies (rules_scoring). Households and people are only
    judged: `achieved` None = nobody has looked yet.
    """

    __tablename__ = "movement_entry"
    audit_personal = {"person_name", "commitment", "representative"}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("movement_round.id"))
    kind: Mapped[str] = mapped_column(Text(10))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # which takes part, or whose it is
    household_id: Mapped[int | None] = mapped_column(ForeignKey("household.id"), index=True)
    person_name: Mapped[str | None] = mapped_column(Text(200))
    person_position: Mapped[str | None] = mapped_column(Text(200))
    cluster_id: Mapped[int | None] = mapped_column(ForeignKey("movement_cluster.id"))
    registered_on: Mapped[date]
    representative: Mapped[str] = mapped_column(Text(200), default="")  # who signed for a unit
    commitment: Mapped[str] = mapped_column(Text(2000))
    at: Mapped[str | None] = mapped_column(Text(10))
    achieved: Mapped[bool | None]
    achieved_note: Mapped[str | None] = mapped_column(Text(500))
    achieved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    achieved_on: Mapped[date | None]
    ended: Mapped[str | None] = mapped_column(Text(500))  # why it was withdrawn
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment, default=now)

    round: Mapped[MovementRound] = relationship()
    unit: Mapped[Unit] = relationship()
    household: Mapped[Household | None] = relationship()
    cluster: Mapped[MovementCluster | None] = relationship()
    by: Mapped[User | None] = relationship(foreign_keys=[by_id])
    achieved_by: Mapped[User | None] = relationship(foreign_keys=[achieved_by_id])

    __table_args__ = (Index("ix_movement_entry_round", "round_id", "unit_id"),)
