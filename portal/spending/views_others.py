"""Other entries on screen: list, form, a counted difference, one entry with its answer, its paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, abort, flash, request, url_for
from flask_login import current_user
from sqlalchemy import select

from portal.campaigns.models import Campaign
from portal.campaigns.queries import campaigns_of
from portal.cash.models import CashCount
from portal.cash.queries import count_or_404
from portal.frame import shows_sample
from portal.kit.access import APPROVER, allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.forms import ReasonForm
from portal.kit.money import format_dong
from portal.kit.pdf import pdf_answer, render_paper
from portal.kit.web import go, page
from portal.ledger import actions as ledger
from portal.ledger.models import BankAccount
from portal.ledger.queries import open_request_of, reversal_of
from portal.people.queries import holds, may, readable_units, units_for
from portal.spending import actions_others, documents_others, lists_others
from portal.spending import queries_others as found
from portal.spending import rules_others as rules
from portal.spending.forms_others import CountEntryForm, DecideForm, EntryForm
from portal.spending.models_others import OtherEntry
from portal.spending.story import story_of_entry
from portal.spending.views import READERS, WRITERS, bp


@bp.get("/thu-chi-khac/")
@allow(*READERS)
def other_entries() -> Response:
    """Interest, fees, exchange and counted differences of the person's units."""
    mine = select(BankAccount).where(BankAccount.unit_id.in_(readable_units(current_user)))
    accounts = [(item.id, item.code) for item in db.session.scalars(mine.order_by(BankAccount.code))]
    spec = lists_others.entries_list(
        accounts, lambda row: url_for("spending.other_entry", entry_id=row.OtherEntry.id)
    )
    rows = found.listed_entries(current_user)
    listing = spec.run(rows, request.args, request.path)
    return spec.download(rows, request.args) or page(
        "spending/others.html",
        "list",
        status=listing.status,
        listing=listing,
        may_write=holds(current_user, *WRITERS),
    )


def _entry_form() -> tuple[EntryForm, dict[int, BankAccount], dict[int, Campaign]]:
    form, mine = EntryForm(), units_for(current_user, *WRITERS)
    rows = select(BankAccount).where(BankAccount.unit_id.in_(mine)).order_by(BankAccount.code)
    accounts = {item.id: item for item in db.session.scalars(rows)}
    campaigns = {item.id: item for item in campaigns_of(mine)}
    form.bank_account_id.offer([(item.id, f"{item.code}, {item.bank}") for item in accounts.values()])
    form.campaign_id.offer([(item.id, item.name) for item in campaigns.values()])
    if len(accounts) == 1 and form.bank_account_id.data is None:
        form.bank_account_id.data = next(iter(accounts))
    return form, accounts, campaigns


@bp.route("/thu-chi-khac/moi", methods=["GET", "POST"])
@allow(*WRITERS)
def new_other_entry() -> Response:
    """Ask to book interest, a fee or an exchange difference."""
    form, accounts, campaigns = _entry_form()
    if request.method == "POST" and form.validate_on_submit():
        values = form.values()
        try:
            entry = actions_others.request_entry(
                accounts[values.pop("bank_account_id")],
                campaign=campaigns.get(values.pop("campaign_id")),
                by=current_user,
                **values,
            )
            return asked(url_for("spending.other_entry", entry_id=entry.id))
        except Refused as refused:
            db.session.rollback()
            form, accounts, _ = _entry_form()
            form.validate()
            form.add_refusal(refused)
    return page("spending/new_other.html", form=form, status=form.status, has_accounts=bool(accounts))


def asked(url: str) -> Response:
    """Go to what was asked for, which waits for another person."""
    response = go(url)
    flash("Đã gửi đề nghị. Người duyệt sẽ thấy trong “Việc của tôi”.")
    db.session.commit()
    return response


@bp.get("/thu-chi-khac/kiem-quy/<int:count_id>")
@allow(*WRITERS)
def new_count_entry(count_id: int) -> Response:
    """The difference of a count, to be booked as it was counted."""
    return _count_page(_count_to_write(count_id), CountEntryForm(None))


@bp.post("/thu-chi-khac/kiem-quy/<int:count_id>")
@allow(*WRITERS)
def create_count_entry(count_id: int) -> Response:
    """Ask to book the difference of a count."""
    count, form = _count_to_write(count_id), CountEntryForm()
    if form.validate_on_submit():
        try:
            entry = actions_others.request_count_entry(count, reason=form.reason.data or "", by=current_user)
            return asked(url_for("spending.other_entry", entry_id=entry.id))
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return _count_page(_count_to_write(count_id), form)


def _count_to_write(count_id: int) -> CashCount:
    count = count_or_404(count_id, for_user=current_user)
    if not may(current_user, WRITERS, count.unit_id):
        abort(403)
    return count


