"""Registrations and commitments of units, households and people; whether the latter kept them. Flushes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from portal.emulation import rules_movements as rules
from portal.emulation.actions_movements import check_open
from portal.emulation.models_movements import MovementEntry, MovementRound
from portal.emulation.models_scoring import ScoreLine
from portal.emulation.rules_scoring import SELF
from portal.households.actions_registry import check_stands
from portal.households.models_registry import Household
from portal.kit.checks import check_text
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.vietnamese import fold, nfc
from portal.people.models import User
from portal.units.models import Unit
from portal.units.queries import ended_text


def register_unit(
    one: MovementRound, unit: Unit, values: Mapping[str, Any], *, by: User | None
) -> MovementEntry:
    """A unit takes part: `registered_on`, `commitment`, `representative`, `cluster_id`. Raises Refused at the field."""
    if unit.valid_to is not None and unit.valid_to < values["registered_on"]:
        raise Refused(ended_text(unit), "unit_id")
    entry = _entry(one, rules.UNIT, unit, values, by)
    if _known(one, rules.UNIT, MovementEntry.unit_id == unit.id) is not None:
        raise Refused(f"{unit.name} đã đăng ký kỳ này. Mở đăng ký đó để sửa.", "unit_id")
    entry.at = SELF
    entry.representative = check_text(values.get("representative"), "representative", "người đại diện", 200)
    entry.cluster_id = _cluster(one, values.get("cluster_id"))
    return _kept(entry)


def register_household(
    one: MovementRound, household: Household, values: Mapping[str, Any], *, by: User | None
) -> MovementEntry:
    """A household takes part: `registered_on`, `commitment`. Raises Refused at the field."""
    check_stands(household)
    entry = _entry(one, rules.HOUSEHOLD, household.unit, values, by)
    if _known(one, rules.HOUSEHOLD, MovementEntry.household_id == household.id) is not None:
        raise Refused(f"Hộ {household.name} đã đăng ký kỳ này. Mở đăng ký đó để sửa.", "household")
    entry.household_id, entry.household = household.id, household
    return _kept(entry)


def register_person(
    one: MovementRound, unit: Unit, values: Mapping[str, Any], *, by: User | None
) -> MovementEntry:
    """Somebody of a unit takes part: `person_name`, `person_position`, `registered_on`, `commitment`. Raises Refused."""
    entry = _entry(one, rules.PERSON, unit, values, by)
    _name_person(one, entry, values)
    return _kept(entry)


def _name_person(one: MovementRound, entry: MovementEntry, values: Mapping[str, Any]) -> None:
    name = check_text(values.get("person_name"), "person_name", "họ tên", 200)
    position = nfc(values.get("person_position")) or None
    same_unit = select(MovementEntry).where(
        MovementEntry.round_id == one.id,
        MovementEntry.kind == rules.PERSON,
        MovementEntry.unit_id == entry.unit_id,
        MovementEntry.ended.is_(None),
        MovementEntry.id != (entry.id or 0),
    )
    with db.session.no_autoflush:
        others = db.session.scalars(same_unit).all()
    for other in others:
        if fold(other.person_name) == fold(name) and fold(other.person_position) == fold(position):
            raise Refused(
                f"{name} đã đăng ký kỳ này. Nếu là người khác cùng tên, ghi chức vụ.", "person_name"
            )
    entry.person_name, entry.person_position = name, position


def _entry(
    one: MovementRound, kind: str, unit: Unit, values: Mapping[str, Any], by: User | None
) -> MovementEntry:
    entry = MovementEntry(
        round_id=one.id, round=one, kind=kind, unit_id=unit.id, unit=unit, by_id=by.id if by else None
    )
    with db.session.no_autoflush:
        check_open(one)
        _promise(one, entry, values)
    return entry


def _promise(one: MovementRound, entry: MovementEntry, values: Mapping[str, Any]) -> None:
    day = values["registered_on"]
    rules.check_registered(day, one.register_by, one.starts_on, one.ends_on, today_in_vietnam())
    lines = [nfc(line) for line in (values.get("commitment") or "").splitlines()]
    check_text(" ".join(lines), "commitment", "nội dung cam kết", 2000)
    entry.registered_on, entry.commitment = day, "\n".join(lines).strip()


def _cluster(one: MovementRound, cluster_id: int | None) -> int | None:
    if cluster_id is None:
        return None
    if cluster_id not in {cluster.id for cluster in one.clusters}:
        raise Refused("Cụm này không thuộc kỳ đang ghi. Chọn một cụm trong danh sách.", "cluster_id")
    return cluster_id


def _known(one: MovementRound, kind: str, mine: Any) -> MovementEntry | None:
    wanted = select(MovementEntry).where(MovementEntry.round_id == one.id, MovementEntry.kind == kind, mine)
    with db.session.no_autoflush:
        return db.session.scalar(wanted.where(MovementEntry.ended.is_(None)))


def _kept(entry: MovementEntry) -> MovementEntry:
    db.session.add(entry)
    db.session.flush()
    return entry


def change_entry(entry: MovementEntry, values: Mapping[str, Any]) -> None:
    """Other words of the promise, another day, representative, cluster, name. Raises Refused."""
    check_open(entry.round)
    _check_runs(entry)
    with db.session.no_autoflush:
        _promise(entry.round, entry, values)
        if entry.kind == rules.UNIT:
            told = values.get("representative")
            entry.representative = check_text(told, "representative", "người đại diện", 200)
            entry.cluster_id = _cluster(entry.round, values.get("cluster_id"))
        if entry.kind == rules.PERSON:
            _name_person(entry.round, entry, values)
    db.session.flush()


def withdraw_entry(entry: MovementEntry, *, reason: str) -> None:
    """It no longer takes part; its sheet, if any, is kept. Raises Refused."""
    check_open(entry.round)
    _check_runs(entry)
    entry.ended = reason
    db.session.flush()


def reopen_entry(entry: MovementEntry) -> None:
    """It takes part again. Raises Refused when another registration took its place."""
    check_open(entry.round)
    mine: Any = MovementEntry.unit_id == entry.unit_id
    if entry.kind == rules.HOUSEHOLD:
        mine = MovementEntry.household_id == entry.household_id
    if entry.kind != rules.PERSON and _known(entry.round, entry.kind, mine) is not None:
        raise Refused("Đã có đăng ký khác thay cho đăng ký này. Mở đăng ký đó để sửa.")
    entry.ended = None
    db.session.flush()


def judge_entry(entry: MovementEntry, *, achieved: bool | None, note: str | None, by: User) -> None:
    """Whether a household or a person kept the promise; None = nobody has looked. Raises Refused."""
    check_open(entry.round)
    _check_runs(entry)
    if entry.kind == rules.UNIT:
        raise Refused("Tập thể được chấm bằng phiếu điểm. Mở phiếu chấm của đơn vị.")
    if achieved is False and not nfc(note):
        raise Refused("Chưa ghi vì sao không đạt. Ghi một câu để người đăng ký hiểu.", "note")
    entry.achieved, entry.achieved_note = achieved, nfc(note) or None
    entry.achieved_by_id = by.id if achieved is not None else None
    entry.achieved_on = today_in_vietnam() if achieved is not None else None
    db.session.flush()


def _check_runs(entry: MovementEntry) -> None:
    if entry.ended:
        raise Refused(f"Đăng ký này đã rút: {entry.ended} Mở lại trước khi sửa.")


def line_of(entry: MovementEntry, criterion_id: int) -> ScoreLine:
    """The line of a criterion on a unit's sheet, made when first needed. Flushes."""
    wanted = select(ScoreLine).where(ScoreLine.entry_id == entry.id, ScoreLine.criterion_id == criterion_id)
    line = db.session.scalar(wanted)
    if line is None:
        line = ScoreLine(entry_id=entry.id, entry=entry, criterion_id=criterion_id)
        db.session.add(line)
        db.session.flush()
    return line
