"""Fields of aid and their questions, as data of the whole installation. Part of the views."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, request, url_for
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.cases import actions_catalogue as actions
from portal.cases import rules
from portal.cases.forms_appeal import FieldForm, QuestionForm
from portal.cases.models import AidField, AidQuestion
from portal.cases.views import bp
from portal.kit.access import ADMINISTRATOR, allow
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.seen import changed_meanwhile, lock_row
from portal.kit.web import go, page
from portal.people.queries import has_everywhere
from portal.spending.queries import purpose_names, purposes


@bp.get("/linh-vuc/")
@allow(ADMINISTRATOR)
def fields() -> Response:
    """Every field of aid, also those that have ended."""
    rows = select(AidField).options(selectinload(AidField.questions))
    return page(
        "cases/fields.html",
        fields=db.session.scalars(rows.order_by(AidField.position, AidField.id)).all(),
        forms=rules.FORMS,
        purposes=purpose_names(),
        today=today_in_vietnam(),
        may_change=has_everywhere(current_user, ADMINISTRATOR),
    )


def _check_everywhere() -> None:
    """The catalogue is everybody's: an administrator of one unit only looks."""
    if not has_everywhere(current_user, ADMINISTRATOR):
        abort(403)


def _load(field_id: int) -> AidField:
    found = db.session.get(AidField, field_id)
    if found is None:
        abort(404)
    return found


def _done(said: str, field: AidField) -> Response:
    response = go(url_for("cases.field", field_id=field.id))
    flash(said)
    db.session.commit()
    return response


def _offered(form: FieldForm, field: AidField | None = None) -> FieldForm:
    known = {one.key: one.name for one in purposes()}
    if field is not None:
        known.setdefault(field.purpose, purpose_names()[field.purpose])
    form.purpose.offer(list(known.items()))
    return form


@bp.route("/linh-vuc/moi", methods=["GET", "POST"])
@allow(ADMINISTRATOR)
def new_field() -> Response:
    """One more field; it begins with the questions of another one of its form."""
    if request.method == "POST":
        _check_everywhere()
    form = _offered(FieldForm())
    if form.validate_on_submit():
        try:
            return _done("Đã thêm lĩnh vực.", actions.add_field(form.values()))
        except Refused as refused:
            db.session.rollback()
            _offered(form).add_refusal(refused)
    may_change = has_everywhere(current_user, ADMINISTRATOR)
    return page("cases/new_field.html", status=form.status, form=form, may_change=may_change)


@bp.route("/linh-vuc/<int:field_id>", methods=["GET", "POST"])
@allow(ADMINISTRATOR)
def field(field_id: int) -> Response:
    """One field with its questions."""
    one = _load(field_id)
    if request.method == "POST":
        _check_everywhere()
        lock_row(one)
    form = _offered(FieldForm(obj=one), one)
    theirs = changed_meanwhile(form, request.form)
    if form.validate_on_submit() and not theirs:
        try:
            actions.change_field(one, form.values())
            return _done("Đã sửa lĩnh vực.", one)
        except Refused as refused:
            db.session.rollback()
            one = _load(field_id)
            _offered(form, one).add_refusal(refused)
    return _page(one, form, QuestionForm(None, prefix="cau"), theirs)


def _page(one: AidField, form: FieldForm, asked: QuestionForm, theirs: Any = ()) -> Response:
    return page(
        "cases/field.html",
        status=409 if theirs else max(form.status, asked.status),
        field=one,
        form=form,
        asked=asked,
        theirs=theirs,
        kinds=rules.KINDS,
        today=today_in_vietnam(),
        may_change=has_everywhere(current_user, ADMINISTRATOR),
    )


@bp.post("/linh-vuc/<int:field_id>/cau-hoi")
@allow(ADMINISTRATOR)
def add_question(field_id: int) -> Response:
    """One more question."""
    _check_everywhere()
    one, form = _load(field_id), QuestionForm(prefix="cau")
    if form.validate_on_submit():
        try:
            actions.add_question(one, form.values())
            return _done("Đã thêm câu hỏi.", one)
        except Refused as refused:
            db.session.rollback()
            one = _load(field_id)
            form.add_refusal(refused)
    return _page(one, _offered(FieldForm(None, obj=one), one), form)


@bp.post('/linh-vuc/<int:field_id>/<any("ngung", "dung-lai"):turn>', defaults={"question_id": None})
@bp.post('/linh-vuc/<int:field_id>/cau-hoi/<int:question_id>/<any("ngung", "dung-lai"):turn>')
@allow(ADMINISTRATOR)
def turn_entry(field_id: int, question_id: int | None, turn: str) -> Response:
    """End a field or a question today, or use it again."""
    _check_everywhere()
    one = _load(field_id)
    entry: AidField | AidQuestion | None = one
    if question_id is not None:
        entry = next((asked for asked in one.questions if asked.id == question_id), None)
    if entry is None:
        abort(404)
    try:
        actions.end_entry(entry, today_in_vietnam() if turn == "ngung" else None)
    except Refused as refused:
        db.session.rollback()
        flash(refused.text, "warning")
        return go(url_for("cases.field", field_id=field_id))
    return _done("Đã đổi.", one)
