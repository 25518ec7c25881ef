"""One pledge: its page, cancel and undo, done without a gift, on and off the board, gifts that fulfil it."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, request, url_for
from flask_login import current_user
from sqlalchemy import select, tuple_
from werkzeug.exceptions import NotFound

from portal.donations import pledged
from portal.donations import queries as donations
from portal.donations.models import Donation
from portal.donors.queries import family, kind_name
from portal.kit.access import allow
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.forms import ReasonForm
from portal.kit.money import format_amount
from portal.kit.web import go, page
from portal.people.queries import may
from portal.pledges import actions, queries
from portal.pledges.forms import MatchForm, MetForm
from portal.pledges.lists import dues, said
from portal.pledges.models import Fulfilment, PledgeTerms
from portal.pledges.paying import payment_of
from portal.pledges.rules import (
    BADGES,
    KINDS,
    MONEY,
    SHOWN_AS,
    STATES,
    outstanding,
    state_of,
    surplus,
    unpaid_parts,
)
from portal.pledges.story import letters_of, story_of
from portal.pledges.views import READERS, WRITERS, bp, changeable_or_404


def facts(terms: PledgeTerms) -> dict[str, Any]:
    """What is computed of one pledge today."""
    come, parts, today = queries.come_of(terms.pledge_id), dues(terms), today_in_vietnam()
    cancelled, met = terms.cancelled_on is not None, terms.met_on is not None
    state = state_of(
        amount=terms.amount, dues=parts, fulfilled=come, today=today, cancelled=cancelled, met=met
    )
    return {
        "state": STATES[state],
        "badge": BADGES[state],
        "come": come,
        "left": outstanding(terms.amount, come, cancelled=cancelled, met=met),
        "over": surplus(terms.amount, come),
        "parts": parts,
        "unpaid": {part.due_on: part.amount for part in unpaid_parts(parts, come)},
        "open": not cancelled and not met,
        "today": today,
    }


def _gifts_of(rows: list[Fulfilment]) -> dict[int, Donation]:
    """The gift behind each match, by the match's id."""
    keys = [(row.posting_number, row.ordinal) for row in rows]
    if not keys:
        return {}
    wanted = select(Donation).where(tuple_(Donation.posting_number, Donation.ordinal).in_(keys))
    found = {
        (one.posting_number, one.ordinal): one
        for one in db.session.scalars(wanted.options(*donations.LOADED))
    }
    return {row.id: found[row.posting_number, row.ordinal] for row in rows}


def _page(
    terms: PledgeTerms, reason: ReasonForm, met: MetForm, *, status: int = 200, asked: str = ""
) -> Response:
    matches, computed = queries.fulfilments_of(terms.pledge_id), facts(terms)
    return page(
        "pledges/show.html",
        status=status,
        terms=terms,
        pledge=terms.pledge,
        said=said(terms),
        kinds=KINDS,
        shown=SHOWN_AS,
        donor_kind=kind_name(terms.donor_kind),
        matches=matches,
        gifts=_gifts_of(matches),
        story=story_of(terms.pledge_id),
        letters=letters_of(terms.pledge_id),
        may_write=may(current_user, WRITERS, terms.pledge.unit_id),
        is_money=terms.kind == MONEY,
        reason=reason,
        met=met,
        asked=asked,
        payment=payment_of(terms, computed["left"]),
        **computed,
    )


@bp.get("/<int:pledge_id>")
@allow(*READERS)
def show(pledge_id: int) -> Response:
    """What was promised, what has come, what is left, and everything that happened."""
    terms = queries.pledge_or_404(pledge_id, for_user=current_user)
    return _page(terms, ReasonForm(), MetForm())


def _done(pledge_id: int, text: str) -> Response:
    response = go(url_for("pledges.show", pledge_id=pledge_id))
    flash(text)
    db.session.commit()
    return response


def _refused(pledge_id: int, refused: Refused) -> Response:
    db.session.rollback()
    flash(refused.text, "warning")
    response = go(url_for("pledges.show", pledge_id=pledge_id))
    db.session.commit()
    return response


@bp.post("/<int:pledge_id>/huy")
@allow(*WRITERS)
def cancel(pledge_id: int) -> Response:
    """Cancel with a reason."""
    terms = changeable_or_404(pledge_id)
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            actions.cancel_pledge(terms.pledge, reason=form.reason.data, by=current_user)
            return _done(pledge_id, f"Đã hủy đăng ký {terms.pledge.paper_number}.")
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    terms = changeable_or_404(pledge_id)
    return _page(terms, form, MetForm(formdata=None), status=422, asked="cancel")


