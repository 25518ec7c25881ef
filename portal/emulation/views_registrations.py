"""Registrations and commitments on screen: units, households, people. Part of the views."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, request, url_for
from flask_login import current_user

from portal.emulation import actions_registrations as actions
from portal.emulation import queries_movements as queries
from portal.emulation import rules_movements as rules
from portal.emulation.forms_movements import HouseholdEntryForm, JudgeForm, PersonEntryForm, UnitEntryForm
from portal.emulation.lists_movements import entries_list, entries_listed, state_text
from portal.emulation.models_movements import MovementEntry, MovementRound
from portal.emulation.queries_movements import READERS, WRITERS
from portal.emulation.rules_movements import HOUSEHOLD, PERSON, UNIT
from portal.emulation.views import bp, done
from portal.emulation.views_movements import round_url
from portal.households import queries_registry as registry
from portal.households.models_registry import Household
from portal.households.rules_registry import code_of, id_of_code
from portal.kit.access import allow
from portal.kit.days import format_day
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.forms import ReasonForm
from portal.kit.seen import changed_meanwhile, lock_row
from portal.kit.web import page
from portal.people.queries import holds
from portal.units.models import Unit

FORMS: dict[str, Any] = {UNIT: UnitEntryForm, HOUSEHOLD: HouseholdEntryForm, PERSON: PersonEntryForm}
NOT_FOUND = "Không thấy hộ mang mã “{}” trong sổ của đơn vị. Xem lại mã ở Danh sách hộ."


def entry_url(entry: MovementEntry) -> str:
    """The page of a registration: a unit's is its sheet."""
    name = "emulation.sheet" if entry.kind == UNIT else "emulation.entry"
    return url_for(name, entry_id=entry.id)


@bp.get("/phong-trao/ky/<code>/dang-ky/")
@allow(*READERS)
def entries(code: str) -> Response:
    """Who takes part, of the person's units."""
    one = queries.round_or_404(code, for_user=current_user)
    spec = entries_list(one, lambda row: entry_url(row.MovementEntry))
    rows = entries_listed(queries.entries_for(current_user), one.id)
    listing = spec.run(rows, request.args, request.path)
    return spec.download(rows, request.args) or page(
        "emulation/entries.html",
        "list",
        status=listing.status,
        listing=listing,
        one=one,
        kinds=rules.KINDS,
        may_register=holds(current_user, *WRITERS) and not queries.is_published(one.id),
    )


@bp.route('/phong-trao/ky/<code>/dang-ky/<any("unit", "household", "person"):kind>', methods=["GET", "POST"])
@allow(*WRITERS)
def register(code: str, kind: str) -> Response:
    """Register a unit, a household or a person of one's own units."""
    one = queries.round_or_404(code, for_user=current_user)
    form = _offered(FORMS[kind](), one)
    if form.validate_on_submit():
        try:
            entry = _register(one, kind, form)
            return done(entry_url(entry), "Đã ghi đăng ký.")
        except Refused as refused:
            db.session.rollback()
            one = queries.round_or_404(code, for_user=current_user)
            _offered(form, one).add_refusal(refused)
    return page(
        "emulation/register.html", status=form.status, form=form, one=one, kind=kind, kinds=rules.KINDS
    )


def _offered(form: Any, one: MovementRound) -> Any:
    if "unit_id" in form:
        units = queries.units_to_enter(current_user, one)
        form.unit_id.offer([(unit.id, registry.unit_text(unit)) for unit in units])
    if "cluster_id" in form:
        form.cluster_id.offer([(cluster.id, cluster.name) for cluster in one.clusters])
    return form


def _register(one: MovementRound, kind: str, form: Any) -> MovementEntry:
    if kind == HOUSEHOLD:
        return actions.register_household(one, _household(one, form), form.values(), by=current_user)
    unit = db.session.get_one(Unit, form.unit_id.data)
    act = actions.register_unit if kind == UNIT else actions.register_person
    return act(one, unit, form.values(), by=current_user)


def _household(one: MovementRound, form: Any) -> Household:
    """The household of the typed code where the person writes. Raises Refused."""
    asked = form.household.data
    known: Any = registry.households_for(current_user).where(Household.id == (id_of_code(asked) or 0))
    found: Household | None = db.session.scalar(known.options(*registry.WITH_UNIT))
    inside = {unit.id for unit in queries.units_to_enter(current_user, one)}
    if found is None or not registry.may_write(current_user, found.unit) or found.unit_id not in inside:
        raise Refused(NOT_FOUND.format(asked), "household")
    return found


def entry_to_change(entry_id: int) -> MovementEntry:
    """A registration that the person keeps. 404 or 403 otherwise."""
    entry = queries.entry_or_404(entry_id, for_user=current_user)
    if not queries.may_register(current_user, entry):
        abort(403)
    return entry


