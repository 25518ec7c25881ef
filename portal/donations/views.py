"""Gifts on screen: list, record, one gift with its story, receipts, asking for a reversal."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, g, make_response, redirect, request, url_for
from flask_login import current_user
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from portal.campaigns.models import Campaign
from portal.campaigns.queries import campaigns_of
from portal.campaigns.rules import REGULAR as REGULAR_NAME
from portal.campaigns.rules import check_late, is_late
from portal.donations import actions, documents, queries
from portal.donations.forms import CashGiftForm
from portal.donations.lists import REGULAR, gifts_list, receipt_label
from portal.donations.models import Donation
from portal.donations.rules import CASH, FORMS, RECEIPT_SERIES, SHOWN_AS
from portal.donations.story import story_of
from portal.kit.access import ACCOUNTANT, ADMINISTRATOR, APPROVER, AUDITOR, RECORDER, allow
from portal.kit.days import format_day, today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.forms import ReasonForm
from portal.kit.listing import BulkAction, ListSpec
from portal.kit.money import format_amount
from portal.kit.numbers import peek_paper_number
from portal.kit.web import go, page
from portal.ledger.queries import default_fund, funds, open_request_of, reversal_of
from portal.people.queries import may, units_for
from portal.units.models import Unit
from portal.units.queries import unit_texts

bp = Blueprint("donations", __name__, url_prefix="/quan-ly/khoan-ung-ho")
READERS = (RECORDER, ACCOUNTANT, APPROVER, AUDITOR, ADMINISTRATOR)
WRITERS = (RECORDER, ACCOUNTANT)


def _gifts() -> ListSpec:
    mine = campaigns_of(units_for(current_user, *READERS))
    choices = [(REGULAR, "Ủng hộ thường xuyên"), *((item.id, item.name) for item in mine)]
    return gifts_list(choices, lambda row: url_for("donations.show", code=row.Donation.code))


@bp.get("/")
@allow(*READERS)
def index() -> Response:
    """All gifts that the person sees."""
    rows, gifts = queries.listed_donations(current_user), _gifts()
    bulk = [BulkAction("In phiếu thu", url_for("receipts.print_gifts"), "print")]
    listing = gifts.run(rows, request.args, request.path, bulk=bulk)
    return gifts.download(rows, request.args) or page(
        "donations/list.html", "list", status=listing.status, listing=listing, may_record=holds(*WRITERS)
    )


def holds(*roles: str) -> bool:
    """Whether the person has one of the roles anywhere."""
    return any(grant.role in roles for grant in current_user.grants)


def _offer(form: CashGiftForm) -> dict[int, Campaign]:
    """Give the form what this person may choose; returns the campaigns by id."""
    mine = units_for(current_user, *WRITERS)
    units = db.session.scalars(
        select(Unit).where(Unit.id.in_(mine), Unit.valid_to.is_(None)).order_by(Unit.id)
    ).all()
    campaigns = campaigns_of(mine)
    today = today_in_vietnam()
    named = [(item.id, item.name + _ended(item)) for item in campaigns if item.starts_on <= today]
    form.unit_id.offer([(unit.id, unit.name) for unit in units])
    form.campaign_id.offer([*named, (REGULAR, REGULAR_NAME)])
    if len(units) == 1 and form.unit_id.data is None:
        form.unit_id.data = units[0].id
    g.units = {unit.id: unit for unit in units}
    return {item.id: item for item in campaigns}


def _ended(campaign: Campaign) -> str:
    ended = is_late(today_in_vietnam(), campaign.ends_on)
    return f" (đã kết thúc {format_day(campaign.ends_on)})" if ended else ""


def _voucher(form: CashGiftForm) -> dict[str, Any] | None:
    """What the books will say when this gift is recorded; None while the unit is not chosen."""
    unit = g.units.get(form.unit_id.data)
    if unit is None:
        return None
    fund = default_fund()
    day = form.day.data or today_in_vietnam()
    number = peek_paper_number(unit_id=unit.id, fund_id=fund.id, kind=RECEIPT_SERIES, day=day)
    before, this = queries.cash_in_hand(unit.id, fund.id), form.amount.data or 0
    texts = unit_texts(unit, today_in_vietnam())
    return {
        "place": f"Tiền mặt tại {unit.name[:1].lower()}{unit.name[1:]}",
        "number": f"{RECEIPT_SERIES}-{number:04d}/{day.year}",
        "before": before,
        "this": this,
        "after": before + this,
        "words": documents.words_of(this, texts) if this else None,
    }


@bp.get("/moi")
@allow(*WRITERS)
def new() -> Response:
    """The form. Its side panel follows amount, day and unit as typed: no personal data in an address."""
    typed = {name: request.args[name] for name in ("amount", "day", "unit_id") if name in request.args}
    form = CashGiftForm(MultiDict(typed)) if typed else CashGiftForm()
    campaigns = _offer(form)
    asked = request.args.get("dot")
    form.campaign_id.data = next((key for key, item in campaigns.items() if item.code == asked), None)
    return _form_page(form, "voucher")


@bp.post("/moi")
@allow(*WRITERS)
def record() -> Response:
    """Record the gift; then its receipt, or the next gift."""
    form = CashGiftForm()
    campaigns = _offer(form)
    if form.validate_on_submit():
        try:
            donation = _record(form.values(), campaigns)
            more = request.form.get("then") == "more"
            where = url_for("donations.new") if more else url_for("donations.receipt", code=donation.code)
            response = go(where)
            flash(f"Đã ghi nhận {format_amount(donation.amount)} đ, phiếu {donation.posting.paper_number}.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            _offer(form)
            form.add_refusal(refused)
    return _form_page(form)


def _form_page(form: CashGiftForm, fragment: str | None = None) -> Response:
    values = {"form": form, "voucher": _voucher(form), "one_unit": len(g.units) == 1}
    return page("donations/new.html", fragment, status=form.status, **values)


def _record(values: dict[str, Any], campaigns: dict[int, Campaign]) -> Donation:
    campaign = campaigns.get(values.pop("campaign_id"))
    fund = next(item for item in funds() if item.id == campaign.fund_id) if campaign else default_fund()
    unit = g.units[values.pop("unit_id")]
    values.pop("unknown")
    late = values.pop("late")
    if campaign is not None:
        check_late(campaign.name, campaign.ends_on, values["day"], confirmed=late)
    return actions.record_donation(
        unit=unit, fund=fund, campaign=campaign, form=CASH, by=current_user, **values
    )


@bp.get("/<code>")
@allow(*READERS)
def show(code: str) -> Response:
    """One gift: facts, story, receipt, the request to reverse it."""
    return _show(queries.donation_or_404(code, for_user=current_user), ReasonForm())


def _show(donation: Donation, form: ReasonForm) -> Response:
    reversal = reversal_of(donation.posting_number)
    waiting = open_request_of(donation.posting_number)
    writer = may(current_user, WRITERS, donation.unit_id)
    return page(
        "donations/show.html",
        donation=donation,
        form=form,
        status=form.status,
        forms=FORMS,
        shown=SHOWN_AS,
        reversal=reversal,
        waiting=waiting,
        late=donation.campaign is not None and is_late(donation.donated_on, donation.campaign.ends_on),
        has_receipt=documents.has_receipt(donation),
        receipt_label=receipt_label(donation),
        words=documents.words_of(donation.amount, unit_texts(donation.unit, donation.donated_on)),
        may_ask=writer and reversal is None and waiting is None and donation.posting.kind == "donation",
        story=story_of(donation),
    )


@bp.post("/<code>/dao")
@allow(*WRITERS)
def request_reversal(code: str) -> Response:
    """Ask another person to reverse the gift."""
    donation = queries.donation_or_404(code, for_user=current_user)
    if not may(current_user, WRITERS, donation.unit_id):
        abort(403)
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            actions.request_reversal(donation, reason=form.reason.data, by=current_user)
            response = go(url_for("donations.show", code=code))
            flash("Đã gửi đề nghị đảo. Người duyệt sẽ thấy trong “Việc của tôi”.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return _show(queries.donation_or_404(code, for_user=current_user), form)


@bp.get("/<code>/phieu-thu")
@allow(*READERS)
def receipt(code: str) -> Response:
    """Where the receipt stood before it moved to the receipts."""
    queries.donation_or_404(code, for_user=current_user)
    return make_response(redirect(url_for("receipts.paper", code=code)))


@bp.get("/<code>/phieu-thu.pdf")
@allow(*READERS)
def receipt_pdf(code: str) -> Response:
    """Where its print stood."""
    queries.donation_or_404(code, for_user=current_user)
    return make_response(redirect(url_for("receipts.paper_pdf", code=code)))


@bp.post("/in-phieu-thu")
@allow(*READERS, writes=False)
def print_receipts() -> Response:
    """The old address of printing ticked gifts; the form comes along."""
    kept: dict[str, Any] = request.args.to_dict()
    return make_response(redirect(url_for("receipts.print_gifts", **kept), 307))


@bp.get("/phieu-thu.pdf")
@allow(*READERS)
def receipts_pdf() -> Response:
    """The old address of a print of several receipts: prints have a list of their own now."""
    kept: dict[str, Any] = request.args.to_dict()
    return make_response(redirect(url_for("receipts.printed", **kept)))


from portal.donations import views_groups  # noqa: E402, F401  (its pages belong to this blueprint)
