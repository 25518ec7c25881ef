"""The kinds of donors, as data of the whole installation. Part of the views."""

from __future__ import annotations

from flask import Response, abort, flash, request, url_for
from flask_login import current_user

from portal.donors import actions, queries
from portal.donors.forms import EndKindForm, KindForm
from portal.donors.models import DonorKind
from portal.donors.views import bp
from portal.kit.access import ADMINISTRATOR, allow
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.web import go, page
from portal.people.queries import has_everywhere


@bp.get("/loai")
@allow(ADMINISTRATOR)
def kinds() -> Response:
    """The kinds of today and those that have ended."""
    return _kinds_page(KindForm())


@bp.post("/loai")
@allow(ADMINISTRATOR)
def add_kind() -> Response:
    """One more kind."""
    _check_everywhere()
    form = KindForm()
    if form.validate_on_submit():
        try:
            kind = actions.add_kind(form.name.data, personal=form.personal.data)
            return _done(f"Đã thêm loại “{kind.name}”.")
        except Refused as refused:
            db.session.rollback()
            queries.forget_kinds()
            form.add_refusal(refused)
    return _kinds_page(form)


@bp.post('/loai/<key>/<any("ngung", "dung-lai", "ten-nguoi", "ten-to-chuc"):turn>')
@allow(ADMINISTRATOR)
def change_kind(key: str, turn: str) -> Response:
    """End a kind, open it again, or say whether its names are people's."""
    _check_everywhere()
    kind = _kind_or_404(key)
    form = EndKindForm()
    try:
        if turn == "ngung":
            if not form.validate_on_submit():
                return _kinds_page(KindForm(formdata=None), ending=key, end_form=form)
            actions.end_kind(kind, form.valid_to.data)
        elif turn == "dung-lai":
            actions.end_kind(kind, None)
        else:
            actions.set_personal(kind, turn == "ten-nguoi")
        return _done(f"Đã đổi loại “{kind.name}”.")
    except Refused as refused:
        db.session.rollback()
        queries.forget_kinds()
        form.add_refusal(refused)
    return _kinds_page(KindForm(formdata=None), ending=key, end_form=form)


def _check_everywhere() -> None:
    """Kinds are everybody's: an administrator of one unit only looks."""
    if not has_everywhere(current_user, ADMINISTRATOR):
        abort(403)


def _kind_or_404(key: str) -> DonorKind:
    kind = actions.kind_row(key)
    if kind is None:
        abort(404)
    return kind


def _done(said: str) -> Response:
    response = go(url_for("donors.kinds"))
    flash(said)
    db.session.commit()
    return response


def _kinds_page(
    form: KindForm, *, ending: str | None = None, end_form: EndKindForm | None = None
) -> Response:
    status = max(form.status, end_form.status if end_form else 200)
    return page(
        "donors/kinds.html",
        status=status if request.method == "POST" else 200,
        form=form,
        kinds=queries.kinds().values(),
        today=today_in_vietnam(),
        ending=ending,
        end_form=end_form or EndKindForm(formdata=None),
        may_change=has_everywhere(current_user, ADMINISTRATOR),
    )
