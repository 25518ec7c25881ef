"""The scoring grid on screen: as a page and as an ordinary form, and what its script asks. Part of the views."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Response, abort, jsonify, make_response, request, url_for
from flask_login import current_user

from portal.emulation import actions_scoring as actions
from portal.emulation import documents_scoring as documents
from portal.emulation import queries_movements as queries
from portal.emulation import queries_scoring as found
from portal.emulation import rules_scoring as rules
from portal.emulation.actions_scoring import field_of
from portal.emulation.forms_scoring import ReturnForm, sheet_form, typed_in
from portal.emulation.models_movements import MovementEntry
from portal.emulation.queries_movements import READERS
from portal.emulation.queries_scoring import Row, Sheet, sheet_of
from portal.emulation.rules_movements import UNIT
from portal.emulation.rules_scoring import DONE, STEPS
from portal.emulation.views import bp, done
from portal.frame import shows_sample
from portal.kit.access import ACCOUNTANT, APPROVER, RECORDER, allow
from portal.kit.days import now_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.pdf import pdf_answer, render_paper
from portal.kit.seen import NOTHING, Change, changed_meanwhile, lock_row
from portal.kit.web import page

SCORERS = (RECORDER, ACCOUNTANT, APPROVER)


def _entry(entry_id: int) -> MovementEntry:
    entry = queries.entry_or_404(entry_id, for_user=current_user)
    if entry.kind != UNIT:
        abort(404)
    return entry


def sheet_url(entry_id: int) -> str:
    """The page of a unit's sheet."""
    return url_for("emulation.sheet", entry_id=entry_id)


def _may_fill(entry: MovementEntry) -> bool:
    """Whether this person's cells are open now."""
    here = entry.at != DONE and not entry.ended and not queries.is_published(entry.round_id)
    return here and queries.may_score(current_user, entry)


def _to_score(entry_id: int) -> MovementEntry:
    entry = _entry(entry_id)
    if not queries.may_score(current_user, entry):
        abort(403)
    return entry


@bp.get("/phong-trao/phieu/<int:entry_id>")
@allow(*READERS)
def sheet(entry_id: int) -> Response:
    """The grid for whom it waits, the marks as they stand for everybody else."""
    entry = _entry(entry_id)
    return sheet_page(entry, None)


def sheet_page(
    entry: MovementEntry, form: Any, *, theirs: list[Change] | None = None, refusal: str | None = None
) -> Response:
    """The page of a sheet; `form` as it came back, None = as the marks stand."""
    sheet, filling = sheet_of(entry), _may_fill(entry)
    step = entry.at if filling else None
    if form is None and step is not None:
        form = sheet_form(sheet.rows, step, sent={})
    status = 409 if theirs else 422 if refusal else form.status if form is not None else 200
    return page(
        "emulation/sheet.html",
        status=status,
        sheet=sheet,
        entry=entry,
        one=entry.round,
        view=documents.grid_of(sheet, step),
        step=step,
        form=form,
        theirs=theirs or (),
        refusal=refusal,
        field_of=field_of,
        steps=STEPS,
        states=rules.STATES,
        history=documents.history_of(sheet),
        step_line=documents.step_line(sheet),
        next_step=rules.next_step(sheet.steps, step) if step else None,
        before=_before(sheet, step),
        seen=_seen(),
        may_return=_may_return(entry),
        may_register=queries.may_register(current_user, entry) and not queries.is_published(entry.round_id),
        published=queries.is_published(entry.round_id),
    )


def _before(sheet: Sheet, step: str | None) -> str | None:
    """The step whose points the present one may take over."""
    at = sheet.steps.index(step) if step else 0
    return sheet.steps[at - 1] if at else None


def _may_return(entry: MovementEntry) -> bool:
    earlier = rules.earlier(queries.steps_of(entry.round), entry.at or DONE)
    open_ = not entry.ended and not queries.is_published(entry.round_id)
    return bool(earlier) and open_ and queries.may_score(current_user, entry)


def _seen() -> str:
    return datetime.now(UTC).isoformat()


@bp.post("/phong-trao/phieu/<int:entry_id>")
@allow(*SCORERS)
def save_sheet(entry_id: int) -> Response:
    """Save every cell; then hand the sheet on, or take over what the step before gave, when asked to."""
    entry = lock_row(_to_score(entry_id))
    rows, then = sheet_of(entry).rows, request.form.get("then")
    if request.form.get("step") != entry.at or not _may_fill(entry):
        return sheet_page(entry, None, refusal="Phiếu vừa được chuyển bước. Xem lại phiếu như đang có.")
    form = sheet_form(rows, entry.at)
    theirs = changed_meanwhile(form, request.form)
    if form.validate_on_submit() and not theirs:
        try:
            count = actions.save_marks(entry, typed_in(form, rows), by=current_user)
            return done(sheet_url(entry_id), _then(entry, then, count))
        except Refused as refused:
            db.session.rollback()
            entry = _to_score(entry_id)
            form.add_refusal(refused)
    return sheet_page(entry, form, theirs=theirs)


