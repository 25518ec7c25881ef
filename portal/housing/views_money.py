"""Sources, what came from outside, the decision, tranches. Part of the views."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, request, url_for
from flask_login import current_user
from sqlalchemy import select

from portal.campaigns.models import Campaign
from portal.campaigns.queries import campaigns_of
from portal.distributions.queries_norms import line_above
from portal.housing import actions_money as actions
from portal.housing import queries, queries_money, rules
from portal.housing.actions_survey import norm_for
from portal.housing.actions_tranches import add_tranche, drop_tranche
from portal.housing.forms import OutsideForm, SourceForm, TrancheForm, decision_form
from portal.housing.models import HouseProject
from portal.housing.models_money import HouseOutside, HouseSource, HouseTranche
from portal.housing.views import WRITERS, attempt, bp, done, project_to_change
from portal.housing.views_steps import reason_page
from portal.kit.access import allow
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.forms import ReasonForm
from portal.kit.money import format_dong
from portal.kit.seen import changed_meanwhile, lock_row
from portal.kit.web import page
from portal.ledger.models import Fund
from portal.ledger.queries import default_fund
from portal.people.queries import open_units, units_for
from portal.spending.models import Decision
from portal.units.models import Unit


def _campaigns() -> dict[int, Campaign]:
    return {one.id: one for one in campaigns_of(units_for(current_user, *WRITERS))}


def _source_form(source: HouseSource | None = None) -> SourceForm:
    form = SourceForm(obj=source)
    offered = {key: one.name for key, one in _campaigns().items()}
    if source is not None and source.campaign is not None:
        offered.setdefault(source.campaign.id, source.campaign.name)
    form.campaign_id.offer(list(offered.items()))
    return form


def _campaign(form: SourceForm) -> Campaign | None:
    return db.session.get(Campaign, form.campaign_id.data) if form.campaign_id.data else None


@bp.route("/<int:project_id>/nguon", methods=["GET", "POST"])
@allow(*WRITERS)
def new_source(project_id: int) -> Response:
    """One more source of the budget."""
    project, form = project_to_change(project_id), _source_form()
    if form.validate_on_submit():
        told, campaign = form.values(), _campaign(form)
        if attempt(form, lambda: actions.add_source(project, told, campaign=campaign, by=current_user)):
            return done(project_id, "Đã thêm nguồn.")
        project = project_to_change(project_id)
    return _source_page(project, form, None)


def _source_page(
    project: HouseProject, form: SourceForm, source: HouseSource | None, theirs: Any = ()
) -> Response:
    return page(
        "housing/source.html",
        status=409 if theirs else form.status,
        project=project,
        form=form,
        source=source,
        theirs=theirs,
        cost=queries_money.cost_of(project),
    )


def _source(project: HouseProject, source_id: int) -> HouseSource:
    known = queries_money.sources_of([project.id]).get(project.id, [])
    found = next((one for one in known if one.id == source_id), None)
    if found is None:
        abort(404)
    return found


@bp.route("/<int:project_id>/nguon/<int:source_id>", methods=["GET", "POST"])
@allow(*WRITERS)
def edit_source(project_id: int, source_id: int) -> Response:
    """Put a source right."""
    project = project_to_change(project_id)
    source = _source(project, source_id)
    if request.method == "POST":
        lock_row(source)
    form = _source_form(source)
    theirs = changed_meanwhile(form, request.form)
    if form.validate_on_submit() and not theirs:
        told, campaign = form.values(), _campaign(form)
        if attempt(form, lambda: actions.change_source(source, told, campaign=campaign, by=current_user)):
            return done(project_id, "Đã sửa nguồn.")
        project = project_to_change(project_id)
        source = _source(project, source_id)
    return _source_page(project, form, source, theirs)


@bp.route("/<int:project_id>/nguon/<int:source_id>/bo", methods=["GET", "POST"])
@allow(*WRITERS)
def drop_source(project_id: int, source_id: int) -> Response:
    """A source that brings nothing after all."""
    project, form = project_to_change(project_id), ReasonForm()
    source = _source(project, source_id)
    if form.validate_on_submit():
        if attempt(form, lambda: actions.drop_source(source, reason=form.reason.data, by=current_user)):
            return done(project_id, "Đã bỏ nguồn.")
        project = project_to_change(project_id)
    return reason_page(project, form, "Bỏ nguồn")


@bp.route("/<int:project_id>/ngoai-quy", methods=["GET", "POST"])
@allow(*WRITERS)
def outside(project_id: int) -> Response:
    """Something came without passing through the fund."""
    project, form = project_to_change(project_id), OutsideForm()
    sources = queries_money.sources_of([project_id]).get(project_id, [])
    known = {one.id: one for one in sources if one.kind != rules.FUND}
    form.source_id.offer([(key, queries_money.source_name(one)) for key, one in known.items()])
    if form.validate_on_submit():
        source, told = known[form.source_id.data], form.values()
        if attempt(form, lambda: actions.record_outside(project, source, told, by=current_user)):
            return done(project_id, "Đã ghi phần ngoài Quỹ.")
        project = project_to_change(project_id)
    cost = queries_money.cost_of(project)
    return page(
        "housing/outside.html", status=form.status, project=project, form=form, cost=cost, nothing=not known
    )


@bp.route("/<int:project_id>/ngoai-quy/<int:outside_id>/rut", methods=["GET", "POST"])
@allow(*WRITERS)
def withdraw_outside(project_id: int, outside_id: int) -> Response:
    """It was recorded wrongly."""
    project, form = project_to_change(project_id), ReasonForm()
    one = _outside(project, outside_id)
    if form.validate_on_submit():
        if attempt(
            form, lambda: actions.withdraw_outside(one, project, reason=form.reason.data, by=current_user)
        ):
            return done(project_id, "Đã rút khoản này.")
        project = project_to_change(project_id)
    return reason_page(project, form, "Rút khoản ngoài Quỹ")


def _outside(project: HouseProject, outside_id: int) -> HouseOutside:
    found = next((one for one in queries_money.outside_of(project) if one.id == outside_id), None)
    if found is None:
        abort(404)
    return found


@bp.route("/<int:project_id>/quyet-dinh", methods=["GET", "POST"])
@allow(*WRITERS)
def decide(project_id: int) -> Response:
    """Draft the decision; somebody else issues it on its own page."""
    project = project_to_change(project_id)
    form = _decision_form(project)
    if form.validate_on_submit():
        made: list[Decision] = []
        if attempt(form, lambda: made.append(_draft(project, form))):
            address = url_for("spending.decision", decision_id=made[0].id)
            return done(project_id, "Đã soạn quyết định, chờ người khác ban hành.", address)
        project = project_to_change(project_id)
    return page(
        "housing/decide.html",
        status=form.status,
        project=project,
        form=form,
        survey=queries.survey_of(project),
        conclusions=rules.CONCLUSIONS,
        not_enough=rules.NOT_ENOUGH,
        norm=norm_for(project, form.decided_on.data or today_in_vietnam()),
        cost=queries_money.cost_of(project),
    )


def _units(project: HouseProject) -> dict[int, Unit]:
    """Units that may decide for the house and in which the person writes: its commune and those above, nearest first."""
    mine = open_units(current_user, *WRITERS)
    return {key: mine[key] for key in line_above(project.unit_id) if key in mine}


def _decision_form(project: HouseProject) -> Any:
    shares = [one for one in queries_money.cost_of(project).shares if one.source.kind == rules.FUND]
    form = decision_form(shares)()
    form.unit_id.offer([(key, one.name) for key, one in _units(project).items()])
    form.fund_id.offer([(one.id, one.name) for one in db.session.scalars(select(Fund).order_by(Fund.id))])
    if request.method == "GET":
        campaign = next((one.source.campaign for one in shares if one.source.campaign), None)
        form.unit_id.data = next(iter(_units(project)), None)
        form.fund_id.data = campaign.fund_id if campaign else default_fund().id
        form.subject.data = actions.subject_of(project)
    return form


def _draft(project: HouseProject, form: Any) -> Decision:
    told = {name: form[name].data for name in ("number", "decided_on", "subject", "over_norm", "in_spite")}
    return actions.draft_house_decision(
        project,
        unit=_units(project)[form.unit_id.data],
        fund=db.session.get_one(Fund, form.fund_id.data),
        amounts=form.amounts(),
        by=current_user,
        **told,
    )


@bp.route("/<int:project_id>/dot-cap", methods=["GET", "POST"])
@allow(*WRITERS)
def new_tranche(project_id: int) -> Response:
    """One more tranche of a decision in force."""
    project, form = project_to_change(project_id), TrancheForm()
    known = {one.decision_row_id: one for one in queries_money.decided_rows(project)}
    used = queries_money.tranches_of(project)
    left = {
        key: one.row.amount - sum(each.amount for each in used if each.decision_row_id == key)
        for key, one in known.items()
    }
    names = {
        key: f"{queries_money.source_name(one.source)}, còn {format_dong(left[key])}"
        for key, one in known.items()
    }
    form.row.offer(list(names.items()))
    if form.validate_on_submit():
        told = {"stage": form.stage.data, "amount": form.amount.data, "by": current_user}
        if attempt(form, lambda: add_tranche(project, known[form.row.data], **told)):
            return done(project_id, "Đã thêm đợt cấp.")
        project = project_to_change(project_id)
    return page(
        "housing/tranche.html", status=form.status, project=project, form=form, left=sum(left.values())
    )


@bp.route("/<int:project_id>/dot-cap/<int:tranche_id>/bo", methods=["GET", "POST"])
@allow(*WRITERS)
def withdraw_tranche(project_id: int, tranche_id: int) -> Response:
    """A tranche that is planned otherwise."""
    project, form = project_to_change(project_id), ReasonForm()
    tranche = _tranche(project, tranche_id)
    if form.validate_on_submit():
        if attempt(form, lambda: drop_tranche(tranche, reason=form.reason.data, by=current_user)):
            return done(project_id, "Đã bỏ đợt cấp.")
        project = project_to_change(project_id)
    return reason_page(project, form, "Bỏ đợt cấp")


def _tranche(project: HouseProject, tranche_id: int) -> HouseTranche:
    found = next((one for one in queries_money.tranches_of(project) if one.id == tranche_id), None)
    if found is None:
        abort(404)
    return found