def name_of(entry: MovementEntry) -> str:
    """Who it is that takes part."""
    if entry.kind == PERSON:
        return entry.person_name or ""
    return entry.household.name if entry.household else entry.unit.name


@bp.get("/phong-trao/dang-ky/<int:entry_id>")
@allow(*READERS)
def entry(entry_id: int) -> Response:
    """What a household or a person has promised, and whether it was kept."""
    found = queries.entry_or_404(entry_id, for_user=current_user)
    return _page(found, _judge_form(found))


def _judge_form(found: MovementEntry) -> JudgeForm:
    return JudgeForm(None, note=found.achieved_note)


def _page(found: MovementEntry, form: JudgeForm) -> Response:
    may = queries.may_register(current_user, found)
    published = queries.is_published(found.round_id)
    return page(
        "emulation/entry.html",
        status=form.status,
        entry=found,
        one=found.round,
        name=name_of(found),
        code=code_of(found.household_id) if found.household_id else None,
        place=registry.unit_text(found.unit),
        kinds=rules.KINDS,
        state=state_text(found),
        result=rules.result_text(found.achieved),
        form=form,
        may_change=may and not published,
        may_judge=may and not published and found.kind != UNIT and not found.ended,
    )


@bp.route("/phong-trao/dang-ky/<int:entry_id>/sua", methods=["GET", "POST"])
@allow(*WRITERS)
def change_entry(entry_id: int) -> Response:
    """Other words of the promise."""
    found = entry_to_change(entry_id)
    if request.method == "POST":
        lock_row(found)
    form = _change_form(found)
    theirs = changed_meanwhile(form, request.form)
    if form.validate_on_submit() and not theirs:
        try:
            actions.change_entry(found, form.values())
            return done(entry_url(found), "Đã sửa đăng ký.")
        except Refused as refused:
            db.session.rollback()
            found = entry_to_change(entry_id)
            _without_place(form, found).add_refusal(refused)
    return page(
        "emulation/register.html",
        status=409 if theirs else form.status,
        form=form,
        one=found.round,
        kind=found.kind,
        kinds=rules.KINDS,
        entry=found,
        name=name_of(found),
        back=entry_url(found),
        theirs=theirs,
    )


def _change_form(found: MovementEntry) -> Any:
    form = FORMS[found.kind](obj=found)
    for name in ("unit_id", "household"):  # who takes part stays
        if name in form:
            delattr(form, name)
    return _without_place(form, found)


def _without_place(form: Any, found: MovementEntry) -> Any:
    if "cluster_id" in form:
        form.cluster_id.offer([(cluster.id, cluster.name) for cluster in found.round.clusters])
    return form


@bp.post("/phong-trao/dang-ky/<int:entry_id>/xet")
@allow(*WRITERS)
def judge(entry_id: int) -> Response:
    """Kept or not, or nobody has looked yet."""
    found, form = entry_to_change(entry_id), JudgeForm()
    if form.validate_on_submit():
        achieved = {"yes": True, "no": False, "open": None}[form.achieved.data]
        try:
            actions.judge_entry(found, achieved=achieved, note=form.note.data, by=current_user)
            return done(entry_url(found), f"Đã ghi: {rules.result_text(achieved).lower()}.")
        except Refused as refused:
            db.session.rollback()
            found = entry_to_change(entry_id)
            form.add_refusal(refused)
    return _page(found, form)


@bp.route("/phong-trao/dang-ky/<int:entry_id>/rut", methods=["GET", "POST"])
@allow(*WRITERS)
def withdraw(entry_id: int) -> Response:
    """It no longer takes part."""
    found, form = entry_to_change(entry_id), ReasonForm()
    if form.validate_on_submit():
        try:
            actions.withdraw_entry(found, reason=form.reason.data)
            return done(entry_url(found), "Đã rút đăng ký.")
        except Refused as refused:
            db.session.rollback()
            found = entry_to_change(entry_id)
            form.add_refusal(refused)
    lead = f"Đăng ký ngày {format_day(found.registered_on)} của {name_of(found)}. Phiếu và minh chứng vẫn được giữ."
    return page(
        "layouts/reason.html",
        status=form.status,
        form=form,
        verb="Rút đăng ký",
        lead=lead,
        crumbs=[
            (found.round.name, round_url(found.round.code)),
            (name_of(found), entry_url(found)),
        ],
    )


@bp.post("/phong-trao/dang-ky/<int:entry_id>/mo-lai")
@allow(*WRITERS)
def reopen(entry_id: int) -> Response:
    """It takes part again."""
    found = entry_to_change(entry_id)
    try:
        actions.reopen_entry(found)
        return done(entry_url(found), "Đã mở lại đăng ký.")
    except Refused as refused:
        db.session.rollback()
        form = _judge_form(entry_to_change(entry_id))
        form.form_errors.append(refused.text)
        return _page(entry_to_change(entry_id), form)