@bp.post("/<int:pledge_id>/bo-huy")
@allow(*WRITERS)
def restore(pledge_id: int) -> Response:
    """The undo of a cancel."""
    terms = changeable_or_404(pledge_id)
    try:
        actions.restore_pledge(terms.pledge, by=current_user)
        return _done(pledge_id, f"Đăng ký {terms.pledge.paper_number} có hiệu lực trở lại.")
    except Refused as refused:
        return _refused(pledge_id, refused)


@bp.post("/<int:pledge_id>/da-thuc-hien")
@allow(*WRITERS)
def say_met(pledge_id: int) -> Response:
    """Goods, a house or labour was done without a gift to the fund."""
    terms = changeable_or_404(pledge_id)
    form = MetForm()
    if form.validate_on_submit():
        try:
            actions.say_met(terms.pledge, on=form.met_on.data, note=form.met_note.data, by=current_user)
            return _done(pledge_id, f"Đã ghi {terms.pledge.paper_number} thực hiện xong.")
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    terms = changeable_or_404(pledge_id)
    return _page(terms, ReasonForm(formdata=None), form, status=422, asked="met")


@bp.post("/<int:pledge_id>/chua-thuc-hien")
@allow(*WRITERS)
def unsay_met(pledge_id: int) -> Response:
    """It was not done after all."""
    terms = changeable_or_404(pledge_id)
    actions.unsay_met(terms.pledge, by=current_user)
    return _done(pledge_id, f"Đã bỏ ghi thực hiện của {terms.pledge.paper_number}.")


@bp.post("/<int:pledge_id>/len-bang")
@allow(*WRITERS)
def announce(pledge_id: int) -> Response:
    """On the ceremony's board, or off it."""
    terms = changeable_or_404(pledge_id)
    on = not terms.announced
    actions.announce(terms.pledge, announced=on, by=current_user)
    return _done(pledge_id, "Đã đưa lên bảng của buổi lễ." if on else "Đã rút khỏi bảng của buổi lễ.")


def _match_page(terms: PledgeTerms, form: MatchForm) -> Response:
    text = request.args.get("q", "")[:200].strip()
    found = pledged.candidates(
        current_user,
        fund_id=terms.pledge.fund_id,
        text=text or None,
        donor_ids=family(terms.donor_id) if terms.donor_id else None,
        name=terms.donor_name,
        campaign_id=terms.campaign_id,
    )
    computed = facts(terms)
    if form.amount.data is None and not form.amount.raw_data and computed["left"]:
        lefts = [left for _, left in found if left]
        form.amount.data = min(computed["left"], *lefts) if len(lefts) == 1 else computed["left"]
    if len(found) == 1 and not form.gift.raw_data:
        form.gift.data = found[0][0].code
    values: dict[str, Any] = {
        "terms": terms, "pledge": terms.pledge, "said": said(terms), "text": text, "found": found,
    }  # fmt: skip
    return page("pledges/match.html", status=form.status, form=form, **values, **computed)


@bp.get("/<int:pledge_id>/ghep")
@allow(*WRITERS)
def match(pledge_id: int) -> Response:
    """Find the gift that fulfils this pledge."""
    return _match_page(changeable_or_404(pledge_id), MatchForm())


@bp.post("/<int:pledge_id>/ghep")
@allow(*WRITERS)
def fulfil(pledge_id: int) -> Response:
    """The chosen gift fulfils so much."""
    terms = changeable_or_404(pledge_id)
    form = MatchForm()
    if form.validate_on_submit():
        try:
            gift = _gift(form.gift.data)
            actions.fulfil(
                terms.pledge,
                posting_number=gift.posting_number,
                ordinal=gift.ordinal,
                amount=form.amount.data,
                beyond=form.beyond.data,
                by=current_user,
            )
            over = surplus(terms.amount, queries.come_of(pledge_id))
            more = f" Vượt số đăng ký {format_amount(over)} đ." if over else ""
            return _done(pledge_id, f"Đã ghép {format_amount(form.amount.data)} đ.{more}")
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return _match_page(changeable_or_404(pledge_id), form)


def _gift(code: str) -> Donation:
    """The gift of a code within the person's units. Raises Refused."""
    try:
        return donations.donation_or_404(code, for_user=current_user)
    except NotFound:
        raise Refused("Không tìm thấy khoản đã chọn. Tìm lại rồi chọn khoản khác.", "gift") from None


@bp.post("/<int:pledge_id>/go-ghep/<int:match_id>")
@allow(*WRITERS)
def release(pledge_id: int, match_id: int) -> Response:
    """The match was wrong."""
    terms = changeable_or_404(pledge_id)
    row = db.session.get(Fulfilment, match_id)
    if row is None or row.pledge_id != terms.pledge_id:
        abort(404)
    try:
        actions.release(row, by=current_user)
        return _done(pledge_id, f"Đã gỡ ghép {format_amount(row.amount)} đ.")
    except Refused as refused:
        return _refused(pledge_id, refused)
