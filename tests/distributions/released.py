"""A list that is being handed out: invented households, an advance in the officer's hand, rice in a store of theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.campaigns.models import Campaign
from portal.distributions.models import Distribution, DistributionRow
from portal.goods.models import Item, Store
from portal.kit.db import db
from portal.units.models import Unit
from tests.cast import Cast, make_account, make_campaign, make_unit
from tests.distributions.builders import DAY
from tests.distributions.builders import make_released as release
from tests.goods.builders import bring, make_item, make_store
from tests.households.builders import make_household
from tests.spending.builders import make_money

__all__ = ["DAY", "MONEY", "NAMES", "RICE", "Released", "make_released", "make_transferred"]

MONEY, RICE = 500_000, 10
NAMES = ("Lê Văn Út", "Huỳnh Thị Lài", "Lý Thị Mến", "Trần Văn Giả", "Võ Thị Mẫu")
HAMLETS = ("Ấp Bàu Sen", "Ấp Phú Lợi")


@dataclass
class Released:
    """Everything of one list; rows in the order of the sheets."""

    distribution: Distribution
    rows: list[DistributionRow]
    campaign: Campaign
    store: Store | None
    item: Item | None

    @property
    def id(self) -> int:
        """Of the list."""
        return self.distribution.id

    @property
    def hand(self) -> Store | None:
        """What the officer carries."""
        return self.distribution.hand_store


def make_released(
    cast: Cast,
    *,
    names: Sequence[str] = NAMES,
    money: int | None = MONEY,
    goods: bool = True,
    code: str = "",
    campaign: Campaign | None = None,
    **head: Any,
) -> Released:
    """A list of the commune, released: money with the officer, 10 kg of rice a household in the hand store."""
    campaign = campaign or make_campaign(unit=cast.commune)
    units = _hamlets(cast)
    households = [
        make_household(unit=units[place * len(units) // len(names)], name=name)
        for place, name in enumerate(names)
    ]
    store, item = _goods(cast, len(names), code) if goods else (None, None)
    if money:
        make_money(campaign=campaign, amount=money * len(names))
    head = {
        "name": f"Trao quà ấp Bàu Sen {code}".strip(),
        "content": f"Tặng quà Tết {code}".strip(),
        "source": "Quỹ “Vì người nghèo”",
        "place": "nhà văn hóa ấp",
        **head,
    }
    made = release(
        unit=cast.commune,
        maker=cast.accountant,
        approver=cast.chair,
        households=households,
        amount=money,
        item=item,
        quantity=RICE,
        campaign=campaign,
        officer=cast.officer,
        store=store,
        **head,
    )
    db.session.commit()
    return Released(made, rows_of(made), campaign, store, item)


def make_transferred(cast: Cast, count: int) -> Released:
    """A list whose money went from the fund's account to those of its households; no goods."""
    account, campaign = make_account(unit=cast.commune), make_campaign(unit=cast.commune)
    make_money(campaign=campaign, form="bank", bank_account=account, amount=MONEY * count)
    households = [make_household(unit=_hamlets(cast)[0], name=name) for name in NAMES[:count]]
    for place, household in enumerate(households):
        household.bank_name, household.bank_number = "Agribank", f"001122334{place}"
    made = release(
        unit=cast.commune,
        maker=cast.accountant,
        approver=cast.chair,
        households=households,
        amount=MONEY,
        campaign=campaign,
        way="bank",
        bank_account_id=account.id,
    )
    db.session.commit()
    return Released(made, rows_of(made), campaign, None, None)


def rows_of(made: Distribution) -> list[DistributionRow]:
    """In the order of the sheets."""
    rows = select(DistributionRow).where(DistributionRow.distribution_id == made.id)
    return list(db.session.scalars(rows.order_by(DistributionRow.ordinal)))


def _hamlets(cast: Cast) -> list[Unit]:
    found = db.session.scalars(select(Unit).where(Unit.parent_id == cast.commune.id, Unit.name.in_(HAMLETS)))
    known = {unit.name: unit for unit in found}
    return [known.get(name) or make_unit(name=name, level="ấp", parent=cast.commune) for name in HAMLETS]


def _goods(cast: Cast, rows: int, code: str) -> tuple[Store, Item]:
    store = make_store(unit=cast.commune, code=f"KHO{code}", name=f"Kho xã {code}".strip())
    item = make_item(name=f"Gạo {code}".strip(), measure="kg")
    bring(store=store, item=item, quantity=RICE * rows, value=20_000 * RICE * rows, day=date(2026, 11, 2))
    return store, item
