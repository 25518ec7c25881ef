"""Campaigns on screen: list, new, one with its progress, change with targets per unit."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, request, url_for
from flask_login import current_user
from sqlalchemy import case, select
from sqlalchemy.orm import contains_eager

from portal.campaigns import actions, queries
from portal.campaigns.forms import CampaignChangeForm, CampaignForm, with_targets
from portal.campaigns.models import Campaign
from portal.campaigns.rules import COMING, ENDED, STATES, UNDER_WAY, state_of
from portal.donations import queries as donations
from portal.kit.access import ACCOUNTANT, ADMINISTRATOR, APPROVER, AUDITOR, RECORDER, allow
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.folded import has_words
from portal.kit.listing import Col, ListSpec, SelectFilter, TextFilter
from portal.kit.seen import changed_meanwhile, lock_row
from portal.kit.ui import percent
from portal.kit.web import go, page
from portal.ledger.queries import funds
from portal.people.queries import may, units_for
from portal.units.models import Unit
from portal.units.queries import keeps_books

bp = Blueprint("campaigns", __name__, url_prefix="/quan-ly/dot-van-dong")
READERS = (RECORDER, ACCOUNTANT, APPROVER, AUDITOR, ADMINISTRATOR)
WRITERS = (RECORDER, ACCOUNTANT, APPROVER, ADMINISTRATOR)

whole_target = queries.whole_target()
received = donations.received_of_campaign()


def _state(row: Any) -> str:
    return state_of(row.Campaign.starts_on, row.Campaign.ends_on, today_in_vietnam())


def _in_state(state: str) -> Any:
    today = today_in_vietnam()
    coming, ended = Campaign.starts_on > today, Campaign.ends_on < today
    return case((coming, COMING), (ended, ENDED), else_=UNDER_WAY) == state


CAMPAIGNS = ListSpec(
    noun="đợt",
    key=Campaign.id,
    default_sort="-tu",
    title="Đợt vận động",
    file_name="dot-van-dong",
    nothing_yet="Chưa có đợt vận động nào. Lập đợt đầu tiên để ghi nhận khoản ủng hộ theo đợt.",
    row_url=lambda row: url_for("campaigns.show", code=row.Campaign.code),
    columns=[
        Col("ma", "Mã đợt", "Campaign.code", sort=Campaign.code),
        Col("ten", "Tên đợt", "Campaign.name", kind="link", sort=Campaign.name, primary=True),
        Col("don_vi", "Đơn vị", "Campaign.unit.name", sort=Unit.name, muted=True),
        Col("tu", "Từ ngày", "Campaign.starts_on", kind="day", sort=Campaign.starts_on),
        Col("den", "Đến ngày", "Campaign.ends_on", kind="day", sort=Campaign.ends_on),
        Col(
            "tinh_trang",
            "Tình trạng",
            lambda row: STATES[_state(row)],
            kind="badge",
            badge=lambda row: "ok" if _state(row) == UNDER_WAY else None,
            muted=True,
        ),
        Col("dat", "Đạt", lambda row: percent(row.received, row.target) if row.target else None),
        Col("chi_tieu", "Chỉ tiêu (đ)", "target", kind="amount", sort=whole_target, total=whole_target),
        Col(
            "da_nhan",
            "Đã nhận (đ)",
            "received",
            kind="amount",
            sort=received,
            total=received,
            primary=True,
        ),
    ],
    filters=[
        SelectFilter("tinh_trang", "Tình trạng", _in_state, choices=list(STATES.items())),
        TextFilter("q", "Tên, mã đợt", lambda text: has_words(Campaign.code + " " + Campaign.name, text)),
    ],
)


@bp.get("/")
@allow(*READERS)
def index() -> Response:
    """All campaigns that the person sees."""
    rows = queries.campaigns_for(current_user).join(Campaign.unit).options(contains_eager(Campaign.unit))
    rows = rows.add_columns(whole_target.label("target"), received.label("received"))
    listing = CAMPAIGNS.run(rows, request.args, request.path)
    return CAMPAIGNS.download(rows, request.args) or page(
        "campaigns/list.html", "list", status=listing.status, listing=listing, may_write=_may_write()
    )


def _may_write() -> bool:
    return any(grant.role in WRITERS for grant in current_user.grants)


def _new_form() -> CampaignForm:
    form = CampaignForm()
    units = select(Unit).where(Unit.id.in_(units_for(current_user, *WRITERS)), keeps_books())
    offered = [(unit.id, unit.name) for unit in db.session.scalars(units.order_by(Unit.id))]
    form.unit_id.offer(offered)
    form.fund_id.offer([(fund.id, fund.name) for fund in funds()])
    if request.method == "GET":
        form.fund_id.data = funds()[0].id
        form.unit_id.data = offered[0][0] if len(offered) == 1 else None
    return form


@bp.get("/moi")
@allow(*WRITERS)
def new() -> Response:
    """The form of a new campaign."""
    return page("campaigns/new.html", form=_new_form())


@bp.post("/moi")
@allow(*WRITERS)
def create() -> Response:
    """Make the campaign and its whole target."""
    form = _new_form()
    if form.validate_on_submit():
        values = form.values()
        target, unit = values.pop("target"), db.session.get_one(Unit, values.pop("unit_id"))
        try:
            campaign = actions.create_campaign(unit=unit, **values)
            actions.set_target(campaign, unit, target, by=current_user)
            response = go(url_for("campaigns.show", code=campaign.code))
            flash(f"Đã lập đợt “{campaign.name}”.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return page("campaigns/new.html", form=form, status=form.status)


@bp.get("/<code>")
@allow(*READERS)
def show(code: str) -> Response:
    """One campaign: facts, progress of the whole and of each unit, newest gifts."""
    campaign = queries.campaign_or_404(code, for_user=current_user)
    targets, by_unit = queries.targets_of(campaign.id), donations.received_by_unit(campaign.id)
    shown = {*targets, *by_unit} - {campaign.unit_id}
    units = db.session.scalars(select(Unit).where(Unit.id.in_(shown)).order_by(Unit.code)).all()
    return page(
        "campaigns/show.html",
        campaign=campaign,
        state=state_of(campaign.starts_on, campaign.ends_on, today_in_vietnam()),
        states=STATES,
        fund=campaign_fund(campaign),
        target=targets.get(campaign.unit_id),
        money=sum(money for money, _ in by_unit.values()),
        goods=sum(goods for _, goods in by_unit.values()),
        rows=[(unit, targets.get(unit.id), by_unit.get(unit.id, (0, 0))[0]) for unit in units],
        own=by_unit.get(campaign.unit_id, (0, 0))[0],
        gifts=donations.newest_of_campaign(current_user, campaign.id),
        may_change=may(current_user, WRITERS, campaign.unit_id),
        may_record=may(current_user, (RECORDER, ACCOUNTANT), campaign.unit_id),
        today=today_in_vietnam(),
    )


def campaign_fund(campaign: Campaign) -> Any:
    """The fund of a campaign (campaigns stand to the left of funds, so the row has only its id)."""
    return next(fund for fund in funds() if fund.id == campaign.fund_id)


def _change_form(campaign: Campaign) -> CampaignChangeForm:
    units = [(campaign.unit_id, "Chỉ tiêu toàn đợt")]
    units += [(unit.id, unit.name) for unit in queries.units_below(campaign.unit_id)]
    targets = queries.targets_of(campaign.id)
    values = {f"target_{unit_id}": targets.get(unit_id) for unit_id, _ in units}
    return with_targets(units)(obj=campaign, data=values)


def _changeable_or_404(code: str) -> Campaign:
    """The campaign of a code that the person may change; 403 for one they may only read."""
    campaign = queries.campaign_or_404(code, for_user=current_user)
    if not may(current_user, WRITERS, campaign.unit_id):
        abort(403)
    return campaign


@bp.get("/<code>/sua")
@allow(*WRITERS)
def edit(code: str) -> Response:
    """The form of a change."""
    campaign = _changeable_or_404(code)
    return page("campaigns/edit.html", campaign=campaign, form=_change_form(campaign))


@bp.post("/<code>/sua")
@allow(*WRITERS)
def change(code: str) -> Response:
    """Change the campaign and its targets; earlier targets stay readable as of their time."""
    campaign = lock_row(_changeable_or_404(code))
    form = _change_form(campaign)
    theirs = changed_meanwhile(form, request.form)
    if form.validate_on_submit() and not theirs:
        values = form.values()
        targets = {int(name[7:]): values.pop(name) for name in list(values) if name.startswith("target_")}
        try:
            actions.change_campaign(campaign, **values)
            actions.set_targets(campaign, targets, by=current_user)
            response = go(url_for("campaigns.show", code=campaign.code))
            flash(f"Đã sửa đợt “{campaign.name}”.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    status = 409 if theirs else form.status
    return page("campaigns/edit.html", campaign=campaign, form=form, theirs=theirs, status=status)
