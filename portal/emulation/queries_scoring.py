"""Reading score sheets: criteria with the marks of each step and evidence, totals, who handed on what; standings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.exceptions import NotFound

from portal.emulation import rules_scoring as rules
from portal.emulation.models_movements import MovementCriterion, MovementEntry, MovementRound
from portal.emulation.models_scoring import ScoreLine, ScoreMark, ScorePaper, ScoreStep
from portal.emulation.queries_movements import entry_or_404, steps_of
from portal.emulation.rules_movements import UNIT
from portal.emulation.rules_scoring import DONE, Mark, Total
from portal.files.models import Picture, PictureLink
from portal.kit.db import db
from portal.people.models import User
from portal.units.models import Unit

ALBUM = "score_line"  # the kind of a line in files.album


@dataclass(frozen=True)
class Row:
    """A criterion on a sheet: the mark of each step by its key, and how many files prove it."""

    criterion: MovementCriterion
    marks: dict[str, ScoreMark]
    line_id: int | None = None
    evidence: int = 0

    def mark(self, step: str) -> Mark:
        """Points and bonus of a step; None = not scored."""
        found = self.marks.get(step)
        return Mark(found.points, found.bonus) if found else Mark()

    def note(self, step: str) -> str:
        """What the step wrote beside it."""
        found = self.marks.get(step)
        return (found.note if found else None) or ""

    def is_late(self) -> bool:
        """Whether the unit first scored itself after the deadline."""
        found = self.marks.get(rules.SELF)
        return rules.is_late(found.first_on if found else None, self.criterion.due_on)


@dataclass(frozen=True)
class Sheet:
    """A unit's sheet: rows in the order of the criteria, steps, what was handed on, the newest change."""

    entry: MovementEntry
    steps: tuple[str, ...]
    rows: list[Row]
    passed: dict[str, ScoreStep] = field(default_factory=dict)
    history: list[ScoreStep] = field(default_factory=list)

    def total(self, step: str, rows: Sequence[Row] | None = None) -> Total:
        """What a step comes to, of the whole sheet or of some rows."""
        wanted = self.rows if rows is None else rows
        marks = {row.criterion.id: row.mark(step) for row in wanted}
        return rules.total_of(marks, marks)

    @property
    def parts(self) -> list[tuple[str, list[Row]]]:
        """The rows by part, in order."""
        return [(part, list(rows)) for part, rows in groupby(self.rows, key=lambda row: row.criterion.part)]

    @property
    def most(self) -> int:
        """Hundredths that can be reached without bonus."""
        return sum(row.criterion.points for row in self.rows)

    @property
    def most_bonus(self) -> int:
        """Hundredths of bonus that can be reached."""
        return sum(row.criterion.bonus for row in self.rows)

    @property
    def thresholds(self) -> dict[str, int]:
        """Class → least total."""
        return {kind.name: kind.least for kind in self.entry.round.classes}


def sheet_of(entry: MovementEntry) -> Sheet:
    """The whole sheet of a unit. Seven statements, whatever its length."""
    lines = select(ScoreLine).where(ScoreLine.entry_id == entry.id)
    loaded = selectinload(ScoreLine.marks).joinedload(ScoreMark.by)
    known = {line.criterion_id: line for line in db.session.scalars(lines.options(loaded))}
    files = evidence_counts([line.id for line in known.values()])
    rows = []
    for criterion in entry.round.criteria:
        line = known.get(criterion.id)
        marks = {mark.step: mark for mark in line.marks} if line else {}
        rows.append(Row(criterion, marks, line.id if line else None, files.get(line.id, 0) if line else 0))
    history = list(
        db.session.scalars(select(ScoreStep).where(ScoreStep.entry_id == entry.id).order_by(ScoreStep.id))
    )
    passed = {one.step: one for one in history if not one.returned and not one.void}
    return Sheet(entry, steps_of(entry.round), rows, passed, history)


def evidence_counts(line_ids: Sequence[int]) -> dict[int, int]:
    """Pictures and PDFs of each line that are not withdrawn. Two statements."""
    if not line_ids:
        return {}
    found: dict[int, int] = defaultdict(int)
    pictures = select(PictureLink.subject_id, func.count()).join(PictureLink.picture)
    pictures = pictures.where(PictureLink.kind == ALBUM, Picture.withdrawn.is_(None))
    pictures = pictures.where(PictureLink.subject_id.in_(line_ids)).group_by(PictureLink.subject_id)
    papers = select(ScorePaper.line_id, func.count()).where(ScorePaper.withdrawn.is_(None))
    papers = papers.where(ScorePaper.line_id.in_(line_ids)).group_by(ScorePaper.line_id)
    for rows in (pictures, papers):
        for line_id, count in db.session.execute(rows):
            found[line_id] += int(count)
    return found


