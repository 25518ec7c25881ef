"""What somebody has asked about gifts and another person decides: another campaign, money back; and the payment's paper."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, request, url_for
from flask_login import current_user

from portal.donations import actions, documents, queries
from portal.donations.forms_later import AnswerForm
from portal.donations.lists_requests import reclassifications_list, refunds_list
from portal.donations.models import ReclassificationRequest, Refund
from portal.donations.views import READERS, WRITERS, bp
from portal.frame import shows_sample
from portal.kit.access import APPROVER, allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.forms import ReasonForm
from portal.kit.pdf import pdf_answer, render_paper
from portal.kit.web import go, page
from portal.ledger import actions as ledger
from portal.ledger.queries import open_request_of, reversal_of
from portal.people.queries import may

MOVE, BACK = "chuyen-dot", "hoan-tra"
DECIDE: dict[str, Any] = {MOVE: actions.decide_reclassification, BACK: actions.decide_refund}
DONE = {MOVE: "Đã duyệt: khoản tính vào đợt mới.", BACK: "Đã duyệt: chứng từ hoàn trả đã ghi sổ."}


@bp.get("/de-nghi/chuyen-dot/", defaults={"what": MOVE})
@bp.get("/de-nghi/hoan-tra/", defaults={"what": BACK})
@allow(*READERS)
def requests(what: str) -> Response:
    """Requests of one kind, waiting ones and answered ones."""
    spec, rows = (
        (reclassifications_list(_row_url), queries.reclassification_requests_for(current_user))
        if what == MOVE
        else (refunds_list(_row_url), queries.refund_requests_for(current_user))
    )
    listing = spec.run(rows, request.args, request.path)
    return spec.download(rows, request.args) or page(
        "donations/requests.html", "list", status=listing.status, listing=listing, what=what
    )


def _row_url(asked: ReclassificationRequest | Refund) -> str:
    what = MOVE if isinstance(asked, ReclassificationRequest) else BACK
    return url_for("donations.show_request", what=what, request_id=asked.id)


def _asked(what: str, request_id: int) -> Any:
    found = queries.reclassification_or_404 if what == MOVE else queries.refund_or_404
    return found(request_id, for_user=current_user)


@bp.get("/de-nghi/chuyen-dot/<int:request_id>", defaults={"what": MOVE})
@bp.get("/de-nghi/hoan-tra/<int:request_id>", defaults={"what": BACK})
@allow(*READERS)
def show_request(what: str, request_id: int) -> Response:
    """One request with the gift it is about."""
    return _show(what, _asked(what, request_id), AnswerForm())


def _show(what: str, asked: Any, form: AnswerForm, reason: ReasonForm | None = None) -> Response:
    gift, number = asked.donation, asked.posting_number
    reversal = reversal_of(number) if number else None
    reversing = open_request_of(number) if number else None
    reason = reason or ReasonForm(None)
    return page(
        "donations/request.html",
        what=what,
        asked=asked,
        gift=gift,
        parts=queries.parts_of(gift),
        form=form,
        reason=reason,
        status=max(form.status, reason.status),
        reversal=reversal,
        reversing=reversing,
        may_reverse=number is not None
        and reversal is None
        and reversing is None
        and may(current_user, WRITERS, gift.unit_id),
        own=asked.requested_by_id == current_user.id,
        may_decide=asked.approved is None and may(current_user, APPROVER, gift.unit_id),
        place=documents.place_of(asked) if what == BACK else None,
    )


@bp.post("/de-nghi/chuyen-dot/<int:request_id>", defaults={"what": MOVE})
@bp.post("/de-nghi/hoan-tra/<int:request_id>", defaults={"what": BACK})
@allow(APPROVER)
def decide_request(what: str, request_id: int) -> Response:
    """Approve or refuse. Of two answers at once the first one counts."""
    asked = _asked(what, request_id)
    if not may(current_user, APPROVER, asked.donation.unit_id):
        abort(403)
    form = AnswerForm()
    if form.validate_on_submit():
        approve = request.form.get("decision") == "approve"
        try:
            DECIDE[what](asked, approve=approve, answer=form.answer.data or "", by=current_user)
            response = go(url_for("donations.show_request", what=what, request_id=request_id))
            flash(DONE[what] if approve else "Đã trả lời: không duyệt.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return _show(what, _asked(what, request_id), form)


@bp.post("/de-nghi/chuyen-dot/<int:request_id>/dao", defaults={"what": MOVE})
@bp.post("/de-nghi/hoan-tra/<int:request_id>/dao", defaults={"what": BACK})
@allow(*WRITERS)
def reverse_request(what: str, request_id: int) -> Response:
    """Ask another person to reverse the document that the approved request has made."""
    asked = _asked(what, request_id)
    if not may(current_user, WRITERS, asked.donation.unit_id):
        abort(403)
    if asked.posting is None:
        abort(404)
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            ledger.request_reversal(asked.posting, reason=form.reason.data or "", by=current_user)
            response = go(url_for("donations.show_request", what=what, request_id=request_id))
            flash("Đã gửi đề nghị đảo. Người duyệt sẽ thấy trong “Việc của tôi”.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return _show(what, _asked(what, request_id), AnswerForm(None), form)


@bp.get("/de-nghi/hoan-tra/<int:request_id>/phieu-chi.pdf")
@allow(*READERS)
def payment_pdf(request_id: int) -> Response:
    """The paper of the money given back, on A5 landscape."""
    refund = queries.refund_or_404(request_id, for_user=current_user)
    if refund.posting is None:
        abort(404)
    paper = documents.payment_of(refund)
    html = render_paper("documents/refund.html", paper=paper, sample=shows_sample())
    return pdf_answer(html, f"phieu-chi-{request_id}")
