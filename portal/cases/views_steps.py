"""Survey, urgent decision, goods out of the store. Part of the views."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, abort, flash, request, url_for
from flask_login import current_user
from sqlalchemy import select

from portal.campaigns.models import Campaign
from portal.campaigns.queries import campaigns_of
from portal.cases import actions_decision, queries, queries_appeal, rules
from portal.cases.actions_survey import (
    has_health,
    norm_for_case,
    questions_on,
    record_survey,
)
from portal.cases.forms import DecisionForm, GoodsForm, SurveyForm, survey_form
from portal.cases.models import SupportCase
from portal.cases.views import WRITERS, bp, case_to_change, done
from portal.distributions.queries_norms import line_above
from portal.goods.forms import GOING, LINES, lines_asked, offer_stores, with_lines
from portal.goods.models import Store
from portal.goods.queries import stores_for
from portal.goods.rules import format_quantity
from portal.goods.typed import going_rows, read_lines
from portal.households.facts import household_facts
from portal.kit.access import allow
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.web import go, page
from portal.ledger.models import Fund
from portal.ledger.queries import default_fund
from portal.people.queries import open_units, units_for
from portal.units.models import Unit

COLUMNS = {"item": GOING["item"], "quantity": GOING["quantity"]}


@bp.route("/<int:case_id>/khao-sat", methods=["GET", "POST"])
@allow(*WRITERS)
def survey(case_id: int) -> Response:
    """The survey form of the case's field. What is known about health is never shown here."""
    case = case_to_change(case_id)
    form = _survey_form(case)
    if form.validate_on_submit():
        try:
            record_survey(case, form.head(), form.answers(), by=current_user)
            return done(case_id, "Đã ghi khảo sát.")
        except Refused as refused:
            db.session.rollback()
            case = case_to_change(case_id)
            form.add_refusal(refused)
    return _survey_page(case, form)


def _survey_form(case: SupportCase) -> SurveyForm:
    known = queries.survey_of(case)
    answers = {one.question_id: one.value for one in known.answers} if known else {}
    return survey_form(questions_on(case.field, today_in_vietnam()), answers)(obj=known)


def _survey_page(case: SupportCase, form: SurveyForm) -> Response:
    known = queries.survey_of(case)
    return page(
        "cases/survey.html",
        status=form.status,
        case=case,
        form=form,
        facts=household_facts(case.household),
        norm=norm_for_case(case, form.surveyed_on.data or today_in_vietnam()),
        title=rules.FORMS[case.field.form],
        kept=has_health(known) if known else set(),
    )


@bp.route("/<int:case_id>/quyet-dinh", methods=["GET", "POST"])
@allow(*WRITERS)
def decide(case_id: int) -> Response:
    """Draft the urgent decision; somebody else issues it on its own page."""
    case = case_to_change(case_id)
    form = _decision_form(case)
    if request.method == "POST" and request.form.get("then") == "lines":
        db.session.rollback()
        return _decision_page(case_to_change(case_id), form, status=200)
    if form.validate_on_submit():
        items, wrong = _items(form)
        for field, text in wrong:
            form.add_refusal(Refused(text, field))
        if not wrong:
            try:
                decision = _draft(case, form, items)
                address = url_for("spending.decision", decision_id=decision.id)
                return done(case_id, "Đã soạn quyết định, chờ người khác ban hành.", address)
            except Refused as refused:
                db.session.rollback()
                case = case_to_change(case_id)
                form = _decision_form(case)
                form.validate()
                form.add_refusal(refused)
    return _decision_page(case, form)


def _decision_form(case: SupportCase) -> Any:
    form = with_lines(DecisionForm, lines_asked(request.form), COLUMNS)()
    units = _units(case)
    form.unit_id.offer([(key, one.name) for key, one in units.items()])
    funds = db.session.scalars(select(Fund).order_by(Fund.id))
    form.fund_id.offer([(one.id, one.name) for one in funds])
    form.campaign_id.offer([(one.id, one.name) for one in _campaigns()])
    if request.method == "GET":
        _propose(form, case, units)
    return form


def _units(case: SupportCase) -> dict[int, Unit]:
    """Units that may decide for the case and in which the person writes: its commune and those above, nearest first."""
    mine = open_units(current_user, *WRITERS)
    return {key: mine[key] for key in line_above(case.unit_id) if key in mine}


def _campaigns() -> list[Campaign]:
    return campaigns_of(units_for(current_user, *WRITERS))


