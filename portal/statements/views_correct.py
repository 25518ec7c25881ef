"""Saying that a statement's gift is none, and the answer of a second person."""

from __future__ import annotations

from flask import Response, abort, flash, request, url_for
from flask_login import current_user

from portal.donations.forms_later import AnswerForm
from portal.donations.models import Donation
from portal.donations.queries import donation_or_404
from portal.kit.access import ACCOUNTANT, APPROVER, allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.forms import ReasonForm
from portal.kit.web import go, page
from portal.people.queries import may
from portal.statements.correcting import correction_or_404, decide_correction, request_correction
from portal.statements.models_settling import LineCorrection
from portal.statements.transit import STATEMENT
from portal.statements.views import READERS, bp, me


def _gift(code: str) -> Donation:
    """A gift that a statement brought, of a unit for which the person is accountant; otherwise 404."""
    gift = donation_or_404(code, for_user=current_user)
    if gift.posting.kind != STATEMENT or not may(current_user, (ACCOUNTANT,), gift.unit_id):
        abort(404)
    return gift


@bp.get("/khong-phai-ung-ho/<code>")
@allow(ACCOUNTANT)
def correction_form(code: str) -> Response:
    """Why this line is no gift."""
    return page("statements/correction_form.html", gift=_gift(code), form=ReasonForm())


@bp.post("/khong-phai-ung-ho/<code>")
@allow(ACCOUNTANT)
def ask_correction(code: str) -> Response:
    """Send the request to whoever approves."""
    gift, form = _gift(code), ReasonForm()
    if form.validate_on_submit():
        try:
            asked = request_correction(gift, reason=form.reason.data or "", by=me())
            response = go(url_for("statements.correction", request_id=asked.id))
            flash("Đã gửi đề nghị. Người duyệt sẽ thấy trong “Việc của tôi”.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return page("statements/correction_form.html", status=422, gift=_gift(code), form=form)


@bp.get("/rut-khoan/<int:request_id>")
@allow(*READERS)
def correction(request_id: int) -> Response:
    """One request with its gift."""
    return _show(correction_or_404(request_id, for_user=current_user), AnswerForm())


def _show(asked: LineCorrection, form: AnswerForm) -> Response:
    return page(
        "statements/correction.html",
        status=form.status,
        asked=asked,
        gift=asked.donation,
        form=form,
        own=asked.requested_by_id == current_user.id,
        may_decide=asked.approved is None and may(current_user, (APPROVER,), asked.donation.unit_id),
    )


@bp.post("/rut-khoan/<int:request_id>")
@allow(APPROVER)
def answer_correction(request_id: int) -> Response:
    """Approve or refuse. Of two answers at once the first one counts."""
    asked = correction_or_404(request_id, for_user=current_user)
    if not may(current_user, (APPROVER,), asked.donation.unit_id):
        abort(403)
    form = AnswerForm()
    if form.validate_on_submit():
        approve = request.form.get("decision") == "approve"
        try:
            decide_correction(asked, approve=approve, answer=form.answer.data or "", by=me())
            response = go(url_for("statements.correction", request_id=request_id))
            flash(
                "Đã rút khoản. Dòng sao kê trở lại hàng chờ xác định."
                if approve
                else "Đã trả lời: không duyệt."
            )
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return _show(correction_or_404(request_id, for_user=current_user), form)
