"""Settling on screen: what the officer gives an account of, the answer, the three sides, closing and reopening."""

from __future__ import annotations

from flask import Response, abort, flash, url_for
from flask_login import current_user

from portal.distributions import actions_close as closing_actions
from portal.distributions import actions_settle as actions
from portal.distributions import closing, queries
from portal.distributions import queries_handover as told
from portal.distributions import queries_settle as found
from portal.distributions.forms_handover import AnswerForm, NoForm, ReasonForm, SettleForm
from portal.distributions.models import Distribution
from portal.distributions.models_handover import HandoverSettlement
from portal.distributions.rules import CLOSED, OUTCOMES, RELEASED
from portal.distributions.rules_handover import ASKED, SETTLED_STATES
from portal.distributions.views import bp
from portal.distributions.views_handover import handed_out, handed_out_to_write
from portal.kit.access import ACCOUNTANT, APPROVER, allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.forms import PortalForm
from portal.kit.web import go, page
from portal.people.queries import may


def _may_settle(distribution: Distribution) -> bool:
    """Accountants of the unit; a recorder only for what they took along themselves."""
    own = distribution.officer_id == current_user.id and queries.may_write(current_user, distribution)
    return own or may(current_user, ACCOUNTANT, distribution.unit_id)


@bp.get("/<int:distribution_id>/thanh-toan")
@allow(*queries.READERS)
def settling(distribution_id: int) -> Response:
    """What was given an account of, and what is not yet."""
    return _show(handed_out(distribution_id))


def _show(
    distribution: Distribution,
    form: SettleForm | None = None,
    answered: tuple[int, PortalForm] | None = None,
) -> Response:
    form = form or SettleForm(formdata=None)
    rows = found.settleable(distribution)
    told = {key: found.worth_of(row for row in rows if row.outcome == key) for key in OUTCOMES}
    return page(
        "distributions/settling.html",
        status=max(form.status, answered[1].status if answered else 200),
        distribution=distribution,
        settlements=found.settlements_of(distribution),
        states=SETTLED_STATES,
        outcomes=OUTCOMES,
        counts={key: part for key, part in told.items() if part.households},
        whole=found.worth_of(rows),
        settled=_settled,
        rows=rows,
        form=form,
        answered=answered,
        answer_form=AnswerForm(formdata=None),
        may_settle=distribution.state == RELEASED and _may_settle(distribution),
        may_answer=_may_answer(distribution),
    )


def _settled(one: HandoverSettlement, outcome: str | None = None) -> found.Worth:
    return found.worth_of(line.row for line in one.rows if outcome in (None, line.outcome))


def _may_answer(distribution: Distribution) -> bool:
    return queries.may_approve(current_user, distribution) and distribution.officer_id != current_user.id


@bp.post("/<int:distribution_id>/thanh-toan")
@allow(*queries.WRITERS)
def settle(distribution_id: int) -> Response:
    """Give an account of everybody of whom something was told since the last time."""
    distribution, form = handed_out_to_write(distribution_id), SettleForm()
    if not _may_settle(distribution):
        abort(403)
    if form.validate_on_submit():
        try:
            day, papers = form.settled_on.data, form.papers.data or ""
            actions.ask_settlement(distribution, settled_on=day, papers=papers, by=current_user)
            response = go(url_for("distributions.settling", distribution_id=distribution_id))
            flash("Đã lập thanh toán, chờ người khác duyệt.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return _show(handed_out(distribution_id), form)


@bp.post("/thanh-toan/<int:settlement_id>/duyet")
@allow(APPROVER)
def approve_settlement(settlement_id: int) -> Response:
    """The account is right: money and goods are booked now."""
    return _answer(settlement_id, approve=True)


@bp.post("/thanh-toan/<int:settlement_id>/khong-duyet")
@allow(APPROVER)
def refuse_settlement(settlement_id: int) -> Response:
    """The account is wrong, and why."""
    return _answer(settlement_id, approve=False)


def _answer(settlement_id: int, *, approve: bool) -> Response:
    settlement: HandoverSettlement = found.settlement_or_404(settlement_id, for_user=current_user)
    distribution_id, form = settlement.distribution_id, AnswerForm()
    if not queries.may_approve(current_user, settlement.distribution):
        abort(403)
    if form.validate_on_submit():
        try:
            answer = form.answer.data or ""
            actions.answer_settlement(settlement, approve=approve, answer=answer, by=current_user)
            response = go(url_for("distributions.settling", distribution_id=distribution_id))
            flash("Đã duyệt, tiền và hàng đã ghi sổ." if approve else "Đã trả lời không duyệt.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return _show(handed_out(distribution_id), answered=(settlement_id, form))


# --- closing ---------------------------------------------------------------------------------------------


def _may_close(distribution: Distribution) -> bool:
    return may(current_user, (ACCOUNTANT, APPROVER), distribution.unit_id)


@bp.get("/<int:distribution_id>/doi-chieu")
@allow(*queries.READERS)
def compare(distribution_id: int) -> Response:
    """List, sheets, stock and cash side by side, every difference in words."""
    return _check_page(handed_out(distribution_id))


def _check_page(distribution: Distribution, refusal: str = "", form: ReasonForm | None = None) -> Response:
    form = form or ReasonForm(formdata=None)
    return page(
        "distributions/check.html",
        status=422 if refusal else form.status,
        distribution=distribution,
        compared=closing.compared(distribution),
        counts=told.counts_of(distribution),
        refusal=refusal,
        form=form,
        is_open=distribution.state == RELEASED,
        is_closed=distribution.state == CLOSED,
        asked=ASKED,
        may_close=_may_close(distribution),
        may_reopen=queries.may_approve(current_user, distribution),
        may_write=queries.may_write(current_user, distribution),
    )


@bp.post("/<int:distribution_id>/khoa")
@allow(ACCOUNTANT, APPROVER)
def close(distribution_id: int) -> Response:
    """Close the list, if everything agrees."""
    distribution = handed_out(distribution_id)
    if not _may_close(distribution):
        abort(403)
    try:
        NoForm().validate_on_submit()
        closing_actions.close(distribution, by=current_user)
    except Refused as refused:
        db.session.rollback()
        return _check_page(handed_out(distribution_id), refused.text)
    response = go(url_for("distributions.compare", distribution_id=distribution_id))
    flash("Đã khóa đợt trao quà.")
    db.session.commit()
    return response


@bp.post("/<int:distribution_id>/mo-lai")
@allow(APPROVER)
def reopen(distribution_id: int) -> Response:
    """Open a closed list again, with a reason."""
    distribution = handed_out(distribution_id)
    if not queries.may_approve(current_user, distribution):
        abort(403)
    return _with_reason(distribution_id, closing_actions.reopen, "Đã mở lại đợt trao quà.")


@bp.post("/<int:distribution_id>/bo-ket-qua")
@allow(*queries.WRITERS)
def take_all_back(distribution_id: int) -> Response:
    """What was told and not settled is taken back, with a reason."""
    handed_out_to_write(distribution_id)
    return _with_reason(distribution_id, closing_actions.take_all_back, "Đã bỏ kết quả chưa thanh toán.")


def _with_reason(distribution_id: int, action: closing_actions.WithReason, said: str) -> Response:
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            action(handed_out(distribution_id), reason=form.reason.data or "", by=current_user)
            response = go(url_for("distributions.compare", distribution_id=distribution_id))
            flash(said)
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return _check_page(handed_out(distribution_id), form=form)
