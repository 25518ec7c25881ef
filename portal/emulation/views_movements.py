"""Movements and their years on screen: names, criteria, clusters, classes. Part of the views."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, request, url_for
from flask_login import current_user
from sqlalchemy.orm import joinedload

from portal.emulation import actions_movements as actions
from portal.emulation import queries_movements as queries
from portal.emulation.forms_movements import (
    ClassForm,
    ClusterForm,
    MovementForm,
    NewMovementForm,
    NewRoundForm,
    RoundForm,
)
from portal.emulation.lists_movements import movements_list
from portal.emulation.models_movements import Movement, MovementRound
from portal.emulation.queries_movements import READERS, WRITERS
from portal.emulation.rules_movements import KINDS
from portal.emulation.rules_scoring import STATES, format_points
from portal.emulation.views import bp, done
from portal.kit.access import allow
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.seen import changed_meanwhile, lock_row
from portal.kit.web import page
from portal.people.queries import holds
from portal.units.models import Unit

bp.app_template_filter("points")(format_points)


def movement_url(movement_id: int) -> str:
    """The page of a movement."""
    return url_for("emulation.show_movement", movement_id=movement_id)


def round_url(code: str) -> str:
    """The page of a year."""
    return url_for("emulation.show_round", code=code)


@bp.get("/phong-trao/")
@allow(*READERS)
def movements() -> Response:
    """Movements that reach the person's units."""
    spec = movements_list(lambda row: movement_url(row.id))
    rows = queries.movements_for(current_user).options(joinedload(Movement.unit))
    listing = spec.run(rows, request.args, request.path)
    return spec.download(rows, request.args) or page(
        "emulation/movements.html",
        "list",
        status=listing.status,
        listing=listing,
        may_add=holds(current_user, *WRITERS),
    )


@bp.route("/phong-trao/moi", methods=["GET", "POST"])
@allow(*WRITERS)
def new_movement() -> Response:
    """A movement of one of the person's units."""
    form = NewMovementForm()
    form.unit_id.offer([(unit.id, unit.name) for unit in queries.units_to_hold(current_user)])
    if form.validate_on_submit():
        try:
            movement = actions.add_movement(db.session.get_one(Unit, form.unit_id.data), form.values())
            return done(movement_url(movement.id), "Đã ghi phong trào.")
        except Refused as refused:
            db.session.rollback()
            form.unit_id.offer([(unit.id, unit.name) for unit in queries.units_to_hold(current_user)])
            form.add_refusal(refused)
    return page("emulation/movement_form.html", status=form.status, form=form, movement=None)


@bp.get("/phong-trao/<int:movement_id>")
@allow(*READERS)
def show_movement(movement_id: int) -> Response:
    """Names, period, basis, and the years."""
    movement = queries.movement_or_404(movement_id, for_user=current_user)
    rounds = list(
        db.session.scalars(
            queries.rounds_for(current_user)
            .where(MovementRound.movement_id == movement.id)
            .order_by(MovementRound.starts_on.desc(), MovementRound.id)
        )
    )
    return page(
        "emulation/movement.html",
        movement=movement,
        rounds=rounds,
        counts=queries.counts_of(current_user, [one.id for one in rounds]),
        published={one.id: queries.is_published(one.id) for one in rounds},
        kinds=KINDS,
        may_change=queries.may_change(current_user, movement),
        may_add=holds(current_user, *WRITERS),
    )


@bp.route("/phong-trao/<int:movement_id>/sua", methods=["GET", "POST"])
@allow(*WRITERS)
def change_movement(movement_id: int) -> Response:
    """Other names, period or basis."""
    movement = _movement_to_change(movement_id)
    if request.method == "POST":
        lock_row(movement)
    form = MovementForm(obj=movement)
    theirs = changed_meanwhile(form, request.form)
    if form.validate_on_submit() and not theirs:
        try:
            actions.change_movement(movement, form.values())
            return done(movement_url(movement_id), "Đã sửa phong trào.")
        except Refused as refused:
            db.session.rollback()
            movement = _movement_to_change(movement_id)
            form.add_refusal(refused)
    return page(
        "emulation/movement_form.html",
        status=409 if theirs else form.status,
        form=form,
        movement=movement,
        theirs=theirs,
    )