def _count_page(count: CashCount, form: CountEntryForm) -> Response:
    obstacle = None
    try:
        actions_others.check_bookable(count)
    except Refused as refused:
        obstacle = refused.text
    return page(
        "spending/new_count_entry.html", form=form, status=form.status, count=count, obstacle=obstacle
    )


@bp.get("/thu-chi-khac/<int:entry_id>")
@allow(*READERS)
def other_entry(entry_id: int) -> Response:
    """One entry: facts, story, the answer of the second person."""
    return _show(found.entry_or_404(entry_id, for_user=current_user), DecideForm(None), ReasonForm(None))


def _show(entry: OtherEntry, form: DecideForm, reason: ReasonForm) -> Response:
    what = f"ghi {rules.CAUSES[entry.cause].lower()} {format_dong(entry.amount)}"
    return page(
        "spending/other.html",
        entry=entry,
        cause=rules.CAUSES[entry.cause],
        place=found.place_of(entry),
        form=form,
        reason=reason,
        status=max(form.status, reason.status),
        story=story_of_entry(entry, what),
        **answering(entry),
    )


def answering(entry: Any) -> dict[str, Any]:
    """What this person may do with something that waits for an answer, or is in the books."""
    number = entry.posting_number
    reversal = reversal_of(number) if number else None
    reversing = open_request_of(number) if number else None
    own = entry.requested_by_id == current_user.id
    return {
        "state": rules.STATES[rules.state_of(entry.approved, reversed_=reversal is not None)],
        "own": own,
        "may_decide": entry.approved is None and not own and may(current_user, APPROVER, entry.unit_id),
        "reversal": reversal,
        "reversing": reversing,
        "may_reverse": number is not None
        and reversal is None
        and reversing is None
        and may(current_user, WRITERS, entry.unit_id),
    }


@bp.post("/thu-chi-khac/<int:entry_id>")
@allow(APPROVER)
def decide_other_entry(entry_id: int) -> Response:
    """Approve or refuse. Of two answers at once the first one counts."""
    entry, form = found.entry_or_404(entry_id, for_user=current_user), DecideForm()
    url = url_for("spending.other_entry", entry_id=entry_id)
    done = answered(entry, form, actions_others.decide_entry, url)
    return done or _show(found.entry_or_404(entry_id, for_user=current_user), form, ReasonForm(None))


def answered(entry: Any, form: DecideForm, decide: Callable[..., Any], url: str) -> Response | None:
    """Carry out an answer and go back; None when the form must be mended."""
    if not may(current_user, APPROVER, entry.unit_id):
        abort(403)
    if not form.validate_on_submit():
        return None
    approve = request.form.get("decision") == "approve"
    try:
        decide(entry, approve=approve, answer=form.answer.data or "", by=current_user)
        response = go(url)
        flash("Đã duyệt, chứng từ đã ghi sổ." if approve else "Đã trả lời: không duyệt.")
        db.session.commit()
        return response
    except Refused as refused:
        db.session.rollback()
        form.add_refusal(refused)
        return None


@bp.post("/thu-chi-khac/<int:entry_id>/dao")
@allow(*WRITERS)
def reverse_other_entry(entry_id: int) -> Response:
    """Ask another person to reverse the document."""
    entry, form = found.entry_or_404(entry_id, for_user=current_user), ReasonForm()
    done = reversal_asked(entry, form, url_for("spending.other_entry", entry_id=entry_id))
    return done or _show(found.entry_or_404(entry_id, for_user=current_user), DecideForm(None), form)


def reversal_asked(entry: Any, form: ReasonForm, url: str) -> Response | None:
    """Ask to reverse the document of something and go back; None when the form must be mended."""
    if not may(current_user, WRITERS, entry.unit_id):
        abort(403)
    if entry.posting is None:
        abort(404)
    if not form.validate_on_submit():
        return None
    try:
        ledger.request_reversal(entry.posting, reason=form.reason.data or "", by=current_user)
        response = go(url)
        flash("Đã gửi đề nghị đảo. Người duyệt sẽ thấy trong “Việc của tôi”.")
        db.session.commit()
        return response
    except Refused as refused:
        db.session.rollback()
        form.add_refusal(refused)
        return None


@bp.get("/thu-chi-khac/<int:entry_id>.pdf")
@allow(*READERS)
def other_entry_pdf(entry_id: int) -> Response:
    """Phiếu thu, phiếu chi or phiếu kế toán of an entry that is in the books."""
    entry = found.entry_or_404(entry_id, for_user=current_user)
    if entry.posting is None:
        abort(404)
    paper = documents_others.entry_paper(entry)
    html = render_paper("documents/entry.html", paper=paper, sample=shows_sample())
    return pdf_answer(html, f"thu-chi-khac-{entry_id}")
