"""What goods are usually worth: the price of the last valued receipt, else the list price."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from portal.goods.models import Item, StockMovement
from portal.goods.rules import ONE
from portal.kit.db import db
from portal.ledger.models import Posting

BROUGHT = ("donation", "receipt", "opening")  # documents that bring goods at a price of their own


def last_prices(item_ids: Sequence[int]) -> dict[int, int]:
    """By item id: đồng for one measure in the newest receipt that had a value. One statement."""
    if not item_ids:
        return {}
    newest = (
        func.row_number()
        .over(
            partition_by=StockMovement.item_id,
            order_by=(StockMovement.booked_on.desc(), StockMovement.posting_number.desc()),
        )
        .label("newest")
    )
    rows = (
        select(StockMovement.item_id, StockMovement.quantity, StockMovement.value, newest)
        .join(Posting, Posting.number == StockMovement.posting_number)
        .where(
            StockMovement.item_id.in_(item_ids),
            StockMovement.quantity > 0,
            StockMovement.value.is_not(None),
            Posting.kind.in_(BROUGHT),
        )
        .subquery()
    )
    found = db.session.execute(
        select(rows.c.item_id, rows.c.quantity, rows.c.value).where(rows.c.newest == 1)
    )
    return {item: (2 * value * ONE + quantity) // (2 * quantity) for item, quantity, value in found}


def last_price(item: Item) -> int | None:
    """Đồng for one measure in the newest receipt that had a value, or None."""
    return last_prices([item.id]).get(item.id)


def usual_prices(item_ids: Sequence[int]) -> dict[int, int]:
    """By item id: the last price, else the list price; items without either are missing. Two statements."""
    listed = select(Item.id, Item.price).where(Item.id.in_(item_ids), Item.price.is_not(None))
    prices = {item: price for item, price in db.session.execute(listed) if price is not None}
    return prices | last_prices(item_ids)
