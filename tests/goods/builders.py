"""Stores and goods for the tests of this room."""

from __future__ import annotations

from datetime import date
from typing import Any

from portal.goods.actions import receive, record_item, record_store
from portal.goods.models import Item, Store
from portal.goods.rules import SlipRow
from portal.ledger.models import Posting
from portal.people.models import User
from portal.units.models import Unit
from tests.cast import make_fund

DAY = date(2026, 11, 2)


def make_store(*, unit: Unit, code: str = "KHO-XA", name: str = "Kho xã", **details: Any) -> Store:
    """A store of the unit's fund."""
    return record_store(code=code, name=name, unit=unit, fund_id=make_fund().id, **details)


def make_item(*, name: str = "Mì ăn liền", measure: str = "gói", **details: Any) -> Item:
    """An item of the catalogue."""
    return record_item(name=name, measure=measure, **details)


def bring(
    *,
    store: Store,
    item: Item,
    quantity: int,
    value: int | None = None,
    day: date = DAY,
    by: User | None = None,
    source: str = "other",
    **lot: Any,
) -> Posting:
    """Goods that come in; `quantity` in whole measures."""
    row = SlipRow(item.id, quantity * 1_000, value, **lot)
    return receive(store=store, source=source, rows=[row], day=day, by=by)
