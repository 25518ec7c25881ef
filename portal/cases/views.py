"""Single cases on screen: list, request, one case with what may be done next. The rest stands beside (views_*)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, request, url_for
from flask_login import current_user
from sqlalchemy import select

from portal.cases import (
    actions,
    actions_surplus,
    album,
    following,
    queries,
    queries_appeal,
    received,
    rules,
    rules_appeal,
)
from portal.cases import aid as _counts_for_fairness  # noqa: F401
from portal.cases.actions_decision import left_in_goods, open_goods
from portal.cases.actions_follow import assets_of, told_of, visits_of
from portal.cases.actions_handover import cash_of, goods_lines, to_hand_over, worth_of
from portal.cases.actions_survey import has_health
from portal.cases.forms import ChangeForm, RequestForm
from portal.cases.lists import cases_list, listed
from portal.cases.models import AidField, SupportCase
from portal.cases.queries_kept import kept_of
from portal.cases.story import story_of
from portal.files.album import album_of
from portal.households import queries_registry as registry
from portal.households.lists import offered
from portal.households.models_registry import Household, HouseholdMember
from portal.households.queries_page import members_of
from portal.households.rules_registry import code_of
from portal.kit.access import allow
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.seen import changed_meanwhile, lock_row
from portal.kit.web import go, page
from portal.people.queries import holds, may, readable_of
from portal.spending.queries import left_of

__all__ = [
    "actions_surplus",
    "album",
    "bp",
    "following",
    "received",
]  # importing the room makes it follow, and tell

bp = Blueprint("cases", __name__, url_prefix="/quan-ly/truong-hop")
READERS, WRITERS, PROPOSERS = queries.READERS, queries.WRITERS, queries.PROPOSERS


@bp.get("/")
@allow(*READERS)
def index() -> Response:
    """Cases of the person's households."""
    fields = list(db.session.scalars(select(AidField).order_by(AidField.position)))
    spec = cases_list(fields, registry.seen_places(current_user), lambda row: url(row.SupportCase.id))
    rows = listed(queries.cases_for(current_user))
    listing = spec.run(rows, request.args, request.path)
    return spec.download(rows, request.args) or page(
        "cases/list.html",
        "list",
        status=listing.status,
        listing=listing,
        may_request=holds(current_user, *PROPOSERS),
    )


def url(case_id: int) -> str:
    """The page of a case."""
    return url_for("cases.show", case_id=case_id)


@bp.get("/<int:case_id>")
@allow(*READERS)
def show(case_id: int) -> Response:
    """One case: how far it has come, what is decided, given, handed over, and the next step."""
    case = queries.case_or_404(case_id, for_user=current_user)
    return page("cases/show.html", **shown(case))


def shown(case: SupportCase) -> dict[str, Any]:
    """What the page of a case draws."""
    survey = queries.survey_of(case)
    made, papers = queries.decisions_of(case), queries.papers_of([case.id]).get(case.id, [])
    waiting, appeal = to_hand_over(case), queries_appeal.appeal_of(case)
    facts = actions.facts_of(case)
    before = rules.state_of(rules.Facts(None, facts.surveyed, facts.decisions, facts.papers, facts.covered))
    goods = open_goods(case)
    return {
        "case": case,
        "code": code_of(case.household_id),
        "place": registry.unit_text(case.household.unit),
        "states": rules.STATES,
        "steps": rules.steps_of(case.state, before),
        "survey": survey,
        "health": has_health(survey) if survey else set(),
        "shown_answer": rules.show_answer,
        "conclusions": rules.CONCLUSIONS,
        "made": made,
        "opened": readable_of(current_user, (one.decision.unit_id for one in made)),
        "granted": {one.decision_id: actions.told_of(one.decision) for one in made},
        "left_goods": {one.decision_id: left_in_goods(case, one) for one in made},
        "papers": papers,
        "paid": cash_of(papers),
        "worth": worth_of(papers),
        "kept": kept_of(case.id),
        "waiting": waiting,
        "waiting_cash": cash_of(waiting),
        "waiting_goods": goods_lines(waiting),
        "handovers": queries.handovers_of(case),
        "handover_states": rules.HANDOVERS,
        "assets": assets_of(case),
        "visits": visits_of(case),
        "visit_told": told_of,
        "appeal": appeal,
        "appeal_states": rules_appeal.STATES,
        "story": story_of(case),
        "album": album_of(album.KIND, case.id, case, for_user=current_user),
        "today": today_in_vietnam(),
        "may_write": queries.may_write(current_user, case),
        "may_read_private": queries.may_read_private(current_user, case),
        "may_pay": payable(made),
        "may_issue_goods": goods is not None,
        "may_follow": bool(rules.months_of(case.field.visits)) or bool(assets_of(case)),
    }


