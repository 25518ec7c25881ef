"""Writing stock movements: set-based, never below zero, neither now nor on any earlier day.

The database refuses by itself what falls below zero (CHECK on `stock_balance`); here the same is said in a
sentence that names what is there. Call under the posting lock, which `ledger.actions.open_posting` takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple, Protocol

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from portal.goods.models import Item, Lot, StockMovement, Store
from portal.goods.rules import Movement, Standing, format_quantity, lot_name
from portal.goods.standing import Place, standing_of, standings
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.vietnamese import capital_first


class Document(Protocol):
    """What a movement needs of its document (a ledger Posting, or values that look like one)."""

    number: int
    unit_id: int
    fund_id: int
    booked_on: date


class _Row(NamedTuple):
    document: Document
    movement: Movement


def write_movements(posting: Document, rows: Sequence[Movement], *, advice: str | None = None) -> None:
    """Insert the movements of one document. Raises Refused (field quantity, store_id, day)."""
    write_all([(posting, row) for row in rows], advice=advice)


def write_all(rows: Sequence[tuple[Document, Movement]], *, advice: str | None = None) -> None:
    """Insert the movements of many documents: the number of statements does not grow with the rows.

    `advice` replaces the usual "sửa số lượng" of a refusal. Raises Refused when a store is closed or of another
    unit or fund, or when goods would fall below zero now or on any day since the document's.
    """
    if not rows:
        return
    wanted = [_Row(*row) for row in rows]
    _check_stores(wanted)
    leaving = [row for row in wanted if row.movement.quantity < 0]
    if leaving:
        _check_history(wanted, leaving, advice)
    try:
        with db.session.begin_nested():
            db.session.execute(insert(StockMovement), [_values(row) for row in wanted])
    except IntegrityError as error:
        if not leaving or "below_zero" not in str(error.orig):
            raise
        place = _named(leaving[0].movement)
        raise Refused(
            f"{capital_first(place.where)} không đủ {place.what}. Xem tồn kho rồi sửa số lượng.", "quantity"
        ) from error


def _values(row: _Row) -> dict[str, object]:
    document, movement = row
    return {"posting_number": document.number, "booked_on": document.booked_on, **movement._asdict()}


def _check_stores(rows: Sequence[_Row]) -> None:
    """Every store belongs to the unit and fund of its document, and was open. Raises Refused, ValueError."""
    ids = {row.movement.store_id for row in rows}
    stores = {store.id: store for store in db.session.scalars(select(Store).where(Store.id.in_(ids)))}
    for document, movement in rows:
        store = stores[movement.store_id]
        if (store.unit_id, store.fund_id) != (document.unit_id, document.fund_id):
            raise Refused(
                f"Kho “{store.name}” không thuộc đơn vị và quỹ của phiếu này. Chọn kho khác.", "store_id"
            )
        if movement.quantity > 0 and store.closed_on is not None and document.booked_on > store.closed_on:
            raise Refused(
                f"Kho “{store.name}” đã đóng ngày {store.closed_on:%d/%m/%Y}. Chọn kho khác, hoặc mở lại kho.",
                "store_id",
            )


def _check_history(rows: Sequence[_Row], leaving: Sequence[_Row], advice: str | None) -> None:
    """Nothing falls below zero on any day, and no value stays where no goods are left. Raises Refused."""
    first = min(row.document.booked_on for row in leaving)
    found = standings({(row.movement.store_id, row.movement.item_id) for row in leaving}, first)
    for place, moved in _by_place(rows, leaving).items():
        before = standing_of(found, place, first)
        for standing in _with_moves(before, moved):
            if standing.quantity < 0:
                raise _short(_of(leaving, place), before, moved, standing.day, advice)
            if standing.value < 0:
                raise _value_gone(_of(leaving, place))
        if standing.quantity == 0 and standing.value:
            raise _value_gone(_of(leaving, place))


def _of(rows: Sequence[_Row], place: Place) -> Movement:
    return next(row.movement for row in rows if _place(row.movement) == place)


def _place(movement: Movement) -> Place:
    return movement.store_id, movement.item_id, movement.lot_id


def _by_place(rows: Sequence[_Row], leaving: Sequence[_Row]) -> dict[Place, list[Standing]]:
    """What the documents move in the places that lose something, by day."""
    places: dict[Place, list[Standing]] = {_place(row.movement): [] for row in leaving}
    for document, movement in rows:
        if _place(movement) in places:
            places[_place(movement)].append(
                Standing(document.booked_on, movement.quantity, movement.value or 0)
            )
    return places


def _with_moves(before: Sequence[Standing], moved: Sequence[Standing]) -> list[Standing]:
    """The standings as they will be at the end of each day."""
    days = sorted({standing.day for standing in (*before, *moved)})
    result = []
    for day in days:
        base = [standing for standing in before if standing.day <= day][-1]
        added = [move for move in moved if move.day <= day]
        quantity = base.quantity + sum(move.quantity for move in added)
        result.append(Standing(day, quantity, base.value + sum(move.value for move in added)))
    return result


def _short(
    movement: Movement,
    before: Sequence[Standing],
    moved: Sequence[Standing],
    day: date,
    advice: str | None,
) -> Refused:
    """The refusal of goods that are not there: how much there is on the day, and from when it would be enough."""
    wanted = -sum(move.quantity for move in moved if move.day <= day)
    there = max(0, [standing for standing in before if standing.day <= day][-1].quantity)
    place, now = _named(movement), before[-1].quantity
    if there < wanted <= now:
        enough = next(
            standing.day
            for index, standing in enumerate(before)
            if min(later.quantity for later in before[index:]) >= wanted
        )
        advice = advice or f"Ghi phiếu từ ngày {enough:%d/%m/%Y} trở đi, hoặc sửa số lượng."
        where = f"Đến hết ngày {day:%d/%m/%Y} {place.where}"
        return Refused(
            f"{where} chỉ có {place.measured(there)}, không đủ {place.measured(wanted)}. {advice}", "quantity"
        )
    left = f"chỉ còn {place.measured(now)}" if now > 0 else f"không còn {place.what}"
    advice = advice or "Sửa số lượng, hoặc ghi phiếu nhập trước."
    return Refused(
        f"{capital_first(place.where)} {left}, không đủ {place.measured(wanted)}. {advice}", "quantity"
    )


def _value_gone(movement: Movement) -> Refused:
    place = _named(movement)
    return Refused(
        f"{capital_first(place.where)}: {place.what} của phiếu này đã xuất đi một phần, giá trị còn lại "
        "không khớp. Đảo các phiếu xuất sau đó trước, rồi đảo phiếu này.",
        "quantity",
    )


class _Named(NamedTuple):
    """A place in words."""

    where: str
    what: str
    measure: str

    def measured(self, quantity: int) -> str:
        """ "7 gói Mì ăn liền"."""
        return f"{format_quantity(quantity)} {self.measure} {self.what}"


def _named(movement: Movement) -> _Named:
    store = db.session.get_one(Store, movement.store_id)
    item = db.session.get_one(Item, movement.item_id)
    lot = db.session.get(Lot, movement.lot_id) if movement.lot_id else None
    what = f"{item.name} (lô {lot_name(lot.code, lot.expires_on)})" if lot else item.name
    return _Named(f"kho “{store.name}”", what, item.measure)
