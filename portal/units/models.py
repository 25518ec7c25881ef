"""Administrative units in time: codes are reused, units merge, split and are renamed."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.kit.audit import Audited
from portal.kit.days import EARLIEST
from portal.kit.db import BigKey, Text, db


class Unit(Audited, db.Model):
    """One administrative unit during one span of time. `valid_from` EARLIEST means "always"."""

    __tablename__ = "unit"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    code: Mapped[str] = mapped_column(Text(40))
    name: Mapped[str] = mapped_column(Text(200))
    level: Mapped[str] = mapped_column(Text(60))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    valid_from: Mapped[date] = mapped_column(default=EARLIEST)
    valid_to: Mapped[date | None]

    parent: Mapped[Unit | None] = relationship(remote_side=[id])

    __table_args__ = (db.UniqueConstraint("code", "valid_from"),)


class UnitSuccession(Audited, db.Model):
    """`successor` takes over from `predecessor` on a day; many to many."""

    __tablename__ = "unit_succession"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    predecessor_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    successor_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    on: Mapped[date] = mapped_column("effective_on")

    __table_args__ = (db.UniqueConstraint("predecessor_id", "successor_id"),)


class UnitText(Audited, db.Model):
    """What a unit prints on its papers and pages (issuing body, signers, address …), true during a span of time."""

    __tablename__ = "unit_text"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    key: Mapped[str] = mapped_column(Text(40))
    value: Mapped[str] = mapped_column(Text(500))
    valid_from: Mapped[date] = mapped_column(default=EARLIEST)
    valid_to: Mapped[date | None]

    __table_args__ = (db.UniqueConstraint("unit_id", "key", "valid_from"),)


class PaperForm(Audited, db.Model):
    """The caption a paper carries ("Mẫu số C30-HD") and what it rests on, during a span of time.

    `unit_id` None = for every unit that has no row of its own.
    """

    __tablename__ = "paper_form"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    key: Mapped[str] = mapped_column(Text(40))  # receipt, goods_receipt, goods_issue, stock_card …
    title: Mapped[str] = mapped_column(Text(200))
    caption: Mapped[str] = mapped_column(Text(100), default="")
    basis: Mapped[str] = mapped_column(Text(300), default="")
    valid_from: Mapped[date] = mapped_column(default=EARLIEST)
    valid_to: Mapped[date | None]
