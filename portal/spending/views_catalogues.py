"""The catalogues of spending (purposes, levels), as data of the whole installation."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, url_for
from flask_login import current_user

from portal.kit.access import ADMINISTRATOR, allow
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.forms import PortalForm
from portal.kit.web import go, page
from portal.people.queries import has_everywhere
from portal.spending import actions_catalogues as actions
from portal.spending import queries
from portal.spending.forms_others import EndForm, PurposeForm
from portal.spending.views import bp

NAMES = {actions.PURPOSES: "mục đích", actions.LEVELS: "cấp"}
TURNS = '<any("ten", "ngung", "dung-lai"):turn>'


@bp.get("/danh-muc/")
@allow(ADMINISTRATOR)
def purposes() -> Response:
    """Purposes and levels of today and those that have ended."""
    return _page()


@bp.post('/danh-muc/<any("muc-dich", "cap"):catalogue>')
@allow(ADMINISTRATOR)
def add_purpose(catalogue: str) -> Response:
    """One more purpose or level."""
    _check_everywhere()
    form = PurposeForm()
    if form.validate_on_submit():
        try:
            made = actions.add_name(catalogue, form.name.data or "")
            return _done(f"Đã thêm {NAMES[catalogue]} “{made.name}”.")
        except Refused as refused:
            db.session.rollback()
            queries.forget_names()
            form.add_refusal(refused)
    return _page(catalogue=catalogue, adding=form)


@bp.post(f'/danh-muc/<any("muc-dich", "cap"):catalogue>/<key>/{TURNS}')
@allow(ADMINISTRATOR)
def change_purpose(catalogue: str, key: str, turn: str) -> Response:
    """Rename a purpose or level, end it, or open it again. Its key never changes."""
    _check_everywhere()
    row = db.session.get(actions.CATALOGUES[catalogue], key) or abort(404)
    form: Any = PurposeForm() if turn == "ten" else EndForm() if turn == "ngung" else PortalForm()
    if form.validate_on_submit():
        try:
            if turn == "ten":
                actions.rename(row, form.name.data or "")
            else:
                actions.end(row, form.valid_to.data if turn == "ngung" else None)
            return _done(f"Đã đổi {NAMES[catalogue]} “{row.name}”.")
        except Refused as refused:
            db.session.rollback()
            queries.forget_names()
            form.add_refusal(refused)
    return _page(catalogue=catalogue, changing=(key, turn, form))


def _check_everywhere() -> None:
    """The catalogues are everybody's: an administrator of one unit only looks."""
    if not has_everywhere(current_user, ADMINISTRATOR):
        abort(403)


def _done(said: str) -> Response:
    response = go(url_for("spending.purposes"))
    flash(said)
    db.session.commit()
    return response


def _page(
    *,
    catalogue: str = "",
    adding: PurposeForm | None = None,
    changing: tuple[str, str, PortalForm] | None = None,
) -> Response:
    came_back = changing[2] if changing else adding
    return page(
        "spending/purposes.html",
        status=came_back.status if came_back else 200,
        catalogues=[
            (actions.PURPOSES, "Mục đích chi", queries.purposes(ended=True)),
            (actions.LEVELS, "Cấp hỗ trợ", queries.levels(ended=True)),
        ],
        catalogue=catalogue,
        adding=adding or PurposeForm(None),
        changing=changing,
        today=today_in_vietnam(),
        may_change=has_everywhere(current_user, ADMINISTRATOR),
    )
