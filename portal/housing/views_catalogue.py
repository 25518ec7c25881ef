"""Programmes, kinds of work, required papers, as data of the whole installation. Part of the views."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, request, url_for
from flask_login import current_user

from portal.housing import actions_catalogue as actions
from portal.housing import queries, queries_papers, rules
from portal.housing.forms_closing import KindForm, ProgrammeForm, RequirementForm
from portal.housing.views import attempt, bp
from portal.kit.access import ADMINISTRATOR, allow
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.seen import changed_meanwhile, lock_row
from portal.kit.web import go, page
from portal.people.queries import has_everywhere

FORMS: dict[str, Any] = {"chuong-trinh": ProgrammeForm, "loai": KindForm, "giay-to": RequirementForm}
TITLES = {"chuong-trinh": "chương trình nhà ở", "loai": "loại nhà", "giay-to": "giấy tờ cần có"}


@bp.get("/danh-muc/")
@allow(ADMINISTRATOR)
def catalogue() -> Response:
    """Every entry, also those that have ended."""
    return page(
        "housing/catalogue.html",
        programmes=queries.programmes(ended=True),
        kinds=queries.kinds(ended=True),
        requirements=queries_papers.requirements(ended=True),
        rules=rules,
        today=today_in_vietnam(),
        may_change=has_everywhere(current_user, ADMINISTRATOR),
    )


def _check_everywhere() -> None:
    """The catalogue is everybody's: an administrator of one unit only looks."""
    if not has_everywhere(current_user, ADMINISTRATOR):
        abort(403)


def _done(said: str) -> Response:
    response = go(url_for("housing.catalogue"))
    flash(said)
    db.session.commit()
    return response


@bp.route('/danh-muc/<any("chuong-trinh", "loai", "giay-to"):what>/moi', methods=["GET", "POST"])
@allow(ADMINISTRATOR)
def new_entry(what: str) -> Response:
    """One more entry."""
    _check_everywhere()
    form = FORMS[what]()
    if form.validate_on_submit() and attempt(form, lambda: actions.add_entry(what, form.values())):
        return _done("Đã thêm.")
    return page(
        "housing/entry.html", status=form.status, form=form, what=what, title=TITLES[what], entry=None
    )


def _load(what: str, entry_id: int) -> actions.Entry:
    found: Any = db.session.get(actions.MODELS[what], entry_id)
    if found is None:
        abort(404)
    return found


@bp.route('/danh-muc/<any("chuong-trinh", "loai", "giay-to"):what>/<int:entry_id>', methods=["GET", "POST"])
@allow(ADMINISTRATOR)
def entry(what: str, entry_id: int) -> Response:
    """Change an entry."""
    _check_everywhere()
    one = _load(what, entry_id)
    if request.method == "POST":
        lock_row(one)
    form = FORMS[what](obj=one)
    theirs = changed_meanwhile(form, request.form)
    if form.validate_on_submit() and not theirs:
        if attempt(form, lambda: actions.change_entry(what, one, form.values())):
            return _done("Đã sửa.")
        one = _load(what, entry_id)
    status = 409 if theirs else form.status
    return page(
        "housing/entry.html",
        status=status,
        form=form,
        what=what,
        title=TITLES[what],
        entry=one,
        theirs=theirs,
    )


@bp.post(
    '/danh-muc/<any("chuong-trinh", "loai", "giay-to"):what>/<int:entry_id>/<any("ngung", "dung-lai"):turn>'
)
@allow(ADMINISTRATOR)
def turn_entry(what: str, entry_id: int, turn: str) -> Response:
    """End an entry today, or use it again."""
    _check_everywhere()
    one = _load(what, entry_id)
    try:
        actions.end_entry(one, today_in_vietnam() if turn == "ngung" else None)
    except Refused as refused:
        db.session.rollback()
        flash(refused.text, "warning")
        return go(url_for("housing.catalogue"))
    return _done("Đã đổi.")
