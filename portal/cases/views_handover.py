"""Minutes of the hand-over: prepared, printed, signed, void. Part of the views."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for
from flask_login import current_user

from portal.cases import actions_handover as actions
from portal.cases import queries, rules
from portal.cases.forms import HandoverForm, SignForm
from portal.cases.models import CaseHandover, SupportCase
from portal.cases.views import WRITERS, bp, case_to_change, done
from portal.cases.views_ending import reason_page
from portal.kit.access import allow
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.forms import ReasonForm
from portal.kit.seen import changed_meanwhile, lock_row
from portal.kit.web import page
from portal.units.queries import unit_texts


@bp.route("/<int:case_id>/bien-ban", methods=["GET", "POST"])
@allow(*WRITERS)
def new_handover(case_id: int) -> Response:
    """Names of the minutes, so that they are printed; they are signed afterwards."""
    case, form = case_to_change(case_id), HandoverForm()
    if request.method == "GET":
        _propose(form, case)
    if form.validate_on_submit():
        try:
            actions.prepare_handover(case, form.values(), by=current_user)
            return done(case_id, "Đã lập biên bản. In ra 02 bản, ký xong thì ghi ngày ký.")
        except Refused as refused:
            db.session.rollback()
            case = case_to_change(case_id)
            form.add_refusal(refused)
    return _page(case, form, None)


def _propose(form: Any, case: SupportCase) -> None:
    texts = unit_texts(case.unit, today_in_vietnam())
    form.giver_name.data, form.giver_position.data = current_user.name, texts.committee
    form.receiver_name.data = case.household.name
    form.place.data = case.household.unit.name
    known = queries.survey_of(case)
    if known is not None:
        form.witness_one.data, form.witness_two.data = known.hamlet_head, known.front_head


def _page(case: SupportCase, form: Any, handover: CaseHandover | None, theirs: Any = ()) -> Response:
    waiting = actions.to_hand_over(case)
    return page(
        "cases/handover.html",
        status=409 if theirs else form.status,
        case=case,
        form=form,
        handover=handover,
        theirs=theirs,
        cash=actions.cash_of(waiting),
        goods=actions.goods_lines(waiting),
    )


def _load(case_id: int, handover_id: int) -> CaseHandover:
    return queries.handover_or_404(case_to_change(case_id), handover_id)


@bp.route("/<int:case_id>/bien-ban/<int:handover_id>", methods=["GET", "POST"])
@allow(*WRITERS)
def edit_handover(case_id: int, handover_id: int) -> Response:
    """Put the names right before the signing."""
    handover = _load(case_id, handover_id)
    if request.method == "POST":
        lock_row(handover)
    form = HandoverForm(obj=handover)
    theirs = changed_meanwhile(form, request.form)
    if form.validate_on_submit() and not theirs:
        try:
            actions.change_handover(handover, form.values())
            return done(case_id, "Đã sửa biên bản.")
        except Refused as refused:
            db.session.rollback()
            handover = _load(case_id, handover_id)
            form.add_refusal(refused)
    return _page(handover.case, form, handover, theirs)


@bp.route("/<int:case_id>/bien-ban/<int:handover_id>/ky", methods=["GET", "POST"])
@allow(*WRITERS)
def sign(case_id: int, handover_id: int) -> Response:
    """The paper is signed."""
    handover, form = _load(case_id, handover_id), SignForm()
    if form.validate_on_submit():
        try:
            actions.sign_handover(handover, handed_on=form.handed_on.data, by=current_user)
            return done(case_id, "Đã ghi biên bản đã ký.")
        except Refused as refused:
            db.session.rollback()
            handover = _load(case_id, handover_id)
            form.add_refusal(refused)
    waiting = actions.to_hand_over(handover.case)
    return page(
        "cases/sign.html",
        status=form.status,
        case=handover.case,
        handover=handover,
        form=form,
        cash=actions.cash_of(waiting),
        goods=actions.goods_lines(waiting),
        edit_url=url_for("cases.edit_handover", case_id=case_id, handover_id=handover_id),
        prepared=handover.state == rules.PREPARED,
    )


@bp.route("/<int:case_id>/bien-ban/<int:handover_id>/huy", methods=["GET", "POST"])
@allow(*WRITERS)
def drop_handover(case_id: int, handover_id: int) -> Response:
    """Minutes hold no longer; what was given stays given."""
    handover, form = _load(case_id, handover_id), ReasonForm()
    if form.validate_on_submit():
        try:
            actions.drop_handover(handover, reason=form.reason.data, by=current_user)
            return done(case_id, "Đã hủy biên bản.")
        except Refused as refused:
            db.session.rollback()
            handover = _load(case_id, handover_id)
            form.add_refusal(refused)
    hint = "Tiền đã chi, hàng đã xuất vẫn trong sổ; trường hợp trở lại chờ biên bản."
    return reason_page(handover.case, form, "Hủy biên bản", hint)
