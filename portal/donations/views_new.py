"""Recording a gift on screen: giver, cash, rows of other kinds, and beside it the document that will be made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, flash, request, url_for
from flask_login import current_user
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from portal.campaigns.models import Campaign
from portal.campaigns.queries import campaigns_of
from portal.campaigns.rules import REGULAR as REGULAR_NAME
from portal.campaigns.rules import check_late, is_late
from portal.donations import queries, rules
from portal.donations.forms import FOREIGN, ME, ROWS, BankRow, ForeignRow, GiftForm, GoodsRow, rows_of
from portal.donations.gifts import Gift, Posted, RefusedGift
from portal.donations.lists import REGULAR
from portal.donations.models import Donation
from portal.donations.posting import post_gifts
from portal.donations.views import WRITERS, bp
from portal.donations.views_new_parts import donor_id_of, fulfil, stocked
from portal.donors.forms import says_new
from portal.donors.queries import family, kinds_now
from portal.goods.queries import stores_for
from portal.kit.access import allow
from portal.kit.days import format_day, today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.money import format_amount
from portal.kit.numbers import peek_paper_number
from portal.kit.web import go, page
from portal.ledger.models import BankAccount
from portal.ledger.queries import default_fund, funds
from portal.people.queries import units_for
from portal.pledges.queries import open_pledges_of
from portal.units.models import Unit
from portal.units.queries import keeps_books, unit_texts

PAPER_NAMES = {rules.RECEIPT_SERIES: "Phiếu thu", rules.GOODS_SERIES: "Phiếu nhập kho"}


@dataclass(frozen=True)
class Offer:
    """What this person may choose."""

    units: dict[int, Unit]
    campaigns: dict[int, Campaign]
    pledges: dict[int, Any]


def _offer(form: GiftForm) -> Offer:
    mine = units_for(current_user, *WRITERS)
    wanted = select(Unit).where(Unit.id.in_(mine), keeps_books()).order_by(Unit.id)
    units = {unit.id: unit for unit in db.session.scalars(wanted)}
    campaigns, today = campaigns_of(mine), today_in_vietnam()
    named = [(item.id, item.name + _ended(item)) for item in campaigns if item.starts_on <= today]
    form.unit_id.offer([(unit.id, unit.name) for unit in units.values()])
    form.campaign_id.offer([*named, (REGULAR, REGULAR_NAME)])
    form.donor_kind.offer(kinds_now())
    if len(units) == 1 and form.unit_id.data is None:
        form.unit_id.data = next(iter(units))
    _offer_rows(form)
    return Offer(units, {item.id: item for item in campaigns}, _offer_pledges(form))


def _offer_rows(form: GiftForm) -> None:
    rows = [row for row in form.rows if isinstance(row, BankRow | ForeignRow)]
    if rows:
        mine = BankAccount.unit_id.in_(units_for(current_user, *WRITERS))
        accounts = db.session.scalars(select(BankAccount).where(mine).order_by(BankAccount.code)).all()
        for row in rows:
            row.bank_account_id.offer([(bank.id, f"{bank.bank} {bank.number}") for bank in accounts])
    goods = [row for row in form.rows if isinstance(row, GoodsRow)]
    if goods:
        stores = stores_for(current_user, *WRITERS)
        for row in goods:
            row.store_id.offer([(store.id, store.name) for store in stores])


def _offer_pledges(form: GiftForm) -> dict[int, Any]:
    """Open pledges of the donor that was taken from the books."""
    found = []
    if form.donor_id.data:
        found = open_pledges_of(current_user, donor_ids=family(form.donor_id.data))
    form.pledge_id.offer([(row.PledgeTerms.pledge_id, _pledge_name(row)) for row in found])
    return {row.PledgeTerms.pledge_id: row for row in found}


def _pledge_name(row: Any) -> str:
    terms = row.PledgeTerms
    left = "" if terms.amount is None else f", còn {format_amount(terms.amount - row.come)} đ"
    what = terms.content or "tiền"
    return f"{terms.pledge.paper_number}: {what}{left}"


def _ended(campaign: Campaign) -> str:
    ended = is_late(today_in_vietnam(), campaign.ends_on)
    return f" (đã kết thúc {format_day(campaign.ends_on)})" if ended else ""


def _voucher(form: GiftForm, offer: Offer, others: set[str]) -> dict[str, Any] | None:
    """What the books will say when this gift is recorded; None while the unit is not chosen.

    `others` are the kinds of its rows.
    """
    unit = offer.units.get(form.unit_id.data)
    if unit is None:
        return None
    campaign = offer.campaigns.get(form.campaign_id.data or 0)
    fund_id = campaign.fund_id if campaign else default_fund().id
    day, this = form.day.data or today_in_vietnam(), form.amount.data or 0
    forms = {rules.CASH if kind == FOREIGN else kind for kind in others}
    series = rules.series_of(forms | {rules.CASH} if this or not forms else forms, None)
    number = series and peek_paper_number(unit_id=unit.id, fund_id=fund_id, kind=series, day=day)
    held = current_user.id if form.holder.data == ME else None
    before = queries.cash_in_hand(unit.id, fund_id, held)
    texts = unit_texts(unit, today_in_vietnam())
    return {
        "place": "Tiền mặt tôi đang giữ" if held else f"Tiền mặt tại {unit.name[:1].lower()}{unit.name[1:]}",
        "paper": PAPER_NAMES.get(series or "", "Phiếu thu"),
        "number": f"{series}-{number:04d}/{day.year}" if number else "không lấy số",
        "cash": bool(this) or not forms,
        "before": before,
        "this": this,
        "after": before + this,
        "rows": [(row.title, row.value) for row in form.rows if row.value],
        "words": texts.in_words(this) if this else None,
    }


@bp.get("/moi")
@allow(*WRITERS)
def new() -> Response:
    """The form. Its side panel follows amount, day, unit and hand as typed: no personal data in an address."""
    names = ("amount", "day", "unit_id", "holder", "campaign_id")
    typed = {name: request.args[name] for name in names if name in request.args}
    form = GiftForm(MultiDict(typed)) if typed else GiftForm()
    offer = _offer(form)
    if "dot" in request.args:
        asked = request.args["dot"]
        form.campaign_id.data = next(
            (key for key, item in offer.campaigns.items() if item.code == asked), None
        )
    others = set(request.args.get("kinds", "").split(",")) & set(ROWS)
    return _form_page(form, offer, "voucher", others=others)


@bp.post("/moi/dong")
@allow(*WRITERS, writes=False)
def rows() -> Response:
    """The same form with one row more (`add`: its kind) or less (`drop`: its number); records nothing."""
    form = GiftForm()
    form.rows = rows_of(request.form, add=request.form.get("add"), drop=request.form.get("drop"))
    return _form_page(
        form,
        _offer(form),
        "parts",
        newest=form.rows[-1].number if "add" in request.form and form.rows else None,
    )


@bp.post("/moi/dang-ky")
@allow(*WRITERS, writes=False)
def pledge_choices() -> Response:
    """The field of the donor's open pledges."""
    form = GiftForm()
    form.rows = rows_of(request.form)
    return _form_page(form, _offer(form), "pledge")


