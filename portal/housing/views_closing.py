"""The completion check: prepared, printed, signed, void. Part of the views."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from flask_login import current_user

from portal.housing import actions_check as actions
from portal.housing import queries, queries_money, rules
from portal.housing.forms import SignForm
from portal.housing.forms_closing import CheckForm
from portal.housing.models import HouseProject
from portal.housing.models_closing import HouseCheck
from portal.housing.views import WRITERS, attempt, bp, done, project_to_change
from portal.housing.views_steps import reason_page
from portal.kit.access import allow
from portal.kit.forms import ReasonForm
from portal.kit.seen import changed_meanwhile, lock_row
from portal.kit.web import page


@bp.route("/<int:project_id>/kiem-tra", methods=["GET", "POST"])
@allow(*WRITERS)
def new_check(project_id: int) -> Response:
    """Names and measures of the check, so that it is printed; it is signed afterwards."""
    project, form = project_to_change(project_id), CheckForm()
    if request.method == "GET":
        _propose(form, project)
    if form.validate_on_submit():
        if attempt(form, lambda: actions.prepare_check(project, form.values(), by=current_user)):
            return done(project_id, "Đã lập biên bản kiểm tra. In ra, ký xong thì ghi ngày ký.")
        project = project_to_change(project_id)
    return _page(project, form, None)


def _propose(form: Any, project: HouseProject) -> None:
    known = queries.survey_of(project)
    if known is not None:
        form.hamlet_one.data, form.front.data = known.hamlet_head, known.front_head


def _page(project: HouseProject, form: Any, check: HouseCheck | None, theirs: Any = ()) -> Response:
    return page(
        "housing/check.html",
        status=409 if theirs else form.status,
        project=project,
        form=form,
        check=check,
        theirs=theirs,
        cost=queries_money.cost_of(project),
    )


class _Kept:
    """A check as its form holds it: the area as text, the conclusion as a word."""

    def __init__(self, check: HouseCheck):
        for name in (*actions.NAMES, *actions.HARD, "checked_on", "total"):
            setattr(self, name, getattr(check, name))
        self.area, self.passed = rules.format_area(check.area), "yes" if check.passed else "no"


def _load(project_id: int, check_id: int) -> HouseCheck:
    return queries.check_or_404(project_to_change(project_id), check_id)


@bp.route("/<int:project_id>/kiem-tra/<int:check_id>", methods=["GET", "POST"])
@allow(*WRITERS)
def edit_check(project_id: int, check_id: int) -> Response:
    """Put the check right before it is signed."""
    check = _load(project_id, check_id)
    if request.method == "POST":
        lock_row(check)
    form = CheckForm(obj=_Kept(check))
    theirs = changed_meanwhile(form, request.form)
    if form.validate_on_submit() and not theirs:
        if attempt(form, lambda: actions.change_check(check, form.values())):
            return done(project_id, "Đã sửa biên bản kiểm tra.")
        check = _load(project_id, check_id)
    return _page(check.project, form, check, theirs)


@bp.route("/<int:project_id>/kiem-tra/<int:check_id>/ky", methods=["GET", "POST"])
@allow(*WRITERS)
def sign_check(project_id: int, check_id: int) -> Response:
    """The paper is signed."""
    check, form = _load(project_id, check_id), SignForm()
    if form.validate_on_submit():
        if attempt(form, lambda: actions.sign_check(check, signed_on=form.signed_on.data, by=current_user)):
            return done(project_id, "Đã ghi biên bản kiểm tra đã ký.")
        check = _load(project_id, check_id)
    cost = queries_money.cost_of(check.project)
    return page("housing/sign_check.html", status=form.status, project=check.project, check=check, form=form, cost=cost,
                area=rules.format_area(check.area), prepared=check.state == rules.PREPARED)  # fmt: skip


@bp.route("/<int:project_id>/kiem-tra/<int:check_id>/huy", methods=["GET", "POST"])
@allow(*WRITERS)
def drop_check(project_id: int, check_id: int) -> Response:
    """The check holds no longer."""
    check, form = _load(project_id, check_id), ReasonForm()
    if form.validate_on_submit():
        if attempt(form, lambda: actions.drop_check(check, reason=form.reason.data, by=current_user)):
            return done(project_id, "Đã hủy biên bản kiểm tra.")
        check = _load(project_id, check_id)
    return reason_page(
        check.project, form, "Hủy biên bản kiểm tra", "Muốn bàn giao thì lập lại biên bản khác."
    )
