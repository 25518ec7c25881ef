"""The hand-over on a phone: one household at a time, also without JavaScript; answers to its script are small."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response, abort, flash, jsonify, make_response, request, url_for
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from portal.distributions import actions_handover as actions
from portal.distributions import phone, queries
from portal.distributions import queries_handover as told
from portal.distributions.forms_handover import NoForm, RestForm, TellForm
from portal.distributions.models import Distribution, DistributionRow
from portal.distributions.rules import OUTCOMES
from portal.distributions.rules_handover import RELATIONS
from portal.distributions.views import bp
from portal.kit.access import allow
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.web import FORM_KEY, go, page

KEY, SEEN = "key", "seen"


def to_hand_out(distribution_id: int) -> Distribution:
    """A list whose hand-over the person may tell of: 404 outside what they see, else 403."""
    distribution = queries.distribution_or_404(distribution_id, for_user=current_user)
    if not queries.may_write(current_user, distribution):
        abort(403)
    return distribution


def _key() -> str:
    """The page's own name for what it does: of its script, else of its form."""
    return (request.form.get(KEY) or request.form.get(FORM_KEY) or "")[:60]


def _seen() -> int | None:
    text = request.form.get(SEEN, "")
    return int(text) if text.isdecimal() and len(text) < 19 else None


@bp.get("/<int:distribution_id>/ky-nhan")
@allow(*queries.HAND_OUT)
def hand_out(distribution_id: int) -> Response:
    """The list in one's hand."""
    return _show(to_hand_out(distribution_id))


def _show(
    distribution: Distribution,
    form: TellForm | None = None,
    row_id: int | None = None,
    conflict: actions.Conflict | None = None,
) -> Response:
    asked = request.values.get("ho", "")
    found = phone.phone_of(
        distribution,
        hamlet=request.values.get("thon") or None,
        words=request.args.get("q", "")[:100],
        row_id=row_id or (int(asked) if asked.isdecimal() and len(asked) < 19 else None),
    )
    just = request.args.get("vua", "")
    return page(
        "distributions/phone.html",
        status=409 if conflict else form.status if form else 200,
        distribution=distribution,
        phone=found,
        form=form or TellForm(formdata=None),
        came_back=form is not None,
        conflict=conflict,
        held=phone.answer_json(conflict.answer) if conflict and conflict.answer else None,
        just=next((card for card in found.cards if str(card.id) == just and card.told.outcome), None),
        outcomes=OUTCOMES,
        relations=RELATIONS,
        today=today_in_vietnam(),
        all_hamlets=phone.ALL,
    )


def _row(distribution: Distribution) -> DistributionRow:
    text = request.form.get("row", "")
    return queries.row_or_404(distribution, int(text) if text.isdecimal() and len(text) < 19 else 0)


@bp.post("/<int:distribution_id>/ky-nhan")
@allow(*queries.HAND_OUT)
def tell(distribution_id: int) -> Response:
    """One household, by a plain form; then the next one."""
    distribution = to_hand_out(distribution_id)
    row, form = _row(distribution), TellForm()
    row_id = row.id
    if form.validate_on_submit():
        try:
            actions.tell(distribution, row, form.told(), key=_key(), seen=_seen(), by=current_user)
            response = go(_next_url(distribution_id, row_id))
            db.session.commit()
            return response
        except actions.Conflict as conflict:
            db.session.rollback()
            return _show(to_hand_out(distribution_id), form, row_id, conflict)
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return _show(to_hand_out(distribution_id), form, row_id)


def _next_url(distribution_id: int, row_id: int) -> str:
    hamlet = request.form.get("thon") or None
    return url_for("distributions.hand_out", distribution_id=distribution_id, vua=row_id, thon=hamlet)


