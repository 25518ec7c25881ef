"""Clusters, classes and criteria of a year on screen. Part of the views."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, request, url_for
from flask_login import current_user
from sqlalchemy import select

from portal.emulation import actions_criteria
from portal.emulation import actions_movements as actions
from portal.emulation import queries_movements as queries
from portal.emulation.forms_movements import ClassForm, ClusterForm, CriterionForm
from portal.emulation.lists_movements import criteria_list
from portal.emulation.models_movements import MovementCriterion, MovementRound
from portal.emulation.queries_movements import READERS, WRITERS
from portal.emulation.views import bp, done
from portal.emulation.views_movements import round_page, round_to_lead, round_url
from portal.kit.access import allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.seen import changed_meanwhile
from portal.kit.web import page

PARTS: dict[str, tuple[Callable[..., Any], str]] = {
    "cum": (actions.add_cluster, "Đã thêm cụm."),
    "muc": (actions.add_class, "Đã thêm mức xếp loại."),
}


@bp.post('/phong-trao/ky/<code>/<any("cum", "muc"):kind>')
@allow(*WRITERS)
def add_part(code: str, kind: str) -> Response:
    """One more cluster or class."""
    one = round_to_lead(code)
    cluster = ClusterForm(prefix="cum") if kind == "cum" else ClusterForm(None, prefix="cum")
    klass = ClassForm(prefix="muc") if kind == "muc" else ClassForm(None, prefix="muc")
    form: Any = cluster if kind == "cum" else klass
    act, said = PARTS[kind]
    if form.validate_on_submit():
        try:
            act(one, form.values())
            return done(round_url(code) + f"#{kind}", said)
        except Refused as refused:
            db.session.rollback()
            one = round_to_lead(code)
            form.add_refusal(refused)
    return round_page(one, cluster, klass)


@bp.route('/phong-trao/ky/<code>/<any("cum", "muc"):kind>/<int:part_id>', methods=["GET", "POST"])
@allow(*WRITERS)
def part(code: str, kind: str, part_id: int) -> Response:
    """Rename a cluster, change a class, or take it out."""
    one = round_to_lead(code)
    entry: Any = queries.part_or_404(one, kind, part_id)
    form: Any = (ClusterForm if kind == "cum" else ClassForm)(obj=entry)
    theirs = changed_meanwhile(form, request.form)
    dropping = request.form.get("then") == "drop"
    if (dropping and request.method == "POST") or (form.validate_on_submit() and not theirs):
        try:
            _part_act(kind, dropping)(one, entry, *(() if dropping else (form.values(),)))
            return done(round_url(code) + f"#{kind}", "Đã bỏ." if dropping else "Đã sửa.")
        except Refused as refused:
            db.session.rollback()
            one = round_to_lead(code)
            entry = queries.part_or_404(one, kind, part_id)
            form.add_refusal(refused)
    status = 409 if theirs else form.status
    return page(
        "emulation/part.html", status=status, one=one, part=entry, kind=kind, form=form, theirs=theirs
    )


def _part_act(kind: str, dropping: bool) -> Callable[..., Any]:
    if kind == "cum":
        return actions.drop_cluster if dropping else actions.change_cluster
    return actions.drop_class if dropping else actions.change_class


@bp.get("/phong-trao/ky/<code>/tieu-chi/")
@allow(*READERS)
def criteria(code: str) -> Response:
    """The criteria; the file that is taken away can be brought back."""
    one = queries.round_or_404(code, for_user=current_user)
    may_lead = queries.may_lead(current_user, one)
    spec = criteria_list(one, lambda row: _criterion_url(one, row) if may_lead else round_url(code))
    rows = select(MovementCriterion).where(MovementCriterion.round_id == one.id)
    listing = spec.run(rows, request.args, request.path)
    return spec.download(rows, request.args) or page(
        "emulation/criteria.html",
        "list",
        status=listing.status,
        listing=listing,
        one=one,
        most=sum(criterion.points for criterion in one.criteria),
        most_bonus=sum(criterion.bonus for criterion in one.criteria),
        may_lead=may_lead,
    )


def _criterion_url(one: MovementRound, criterion: MovementCriterion) -> str:
    return url_for("emulation.criterion", code=one.code, criterion_id=criterion.id)


@bp.route("/phong-trao/ky/<code>/tieu-chi/moi", methods=["GET", "POST"])
@allow(*WRITERS)
def new_criterion(code: str) -> Response:
    """One more criterion."""
    one, form = round_to_lead(code), CriterionForm()
    if form.validate_on_submit():
        try:
            actions_criteria.add_criterion(one, form.values())
            return done(url_for("emulation.criteria", code=code), "Đã thêm tiêu chí.")
        except Refused as refused:
            db.session.rollback()
            one = round_to_lead(code)
            form.add_refusal(refused)
    return page("emulation/criterion.html", status=form.status, one=one, criterion=None, form=form)


@bp.route("/phong-trao/ky/<code>/tieu-chi/<int:criterion_id>", methods=["GET", "POST"])
@allow(*WRITERS)
def criterion(code: str, criterion_id: int) -> Response:
    """Change a criterion, or take it out."""
    one = round_to_lead(code)
    known = queries.criterion_or_404(one, criterion_id)
    form = CriterionForm(obj=known)
    theirs = changed_meanwhile(form, request.form)
    dropping = request.method == "POST" and request.form.get("then") == "drop"
    if dropping or (form.validate_on_submit() and not theirs):
        try:
            if dropping:
                actions_criteria.drop_criterion(one, known)
            else:
                actions_criteria.change_criterion(one, known, form.values())
            return done(
                url_for("emulation.criteria", code=code),
                "Đã bỏ tiêu chí." if dropping else "Đã sửa tiêu chí.",
            )
        except Refused as refused:
            db.session.rollback()
            one = round_to_lead(code)
            known = queries.criterion_or_404(one, criterion_id)
            form.add_refusal(refused)
    status = 409 if theirs else form.status
    return page("emulation/criterion.html", status=status, one=one, criterion=known, form=form, theirs=theirs)
