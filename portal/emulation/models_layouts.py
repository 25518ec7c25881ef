"""Layouts of certificates, as data of the whole installation."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.audit import Audited
from portal.kit.days import EARLIEST
from portal.kit.db import BigKey, Text, db


class RewardLayout(Audited, db.Model):
    """Kiểu trình bày: how a certificate stands on A4 landscape (rules_layouts.Look).

    Rewards bear its `key`. Once one does, the row only ends: a change makes the next version under a key of its own,
    so that a certificate prints the same for ever.
    """

    __tablename__ = "reward_layout"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    key: Mapped[str] = mapped_column(Text(20), unique=True)
    name: Mapped[str] = mapped_column(Text(100))
    frame: Mapped[str] = mapped_column(Text(10))
    colour: Mapped[str] = mapped_column(Text(10))
    national: Mapped[bool] = mapped_column(default=False)  # Quốc hiệu, Tiêu ngữ
    heading: Mapped[str] = mapped_column(Text(300), default="")  # lines
    parts: Mapped[str] = mapped_column(Text(100))  # keys from top to bottom, parted by commas
    align: Mapped[str] = mapped_column(Text(10))
    title_size: Mapped[int]  # points
    name_size: Mapped[int]  # points
    sign_place: Mapped[str] = mapped_column(Text(10))
    check_place: Mapped[str] = mapped_column(Text(10))
    position: Mapped[int] = mapped_column(default=100)
    valid_from: Mapped[date] = mapped_column(default=EARLIEST)
    valid_to: Mapped[date | None]
