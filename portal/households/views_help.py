"""Who helps a household, visits, what came from others, and who may fall back. Part of the views."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, request, url_for
from flask_login import current_user
from sqlalchemy import select

from portal.households import actions_help as actions
from portal.households import queries_registry as queries
from portal.households.forms import AidForm, AssignForm, EndForm, VisitForm
from portal.households.lists import under
from portal.households.models_help import HouseholdAid, HouseholdAssignment
from portal.households.queries_registry import family, unit_text
from portal.households.queries_watch import MOST_WATCHED, YEARS, watched
from portal.households.rules_registry import code_of
from portal.households.views import PROPOSERS, READERS, WRITERS, bp, household_to_change, to
from portal.kit.access import allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.filters import SelectFilter
from portal.kit.web import page


@bp.route("/<int:household_id>/phan-cong", methods=["GET", "POST"])
@allow(*WRITERS)
def assign(household_id: int) -> Response:
    """Say who takes care of the household."""
    household = household_to_change(household_id)
    form = AssignForm()
    if form.validate_on_submit():
        try:
            actions.assign(
                household,
                kind=form.kind.data,
                helpers=form.helpers.data.splitlines(),
                starts_on=form.starts_on.data,
                note=form.assign_note.data,
                by=current_user,
            )
            return to(household_id, "Đã ghi phân công giúp đỡ hộ.")
        except Refused as refused:
            db.session.rollback()
            household = household_to_change(household_id)
            form.add_refusal(refused)
    return page("households/assign.html", status=form.status, household=household, form=form)


@bp.route("/<int:household_id>/phan-cong/<int:assignment_id>/ket-thuc", methods=["GET", "POST"])
@allow(*WRITERS)
def end_assignment(household_id: int, assignment_id: int) -> Response:
    """They help no more."""
    household = household_to_change(household_id)
    assignment = _part_or_404(HouseholdAssignment, assignment_id, household_id)
    form = EndForm()
    if form.validate_on_submit():
        try:
            actions.end_assignment(assignment, household, on=form.ends_on.data, by=current_user)
            return to(household_id, "Đã ghi kết thúc phân công.")
        except Refused as refused:
            db.session.rollback()
            household = household_to_change(household_id)
            assignment = _part_or_404(HouseholdAssignment, assignment_id, household_id)
            form.add_refusal(refused)
    text = actions.helpers_text(assignment)
    return page(
        "households/end_assignment.html", status=form.status, household=household, form=form, text=text
    )


def _part_or_404(model: Any, part_id: int, household_id: int) -> Any:
    """A row of this very household, also of one that was merged into it."""
    wanted = select(model).where(model.id == part_id, model.household_id.in_(family(household_id)))
    found = db.session.scalar(wanted)
    if found is None:
        abort(404)
    return found


@bp.route("/<int:household_id>/tham-ho", methods=["GET", "POST"])
@allow(*PROPOSERS)
def visit(household_id: int) -> Response:
    """What somebody saw on a visit: whoever helps may write it down, also in one hamlet."""
    household = queries.household_or_404(household_id, for_user=current_user)
    if household.merged_into_id is not None:
        abort(404)
    form = VisitForm(data={"visitor": current_user.name})
    if form.validate_on_submit():
        try:
            values = form.values()
            note = values.pop("visit_note")
            actions.record_visit(household, note=note, by=current_user, **values)
            return to(household_id, "Đã ghi lần thăm hộ.")
        except Refused as refused:
            db.session.rollback()
            household = queries.household_or_404(household_id, for_user=current_user)
            form.add_refusal(refused)
    return page("households/visit.html", status=form.status, household=household, form=form)


@bp.route("/<int:household_id>/da-nhan", methods=["GET", "POST"])
@allow(*WRITERS)
def aid(household_id: int) -> Response:
    """Record what came from others than the fund."""
    household = household_to_change(household_id)
    form = AidForm()
    if form.validate_on_submit():
        try:
            values = form.values()
            note = values.pop("aid_note")
            actions.record_aid(household, note=note, by=current_user, **values)
            return to(
                household_id, "Đã ghi phần hộ nhận từ nguồn khác. Phần này đứng riêng, không vào sổ quỹ."
            )
        except Refused as refused:
            db.session.rollback()
            household = household_to_change(household_id)
            form.add_refusal(refused)
    return page("households/aid.html", status=form.status, household=household, form=form)


@bp.post("/<int:household_id>/da-nhan/<int:aid_id>/bo")
@allow(*WRITERS)
def withdraw_aid(household_id: int, aid_id: int) -> Response:
    """It was written down by mistake."""
    household = household_to_change(household_id)
    actions.withdraw_aid(_part_or_404(HouseholdAid, aid_id, household.id))
    return to(household_id, "Đã bỏ dòng này. Dòng vẫn nằm trong nhật ký thay đổi.")


@bp.get("/theo-doi")
@allow(*READERS)
def watch() -> Response:
    """Households that came out of poverty and may fall back, with reasons."""
    spec = SelectFilter("noi", "Xã, thôn, ấp", under, choices=queries.seen_places(current_user))
    place, condition = spec.read(request.args)
    worries, in_all = watched(current_user, condition)
    rows = [
        {
            "url": url_for("households.show", household_id=worry.household.id),
            "name": worry.household.name,
            "code": code_of(worry.household.id),
            "place": unit_text(worry.household.unit),
            "out_year": worry.out_year,
            "reasons": worry.reasons,
        }
        for worry in worries
    ]
    return page(
        "households/watch.html",
        status=422 if place.error else 200,
        rows=rows,
        in_all=in_all,
        years=YEARS,
        most=MOST_WATCHED,
        place=place,
    )
