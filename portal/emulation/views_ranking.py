"""The ranking of a year: as it would be, published and frozen, taken back. Part of the views."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, request, url_for
from flask_login import current_user
from sqlalchemy import select

from portal.emulation import actions_ranking as actions
from portal.emulation import queries_movements as queries
from portal.emulation.forms_movements import PublishForm
from portal.emulation.lists_movements import ranks_list
from portal.emulation.models_movements import MovementRound
from portal.emulation.models_scoring import RankRow
from portal.emulation.queries_movements import READERS
from portal.emulation.queries_scoring import standings
from portal.emulation.rules_scoring import STATES, format_points
from portal.emulation.views import bp, done
from portal.emulation.views_movements import round_url
from portal.kit.access import APPROVER, allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.forms import ReasonForm
from portal.kit.web import page
from portal.people.queries import may


def ranking_url(code: str) -> str:
    """The page of a year's ranking."""
    return url_for("emulation.ranking", code=code)


@bp.get("/phong-trao/ky/<code>/xep-hang")
@allow(*READERS)
def ranking(code: str) -> Response:
    """Published: the frozen rows. Before: as it would be now, for those who hold the year."""
    one = queries.round_or_404(code, for_user=current_user)
    published = queries.present_ranking(one.id)
    if published is None:
        return _preview(one, PublishForm(None))
    spec = ranks_list(code)
    rows = select(RankRow).where(RankRow.ranking_id == published.id)
    listing = spec.run(rows, request.args, request.path)
    return spec.download(rows, request.args) or page(
        "emulation/ranking.html",
        "list",
        status=listing.status,
        listing=listing,
        one=one,
        ranking=published,
        may_publish=queries.may_publish(current_user, one),
    )


def _preview(one: MovementRound, form: PublishForm) -> Response:
    holds_year = may(current_user, READERS, one.unit_id)
    done_, unfinished = standings(one) if holds_year else ([], [])
    return page(
        "emulation/standings.html",
        status=form.status,
        one=one,
        standings=done_,
        unfinished=unfinished,
        states=STATES,
        shown=format_points,
        form=form,
        holds_year=holds_year,
        may_publish=queries.may_publish(current_user, one),
    )


def _to_publish(code: str) -> MovementRound:
    one = queries.round_or_404(code, for_user=current_user)
    if not queries.may_publish(current_user, one):
        abort(403)
    return one


@bp.post("/phong-trao/ky/<code>/xep-hang")
@allow(APPROVER)
def publish_ranking(code: str) -> Response:
    """Freeze it and show it to everybody."""
    one, form = _to_publish(code), PublishForm()
    if form.validate_on_submit():
        try:
            actions.publish_ranking(one, without_open=form.without_open.data, by=current_user)
            return done(ranking_url(code), "Đã công bố bảng xếp hạng.")
        except Refused as refused:
            db.session.rollback()
            one = _to_publish(code)
            form.add_refusal(refused)
    return _preview(one, form)


@bp.route("/phong-trao/ky/<code>/xep-hang/thu-hoi", methods=["GET", "POST"])
@allow(APPROVER)
def withdraw_ranking(code: str) -> Response:
    """Take the ranking back, with a reason; sheets can then be returned and scored again."""
    one, form = _to_publish(code), ReasonForm()
    last: Any = queries.last_ranking(one.id)
    if last is None or (request.method == "GET" and last.until is not None):
        abort(404)
    late = False
    if form.validate_on_submit():
        try:
            actions.withdraw_ranking(last, reason=form.reason.data, by=current_user)
            return done(ranking_url(code), "Đã thu hồi bảng xếp hạng.")
        except Refused as refused:  # somebody else was quicker
            db.session.rollback()
            form.add_refusal(refused)
            late = True
    return page(
        "layouts/reason.html",
        status=409 if late else form.status,
        form=form,
        verb="Thu hồi bảng xếp hạng",
        lead="Bảng mất khỏi trang công khai ngay; bản tin đã phát hành giữ số cũ. Sau đó có thể trả phiếu về chấm lại.",
        crumbs=[(one.name, round_url(code)), ("Xếp hạng", ranking_url(code))],
    )
