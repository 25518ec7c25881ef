"""Reading stores: catalogue, stock on any day, documents, lots, all within a person's units."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.goods.models import (
    Item,
    Lot,
    StockBalance,
    StockCount,
    StockDocument,
    StockMovement,
    Store,
)
from portal.goods.standing import standings
from portal.goods.values import last_price, last_prices, usual_prices
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.filters import words_in
from portal.kit.numbers import Entry
from portal.kit.vietnamese import fold
from portal.ledger.models import Account, DayTotal, Posting
from portal.people.models import User
from portal.people.queries import readable_units, units_for
from portal.units.models import Unit

__all__ = ["last_price", "last_prices", "standings", "usual_prices"]

EXPIRES_SOON = timedelta(days=30)
SUGGESTIONS = 12


def items() -> Select[tuple[Item]]:
    """The catalogue; it is shared by all units."""
    return select(Item)


def named(text: str) -> ColumnElement[bool]:
    """Condition: the words stand in the item's name (accents or not), or its code begins so."""
    code = func.lower(Item.code).startswith(text.strip().lower(), autoescape=True)
    return or_(words_in(Item.folded, text), code)


def items_for_picker(text: str, limit: int = SUGGESTIONS) -> list[Item]:
    """Items in use whose name or code fits, by name; nothing for a blank text. One statement."""
    if not text.strip():
        return []
    rows = select(Item).where(named(text), ~Item.withdrawn).order_by(Item.folded, Item.id).limit(limit)
    return list(db.session.scalars(rows))


def items_by_text(texts: Sequence[str]) -> dict[str, Item]:
    """What a person meant by each text: a code, a name, or "CODE · name"; packs are loaded. Two statements.

    Texts that mean nothing, or several items, are missing.
    """
    keys = {text: text.split("·")[0].strip() for text in texts if text.strip()}
    if not keys:
        return {}
    codes = {key.lower() for key in keys.values()}
    names = {fold(text) for text in keys}
    rows = select(Item).where(or_(func.lower(Item.code).in_(codes), Item.folded.in_(names)))
    found = list(db.session.scalars(rows.options(joinedload(Item.packs))).unique())
    by_code = {item.code.lower(): item for item in found}
    by_name: dict[str, list[Item]] = {}
    for item in found:
        if not item.withdrawn:
            by_name.setdefault(item.folded, []).append(item)
    meant = {}
    for text, key in keys.items():
        twins = by_name.get(fold(text), [])
        one = by_code.get(key.lower()) or (twins[0] if len(twins) == 1 else None)
        if one is not None:
            meant[text] = one
    return meant


def item_by(text: str, *, field: str | None = None) -> Item:
    """The item of a code or name. Raises Refused that names what comes near."""
    found = items_by_text([text]).get(text)
    if found is not None:
        return found
    near = items_for_picker(text, 3)
    names = ", ".join(f"{item.code} ({item.name}, {item.measure})" for item in near)
    hint = f"Gần giống: {names}. Gõ mã." if near else "Lập mặt hàng trong danh mục trước, hoặc sửa lại."
    raise Refused(f"Không có mặt hàng “{text[:60]}” trong danh mục. {hint}", field)


def item_or_404(item_id: int) -> Item:
    """An item with packs and parts."""
    wanted = select(Item).where(Item.id == item_id)
    return db.one_or_404(wanted)


def stores(user: User) -> Select[tuple[Store]]:
    """Stores of the units that a person may read."""
    return select(Store).where(Store.unit_id.in_(readable_units(user)))


def stores_for(user: User, *roles: str) -> list[Store]:
    """Open stores in which the person has one of `roles` (any role when none is given), by name.

    What officers have taken along to hand out is not among them.
    """
    mine = units_for(user, *roles) if roles else readable_units(user)
    rows = select(Store).where(Store.unit_id.in_(mine), Store.closed_on.is_(None), ~Store.in_hand)
    return list(db.session.scalars(rows.options(joinedload(Store.unit)).order_by(Store.name, Store.id)))


def store_or_404(store_id: int, *, for_user: User) -> Store:
    """A store, if the person may read its unit; otherwise 404."""
    wanted = stores(for_user).where(Store.id == store_id)
    return db.one_or_404(wanted.options(joinedload(Store.unit), joinedload(Store.keeper)))


def stock(day: date | None = None, *conditions: ColumnElement[bool]) -> Subquery:
    """(store_id, item_id, quantity, value) at the end of a day (None = now), as a subquery; nothing left = no row."""
    if day is None or day >= today_in_vietnam():
        place, source = StockBalance, select(StockBalance.store_id, StockBalance.item_id)
        value: Any = func.sum(StockBalance.value)
    else:
        place, source = StockMovement, select(StockMovement.store_id, StockMovement.item_id)  # type: ignore[assignment]
        source = source.where(StockMovement.booked_on <= day)
        value = func.sum(func.coalesce(StockMovement.value, 0))
    quantity = func.sum(place.quantity)
    rows = source.add_columns(quantity.label("quantity"), value.label("value")).where(*conditions)
    return rows.group_by(place.store_id, place.item_id).having(quantity > 0).subquery()


