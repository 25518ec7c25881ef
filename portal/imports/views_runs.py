"""The imports that were carried out: who, when, which file, what came of it; and undoing one by two people."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from flask import Response, abort, flash, request, url_for
from flask_login import current_user
from sqlalchemy import ColumnElement

from portal.imports import actions, queries, undoing
from portal.imports.forms import UndoForm
from portal.imports.kinds import KINDS
from portal.imports.models import ImportRun
from portal.imports.modes import LABELS
from portal.imports.views import bp
from portal.imports.wording import STATE_BADGES, STATES, run_facts, run_state
from portal.kit.access import ACCOUNTANT, ADMINISTRATOR, APPROVER, AUDITOR, RECORDER, allow
from portal.kit.days import VIETNAM
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.folded import has_words
from portal.kit.listing import Col, DayFilter, ListSpec, SelectFilter, TextFilter
from portal.kit.web import go, page

READERS = (ADMINISTRATOR, ACCOUNTANT, RECORDER, APPROVER, AUDITOR)
DONE = "Đã hoàn lại cả lần nhập. Tệp này nạp lại được khi cần."
DECLINED = "Đã bỏ đề nghị hoàn lại. Lần nhập giữ nguyên."
ASKED = "Đã gửi đề nghị hoàn lại. Một người khác có quyền duyệt sẽ trả lời."


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, VIETNAM)


def _of_state(state: str) -> ColumnElement[bool]:
    undone, asked = ImportRun.undone_at.is_not(None), ImportRun.undo_asked_at.is_not(None)
    return {"undone": undone, "asked": asked & ~undone, "done": ~asked & ~undone}[state]


RUNS = ListSpec(
    noun="lần nhập",
    key=ImportRun.id,
    default_sort="-luc",
    title="Các lần nhập",
    file_name="cac-lan-nhap",
    nothing_yet="Chưa có lần nhập nào. Chọn một loại bảng và nạp tệp đầu tiên.",
    nothing_found="Không có lần nhập nào theo các điều kiện này. Bớt điều kiện hoặc xóa lọc.",
    row_url=lambda run: url_for("imports.run", run_id=run.id),
    columns=[
        Col("luc", "Ngày nhập", "made_at", kind="day", sort=ImportRun.id),
        Col("tep", "Tệp", "file_name", kind="link", primary=True),
        Col("loai", "Loại bảng", lambda run: KINDS[run.kind].label, sort=ImportRun.kind),
        Col("ai", "Người nhập", "by_name", sort=ImportRun.by_name, muted=True),
        Col("dong", "Số dòng", "rows", kind="amount", sort=ImportRun.rows),
        Col("moi", "Ghi mới", "new", kind="amount", sort=ImportRun.new),
        Col("sua", "Sửa", "changed", kind="amount", sort=ImportRun.changed),
        Col("tien", "Tổng tiền trong tệp (đ)", "sum", kind="amount", sort=ImportRun.sum),
        Col(
            "tt",
            "Tình trạng",
            lambda run: STATES[run_state(run)],
            kind="badge",
            badge=lambda run: STATE_BADGES[run_state(run)],
            muted=True,
        ),
    ],
    filters=[
        SelectFilter(
            "loai",
            "Loại bảng",
            lambda name: ImportRun.kind == name,
            choices=[(kind.name, kind.label) for kind in KINDS.values()],
        ),
        SelectFilter("tt", "Tình trạng", _of_state, choices=list(STATES.items())),
        DayFilter("tu", "Từ ngày", lambda day: ImportRun.made_at >= _midnight(day)),
        DayFilter("den", "Đến ngày", lambda day: ImportRun.made_at < _midnight(day + timedelta(days=1))),
        TextFilter(
            "q",
            "Tên tệp, người nhập",
            lambda text: has_words(ImportRun.file_name + " " + ImportRun.by_name, text),
        ),
    ],
)


@bp.get("/cac-lan-nhap/")
@allow(*READERS)
def runs() -> Response:
    """Every import that the person may see, newest first."""
    rows = queries.runs_for(current_user)
    listing = RUNS.run(rows, request.args, request.path)
    return RUNS.download(rows, request.args) or page(
        "imports/runs.html", "list", status=listing.status, listing=listing
    )


@bp.get("/cac-lan-nhap/<int:run_id>")
@allow(*READERS)
def run(run_id: int) -> Response:
    """One import: what it brought, and the way to undo it."""
    return _show(_run_or_404(run_id), UndoForm())


@bp.post("/cac-lan-nhap/<int:run_id>/hoan-lai")
@allow(ADMINISTRATOR, ACCOUNTANT, RECORDER)
def ask_undo(run_id: int) -> Response:
    """Ask another person to undo the whole import."""
    found = _run_or_404(run_id)
    if found.undone_at is None and found.undo_asked_at is None and not queries.may_ask(found, current_user):
        abort(403)
    form = UndoForm()
    if form.validate_on_submit():
        try:
            actions.ask_undo(found, reason=form.reason.data or "", by=current_user)
            return _answer(run_id, ASKED)
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return _show(_run_or_404(run_id), form)


@bp.post("/cac-lan-nhap/<int:run_id>/tra-loi")
@allow(*READERS)
def answer_undo(run_id: int) -> Response:
    """The second person undoes the import or declines; whoever asked may take the request back."""
    found = _run_or_404(run_id)
    carry_out = request.form.get("decision") == "undo"
    own = found.undo_asked_by_id == current_user.id
    if (
        found.undo_asked_at is not None
        and not queries.may_decide(found, current_user)
        and (carry_out or not own)
    ):
        abort(403)
    form = UndoForm(formdata=None)
    try:
        if carry_out:
            actions.undo(found, by=current_user)
        else:
            actions.decline_undo(found, by=current_user)
        return _answer(run_id, DONE if carry_out else DECLINED)
    except Refused as refused:
        db.session.rollback()
        form.form_errors = [refused.text]
    return _show(_run_or_404(run_id), form)


def _answer(run_id: int, text: str) -> Response:
    response = go(url_for("imports.run", run_id=run_id))
    flash(text)
    db.session.commit()
    return response


def _run_or_404(run_id: int) -> ImportRun:
    return queries.run_or_404(run_id, for_user=current_user)


def _show(found: ImportRun, form: UndoForm) -> Response:
    may_ask, may_decide = queries.may_ask(found, current_user), queries.may_decide(found, current_user)
    return page(
        "imports/run.html",
        run=found,
        kind=KINDS[found.kind],
        mode=LABELS[found.mode],
        facts=run_facts(found),
        state=STATES[run_state(found)],
        badge=STATE_BADGES[run_state(found)],
        obstacles=undoing.obstacles(found) if may_ask or may_decide else [],
        may_ask=may_ask,
        may_decide=may_decide,
        own=found.undo_asked_by_id == current_user.id,
        form=form,
        status=form.status,
    )