def _propose(form: Any, case: SupportCase, units: Mapping[int, Unit]) -> None:
    known, appeal = queries.survey_of(case), queries_appeal.appeal_of(case)
    form.unit_id.data = next(iter(units), None)
    form.fund_id.data = default_fund().id
    form.subject.data = actions_decision.SUBJECT.format(field=case.field.name.lower())
    if known is not None and not queries.decisions_of(case):
        form.amount.data, form.over_norm.data = known.amount, known.over_norm
    if appeal is not None and appeal.campaign is not None and queries_appeal.sums_for(appeal).left > 0:
        form.campaign_id.data, form.fund_id.data = appeal.campaign_id, appeal.campaign.fund_id
        form.unit_id.data = appeal.unit_id if appeal.unit_id in units else form.unit_id.data


def _items(form: Any) -> tuple[dict[int, int], list[tuple[str, str]]]:
    """Thousandths by item id, and what is wrong with the lines."""
    lines, wrong = read_lines([{**line, "lot": None} for line in form.typed()])
    found: dict[int, int] = {}
    for line in lines:
        found[line.item.id] = found.get(line.item.id, 0) + line.quantity
    return found, list(wrong)


def _draft(case: SupportCase, form: Any, items: dict[int, int]) -> Any:
    campaign = next((one for one in _campaigns() if one.id == form.campaign_id.data), None)
    return actions_decision.draft_case_decision(
        case,
        unit=_units(case)[form.unit_id.data],
        fund=db.session.get_one(Fund, form.fund_id.data),
        campaign=campaign,
        items=items,
        by=current_user,
        **{
            name: form[name].data
            for name in ("number", "decided_on", "subject", "amount", "over_norm", "in_spite")
        },
    )


def _decision_page(case: SupportCase, form: Any, *, status: int | None = None) -> Response:
    return page(
        "cases/decide.html",
        status=form.status if status is None else status,
        case=case,
        form=form,
        lines_field=LINES,
        survey=queries.survey_of(case),
        conclusions=rules.CONCLUSIONS,
        proposed=actions_decision.usual_amount(case),
        norm=norm_for_case(case, form.decided_on.data or today_in_vietnam()),
        not_enough=rules.NOT_ENOUGH,
    )


@bp.route("/<int:case_id>/xuat-kho", methods=["GET", "POST"])
@allow(*WRITERS)
def goods(case_id: int) -> Response:
    """Goods of the decision leave a store."""
    case = case_to_change(case_id)
    made = actions_decision.open_goods(case)
    if made is None:
        flash("Không còn hiện vật nào theo quyết định để xuất.", "warning")
        return go(url_for("cases.show", case_id=case_id))
    stores = _stores(made.decision.unit_id, made.decision.fund_id)
    form = _goods_form(case, stores)
    if form.validate_on_submit():
        lines, wrong = read_lines(form.typed())
        rows, more = going_rows(lines, form.store_id.data)
        for field, text in (*wrong, *more):
            form.add_refusal(Refused(text, field))
        if not wrong and not more:
            try:
                return _issued(case, form, stores, rows)
            except Refused as refused:
                db.session.rollback()
                case = case_to_change(case_id)
                form = _goods_form(case, _stores(made.decision.unit_id, made.decision.fund_id))
                form.validate()
                form.add_refusal(refused)
    return _goods_page(case, form)


def _issued(case: SupportCase, form: Any, stores: dict[int, Store], rows: Sequence[Any]) -> Response:
    posting = actions_decision.issue_goods(
        case,
        store=stores[form.store_id.data],
        rows=rows,
        day=form.day.data,
        receiver=form.receiver.data,
        by=current_user,
    )
    return done(case.id, f"Đã xuất kho theo phiếu {posting.paper_number}.")


def _stores(unit_id: int, fund_id: int) -> dict[int, Store]:
    mine = stores_for(current_user, *WRITERS)
    return {one.id: one for one in mine if (one.unit_id, one.fund_id) == (unit_id, fund_id)}


def _goods_form(case: SupportCase, stores: dict[int, Store]) -> Any:
    made = actions_decision.open_goods(case)
    if made is None:
        abort(404)
    left = actions_decision.left_in_goods(case, made)
    lines = [one for one in made.items if left[one.item_id] > 0]
    form = with_lines(GoodsForm, max(len(lines), lines_asked(request.form) if request.form else 0), GOING)()
    offer_stores(form.store_id, list(stores.values()))
    if request.method == "GET":
        form.receiver.data = case.household.name
        for number, one in enumerate(lines, start=1):
            form[f"item_{number}"].data = f"{one.item.code} · {one.item.name}"
            form[f"quantity_{number}"].data = format_quantity(left[one.item_id])
    return form


def _goods_page(case: SupportCase, form: Any) -> Response:
    return page("cases/goods.html", status=form.status, case=case, form=form, lines_field=LINES)
