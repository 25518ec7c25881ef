"""Gifts on screen: list, record, one gift with its story, receipts, asking for a reversal."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, make_response, redirect, request, url_for
from flask_login import current_user

from portal.campaigns.queries import campaigns_of
from portal.campaigns.rules import is_late
from portal.donations import actions, documents, queries
from portal.donations.exported import gifts_file, with_account
from portal.donations.lists import REGULAR, gifts_list, receipt_label
from portal.donations.models import Donation
from portal.donations.rules import BANK, CASH, FORMS, SHOWN_AS, money_and_goods
from portal.donations.story import holder_of, refunds_of, story_of, told_of
from portal.kit.access import ACCOUNTANT, ADMINISTRATOR, APPROVER, AUDITOR, RECORDER, allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.forms import ReasonForm
from portal.kit.listing import BulkAction, ListSpec
from portal.kit.web import go, page
from portal.ledger.queries import open_request_of
from portal.people.queries import may, units_for
from portal.units.queries import unit_texts

bp = Blueprint("donations", __name__, url_prefix="/quan-ly/khoan-ung-ho")
READERS = (RECORDER, ACCOUNTANT, APPROVER, AUDITOR, ADMINISTRATOR)
WRITERS = (RECORDER, ACCOUNTANT)
GIFTS = ("donation", "in_and_out", "settlement")  # documents of single gifts, which can be reversed


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
    return gifts_file(gifts).download(with_account(rows), request.args) or page(
        "donations/list.html", "list", status=listing.status, listing=listing, may_record=holds(*WRITERS)
    )


def holds(*roles: str) -> bool:
    """Whether the person has one of the roles anywhere."""
    return any(grant.role in roles for grant in current_user.grants)


@bp.get("/<code>")
@allow(*READERS)
def show(code: str) -> Response:
    """One gift: facts, story, receipt, the request to reverse it."""
    return _show(queries.donation_or_404(code, for_user=current_user), ReasonForm())


def _show(donation: Donation, form: ReasonForm) -> Response:
    parts = queries.parts_of(donation)
    donation = parts[0]
    reversal = queries.ended_by(donation)
    waiting = open_request_of(donation.posting_number)
    writer = may(current_user, WRITERS, donation.unit_id)
    money, goods = money_and_goods(parts)
    texts = unit_texts(donation.unit, donation.donated_on)
    return page(
        "donations/show.html",
        donation=donation,
        parts=parts,
        money=money,
        goods=goods,
        told=told_of(parts),
        holder=holder_of(donation),
        grouped=writer or donation.people is not None,
        form=form,
        status=form.status,
        forms=FORMS,
        shown=SHOWN_AS,
        reversal=reversal,
        waiting=waiting,
        waiting_campaign=queries.open_reclassification_of(donation.id),
        refunds=refunds_of(parts),
        late=donation.campaign is not None and is_late(donation.donated_on, donation.campaign.ends_on),
        has_receipt=documents.has_receipt(donation),
        receipt_label=receipt_label(donation),
        words=texts.in_words(money or goods) if money or goods else None,
        may_change=writer,
        nameless=donation.donor_id is None and (donation.donor_pending or not donation.donor_name),
        refundable=any(part.form in (CASH, BANK) for part in parts),
        may_take_back=donation.posting.kind == "statement"
        and reversal is None
        and may(current_user, (ACCOUNTANT,), donation.unit_id),
        may_ask=writer and reversal is None and waiting is None and donation.posting.kind in GIFTS,
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
    return make_response(redirect(url_for("receipts.paper", code=code, slug="phieu-thu")))


@bp.get("/<code>/phieu-thu.pdf")
@allow(*READERS)
def receipt_pdf(code: str) -> Response:
    """Where its print stood."""
    queries.donation_or_404(code, for_user=current_user)
    return make_response(redirect(url_for("receipts.paper", code=code, slug="phieu-thu")))


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
    return make_response(redirect(url_for("receipts.runs")))


from portal.donations import (  # noqa: E402, F401  (their pages belong to this blueprint)
    views_groups,
    views_later,
    views_new,
    views_requests,
)
