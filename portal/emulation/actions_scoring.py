"""Scoring a sheet: marks of the present step, evidence, handing on, returning to a named step. Flushes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import select

from portal.emulation import rules_scoring as rules
from portal.emulation.actions_movements import check_open
from portal.emulation.actions_registrations import line_of
from portal.emulation.models_movements import MovementCriterion, MovementEntry
from portal.emulation.models_scoring import ScoreLine, ScoreMark, ScorePaper, ScoreStep
from portal.emulation.queries_movements import steps_of
from portal.emulation.queries_scoring import Sheet, sheet_of
from portal.emulation.rules_movements import UNIT
from portal.emulation.rules_scoring import DONE, SELF, STEPS, Limit, Mark
from portal.files.papers import ReadyPaper, keep_paper
from portal.kit.days import today_in_vietnam
from portal.kit.db import db, now
from portal.kit.errors import Refused
from portal.kit.vietnamese import nfc
from portal.people.models import User


class Typed(NamedTuple):
    """What was typed for a criterion: hundredths, None = not scored."""

    points: int | None
    bonus: int | None
    note: str | None


def field_of(criterion_id: int, name: str) -> str:
    """The name of a cell of the grid: "c12_points"."""
    return f"c{criterion_id}_{name}"


def check_here(entry: MovementEntry) -> str:
    """The step at which the sheet lies and may be written. Raises Refused."""
    check_open(entry.round)
    if entry.kind != UNIT or entry.at is None:
        raise Refused("Chỉ tập thể có phiếu chấm điểm. Hộ và cá nhân được xét đạt hay không đạt.")
    if entry.ended:
        raise Refused("Đơn vị đã rút đăng ký. Mở lại đăng ký trước khi chấm.")
    if entry.at == DONE:
        raise Refused("Phiếu đã chấm xong. Trả về một bước nếu cần chấm lại.")
    return entry.at


def save_marks(entry: MovementEntry, typed: Mapping[int, Typed], *, by: User) -> int:
    """Write what the present step gives; returns how many criteria changed. Raises Refused at a cell."""
    step = check_here(entry)
    criteria = {one.id: one for one in entry.round.criteria}
    changed = 0
    for criterion_id, told in typed.items():
        criterion = criteria.get(criterion_id)
        if criterion is None:
            raise Refused("Bảng tiêu chí vừa được sửa. Tải lại trang rồi chấm tiếp.")
        changed += _save(entry, step, criterion, told, by)
    db.session.flush()
    return changed


def _save(entry: MovementEntry, step: str, criterion: MovementCriterion, told: Typed, by: User) -> bool:
    rules.check_mark(
        Mark(told.points, told.bonus),
        Limit(criterion.points, criterion.bonus),
        points_field=field_of(criterion.id, "points"),
        bonus_field=field_of(criterion.id, "bonus"),
    )
    note = nfc(told.note) or None
    wanted = (
        select(ScoreMark)
        .join(ScoreMark.line)
        .where(ScoreLine.entry_id == entry.id, ScoreLine.criterion_id == criterion.id, ScoreMark.step == step)
    )
    mark = db.session.scalar(wanted)
    if mark is None and told.points is None and told.bonus is None and note is None:
        return False
    if mark is None:
        mark = ScoreMark(line_id=line_of(entry, criterion.id).id, step=step)
        db.session.add(mark)
    elif (mark.points, mark.bonus, mark.note) == (told.points, told.bonus, note):
        return False
    mark.points, mark.bonus, mark.note = told.points, told.bonus, note
    if mark.points is not None and mark.first_on is None:
        mark.first_on = today_in_vietnam()
    mark.by_id, mark.at = by.id, now()
    return True


def take_over(entry: MovementEntry, *, by: User) -> int:
    """Give every criterion that this step has not scored what the step before gave; returns how many. Raises Refused."""
    step = check_here(entry)
    sheet = sheet_of(entry)
    at = sheet.steps.index(step)
    if at == 0:
        raise Refused("Bước tự chấm không có điểm của bước trước. Đơn vị tự ghi điểm.")
    before = sheet.steps[at - 1]
    open_rows = [row for row in sheet.rows if row.mark(step).points is None]
    typed = {
        row.criterion.id: Typed(row.mark(before).points, row.mark(before).bonus, row.note(step))
        for row in open_rows
    }
    return save_marks(entry, typed, by=by)


def hand_on(entry: MovementEntry, *, by: User, note: str | None = None) -> str:
    """The sheet goes to the next step; returns that step. Raises Refused: unscored, without evidence, same person."""
    step = check_here(entry)
    sheet = sheet_of(entry)
    total = sheet.total(step)
    rules.check_complete(total)
    if step == SELF:
        _check_proven(sheet)
    _check_other_person(sheet, step, by)
    entry.at = rules.next_step(sheet.steps, step)
    db.session.add(
        ScoreStep(
            entry_id=entry.id,
            step=step,
            to_step=entry.at,
            note=nfc(note) or None,
            points=total.sum,
            by_id=by.id,
            by_name=by.name,
        )
    )
    db.session.flush()
    return entry.at


def _check_proven(sheet: Sheet) -> None:
    bare = [
        row.criterion.code
        for row in sheet.rows
        if row.criterion.needs_evidence and row.mark(SELF).points and not row.evidence
    ]
    if bare:
        raise Refused(
            f"Tiêu chí {', '.join(bare)} có điểm mà chưa có minh chứng. Thêm tệp, hoặc chấm 0 điểm."
        )
    for row in sheet.rows:
        if row.is_late() and not row.note(SELF):
            assert row.criterion.due_on is not None
            raise Refused(rules.late_text(row.criterion.code, row.criterion.due_on))


def _check_other_person(sheet: Sheet, step: str, by: User) -> None:
    at = sheet.steps.index(step)
    before = sheet.passed.get(sheet.steps[at - 1]) if at else None
    if before is not None and before.by_id == by.id:
        raise Refused(
            f"Bước “{STEPS[before.step]}” cũng do {by.name} gửi. Mỗi bước một người: nhờ người khác xem và gửi."
        )


def send_back(entry: MovementEntry, *, to: str | None, reason: str, by: User) -> None:
    """Back to a named step, with a reason: that step and all after it begin anew, their marks stay. Raises Refused."""
    check_open(entry.round)
    if entry.kind != UNIT or entry.at is None or entry.ended:
        raise Refused("Đơn vị không có phiếu đang chấm. Mở lại đăng ký trước.")
    steps = steps_of(entry.round)
    target = rules.check_return(steps, entry.at, to)
    again = steps[steps.index(target) :]
    wanted = select(ScoreStep).where(ScoreStep.entry_id == entry.id, ScoreStep.void.is_(False))
    for one in db.session.scalars(wanted.where(ScoreStep.returned.is_(False), ScoreStep.step.in_(again))):
        one.void = True
    told = ScoreStep(
        entry_id=entry.id,
        step=entry.at,
        to_step=target,
        returned=True,
        note=reason,
        by_id=by.id,
        by_name=by.name,
    )
    db.session.add(told)
    entry.at = target
    db.session.flush()


def add_paper(line: ScoreLine, made: ReadyPaper, *, name: str, by: User) -> ScorePaper:
    """A PDF that proves a criterion; the same bytes once more are the paper that is there already. Raises Refused."""
    check_evidence(line.entry)
    wanted = select(ScorePaper).where(ScorePaper.line_id == line.id, ScorePaper.file_sha == made.sha256)
    known = db.session.scalar(wanted.where(ScorePaper.withdrawn.is_(None)))
    if known is not None:
        return known
    paper = ScorePaper(
        line_id=line.id, file_sha=keep_paper(made), name=name[:200], pages=made.pages, by_id=by.id
    )
    db.session.add(paper)
    db.session.flush()
    return paper


def withdraw_paper(paper: ScorePaper, line: ScoreLine, *, reason: str) -> None:
    """It no longer proves anything; the file stays in the store. Raises Refused."""
    check_evidence(line.entry)
    paper.withdrawn = reason
    db.session.flush()


def check_evidence(entry: MovementEntry) -> None:
    """Evidence is brought while the unit scores itself; a judge who needs more returns the sheet. Raises Refused."""
    if check_here(entry) != SELF:
        raise Refused("Phiếu đã gửi lên trên. Nhờ cấp đang chấm trả về bước tự chấm, rồi bổ sung minh chứng.")
