"""Writing the criteria of a year, one by one or from a table. Flushes; the caller commits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from portal.emulation import rules_movements as rules
from portal.emulation.actions_movements import check_open
from portal.emulation.models_movements import MovementCriterion, MovementRound
from portal.emulation.models_scoring import ScoreLine, ScoreMark
from portal.emulation.queries_movements import is_handed_on
from portal.emulation.rules_scoring import format_points
from portal.kit.checks import check_text
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.tables import ABSENT
from portal.kit.vietnamese import nfc

STANDS = "Đã có đơn vị gửi phiếu chấm, nên bảng tiêu chí không thêm, bỏ, đổi điểm được nữa. Trả các phiếu về trước."
FIELDS = ("part", "text", "points", "bonus", "due_on", "needs_evidence")


@dataclass(frozen=True)
class CriterionRow:
    """A criterion as a table brings it; ABSENT leaves a known one's field alone."""

    code: str
    part: Any = ABSENT
    text: Any = ABSENT
    points: Any = ABSENT
    bonus: Any = ABSENT
    due_on: Any = ABSENT
    needs_evidence: Any = ABSENT


def add_criterion(one: MovementRound, values: Mapping[str, Any]) -> MovementCriterion:
    """One more criterion at the end. Raises Refused at the field."""
    check_open(one)
    if is_handed_on(one.id):
        raise Refused(STANDS)
    if len(one.criteria) >= rules.MOST_CRITERIA:
        raise Refused(f"Một kỳ nhiều nhất {rules.MOST_CRITERIA} tiêu chí. Gộp bớt tiêu chí nhỏ.")
    last = max((other.position for other in one.criteria), default=0)
    criterion = MovementCriterion(round_id=one.id, position=last + 1)
    _write(one, criterion, values)
    db.session.add(criterion)
    db.session.flush()
    db.session.expire(one, ["criteria"])
    return criterion


def change_criterion(one: MovementRound, criterion: MovementCriterion, values: Mapping[str, Any]) -> None:
    """Other words, deadline, evidence at any time; code and points only while no sheet was handed on. Raises Refused."""
    check_open(one)
    with db.session.no_autoflush:
        before = criterion.points, criterion.bonus, criterion.code
        _write(one, criterion, values)
        changed = before != (criterion.points, criterion.bonus, criterion.code)
        if changed and is_handed_on(one.id):
            raise Refused(STANDS, "points")
        if changed:
            _check_given(criterion)
    db.session.flush()


def _write(one: MovementRound, criterion: MovementCriterion, values: Mapping[str, Any]) -> None:
    code = rules.check_code(values.get("code"))
    text = check_text(values.get("text"), "text", "nội dung tiêu chí", 1000)
    rules.check_criterion(values, one.starts_on, one.ends_on)
    for other in one.criteria:
        if other.code.lower() == code.lower() and other.id != criterion.id:
            raise Refused(f"Mã “{code}” đã là tiêu chí “{other.text[:60]}”. Đặt mã khác.", "code")
    criterion.code, criterion.text, criterion.part = code, text, nfc(values.get("part"))
    criterion.points, criterion.bonus = values["points"], values.get("bonus") or 0
    criterion.due_on, criterion.needs_evidence = values.get("due_on"), bool(values.get("needs_evidence"))


def _check_given(criterion: MovementCriterion) -> None:
    """No mark that stands is above the new most."""
    rows = select(func.max(ScoreMark.points), func.max(ScoreMark.bonus)).join(ScoreMark.line)
    points, bonus = db.session.execute(rows.where(ScoreLine.criterion_id == criterion.id)).one()
    for given, most, field in ((points, criterion.points, "points"), (bonus, criterion.bonus, "bonus")):
        if given is not None and given > most:
            raise Refused(
                f"Có đơn vị đang được chấm {format_points(given)}, cao hơn {format_points(most)}. Sửa điểm đó trước.",
                field,
            )


def drop_criterion(one: MovementRound, criterion: MovementCriterion) -> None:
    """Take out a criterion that no sheet speaks of. Raises Refused."""
    check_open(one)
    if is_handed_on(one.id):
        raise Refused(STANDS)
    count = db.session.scalar(select(func.count()).where(ScoreLine.criterion_id == criterion.id))
    if count:
        raise Refused(
            f"Tiêu chí {criterion.code} đã có điểm hoặc minh chứng ở {count} phiếu. Giữ lại tiêu chí này."
        )
    db.session.delete(criterion)
    db.session.flush()
    db.session.expire(one, ["criteria"])


def bring_criterion(one: MovementRound, row: CriterionRow) -> str:
    """Bring one criterion up to its row: "new", "changed" or "same". Raises Refused at the field."""
    known = next((other for other in one.criteria if other.code.lower() == row.code.lower()), None)
    given = {name: getattr(row, name) for name in FIELDS if getattr(row, name) is not ABSENT}
    if known is None:
        add_criterion(one, {"code": row.code, **given})
        return "new"
    before = {name: getattr(known, name) for name in FIELDS}
    wanted = {**before, **given}
    wanted["part"], wanted["bonus"] = wanted["part"] or "", wanted["bonus"] or 0
    wanted["needs_evidence"] = bool(wanted["needs_evidence"])
    if wanted == before:
        return "same"
    change_criterion(one, known, {"code": known.code, **wanted})
    return "changed"
