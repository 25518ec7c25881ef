"""Support norms (mức hỗ trợ) per unit, purpose, zone and date, and the number from which help is "often"."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, url_for
from flask_login import current_user
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from portal.distributions import actions_fairness, actions_norms
from portal.distributions.forms import EndNormForm, NormForm, OftenForm
from portal.distributions.models import SupportNorm
from portal.distributions.views import READERS, WRITERS, bp
from portal.distributions.views_edit import units_to_write
from portal.kit.access import allow
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.forms import PortalForm
from portal.kit.web import go, page
from portal.people.queries import may, units_for
from portal.spending.queries import purposes
from portal.units.models import Unit
from portal.units.queries import unit_texts


@bp.get("/muc-ho-tro")
@allow(*READERS)
def norms() -> Response:
    """Norms that reach the person's units, also those that have ended."""
    return _show()


def _show(**forms: PortalForm) -> Response:
    units = units_to_write()
    known: dict[str, Any] = {
        "norm_form": NormForm(None, prefix="muc"),
        "often_form": OftenForm(None, prefix="lan"),
        "end_form": EndNormForm(None),
        **forms,
    }
    for name in ("norm_form", "often_form"):
        known[name].unit_id.offer([(unit.id, unit.name) for unit in units.values()])
    known["norm_form"].purpose.offer([(item.key, item.name) for item in purposes()])
    today = today_in_vietnam()
    own = [unit for unit in units.values() if any(grant.unit_id == unit.id for grant in current_user.grants)]
    return page(
        "distributions/norms.html",
        status=max(form.status for form in known.values()),
        norms=db.session.scalars(_seen()).all(),
        often=[(unit.name, unit_texts(unit, today).helped_often) for unit in own],
        today=today,
        may_write=bool(units),
        may_end=lambda norm: norm.unit_id is not None and norm.unit_id in units,
        **known,
    )


def _seen() -> Any:
    mine = units_for(current_user, *READERS)
    above = select(Unit.parent_id).where(Unit.id.in_(mine))
    rows = select(SupportNorm).where(
        or_(SupportNorm.unit_id.is_(None), SupportNorm.unit_id.in_(mine), SupportNorm.unit_id.in_(above))
    )
    loaded = joinedload(SupportNorm.unit), joinedload(SupportNorm.spending_purpose)
    return rows.options(*loaded).order_by(
        SupportNorm.purpose, SupportNorm.unit_id.nulls_first(), SupportNorm.valid_from.desc(), SupportNorm.id
    )


@bp.post("/muc-ho-tro")
@allow(*WRITERS)
def add_norm() -> Response:
    """A norm of a unit from a day on; the one before it ends by itself."""
    form = NormForm(prefix="muc")
    form.unit_id.offer([(unit.id, unit.name) for unit in units_to_write().values()])
    form.purpose.offer([(item.key, item.name) for item in purposes()])
    if form.validate_on_submit():
        try:
            actions_norms.add_norm(form.values())
            return _done("Đã ghi mức hỗ trợ.")
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return _show(norm_form=form)


@bp.post("/muc-ho-tro/<int:norm_id>/ngung")
@allow(*WRITERS)
def end_norm(norm_id: int) -> Response:
    """The last day of a norm."""
    norm, form = db.session.get(SupportNorm, norm_id), EndNormForm()
    if norm is None or norm.unit_id is None:
        abort(404)
    if not may(current_user, WRITERS, norm.unit_id):
        abort(404)
    if form.validate_on_submit():
        try:
            actions_norms.end_norm(norm, valid_to=form.valid_to.data)
            return _done("Đã ghi ngày cuối cùng của mức hỗ trợ.")
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return _show(end_form=form)


@bp.post("/muc-ho-tro/so-lan")
@allow(*WRITERS)
def set_often() -> Response:
    """From how many times a year on a household of the unit needs a reason."""
    form = OftenForm(prefix="lan")
    units = units_to_write()
    form.unit_id.offer([(unit.id, unit.name) for unit in units.values()])
    if form.validate_on_submit():
        try:
            text = form.count.data or ""
            count = int(text) if text.isdecimal() else None
            actions_fairness.set_often(units[form.unit_id.data], count, since=form.since.data)
            return _done("Đã ghi số lần.")
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return _show(often_form=form)


def _done(said: str) -> Response:
    response = go(url_for("distributions.norms"))
    flash(said)
    db.session.commit()
    return response
