"""Taking a whole statement back: what blocks it, asking for it, and the second person's answer."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, request, url_for
from flask_login import current_user
from sqlalchemy import Select

from portal.kit.access import ACCOUNTANT, APPROVER, allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.filters import SelectFilter
from portal.kit.listing import Col, ListSpec
from portal.kit.web import go, page
from portal.people.queries import may
from portal.statements import queries, queries_undo, rules, undoing, uses
from portal.statements.forms import UndoAnswerForm, UndoForm
from portal.statements.models import Statement, StatementLine, StatementUndo
from portal.statements.views import READERS, bp, me

ASKED = "Đã gửi đề nghị hoàn lại. Người duyệt sẽ thấy trong “Việc của tôi”."
UNDONE = "Đã duyệt: cả lần nạp đã được hoàn lại, tệp đúng nạp được ngay."
KEPT = "Đã trả lời: không duyệt hoàn lại."


def _answered(row: StatementUndo) -> str:
    return {None: "Chờ trả lời", True: "Đã hoàn lại", False: "Không duyệt"}[row.approved]


UNDOS = ListSpec(
    noun="đề nghị",
    key=StatementUndo.id,
    default_sort="-ngay",
    title="Hoàn lại sao kê",
    file_name="hoan-lai-sao-ke",
    nothing_yet="Chưa có đề nghị hoàn lại sao kê nào.",
    row_url=lambda row: url_for("statements.undo", statement_id=row.statement_id),
    columns=[
        Col("ngay", "Ngày đề nghị", "requested_at", kind="day", sort=StatementUndo.id),
        Col("tk", "Tài khoản", "statement.bank_account.code"),
        Col("tep", "Tệp", "statement.file_name", kind="link", primary=True),
        Col("ly_do", "Lý do", "reason", primary=True),
        Col("nguoi", "Người đề nghị", "requested_by.name", muted=True),
        Col(
            "tinh_trang",
            "Tình trạng",
            _answered,
            kind="badge",
            badge=lambda row: "warn" if row.approved is None else None,
            muted=True,
        ),
        Col("nguoi_duyet", "Người trả lời", "decided_by.name", muted=True),
        Col("dong", "Dòng", "statement.new_rows", kind="amount", sort=Statement.new_rows),
    ],
    filters=[
        SelectFilter(
            "tinh_trang",
            "Tình trạng",
            lambda state: {
                "cho": StatementUndo.approved.is_(None),
                "duyet": StatementUndo.approved.is_(True),
                "khong": StatementUndo.approved.is_(False),
            }[state],
            choices=[("cho", "Chờ trả lời"), ("duyet", "Đã hoàn lại"), ("khong", "Không duyệt")],
        )
    ],
)


def _place(row: Any) -> str:
    endpoint, args = uses.BLOCKERS[row.kind].place(row.of)
    return url_for(endpoint, **args)


def _why(row: Any) -> str:
    why = uses.BLOCKERS[row.kind].why
    return f"{why} {row.name}" if row.name else why


def _blockers(statement: Statement) -> tuple[ListSpec, Select[Any]]:
    rows, key = uses.used_lines(statement)
    line = StatementLine
    spec = ListSpec(
        noun="chỗ",
        key=key,
        default_sort="dong",
        title="Chỗ đã dùng dòng sao kê",
        file_name="cho-da-dung-dong-sao-ke",
        nothing_yet="Chưa có gì dùng tới các dòng của sao kê này.",
        row_url=_place,
        columns=[
            Col("dong", "Dòng", "ordinal", sort=line.ordinal),
            Col("ngay", "Ngày", "day", kind="day", sort=line.day),
            Col("vi_sao", "Vướng ở đâu", _why, kind="link", primary=True),
            Col("nd", "Nội dung", "text"),
            Col("co", "Ghi có (đ)", "credit", kind="amount", sort=line.credit),
            Col("no", "Ghi nợ (đ)", "debit", kind="amount", sort=line.debit),
        ],
    )
    return spec, rows


@bp.get("/hoan-lai/")
@allow(*READERS)
def undos() -> Response:
    """Requests to take statements back, waiting ones and answered ones."""
    rows = queries_undo.undos_for(current_user)
    listing = UNDOS.run(rows, request.args, request.path)
    return UNDOS.download(rows, request.args) or page(
        "statements/undos.html", "list", status=listing.status, listing=listing
    )


@bp.get("/<int:statement_id>/hoan-lai")
@allow(*READERS)
def undo(statement_id: int) -> Response:
    """What blocks the undoing of a statement, the request for it, and its answer."""
    statement = queries.statement_or_404(statement_id, for_user=current_user)
    spec, rows = _blockers(statement)
    return spec.download(rows, request.args) or _show(statement)


def _show(
    statement: Statement, form: UndoForm | None = None, answer: UndoAnswerForm | None = None
) -> Response:
    form, answer = form or UndoForm(formdata=None), answer or UndoAnswerForm(formdata=None)
    asked, unit_id = queries_undo.newest_undo(statement), statement.bank_account.unit_id
    waits = asked is not None and asked.approved is None
    spec, rows = _blockers(statement)
    blockers = spec.run(rows, request.args, request.path) if statement.state == "posted" else None
    return page(
        "statements/undo.html",
        "list",
        status=max(form.status, answer.status),
        statement=statement,
        asked=asked,
        waits=waits,
        own=asked is not None and asked.requested_by_id == current_user.id,
        listing=blockers,
        donors=uses.named_donors(statement) if statement.state == "posted" else 0,
        form=form,
        answer=answer,
        state=rules.STATES[statement.state],
        may_ask=statement.state == "posted" and not waits and may(current_user, (ACCOUNTANT,), unit_id),
        may_decide=waits and may(current_user, (APPROVER,), unit_id),
    )


@bp.post("/<int:statement_id>/hoan-lai")
@allow(ACCOUNTANT)
def ask_undo(statement_id: int) -> Response:
    """Ask another person to take the whole statement back."""
    statement = _of_role(statement_id, ACCOUNTANT)
    form = UndoForm()
    if form.validate_on_submit():
        try:
            undoing.request_undo(statement, reason=form.reason.data or "", by=me())
            return _done(statement_id, ASKED)
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return _show(queries.statement_or_404(statement_id, for_user=current_user), form)


@bp.post("/<int:statement_id>/hoan-lai/tra-loi")
@allow(APPROVER)
def answer_undo(statement_id: int) -> Response:
    """Take the statement back, or refuse. Of two answers at once the first one counts."""
    statement = _of_role(statement_id, APPROVER)
    asked = queries_undo.newest_undo(statement)
    if asked is None:
        abort(404)
    form = UndoAnswerForm()
    if form.validate_on_submit():
        approve = request.form.get("decision") == "approve"
        try:
            undoing.decide_undo(asked, approve=approve, answer=form.answer.data or "", by=me())
            return _done(statement_id, UNDONE if approve else KEPT)
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return _show(queries.statement_or_404(statement_id, for_user=current_user), answer=form)


def _of_role(statement_id: int, role: str) -> Statement:
    """The statement, if the person has the role in its unit; otherwise 404, or 403 for a reader."""
    statement = queries.statement_or_404(statement_id, for_user=current_user)
    if not may(current_user, (role,), statement.bank_account.unit_id):
        abort(403)
    return statement


def _done(statement_id: int, text: str) -> Response:
    response = go(url_for("statements.undo", statement_id=statement_id))
    flash(text)
    db.session.commit()
    return response
