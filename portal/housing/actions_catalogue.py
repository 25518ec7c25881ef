"""Programmes, kinds of work and required papers, as dated rows of the whole installation. Flushes; the caller commits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select

from portal.housing import rules
from portal.housing.models_catalogue import HouseKind, HouseProgramme, HouseRequirement
from portal.kit.checks import check_text
from portal.kit.days import format_day
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.vietnamese import fold

Entry = HouseProgramme | HouseKind | HouseRequirement
MODELS: dict[str, type[Entry]] = {
    "chuong-trinh": HouseProgramme,
    "loai": HouseKind,
    "giay-to": HouseRequirement,
}
NAMED = {"chuong-trinh": "tên chương trình", "loai": "tên loại nhà", "giay-to": "tên giấy tờ"}


def add_entry(what: str, values: Mapping[str, Any]) -> Entry:
    """A new entry of a catalogue, from a day on. Raises Refused at the field."""
    model = MODELS[what]
    last = db.session.scalar(select(func.max(model.position))) or 0
    entry = model(position=last + 1)
    with db.session.no_autoflush:
        _write(what, entry, values)
    db.session.add(entry)
    db.session.flush()
    return entry


def change_entry(what: str, entry: Entry, values: Mapping[str, Any]) -> None:
    """Change what an entry says from now on; papers that stand keep their words. Raises Refused."""
    _write(what, entry, values)
    db.session.flush()


def end_entry(entry: Entry, valid_to: date | None) -> None:
    """Used until that day; None uses it again. Raises Refused."""
    if valid_to is not None and valid_to < entry.valid_from:
        raise Refused(f"Mục này dùng từ {format_day(entry.valid_from)}. Chọn ngày ngừng sau đó.", "valid_to")
    entry.valid_to = valid_to
    db.session.flush()


def _write(what: str, entry: Any, values: Mapping[str, Any]) -> None:
    name = check_text(values.get("name"), "name", NAMED[what], 200 if what == "giay-to" else 100)
    model = MODELS[what]
    same = select(model).where(model.valid_to.is_(None), model.id != (entry.id or 0))
    one: Any
    for one in db.session.scalars(same):
        if fold(one.name) == fold(name) and _place(one) == (values.get("step"), values.get("source") or ""):
            raise Refused(f"Đã có “{name}”. Sửa mục đó, hoặc đặt tên khác.", "name")
    entry.name, entry.valid_from = name, values["valid_from"]
    if entry.valid_to is not None and entry.valid_to < entry.valid_from:
        raise Refused("Ngày bắt đầu dùng sau ngày ngừng. Sửa lại ngày.", "valid_from")
    if what == "loai":
        _write_kind(entry, values)
    if what == "giay-to":
        _write_requirement(entry, values)


def _place(one: Any) -> tuple[str | None, str]:
    """Papers of one name may be asked at several steps; other entries have no place."""
    return getattr(one, "step", None), getattr(one, "source", "")


def _write_kind(kind: HouseKind, values: Mapping[str, Any]) -> None:
    if values.get("counts_as") not in rules.COUNTS_AS:
        raise Refused("Chưa chọn tính là xây mới hay sửa chữa. Chọn một.", "counts_as")
    kind.counts_as, kind.hard = values["counts_as"], bool(values.get("hard"))
    kind.norm_subject = values.get("norm_subject") or ""
    kind.commitment = values.get("commitment") or ""


def _write_requirement(one: HouseRequirement, values: Mapping[str, Any]) -> None:
    if values.get("step") not in rules.ORDER[1:]:
        raise Refused("Chưa chọn cần trước bước nào. Chọn một bước.", "step")
    if values.get("evidence") not in rules.EVIDENCE:
        raise Refused("Chưa chọn giấy tờ này có từ đâu. Chọn một mục.", "evidence")
    one.step, one.source, one.evidence = values["step"], values.get("source") or "", values["evidence"]
