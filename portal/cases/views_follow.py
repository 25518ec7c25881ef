"""Livelihood followed: what was given, visits due and made. Part of the views."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, request, url_for
from flask_login import current_user

from portal.cases import actions_follow as actions
from portal.cases import queries, rules
from portal.cases.actions_follow import Given
from portal.cases.forms import ASSETS, AssetsForm, DueForm, visit_form
from portal.cases.lists import visits_for, visits_list
from portal.cases.models import SupportCase
from portal.cases.models_follow import CaseVisit
from portal.cases.views import READERS, WRITERS, bp, case_to_change, done, url
from portal.cases.views_ending import reason_page
from portal.goods.forms import LINES, lines_asked, with_lines
from portal.households import queries_registry as registry
from portal.kit.access import allow
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.forms import ReasonForm
from portal.kit.web import page


@bp.get("/tham-lai/")
@allow(*READERS)
def visits() -> Response:
    """Visits due and made in the person's units."""
    spec = visits_list(
        today_in_vietnam(), registry.seen_places(current_user), lambda row: url(row.CaseVisit.case_id)
    )
    rows = visits_for(queries.cases_for(current_user))
    listing = spec.run(rows, request.args, request.path)
    return spec.download(rows, request.args) or page(
        "cases/visits.html", "list", status=listing.status, listing=listing
    )


@bp.route("/<int:case_id>/theo-doi", methods=["GET", "POST"])
@allow(*WRITERS)
def assets(case_id: int) -> Response:
    """What was given and is followed."""
    case = case_to_change(case_id)
    form = _assets_form(case)
    if request.method == "POST" and request.form.get("then") == "lines":
        db.session.rollback()
        return _assets_page(case_to_change(case_id), form, status=200)
    if form.validate_on_submit():
        try:
            actions.set_assets(case, _given(form), by=current_user)
            return done(case_id, "Đã ghi danh sách theo dõi.")
        except Refused as refused:
            db.session.rollback()
            case = case_to_change(case_id)
            form.add_refusal(refused)
    return _assets_page(case, form)


def _assets_form(case: SupportCase) -> Any:
    known = actions.assets_of(case)
    count = lines_asked(request.form) if request.method == "POST" else max(4, len(known))
    form = with_lines(AssetsForm, count, ASSETS)()
    if request.method == "GET":
        for number, one in enumerate(known, start=1):
            form[f"name_{number}"].data, form[f"measure_{number}"].data = one.name, one.measure
            form[f"pieces_{number}"].data = one.count
    return form


def _given(form: Any) -> list[Given]:
    return [
        Given(line["name"] or "", line["measure"] or "con", line["pieces"] or 0)
        for line in form.typed()
        if line["name"] or line["pieces"]
    ]


def _assets_page(case: SupportCase, form: Any, *, status: int | None = None) -> Response:
    return page(
        "cases/assets.html",
        status=form.status if status is None else status,
        case=case,
        form=form,
        lines_field=LINES,
    )


@bp.route("/<int:case_id>/hen-tham", methods=["GET", "POST"])
@allow(*WRITERS)
def add_visit(case_id: int) -> Response:
    """One more visit is due."""
    case, form = case_to_change(case_id), DueForm()
    if form.validate_on_submit():
        try:
            actions.add_visit(case, form.due_on.data, by=current_user)
            return done(case_id, "Đã hẹn thăm.")
        except Refused as refused:
            db.session.rollback()
            case = case_to_change(case_id)
            form.add_refusal(refused)
    return page("cases/due.html", status=form.status, case=case, form=form)


def _visit(case_id: int, visit_id: int) -> CaseVisit:
    case = case_to_change(case_id)
    found = next((one for one in actions.visits_of(case) if one.id == visit_id), None)
    if found is None:
        abort(404)
    return found


@bp.route("/<int:case_id>/tham/<int:visit_id>", methods=["GET", "POST"])
@allow(*WRITERS)
def visit(case_id: int, visit_id: int) -> Response:
    """What was seen: the five counts add up to what was given."""
    one = _visit(case_id, visit_id)
    form = visit_form(actions.assets_of(one.case))()
    if form.validate_on_submit():
        try:
            actions.record_visit(
                one,
                visited_on=form.visited_on.data,
                visitor=form.visitor.data,
                remark=form.visit_note.data,
                told=form.told(),
                by=current_user,
            )
            return done(case_id, "Đã ghi lần thăm.")
        except Refused as refused:
            db.session.rollback()
            one = _visit(case_id, visit_id)
            field = (
                (refused.field or "").replace("a", "alive_", 1)
                if (refused.field or "")[1:].isdecimal()
                else None
            )
            form.add_refusal(Refused(refused.text, field or refused.field))
    return page(
        "cases/visit.html",
        status=form.status,
        case=one.case,
        visit=one,
        form=form,
        assets=actions.assets_of(one.case),
        fates=rules.FATES,
        assets_url=url_for("cases.assets", case_id=case_id),
    )


@bp.route("/<int:case_id>/tham/<int:visit_id>/bo", methods=["GET", "POST"])
@allow(*WRITERS)
def drop_visit(case_id: int, visit_id: int) -> Response:
    """A visit that will not take place, or was written wrongly."""
    one, form = _visit(case_id, visit_id), ReasonForm()
    if form.validate_on_submit():
        try:
            actions.drop_visit(one, reason=form.reason.data, by=current_user)
            return done(case_id, "Đã bỏ lần thăm.")
        except Refused as refused:
            db.session.rollback()
            one = _visit(case_id, visit_id)
            form.add_refusal(refused)
    return reason_page(one.case, form, "Bỏ lần thăm")
