"""Sensitive fields: shown only on demand, with a purpose, and every reading is noted. Part of the views."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Response, abort, request, url_for
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.households import actions_private as actions
from portal.households import queries_registry as queries
from portal.households.exported import Facts
from portal.households.forms import PrivateForm, PurposeForm
from portal.households.lists import LOADED, access_list, filters_of, households_file
from portal.households.models_private import HouseholdAccess, HouseholdPrivate
from portal.households.models_registry import Household, HouseholdMember
from portal.households.queries_page import members_of
from portal.households.rules_private import FIELDS
from portal.households.views import bp, household_to_change, to
from portal.kit.access import allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.listing import EXPORT, Listing
from portal.kit.web import page
from portal.people.queries import units_for


def _to_read(household_id: int) -> Household:
    household = queries.household_or_404(household_id, for_user=current_user)
    if household.merged_into_id is not None:
        abort(404)
    if not queries.may_read_private(current_user, household.unit):
        abort(403)
    return household


@bp.get("/<int:household_id>/thong-tin-rieng")
@allow(*queries.PRIVATE_READERS)
def private(household_id: int) -> Response:
    """Ask what for. Nothing sensitive stands here."""
    return _purpose_page(_to_read(household_id), PurposeForm())


@bp.post("/<int:household_id>/thong-tin-rieng")
@allow(*queries.PRIVATE_READERS)
def read_private(household_id: int) -> Response:
    """Note who reads and what for, then show. A reload asks the same and is noted again."""
    household = _to_read(household_id)
    form = PurposeForm()
    if form.validate_on_submit():
        try:
            actions.log_reading(household, current_user, form.purpose.data)
            db.session.commit()
            household = _to_read(household_id)
            people = [(None, household.name), *((one.id, one.name) for one in members_of(household.id))]
            rows = _rows_of(household)
            return _private_page(
                household, [(key, name, _form(key, rows.get(key))) for key, name in people], rows
            )
        except Refused as refused:
            db.session.rollback()
            household = _to_read(household_id)
            form.add_refusal(refused)
    return _purpose_page(household, form)


@bp.post("/<int:household_id>/thong-tin-rieng/ghi/<int:member_id>")
@allow(*queries.WRITERS)
def set_private(household_id: int, member_id: int) -> Response:
    """Write the sensitive fields of the head (0) or of a member. The row before stays."""
    household = household_to_change(household_id)
    member = _member(household, member_id)
    form = PrivateForm(prefix=_prefix(member_id))
    if form.validate_on_submit():
        try:
            changed = actions.set_private(household, member, form.values(), current_user)
            return to(household_id, "Đã ghi thông tin riêng." if changed else "Không có gì thay đổi.")
        except Refused as refused:
            db.session.rollback()
            household = household_to_change(household_id)
            member = _member(household, member_id)
            form.add_refusal(refused)
    name = member.name if member else household.name
    return _private_page(household, [(member_id or None, name, form)], {})


def _member(household: Household, member_id: int) -> HouseholdMember | None:
    if not member_id:
        return None
    found = next((one for one in members_of(household.id) if one.id == member_id), None)
    if found is None:
        abort(404)
    return found


def _rows_of(household: Household) -> dict[int | None, HouseholdPrivate]:
    rows = select(HouseholdPrivate).where(
        HouseholdPrivate.household_id == household.id, HouseholdPrivate.withdrawn.is_(False)
    )
    return {row.member_id: row for row in db.session.scalars(rows)}


def _prefix(member_id: int | None) -> str:
    """Several people on one page: each with fields of their own."""
    return f"nguoi{member_id or 0}"


def _form(member_id: int | None, row: HouseholdPrivate | None) -> PrivateForm:
    return PrivateForm(formdata=None, obj=row, prefix=_prefix(member_id))


def _purpose_page(household: Household, form: PurposeForm) -> Response:
    home = url_for("households.show", household_id=household.id)
    return page(
        "households/purpose.html",
        status=form.status,
        form=form,
        crumbs=[("Hộ dân", url_for("households.index")), (household.name, home)],
        lead=f"Số căn cước, sức khỏe, dân tộc, tôn giáo của {household.name} và người trong hộ.",
        example="lập hồ sơ thẻ bảo hiểm y tế",
        verb="Xem thông tin riêng",
        paper=None,
    )


def _private_page(
    household: Household,
    people: list[tuple[int | None, str, PrivateForm]],
    rows: dict[int | None, HouseholdPrivate],
) -> Response:
    return page(
        "households/private.html",
        status=max(form.status for _, _, form in people),
        household=household,
        people=people,
        rows=rows,
        labels=FIELDS,
        may_write=queries.may_write(current_user, household.unit),
    )


@bp.route("/tep-thong-tin-rieng", methods=["GET", "POST"])
@allow(*queries.PRIVATE_READERS)
def private_file() -> Response:
    """The list as a file with the sensitive columns: for a purpose, noted for every household in it."""
    form = PurposeForm()
    if form.validate_on_submit():
        try:
            return _file(form.purpose.data)
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    asked = {name: value for name, value in request.args.items() if value}
    return page("households/private_file.html", status=form.status, form=form, asked=asked)


def _file(purpose: str) -> Response:
    filters = filters_of(queries.seen_places(current_user))
    places = queries.places_answered_for(current_user, *queries.PRIVATE_READERS)
    mine = queries.households_for(current_user)
    mine = mine.where(Household.unit_id.in_([unit.id for unit in places]))
    conditions = [
        condition for _, condition in (spec.read(request.args) for spec in filters) if condition is not None
    ]
    found = mine.where(*conditions)
    actions.log_file(found, current_user, purpose)
    db.session.commit()
    spec = replace(
        households_file(filters, Facts(found, with_private=True)), file_name="ho-dan-thong-tin-rieng"
    )
    file = spec.download(found.options(*LOADED), {**request.args.to_dict(), EXPORT: "xlsx"})
    assert file is not None  # a known form was asked for
    return file


@bp.get("/nhat-ky-xem")
@allow(*queries.LOG_READERS)
def accesses() -> Response:
    """Who has read sensitive fields of households in the person's units."""
    own = units_for(current_user, *queries.LOG_READERS)
    rows: Any = (
        select(HouseholdAccess, Household.name.label("name"))
        .join(Household, Household.id == HouseholdAccess.household_id)
        .where(HouseholdAccess.unit_id.in_(own))
        .options(joinedload(HouseholdAccess.unit))
    )
    spec = access_list(
        queries.seen_places(current_user),
        lambda row: url_for("households.show", household_id=row.HouseholdAccess.household_id),
    )
    return spec.download(rows, request.args) or _access_page(spec.run(rows, request.args, request.path))


def _access_page(listing: Listing) -> Response:
    return page("households/accesses.html", "list", status=listing.status, listing=listing)
