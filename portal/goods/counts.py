"""Counting a store: what was found beside what the books say; a second person approves, then it is booked.

What is missing or too much faces the source "other" with purpose goods: goods never face money.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import func, select

from portal.goods.booking import Head, Moved, account, book, booked_day
from portal.goods.models import Item, Lot, StockCount, StockCountLine, StockMovement, Store
from portal.goods.rules import COUNT, format_quantity, free_quantity, value_of, value_taken
from portal.goods.standing import standing_of, standings
from portal.goods.values import usual_prices
from portal.kit.days import today_in_vietnam
from portal.kit.db import db, now
from portal.kit.errors import Refused
from portal.kit.numbers import take_posting_lock
from portal.ledger.models import Posting
from portal.people.models import User
from portal.people.rules import check_second_person


class Found(NamedTuple):
    """What was found of one item and lot, thousandths; `reason` says why it differs."""

    item_id: int
    lot_id: int | None
    found: int
    reason: str | None = None


def request_count(
    *,
    store: Store,
    counted_on: date,
    rows: Sequence[Found],
    by: User,
    members: str | None = None,
    remark: str | None = None,
) -> StockCount:
    """Keep a count beside the books of that day; nothing is booked until somebody else approves. Raises Refused."""
    take_posting_lock()
    if counted_on > today_in_vietnam():
        raise Refused(f"Ngày {counted_on:%d/%m/%Y} chưa tới. Ghi ngày đã đếm.", "counted_on")
    if not rows:
        raise Refused("Chưa ghi số đếm của mặt hàng nào. Ghi ít nhất một dòng.", "rows")
    waiting = select(StockCount.id).where(StockCount.store_id == store.id, StockCount.approved.is_(None))
    if db.session.scalar(waiting.limit(1)) is not None:
        raise Refused(
            f"Kho “{store.name}” đã có biên bản kiểm kê chờ duyệt. Chờ duyệt xong rồi lập biên bản mới."
        )
    places = [(row.item_id, row.lot_id) for row in rows]
    if len(set(places)) < len(places):
        raise Refused("Một mặt hàng được ghi hai lần. Cộng lại thành một dòng.", "rows")
    count = StockCount(
        store_id=store.id, counted_on=counted_on, members=members, remark=remark, requested_by_id=by.id
    )
    db.session.add(count)
    db.session.flush()
    books = in_books(store.id, places, counted_on)
    db.session.add_all(
        StockCountLine(
            count_id=count.id,
            item_id=row.item_id,
            lot_id=row.lot_id,
            in_books=books[row.item_id, row.lot_id],
            found=row.found,
            reason=row.reason,
        )
        for row in rows
    )
    db.session.flush()
    return count


def in_books(
    store_id: int, places: Sequence[tuple[int, int | None]], day: date
) -> dict[tuple[int, int | None], int]:
    """Thousandths that the books say lay there at the end of the day, by (item, lot)."""
    found = standings({(store_id, item_id) for item_id, _ in places}, day)
    return {
        (item_id, lot_id): standing_of(found, (store_id, item_id, lot_id), day)[0].quantity
        for item_id, lot_id in places
    }


def decide_count(count: StockCount, *, approve: bool, answer: str, by: User) -> Posting | None:
    """Approve (what differs is booked on the day of the count) or refuse with an answer. Raises Refused.

    Returns the document, None when nothing differs or the count was refused.
    """
    take_posting_lock()
    db.session.refresh(count, with_for_update=True)
    if count.approved is not None:
        raise Refused("Biên bản này đã được trả lời. Tải lại trang để xem kết quả.")
    check_second_person(count.requested_by_id, by.id)
    if not approve and not answer.strip():
        raise Refused("Chưa ghi lý do từ chối. Ghi để người lập biết cần đếm lại gì.", "answer")
    count.approved, count.answer = approve, answer.strip() or None
    count.decided_by_id, count.decided_at = by.id, now()
    posting = _adjust(count, by) if approve else None
    count.posting_number = posting.number if posting else None
    db.session.flush()
    return posting


def withdraw_count(count: StockCount, *, by: User) -> None:
    """The person who counted takes the paper back before anybody has answered. Raises Refused."""
    if count.approved is not None or count.requested_by_id != by.id:
        raise Refused("Chỉ người lập rút được biên bản còn chờ duyệt. Tải lại trang để xem kết quả.")
    count.approved, count.answer = False, "Người lập đã rút lại."
    count.decided_by_id, count.decided_at = by.id, now()
    db.session.flush()


def _adjust(count: StockCount, by: User) -> Posting | None:
    """Book what differs. Raises Refused when the books of that day have changed since the count was written."""
    lines = list(count.lines)
    books = in_books(count.store_id, [(line.item_id, line.lot_id) for line in lines], count.counted_on)
    for line in lines:
        if books[line.item_id, line.lot_id] != line.in_books:
            item = db.session.get_one(Item, line.item_id)
            raise Refused(
                f"Sổ kho ngày {count.counted_on:%d/%m/%Y} của {item.name} nay là "
                f"{format_quantity(books[line.item_id, line.lot_id])} {item.measure}, khác lúc lập biên bản. "
                "Không duyệt biên bản này; lập biên bản mới theo sổ hiện nay."
            )
    moved = _differences(count, [line for line in lines if line.found != line.in_books])
    if not moved:
        return None
    head = Head(count.counted_on, count.requested_by, second=by, remark=count.remark)
    return book(COUNT, count.store, moved, head, facing=account(count.store, "other"))


def _differences(count: StockCount, lines: Sequence[StockCountLine]) -> list[Moved]:
    """What is too much (at the average of its place, else at the usual price) and what is missing (at average)."""
    day = booked_day(count.store, count.counted_on)
    found = standings({(count.store_id, line.item_id) for line in lines}, day)
    prices = usual_prices([line.item_id for line in lines if line.found > line.in_books])
    moved = []
    for line in lines:
        place = (count.store_id, line.item_id, line.lot_id)
        change, there = line.found - line.in_books, standing_of(found, place, day)
        value: int | None = None
        if change < 0 and -change <= free_quantity(there):
            value = -(value_taken(-change, there) or 0) or None
        elif change > 0 and there[0].quantity > 0 and there[0].value > 0:
            value = there[0].value * change // there[0].quantity or None
        elif change > 0:
            value = value_of(change, prices.get(line.item_id))
        moved.append(Moved(*place, change, value))
    return moved


def stock_places(store_id: int, day: date) -> list[tuple[Item, Lot | None, int]]:
    """(item, lot or None, thousandths) that the books say lie in a store at the end of a day, by item."""
    quantity = func.sum(StockMovement.quantity)
    rows = (
        select(StockMovement.item_id, StockMovement.lot_id, quantity.label("quantity"))
        .where(StockMovement.store_id == store_id, StockMovement.booked_on <= day)
        .group_by(StockMovement.item_id, StockMovement.lot_id)
        .having(quantity > 0)
        .subquery()
    )
    found = (
        select(Item, Lot, rows.c.quantity)
        .join(rows, rows.c.item_id == Item.id)
        .outerjoin(Lot, Lot.id == rows.c.lot_id)
        .order_by(Item.folded, Item.id, Lot.expires_on.nulls_last(), Lot.id)
    )
    return [(item, lot, int(left)) for item, lot, left in db.session.execute(found)]
