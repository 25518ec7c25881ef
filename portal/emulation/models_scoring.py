"""Score sheets: marks of each step, evidence, who handed on what and when; rankings frozen when published."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.emulation.models_movements import MovementCriterion, MovementEntry, MovementRound
from portal.files.models import StoredFile
from portal.kit.audit import Audited
from portal.kit.db import BigKey, Moment, Text, db, now
from portal.kit.numbers import Versioned
from portal.people.models import User
from portal.units.models import Unit


class ScoreLine(Audited, db.Model):
    """A criterion on a unit's sheet; there from the first mark or the first piece of evidence."""

    __tablename__ = "score_line"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("movement_entry.id"))
    criterion_id: Mapped[int] = mapped_column(ForeignKey("movement_criterion.id"), index=True)

    entry: Mapped[MovementEntry] = relationship()
    criterion: Mapped[MovementCriterion] = relationship()
    marks: Mapped[list[ScoreMark]] = relationship(back_populates="line")
    papers: Mapped[list[ScorePaper]] = relationship(order_by="ScorePaper.id", viewonly=True)

    __table_args__ = (db.UniqueConstraint("entry_id", "criterion_id"),)


class ScoreMark(Audited, db.Model):
    """What one step gives for a criterion, hundredths of a point. None = nobody has scored; 0 is a score."""

    __tablename__ = "score_mark"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("score_line.id"))
    step: Mapped[str] = mapped_column(Text(10))
    points: Mapped[int | None]
    bonus: Mapped[int | None]
    note: Mapped[str | None] = mapped_column(Text(500))
    first_on: Mapped[date | None]  # the day of the first score, for the deadline
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)

    line: Mapped[ScoreLine] = relationship(back_populates="marks")
    by: Mapped[User | None] = relationship()

    __table_args__ = (
        db.UniqueConstraint("line_id", "step"),
        db.CheckConstraint("points >= 0 AND bonus >= 0", name="not_negative"),
    )


class ScorePaper(Audited, db.Model):
    """A PDF brought as evidence, as it is; pictures lie in the album of the line."""

    __tablename__ = "score_paper"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("score_line.id"))
    file_sha: Mapped[str] = mapped_column(ForeignKey("stored_file.sha256"), index=True)
    name: Mapped[str] = mapped_column(Text(200))
    pages: Mapped[int]
    withdrawn: Mapped[str | None] = mapped_column(Text(300))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)

    file: Mapped[StoredFile] = relationship()
    by: Mapped[User | None] = relationship()

    __table_args__ = (Index("ix_score_paper_line", "line_id", "file_sha"),)


class ScoreStep(Audited, db.Model):
    """A sheet was handed on from `step`, or returned from it to `to_step`. `void`: a return came after it."""

    __tablename__ = "score_step"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("movement_entry.id"), index=True)
    step: Mapped[str] = mapped_column(Text(10))
    to_step: Mapped[str] = mapped_column(Text(10))
    returned: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str | None] = mapped_column(Text(500))
    points: Mapped[int | None]  # the total handed on, hundredths, with bonus
    void: Mapped[bool] = mapped_column(default=False)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    by_name: Mapped[str] = mapped_column(Text(200))
    at: Mapped[datetime] = mapped_column(Moment, default=now)


class Ranking(Audited, Versioned, db.Model):
    """The published ranking of a round: true from one number of the books until it is taken back."""

    __tablename__ = "movement_ranking"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("movement_round.id"), index=True)
    published_on: Mapped[date]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    by_name: Mapped[str] = mapped_column(Text(200))
    most: Mapped[int]  # hundredths that could be reached without bonus
    withdrawn: Mapped[str | None] = mapped_column(Text(500))
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    round: Mapped[MovementRound] = relationship()
    rows: Mapped[list[RankRow]] = relationship(order_by="RankRow.place, RankRow.id", viewonly=True)


class RankRow(db.Model):
    """A unit in a published ranking, with its names of that day. Comes with its ranking, never changed."""

    __tablename__ = "movement_rank"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    ranking_id: Mapped[int] = mapped_column(ForeignKey("movement_ranking.id"), index=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("movement_entry.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    unit_name: Mapped[str] = mapped_column(Text(200))
    cluster_name: Mapped[str] = mapped_column(Text(200), default="")
    points: Mapped[int]  # hundredths, without bonus
    bonus: Mapped[int]
    place: Mapped[int]
    place_in_cluster: Mapped[int | None]
    class_name: Mapped[str | None] = mapped_column(Text(100))

    unit: Mapped[Unit] = relationship()

    @property
    def total(self) -> int:
        """Hundredths with bonus: what ranks are made of."""
        return self.points + self.bonus
