"""How a store document becomes a posting: what leaves at which value, the transfers, the movements, the head.

A document that only moves goods within a unit has no transfer; the value of what it moves stands in its movements.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from portal.campaigns.models import Campaign
from portal.goods.models import Lot, StockDocument, Store
from portal.goods.movements import write_movements
from portal.goods.rules import (
    COUNT,
    ISSUE,
    PACK,
    RECEIPT,
    RETURN,
    TRANSFER,
    UNPACK,
    Movement,
    SlipRow,
    Standing,
    first_expired_first,
    free_quantity,
    value_taken,
)
from portal.goods.standing import Place, standing_of, standings
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.numbers import take_posting_lock
from portal.ledger import actions as ledger
from portal.ledger.models import Account, Fund, Posting
from portal.ledger.queries import closed_through
from portal.ledger.rules import GOODS, Line, booking_day
from portal.people.models import User
from portal.units.models import Unit

KINDS = {
    RECEIPT: "receipt",
    ISSUE: "issue",
    RETURN: "issue",
    COUNT: "count",
    TRANSFER: "internal",
    PACK: "internal",
    UNPACK: "internal",
}
SERIES = {RECEIPT: "NK", RETURN: "NK", ISSUE: "XK", TRANSFER: "CK"}


class Moved(NamedTuple):
    """Goods that a document moves: thousandths and đồng, both signed."""

    store_id: int
    item_id: int
    lot_id: int | None
    quantity: int
    value: int | None


@dataclass(frozen=True)
class Head:
    """What a store document says beside its rows. `day` is that of the paper."""

    day: date
    by: User | None
    second: User | None = None
    partner: str | None = None
    partner_address: str | None = None
    remark: str | None = None


def account(store: Store, kind: str, campaign: Campaign | None = None) -> Account:
    """The ledger account of goods of this kind in the store's unit and fund ("store" is the place itself)."""
    fields = {"unit_id": store.unit_id, "fund_id": store.fund_id, "kind": kind}
    if kind == "store":
        return ledger.account_for(**fields)
    return ledger.account_for(**fields, campaign_id=campaign.id if campaign else None, purpose=GOODS)


def booked_day(store: Store, day: date) -> date:
    """The day in which the books will count a document of the store; under the posting lock. Raises Refused."""
    take_posting_lock()
    closed = closed_through(store.unit_id, store.fund_id)
    return booking_day(day, closed_through=closed, today=today_in_vietnam())


def leaving(store: Store, rows: Iterable[SlipRow], day: date) -> list[Moved]:
    """What leaves the store for these rows, place by place, with its value; nothing is written yet."""
    wanted: dict[tuple[int, int | None], int] = {}
    for row in rows:
        key = (row.item_id, row.lot_id)
        wanted[key] = wanted.get(key, 0) + row.quantity
    booked_on = booked_day(store, day)
    found = standings({(store.id, item_id) for item_id, _ in wanted}, booked_on)
    expiry = _expiry(lot_id for _, _, lot_id in found)
    taken: dict[Place, int] = {}
    for (item_id, lot_id), quantity in sorted(wanted.items(), key=lambda pair: pair[0][1] is None):
        chosen = (
            [(lot_id, quantity)] if lot_id else _chosen(store.id, item_id, quantity, found, expiry, taken)
        )
        for lot, part in chosen:
            place = (store.id, item_id, lot)
            taken[place] = taken.get(place, 0) + part
    return [
        Moved(*place, -part, _worth(part, standing_of(found, place, booked_on)))
        for place, part in taken.items()
    ]


def _worth(part: int, line: Sequence[Standing]) -> int | None:
    if part > free_quantity(line):
        return None  # the writing refuses it, and says what is there
    value = value_taken(part, line)
    return -value if value else None


def _chosen(
    store_id: int,
    item_id: int,
    quantity: int,
    found: dict[Place, list[Standing]],
    expiry: dict[int, date | None],
    taken: dict[Place, int],
) -> list[tuple[int | None, int]]:
    """From which lots an open row takes: what expires first."""
    lots = [
        (place[2], expiry.get(place[2]) if place[2] else None, free_quantity(line) - taken.get(place, 0))
        for place, line in found.items()
        if place[:2] == (store_id, item_id)
    ]
    return first_expired_first(lots, quantity)


def _expiry(lot_ids: Iterable[int | None]) -> dict[int, date | None]:
    ids = {lot_id for lot_id in lot_ids if lot_id}
    if not ids:
        return {}
    return {lot.id: lot.expires_on for lot in db.session.scalars(select(Lot).where(Lot.id.in_(ids)))}


def book(
    what: str,
    store: Store,
    moved: Sequence[Moved],
    head: Head,
    *,
    facing: Account | None = None,
    kind: str | None = None,
    to_store: Store | None = None,
    of_number: int | None = None,
) -> Posting:
    """Post one document: what has a value first, each with its transfer against `facing`, then what has none."""
    ordered = sorted(moved, key=lambda row: row.value is None)
    place = account(store, "store")
    lines = []
    if facing is not None:
        for row in ordered:
            if row.value is not None:
                credit, debit = (facing, place) if row.quantity > 0 else (place, facing)
                lines.append(Line(credit, debit, abs(row.value)))
    posting = ledger.post(
        kind or KINDS[what],
        unit=db.session.get_one(Unit, store.unit_id),
        fund=db.session.get_one(Fund, store.fund_id),
        lines=lines,
        moves_stock=True,
        document_on=head.day,
        by=head.by,
        second=head.second,
        series=SERIES.get(what),
    )
    write_movements(posting, [Movement(ordinal, *row) for ordinal, row in enumerate(ordered, start=1)])
    db.session.add(
        StockDocument(
            posting_number=posting.number,
            what=what,
            store_id=store.id,
            to_store_id=to_store.id if to_store else None,
            of_number=of_number,
            partner=head.partner,
            partner_address=head.partner_address,
            remark=head.remark,
        )
    )
    db.session.flush()
    return posting
