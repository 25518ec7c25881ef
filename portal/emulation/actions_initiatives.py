"""Telling good models: story, publication by another person, replication. Flushes; the caller commits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from portal.emulation import rules_initiatives as rules
from portal.emulation.actions import record_initiatives
from portal.emulation.models import Initiative
from portal.emulation.models_initiatives import GoodModel, ModelReplica
from portal.emulation.queries_initiatives import initiative_of, replicas_of
from portal.emulation.rules import InitiativeRow
from portal.emulation.rules_movements import check_span
from portal.kit.checks import check_text
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.numbers import Entry, next_entry
from portal.kit.tables import ABSENT
from portal.kit.vietnamese import key_of, nfc
from portal.people.models import User
from portal.people.rules import check_second_person
from portal.units.models import Unit

INITIATIVES = "initiatives"  # as the import calls the number of the books that it takes


def _entry(by: User) -> Entry:
    return next_entry(INITIATIVES, by.id, by.name)


def add_model(unit: Unit, values: Mapping[str, Any], *, by: User) -> GoodModel:
    """A new initiative with its story: `name`, `form`, `starts_on`, `ends_on`, `story`, `results`, `households`,
    `people`, `contact`. Raises Refused at the field.
    """
    name = check_text(values.get("name"), "name", "tên mô hình", 300)
    if _present(unit.id, key_of(name)) is not None:
        raise Refused(f"{unit.name} đã có mô hình “{name}”. Mở mô hình đó để viết tiếp.", "name")
    _record(unit.id, name, values, by)
    model = GoodModel(unit_id=unit.id, unit=unit, name_key=key_of(name), written_by_id=by.id)
    return _tell(model, values)


def tell_model(initiative: Initiative, values: Mapping[str, Any], *, by: User) -> GoodModel:
    """The story of an initiative that is known already. Raises Refused."""
    model = GoodModel(unit_id=initiative.unit_id, name_key=initiative.name_key, written_by_id=by.id)
    _rename(model, initiative, values, by)
    return _tell(model, values)


def change_model(model: GoodModel, values: Mapping[str, Any], *, by: User) -> None:
    """Another name, form, days (a new version of the initiative) or other words. What is public changes at once.

    Raises Refused.
    """
    with db.session.no_autoflush:
        if model.published_on:
            rules.check_told(values.get("story") or "", values.get("results") or "")
        _rename(model, initiative_of(model), values, by)
    _tell(model, values)


def _rename(model: GoodModel, present: Initiative, values: Mapping[str, Any], by: User) -> None:
    name = check_text(values.get("name"), "name", "tên mô hình", 300)
    key = key_of(name)
    if key != present.name_key:
        if _present(model.unit_id, key) is not None:
            raise Refused(f"Đơn vị đã có mô hình “{name}”. Đặt tên khác.", "name")
        entry = _entry(by)
        present.until = entry.number
        _record(model.unit_id, name, values, by, entry=entry, note=present.note)
        model.name_key = key
    else:
        _record(model.unit_id, name, values, by)


def _record(
    unit_id: int,
    name: str,
    values: Mapping[str, Any],
    by: User,
    *,
    entry: Entry | None = None,
    note: Any = ABSENT,
) -> None:
    starts_on, ends_on = values.get("starts_on"), values.get("ends_on")
    if starts_on:
        check_span(starts_on, ends_on)
    row = InitiativeRow(unit_id, name, nfc(values.get("form")), starts_on, ends_on, note)
    record_initiatives([row], entry=entry or (lambda: _entry(by)))


def _present(unit_id: int, name_key: str) -> Initiative | None:
    mine = Initiative.unit_id == unit_id, Initiative.name_key == name_key
    with db.session.no_autoflush:
        return db.session.scalar(select(Initiative).where(*mine, Initiative.as_of(None)))


def _tell(model: GoodModel, values: Mapping[str, Any]) -> GoodModel:
    rules.check_counts(values)
    model.story, model.results = values.get("story") or "", values.get("results") or ""
    model.households, model.people = values.get("households"), values.get("people")
    model.contact = nfc(values.get("contact"))
    db.session.add(model)
    db.session.flush()
    return model


def ask_to_publish(model: GoodModel, *, by: User) -> None:
    """Another person is to show it to everybody. Raises Refused."""
    if model.published_on:
        raise Refused("Mô hình này đã công bố. Tải lại trang.")
    rules.check_told(model.story, model.results)
    model.asked_by_id, model.answer = by.id, None
    db.session.flush()


def answer_model(model: GoodModel, *, approve: bool, answer: str | None, by: User) -> None:
    """Show it to everybody, or say what to mend. Raises Refused."""
    if model.asked_by_id is None or model.published_on:
        raise Refused("Không còn đề nghị nào chờ công bố. Tải lại trang.")
    check_second_person(model.asked_by_id, by.id)
    if approve:
        rules.check_told(model.story, model.results)
        model.published_on, model.published_by_id = today_in_vietnam(), by.id
        model.answer = None
    else:
        model.answer = check_text(answer, "answer", "điều cần sửa", 500)
    model.asked_by_id = None
    db.session.flush()


def take_down_model(model: GoodModel, *, reason: str) -> None:
    """Nobody outside reads it any more. Raises Refused."""
    if not model.published_on:
        raise Refused("Mô hình này không đang công bố. Tải lại trang.")
    model.published_on = model.published_by_id = None
    model.answer = reason
    db.session.flush()


def add_replica(model: GoodModel, unit: Unit, values: Mapping[str, Any], *, by: User) -> ModelReplica:
    """Another unit does the same: `since_on`, `note`. Raises Refused at the field."""
    known = {one.unit_id: one.unit.name for one in replicas_of(model)}
    rules.check_replica(unit.id, model.unit_id, known, values["since_on"], today_in_vietnam())
    replica = ModelReplica(
        model_id=model.id,
        unit_id=unit.id,
        since_on=values["since_on"],
        note=nfc(values.get("note")),
        by_id=by.id,
        since=_entry(by).number,
    )
    db.session.add(replica)
    db.session.flush()
    return replica


def drop_replica(replica: ModelReplica, *, reason: str, by: User) -> None:
    """It does not hold: figures of earlier days keep it. Raises Refused."""
    if replica.until is not None:
        raise Refused("Dòng này đã bỏ. Tải lại trang.")
    replica.until, replica.dropped = _entry(by).number, reason
    db.session.flush()
