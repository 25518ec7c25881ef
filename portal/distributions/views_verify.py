"""Hậu kiểm on screen, and the consent of a household to be named."""

from __future__ import annotations

from flask import Response, abort, flash, request, url_for
from flask_login import current_user

from portal.distributions import actions_verify as actions
from portal.distributions import documents_verify, queries
from portal.distributions import queries_verify as found
from portal.distributions.forms_handover import ConsentForm, DrawForm, ReasonForm, VerdictForm
from portal.distributions.models import Distribution
from portal.distributions.rules_handover import VERDICTS
from portal.distributions.views import bp
from portal.distributions.views_handover import handed_out, handed_out_to_write
from portal.frame import shows_sample
from portal.kit.access import APPROVER, AUDITOR, allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.forms import PortalForm
from portal.kit.pdf import pdf_answer, render_paper
from portal.kit.web import go, page
from portal.people.queries import may

VERIFIERS = (*queries.WRITERS, APPROVER, AUDITOR)
"""Who goes and asks: the supervisors too, who change nothing else."""


def _to_verify(distribution_id: int) -> Distribution:
    distribution = handed_out(distribution_id)
    if not may(current_user, VERIFIERS, distribution.unit_id):
        abort(403)
    return distribution


@bp.get("/<int:distribution_id>/hau-kiem")
@allow(*queries.READERS)
def verification(distribution_id: int) -> Response:
    """Whom to ask, what they said, what it comes to."""
    return _show(handed_out(distribution_id))


def _show(
    distribution: Distribution, form: DrawForm | None = None, answered: tuple[int, PortalForm] | None = None
) -> Response:
    form = form or DrawForm(formdata=None)
    return page(
        "distributions/verification.html",
        status=max(form.status, answered[1].status if answered else 200),
        distribution=distribution,
        draws=found.draws_of(distribution),
        verifications=found.verifications_of(distribution),
        counts=found.verdicts_of(distribution),
        left=len(actions.to_draw_from(distribution)),
        verdicts=VERDICTS,
        form=form,
        answered=answered,
        verdict_form=VerdictForm(formdata=None),
        may_verify=may(current_user, VERIFIERS, distribution.unit_id),
    )


@bp.post("/<int:distribution_id>/hau-kiem")
@allow(*VERIFIERS)
def draw(distribution_id: int) -> Response:
    """Choose everybody, or so many by chance."""
    distribution, form = _to_verify(distribution_id), DrawForm()
    try:
        if form.validate_on_submit():
            every = request.form.get("how") == "all"
            size = None if every else _number(form.size.data, "size", "Chưa ghi số hộ. Ghi một số, ví dụ 10.")
            seed = _number(form.seed.data, "seed", "") if form.seed.data else None
            actions.draw_rows(distribution, size=size, seed=seed, by=current_user)
            response = go(url_for("distributions.verification", distribution_id=distribution_id))
            flash("Đã chọn hộ hậu kiểm.")
            db.session.commit()
            return response
    except Refused as refused:
        db.session.rollback()
        form.add_refusal(refused)
    return _show(handed_out(distribution_id), form)


def _number(text: str | None, field: str, blank: str) -> int:
    if not text:
        raise Refused(blank, field)
    if not text.isdecimal():
        raise Refused(f"“{text}” không phải là số. Gõ số nguyên.", field)
    return int(text)


@bp.post("/hau-kiem/<int:verification_id>")
@allow(*VERIFIERS)
def verdict(verification_id: int) -> Response:
    """What one household said."""
    one = found.verification_or_404(verification_id, for_user=current_user)
    distribution_id, form = one.row.distribution_id, VerdictForm()
    _to_verify(distribution_id)
    if form.validate_on_submit():
        try:
            actions.record_verdict(
                one,
                verdict=form.verdict.data,
                verified_on=form.verified_on.data,
                note=form.note.data,
                by=current_user,
            )
            url = url_for("distributions.verification", distribution_id=distribution_id)
            response = go(f"{url}#ho-{verification_id}")
            flash(f"Đã ghi hậu kiểm: {one.row.receiver}.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return _show(handed_out(distribution_id), answered=(verification_id, form))


@bp.get("/<int:distribution_id>/hau-kiem.pdf")
@allow(*queries.READERS)
def verification_pdf(distribution_id: int) -> Response:
    """The form to take along, and the minutes when it is filled in."""
    distribution = handed_out(distribution_id)
    paper = documents_verify.verification_paper(distribution, current_user.name)
    html = render_paper("documents/verification.html", paper=paper, sample=shows_sample())
    return pdf_answer(html, f"hau-kiem-{distribution_id}")


# --- consent ---------------------------------------------------------------------------------------------


@bp.route("/<int:distribution_id>/trao/<int:row_id>/dong-y", methods=["GET", "POST"])
@allow(*queries.WRITERS)
def consent(distribution_id: int, row_id: int) -> Response:
    """The household agrees that its name is shown: never ticked beforehand, always on a paper."""
    distribution, form = handed_out_to_write(distribution_id), ConsentForm()
    row = queries.row_or_404(distribution, row_id)
    if form.validate_on_submit():
        try:
            actions.record_consent(row, **form.values(), by=current_user)
            response = go(url_for("distributions.row", distribution_id=distribution_id, row_id=row_id))
            flash("Đã ghi đồng ý công khai tên.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            row = queries.row_or_404(handed_out(distribution_id), row_id)
            form.add_refusal(refused)
    return page(
        "distributions/consent.html", status=form.status, distribution=distribution, row=row, form=form
    )


@bp.route("/<int:distribution_id>/trao/<int:row_id>/rut-dong-y", methods=["GET", "POST"])
@allow(*queries.WRITERS)
def withdraw_consent(distribution_id: int, row_id: int) -> Response:
    """The name is not shown any more."""
    distribution, form = handed_out_to_write(distribution_id), ReasonForm()
    row = queries.row_or_404(distribution, row_id)
    if form.validate_on_submit():
        try:
            actions.withdraw_consent(row, reason=form.reason.data or "", by=current_user)
            response = go(url_for("distributions.row", distribution_id=distribution_id, row_id=row_id))
            flash("Đã rút lại đồng ý, tên không còn hiện ở trang công khai.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            row = queries.row_or_404(handed_out(distribution_id), row_id)
            form.add_refusal(refused)
    return page(
        "distributions/consent_end.html", status=form.status, distribution=distribution, row=row, form=form
    )
