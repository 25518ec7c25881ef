"""The survey of a house and the papers of its dossier. Part of the views."""

from __future__ import annotations

from typing import Any

from flask import Response, abort
from flask_login import current_user

from portal.households.facts import household_facts
from portal.housing import queries, queries_papers, rules
from portal.housing.actions_survey import file_paper, norm_for, record_survey, withdraw_paper
from portal.housing.forms import PaperForm, SurveyForm
from portal.housing.models import HousePaper, HouseProject
from portal.housing.views import WRITERS, attempt, bp, done, project_to_change
from portal.housing.views_steps import reason_page
from portal.kit.access import allow
from portal.kit.days import today_in_vietnam
from portal.kit.forms import ReasonForm
from portal.kit.web import page


@bp.route("/<int:project_id>/khao-sat", methods=["GET", "POST"])
@allow(*WRITERS)
def survey(project_id: int) -> Response:
    """The survey form; what is sensitive is never shown here."""
    project = project_to_change(project_id)
    form = SurveyForm(obj=queries.survey_of(project))
    if form.validate_on_submit():
        if attempt(form, lambda: record_survey(project, form.values(), by=current_user)):
            return done(project_id, "Đã ghi khảo sát.")
        project = project_to_change(project_id)
    return page(
        "housing/survey.html",
        status=form.status,
        project=project,
        form=form,
        facts=household_facts(project.household),
        norm=norm_for(project, form.surveyed_on.data or today_in_vietnam()),
    )


@bp.route("/<int:project_id>/giay-to", methods=["GET", "POST"])
@allow(*WRITERS)
def paper(project_id: int) -> Response:
    """Name a paper of the dossier that a step asks for."""
    project = project_to_change(project_id)
    form, known = _paper_form(project)
    if form.validate_on_submit():
        told = known[form.requirement_id.data], form.values()
        if attempt(form, lambda: file_paper(project, *told, by=current_user)):
            return done(project_id, "Đã ghi giấy tờ.")
        project = project_to_change(project_id)
    return page("housing/paper.html", status=form.status, project=project, form=form, nothing=not known)


def _paper_form(project: HouseProject) -> tuple[PaperForm, dict[int, Any]]:
    """The form with the papers that are missing and that somebody files by hand."""
    missing = {
        one.key for one in queries_papers.missing_for(project, rules.HANDED_OVER) if one.evidence == "filed"
    }
    known = {one.id: one for one in queries_papers.requirements() if one.id in missing}
    form = PaperForm()
    form.requirement_id.offer([(key, one.name) for key, one in known.items()])
    return form, known


@bp.route("/<int:project_id>/giay-to/<int:paper_id>/rut", methods=["GET", "POST"])
@allow(*WRITERS)
def withdraw(project_id: int, paper_id: int) -> Response:
    """A paper no longer counts."""
    project, form = project_to_change(project_id), ReasonForm()
    one = _paper(project, paper_id)
    if form.validate_on_submit():
        if attempt(form, lambda: withdraw_paper(one, project, reason=form.reason.data, by=current_user)):
            return done(project_id, "Đã rút giấy tờ.")
        project = project_to_change(project_id)
    return reason_page(project, form, "Rút giấy tờ", "Bước sau sẽ đòi giấy tờ này lần nữa.")


def _paper(project: HouseProject, paper_id: int) -> HousePaper:
    found = next((one for one in queries_papers.papers_of(project) if one.id == paper_id), None)
    if found is None:
        abort(404)
    return found