def payable(made: list[Any]) -> int | None:
    """The decision on which this person may prepare a voucher now, or None."""
    mine = [
        one
        for one in made
        if one.decision.state == rules.ISSUED and may(current_user, WRITERS, one.decision.unit_id)
    ]
    return next((one.decision_id for one in mine if any(left_of(one.decision).values())), None)


def case_to_change(case_id: int) -> SupportCase:
    """A case where the person is responsible. 404 or 403 otherwise."""
    case = queries.case_or_404(case_id, for_user=current_user)
    if not queries.may_write(current_user, case):
        abort(403)
    return case


def done(case_id: int, said: str, address: str | None = None) -> Response:
    """Commit, and back to the page of the case (or to `address`)."""
    response = go(address or url(case_id))
    flash(said)
    db.session.commit()
    return response


@bp.get("/moi")
@allow(*PROPOSERS)
def choose() -> Response:
    """Which household: by the code or name of the address."""
    asked = request.args.get("q", "").strip()
    return page(
        "households/choose.html",
        title="Ghi đề nghị",
        home=("Trường hợp cần giúp", url_for("cases.index")),
        asked=asked,
        found=offered(current_user, asked),
        begin="cases.new",
    )


@bp.route("/moi/<int:household_id>", methods=["GET", "POST"])
@allow(*PROPOSERS)
def new(household_id: int) -> Response:
    """Ask for help for a household; whoever sees it may ask."""
    household = registry.standing_or_404(household_id, for_user=current_user)
    form = _offered(RequestForm(), household)
    form.field_id.offer([(one.id, one.name) for one in queries.fields()])
    if form.validate_on_submit():
        try:
            field = db.session.get_one(AidField, form.field_id.data)
            case = actions.request_case(
                household, field, form.values(), member=_member(form, household), by=current_user
            )
            return done(case.id, "Đã ghi đề nghị. Bước sau: khảo sát.")
        except Refused as refused:
            db.session.rollback()
            household = registry.standing_or_404(household_id, for_user=current_user)
            _offered(form, household).add_refusal(refused)
    open_ones = queries.open_cases_of(household_id, rules.OPEN)
    return page(
        "cases/request.html", status=form.status, form=form, household=household, case=None, others=open_ones
    )


def _offered(form: Any, household: Household) -> Any:
    pairs = [
        (one.id, ", ".join(part for part in (one.name, one.relation) if part))
        for one in members_of(household.id)
    ]
    form.member_id.offer(pairs)
    return form


def _member(form: Any, household: Household) -> HouseholdMember | None:
    return next((one for one in members_of(household.id) if one.id == form.member_id.data), None)


@bp.route("/<int:case_id>/sua", methods=["GET", "POST"])
@allow(*WRITERS)
def edit(case_id: int) -> Response:
    """Put the request right before anything is decided."""
    case = case_to_change(case_id)
    if request.method == "POST":
        lock_row(case)
    form = _offered(_change_form(case), case.household)
    theirs = changed_meanwhile(form, request.form)
    if form.validate_on_submit() and not theirs:
        try:
            actions.change_request(case, form.values(), member=_member(form, case.household), by=current_user)
            return done(case_id, "Đã sửa đề nghị.")
        except Refused as refused:
            db.session.rollback()
            case = case_to_change(case_id)
            _offered(form, case.household).add_refusal(refused)
    status = 409 if theirs else form.status
    return page(
        "cases/request.html",
        status=status,
        form=form,
        household=case.household,
        case=case,
        theirs=theirs,
        others=[],
    )


class _Kept:
    """The request as its form holds it: the name of somebody else only where it is one."""

    def __init__(self, case: SupportCase):
        told = case.member or case.household
        other = case.person_name != told.name
        self.requested_on, self.requester, self.reason = case.requested_on, case.requester, case.reason
        self.member_id = case.member_id
        self.person_name = case.person_name if other else None
        self.person_birth_year = case.person_birth_year if other else None
        self.person_relation = case.person_relation if other else None


def _change_form(case: SupportCase) -> ChangeForm:
    return ChangeForm(obj=_Kept(case))


from portal.cases import (  # noqa: E402, F401  (their routes join `bp`)
    views_appeal,
    views_catalogue,
    views_ending,
    views_follow,
    views_handover,
    views_papers,
    views_steps,
)
