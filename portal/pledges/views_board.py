"""The ceremony: the board for the hall, which asks again every few seconds, and the officer's one line beside it."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, g, make_response, request, url_for
from flask_login import current_user
from sqlalchemy import select

from portal.campaigns.models import Campaign
from portal.campaigns.queries import campaign_or_404
from portal.donations.shown import shown_name
from portal.donors.queries import kinds_now
from portal.kit.access import allow
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.money import format_amount
from portal.kit.web import go, page
from portal.ledger.models import Fund
from portal.people.queries import units_for
from portal.pledges import actions
from portal.pledges.board import board_of, board_version
from portal.pledges.forms import AnnounceForm
from portal.pledges.lists import said
from portal.pledges.models import PledgeTerms
from portal.pledges.rules import GOODS, MONEY
from portal.pledges.views import READERS, WRITERS, bp, chosen_donor
from portal.units.models import Unit
from portal.units.queries import keeps_books, subtree


def _line(terms: PledgeTerms) -> dict[str, Any]:
    """One promise as the hall reads it: the name as its giver chose."""
    money = terms.kind == MONEY
    return {
        "name": shown_name(terms.donor_name, terms.donor_kind, terms.shown_as),
        "amount": terms.amount if money else None,
        "what": None if money else said(terms),
    }


@bp.get("/bang/<code>")
@allow(*READERS)
def board(code: str) -> Response:
    """The full screen of the hall. `co` is the version that the screen already shows: 204 while it is the newest."""
    campaign = campaign_or_404(code, for_user=current_user)
    version = board_version(campaign, current_user)
    tag = f"{version}-{today_in_vietnam():%d%m}"
    if request.args.get("co") == tag:
        return make_response("", 204)
    if request.if_none_match.contains(tag):
        answer = make_response("", 304)
        answer.set_etag(tag)
        return answer
    shown = board_of(campaign, current_user)
    response = page(
        "pledges/board.html",
        "board",
        campaign=campaign,
        board=shown,
        lines=[_line(terms) for terms in shown.newest],
        tag=tag,
    )
    response.set_etag(tag)
    return response


def _offer(form: AnnounceForm, campaign: Campaign) -> None:
    """The units of the campaign in which the person records."""
    mine = select(Unit).where(
        Unit.id.in_(units_for(current_user, *WRITERS)),
        Unit.id.in_(subtree(campaign.unit_id)),
        keeps_books(),
    )
    g.units = {unit.id: unit for unit in db.session.scalars(mine.order_by(Unit.id))}
    form.unit_id.offer([(unit.id, unit.name) for unit in g.units.values()])
    form.donor_kind.offer(kinds_now())
    if form.unit_id.data is None and g.units:
        kept = request.args.get("don_vi", "")
        asked = int(kept) if kept.isascii() and kept.isdecimal() and len(kept) < 19 else None
        form.unit_id.data = asked if asked in g.units else next(iter(g.units))


def _desk(campaign: Campaign, form: AnnounceForm) -> Response:
    shown = board_of(campaign, current_user, limit=12)
    return page(
        "pledges/announce.html",
        status=form.status,
        campaign=campaign,
        form=form,
        board=shown,
        lines=[(terms, _line(terms)) for terms in shown.newest],
        one_unit=len(g.units) == 1,
        may_write=bool(g.units),
    )


@bp.get("/bang/<code>/ghi")
@allow(*WRITERS)
def announce_desk(code: str) -> Response:
    """The officer's line, and what stands on the board."""
    campaign = campaign_or_404(code, for_user=current_user)
    form = AnnounceForm()
    _offer(form, campaign)
    return _desk(campaign, form)


@bp.post("/bang/<code>/ghi")
@allow(*WRITERS)
def announce_new(code: str) -> Response:
    """One promise said in the hall; the line is ready for the next."""
    campaign = campaign_or_404(code, for_user=current_user)
    form = AnnounceForm()
    _offer(form, campaign)
    if form.validate_on_submit():
        try:
            pledge = actions.record_pledge(
                unit=g.units[form.unit_id.data],
                fund=db.session.get_one(Fund, campaign.fund_id),
                campaign=campaign,
                pledged_on=today_in_vietnam(),
                donor_name=form.donor_name.data or "",
                donor=chosen_donor(form),
                donor_kind=form.donor_kind.data,
                kind=GOODS if form.content.data else MONEY,
                amount=form.amount.data,
                content=form.content.data,
                shown_as=form.shown_as.data,
                announced=True,
                by=current_user,
            )
            response = go(url_for("pledges.announce_desk", code=code, don_vi=form.unit_id.data))
            worth = f"{format_amount(form.amount.data)} đ" if form.amount.data else form.content.data
            flash(f"Đã đưa lên bảng: {pledge.paper_number}, {worth}.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            _offer(form, campaign)
            form.add_refusal(refused)
    return _desk(campaign, form)