def _movement_to_change(movement_id: int) -> Movement:
    movement = queries.movement_or_404(movement_id, for_user=current_user)
    if not queries.may_change(current_user, movement):
        abort(403)
    return movement


@bp.route("/phong-trao/<int:movement_id>/ky/moi", methods=["GET", "POST"])
@allow(*WRITERS)
def new_round(movement_id: int) -> Response:
    """A year of the movement; it may begin with another one's criteria."""
    movement = queries.movement_or_404(movement_id, for_user=current_user)
    form, known = _round_form(movement)
    if form.validate_on_submit():
        try:
            unit = db.session.get_one(Unit, form.unit_id.data)
            one = actions.add_round(movement, unit, form.values(), like=known.get(form.like_id.data))
            return done(round_url(one.code), "Đã lập kỳ chấm.")
        except Refused as refused:
            db.session.rollback()
            movement = queries.movement_or_404(movement_id, for_user=current_user)
            _round_form(movement, form)
            form.add_refusal(refused)
    return page("emulation/round_form.html", status=form.status, form=form, movement=movement, one=None)


def _round_form(movement: Movement, form: Any = None) -> tuple[Any, dict[int, MovementRound]]:
    form = form or NewRoundForm()
    mine = queries.rounds_for(current_user).where(MovementRound.movement_id == movement.id)
    known = {one.id: one for one in db.session.scalars(mine.order_by(MovementRound.starts_on.desc()))}
    form.unit_id.offer([(unit.id, unit.name) for unit in queries.units_to_hold(current_user)])
    form.like_id.offer([(one.id, one.name) for one in known.values()])
    return form, known


@bp.get("/phong-trao/ky/<code>")
@allow(*READERS)
def show_round(code: str) -> Response:
    """One year: what it is made of, how far registrations and sheets have come, what is next."""
    one = queries.round_or_404(code, for_user=current_user)
    return round_page(one, ClusterForm(None, prefix="cum"), ClassForm(None, prefix="muc"))


def round_page(one: MovementRound, cluster: ClusterForm, kind: ClassForm) -> Response:
    """The page of a year, with the two small forms as they came back."""
    return page(
        "emulation/round.html",
        status=max(cluster.status, kind.status),
        one=one,
        cluster_form=cluster,
        class_form=kind,
        counts=queries.counts_of(current_user, [one.id]),
        states=queries.states_of(current_user, one.id),
        state_names=STATES,
        kinds=KINDS,
        ranking=queries.present_ranking(one.id),
        today=today_in_vietnam(),
        may_lead=queries.may_lead(current_user, one),
        may_publish=queries.may_publish(current_user, one),
        may_register=holds(current_user, *WRITERS),
    )


def round_to_lead(code: str) -> MovementRound:
    """A year whose criteria the person keeps. 404 or 403 otherwise."""
    one = queries.round_or_404(code, for_user=current_user)
    if not queries.may_lead(current_user, one):
        abort(403)
    return one


@bp.route("/phong-trao/ky/<code>/sua", methods=["GET", "POST"])
@allow(*WRITERS)
def change_round(code: str) -> Response:
    """Name, period, deadline."""
    one = round_to_lead(code)
    if request.method == "POST":
        lock_row(one)
    form = RoundForm(obj=one)
    theirs = changed_meanwhile(form, request.form)
    if form.validate_on_submit() and not theirs:
        try:
            actions.change_round(one, form.values())
            return done(round_url(code), "Đã sửa kỳ chấm.")
        except Refused as refused:
            db.session.rollback()
            one = round_to_lead(code)
            form.add_refusal(refused)
    status = 409 if theirs else form.status
    return page(
        "emulation/round_form.html", status=status, form=form, movement=one.movement, one=one, theirs=theirs
    )
