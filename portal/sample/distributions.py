"""The sample's lists of households: one being built, one that waits for approval, one that is handed out. Invented."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from portal.campaigns.models import Campaign
from portal.distributions.actions_decide import approve_list, draft_decision
from portal.distributions.actions_fairness import override
from portal.distributions.actions_list import PortionFields, create_list, set_portions
from portal.distributions.actions_lock import lock_list
from portal.distributions.actions_norms import add_norm
from portal.distributions.actions_release import release
from portal.distributions.actions_rows import add_households
from portal.distributions.models import Distribution, DistributionRow
from portal.distributions.queries_fairness import checked_rows
from portal.goods.models import Item, StockBalance, Store
from portal.households.models import HouseholdGroup
from portal.households.models_registry import Household, HouseholdStatus
from portal.kit.access import ACCOUNTANT, APPROVER, RECORDER
from portal.kit.db import db
from portal.sample.province import Province
from portal.spending.actions import issue_decision
from portal.spending.actions_vouchers import pay_voucher
from portal.spending.queries_decisions import texts_for

MONEY = 300_000


def record_lists(province: Province, campaigns: list[Campaign], today: date) -> None:
    """Three lists of one province: the poor of this year, a portion of money, and one of goods, too."""
    add_norm(
        {
            "unit_id": province.unit.id,
            "purpose": "gifts",
            "amount": 500_000,
            "basis": "Quyết định 05/QĐ-MTTQ-BTT",
            "valid_from": date(today.year, 1, 1),
        }
    )
    poor = _in_group("poor", today.year)
    near = _in_group("near_poor", today.year)
    campaign = campaigns[1]
    _released(province, campaign, poor[:6], today)
    _waiting(province, campaign, near[:12], today)
    _list(
        province,
        campaign,
        "Tết Đoan Ngọ – hộ nghèo",
        "Tặng quà Tết Đoan Ngọ",
        poor[4:16],
        today + timedelta(days=20),
    )


def _in_group(key: str, year: int) -> list[int]:
    rows = (
        select(Household.id)
        .join(HouseholdStatus, HouseholdStatus.household_id == Household.id)
        .join(HouseholdGroup, HouseholdGroup.id == HouseholdStatus.group_id)
        .where(HouseholdGroup.key == key, HouseholdStatus.year == year, HouseholdStatus.withdrawn.is_(False))
        .where(Household.merged_into_id.is_(None), Household.withdrawn.is_(False))
    )
    return list(db.session.scalars(rows.order_by(Household.id)))


def _list(
    province: Province,
    campaign: Campaign,
    name: str,
    content: str,
    households: Sequence[int],
    day: date,
    *,
    goods: tuple[Store, Item] | None = None,
) -> Distribution:
    head: dict[str, Any] = {
        "purpose": "gifts",
        "level": "province",
        "way": "advance",
        "place": "Hội trường xã",
    }
    made = create_list(
        unit=province.unit,
        fund=province.fund,
        by=province.people[ACCOUNTANT],
        name=name,
        content=content,
        campaign_id=campaign.id,
        handed_on=day,
        officer_id=province.people[RECORDER].id,
        store_id=goods[0].id if goods else None,
        settle_by=day + timedelta(days=15),
        **head,
    )
    inside = {goods[1].id: 1_000} if goods else None
    portions = set_portions(
        made, [PortionFields("Suất hộ nghèo", MONEY, inside)], by=province.people[ACCOUNTANT]
    )
    add_households(made, households, portion=portions[0], by=province.people[ACCOUNTANT])
    return made


def _locked(province: Province, made: Distribution) -> Distribution:
    by = province.people[ACCOUNTANT]
    checked = checked_rows(made)
    warned = checked.rows.where(checked.needs_reason)
    warned = warned.with_only_columns(DistributionRow.id, maintain_column_froms=True)
    if ids := list(db.session.scalars(warned)):
        override(made, ids, reason="Họp ấp thống nhất, hoàn cảnh khó khăn", by=by)
    return lock_list(made, by=by)


def _decided(province: Province, made: Distribution, number: str, day: date) -> None:
    texts = texts_for(made.unit, "decision", day)
    subject = f"Về việc {made.content[:1].lower()}{made.content[1:]}"
    decision = draft_decision(
        made,
        by=province.people[ACCOUNTANT],
        kind="decision",
        number=number,
        decided_on=day,
        subject=subject,
        **vars(texts),
    )
    issue_decision(decision, by=province.people[APPROVER])


def _waiting(province: Province, campaign: Campaign, households: Sequence[int], today: date) -> None:
    made = _list(
        province, campaign, "Ngày hội Đại đoàn kết – hộ cận nghèo", "Tặng quà Ngày hội", households, today
    )
    _decided(province, _locked(province, made), "21/QĐ-MTTQ-BTT", today)


def _released(province: Province, campaign: Campaign, households: Sequence[int], today: date) -> None:
    day = today - timedelta(days=2)
    goods = _goods(province, len(households))
    made = _list(
        province,
        campaign,
        "Tháng cao điểm – hộ nghèo",
        "Tặng quà Tháng cao điểm",
        households,
        day,
        goods=goods,
    )
    _decided(province, _locked(province, made), "20/QĐ-MTTQ-BTT", day)
    approve_list(made, by=province.people[APPROVER])
    release(made, by=province.people[ACCOUNTANT], on=today)
    if made.voucher is not None:
        pay_voucher(made.voucher, paid_on=today, by=province.people[ACCOUNTANT])


def _goods(province: Province, count: int) -> tuple[Store, Item] | None:
    """A store of the province and an item of which enough lies there."""
    rows = (
        select(Store, Item)
        .join(StockBalance, StockBalance.store_id == Store.id)
        .join(Item, Item.id == StockBalance.item_id)
        .where(
            Store.unit_id == province.unit.id,
            Store.fund_id == province.fund.id,
            StockBalance.quantity >= count * 1_000,
        )
    )
    found = db.session.execute(rows.order_by(StockBalance.quantity.desc(), Item.id).limit(1)).first()
    return (found[0], found[1]) if found else None
