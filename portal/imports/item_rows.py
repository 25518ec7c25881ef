"""Goods of a table: items of the catalogue, and what already lies in the stores when the books begin."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from portal.goods.actions import change_item, receive, record_item
from portal.goods.models import Item, Lot, StockDocument, StockMovement, Store
from portal.goods.rules import SlipRow, value_of
from portal.imports.context import Context
from portal.imports.gifts import parts
from portal.imports.kind import Counts, Located
from portal.imports.outcome import Problems
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.tables import ABSENT
from portal.kit.vietnamese import fold
from portal.ledger.models import Posting
from portal.ledger.queries import is_reversed

CHUNK = 500
OPENING = "opening"
REMARK = "Tồn đầu kỳ theo bảng đã nạp"


@dataclass(frozen=True)
class Stock:
    """What lies in a store: thousandths, đồng for one measure, its lot."""

    store_id: int
    quantity: int
    price: int | None
    lot_code: str | None
    expires_on: date | None


@dataclass(frozen=True)
class ItemRow:
    """One item as a table brings it; ABSENT leaves a field of a known item alone."""

    code: str | None
    name: str
    measure: str | None
    fields: tuple[tuple[str, Any], ...]  # keeps_lots, price, note
    pack: tuple[str, int] | None
    stock: Stock | None
    unit_id: int | None = None  # of the store

    @property
    def key(self) -> tuple[str, ...]:
        """What makes an item: its code, without one its name and measure."""
        return ("code", self.code.lower()) if self.code else ("name", fold(self.name), self.measure or "")


@dataclass
class _Tally:
    new: set[int] = field(default_factory=set)  # numbers of rows
    changed: set[int] = field(default_factory=set)
    same: set[int] = field(default_factory=set)

    def note(self, number: int, state: str) -> None:
        """A row brings an item and stock: it is new if either is, else changed if either is."""
        if state == "new":
            self.new.add(number)
        elif state == "changed":
            self.changed.add(number)
        else:
            self.same.add(number)

    def counts(self) -> Counts:
        """In rows."""
        changed = self.changed - self.new
        return Counts(len(self.new), len(changed), len(self.same - self.new - changed))


def known_items(rows: Iterable[ItemRow]) -> dict[tuple[str, ...], Item]:
    """The items of the catalogue that rows mean, also withdrawn ones of the same code."""
    rows = list(rows)
    found: dict[tuple[str, ...], Item] = {}
    for some in parts(sorted({fold(row.name)[:200] for row in rows if not row.code}), CHUNK):
        items = select(Item).where(Item.folded.in_(some), ~Item.withdrawn).options(selectinload(Item.packs))
        for item in db.session.scalars(items.order_by(Item.id.desc())):
            found["name", item.folded, item.measure] = item
            found.setdefault(("name", item.folded, ""), item)
    for some in parts(sorted({row.code.lower() for row in rows if row.code}), CHUNK):
        items = select(Item).where(func.lower(Item.code).in_(some)).options(selectinload(Item.packs))
        for item in db.session.scalars(items):
            found["code", item.code.lower()] = item
    return found


def known_numbers(located: Sequence[Located], _context: Context) -> set[int]:
    """Numbers of the rows whose item is in the catalogue; a row that brings stock is an addition."""
    known = known_items(item.row for item in located)
    return {
        item.number
        for item in located
        if item.row.stock is None and (found := known.get(item.row.key)) and not found.withdrawn
    }


def write_rows(
    located: Sequence[Located], context: Context, problems: Problems, columns: Mapping[str, str]
) -> Counts:
    """Bring the catalogue up to date, then post opening stock: one document per store."""
    known, tally = known_items(item.row for item in located), _Tally()
    first: dict[tuple[str, ...], Located] = {}
    items: dict[int, Item] = {}
    for place in located:
        earlier = first.setdefault(place.row.key, place)
        try:
            if earlier is place or not _agrees(place.row, earlier.row):
                _refuse_other_facts(place, earlier)
                state = _bring(place.row, known)
                if state == "changed" and earlier.number in tally.new:
                    state = "new"  # a further pack of an item that this table has just brought
            else:
                state = "same"
            items[place.number] = known[place.row.key]
        except Refused as refused:
            problems.add(place.number, columns.get(refused.field or "", "Tên hàng"), refused.text)
            continue
        tally.note(place.number, state)
    if not problems.total:
        _post_stock(located, items, context, problems, tally)
    return tally.counts()


def _agrees(row: ItemRow, other: ItemRow) -> bool:
    return (row.name, row.measure, row.fields, row.pack) == (
        other.name,
        other.measure,
        other.fields,
        other.pack,
    )


def _refuse_other_facts(place: Located, earlier: Located) -> None:
    """One item may stand in several rows, for its stores, lots and packs; the rest must agree. Raises Refused."""
    row, other = place.row, earlier.row
    if place is not earlier and (row.name, row.measure, row.fields) != (
        other.name,
        other.measure,
        other.fields,
    ):
        raise Refused(
            f"Mặt hàng này ở dòng {earlier.number} có nội dung khác. Ghi giống nhau ở mọi dòng.", "name"
        )


def _bring(row: ItemRow, known: dict[tuple[str, ...], Item]) -> str:
    """Bring one item up to its row: "new", "changed" or "same". Raises Refused."""
    item = known.get(row.key)
    given = {name: value for name, value in row.fields if value is not ABSENT}
    if item is None:
        if not row.measure:
            raise Refused("Chưa có đơn vị tính của mặt hàng mới. Ghi kg, thùng, cái …", "measure")
        packs = dict([row.pack]) if row.pack else {}
        known[row.key] = record_item(name=row.name, measure=row.measure, code=row.code, packs=packs, **given)
        return "new"
    packs = {pack.name: pack.holds for pack in item.packs}
    wanted = packs | (dict([row.pack]) if row.pack else {})
    new = {
        "name": row.name,
        "measure": row.measure or item.measure,
        "keeps_lots": item.keeps_lots,
        "price": item.price,
        "note": item.note,
        **given,
    }
    same = all(getattr(item, name) == value for name, value in new.items()) and wanted == packs
    if same and not item.withdrawn:
        return "same"
    state = "new" if item.withdrawn else "changed"  # an undone import had brought it
    change_item(item, withdrawn=False, packs=wanted if wanted != packs else None, **new)
    return state


def _post_stock(
    located: Sequence[Located], items: Mapping[int, Item], context: Context, problems: Problems, tally: _Tally
) -> None:
    by_store: dict[int, list[Located]] = defaultdict(list)
    for place in located:
        if place.row.stock is not None:
            by_store[place.row.stock.store_id].append(place)
    for store_id, places in by_store.items():
        store = db.session.get_one(Store, store_id)
        opened = _opening_stock(store_id)
        fresh: list[Located] = []
        for place in places:
            state = _state(place, items[place.number], opened, problems)
            tally.note(place.number, "new" if state else "same")
            if state:
                fresh.append(place)
        if fresh and not problems.total:
            rows = [_slip(place.row.stock, items[place.number]) for place in fresh]
            receive(
                store=store, source=OPENING, rows=rows, day=today_in_vietnam(), by=context.by, remark=REMARK
            )


def _opening_stock(store_id: int) -> dict[tuple[int, str, date | None], tuple[int, int | None]]:
    """What was already taken in as opening stock, by item and lot: thousandths and đồng."""
    rows = (
        select(
            StockMovement.item_id,
            Lot.code,
            Lot.expires_on,
            func.sum(StockMovement.quantity),
            func.sum(StockMovement.value),
        )
        .join(Posting, Posting.number == StockMovement.posting_number)
        .join(StockDocument, StockDocument.posting_number == Posting.number)
        .outerjoin(Lot, Lot.id == StockMovement.lot_id)
        .where(StockMovement.store_id == store_id, Posting.kind == OPENING, ~is_reversed(Posting.number))
        .group_by(StockMovement.item_id, Lot.code, Lot.expires_on)
    )
    return {
        (item_id, code or "", expires_on): (int(quantity), int(value) if value is not None else None)
        for item_id, code, expires_on, quantity, value in db.session.execute(rows)
    }


def _state(place: Located, item: Item, opened: dict[Any, Any], problems: Problems) -> bool:
    """Whether the stock of a row is to be posted; another opening stock than the one in the books is a fault."""
    stock = place.row.stock
    key = (item.id, stock.lot_code or "", stock.expires_on)
    wanted = (stock.quantity, value_of(stock.quantity, stock.price))
    if key not in opened:
        opened[key] = wanted
        return True
    if opened[key] != wanted:
        text = (
            f"Tồn đầu của “{item.name}” trong kho này đã ghi sổ với số khác. "
            "Ghi đúng số cũ, hoặc điều chỉnh bằng phiếu kiểm kê, phiếu nhập."
        )
        problems.add(place.number, "Số lượng", text)
    return False


def _slip(stock: Stock, item: Item) -> SlipRow:
    return SlipRow(
        item_id=item.id,
        quantity=stock.quantity,
        value=value_of(stock.quantity, stock.price),
        lot_code=stock.lot_code,
        expires_on=stock.expires_on,
    )
