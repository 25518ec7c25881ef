"""Steps of a house: begun, roofed, finished, approved, stopped, back; consent to the name. Part of the views."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, url_for
from flask_login import current_user
from werkzeug.exceptions import Forbidden

from portal.housing import actions, queries, rules
from portal.housing.forms import ApproveForm, ConsentForm, StepForm
from portal.housing.models import HouseProject
from portal.housing.queries_papers import missing_for
from portal.housing.views import WRITERS, attempt, bp, done, project_to_change
from portal.kit.access import APPROVER, allow
from portal.kit.forms import PortalForm, ReasonForm
from portal.kit.web import page

ADDRESSES = {"khoi-cong": rules.STARTED, "lop-mai": rules.ROOFED, "hoan-thanh": rules.FINISHED}
TURNS: dict[str, tuple[str, str, Callable[..., None], str]] = {
    "dung": (
        "Dừng công trình",
        "Đã dừng công trình.",
        actions.stop,
        "Khi đang dừng thì không chi đợt nào. Làm tiếp được.",
    ),
    "lam-tiep": (
        "Làm tiếp",
        "Công trình làm tiếp.",
        actions.resume,
        "Công trình trở lại bước trước khi dừng.",
    ),
    "lui-buoc": (
        "Lùi một bước",
        "Đã lùi một bước.",
        actions.step_back,
        "Khi bấm nhầm bước hoặc ghi sai ngày.",
    ),
    "go-ten": (
        "Gỡ tên khỏi trang công khai",
        "Đã gỡ tên.",
        actions.end_consent,
        "Tên rời trang công khai ngay.",
    ),
}


@bp.route('/<int:project_id>/buoc/<any("khoi-cong", "lop-mai", "hoan-thanh"):step>', methods=["GET", "POST"])
@allow(*WRITERS)
def step(project_id: int, step: str) -> Response:
    """Say that the house has come to a step, with its day."""
    project, form, state = project_to_change(project_id), StepForm(), ADDRESSES[step]
    if form.validate_on_submit():
        if attempt(
            form, lambda: actions.step_forward(project, state, form.happened_on.data, by=current_user)
        ):
            return done(project_id, f"Đã ghi {rules.STEP_NAMES[state].lower()}.")
        project = project_to_change(project_id)
    missing = missing_for(project, state)
    name = rules.STEP_NAMES[state]
    return page(
        "housing/step.html", status=form.status, project=project, form=form, name=name, missing=missing
    )


@bp.route("/<int:project_id>/duyet", methods=["GET", "POST"])
@allow(APPROVER)
def approve(project_id: int) -> Response:
    """Approve a house that the fund pays nothing for; another person than its maker."""
    project, form = _to_approve(project_id), ApproveForm()
    if form.validate_on_submit():
        if attempt(form, lambda: actions.approve(project, form.approved_on.data, by=current_user)):
            return done(project_id, "Đã duyệt.")
        project = _to_approve(project_id)
    missing = missing_for(project, rules.APPROVED)
    return page(
        "housing/step.html", status=form.status, project=project, form=form, name="Duyệt", missing=missing
    )


def _to_approve(project_id: int) -> HouseProject:
    project = queries.project_or_404(project_id, for_user=current_user)
    if not queries.may_approve(current_user, project):
        raise Forbidden
    return project


@bp.route('/<int:project_id>/<any("dung", "lam-tiep", "lui-buoc", "go-ten"):turn>', methods=["GET", "POST"])
@allow(*WRITERS)
def turn(project_id: int, turn: str) -> Response:
    """Stop, go on, one step back, take the name off the public page: each with a reason."""
    project, form = project_to_change(project_id), ReasonForm()
    name, said, act, hint = TURNS[turn]
    if form.validate_on_submit():
        if attempt(form, lambda: act(project, reason=form.reason.data, by=current_user)):
            return done(project_id, said)
        project = project_to_change(project_id)
    return reason_page(project, form, name, hint)


def reason_page(project: HouseProject, form: PortalForm, verb: str, hint: str | None = None) -> Response:
    """A step that needs a reason."""
    back = url_for("housing.show", project_id=project.id)
    return page(
        "layouts/reason.html",
        status=form.status,
        form=form,
        verb=verb,
        hint=hint,
        lead=f"{project.kind.name}, hộ {project.head}.",
        crumbs=[("Nhà ở", url_for("housing.index")), (project.head, back)],
    )


@bp.route("/<int:project_id>/dong-y", methods=["GET", "POST"])
@allow(*WRITERS)
def consent(project_id: int) -> Response:
    """Record that the name may stand on the public page."""
    project = project_to_change(project_id)
    form = ConsentForm(obj=project if project.shown_name else None)
    if form.validate_on_submit():
        if attempt(form, lambda: actions.set_consent(project, form.values(), by=current_user)):
            return done(project_id, "Đã ghi sự đồng ý.")
        project = project_to_change(project_id)
    return page("housing/consent.html", status=form.status, project=project, form=form)
