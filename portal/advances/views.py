"""Advances on screen: list, one advance with its settlements, their answers and papers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, request, url_for
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.advances import actions, documents, lists, queries
from portal.advances.forms import AnswerForm, settle_form_for
from portal.advances.models import Settlement
from portal.frame import shows_sample
from portal.kit.access import ACCOUNTANT, ADMINISTRATOR, APPROVER, AUDITOR, RECORDER, allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.forms import PortalForm
from portal.kit.money import format_amount
from portal.kit.pdf import pdf_answer, render_paper
from portal.kit.web import go, page
from portal.people.models import User
from portal.people.queries import may
from portal.spending.models import Voucher

bp = Blueprint("advances", __name__, url_prefix="/quan-ly/tam-ung")
READERS = (RECORDER, ACCOUNTANT, APPROVER, AUDITOR, ADMINISTRATOR)
WRITERS = (RECORDER, ACCOUNTANT)


@bp.get("/")
@allow(*READERS)
def index() -> Response:
    """Who took how much along, since when, and what is still open."""
    taken = select(User.id, User.name).where(
        User.id.in_(queries.advances_for(current_user).with_only_columns(Voucher.officer_id))
    )
    people = [(row.id, row.name) for row in db.session.execute(taken.order_by(User.name))]
    spec = lists.advances_list(people, lambda row: url_for("advances.show", voucher_id=row.Voucher.id))
    rows = queries.listed_advances(current_user).options(joinedload(Voucher.officer))
    listing = spec.run(rows, request.args, request.path)
    return spec.download(rows, request.args) or page(
        "advances/index.html", "list", status=listing.status, listing=listing
    )


@bp.get("/<int:voucher_id>")
@allow(*READERS)
def show(voucher_id: int) -> Response:
    """One advance."""
    return _show(queries.advance_or_404(voucher_id, for_user=current_user))


def _show(advance: Voucher, form: Any = None, answered: tuple[int, PortalForm] | None = None) -> Response:
    """The page of an advance; a form that came back keeps what was typed."""
    open_of = queries.open_rows(advance)
    rows = [row for row in advance.live_rows if open_of[row.id] > 0]
    form = form or settle_form_for(rows, open_of)
    status = max(form.status, answered[1].status if answered else 200)
    return page(
        "advances/advance.html",
        status=status,
        advance=advance,
        rows=rows,
        open_of=open_of,
        settlements=queries.settlements_of(advance),
        form=form,
        answered=answered,
        answer_form=AnswerForm(None),
        may_settle=may_settle(advance),
        may_answer=may(current_user, APPROVER, advance.unit_id) and advance.officer_id != current_user.id,
    )


def may_settle(advance: Voucher) -> bool:
    """Whoever writes in the unit; a recorder only for their own advance."""
    own = advance.officer_id == current_user.id and may(current_user, WRITERS, advance.unit_id)
    return own or may(current_user, ACCOUNTANT, advance.unit_id)


@bp.post("/<int:voucher_id>")
@allow(*WRITERS)
def settle(voucher_id: int) -> Response:
    """Tell what became of the money."""
    advance = queries.advance_or_404(voucher_id, for_user=current_user)
    if not may_settle(advance):
        abort(403)
    open_of = queries.open_rows(advance)
    rows = [row for row in advance.live_rows if open_of[row.id] > 0]
    form = settle_form_for(rows, open_of)
    if form.validate_on_submit():
        try:
            told = form.told([row.id for row in rows])
            actions.settle(
                advance, rows=told, settled_on=form.settled_on.data, papers=form.papers.data, by=current_user
            )
            response = go(url_for("advances.show", voucher_id=voucher_id))
            flash("Đã lập giấy thanh toán, chờ người khác duyệt.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            advance = queries.advance_or_404(voucher_id, for_user=current_user)
            form.add_refusal(refused)
    return _show(advance, form)


@bp.post("/thanh-toan/<int:settlement_id>/duyet")
@allow(APPROVER)
def approve(settlement_id: int) -> Response:
    """The settlement is right."""
    return _answer(settlement_id, approved=True)


@bp.post("/thanh-toan/<int:settlement_id>/khong-duyet")
@allow(APPROVER)
def refuse(settlement_id: int) -> Response:
    """The settlement is wrong, and why."""
    return _answer(settlement_id, approved=False)


def _answer(settlement_id: int, *, approved: bool) -> Response:
    settlement = queries.settlement_or_404(settlement_id, for_user=current_user)
    if not may(current_user, APPROVER, settlement.voucher.unit_id):
        abort(403)
    form, voucher_id = AnswerForm(), settlement.voucher_id
    if form.validate_on_submit():
        try:
            actions.answer_settlement(
                settlement, approve=approved, answer=form.answer.data or "", by=current_user
            )
            response = go(url_for("advances.show", voucher_id=voucher_id))
            flash(_said(settlement, approved))
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return _show(queries.advance_or_404(voucher_id, for_user=current_user), answered=(settlement_id, form))


def _said(settlement: Settlement, approved: bool) -> str:
    if not approved:
        return "Đã trả lời không duyệt. Người lập thấy lý do ở khoản tạm ứng."
    return f"Đã thanh toán {format_amount(settlement.amount)} đ tạm ứng."


@bp.get("/thanh-toan/<int:settlement_id>.pdf")
@allow(*READERS)
def settlement_pdf(settlement_id: int) -> Response:
    """Giấy thanh toán tiền tạm ứng."""
    settlement = queries.settlement_or_404(settlement_id, for_user=current_user)
    paper = documents.settlement_paper(settlement)
    html = render_paper("documents/settlement.html", paper=paper, sample=shows_sample())
    return pdf_answer(html, f"thanh-toan-tam-ung-{settlement_id}")


from portal.advances import views_put_aside  # noqa: E402, F401  (its pages belong to this blueprint)
