"""Prize money on screen: the fund's decision that pays it, and money that came back. Part of the views."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, request, url_for
from flask_login import current_user

from portal.campaigns.models import Campaign
from portal.cash.rules import BOX
from portal.emulation import actions_rewards_prize as actions
from portal.emulation import queries_certificates as queries
from portal.emulation.forms_rewards import BackForm, PrizeForm
from portal.emulation.models_certificates import Reward
from portal.emulation.views import WRITERS, bp, campaign_choices, check_may, done, form_page, here, tried
from portal.kit.access import allow
from portal.kit.db import db
from portal.kit.money import format_amount
from portal.kit.web import go
from portal.ledger.models import Fund
from portal.ledger.queries import default_fund
from portal.spending.queries import purposes
from portal.spending.queries_vouchers import bank_accounts_of

PURPOSE, IN_CASH = "rewards", "cash"


@bp.route("/quyet-dinh/<int:decision_id>/chi-thuong", methods=["GET", "POST"])
@allow(*WRITERS)
def pay_prizes(decision_id: int) -> Response:
    """Draft the fund's decision that pays the prizes; from then on it is paid as every other."""
    one = queries.decision_or_404(decision_id, for_user=current_user)
    check_may(one.unit_id)
    waiting = actions.to_pay(one)
    if not waiting:
        return go(here("reward_decision", decision_id=decision_id))
    form = PrizeForm()
    form.fund_id.offer([(fund.id, fund.name) for fund in db.session.query(Fund).order_by(Fund.id)])
    form.purpose.offer([(purpose.key, purpose.name) for purpose in purposes()])
    form.campaign_id.offer(campaign_choices())
    if request.method == "GET":
        form.fund_id.data, form.purpose.data = default_fund().id, PURPOSE

    def act() -> Response:
        campaign = db.session.get(Campaign, form.campaign_id.data) if form.campaign_id.data else None
        told = {name: form[name].data for name in ("purpose", "decided_on", "number")}
        fund = db.session.get_one(Fund, form.fund_id.data)
        made = actions.draft_prizes(one, fund=fund, campaign=campaign, by=current_user, **told)
        address = url_for("spending.decision", decision_id=made.id)
        return done(address, "Đã soạn quyết định chi tiền thưởng, chờ người khác ban hành rồi lập phiếu chi.")

    total = format_amount(sum(reward.prize or 0 for reward in waiting))
    return tried(form, act) or form_page(
        form,
        "Chi tiền thưởng",
        "Soạn quyết định chi",
        crumbs=[
            ("Quyết định khen", here("reward_decisions")),
            (one.number or "quyết định", here("reward_decision", decision_id=decision_id)),
            ("Chi tiền thưởng", None),
        ],
        fields=[
            [
                (form.fund_id, None),
                (form.purpose, None),
                (form.campaign_id, "Để trống là nguồn chung."),
                (form.decided_on, None),
                (form.number, "Số riêng của quyết định chi; chưa có thì để trống, ghi khi ban hành."),
            ]
        ],
        cancel=here("reward_decision", decision_id=decision_id),
        lead=f"{len(waiting)} phần thưởng, cộng {total} đồng. Tiền ra bằng phiếu chi như mọi khoản của Quỹ.",
    )


def _places(reward: Reward) -> dict[str, Any]:
    """Where money may come back to: the box, or an account of the unit and fund that paid."""
    prize = queries.prize_row_of(reward)
    if prize is None:
        return {}
    decided = prize.decision_row.decision
    accounts = bank_accounts_of(decided.unit_id, decided.fund_id)
    return {IN_CASH: (BOX, None)} | {str(one.id): (f"Tài khoản {one.code}", one) for one in accounts}


@bp.route("/khen-thuong/<int:reward_id>/thu-tien", methods=["GET", "POST"])
@allow(*WRITERS)
def take_prize_back(reward_id: int) -> Response:
    """Prize money of a reward that was taken back has come."""
    one = queries.reward_or_404(reward_id, for_user=current_user)
    check_may(one.unit_id)
    places, left = _places(one), actions.left_to_return(one)
    if not places or left <= 0:
        abort(404)
    form = BackForm()
    form.place.offer([(key, name) for key, (name, _) in places.items()])
    if request.method == "GET":
        form.amount.data, form.place.data = left, IN_CASH
        form.reason.data = f"Thu lại tiền thưởng theo quyết định thu hồi {one.form.name}"

    def act() -> Response:
        posting = actions.record_back(
            one,
            amount=form.amount.data,
            day=form.day.data,
            reason=form.reason.data,
            bank_account=places[form.place.data][1],
            by=current_user,
        )
        return done(here("reward", reward_id=reward_id), f"Đã ghi thu lại theo phiếu {posting.paper_number}.")

    return tried(form, act) or form_page(
        form,
        "Thu lại tiền thưởng",
        "Ghi thu",
        crumbs=[
            ("Khen thưởng", here("rewards")),
            (one.number, here("reward", reward_id=reward_id)),
            ("Thu lại tiền thưởng", None),
        ],
        fields=[
            [
                (form.amount, f"Còn phải thu {format_amount(left)} đ."),
                (form.day, None),
                (form.place, None),
                (form.reason, None),
            ]
        ],
        cancel=here("reward", reward_id=reward_id),
        lead=f"{one.form.name} {one.number} của {one.name}.",
    )