def stock_at(user: User, day: date | None = None, lies: Subquery | None = None) -> Select[Any]:
    """(Store, Item, quantity, value) of all that lies in a person's stores at the end of a day.

    `lies` is `stock(day)`, for a caller that sorts or sums by its columns.
    """
    if lies is None:
        lies = stock(day)
    rows: Any = select(
        Store, Item, lies.c.quantity.label("quantity"), func.coalesce(lies.c.value, 0).label("value")
    )
    rows = rows.join(lies, lies.c.store_id == Store.id).join(Item, Item.id == lies.c.item_id)
    return rows.where(Store.unit_id.in_(readable_units(user)))


def stock_of_item(user: User, item_id: int) -> list[Any]:
    """(store, quantity, value) of one item now, by store."""
    rows = stock_at(user).where(Item.id == item_id).order_by(Store.name, Store.id)
    return [(row.Store, int(row.quantity), int(row.value)) for row in db.session.execute(rows)]


def words_of_goods(user: User) -> int:
    """Goods at value that were given in words only, without the catalogue, đồng: in the books, in no store."""
    mine = readable_units(user)
    value = func.coalesce(func.sum(DayTotal.debit - DayTotal.credit), 0)
    books = select(value).join(Account, Account.id == DayTotal.account_id)
    books = books.where(Account.kind == "store", Account.unit_id.in_(mine))
    counted = select(func.coalesce(func.sum(StockBalance.value), 0)).join(Store)
    return int(db.session.scalar(books) or 0) - int(
        db.session.scalar(counted.where(Store.unit_id.in_(mine))) or 0
    )


def lots_here(store_id: int, item_ids: Sequence[int]) -> list[Any]:
    """(item_id, lot or None, quantity) that lie in a store now, what expires first on top."""
    rows = (
        select(StockBalance.item_id, Lot, StockBalance.quantity)
        .outerjoin(Lot, Lot.id == StockBalance.lot_key)
        .where(
            StockBalance.store_id == store_id, StockBalance.quantity > 0, StockBalance.item_id.in_(item_ids)
        )
        .order_by(StockBalance.item_id, Lot.expires_on.nulls_last(), StockBalance.lot_key)
    )
    return list(db.session.execute(rows))


def expiring(user: User, until: date | None = None) -> Any:
    """(lot, item, store, quantity) that lie in a person's stores and are good until `until` at the latest."""
    until = until or today_in_vietnam() + EXPIRES_SOON
    rows = select(Lot, Item, Store, StockBalance.quantity.label("quantity"))
    rows = rows.join(StockBalance, StockBalance.lot_key == Lot.id).join(Item, Item.id == StockBalance.item_id)
    rows = rows.join(Store, Store.id == StockBalance.store_id)
    mine = Store.unit_id.in_(readable_units(user))
    return rows.where(mine, StockBalance.quantity > 0, Lot.expires_on <= until)


def documents_for(user: User) -> Any:
    """(posting, store document or None) of every document that moved goods in a person's stores."""
    moved = select(StockMovement.posting_number).where(StockMovement.posting_number == Posting.number)
    rows = select(Posting, StockDocument).outerjoin(
        StockDocument, StockDocument.posting_number == Posting.number
    )
    rows = rows.join(Entry, Entry.number == Posting.number).join(Unit, Unit.id == Posting.unit_id)
    rows = rows.options(contains_eager(Posting.entry), contains_eager(Posting.unit))
    return rows.where(moved.exists(), Posting.unit_id.in_(readable_units(user)))


def document_or_404(number: int, *, for_user: User) -> Any:
    """(posting, store document or None), if the person may read its unit; otherwise 404."""
    rows = documents_for(for_user).where(Posting.number == number)
    row = db.session.execute(rows).first()
    if row is None:
        db.one_or_404(select(Posting).where(Posting.number.is_(None)))
    return row


def movements_of(number: int) -> list[StockMovement]:
    """The movements of one document, in order."""
    rows = select(StockMovement).where(StockMovement.posting_number == number)
    loaded = joinedload(StockMovement.item), joinedload(StockMovement.lot), joinedload(StockMovement.store)
    return list(db.session.scalars(rows.options(*loaded).order_by(StockMovement.ordinal)))


def movements_for(user: User) -> Any:
    """(movement, posting, item, store, document) of a person's stores."""
    rows = select(StockMovement, Posting, Item, Store, StockDocument)
    rows = rows.join(Posting, Posting.number == StockMovement.posting_number)
    rows = rows.join(Entry, Entry.number == Posting.number)
    rows = rows.join(Item, Item.id == StockMovement.item_id).join(Store, Store.id == StockMovement.store_id)
    rows = rows.outerjoin(StockDocument, StockDocument.posting_number == Posting.number)
    return rows.where(Store.unit_id.in_(readable_units(user))).options(contains_eager(Posting.entry))


def counts_for(user: User) -> Select[tuple[StockCount]]:
    """Counts of the stores that a person may see."""
    rows = select(StockCount).join(StockCount.store)
    return rows.where(Store.unit_id.in_(readable_units(user)))


def count_or_404(count_id: int, *, for_user: User) -> StockCount:
    """One count, if the person may see its store; otherwise 404."""
    return db.one_or_404(counts_for(for_user).where(StockCount.id == count_id))


def units_of_stores(user: User, *roles: str) -> list[Unit]:
    """Units in which the person may make a store, by name."""
    rows = select(Unit).where(Unit.id.in_(units_for(user, *roles)), Unit.valid_to.is_(None))
    return list(db.session.scalars(rows.order_by(Unit.id)))
