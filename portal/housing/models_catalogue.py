"""What offices decide about houses, as dated rows: programmes, kinds of work, the papers that each state requires."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.audit import Audited
from portal.kit.days import EARLIEST
from portal.kit.db import BigKey, Text, db


class HouseProgramme(Audited, db.Model):
    """Nhà Đại đoàn kết, nhà tình thương, nhà tình nghĩa …"""

    __tablename__ = "house_programme"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    name: Mapped[str] = mapped_column(Text(100))
    position: Mapped[int] = mapped_column(default=100)
    valid_from: Mapped[date] = mapped_column(default=EARLIEST)
    valid_to: Mapped[date | None]


class HouseKind(Audited, db.Model):
    """Xây mới, sửa chữa … `counts_as`: rules.BUILT or REPAIRED; `hard`: the check must find foundation, roof, walls hard."""

    __tablename__ = "house_kind"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    name: Mapped[str] = mapped_column(Text(100))
    counts_as: Mapped[str] = mapped_column(Text(10))
    norm_subject: Mapped[str] = mapped_column(Text(200), default="")  # as SupportNorm.subject
    hard: Mapped[bool] = mapped_column(default=False)
    commitment: Mapped[str] = mapped_column(Text(2000), default="")  # of the hand-over minutes
    position: Mapped[int] = mapped_column(default=100)
    valid_from: Mapped[date] = mapped_column(default=EARLIEST)
    valid_to: Mapped[date | None]


class HouseRequirement(Audited, db.Model):
    """A paper that must be there before a project reaches `step`. `source`: only where money of that kind is in it.

    `evidence`: rules.EVIDENCE; what the portal itself shows, or "filed": somebody names the paper of the dossier.
    """

    __tablename__ = "house_requirement"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    name: Mapped[str] = mapped_column(Text(200))
    step: Mapped[str] = mapped_column(Text(12))
    source: Mapped[str] = mapped_column(Text(10), default="")  # "" = always
    evidence: Mapped[str] = mapped_column(Text(12), default="filed")
    position: Mapped[int] = mapped_column(default=100)
    valid_from: Mapped[date] = mapped_column(default=EARLIEST)
    valid_to: Mapped[date | None]
