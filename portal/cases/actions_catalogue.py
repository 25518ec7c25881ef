"""Fields of aid and their questions, as data of the whole installation. Flushes; the caller commits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select

from portal.cases import rules
from portal.cases.models import AidField, AidQuestion
from portal.kit.checks import check_text
from portal.kit.days import format_day
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.vietnamese import fold, key_of, nfc

COLUMNS = ("form", "purpose", "norm_subject", "commitment", "visits", "needs_guardian")


def add_field(values: Mapping[str, Any]) -> AidField:
    """A new field of aid with the questions of another one of its form, where there is one. Raises Refused."""
    name = check_text(values.get("name"), "name", "tên lĩnh vực", 100)
    _check_name(name)
    last = db.session.scalar(select(func.max(AidField.position))) or 0
    field = AidField(key=key_of(name)[:60], name=name, position=last + 1, valid_from=values["valid_from"])
    _write(field, values)
    like = select(AidField).where(AidField.form == field.form).order_by(AidField.position, AidField.id)
    model = db.session.scalar(like)
    db.session.add(field)
    db.session.flush()
    for one in model.questions if model else ():
        if one.valid_to is None:
            told = {name: getattr(one, name) for name in ("label", "kind", "choices", "health", "position")}
            db.session.add(AidQuestion(field_id=field.id, valid_from=field.valid_from, **told))
    db.session.flush()
    db.session.expire(field, ["questions"])
    return field


def change_field(field: AidField, values: Mapping[str, Any]) -> None:
    """Change what a field says from now on: minutes and surveys that stand keep their words. Raises Refused."""
    name = check_text(values.get("name"), "name", "tên lĩnh vực", 100)
    _check_name(name, but=field)
    field.name, field.valid_from = name, values["valid_from"]
    _check_span(field.valid_from, field.valid_to, "valid_from")
    _write(field, values)
    db.session.flush()


def _write(field: AidField, values: Mapping[str, Any]) -> None:
    if values.get("form") not in rules.FORMS:
        raise Refused("Chưa chọn mẫu phiếu khảo sát. Chọn một trong bốn mẫu.", "form")
    months = rules.months_of(values.get("visits"))
    for column in COLUMNS:
        value = values.get(column)
        setattr(field, column, bool(value) if column == "needs_guardian" else value or "")
    field.visits = ", ".join(map(str, months))


def _check_name(name: str, *, but: AidField | None = None) -> None:
    for known in db.session.scalars(select(AidField)):
        if fold(known.name) == fold(name) and (but is None or known.id != but.id):
            raise Refused(f"Đã có lĩnh vực “{known.name}”. Đặt tên khác, hoặc dùng lại lĩnh vực đó.", "name")


def _check_span(first: date, last: date | None, field: str) -> None:
    if last is not None and last < first:
        raise Refused(f"Ngày ngừng trước ngày bắt đầu {format_day(first)}. Sửa lại ngày.", field)


def add_question(field: AidField, values: Mapping[str, Any]) -> AidQuestion:
    """One more question, from a day on. Raises Refused at the field."""
    label = check_text(values.get("label"), "label", "câu hỏi", 200)
    if values.get("kind") not in rules.KINDS:
        raise Refused("Chưa chọn cách trả lời. Chọn một loại.", "kind")
    lines = [nfc(line) for line in (values.get("choices") or "").splitlines() if nfc(line)]
    if values["kind"] == "choice" and len(lines) < 2:
        raise Refused("Câu hỏi chọn ô cần ít nhất hai ô. Gõ mỗi ô một dòng.", "choices")
    if any(fold(one.label) == fold(label) and one.valid_to is None for one in field.questions):
        raise Refused(f"Đã có câu “{label}”. Ngừng câu cũ trước, hoặc viết khác.", "label")
    last = max((one.position for one in field.questions), default=0)
    question = AidQuestion(
        field_id=field.id,
        label=label,
        kind=values["kind"],
        choices="\n".join(lines) if values["kind"] == "choice" else "",
        health=bool(values.get("health")),
        position=last + 1,
        valid_from=values["valid_from"],
    )
    db.session.add(question)
    db.session.flush()
    db.session.expire(field, ["questions"])
    return question


def end_entry(entry: AidField | AidQuestion, valid_to: date | None) -> None:
    """Offered until that day; None opens it again. What bears it keeps it. Raises Refused."""
    _check_span(entry.valid_from, valid_to, "valid_to")
    entry.valid_to = valid_to
    db.session.flush()
