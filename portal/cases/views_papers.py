"""Printed forms and minutes; sensitive fields only for a purpose, each reading noted. Part of the views."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, request, url_for
from flask_login import current_user
from sqlalchemy import select

from portal.cases import documents, queries, rules
from portal.cases.actions_survey import health_of
from portal.cases.models import AidField, AidQuestion, SupportCase
from portal.cases.views import READERS, bp
from portal.frame import shows_sample
from portal.households.actions_private import log_file, log_reading, private_row
from portal.households.forms import PurposeForm
from portal.households.models_registry import Household
from portal.households.queries_registry import PRIVATE_READERS
from portal.households.rules_private import FIELDS
from portal.kit.access import allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.pdf import pdf_answer, render_paper
from portal.kit.web import page

PAPER = "in"  # the button that asks for the paper instead of the page


def _field(field_id: int) -> AidField:
    found = db.session.get(AidField, field_id)
    if found is None:
        abort(404)
    return found


@bp.get("/phieu-trong/<int:field_id>.pdf")
@allow(*READERS)
def blank_survey(field_id: int) -> Response:
    """The survey form of a field for the pen."""
    return _survey_pdf(documents.survey_paper(_field(field_id)), f"phieu-khao-sat-trong-{field_id}")


@bp.get("/bien-ban-trong/<int:field_id>.pdf")
@allow(*READERS)
def blank_minutes(field_id: int) -> Response:
    """The minutes of a field for the pen."""
    return _minutes_pdf(documents.blank_minutes(_field(field_id)), f"bien-ban-trong-{field_id}")


def _survey_pdf(paper: documents.SurveyPaper, name: str) -> Response:
    return pdf_answer(render_paper("documents/case_survey.html", paper=paper, sample=shows_sample()), name)


def _minutes_pdf(paper: documents.MinutesPaper, name: str) -> Response:
    return pdf_answer(render_paper("documents/case_minutes.html", paper=paper, sample=shows_sample()), name)


@bp.get("/<int:case_id>/khao-sat.pdf")
@allow(*READERS)
def survey_pdf(case_id: int) -> Response:
    """The form with what is known, except what is sensitive: that is left to the pen."""
    case = queries.case_or_404(case_id, for_user=current_user)
    paper = documents.survey_paper(case.field, case, queries.survey_of(case))
    return _survey_pdf(paper, f"phieu-khao-sat-{case_id}")


@bp.get("/<int:case_id>/bien-ban/<int:handover_id>.pdf")
@allow(*READERS)
def minutes_pdf(case_id: int, handover_id: int) -> Response:
    """The minutes, with a dotted line for the CCCD."""
    case = queries.case_or_404(case_id, for_user=current_user)
    paper = documents.minutes_paper(queries.handover_or_404(case, handover_id))
    return _minutes_pdf(paper, f"bien-ban-ban-giao-{handover_id}")


def _to_read(case_id: int) -> SupportCase:
    case = queries.case_or_404(case_id, for_user=current_user)
    if not queries.may_read_private(current_user, case):
        abort(403)
    return case


@bp.route("/<int:case_id>/thong-tin-rieng", methods=["GET", "POST"])
@allow(*PRIVATE_READERS)
def private(case_id: int) -> Response:
    """Ask what for, note it, then show the answers about health, or print the form with all that is sensitive."""
    case, form = _to_read(case_id), PurposeForm()
    as_paper = request.form.get("then") == PAPER
    if form.validate_on_submit():
        try:
            if as_paper:
                mine = select(Household).where(Household.id == case.household_id)
                log_file(mine, current_user, form.purpose.data)
            else:
                log_reading(case.household, current_user, form.purpose.data)
            db.session.commit()
            return _private_paper(_to_read(case_id)) if as_paper else _private_page(_to_read(case_id))
        except Refused as refused:
            db.session.rollback()
            case = _to_read(case_id)
            form.add_refusal(refused)
    return _ask_purpose(case, form, "Xem thông tin riêng", paper=("In phiếu khảo sát đủ mục", PAPER))


def _ask_purpose(
    case: SupportCase, form: PurposeForm, verb: str, paper: tuple[str, str] | None = None
) -> Response:
    home = url_for("cases.show", case_id=case.id)
    return page(
        "households/purpose.html",
        status=form.status,
        form=form,
        crumbs=[("Trường hợp cần giúp", url_for("cases.index")), (case.household.name, home)],
        lead=f"Sức khỏe, số căn cước, dân tộc, tôn giáo của hộ {case.household.name}.",
        example="in phiếu khảo sát trình Ban vận động",
        verb=verb,
        paper=paper,
    )


def _known(case: SupportCase) -> dict[str, Any]:
    """The sensitive fields of the head and of the person helped, and the answers about health."""
    survey = queries.survey_of(case)
    head = private_row(case.household_id, None)
    of_member = private_row(case.household_id, case.member_id) if case.member_id else None
    is_head = case.member_id is None and case.person_name == case.household.name
    person = head if is_head else of_member
    return {
        "head": {name: getattr(head, name) for name in FIELDS} if head else {},
        "person": {name: getattr(person, name) for name in FIELDS} if person else {},
        "answers": health_of(survey) if survey else {},
    }


def _private_page(case: SupportCase) -> Response:
    known = _known(case)
    asked = select(AidQuestion).where(AidQuestion.id.in_(known["answers"])).order_by(AidQuestion.position)
    answers = [
        (one.label, rules.show_answer(one.kind, known["answers"][one.id]))
        for one in db.session.scalars(asked)
    ]
    return page("cases/private.html", case=case, answers=answers, person=known["person"], labels=FIELDS)


def _private_paper(case: SupportCase) -> Response:
    paper = documents.survey_paper(case.field, case, queries.survey_of(case), private=_known(case))
    return _survey_pdf(paper, f"phieu-khao-sat-{case.id}")


@bp.route("/<int:case_id>/bien-ban/<int:handover_id>/can-cuoc", methods=["GET", "POST"])
@allow(*PRIVATE_READERS)
def private_minutes(case_id: int, handover_id: int) -> Response:
    """The minutes with the CCCD of the head who receives: for a purpose, noted."""
    case, form = _to_read(case_id), PurposeForm()
    handover = queries.handover_or_404(case, handover_id)
    if form.validate_on_submit():
        try:
            mine = select(Household).where(Household.id == case.household_id)
            log_file(mine, current_user, form.purpose.data)
            db.session.commit()
            handover = queries.handover_or_404(_to_read(case_id), handover_id)
            return _minutes_pdf(_with_cccd(handover), f"bien-ban-ban-giao-{handover_id}")
        except Refused as refused:
            db.session.rollback()
            case = _to_read(case_id)
            form.add_refusal(refused)
    return _ask_purpose(case, form, "In biên bản")


def _with_cccd(handover: Any) -> documents.MinutesPaper:
    case = handover.case
    receives_head = handover.receiver_name == case.household.name
    member_id = case.member_id if handover.receiver_name == case.person_name else None
    known = private_row(case.household_id, None if receives_head else member_id)
    holds = receives_head or member_id is not None
    return documents.minutes_paper(handover, cccd=known.cccd if known and holds else None)
