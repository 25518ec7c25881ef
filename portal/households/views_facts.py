"""Members, years and needs of a household. Part of the views."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace

from flask import Response, abort, request, url_for
from flask_login import current_user
from sqlalchemy import select

from portal.households import actions_registry as actions
from portal.households.forms import ChooseYearForm, MembersForm, NeedForm, YearForm
from portal.households.models import NeedKind
from portal.households.models_registry import (
    Household,
    HouseholdLack,
    HouseholdNeed,
    HouseholdStatus,
    HouseholdYear,
)
from portal.households.queries_catalogue import groups_in, indicators_in, needs_on
from portal.households.queries_page import members_of
from portal.households.queries_registry import family
from portal.households.rules_registry import parse_members, person_text
from portal.households.views import WRITERS, bp, household_to_change, to
from portal.kit.access import allow
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.seen import Change, changed_meanwhile, lock_row
from portal.kit.web import go, page


@bp.route("/<int:household_id>/thanh-vien", methods=["GET", "POST"])
@allow(*WRITERS)
def members(household_id: int) -> Response:
    """Who lives there besides the head, a line each."""
    household = household_to_change(household_id)
    if request.method == "POST":
        lock_row(household)
    held = "\n".join(person_text(member) for member in members_of(household.id))
    form = MembersForm(obj=SimpleNamespace(members=held))
    theirs = changed_meanwhile(form, request.form)
    if form.validate_on_submit() and not theirs:
        try:
            people = parse_members(form.members.data, this_year=today_in_vietnam().year)
            actions.set_members(household, people, current_user)
            return to(household_id, "Đã ghi thành viên của hộ.")
        except Refused as refused:
            db.session.rollback()
            household = household_to_change(household_id)
            form.add_refusal(refused)
    status = 409 if theirs else form.status
    return page("households/members.html", status=status, household=household, form=form, theirs=theirs)


@bp.route("/<int:household_id>/nam", methods=["GET", "POST"])
@allow(*WRITERS, writes=False)
def choose_year(household_id: int) -> Response:
    """Which year's review is to be recorded."""
    household = household_to_change(household_id)
    form = ChooseYearForm(data={"year": today_in_vietnam().year})
    if form.validate_on_submit():
        return go(url_for("households.year", household_id=household_id, year=form.year.data))
    return page("households/choose_year.html", status=form.status, household=household, form=form)


@bp.route("/<int:household_id>/nam/<int:year>", methods=["GET", "POST"])
@allow(*WRITERS)
def year(household_id: int, year: int) -> Response:
    """Groups, income and lacking indicators of one year."""
    if not 1990 <= year <= today_in_vietnam().year + 1:
        abort(404)
    household = household_to_change(household_id)
    if request.method == "POST":
        lock_row(household)
    form = _year_form(household, year)
    theirs = changed_meanwhile(form, request.form)
    if form.validate_on_submit() and not theirs:
        try:
            _write_year(household, year, form)
            return to(household_id, f"Đã ghi kết quả rà soát năm {year}.")
        except Refused as refused:
            db.session.rollback()
            household = household_to_change(household_id)
            form.add_refusal(refused)
    return _year_page(household, year, form, theirs)


def _write_year(household: Household, year: int, form: YearForm) -> None:
    if form.lacks.data and not form.lacks_known.data:
        raise Refused(
            "Có chỉ số thiếu hụt mà chưa đánh dấu đã rà soát. Đánh dấu, hoặc bỏ các chỉ số.", "lacks_known"
        )
    groups = [group for group in groups_in(year, household.unit_id) if group.id in form.groups.data]
    actions.set_groups(household, year, groups, current_user)
    chosen = [one for one in indicators_in(year) if one.id in form.lacks.data]
    actions.set_lacks(household, year, chosen if form.lacks_known.data else None, current_user)
    actions.set_income(household, year, form.income.data, current_user)


def _year_form(household: Household, year: int) -> YearForm:
    """What is known of the year, with the groups and indicators that hold in it."""
    key = {"household_id": household.id, "year": year, "withdrawn": False}
    facts = db.session.scalar(select(HouseholdYear).filter_by(**key))
    held = SimpleNamespace(
        groups=list(db.session.scalars(select(HouseholdStatus.group_id).filter_by(**key))),
        lacks=list(db.session.scalars(select(HouseholdLack.indicator_id).filter_by(**key))),
        lacks_known=bool(facts and facts.lacks_known),
        income=facts.income if facts else None,
    )
    form = YearForm(obj=held)
    form.groups.choices = [(group.id, group.name) for group in groups_in(year, household.unit_id)]
    form.lacks.choices = [(one.id, f"{one.name} ({one.service})") for one in indicators_in(year)]
    return form


def _year_page(household: Household, year: int, form: YearForm, theirs: Sequence[Change]) -> Response:
    status = 409 if theirs else form.status
    return page(
        "households/year.html", status=status, household=household, year=year, form=form, theirs=theirs
    )


@bp.route("/<int:household_id>/nhu-cau", methods=["GET", "POST"])
@allow(*WRITERS)
def add_need(household_id: int) -> Response:
    """Record what the household needs."""
    household = household_to_change(household_id)
    kinds = {kind.id: kind for kind in needs_on(today_in_vietnam())}
    form = NeedForm()
    form.kind_id.offer([(kind.id, kind.name) for kind in kinds.values()])
    if form.validate_on_submit():
        try:
            kind = db.session.get_one(NeedKind, form.kind_id.data)
            note = form.need_note.data
            actions.add_need(household, kind, since=form.since.data, note=note, by=current_user)
            return to(household_id, "Đã ghi nhu cầu của hộ.")
        except Refused as refused:
            db.session.rollback()
            household = household_to_change(household_id)
            form.add_refusal(refused)
    return page("households/need.html", status=form.status, household=household, form=form)


@bp.post("/<int:household_id>/nhu-cau/<int:need_id>/da-dap-ung")
@allow(*WRITERS)
def meet_need(household_id: int, need_id: int) -> Response:
    """The need is met."""
    household = household_to_change(household_id)
    need = db.session.get(HouseholdNeed, need_id)
    if need is None or need.household_id not in set(db.session.scalars(family(household.id))):
        abort(404)
    try:
        actions.meet_need(need, household, current_user)
    except Refused as refused:
        db.session.rollback()
        return to(household_id, refused.text)
    return to(household_id, "Đã ghi nhu cầu được đáp ứng.")
