"""A list that is being handed out: invented households, an advance in the officer's hand, kits in a store of theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.campaigns.models import Campaign
from portal.distributions.models import (
    Distribution,
    DistributionGoods,
    DistributionRow,
    Portion,
    PortionItem,
)
from portal.distributions.rules import RELEASED
from portal.goods.actions import transfer
from portal.goods.models import Item, Store
from portal.goods.rules import SlipRow
from portal.households.models_registry import Household
from portal.kit.db import db, now
from portal.spending.models import Decision, DecisionRow
from tests.cast import Cast, make_campaign, make_fund, make_unit
from tests.goods.builders import bring, make_item, make_store
from tests.households.builders import make_household
from tests.spending.builders import DAY, make_decision, make_money, make_payment, make_row

MONEY, RICE = 500_000, 10
NAMES = ("Lê Văn Út", "Huỳnh Thị Lài", "Lý Thị Mến", "Trần Văn Giả", "Võ Thị Mẫu")


@dataclass
class Released:
    """Everything of one list."""

    distribution: Distribution
    rows: list[DistributionRow]
    households: list[Household]
    campaign: Campaign
    store: Store | None
    hand: Store | None
    item: Item | None

    @property
    def id(self) -> int:
        """Of the list."""
        return self.distribution.id


def make_released(
    cast: Cast,
    *,
    names: Sequence[str] = NAMES,
    money: int | None = MONEY,
    goods: bool = True,
    hamlets: Sequence[str] = ("Ấp Bàu Sen", "Ấp Phú Lợi"),
    number: str = "12/QĐ-MTTQ-BTT",
    code: str = "",
    campaign: Campaign | None = None,
    **details: Any,
) -> Released:
    """A list of the commune, released: money with the officer, 10 kg of rice a household in the hand store."""
    campaign = campaign or make_campaign(unit=cast.commune)
    store, hand, item = _goods(cast, len(names), code) if goods else (None, None, None)
    distribution = Distribution(
        unit_id=cast.commune.id,
        fund_id=make_fund().id,
        campaign_id=campaign.id,
        name=details.pop("name", "Trao quà ấp Bàu Sen"),
        content="Tặng quà Tết",
        purpose="gifts",
        source="Quỹ “Vì người nghèo”",
        handed_on=DAY,
        place="nhà văn hóa ấp",
        way="advance" if money else "none",
        store_id=store.id if store else None,
        hand_store_id=hand.id if hand else None,
        officer_id=cast.officer.id,
        state=RELEASED,
        prepared_by_id=cast.accountant.id,
        released_by_id=cast.accountant.id,
        released_at=now(),
        **details,
    )
    db.session.add(distribution)
    db.session.flush()
    portion = Portion(distribution_id=distribution.id, name="Suất quà", amount=money)
    if item:
        portion.goods = [PortionItem(item_id=item.id, quantity=RICE * 1_000)]
    db.session.add(portion)
    db.session.flush()
    made = _rows(cast, distribution, portion, names, hamlets, bool(item))
    decision = _decide(cast, campaign, made, money, number)
    if money:
        make_money(campaign=campaign, amount=money * len(names))
        voucher = make_payment(
            decision=decision,
            maker=cast.accountant,
            approver=cast.chair,
            what="advance",
            officer=cast.officer,
            content=distribution.name,
        )
        distribution.voucher_id = voucher.id
    distribution.decision_id = decision.id
    if store and hand and item:
        _take_along(cast, distribution, store, hand, item, len(names))
    db.session.commit()
    households = [db.session.get_one(Household, row.household_id) for row in made]
    return Released(distribution, made, households, campaign, store, hand, item)


def _goods(cast: Cast, rows: int, code: str) -> tuple[Store, Store, Item]:
    store = make_store(unit=cast.commune, code=f"KHO{code}", name=f"Kho xã {code}".strip())
    hand = make_store(unit=cast.commune, code=f"TAY{code}", name=f"Hàng đang trao {code}".strip())
    item = make_item(name=f"Gạo {code}".strip(), measure="kg")
    bring(store=store, item=item, quantity=RICE * rows, value=20_000 * RICE * rows, day=date(2026, 11, 2))
    return store, hand, item


def _rows(
    cast: Cast,
    distribution: Distribution,
    portion: Portion,
    names: Sequence[str],
    hamlets: Sequence[str],
    goods: bool,
) -> list[DistributionRow]:
    units = [make_unit(name=name, level="ấp", parent=cast.commune) for name in hamlets]
    made = []
    for place, name in enumerate(names):
        unit = units[place * len(units) // len(names)]
        household = make_household(unit=unit, name=name)
        made.append(
            DistributionRow(
                distribution_id=distribution.id,
                household_id=household.id,
                portion_id=portion.id,
                ordinal=place + 1,
                receiver=name,
                commune=cast.commune.name,
                hamlet=unit.name,
                group_name="Hộ nghèo",
                amount=portion.amount,
                goods=f"Gạo {RICE} kg" if goods else None,
            )
        )
    db.session.add_all(made)
    db.session.flush()
    return made


def _decide(
    cast: Cast, campaign: Campaign, rows: list[DistributionRow], money: int | None, number: str
) -> Decision:
    if money:
        wanted = [make_row(campaign=campaign, amount=money, receiver=row.receiver or "") for row in rows]
        decision = make_decision(
            unit=cast.commune, maker=cast.accountant, issuer=cast.chair, rows=wanted, number=number
        )
    else:
        decision = _goods_alone(cast, campaign, rows, number)
    for row, decided in zip(rows, decision.rows, strict=True):
        row.decision_row_id = decided.id
    db.session.flush()
    return decision


def _goods_alone(cast: Cast, campaign: Campaign, rows: list[DistributionRow], number: str) -> Decision:
    decision = Decision(
        unit_id=cast.commune.id,
        fund_id=make_fund().id,
        kind="decision",
        number=number,
        decided_on=DAY,
        year=DAY.year,
        subject="Về việc tặng quà",
        state="issued",
        prepared_by_id=cast.accountant.id,
        issued_by_id=cast.chair.id,
    )
    decision.rows = [
        DecisionRow(
            ordinal=place,
            receiver=row.receiver or "",
            purpose="gifts",
            campaign_id=campaign.id,
            amount=0,
            goods=row.goods,
        )
        for place, row in enumerate(rows, start=1)
    ]
    db.session.add(decision)
    db.session.flush()
    return decision


def _take_along(
    cast: Cast, distribution: Distribution, store: Store, hand: Store, item: Item, rows: int
) -> None:
    posting = transfer(
        store=store,
        to_store=hand,
        rows=[SlipRow(item.id, RICE * 1_000 * rows)],
        day=DAY,
        by=cast.accountant,
    )
    db.session.add(
        DistributionGoods(posting_number=posting.number, distribution_id=distribution.id, what="out")
    )
    db.session.flush()