@bp.post("/moi")
@allow(*WRITERS)
def record() -> Response:
    """Record the gift; then its receipt, or the next gift."""
    form = GiftForm()
    form.rows = rows_of(request.form)
    offer = _offer(form)
    if form.validate_all():
        try:
            posted = _record(form, offer)
            response = go(_next(posted))
            total = sum(
                part.amount for part in queries.parts_of(db.session.get_one(Donation, posted.donation_id))
            )
            paper = posted.paper_number or rules.code_of(posted.donation_id)
            flash(
                f"Đã ghi nhận {format_amount(total)} đ, phiếu {paper}."
                if total
                else f"Đã ghi nhận, phiếu {paper}."
            )
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            offer = _offer(form)
            form.add_part_refusal(refused) if isinstance(refused, RefusedGift) else form.add_refusal(refused)
    return _form_page(form, offer)


def _next(posted: Posted) -> str:
    code = rules.code_of(posted.donation_id)
    if request.form.get("then") == "more":
        return url_for("donations.new")
    paper = posted.paper_number or ""
    cash = paper.startswith(rules.RECEIPT_SERIES)
    return url_for("donations.receipt" if cash else "donations.show", code=code)


def _form_page(
    form: GiftForm,
    offer: Offer,
    fragment: str | None = None,
    *,
    others: set[str] | None = None,
    newest: int | None = None,
) -> Response:
    form.amount.flags.required = not form.rows
    kinds_here = others if others is not None else {row.kind_key for row in form.rows}
    return page(
        "donations/new.html",
        fragment,
        status=form.status,
        form=form,
        row_kinds=ROWS,
        kinds=",".join(sorted(kinds_here)),
        newest=newest,
        is_new=says_new(request.form),
        voucher=_voucher(form, offer, kinds_here),
        one_unit=len(offer.units) == 1,
    )


def _record(form: GiftForm, offer: Offer) -> Posted:
    unit, campaign = offer.units[form.unit_id.data], offer.campaigns.get(form.campaign_id.data)
    if campaign is not None:
        check_late(campaign.name, campaign.ends_on, form.day.data, confirmed=form.late.data)
    fund = next(item for item in funds() if item.id == campaign.fund_id) if campaign else default_fund()
    gift = Gift(
        day=form.day.data,
        unit_id=unit.id,
        fund_id=fund.id,
        campaign_id=campaign.id if campaign else None,
        parts=tuple(stocked(form, unit, fund)),
        donor_id=donor_id_of(form, unit),
        donor_name=form.donor_name.data,
        donor_kind=form.donor_kind.data,
        donor_pending=form.pending.data,
        address=form.address.data,
        shown_as=form.shown_as.data,
        holder_id=current_user.id if form.holder.data == ME else None,
        note=form.note.data,
    )
    (posted,) = post_gifts([gift], by=current_user)
    if form.pledge_id.data:
        fulfil(offer.pledges[form.pledge_id.data], posted)
    return posted
