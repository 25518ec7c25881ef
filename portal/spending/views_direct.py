"""Ghi thu – ghi chi on screen: list, form on a decision's row, one of them with its answer, its paper."""

from __future__ import annotations

from flask import Response, abort, request, url_for
from flask_login import current_user

from portal.donors.forms import says_new
from portal.donors.queries import kinds_now
from portal.donors.taking import donor_id_of
from portal.frame import shows_sample
from portal.kit.access import APPROVER, allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.forms import ReasonForm
from portal.kit.money import format_amount, format_dong
from portal.kit.pdf import pdf_answer, render_paper
from portal.kit.web import page
from portal.people.queries import holds, units_for
from portal.spending import actions_direct, documents_others, lists_others, queries
from portal.spending import queries_decisions as decisions
from portal.spending import queries_others as found
from portal.spending.forms_others import DecideForm, InAndOutForm
from portal.spending.models import Decision, DecisionRow
from portal.spending.models_others import InAndOut
from portal.spending.rules import ISSUED
from portal.spending.story import story_of_entry
from portal.spending.views import READERS, WRITERS, bp
from portal.spending.views_others import answered, answering, asked, reversal_asked


@bp.get("/thu-chi-khac/ghi-thu-ghi-chi/")
@allow(*READERS)
def in_and_outs() -> Response:
    """What sponsors paid directly, counted or waiting."""
    spec = lists_others.in_and_out_list(lambda row: url_for("spending.in_and_out", entry_id=row.InAndOut.id))
    rows = found.listed_in_and_out(current_user)
    listing = spec.run(rows, request.args, request.path)
    return spec.download(rows, request.args) or page(
        "spending/in_and_outs.html",
        "list",
        status=listing.status,
        listing=listing,
        may_write=holds(current_user, *WRITERS),
    )


def _decision_asked() -> Decision | None:
    """The decision of the address (`van_ban`), if the person may write on it and it is in force."""
    key = request.args.get("van_ban", "")
    mine = queries.decisions_for(current_user).where(
        Decision.unit_id.in_(units_for(current_user, *WRITERS)), Decision.state == ISSUED
    )
    if not key.isdecimal() or len(key) > 18:
        return None
    return db.one_or_404(mine.where(Decision.id == int(key)))


def _form(decision: Decision) -> tuple[InAndOutForm, dict[int, DecisionRow]]:
    form, left = InAndOutForm(), queries.left_of(decision)
    rows = {row.id: row for row in decision.rows if left[row.id] > 0}
    form.decision_row_id.offer(
        [
            (
                row.id,
                f"{row.ordinal}. {row.receiver}, {row.spending_purpose.name}, còn {format_amount(left[row.id])} đ",
            )
            for row in rows.values()
        ]
    )
    form.donor_kind.offer(kinds_now())
    if len(rows) == 1 and form.decision_row_id.data is None:
        form.decision_row_id.data = next(iter(rows))
    return form, rows  # fmt: skip


@bp.get("/thu-chi-khac/ghi-thu-ghi-chi/moi")
@allow(*WRITERS)
def new_in_and_out() -> Response:
    """The form on a decision's rows; without a decision the choice of one."""
    decision = _decision_asked()
    if decision is None:
        mine = units_for(current_user, *WRITERS)
        return page("spending/choose_decision.html", decisions=decisions.open_decisions(mine))
    form, rows = _form(decision)
    return _form_page(decision, form, rows)


def _form_page(decision: Decision, form: InAndOutForm, rows: dict[int, DecisionRow]) -> Response:
    return page(
        "spending/new_in_and_out.html",
        status=form.status,
        decision=decision,
        form=form,
        has_rows=bool(rows),
        is_new=says_new(request.form),
    )


@bp.post("/thu-chi-khac/ghi-thu-ghi-chi/moi")
@allow(*WRITERS)
def create_in_and_out() -> Response:
    """Ask to count what a sponsor paid."""
    decision = _decision_asked()
    if decision is None:
        abort(404)
    form, rows = _form(decision)
    if form.validate_on_submit():
        try:
            donor_id = donor_id_of(
                donor_id=form.donor_id.data,
                name=form.donor_name.data,
                kind=form.donor_kind.data,
                address=form.address.data,
                is_new=says_new(request.form),
                unit=decision.unit,
                by=current_user,
            )
            row = rows[form.decision_row_id.data]
            entry = actions_direct.request_in_and_out(row, donor_id=donor_id, by=current_user, **form.facts())
            return asked(url_for("spending.in_and_out", entry_id=entry.id))
        except Refused as refused:
            db.session.rollback()
            decision = _decision_asked() or abort(404)
            form, rows = _form(decision)
            form.validate()
            form.add_refusal(refused)
    return _form_page(decision, form, rows)


@bp.get("/thu-chi-khac/ghi-thu-ghi-chi/<int:entry_id>")
@allow(*READERS)
def in_and_out(entry_id: int) -> Response:
    """One of them: facts, story, the answer of the second person."""
    return _show(found.in_and_out_or_404(entry_id, for_user=current_user), DecideForm(None), ReasonForm(None))


def _show(entry: InAndOut, form: DecideForm, reason: ReasonForm) -> Response:
    return page(
        "spending/in_and_out.html",
        entry=entry,
        row=entry.decision_row,
        decision=entry.decision_row.decision,
        form=form,
        reason=reason,
        status=max(form.status, reason.status),
        story=story_of_entry(entry, f"ghi thu – ghi chi {format_dong(entry.amount)}"),
        **answering(entry),
    )


@bp.post("/thu-chi-khac/ghi-thu-ghi-chi/<int:entry_id>")
@allow(APPROVER)
def decide_in_and_out(entry_id: int) -> Response:
    """Approve or refuse. Of two answers at once the first one counts."""
    entry, form = found.in_and_out_or_404(entry_id, for_user=current_user), DecideForm()
    url = url_for("spending.in_and_out", entry_id=entry_id)
    done = answered(entry, form, actions_direct.decide_in_and_out, url)
    return done or _show(found.in_and_out_or_404(entry_id, for_user=current_user), form, ReasonForm(None))


@bp.post("/thu-chi-khac/ghi-thu-ghi-chi/<int:entry_id>/dao")
@allow(*WRITERS)
def reverse_in_and_out(entry_id: int) -> Response:
    """Ask another person to reverse the document."""
    entry, form = found.in_and_out_or_404(entry_id, for_user=current_user), ReasonForm()
    done = reversal_asked(entry, form, url_for("spending.in_and_out", entry_id=entry_id))
    return done or _show(found.in_and_out_or_404(entry_id, for_user=current_user), DecideForm(None), form)


@bp.get("/thu-chi-khac/ghi-thu-ghi-chi/<int:entry_id>.pdf")
@allow(*READERS)
def in_and_out_pdf(entry_id: int) -> Response:
    """Phiếu kế toán of what a sponsor paid directly."""
    entry = found.in_and_out_or_404(entry_id, for_user=current_user)
    if entry.posting is None:
        abort(404)
    paper = documents_others.in_and_out_paper(entry)
    html = render_paper("documents/entry.html", paper=paper, sample=shows_sample())
    return pdf_answer(html, f"ghi-thu-ghi-chi-{entry_id}")
