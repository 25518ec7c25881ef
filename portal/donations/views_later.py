"""What becomes of a gift later, on screen: its donor, how it is shown, another campaign, money back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, abort, flash, url_for
from flask_login import current_user
from sqlalchemy import select

from portal.campaigns.models import Campaign
from portal.campaigns.queries import campaigns_of
from portal.campaigns.rules import REGULAR as REGULAR_NAME
from portal.donations import actions, queries
from portal.donations.forms import BOX, ME
from portal.donations.forms_later import CampaignForm, IdentifyForm, RefundForm, ShownForm
from portal.donations.lists import REGULAR
from portal.donations.models import Donation
from portal.donations.rules import BANK, CASH, FORMS
from portal.donations.views import WRITERS, bp
from portal.donors import actions as donors
from portal.donors.forms import says_new
from portal.donors.queries import donor_or_404, kinds, kinds_now
from portal.kit.access import allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.forms import PortalForm
from portal.kit.money import format_amount
from portal.kit.web import go, page, request
from portal.ledger.models import BankAccount
from portal.people.queries import may
from portal.units.queries import subtree


def _writable(code: str) -> Donation:
    """The gift, if the person may write in its unit. 404 or 403 otherwise."""
    donation = queries.donation_or_404(code, for_user=current_user)
    if not may(current_user, WRITERS, donation.unit_id):
        abort(403)
    return donation


def _carried_out(form: PortalForm, write: Callable[[], str], code: str) -> Response | None:
    """Write and go back to the gift with the sentence that `write` gives; None when the form must be mended."""
    if not form.validate_on_submit():
        return None
    try:
        said = write()
        response = go(url_for("donations.show", code=code))
        flash(said)
        db.session.commit()
        return response
    except Refused as refused:
        db.session.rollback()
        form.add_refusal(refused)
        return None


def _page(template: str, code: str, form: PortalForm, **values: Any) -> Response:
    donation = queries.donation_or_404(code, for_user=current_user)
    name = donation.donor_name or ("Chờ xác định" if donation.donor_pending else "Không rõ tên")
    return page(template, status=form.status, donation=donation, name=name, form=form, **values)


@bp.get("/<code>/nguoi-ung-ho")
@allow(*WRITERS)
def donor_form(code: str) -> Response:
    """Say who gave."""
    return _donor_page(code, IdentifyForm())


@bp.post("/<code>/nguoi-ung-ho")
@allow(*WRITERS)
def identify(code: str) -> Response:
    """The donor has been found."""
    donation, form = _writable(code), IdentifyForm()
    form.donor_kind.offer(kinds_now())
    return _carried_out(form, lambda: _identify(donation, form), code) or _donor_page(code, form)


def _identify(donation: Donation, form: IdentifyForm) -> str:
    donor = donor_or_404(form.donor_id.data, for_user=current_user) if form.donor_id.data else None
    if donor is None and says_new(request.form):
        kind = form.donor_kind.data if form.donor_kind.data in kinds() else "person"
        name, address = form.donor_name.data or "", form.address.data
        donor = donors.record_donor(
            unit=donation.unit, kind=kind, name=name, address=address, by=current_user
        )
    actions.identify_donor(
        donation,
        donor,
        name=form.donor_name.data,
        kind=form.donor_kind.data,
        address=form.address.data,
        shown_as=form.shown_as.data,
        by=current_user,
    )
    return f"Đã ghi người ủng hộ: {form.donor_name.data}."


def _donor_page(code: str, form: IdentifyForm) -> Response:
    _writable(code)
    form.donor_kind.offer(kinds_now())
    return _page("donations/identify.html", code, form, is_new=says_new(request.form))


@bp.get("/<code>/hien-thi")
@allow(*WRITERS)
def shown_form(code: str) -> Response:
    """How the donor wants to be shown."""
    donation = _writable(code)
    return _page("donations/shown.html", code, ShownForm(data={"shown_as": donation.shown_as}))


@bp.post("/<code>/hien-thi")
@allow(*WRITERS)
def change_shown(code: str) -> Response:
    """Show the donor otherwise."""
    donation, form = _writable(code), ShownForm()

    def write() -> str:
        actions.change_shown_as(donation, form.shown_as.data, by=current_user)
        return "Đã đổi cách hiển thị; trang công khai và tra cứu đã theo."

    return _carried_out(form, write, code) or _page("donations/shown.html", code, form)


def _offer_campaigns(form: CampaignForm, donation: Donation) -> dict[int, Campaign]:
    here = campaigns_of(subtree(donation.unit_id))
    fit = {item.id: item for item in here if item.fund_id == donation.posting.fund_id}
    others = [(key, item.name) for key, item in fit.items() if key != donation.campaign_id]
    regular = [(REGULAR, REGULAR_NAME)] if donation.campaign_id is not None else []
    form.campaign_id.offer([*others, *regular])
    return fit


@bp.get("/<code>/chuyen-dot")
@allow(*WRITERS)
def campaign_form(code: str) -> Response:
    """Ask to count the gift in another campaign."""
    form = CampaignForm()
    _offer_campaigns(form, _writable(code))
    return _page("donations/reclassify.html", code, form)


@bp.post("/<code>/chuyen-dot")
@allow(*WRITERS)
def request_campaign(code: str) -> Response:
    """Another person decides."""
    donation, form = _writable(code), CampaignForm()
    campaigns = _offer_campaigns(form, donation)

    def write() -> str:
        wanted = campaigns.get(form.campaign_id.data)
        actions.request_reclassification(donation, wanted, reason=form.reason.data or "", by=current_user)
        return "Đã gửi đề nghị chuyển đợt. Người duyệt sẽ thấy trong “Việc của tôi”."

    done = _carried_out(form, write, code)
    if done is None:
        _offer_campaigns(form, _writable(code))
    return done or _page("donations/reclassify.html", code, form)


def _offer_refund(form: RefundForm, donation: Donation) -> tuple[dict[int, Donation], dict[str, BankAccount]]:
    """Parts that may be given back, and places to pay from."""
    parts = {part.id: part for part in queries.parts_of(donation) if part.form in (CASH, BANK)}
    names = []
    for part in parts.values():
        left = part.amount - queries.refunded_of([part.id])
        names.append((part.id, f"{FORMS[part.form]}, còn {format_amount(left)} đ"))
    here = (BankAccount.unit_id == donation.unit_id) & (BankAccount.fund_id == donation.posting.fund_id)
    banks = {str(bank.id): bank for bank in db.session.scalars(select(BankAccount).where(here))}
    form.part.offer(names)
    accounts = [(key, f"{bank.bank} {bank.number}") for key, bank in banks.items()]
    form.place.offer([(BOX, "Két của đơn vị"), (ME, "Tiền mặt tôi đang giữ"), *accounts])
    return parts, banks


@bp.get("/<code>/hoan-tra")
@allow(*WRITERS)
def refund_form(code: str) -> Response:
    """Ask to give money back."""
    donation = _writable(code)
    form = RefundForm(data={"receiver": donation.donor_name})
    parts, _banks = _offer_refund(form, donation)
    form.part.data = next(iter(parts), None)
    return _page("donations/refund.html", code, form, one_part=len(parts) == 1, nothing=not parts)


@bp.post("/<code>/hoan-tra")
@allow(*WRITERS)
def request_refund(code: str) -> Response:
    """Another person decides."""
    donation, form = _writable(code), RefundForm()
    parts, banks = _offer_refund(form, donation)

    def write() -> str:
        place = form.place.data or ""
        actions.request_refund(
            parts[form.part.data],
            amount=form.amount.data or 0,
            place=BANK if place in banks else CASH,
            holder_id=current_user.id if place == ME else None,
            bank_account=banks.get(place),
            receiver=form.receiver.data or "",
            reason=form.reason.data or "",
            by=current_user,
        )
        return "Đã gửi đề nghị hoàn trả. Người duyệt sẽ thấy trong “Việc của tôi”."

    done = _carried_out(form, write, code)
    if done is None:
        parts, _banks = _offer_refund(form, _writable(code))
    return done or _page("donations/refund.html", code, form, one_part=len(parts) == 1, nothing=not parts)
