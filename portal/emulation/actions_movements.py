"""Writing movements, their years, clusters and classes. Flushes; the caller commits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select

from portal.emulation import rules_movements as rules
from portal.emulation.models_movements import (
    Movement,
    MovementClass,
    MovementCluster,
    MovementCriterion,
    MovementEntry,
    MovementRound,
)
from portal.emulation.queries_movements import is_published
from portal.kit.checks import check_text
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.vietnamese import fold, nfc
from portal.units.models import Unit

PUBLISHED = "Kết quả kỳ này đã công bố nên không sửa được nữa. Thu hồi bảng xếp hạng trước, nếu cần sửa."


def check_open(one: MovementRound) -> None:
    """Nothing of a year changes while its ranking is published. Raises Refused."""
    if is_published(one.id):
        raise Refused(PUBLISHED)


def add_movement(unit: Unit, values: Mapping[str, Any]) -> Movement:
    """A movement of a unit: `name`, `aliases` (lines), `starts_on`, `ends_on`, `basis`, `note`. Raises Refused."""
    movement = Movement(unit_id=unit.id)
    _write_movement(movement, values)
    db.session.add(movement)
    db.session.flush()
    return movement


def change_movement(movement: Movement, values: Mapping[str, Any]) -> None:
    """Other names, period or basis. Years and papers name the movement as it is called now. Raises Refused."""
    _write_movement(movement, values)
    db.session.flush()


def _write_movement(movement: Movement, values: Mapping[str, Any]) -> None:
    name = check_text(values.get("name"), "name", "tên phong trào", 300)
    aliases = rules.alias_lines(name, values.get("aliases"))
    rules.check_span(values["starts_on"], values.get("ends_on"))
    taken = {
        fold(text): other.name
        for other in db.session.scalars(select(Movement).where(Movement.id != (movement.id or 0)))
        for text in (other.name, *other.other_names)
    }
    rules.check_names([name, *aliases.splitlines()], taken)
    movement.name, movement.aliases = name, aliases
    movement.starts_on, movement.ends_on = values["starts_on"], values.get("ends_on")
    movement.basis, movement.note = nfc(values.get("basis")), values.get("note") or ""


def add_round(
    movement: Movement, unit: Unit, values: Mapping[str, Any], *, like: MovementRound | None = None
) -> MovementRound:
    """A year of a movement, held by a unit, with criteria, clusters and classes of `like` (deadlines moved along).

    `values`: code, name, starts_on, ends_on, register_by, basis, council. Raises Refused at the field.
    """
    code = rules.check_code(values.get("code"), limit=40)
    taken = select(MovementRound.name).where(func.lower(MovementRound.code) == code.lower())
    if (other := db.session.scalar(taken)) is not None:
        raise Refused(f"Mã “{code}” là của kỳ “{other}”. Đặt mã khác.", "code")
    one = MovementRound(movement_id=movement.id, movement=movement, unit_id=unit.id, unit=unit, code=code)
    _write_round(one, values)
    db.session.add(one)
    db.session.flush()
    if like is not None:
        _copy(one, like)
    return one


def change_round(one: MovementRound, values: Mapping[str, Any]) -> None:
    """Name, period, deadline of a year that is not published. Raises Refused."""
    check_open(one)
    _write_round(one, values)
    db.session.flush()


def _write_round(one: MovementRound, values: Mapping[str, Any]) -> None:
    one.name = check_text(values.get("name"), "name", "tên kỳ chấm", 200)
    first, last = values["starts_on"], values["ends_on"]
    rules.check_span(first, last)
    movement = one.movement
    if first < movement.starts_on or (movement.ends_on and last > movement.ends_on):
        raise Refused(
            "Kỳ chấm nằm ngoài thời gian của phong trào. Sửa ngày, hoặc sửa thời gian phong trào.",
            "starts_on",
        )
    register_by = values.get("register_by")
    if register_by is not None and register_by > last:
        raise Refused("Hạn đăng ký sau ngày cuối kỳ. Sửa lại hạn.", "register_by")
    one.starts_on, one.ends_on, one.register_by = first, last, register_by
    one.basis, one.council = nfc(values.get("basis")), nfc(values.get("council"))


def _copy(one: MovementRound, like: MovementRound) -> None:
    for cluster in like.clusters:
        db.session.add(MovementCluster(round_id=one.id, name=cluster.name, position=cluster.position))
    for kind in like.classes:
        db.session.add(MovementClass(round_id=one.id, name=kind.name, least=kind.least))
    for old in like.criteria:
        told = ("code", "part", "text", "points", "bonus", "needs_evidence", "position")
        due_on = _moved(old.due_on, like, one) if old.due_on else None
        values = {name: getattr(old, name) for name in told}
        db.session.add(MovementCriterion(round_id=one.id, due_on=due_on, **values))
    db.session.flush()
    db.session.expire(one, ["criteria", "clusters", "classes"])


def _moved(day: date, like: MovementRound, one: MovementRound) -> date:
    """A deadline as many days before or after the end of its year."""
    return one.ends_on - (like.ends_on - day)


def add_cluster(one: MovementRound, values: Mapping[str, Any]) -> MovementCluster:
    """One more cluster. Raises Refused (name)."""
    cluster = MovementCluster(round_id=one.id, position=len(one.clusters) + 1)
    _name_cluster(one, cluster, values)
    db.session.add(cluster)
    return _done(one, cluster)


def change_cluster(one: MovementRound, cluster: MovementCluster, values: Mapping[str, Any]) -> None:
    """Another name. Raises Refused (name)."""
    _name_cluster(one, cluster, values)
    _done(one, cluster)


def _name_cluster(one: MovementRound, cluster: MovementCluster, values: Mapping[str, Any]) -> None:
    check_open(one)
    name = check_text(values.get("name"), "name", "tên cụm", 200)
    if any(fold(other.name) == fold(name) and other.id != cluster.id for other in one.clusters):
        raise Refused(f"Đã có cụm “{name}”. Đặt tên khác.", "name")
    cluster.name = name


def drop_cluster(one: MovementRound, cluster: MovementCluster) -> None:
    """Take out a cluster that nobody belongs to. Raises Refused."""
    check_open(one)
    count = db.session.scalar(select(func.count()).where(MovementEntry.cluster_id == cluster.id))
    if count:
        raise Refused(f"Cụm “{cluster.name}” còn {count} đơn vị. Chuyển các đơn vị sang cụm khác rồi bỏ cụm.")
    db.session.delete(cluster)
    _done(one, None)


def add_class(one: MovementRound, values: Mapping[str, Any]) -> MovementClass:
    """One more class: `name`, `least` (hundredths). Raises Refused at the field."""
    kind = MovementClass(round_id=one.id)
    _write_class(one, kind, values)
    db.session.add(kind)
    return _done(one, kind)


def change_class(one: MovementRound, kind: MovementClass, values: Mapping[str, Any]) -> None:
    """Another name or threshold. Raises Refused."""
    _write_class(one, kind, values)
    _done(one, kind)


def _write_class(one: MovementRound, kind: MovementClass, values: Mapping[str, Any]) -> None:
    check_open(one)
    name = check_text(values.get("name"), "name", "tên mức", 100)
    least = values.get("least")
    if least is None:
        raise Refused("Chưa ghi mức này từ bao nhiêu điểm. Ghi số điểm, 0 nếu là mức thấp nhất.", "least")
    rules.check_class(name, least, {other.name: other.least for other in one.classes if other.id != kind.id})
    kind.name, kind.least = name, least


def drop_class(one: MovementRound, kind: MovementClass) -> None:
    """Take out a class; rankings that were published keep its name. Raises Refused."""
    check_open(one)
    db.session.delete(kind)
    _done(one, None)


def _done(one: MovementRound, part: Any) -> Any:
    db.session.flush()
    db.session.expire(one, ["clusters", "classes"])
    return part
