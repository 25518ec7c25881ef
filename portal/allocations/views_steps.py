"""What is done with an allocation: confirmed by the receiver, explained by the sender, decided, asked back."""

from __future__ import annotations

from flask import Response, abort, flash, request, url_for
from flask_login import current_user

from portal.allocations import queries, rules
from portal.allocations.actions import confirm
from portal.allocations.differences import ask_difference, decide_difference
from portal.allocations.forms import AnswerForm, DifferenceForm
from portal.allocations.models import Allocation
from portal.allocations.views import (
    WRITERS,
    bp,
    chosen_place,
    confirm_form,
    propose,
    show_page,
)
from portal.kit.access import APPROVER, allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.forms import ReasonForm
from portal.kit.money import format_amount
from portal.kit.web import go, page
from portal.ledger import actions as ledger
from portal.ledger.models import Posting
from portal.ledger.queries import open_request_of, reversal_of
from portal.people.queries import may


def _load(voucher_id: int) -> Allocation:
    return queries.allocation_or_404(voucher_id, for_user=current_user)


def _there(voucher_id: int) -> Response:
    return go(url_for("allocations.show", voucher_id=voucher_id))


@bp.post("/<int:voucher_id>/nhan")
@allow(*WRITERS)
def receive(voucher_id: int) -> Response:
    """The receiving unit confirms what has come."""
    allocation = _load(voucher_id)
    if not may(current_user, WRITERS, allocation.to_unit_id):
        abort(403)
    form = confirm_form(allocation)
    if form.validate_on_submit():
        try:
            receipt = confirm(
                allocation,
                amount=form.amount.data,
                received_on=form.day.data,
                note=form.note.data,
                by=current_user,
                **chosen_place(form.place.data, current_user),
            )
            response = _there(voucher_id)
            rest = f", còn {format_amount(allocation.left)} đ đang chuyển" if allocation.left else ""
            flash(f"Đã xác nhận nhận {format_amount(receipt.amount)} đ{rest}.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            allocation = _load(voucher_id)
            form = confirm_form(allocation)
            form.validate()
            form.add_refusal(refused)
    return show_page(allocation, form, AnswerForm(None))


def _difference_form(allocation: Allocation) -> DifferenceForm:
    form = DifferenceForm()
    propose(form, allocation, allocation.unit)
    return form


@bp.route("/<int:voucher_id>/chenh-lech", methods=["GET", "POST"])
@allow(*WRITERS)
def explain(voucher_id: int) -> Response:
    """The sender names what became of money that nobody will confirm."""
    allocation = _load(voucher_id)
    if not may(current_user, WRITERS, allocation.unit_id):
        abort(403)
    form = _difference_form(allocation)
    if request.method == "POST" and form.validate_on_submit():
        try:
            _check_place(form)
            asked = ask_difference(
                allocation,
                cause=form.cause.data,
                amount=form.amount.data,
                reason=form.reason.data,
                by=current_user,
                **chosen_place(form.place.data, current_user),
            )
            response = _there(voucher_id)
            flash(f"Đã đề nghị ghi chênh lệch {format_amount(asked.amount)} đ, chờ người duyệt.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            allocation = _load(voucher_id)
            form = _difference_form(allocation)
            form.validate()
            form.add_refusal(refused)
    return page("allocations/explain.html", allocation=allocation, form=form, status=form.status)


def _check_place(form: DifferenceForm) -> None:
    """Returned money is somewhere. Raises Refused."""
    if form.cause.data == rules.RETURNED and form.place.data is None:
        raise Refused("Chưa chọn nơi tiền trở lại. Chọn két, người giữ hoặc tài khoản.", "place")


@bp.post("/<int:voucher_id>/chenh-lech/<int:difference_id>")
@allow(APPROVER)
def decide(voucher_id: int, difference_id: int) -> Response:
    """Approve or refuse a difference. Of two answers at once the first one counts."""
    allocation = _load(voucher_id)
    difference, form = queries.difference_of(allocation, difference_id), AnswerForm()
    if not may(current_user, APPROVER, allocation.unit_id):
        abort(403)
    if form.validate_on_submit():
        approve = request.form.get("decision") == "approve"
        try:
            decide_difference(difference, approve=approve, answer=form.answer.data or "", by=current_user)
            response = _there(voucher_id)
            flash("Đã duyệt: chênh lệch đã ghi sổ." if approve else "Đã trả lời: không duyệt.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            allocation = _load(voucher_id)
            form.add_refusal(refused)
    return show_page(allocation, confirm_form(allocation), form)


@bp.route("/<int:voucher_id>/dao/<int:number>", methods=["GET", "POST"])
@allow(*WRITERS)
def ask_reversal(voucher_id: int, number: int) -> Response:
    """Ask another person to reverse a confirmation (in both units) or a difference."""
    allocation = _load(voucher_id)
    posting = queries.posting_of(allocation, number)
    if not may(current_user, WRITERS, posting.unit_id):
        abort(403)
    form = ReasonForm()
    if request.method == "POST" and form.validate_on_submit():
        try:
            ledger.request_reversal(posting, reason=form.reason.data or "", by=current_user)
            response = _there(voucher_id)
            flash("Đã gửi đề nghị đảo. Người duyệt sẽ thấy trong “Việc của tôi”.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            allocation = _load(voucher_id)
            form.add_refusal(refused)
    return _ask_page(allocation, posting, form)


def _ask_page(allocation: Allocation, posting: Posting, form: ReasonForm) -> Response:
    return page(
        "allocations/ask_reversal.html",
        allocation=allocation,
        posting=posting,
        amount=sum(line.amount for line in posting.transfers),
        both=queries.receipt_of(posting.number) is not None,
        done=reversal_of(posting.number),
        waiting=open_request_of(posting.number),
        form=form,
        status=form.status,
    )
