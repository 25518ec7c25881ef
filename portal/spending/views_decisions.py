"""Decisions on screen: list, one decision with its rows, issue, withdraw, delete, its paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, abort, current_app, flash, request, url_for
from flask_login import current_user

from portal.campaigns.queries import campaigns_of
from portal.frame import shows_sample
from portal.kit.access import APPROVER, allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.forms import PortalForm, ReasonForm
from portal.kit.pdf import pdf_answer, render_paper
from portal.kit.vietnamese import key_of
from portal.kit.web import go, page
from portal.people.queries import holds, may, units_for
from portal.spending import actions, documents_decisions, lists, queries, rules
from portal.spending import queries_decisions as found
from portal.spending.forms import IssueForm, ListFileForm
from portal.spending.models import Decision
from portal.spending.story import story_of
from portal.spending.views import READERS, WRITERS, bp


def campaign_choices() -> list[tuple[int, str]]:
    """The campaigns of a person's units, for filters."""
    return [(item.id, item.name) for item in campaigns_of(units_for(current_user, *READERS))]


@bp.get("/van-ban/")
@allow(*READERS)
def decisions() -> Response:
    """Decisions, submissions and minutes of the person's units."""
    purposes = [(item.key, item.name) for item in queries.purposes(ended=True)]
    spec = lists.decisions_list(
        campaign_choices(), purposes, lambda row: url_for("spending.decision", decision_id=row.Decision.id)
    )
    rows = found.listed_decisions(current_user)
    listing = spec.run(rows, request.args, request.path)
    return spec.download(rows, request.args) or page(
        "spending/decisions.html",
        "list",
        status=listing.status,
        listing=listing,
        may_write=holds(current_user, *WRITERS),
    )


@bp.get("/van-ban/<int:decision_id>")
@allow(*READERS)
def decision(decision_id: int) -> Response:
    """One decision: its head, its rows with what is paid and left, its vouchers, its story."""
    return show_decision(decision_or_404(decision_id))


def decision_or_404(decision_id: int) -> Decision:
    """The decision, if the person may read its unit."""
    return queries.decision_or_404(decision_id, for_user=current_user)


def show_decision(one: Decision, **forms: PortalForm) -> Response:
    """The page of a decision; `forms` came back with errors: issue, withdraw, delete, file."""
    spec = lists.rows_list(
        {level.key: level.name for level in queries.levels(ended=True)},
        f"danh-sach-{key_of(one.number) or one.id}",
    )
    rows = found.listed_rows(one)
    listing = spec.run(rows, request.args, request.path)
    download = spec.download(rows, request.args)
    if download is not None:
        return download
    forms = {
        "issue_form": IssueForm(None),
        "withdraw_form": ReasonForm(None),
        "delete_form": PortalForm(None),
        "file_form": ListFileForm(None),
        **forms,
    }
    return page(
        "spending/decision.html",
        "rows",
        status=max(listing.status, *(form.status for form in forms.values())),
        decision=one,
        origin=queries.rows_come_from(one),
        listing=listing,
        totals=found.totals_of(one),
        bases=rules.BASES,
        states=rules.DECISION_STATES,
        voucher_states=rules.VOUCHER_STATES,
        vouchers=found.vouchers_of(one),
        directly=found.in_and_out_of(one),
        story=story_of(one),
        new_voucher_url=_page_of("spending.new_voucher", van_ban=one.id),
        voucher_url=lambda voucher: _page_of("spending.voucher", voucher_id=voucher.id),
        **_may(one),
        **forms,
    )  # fmt: skip


def _may(one: Decision) -> dict[str, Any]:
    """What this person may do with the decision in the state it is in."""
    writer = may(current_user, WRITERS, one.unit_id)
    approver = may(current_user, APPROVER, one.unit_id)
    origin = queries.rows_come_from(one)
    draft, issued, own = (
        one.state == rules.DRAFT,
        one.state == rules.ISSUED,
        one.prepared_by_id == current_user.id,
    )
    return {
        "own": own,
        "may_edit": draft and writer,
        "may_bring": draft and writer and origin is None,
        "may_issue": draft and approver and not own,
        "may_withdraw": issued and approver and not own,
        "may_pay": issued and writer and not (origin is not None and origin.pays),
        "waits": draft and not (approver and not own),
    }


def _page_of(endpoint: str, **values: Any) -> str | None:
    """The address of a page of vouchers; None in a portal without it."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None


def _carry_out(
    one: Decision, name: str, form: PortalForm, act: Callable[[Decision], str], roles: Any = WRITERS
) -> Response:
    """Do one step with a decision and show it again; a refusal stands at its form."""
    if not may(current_user, roles, one.unit_id):
        abort(403)
    if form.validate_on_submit():
        try:
            said = act(one)
            response = go(url_for("spending.decision", decision_id=one.id))
            flash(said)
            db.session.commit()
            return response
        except Refused as refused:
            decision_id = one.id
            db.session.rollback()
            form.add_refusal(refused)
            one = decision_or_404(decision_id)
    return show_decision(one, **{name: form})


@bp.post("/van-ban/<int:decision_id>/ban-hanh")
@allow(APPROVER)
def issue(decision_id: int) -> Response:
    """Put a draft into force; the number is written now where the draft has none."""
    one, form = decision_or_404(decision_id), IssueForm()
    if one.number and not form.number.data:
        form.number.data = one.number

    def act(draft: Decision) -> str:
        actions.issue_decision(draft, by=current_user, number=form.number.data)
        return f"Đã ban hành {rules.BASES[draft.kind].lower()} số {draft.number}."

    return _carry_out(one, "issue_form", form, act, APPROVER)


@bp.post("/van-ban/<int:decision_id>/thu-hoi")
@allow(APPROVER)
def withdraw(decision_id: int) -> Response:
    """Take a decision out of force, with a reason."""
    form = ReasonForm()

    def act(one: Decision) -> str:
        actions.withdraw_decision(one, reason=form.reason.data or "", by=current_user)
        return f"Đã thu hồi văn bản số {one.number}. Các dòng chưa chi không chi được nữa."

    return _carry_out(decision_or_404(decision_id), "withdraw_form", form, act, APPROVER)


@bp.post("/van-ban/<int:decision_id>/xoa")
@allow(*WRITERS)
def delete(decision_id: int) -> Response:
    """Throw a draft away."""
    one, form = decision_or_404(decision_id), PortalForm()
    if not may(current_user, WRITERS, one.unit_id):
        abort(403)
    if form.validate_on_submit():
        try:
            actions.delete_decision(one)
            response = go(url_for("spending.decisions"))
            flash("Đã xóa bản nháp.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return show_decision(decision_or_404(decision_id), delete_form=form)


@bp.get("/van-ban/<int:decision_id>.pdf")
@allow(*READERS)
def decision_pdf(decision_id: int) -> Response:
    """The paper with its annexed list."""
    one = decision_or_404(decision_id)
    paper = documents_decisions.paper_of(one)
    html = render_paper("documents/decision.html", paper=paper, sample=shows_sample())
    return pdf_answer(html, f"{key_of(rules.BASES[one.kind]).replace('_', '-')}-{one.id}")