def _then(entry: MovementEntry, then: str | None, count: int) -> str:
    if then == "hand_on":
        to = actions.hand_on(entry, by=current_user)
        return f"Đã gửi. {rules.STATES[to]}." if to != DONE else "Đã chấm xong, chờ công bố xếp hạng."
    if then == "take_over":
        taken = actions.take_over(entry, by=current_user)
        return f"Đã lấy điểm bước trước cho {taken} tiêu chí." if taken else "Không còn ô nào chưa chấm."
    return f"Đã lưu {count} tiêu chí." if count else "Không có gì thay đổi."


@bp.post("/phong-trao/phieu/<int:entry_id>/dong.json")
@allow(*SCORERS)
def save_row(entry_id: int) -> Response:
    """One criterion saved as it is left; answers the whole sheet's cells, totals and who else is at it."""
    entry = lock_row(_to_score(entry_id))
    asked = request.form.get("criterion", "")
    sheet = sheet_of(entry)
    rows = [row for row in sheet.rows if str(row.criterion.id) == asked]
    if not rows or request.form.get("step") != entry.at or not _may_fill(entry):
        return _trouble(409, "Phiếu vừa được chuyển bước hoặc bảng tiêu chí vừa sửa. Tải lại trang.")
    form = sheet_form(rows, entry.at or "")
    theirs = _both_changed(form, rows)
    if theirs:
        return _conflict(sheet, theirs)
    if not form.validate():
        return _wrong(form)
    try:
        actions.save_marks(entry, typed_in(form, rows), by=current_user)
    except Refused as refused:
        form.add_refusal(refused)
        db.session.rollback()
        return _wrong(form)
    db.session.commit()
    return jsonify(_around(_entry(entry_id)))


def _both_changed(form: Any, rows: list[Row]) -> list[Change]:
    """Cells that both have changed; what the other alone has written is followed without a word."""
    changes = changed_meanwhile(form, request.form)
    touched = {field.label.text: field for field in form if field.raw_data is not None}
    return [
        one
        for one in changes
        if one.label in touched and (touched[one.label]._value() or NOTHING) != one.now  # noqa: SLF001
    ]


def _trouble(status: int, text: str) -> Response:
    db.session.rollback()
    return make_response(jsonify(error=text), status)


def _conflict(sheet: Sheet, theirs: list[Change]) -> Response:
    told = "; ".join(f"{one.label}: người khác vừa ghi “{one.now}”" for one in theirs)
    values = documents.cell_values(sheet, sheet.entry.at or "")
    db.session.rollback()
    return make_response(jsonify(error=told, cells=values, conflict=[one._asdict() for one in theirs]), 409)


def _wrong(form: Any) -> Response:
    db.session.rollback()
    errors = {field.short_name: str(field.errors[0]) for field in form if field.errors}
    told = next(iter(errors.values()), None) or (
        form.form_errors[0] if form.form_errors else "Chưa lưu được."
    )
    return make_response(jsonify(error=told, errors=errors), 422)


@bp.get("/phong-trao/phieu/<int:entry_id>/moi.json")
@allow(*READERS)
def sheet_news(entry_id: int) -> Response:
    """What the sheet holds now: others' changes appear without a reload."""
    return jsonify(_around(_entry(entry_id)))


def _around(entry: MovementEntry) -> dict[str, Any]:
    sheet = sheet_of(entry)
    step = entry.at if entry.at != DONE else None
    try:
        since = datetime.fromisoformat(request.values.get("seen", ""))
    except ValueError:
        since = None
    return {
        "step": entry.at,
        "cells": documents.cell_values(sheet, step) if step else {},
        "totals": documents.total_texts(sheet, step) if step else {},
        "others": found.changed_since(entry, since, but=current_user) if since else [],
        "seen": _seen(),
        "saved": f"{now_in_vietnam():%H:%M:%S}",
    }


@bp.route("/phong-trao/phieu/<int:entry_id>/tra-ve", methods=["GET", "POST"])
@allow(*SCORERS)
def send_back(entry_id: int) -> Response:
    """Back to a named step, with a reason."""
    entry = _to_score(entry_id)
    form = _return_form(entry)
    if form.validate_on_submit():
        try:
            entry = lock_row(entry)
            actions.send_back(entry, to=form.to_step.data, reason=form.reason.data, by=current_user)
            return done(sheet_url(entry_id), f"Đã trả về bước “{STEPS[form.to_step.data]}”.")
        except Refused as refused:
            db.session.rollback()
            entry = _to_score(entry_id)
            form = _return_form(entry, form)
            form.add_refusal(refused)
    return page("emulation/return.html", status=form.status, form=form, entry=entry, one=entry.round)


def _return_form(entry: MovementEntry, form: Any = None) -> ReturnForm:
    form = form or ReturnForm()
    earlier = rules.earlier(queries.steps_of(entry.round), entry.at or DONE)
    form.to_step.offer([(step, STEPS[step]) for step in earlier])
    return form


@bp.get("/phong-trao/phieu/<int:entry_id>.pdf")
@allow(*READERS)
def sheet_pdf(entry_id: int) -> Response:
    """The printed sheet: self beside the province, with who scored when."""
    paper = documents.sheet_paper(sheet_of(_entry(entry_id)))
    html = render_paper("documents/score_sheet.html", paper=paper, sample=shows_sample())
    return pdf_answer(html, f"phieu-cham-diem-{entry_id}")