def line_or_404(line_id: int, *, for_user: User) -> ScoreLine:
    """A line of a sheet of the person's units. Raises NotFound."""
    line = db.session.scalar(
        select(ScoreLine).where(ScoreLine.id == line_id).options(joinedload(ScoreLine.criterion))
    )
    if line is None:
        raise NotFound
    entry_or_404(line.entry_id, for_user=for_user)
    return line


def paper_or_404(line: ScoreLine, paper_id: int) -> ScorePaper:
    """A PDF of this line that is not withdrawn. Raises NotFound."""
    wanted = select(ScorePaper).where(ScorePaper.id == paper_id, ScorePaper.line_id == line.id)
    found = db.session.scalar(wanted.where(ScorePaper.withdrawn.is_(None)))
    if found is None:
        raise NotFound
    return found


def papers_of(line_id: int | None) -> list[ScorePaper]:
    """The PDFs of a line that are not withdrawn."""
    if line_id is None:
        return []
    wanted = select(ScorePaper).where(ScorePaper.line_id == line_id, ScorePaper.withdrawn.is_(None))
    return list(db.session.scalars(wanted.options(joinedload(ScorePaper.by)).order_by(ScorePaper.id)))


def changed_since(entry: MovementEntry, moment: datetime | None, *, but: User) -> list[str]:
    """Names of others who changed marks after a moment."""
    wanted = select(User.name).join(ScoreMark, ScoreMark.by_id == User.id).join(ScoreMark.line)
    wanted = wanted.where(ScoreLine.entry_id == entry.id, User.id != but.id)
    if moment is not None:
        wanted = wanted.where(ScoreMark.at > moment)
    return list(db.session.scalars(wanted.distinct().order_by(User.name)))


@dataclass(frozen=True)
class Standing:
    """A unit in a ranking, hundredths; `place_in_cluster` None without a cluster."""

    entry: MovementEntry
    unit: Unit
    points: int
    bonus: int
    place: int
    place_in_cluster: int | None
    class_name: str | None

    @property
    def total(self) -> int:
        """With bonus."""
        return self.points + self.bonus

    @property
    def unit_name(self) -> str:
        """As it is called today."""
        return self.unit.name

    @property
    def cluster_name(self) -> str:
        """ "" without a cluster."""
        return self.entry.cluster.name if self.entry.cluster else ""


def standings(one: MovementRound) -> tuple[list[Standing], list[MovementEntry]]:
    """(units whose sheets are done, by place; units whose sheets are not). A fixed number of statements."""
    wanted = select(MovementEntry).where(
        MovementEntry.round_id == one.id, MovementEntry.kind == UNIT, MovementEntry.ended.is_(None)
    )
    loaded = joinedload(MovementEntry.unit), joinedload(MovementEntry.cluster)
    entries = list(db.session.scalars(wanted.options(*loaded).order_by(MovementEntry.id)))
    done = [entry for entry in entries if entry.at == DONE]
    sums = _sums([entry.id for entry in done], steps_of(one)[-1])
    totals = {entry.id: sum(sums.get(entry.id, (0, 0))) for entry in done}
    places = rules.ranks(totals)
    in_cluster: dict[int, int] = {}
    for cluster_id in {entry.cluster_id for entry in done if entry.cluster_id is not None}:
        in_cluster |= rules.ranks({e.id: totals[e.id] for e in done if e.cluster_id == cluster_id})
    thresholds = {kind.name: kind.least for kind in one.classes}
    found = [
        Standing(
            entry,
            entry.unit,
            *sums.get(entry.id, (0, 0)),
            places[entry.id],
            in_cluster.get(entry.id),
            rules.class_of(totals[entry.id], thresholds),
        )
        for entry in done
    ]
    return sorted(found, key=lambda row: (row.place, row.unit.name)), [e for e in entries if e.at != DONE]


def _sums(entry_ids: Sequence[int], step: str) -> dict[int, tuple[int, int]]:
    columns: tuple[Any, ...] = (
        ScoreLine.entry_id,
        func.coalesce(func.sum(ScoreMark.points), 0),
        func.coalesce(func.sum(ScoreMark.bonus), 0),
    )
    rows = select(*columns).join(ScoreMark, ScoreMark.line_id == ScoreLine.id)
    rows = rows.where(ScoreLine.entry_id.in_(entry_ids), ScoreMark.step == step).group_by(ScoreLine.entry_id)
    return {row[0]: (int(row[1]), int(row[2])) for row in db.session.execute(rows)}
