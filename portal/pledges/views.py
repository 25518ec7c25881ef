"""Pledges on screen: the list, one pledge, a new one, a change. The other doors are in views_<noun>.py."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, g, request, url_for
from flask_login import current_user
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from portal.campaigns.models import Campaign
from portal.campaigns.queries import campaigns_of
from portal.campaigns.rules import REGULAR as REGULAR_NAME
from portal.campaigns.rules import UNDER_WAY, is_late, state_of
from portal.donors.models import Donor
from portal.donors.queries import donor_or_404, kinds_now
from portal.kit.access import ACCOUNTANT, ADMINISTRATOR, APPROVER, AUDITOR, RECORDER, allow
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.listing import EXPORT, BulkAction, ListSpec
from portal.kit.numbers import peek_paper_number
from portal.kit.seen import changed_meanwhile
from portal.kit.web import go, page
from portal.ledger.queries import default_fund, funds
from portal.people.queries import may, units_for
from portal.pledges import actions, queries
from portal.pledges.forms import PledgeForm, promise_values
from portal.pledges.lists import REGULAR, dues, pledges_file, pledges_list
from portal.pledges.models import PledgeTerms
from portal.pledges.rules import BUCKETS, SERIES, paper_number, write_dues
from portal.pledges.story import differences
from portal.units.models import Unit
from portal.units.queries import keeps_books

bp = Blueprint("pledges", __name__, url_prefix="/quan-ly/dang-ky")
READERS = (RECORDER, ACCOUNTANT, APPROVER, AUDITOR, ADMINISTRATOR)
WRITERS = (RECORDER, ACCOUNTANT)


def campaigns_read() -> list[Campaign]:
    """The campaigns by which the person may filter, newest first; read once a request."""
    if "campaigns_read" not in g:
        g.campaigns_read = campaigns_of(units_for(current_user, *READERS))
    return g.campaigns_read


def _choices() -> list[tuple[int, str]]:
    return [(REGULAR, "Ủng hộ thường xuyên"), *((item.id, item.name) for item in campaigns_read())]


def pledges() -> ListSpec:
    """The list of this person."""
    return pledges_list(_choices(), lambda row: url_for("pledges.show", pledge_id=row.PledgeTerms.pledge_id))


def _hall() -> Campaign | None:
    """Whose board the list leads to: the campaign of the filter, else the newest that is under way, else the newest."""
    mine, today = campaigns_read(), today_in_vietnam()
    asked = [item for item in mine if str(item.id) == request.args.get("dot")]
    running = [item for item in mine if state_of(item.starts_on, item.ends_on, today) == UNDER_WAY]
    return next(iter(asked or running or mine), None)


def writes_somewhere() -> bool:
    """Whether the person records pledges in any unit."""
    return any(grant.role in WRITERS for grant in current_user.grants)


@bp.get("/")
@allow(*READERS)
def index() -> Response:
    """All pledges that the person sees, with the age of what is still to come; or the same as a file."""
    rows = queries.listed(queries.pledges_for(current_user))
    if request.args.get(EXPORT):
        file = pledges_file(_choices())
        standing = rows.where(PledgeTerms.cancelled_on.is_(None))
        if (answer := file.download(standing, request.args)) is not None:
            return answer
    spec = pledges()
    bulk = [BulkAction("Thư nhắc", url_for("pledges.choose_letters"), "print")] if writes_somewhere() else []
    listing = spec.run(rows, request.args, request.path, bulk=bulk)
    return page(
        "pledges/list.html",
        "list",
        status=listing.status,
        listing=listing,
        ages=_ages(spec, rows) if listing.status == 200 and listing.rows else [],
        may_write=writes_somewhere(),
        hall=_hall(),
    )


def _ages(spec: ListSpec, rows: Any) -> list[tuple[str, int, str, bool]]:
    """(bucket in words, đồng, address, in use) of the filtered list."""
    chosen = spec.chosen(rows, request.args, {"all": "1"})
    asked = request.args.get("qua_han")
    kept: dict[str, Any] = {
        name: value for name, value in request.args.items() if name not in ("trang", "qua_han")
    }
    return [
        (name, amount, url_for("pledges.index", **{**kept, "qua_han": key}), key == asked)
        for (key, name), amount in zip(BUCKETS.items(), queries.ageing(chosen).values(), strict=True)
    ]


def offer(form: PledgeForm, unit: Unit | None = None) -> dict[int, Campaign]:
    """Give the form what this person may choose (`unit`: of a known pledge); returns the campaigns by id."""
    mine = units_for(current_user, *WRITERS)
    present = select(Unit).where(Unit.id.in_(mine), keeps_books()).order_by(Unit.id)
    g.units = {one.id: one for one in ([unit] if unit else db.session.scalars(present))}
    campaigns = campaigns_of(mine)
    today = today_in_vietnam()
    named = [
        (item.id, item.name + (" (đã kết thúc)" if is_late(today, item.ends_on) else ""))
        for item in campaigns
    ]
    form.unit_id.offer([(one.id, one.name) for one in g.units.values()])
    form.campaign_id.offer([*named, (REGULAR, REGULAR_NAME)])
    form.donor_kind.offer(kinds_now())
    if len(g.units) == 1 and form.unit_id.data is None:
        form.unit_id.data = next(iter(g.units))
    return {item.id: item for item in campaigns}


def chosen_donor(form: Any) -> Donor | None:
    """The donor that was taken from the books; one that the person may not see is a mistake of the form."""
    if form.donor_id.data is None:
        return None
    try:
        found = donor_or_404(form.donor_id.data, for_user=current_user)
    except NotFound:
        raise Refused("Người đã chọn không còn trong sổ. Gõ lại tên rồi chọn lại.", "donor_name") from None
    return db.session.get_one(Donor, found.merged_into_id) if found.merged_into_id else found


@bp.get("/moi")
@allow(*WRITERS)
def new() -> Response:
    """The form of a new pledge."""
    form = PledgeForm()
    campaigns = offer(form)
    asked = request.args.get("dot")
    form.campaign_id.data = next((key for key, item in campaigns.items() if item.code == asked), None)
    return _new_page(form)


def _new_page(form: PledgeForm) -> Response:
    unit, today = g.units.get(form.unit_id.data), form.pledged_on.data or today_in_vietnam()
    number = None
    if unit is not None:
        taken = peek_paper_number(unit_id=unit.id, fund_id=default_fund().id, kind=SERIES, day=today)
        number = paper_number(taken, today.year)
    values: dict[str, Any] = {"form": form, "number": number, "one_unit": len(g.units) == 1}
    return page("pledges/new.html", status=form.status, **values)


@bp.post("/moi")
@allow(*WRITERS)
def record() -> Response:
    """Record the pledge; then its page, or the next one."""
    form = PledgeForm()
    campaigns = offer(form)
    valid, parts = form.validate_on_submit(), form.read_parts()
    if valid and parts is not None:
        try:
            campaign = campaigns.get(form.campaign_id.data)
            pledge = actions.record_pledge(
                unit=g.units[form.unit_id.data],
                fund=_fund_of(campaign),
                campaign=campaign,
                instalments=[(part.due_on, part.amount) for part in parts],
                donor=chosen_donor(form),
                by=current_user,
                **promise_values(form),
            )
            more = request.form.get("then") == "more"
            kept: dict[str, Any] = {"dot": campaign.code} if campaign else {}
            where = url_for("pledges.new", **kept) if more else url_for("pledges.show", pledge_id=pledge.id)
            response = go(where)
            flash(f"Đã ghi đăng ký {pledge.paper_number}.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            offer(form)
            form.add_refusal(refused)
    return _new_page(form)


def _fund_of(campaign: Campaign | None) -> Any:
    """A promise goes to the fund of its campaign."""
    if campaign is None:
        return default_fund()
    return next(fund for fund in funds() if fund.id == campaign.fund_id)


def changeable_or_404(pledge_id: int) -> PledgeTerms:
    """The present terms of a pledge that the person may change; 403 for one they may only read."""
    terms = queries.pledge_or_404(pledge_id, for_user=current_user)
    if not may(current_user, WRITERS, terms.pledge.unit_id):
        abort(403)
    return terms


def _edit_form(terms: PledgeTerms) -> tuple[PledgeForm, dict[int, Campaign]]:
    values = {**actions.values_of(terms), "unit_id": terms.pledge.unit_id, "base": terms.id}
    values["campaign_id"] = terms.campaign_id or REGULAR
    values["dues"] = write_dues(dues(terms), amount=terms.amount).replace("; ", "\n")
    form = PledgeForm(data=values)
    return form, offer(form, terms.pledge.unit)


@bp.get("/<int:pledge_id>/sua")
@allow(*WRITERS)
def edit(pledge_id: int) -> Response:
    """The form of a change."""
    terms = changeable_or_404(pledge_id)
    return page("pledges/edit.html", terms=terms, form=_edit_form(terms)[0], theirs=[])


@bp.post("/<int:pledge_id>/sua")
@allow(*WRITERS)
def change(pledge_id: int) -> Response:
    """A new version. When somebody else was quicker the page says what they changed, and what was typed stays."""
    terms = changeable_or_404(pledge_id)
    form, campaigns = _edit_form(terms)
    theirs = _changed_since(form, terms)
    changed_meanwhile(form, request.form)  # what this person has left alone follows the other's words
    valid, parts = form.validate_on_submit(), form.read_parts()
    if valid and parts is not None and not theirs:
        try:
            donor, campaign = chosen_donor(form), campaigns.get(form.campaign_id.data)
            values = promise_values(form) | {"donor_id": donor.id if donor else None}
            values["campaign_id"] = campaign.id if campaign else None
            instalments = [(part.due_on, part.amount) for part in parts]
            actions.change_pledge(
                terms.pledge, values, instalments=instalments, base=terms.id, by=current_user
            )
            response = go(url_for("pledges.show", pledge_id=pledge_id))
            flash(f"Đã sửa đăng ký {terms.pledge.paper_number}.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            offer(form, terms.pledge.unit)
            form.add_refusal(refused)
    if theirs:
        form.base.data = terms.id
    return page(
        "pledges/edit.html", status=409 if theirs else form.status, terms=terms, form=form, theirs=theirs
    )


def _changed_since(form: PledgeForm, terms: PledgeTerms) -> list[tuple[str, str, str]]:
    """What somebody else changed since this form was opened: (field, as it was opened, as it is now)."""
    base = str(form.base.data or "")
    if not base.isdecimal() or len(base) > 18 or int(base) == terms.id:
        return []
    seen = db.session.scalar(
        select(PledgeTerms).where(PledgeTerms.id == int(base), PledgeTerms.pledge_id == terms.pledge_id)
    )
    return differences(seen, terms) if seen is not None else []


from portal.pledges import views_board, views_letters, views_one  # noqa: E402, F401  (the other doors)
