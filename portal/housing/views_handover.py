"""Minutes of money and of the house: prepared, printed, signed, void. Part of the views."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from flask_login import current_user

from portal.housing import actions_handover as actions
from portal.housing import queries, queries_money, rules
from portal.housing.forms import HandSignForm
from portal.housing.forms_closing import HandoverForm
from portal.housing.models import HouseProject
from portal.housing.models_closing import HouseHandover
from portal.housing.views import WRITERS, attempt, bp, done, project_to_change
from portal.housing.views_papers import WHATS
from portal.housing.views_steps import reason_page
from portal.kit.access import allow
from portal.kit.days import today_in_vietnam
from portal.kit.forms import ReasonForm
from portal.kit.seen import changed_meanwhile, lock_row
from portal.kit.web import page
from portal.units.queries import unit_texts


@bp.route('/<int:project_id>/ban-giao-<any("tien", "nha"):what>', methods=["GET", "POST"])
@allow(*WRITERS)
def new_handover(project_id: int, what: str) -> Response:
    """Names of the minutes, so that they are printed; they are signed afterwards."""
    project, form, kind = project_to_change(project_id), HandoverForm(), WHATS[what]
    if request.method == "GET":
        _propose(form, project)
    if form.validate_on_submit():
        if attempt(form, lambda: actions.prepare_handover(project, kind, form.values(), by=current_user)):
            return done(project_id, "Đã lập biên bản. In ra 02 bản, ký xong thì ghi ngày ký.")
        project = project_to_change(project_id)
    return _page(project, form, kind, None)


def _propose(form: Any, project: HouseProject) -> None:
    form.giver_name.data = current_user.name
    form.giver_position.data = unit_texts(project.unit, today_in_vietnam()).committee
    form.receiver_name.data, form.commitment.data = project.head, project.kind.commitment
    known = queries.survey_of(project)
    if known is not None:
        form.witness.data = known.hamlet_head


def _page(
    project: HouseProject, form: Any, what: str, handover: HouseHandover | None, theirs: Any = ()
) -> Response:
    return page(
        "housing/handover.html",
        status=409 if theirs else form.status,
        project=project,
        form=form,
        what=what,
        name=rules.WHATS[what],
        handover=handover,
        theirs=theirs,
        amount=_amount(project, what),
    )


def _amount(project: HouseProject, what: str) -> int | None:
    """What the minutes would hand over now, đồng."""
    if what == rules.MONEY:
        return sum(one.amount for one in queries_money.to_hand_over(project)) or None
    check = queries.check_in_force(project)
    return check.total if check else None


def _load(project_id: int, handover_id: int) -> HouseHandover:
    return queries.handover_or_404(project_to_change(project_id), handover_id)


@bp.route("/<int:project_id>/bien-ban/<int:handover_id>", methods=["GET", "POST"])
@allow(*WRITERS)
def edit_handover(project_id: int, handover_id: int) -> Response:
    """Put the names right before the signing."""
    handover = _load(project_id, handover_id)
    if request.method == "POST":
        lock_row(handover)
    form = HandoverForm(obj=handover)
    theirs = changed_meanwhile(form, request.form)
    if form.validate_on_submit() and not theirs:
        if attempt(form, lambda: actions.change_handover(handover, form.values())):
            return done(project_id, "Đã sửa biên bản.")
        handover = _load(project_id, handover_id)
    return _page(handover.project, form, handover.what, handover, theirs)


@bp.route("/<int:project_id>/bien-ban/<int:handover_id>/ky", methods=["GET", "POST"])
@allow(*WRITERS)
def sign(project_id: int, handover_id: int) -> Response:
    """The paper is signed."""
    handover, form = _load(project_id, handover_id), HandSignForm()
    if form.validate_on_submit():
        if attempt(
            form, lambda: actions.sign_handover(handover, handed_on=form.handed_on.data, by=current_user)
        ):
            return done(project_id, "Đã ghi biên bản đã ký.")
        handover = _load(project_id, handover_id)
    return page(
        "housing/sign.html",
        status=form.status,
        project=handover.project,
        handover=handover,
        form=form,
        name=rules.WHATS[handover.what],
        amount=_amount(handover.project, handover.what),
        prepared=handover.state == rules.PREPARED,
    )


@bp.route("/<int:project_id>/bien-ban/<int:handover_id>/huy", methods=["GET", "POST"])
@allow(*WRITERS)
def drop_handover(project_id: int, handover_id: int) -> Response:
    """Minutes hold no longer; money that was paid stays paid, a house goes back to finished."""
    handover, form = _load(project_id, handover_id), ReasonForm()
    if form.validate_on_submit():
        if attempt(form, lambda: actions.drop_handover(handover, reason=form.reason.data, by=current_user)):
            return done(project_id, "Đã hủy biên bản.")
        handover = _load(project_id, handover_id)
    hint = "Tiền đã chi vẫn trong sổ; biên bản bàn giao nhà bị hủy thì căn nhà trở lại “đã hoàn thành”."
    return reason_page(handover.project, form, "Hủy biên bản", hint)
