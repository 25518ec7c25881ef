"""The decision of a list, its approval, its release, its paper. Part of the views."""

from __future__ import annotations

import re
from typing import Any

from flask import Response, abort, flash, request, url_for
from flask_login import current_user

from portal.distributions import actions_decide as actions
from portal.distributions import documents, queries, rules
from portal.distributions import queries_rows as found
from portal.distributions.actions_release import release as release_list
from portal.distributions.forms import REASONS, DecideForm, ReleaseForm, approve_form
from portal.distributions.models import Distribution, DistributionRow
from portal.distributions.views import READERS, WRITERS, bp, carry_out, list_or_404, list_to_change, show_list
from portal.frame import shows_sample
from portal.goods.rules import format_quantity
from portal.kit.access import APPROVER, allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.forms import ReasonForm
from portal.kit.pdf import pdf_answer, render_paper
from portal.kit.web import go, page
from portal.spending.queries_decisions import texts_for

_LINE = re.compile(r"^\s*(\d{1,6})[\s.,:;)-]+(.*)$")


@bp.route("/<int:list_id>/quyet-dinh", methods=["GET", "POST"])
@allow(*WRITERS)
def draft_decision(list_id: int) -> Response:
    """Draft the decision of a locked list; its texts are the unit's, its rows the list's."""
    one = list_to_change(list_id)
    if one.state != rules.LOCKED or one.decision_id is not None:
        return show_list(one)
    form = DecideForm()
    if request.method == "GET":
        form.subject.data = f"Về việc {one.content[:1].lower()}{one.content[1:]}"
    if form.validate_on_submit():
        try:
            texts = texts_for(one.unit, form.kind.data, form.decided_on.data)
            decision = actions.draft_decision(one, by=current_user, **form.values(), **vars(texts))
            response = go(url_for("spending.decision", decision_id=decision.id))
            flash("Đã soạn dự thảo theo danh sách. Xem lại lời văn, rồi người có quyền duyệt ban hành.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
            one = list_to_change(list_id)
    count, money = found.count_rows(one), found.money_of(one)
    return page("distributions/decide.html", status=form.status, one=one, form=form, count=count, money=money)


@bp.route("/<int:list_id>/duyet", methods=["GET", "POST"])
@allow(APPROVER)
def approve(list_id: int) -> Response:
    """Another person approves the list; rows with a reason beside them get nothing."""
    one = list_or_404(list_id)
    if not queries.may_approve(current_user, one):
        abort(403)
    if one.state != rules.DECIDED:
        return show_list(one)
    rows = list(db.session.scalars(queries.rows_of(one)))
    form = approve_form(row.id for row in (rows if len(rows) <= REASONS else []))
    if form.validate_on_submit():
        try:
            refused = _refused(form, rows)
            actions.approve_list(one, refused=refused, by=current_user)
            response = go(url_for("distributions.show", list_id=list_id))
            flash(f"Đã duyệt danh sách{f', không duyệt {len(refused)} hộ' if refused else ''}.")
            db.session.commit()
            return response
        except Refused as refusal:
            db.session.rollback()
            form.add_refusal(refusal)
            one = list_or_404(list_id)
            rows = list(db.session.scalars(queries.rows_of(one)))
    return page(
        "distributions/approve.html",
        status=form.status,
        one=one,
        rows=rows,
        form=form,
        single=len(rows) <= REASONS,
        money=found.money_of(one),
        goods=found.goods_of(one),
        quantity=format_quantity,
        back_form=ReasonForm(None),
    )


def _refused(form: Any, rows: list[DistributionRow]) -> dict[int, str]:
    """Reasons by row: beside the row, or as lines of "12 lý do". Raises Refused (lines)."""
    refused = {
        row.id: form[f"refuse_{row.id}"].data
        for row in rows
        if f"refuse_{row.id}" in form and form[f"refuse_{row.id}"].data
    }
    by_ordinal = {row.ordinal: row.id for row in rows}
    for line in filter(None, (form.lines.data or "").splitlines()):
        said = _LINE.match(line)
        if said is None or int(said[1]) not in by_ordinal:
            raise Refused(
                f"Dòng “{line[:40]}” chưa rõ. Ghi số thứ tự trong danh sách, rồi lý do, ví dụ: 12 đã thoát nghèo.",
                "lines",
            )
        refused[by_ordinal[int(said[1])]] = said[2]
    return refused


@bp.post("/<int:list_id>/tra-lai")
@allow(APPROVER)
def send_back(list_id: int) -> Response:
    """The approver says no: the decision is withdrawn, the list waits for its maker."""
    form = ReasonForm()

    def act(one: Distribution) -> str:
        actions.send_back(one, reason=form.reason.data or "", by=current_user)
        return "Đã trả lại danh sách và thu hồi quyết định. Người lập mở chốt để sửa."

    return carry_out(list_id, "back_form", form, act, approving=True)


@bp.route("/<int:list_id>/dong/<int:row_id>/khong-duyet", methods=["GET", "POST"])
@allow(APPROVER)
def refuse_row(list_id: int, row_id: int) -> Response:
    """Take one more row out of an approved list before anything has left."""
    one = list_or_404(list_id)
    if not queries.may_approve(current_user, one):
        abort(403)
    row, form = queries.row_or_404(one, row_id), ReasonForm()
    if form.validate_on_submit():
        try:
            actions.refuse_row(one, row, reason=form.reason.data or "", by=current_user)
            response = go(url_for("distributions.show", list_id=list_id))
            flash(f"Đã bỏ hộ {row.receiver} khỏi danh sách được duyệt.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
            one = list_or_404(list_id)
            row = queries.row_or_404(one, row_id)
    return page("distributions/refuse_row.html", status=form.status, one=one, row=row, form=form)


@bp.post("/<int:list_id>/giao")
@allow(*WRITERS)
def release(list_id: int) -> Response:
    """Write the voucher, move the goods: what of both is still missing."""
    form = ReleaseForm()

    def act(one: Distribution) -> str:
        release_list(one, by=current_user, on=form.on.data)
        left = queries.missing(one)
        return (
            " ".join(["Đã lập phiếu giao tiền, hàng."] + left)
            if left
            else "Tiền, hàng đã giao đủ cho người đi trao."
        )

    return carry_out(list_id, "release_form", form, act)


@bp.get("/<int:list_id>.pdf")
@allow(*READERS)
def list_pdf(list_id: int) -> Response:
    """The list as a paper: for the meeting, for the decision's file. Signing sheets are printed apart."""
    one = list_or_404(list_id)
    html = render_paper("documents/distribution.html", paper=documents.list_paper(one), sample=shows_sample())
    return pdf_answer(html, f"danh-sach-trao-qua-{one.id}")
