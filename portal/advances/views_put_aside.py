"""Money put aside on screen: list, one item, keeping it, asking to end it, answering."""

from __future__ import annotations

from flask import Response, abort, flash, request, url_for
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.advances import actions_put_aside as actions
from portal.advances import documents, lists, queries
from portal.advances.forms import AnswerForm, EndForm, PutAsideForm
from portal.advances.models import PutAside
from portal.advances.rules import RELEASE, WISHES
from portal.advances.views import READERS, WRITERS, bp
from portal.cash.rules import BOX
from portal.frame import shows_sample
from portal.kit.access import ACCOUNTANT, APPROVER, allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.forms import PortalForm
from portal.kit.money import format_amount
from portal.kit.pdf import pdf_answer, render_paper
from portal.kit.web import go, page
from portal.people.queries import may
from portal.spending.models import DecisionRow, Voucher, VoucherRow
from portal.spending.queries import vouchers_for

IN_BOX, IN_HAND = "ket", "tay"


@bp.get("/tien-giu-ho/")
@allow(*READERS)
def put_aside() -> Response:
    """Money kept for receivers who were absent."""
    spec = lists.items_list(lambda item: url_for("advances.item", item_id=item.id))
    rows = queries.items_for(current_user).options(
        joinedload(PutAside.unit), joinedload(PutAside.decision_row).joinedload(DecisionRow.decision)
    )
    listing = spec.run(rows, request.args, request.path)
    return spec.download(rows, request.args) or page(
        "advances/put_aside.html", "list", status=listing.status, listing=listing
    )


@bp.route("/tien-giu-ho/moi/<int:row_id>", methods=["GET", "POST"])
@allow(*WRITERS)
def new_item(row_id: int) -> Response:
    """Keep money of a paid row whose receiver did not come."""
    row = _row_or_404(row_id)
    if not may(current_user, WRITERS, row.voucher.unit_id):
        abort(403)
    form = PutAsideForm()
    if request.method == "GET":
        form.amount.data = row.amount - queries.kept_of_rows(row.voucher).get(row.id, 0)
    if form.validate_on_submit():
        try:
            item = actions.put_aside(row, **form.values(), by=current_user)
            response = go(url_for("advances.item", item_id=item.id))
            flash(f"Đã ghi giữ {format_amount(item.amount)} đ cho {item.receiver}.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            row = _row_or_404(row_id)
            form.add_refusal(refused)
    return page("advances/new_item.html", form=form, row=row, status=form.status)


def _row_or_404(row_id: int) -> VoucherRow:
    """A row of a voucher that the person may read; otherwise 404."""
    mine = vouchers_for(current_user).with_only_columns(Voucher.id)
    return db.one_or_404(select(VoucherRow).where(VoucherRow.id == row_id, VoucherRow.voucher_id.in_(mine)))


@bp.get("/tien-giu-ho/<int:item_id>")
@allow(*READERS)
def item(item_id: int) -> Response:
    """One item."""
    return _show(queries.item_or_404(item_id, for_user=current_user))


def _show(one: PutAside, end_form: EndForm | None = None, answer_form: PortalForm | None = None) -> Response:
    end_form = end_form or _end_form(one)
    answer_form = answer_form or AnswerForm(None)
    state = lists.item_state(one)
    return page(
        "advances/item.html",
        status=max(end_form.status, answer_form.status),
        item=one,
        state=state,
        states=lists.ITEM_STATES,
        wishes=WISHES,
        end_form=end_form,
        answer_form=answer_form,
        may_ask=state == lists.OPEN and may(current_user, WRITERS, one.unit_id),
        may_answer=state == lists.WAITING
        and may(current_user, APPROVER, one.unit_id)
        and one.asked_by_id != current_user.id,
    )


def _end_form(one: PutAside) -> EndForm:
    form = EndForm()
    places = [(IN_HAND, "Tiền mặt tôi đang giữ")]
    if may(current_user, ACCOUNTANT, one.unit_id):
        places.insert(0, (IN_BOX, BOX))
    form.place.offer(places)
    return form


@bp.get("/tien-giu-ho/<int:item_id>.pdf")
@allow(*READERS)
def release_pdf(item_id: int) -> Response:
    """The phiếu chi of an item that its receiver got."""
    one = queries.item_or_404(item_id, for_user=current_user)
    if one.ended != RELEASE:
        abort(404)
    html = render_paper(
        "documents/voucher.html", papers=[documents.release_paper(one)], sample=shows_sample()
    )
    return pdf_answer(html, f"phieu-chi-giu-ho-{item_id}")


@bp.post("/tien-giu-ho/<int:item_id>/de-nghi")
@allow(*WRITERS)
def ask_end(item_id: int) -> Response:
    """Ask to release the money, or to return it to its campaign."""
    one = queries.item_or_404(item_id, for_user=current_user)
    if not may(current_user, WRITERS, one.unit_id):
        abort(403)
    form = _end_form(one)
    if form.validate_on_submit():
        try:
            actions.ask_to_end(
                one,
                wish=form.wish.data,
                reason=form.reason.data or "",
                taken_by=form.taken_by.data,
                relation=form.relation.data,
                holder=None if form.place.data == IN_BOX else current_user,
                by=current_user,
            )
            response = go(url_for("advances.item", item_id=item_id))
            flash("Đã gửi đề nghị, chờ người khác duyệt.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return _show(queries.item_or_404(item_id, for_user=current_user), end_form=form)


@bp.post("/tien-giu-ho/<int:item_id>/tra-loi")
@allow(APPROVER)
def answer_end(item_id: int) -> Response:
    """Approve what was asked, or refuse it with a reason."""
    one = queries.item_or_404(item_id, for_user=current_user)
    if not may(current_user, APPROVER, one.unit_id):
        abort(403)
    form, approved = AnswerForm(), request.form.get("verdict") == "approve"
    if form.validate_on_submit():
        try:
            posting = actions.answer_end(
                one, approve=approved, answer=form.answer.data or "", by=current_user
            )
            response = go(url_for("advances.item", item_id=item_id))
            flash("Đã duyệt, sổ đã ghi." if posting else "Đã trả lời không duyệt.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return _show(queries.item_or_404(item_id, for_user=current_user), answer_form=form)