@bp.post("/<int:distribution_id>/ky-nhan/hoan-tac")
@allow(*queries.HAND_OUT)
def undo(distribution_id: int) -> Response:
    """Take back what was told of a household last."""
    distribution = to_hand_out(distribution_id)
    row = _row(distribution)
    url = url_for("distributions.hand_out", distribution_id=distribution_id, ho=row.id)
    try:
        NoForm().validate_on_submit()
        actions.undo(distribution, row, key=_key(), seen=_seen(), by=current_user)
        flash(f"Đã hoàn tác: {row.receiver}.")
    except (Refused, actions.Conflict) as refused:
        db.session.rollback()
        flash(refused.text if isinstance(refused, Refused) else "Người khác vừa ghi lại hộ này.", "bad")
    response = go(url)
    db.session.commit()
    return response


@bp.post("/<int:distribution_id>/ky-nhan/con-lai")
@allow(*queries.HAND_OUT)
def tell_rest(distribution_id: int) -> Response:
    """Everybody of whom nobody has said anything has received."""
    distribution, form = to_hand_out(distribution_id), RestForm()
    url = url_for("distributions.hand_out", distribution_id=distribution_id, thon=form.hamlet.data or None)
    try:
        if not form.validate_on_submit():
            raise Refused(next(iter(form.errors.values()))[0])
        day = form.outcome_on.data
        assert isinstance(day, date)
        count = actions.tell_rest(distribution, on=day, hamlet=form.hamlet.data, key=_key(), by=current_user)
        flash(f"Đã ghi {count} hộ còn lại là đã nhận." if count else "Không còn hộ nào chưa ghi.")
    except Refused as refused:
        db.session.rollback()
        flash(refused.text, "bad")
    response = go(url)
    db.session.commit()
    return response


# --- what the script asks ---------------------------------------------------------------------------------


def _around(distribution: Distribution) -> dict[str, Any]:
    """What others told since the page has looked last, and counts of the whole list."""
    since = request.values.get("tu", "")
    answers = told.answers_since(distribution, int(since) if since.isdecimal() and len(since) < 19 else 0)
    counts = told.counts_of(distribution)
    return {
        "others": [phone.answer_json(answer) for answer in answers],
        "last": max([answer.id for answer in answers], default=int(since or 0) if since.isdecimal() else 0),
        "told": counts.told,
        "open": counts.open,
        "handed": counts.handed,
        "rows": counts.rows,
    }


@bp.get("/<int:distribution_id>/ky-nhan/thay-doi.json")
@allow(*queries.HAND_OUT)
def changes(distribution_id: int) -> Response:
    """What was told since an answer; and a fresh token for a page that was offline for long."""
    distribution = to_hand_out(distribution_id)
    return jsonify(csrf=generate_csrf(), **_around(distribution))


@bp.post("/<int:distribution_id>/ky-nhan.json")
@allow(*queries.HAND_OUT)
def tell_json(distribution_id: int) -> Response:
    """One answer of the script: what holds now; 409 with both when somebody else was quicker."""
    distribution = to_hand_out(distribution_id)
    row, form = _row(distribution), TellForm()
    try:
        if request.form.get("undo"):
            answer = actions.undo(distribution, row, key=_key(), seen=_seen(), by=current_user)
        elif form.validate_on_submit():
            answer = actions.tell(distribution, row, form.told(), key=_key(), seen=_seen(), by=current_user)
        else:
            raise Refused(next(iter(form.errors.values()))[0], next(iter(form.errors)))
        body = {"answer": phone.answer_json(answer), **_around(distribution)}
        db.session.commit()
        return jsonify(body)
    except actions.Conflict as conflict:
        return _conflict_json(conflict)
    except Refused as refused:
        db.session.rollback()
        return make_response(jsonify(error=refused.text, field=refused.field), 422)


def _conflict_json(conflict: actions.Conflict) -> Response:
    """Both values; nothing was written."""
    held = phone.answer_json(conflict.answer) if conflict.answer else None
    body = {"held": held, "mine": conflict.mine.words, "name": conflict.row.receiver}
    db.session.rollback()
    return make_response(jsonify(body), 409)
