"""Households on screen: list, one household, new, change. The rest stands beside (views_*)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, abort, flash, request, url_for
from flask_login import current_user

from portal.emulation.queries_nominations import honours_of
from portal.households import actions_registry as actions
from portal.households import queries_registry as queries
from portal.households.exported import Facts
from portal.households.forms import HouseholdForm
from portal.households.lists import LOADED, filters_of, households_file, households_list, rows_of
from portal.households.models_registry import Household
from portal.households.queries_page import portrait
from portal.households.queries_watch import twins_of
from portal.households.rules_registry import SEXES, code_of
from portal.households.rules_watch import KINDS, VERDICT_BADGES, VERDICTS
from portal.kit.access import allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.listing import EXPORT
from portal.kit.seen import Change, changed_meanwhile, lock_row
from portal.kit.web import go, page
from portal.people.queries import holds, readable_of

bp = Blueprint("households", __name__, url_prefix="/quan-ly/ho-dan")
READERS, WRITERS, PROPOSERS = queries.READERS, queries.WRITERS, queries.PROPOSERS


@bp.get("/")
@allow(*READERS)
def index() -> Response:
    """Households that the person sees; as a file with the columns of the import, without anything sensitive."""
    filters = filters_of(queries.seen_places(current_user))
    mine = queries.households_for(current_user)
    if request.args.get(EXPORT):
        file = households_file(filters, Facts(mine)).download(mine.options(*LOADED), request.args)
        if file is not None:
            return file
    spec = households_list(filters, lambda row: url_for("households.show", household_id=row.Household.id))
    listing = spec.run(rows_of(mine), request.args, request.path)
    return page(
        "households/list.html",
        "list",
        status=listing.status,
        listing=listing,
        may_write=holds(current_user, *WRITERS),
        may_take_private=holds(current_user, *queries.PRIVATE_READERS),
    )


@bp.get("/<int:household_id>")
@allow(*READERS)
def show(household_id: int) -> Response:
    """One household: facts, people, years, needs, helpers, and all it ever received."""
    household = queries.household_or_404(household_id, for_user=current_user)
    if household.merged_into_id is not None:
        queries.household_or_404(household.merged_into_id, for_user=current_user)
        return go(url_for("households.show", household_id=household.merged_into_id))
    return page("households/show.html", **_shown(household))


def _shown(household: Household) -> dict[str, Any]:
    may_write = queries.may_write(current_user, household.unit)
    found, honours = portrait(household), honours_of(household_id=household.id)
    papers = [*(line.unit_id for line in found.lines), *(one.unit_id for one in honours)]
    return {
        "household": household,
        "code": code_of(household.id),
        "place": queries.unit_text(household.unit),
        "sexes": SEXES,
        "kinds": KINDS,
        "verdicts": VERDICTS,
        "verdict_badges": VERDICT_BADGES,
        "found": found,
        "opened": readable_of(current_user, papers),
        "twins": twins_of(household, current_user),
        "honours": honours,
        "may_write": may_write,
        "may_propose": not may_write and holds(current_user, *PROPOSERS),
        "may_read_private": queries.may_read_private(current_user, household.unit),
    }


def household_to_change(household_id: int) -> Household:
    """A household that stands for itself, where the person is responsible. 404 or 403 otherwise."""
    household = queries.household_or_404(household_id, for_user=current_user)
    if household.merged_into_id is not None:
        abort(404)
    if not queries.may_write(current_user, household.unit):
        abort(403)
    return household


def to(household_id: int, said: str | None = None) -> Response:
    """Commit, and back to the page of a household."""
    response = go(url_for("households.show", household_id=household_id))
    if said:
        flash(said)
    db.session.commit()
    return response


@bp.route("/moi", methods=["GET", "POST"])
@allow(*WRITERS)
def new() -> Response:
    """Record a household. One that looks alike is told on its page, and aid goes on meanwhile."""
    form = _offered(HouseholdForm())
    if form.validate_on_submit():
        try:
            household = actions.record_household(form.values(), by=current_user)
            alike = twins_of(household, current_user)
            said = f"Đã ghi hộ {household.name} ({code_of(household.id)})."
            if alike:
                said += " Có hộ giống hộ này trong xã, xem ở mục “Có thể trùng”."
            return to(household.id, said)
        except Refused as refused:
            db.session.rollback()
            _offered(form).add_refusal(refused)
    return _form_page(form, None)


def _offered(form: HouseholdForm, household: Household | None = None) -> HouseholdForm:
    """Give the form the units that this person answers for; what the household has stays choosable."""
    units = {unit.id: queries.unit_text(unit) for unit in queries.units_to_write(current_user)}
    if household is not None:
        units.setdefault(household.unit_id, queries.unit_text(household.unit))
    form.unit_id.offer(list(units.items()))
    return form


@bp.route("/<int:household_id>/sua", methods=["GET", "POST"])
@allow(*WRITERS)
def edit(household_id: int) -> Response:
    """Change what is kept, with the old values in the history. Who is second sees what the first has written."""
    household = household_to_change(household_id)
    if request.method == "POST":
        lock_row(household)
    form = _offered(HouseholdForm(obj=household), household)
    theirs = changed_meanwhile(form, request.form)
    if form.validate_on_submit() and not theirs:
        try:
            told = actions.change_household(household, form.values(), current_user)
            return to(household_id, "Đã sửa." if told else "Không có gì thay đổi.")
        except Refused as refused:
            db.session.rollback()
            household = household_to_change(household_id)
            _offered(form, household).add_refusal(refused)
    return _form_page(form, household, theirs=theirs)


def _form_page(
    form: HouseholdForm, household: Household | None, *, theirs: Sequence[Change] = ()
) -> Response:
    status = 409 if theirs else form.status
    return page("households/form.html", status=status, form=form, household=household, theirs=theirs)


from portal.households import (  # noqa: E402, F401  (their routes join `bp`)
    views_catalogue,
    views_changes,
    views_facts,
    views_help,
    views_private,
    views_reviews,
    views_twins,
)
