"""Printed forms and minutes; sensitive fields only for a purpose, each reading noted. Part of the views."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, request, url_for
from flask_login import current_user
from sqlalchemy import select

from portal.frame import shows_sample
from portal.households.actions_private import log_file, log_reading, private_row
from portal.households.forms import PurposeForm
from portal.households.models_registry import Household
from portal.households.queries_registry import PRIVATE_READERS
from portal.households.rules_private import FIELDS
from portal.housing import documents, queries, rules
from portal.housing.models import HouseProject
from portal.housing.views import READERS, attempt, bp
from portal.kit.access import allow
from portal.kit.db import db
from portal.kit.pdf import pdf_answer, render_paper
from portal.kit.vietnamese import fold
from portal.kit.web import page

PAPER = "in"  # the button that asks for the paper instead of the page
WHATS = {"tien": rules.MONEY, "nha": rules.HOUSE}


def pdf(template: str, paper: Any, name: str) -> Response:
    """A paper as PDF."""
    return pdf_answer(render_paper(f"documents/{template}.html", paper=paper, sample=shows_sample()), name)


@bp.get("/phieu-trong.pdf")
@allow(*READERS)
def blank_survey() -> Response:
    """The survey form for the pen."""
    return pdf("house_survey", documents.survey_paper(), "phieu-khao-sat-nha-o-trong")


@bp.get("/kiem-tra-trong.pdf")
@allow(*READERS)
def blank_check() -> Response:
    """The completion check for the pen."""
    return pdf("house_check", documents.check_paper(), "bien-ban-kiem-tra-hoan-thanh-trong")


@bp.get('/bien-ban-<any("tien", "nha"):what>-trong.pdf')
@allow(*READERS)
def blank_minutes(what: str) -> Response:
    """Minutes of money or of the house for the pen."""
    kind = next(iter(queries.kinds()), None)
    paper = documents.minutes_paper(WHATS[what], commitment=kind.commitment if kind else "")
    return pdf("house_minutes", paper, f"bien-ban-ban-giao-{what}-trong")


@bp.get("/<int:project_id>/khao-sat.pdf")
@allow(*READERS)
def survey_pdf(project_id: int) -> Response:
    """The form with what is known, except what is sensitive: that is left to the pen."""
    project = queries.project_or_404(project_id, for_user=current_user)
    paper = documents.survey_paper(project, queries.survey_of(project))
    return pdf("house_survey", paper, f"phieu-khao-sat-{rules.code_of(project_id)}")


@bp.get("/<int:project_id>/kiem-tra/<int:check_id>.pdf")
@allow(*READERS)
def check_pdf(project_id: int, check_id: int) -> Response:
    """The completion check."""
    project = queries.project_or_404(project_id, for_user=current_user)
    paper = documents.check_paper(queries.check_or_404(project, check_id))
    return pdf("house_check", paper, f"kiem-tra-hoan-thanh-{rules.code_of(project_id)}")


@bp.get("/<int:project_id>/bien-ban/<int:handover_id>.pdf")
@allow(*READERS)
def minutes_pdf(project_id: int, handover_id: int) -> Response:
    """The minutes, with a dotted line for the CCCD."""
    project = queries.project_or_404(project_id, for_user=current_user)
    handover = queries.handover_or_404(project, handover_id)
    return pdf(
        "house_minutes",
        documents.minutes_paper(handover.what, handover),
        f"ban-giao-{rules.code_of(project_id)}",
    )


def _to_read(project_id: int) -> HouseProject:
    project = queries.project_or_404(project_id, for_user=current_user)
    if not queries.may_read_private(current_user, project):
        abort(403)
    return project


def _note_file(project: HouseProject, purpose: str | None) -> None:
    log_file(select(Household).where(Household.id == project.household_id), current_user, purpose)


@bp.route("/<int:project_id>/thong-tin-rieng", methods=["GET", "POST"])
@allow(*PRIVATE_READERS)
def private(project_id: int) -> Response:
    """Ask what for, note it, then show the head's sensitive fields, or print the survey with them."""
    project, form = _to_read(project_id), PurposeForm()
    as_paper = request.form.get("then") == PAPER
    if form.validate_on_submit():
        noted = _note_file if as_paper else lambda one, why: log_reading(one.household, current_user, why)
        if attempt(form, lambda: noted(project, form.purpose.data)):
            db.session.commit()
            project = _to_read(project_id)
            return _private_survey(project) if as_paper else _private_page(project)
        project = _to_read(project_id)
    return _ask_purpose(project, form, "Xem thông tin riêng", paper=("In phiếu khảo sát đủ mục", PAPER))


def _ask_purpose(
    project: HouseProject, form: PurposeForm, verb: str, paper: tuple[str, str] | None = None
) -> Response:
    home = url_for("housing.show", project_id=project.id)
    return page(
        "households/purpose.html",
        status=form.status,
        form=form,
        crumbs=[("Nhà ở", url_for("housing.index")), (project.head, home)],
        lead=f"Số căn cước, sức khỏe, dân tộc, tôn giáo của hộ {project.head}.",
        example="in phiếu khảo sát trình Ban vận động",
        verb=verb,
        paper=paper,
    )


def _private_page(project: HouseProject) -> Response:
    person = private_row(project.household_id, None)
    return page("housing/private.html", project=project, person=person, labels=FIELDS)


def _private_survey(project: HouseProject) -> Response:
    row = private_row(project.household_id, None)
    known = {name: getattr(row, name) for name in FIELDS} if row else {}
    paper = documents.survey_paper(project, queries.survey_of(project), private=known)
    return pdf("house_survey", paper, f"phieu-khao-sat-{rules.code_of(project.id)}")


@bp.route("/<int:project_id>/bien-ban/<int:handover_id>/can-cuoc", methods=["GET", "POST"])
@allow(*PRIVATE_READERS)
def private_minutes(project_id: int, handover_id: int) -> Response:
    """The minutes with the CCCD of the head who receives: for a purpose, noted."""
    project, form = _to_read(project_id), PurposeForm()
    handover = queries.handover_or_404(project, handover_id)
    if form.validate_on_submit():
        if attempt(form, lambda: _note_file(project, form.purpose.data)):
            db.session.commit()
            handover = queries.handover_or_404(_to_read(project_id), handover_id)
            paper = documents.minutes_paper(handover.what, handover, cccd=_cccd(handover))
            return pdf("house_minutes", paper, f"ban-giao-{rules.code_of(project_id)}")
        project = _to_read(project_id)
    return _ask_purpose(project, form, "In biên bản")


def _cccd(handover: Any) -> str | None:
    """Only of the head, when the head receives."""
    project = handover.project
    known = private_row(project.household_id, None)
    return known.cccd if known and fold(handover.receiver_name) == fold(project.head) else None
