"""What lay in a store, day by day: the one reading on which every outgoing document rests.

A place is (store, item, lot or None). All places of a document are read in one statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import and_, case, func, literal, or_, select

from portal.goods.models import StockMovement
from portal.goods.rules import Standing
from portal.kit.db import db

Place = tuple[int, int, int | None]


def standings(wanted: Iterable[tuple[int, int]], day: date) -> dict[Place, list[Standing]]:
    """By place of the given (store, item) pairs: what lies there at the end of `day` and of each later day that moved.

    A place that never held anything is missing.
    """
    pairs = set(wanted)
    if not pairs:
        return {}
    of_pairs = or_(
        *(and_(StockMovement.store_id == store, StockMovement.item_id == item) for store, item in pairs)
    )
    until = case((StockMovement.booked_on <= day, literal(day, db.Date)), else_=StockMovement.booked_on)
    lot = func.coalesce(StockMovement.lot_id, 0)
    rows = (
        select(
            StockMovement.store_id,
            StockMovement.item_id,
            lot,
            until,
            func.sum(StockMovement.quantity),
            func.sum(func.coalesce(StockMovement.value, 0)),
        )
        .where(of_pairs)
        .group_by(StockMovement.store_id, StockMovement.item_id, lot, until)
        .order_by(until)
    )
    found: dict[Place, list[Standing]] = {}
    for store_id, item_id, lot_key, when, quantity, value in db.session.execute(rows):
        line = found.setdefault((store_id, item_id, lot_key or None), [Standing(day, 0, 0)])
        last = line[-1]
        summed = Standing(when, last.quantity + int(quantity), last.value + int(value))
        if when == day:
            line[-1] = summed
        else:
            line.append(summed)
    return found


def standing_of(found: dict[Place, list[Standing]], place: Place, day: date) -> Sequence[Standing]:
    """The standings of a place, nothing at all when it never held anything."""
    return found.get(place) or [Standing(day, 0, 0)]
