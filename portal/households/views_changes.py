"""Changes that somebody proposes, and the answers of whoever is responsible. Part of the views."""

from __future__ import annotations

from flask import Response, abort, flash, url_for
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.households import actions_changes as actions
from portal.households import queries_registry as queries
from portal.households.forms import AnswerForm, ProposeForm
from portal.households.models_change import HouseholdChange
from portal.households.models_registry import Household
from portal.households.rules_registry import code_of
from portal.households.views import PROPOSERS, READERS, WRITERS, bp, to
from portal.kit.access import allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.web import go, page
from portal.units.models import Unit

SHOWN = 200


@bp.route("/<int:household_id>/de-nghi-sua", methods=["GET", "POST"])
@allow(*PROPOSERS)
def propose(household_id: int) -> Response:
    """Propose that a field be changed: for whoever is not responsible for the household's unit."""
    household = queries.household_or_404(household_id, for_user=current_user)
    if household.merged_into_id is not None:
        abort(404)
    form = ProposeForm()
    form.what.offer(list(actions.PROPOSABLE.items()))
    if form.validate_on_submit():
        try:
            asked = {"field": form.what.data, "new": form.new.data, "reason": form.reason.data}
            actions.propose(household, by=current_user, **asked)
            return to(household_id, "Đã gửi đề nghị. Người phụ trách xã, phường sẽ xem xét.")
        except Refused as refused:
            db.session.rollback()
            household = queries.household_or_404(household_id, for_user=current_user)
            form.add_refusal(refused)
    return page("households/propose.html", status=form.status, household=household, form=form)


@bp.get("/de-nghi/")
@allow(*READERS)
def proposals() -> Response:
    """Proposals in the person's units: those that wait, and the latest answered ones."""
    wanted = (
        select(HouseholdChange)
        .join(HouseholdChange.household)
        .where(
            HouseholdChange.state.in_(actions.STATES),
            Household.unit_id.in_(queries.seen_units(current_user)),
            Household.withdrawn.is_(False),
        )
        .options(
            joinedload(HouseholdChange.decided_by),
            joinedload(HouseholdChange.household).joinedload(Household.unit).joinedload(Unit.parent),
        )
    )
    waiting = wanted.where(HouseholdChange.state == actions.PROPOSED).order_by(HouseholdChange.id)
    done = wanted.where(HouseholdChange.state != actions.PROPOSED).order_by(HouseholdChange.id.desc())
    return page(
        "households/proposals.html",
        waiting=db.session.scalars(waiting.limit(SHOWN)).all(),
        answered=db.session.scalars(done.limit(SHOWN)).all(),
        states=actions.STATES,
        code_of=code_of,
        unit_text=queries.unit_text,
    )


@bp.get("/de-nghi/<int:change_id>")
@allow(*READERS)
def proposal(change_id: int) -> Response:
    """One proposal: old beside new, with the reason."""
    return _proposal_page(_proposal_or_404(change_id), AnswerForm())


@bp.post('/de-nghi/<int:change_id>/<any("nhan", "khong-nhan"):turn>')
@allow(*WRITERS)
def decide(change_id: int, turn: str) -> Response:
    """Take the proposal, or not."""
    change = _proposal_or_404(change_id)
    if not queries.may_write(current_user, change.household.unit):
        abort(403)
    form = AnswerForm()
    if not form.validate_on_submit():
        return _proposal_page(change, form)
    try:
        if turn == "nhan":
            actions.accept(change, by=current_user)
        else:
            actions.refuse(change, answer=form.answer.data, by=current_user)
        response = go(url_for("households.proposals"))
        flash("Đã nhận đề nghị, sổ hộ đã sửa." if turn == "nhan" else "Đã trả lời không nhận đề nghị.")
        db.session.commit()
        return response
    except Refused as refused:
        db.session.rollback()
        change = _proposal_or_404(change_id)
        form.add_refusal(refused)
    return _proposal_page(change, form)


def _proposal_or_404(change_id: int) -> HouseholdChange:
    change = db.session.get(HouseholdChange, change_id)
    if change is None or change.state not in actions.STATES:
        abort(404)
    queries.household_or_404(change.household_id, for_user=current_user)
    return change


def _proposal_page(change: HouseholdChange, form: AnswerForm) -> Response:
    may_decide = change.state == actions.PROPOSED and queries.may_write(current_user, change.household.unit)
    return page(
        "households/proposal.html",
        status=form.status,
        change=change,
        household=change.household,
        code=code_of(change.household_id),
        place=queries.unit_text(change.household.unit),
        states=actions.STATES,
        form=form,
        may_decide=may_decide,
    )
