"""Groups, needs, indicators and standards, as data of the whole installation. Part of the views."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, request, url_for
from flask_login import current_user
from sqlalchemy import select

from portal.households import actions_catalogue as actions
from portal.households.forms import CatalogueForm, IndicatorForm, StandardForm
from portal.households.models import DeprivationIndicator, HouseholdGroup, NeedKind, PovertyStandard
from portal.households.views import bp
from portal.kit.access import ADMINISTRATOR, allow
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.web import go, page
from portal.people.queries import has_everywhere
from portal.units.models import Unit

KINDS: dict[str, Any] = {"nhom": HouseholdGroup, "nhu-cau": NeedKind, "chi-so": DeprivationIndicator}


@bp.get("/danh-muc")
@allow(ADMINISTRATOR)
def catalogue() -> Response:
    """What households are measured by."""
    return _page()


@bp.post('/danh-muc/<any("nhom", "nhu-cau"):kind>')
@allow(ADMINISTRATOR)
def add_entry(kind: str) -> Response:
    """One more group or need."""
    _check_everywhere()
    form = CatalogueForm(prefix=kind)
    if form.validate_on_submit():
        try:
            if kind == "nhom":
                actions.add_group(form.name.data, exclusive=form.exclusive.data)
            else:
                actions.add_need_kind(form.name.data)
            return _done(f"Đã thêm “{form.name.data}”.")
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return _page(**{"group_form" if kind == "nhom" else "need_form": form})


@bp.post('/danh-muc/<any("nhom", "nhu-cau", "chi-so"):kind>/<int:entry_id>/<any("ngung", "dung-lai"):turn>')
@allow(ADMINISTRATOR)
def turn_entry(kind: str, entry_id: int, turn: str) -> Response:
    """End a group or need today, or use it again."""
    _check_everywhere()
    entry: actions.Entry | None = db.session.get(KINDS[kind], entry_id)
    if entry is None:
        abort(404)
    actions.end_entry(entry, today_in_vietnam() if turn == "ngung" else None)
    return _done(f"Đã đổi “{entry.name}”.")


@bp.post("/danh-muc/chi-so")
@allow(ADMINISTRATOR)
def add_indicator() -> Response:
    """A lacking indicator from a day on."""
    _check_everywhere()
    form = IndicatorForm(prefix="chi-so")
    if form.validate_on_submit():
        try:
            indicator = actions.add_indicator(form.values())
            return _done(f"Đã thêm chỉ số “{indicator.name}”.")
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return _page(indicator_form=form)


@bp.post("/danh-muc/chuan")
@allow(ADMINISTRATOR)
def add_standard() -> Response:
    """A standard from a day on."""
    _check_everywhere()
    form = _offered(StandardForm())
    if form.validate_on_submit():
        try:
            standard = actions.add_standard(form.values())
            return _done(f"Đã thêm “{standard.name}”.")
        except Refused as refused:
            db.session.rollback()
            _offered(form).add_refusal(refused)
    return _page(standard_form=form)


def _check_everywhere() -> None:
    """The catalogue is everybody's: an administrator of one unit only looks."""
    if not has_everywhere(current_user, ADMINISTRATOR):
        abort(403)


def _done(said: str) -> Response:
    response = go(url_for("households.catalogue"))
    flash(said)
    db.session.commit()
    return response


def _offered(form: StandardForm) -> StandardForm:
    tops = select(Unit.id, Unit.name).where(Unit.parent_id.is_(None), Unit.valid_to.is_(None))
    form.unit_id.offer([tuple(row) for row in db.session.execute(tops.order_by(Unit.name))])
    return form


def _page(
    group_form: CatalogueForm | None = None,
    need_form: CatalogueForm | None = None,
    standard_form: StandardForm | None = None,
    indicator_form: IndicatorForm | None = None,
) -> Response:
    asked = (group_form, need_form, standard_form, indicator_form)
    forms = [form for form in asked if form is not None]
    standards = select(PovertyStandard).order_by(PovertyStandard.valid_from)
    units = {unit.id: unit.name for unit in db.session.scalars(select(Unit).where(Unit.id.in_(
        select(PovertyStandard.unit_id))))}  # fmt: skip
    return page(
        "households/catalogue.html",
        status=max((form.status for form in forms), default=200) if request.method == "POST" else 200,
        groups=db.session.scalars(
            select(HouseholdGroup).order_by(HouseholdGroup.position, HouseholdGroup.id)
        ).all(),
        needs=db.session.scalars(select(NeedKind).order_by(NeedKind.position, NeedKind.id)).all(),
        indicators=db.session.scalars(
            select(DeprivationIndicator).order_by(DeprivationIndicator.position)
        ).all(),
        standards=db.session.scalars(standards).all(),
        units=units,
        today=today_in_vietnam(),
        group_form=group_form or CatalogueForm(formdata=None, prefix="nhom"),
        need_form=need_form or CatalogueForm(formdata=None, prefix="nhu-cau"),
        standard_form=standard_form or _offered(StandardForm(formdata=None)),
        indicator_form=indicator_form or IndicatorForm(formdata=None, prefix="chi-so"),
        may_change=has_everywhere(current_user, ADMINISTRATOR),
    )
