"""Documents of the store: goods come in, go out, move between stores, come back. Each one is a posting.

A document that only moves goods within a unit has no transfer; the value of what it moves stands in its movements.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from sqlalchemy import func, select

from portal.campaigns.models import Campaign
from portal.goods.booking import KINDS, Head, Moved, account, book, leaving
from portal.goods.catalogue import lot_for
from portal.goods.models import Item, StockDocument, StockMovement, Store
from portal.goods.rules import ISSUE, RECEIPT, RETURN, TRANSFER, SlipRow, format_quantity
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.numbers import take_posting_lock
from portal.ledger.models import Account, Posting, Transfer
from portal.ledger.queries import reversal_of
from portal.people.models import User

Follower = Callable[[Posting], None]
_followers: list[Follower] = []


def after_return(follower: Follower) -> Follower:
    """Mark a function of another room that follows goods coming back: it gets the issue of which they came."""
    _followers.append(follower)
    return follower


def receive(
    *,
    store: Store,
    source: str,
    rows: Sequence[SlipRow],
    day: date,
    by: User | None,
    partner: str | None = None,
    partner_address: str | None = None,
    remark: str | None = None,
) -> Posting:
    """Goods that are not a gift come in: `source` "opening" (stock of the old books) or "other".

    Takes the next number "NK". Rows without a value are counted in the store, not in the ledger. Raises Refused.
    """
    _check_rows(rows)
    _check_offered(rows)
    kind = "opening" if source == "opening" else KINDS[RECEIPT]
    moved = [
        Moved(
            store.id,
            row.item_id,
            row.lot_id or lot_for(row.item_id, row.lot_code, row.expires_on),
            row.quantity,
            row.value,
        )
        for row in rows
    ]
    head = Head(day, by, partner=partner, partner_address=partner_address, remark=remark)
    return book(RECEIPT, store, moved, head, facing=account(store, source), kind=kind)


def issue(
    *,
    store: Store,
    rows: Sequence[SlipRow],
    day: date,
    by: User | None,
    campaign: Campaign | None = None,
    partner: str | None = None,
    partner_address: str | None = None,
    remark: str | None = None,
) -> Posting:
    """Goods leave for people in need, at average value; takes the next number "XK". Raises Refused.

    `partner` took them, `remark` says for what. Rows without a lot take what expires first.
    """
    _check_rows(rows)
    moved = leaving(store, rows, day)
    head = Head(day, by, partner=partner, partner_address=partner_address, remark=remark)
    return book(ISSUE, store, moved, head, facing=account(store, "spent", campaign))


def transfer(
    *,
    store: Store,
    to_store: Store,
    rows: Sequence[SlipRow],
    day: date,
    by: User | None,
    partner: str | None = None,
    remark: str | None = None,
) -> Posting:
    """Goods move between two stores of one unit and fund; takes the next number "CK". Raises Refused."""
    _check_rows(rows)
    if store.id == to_store.id:
        raise Refused("Hai kho trùng nhau. Chọn kho nhận khác kho xuất.", "to_store_id")
    if (store.unit_id, store.fund_id) != (to_store.unit_id, to_store.fund_id):
        raise Refused("Hai kho không cùng đơn vị và quỹ. Chọn kho nhận của cùng đơn vị.", "to_store_id")
    out = leaving(store, rows, day)
    into = [
        row._replace(store_id=to_store.id, quantity=-row.quantity, value=-row.value if row.value else None)
        for row in out
    ]
    head = Head(day, by, partner=partner, remark=remark)
    return book(TRANSFER, store, [*out, *into], head, to_store=to_store)


def take_back(
    of: Posting,
    *,
    rows: Sequence[SlipRow],
    day: date,
    by: User | None,
    partner: str | None = None,
    remark: str | None = None,
) -> Posting:
    """Goods of an issue come back to its store at the value at which they left; takes the next number "NK".

    Raises Refused when more comes back than went, and when the issue has been reversed.
    """
    take_posting_lock()
    _check_rows(rows)
    document = db.session.get(StockDocument, of.number)
    if document is None or document.what != ISSUE or reversal_of(of.number) is not None:
        raise Refused("Phiếu này không có hàng xuất để nhập lại. Chọn một phiếu xuất còn hiệu lực.")
    if day < of.document_on:
        raise Refused(f"Ngày nhập lại trước ngày xuất {of.document_on:%d/%m/%Y}. Sửa lại ngày.", "day")
    open_rows = still_out(of.number)
    moved = [_back(document.store_id, row, open_rows) for row in rows]
    head = Head(day, by, partner=partner or document.partner, remark=remark)
    spent = db.session.scalar(select(Transfer.debit_id).where(Transfer.posting_number == of.number).limit(1))
    facing = db.session.get_one(Account, spent) if spent else account(document.store, "spent")
    posting = book(RETURN, document.store, moved, head, facing=facing, of_number=of.number)
    for follower in _followers:
        follower(of)
    return posting


def still_out(number: int) -> dict[tuple[int, int | None], tuple[int, int]]:
    """By (item, lot) of an issue: (thousandths, đồng) that left and have not come back."""
    reversed_ = select(Posting.reverses).where(Posting.reverses.is_not(None))
    returns = select(StockDocument.posting_number).where(
        StockDocument.of_number == number, StockDocument.posting_number.not_in(reversed_)
    )
    rows = (
        select(
            StockMovement.item_id,
            StockMovement.lot_id,
            func.sum(StockMovement.quantity),
            func.sum(func.coalesce(StockMovement.value, 0)),
        )
        .where((StockMovement.posting_number == number) | StockMovement.posting_number.in_(returns))
        .group_by(StockMovement.item_id, StockMovement.lot_id)
    )
    return {
        (item, lot): (-int(quantity), -int(value)) for item, lot, quantity, value in db.session.execute(rows)
    }


def _back(store_id: int, row: SlipRow, open_rows: dict[tuple[int, int | None], tuple[int, int]]) -> Moved:
    quantity, value = open_rows.get((row.item_id, row.lot_id), (0, 0))
    if row.quantity > quantity:
        item = db.session.get_one(Item, row.item_id)
        raise Refused(
            f"{item.name}: phiếu xuất chỉ còn {format_quantity(quantity)} {item.measure} chưa nhập lại. Sửa số lượng.",
            "quantity",
        )
    worth = value if row.quantity == quantity else value * row.quantity // quantity
    open_rows[row.item_id, row.lot_id] = (quantity - row.quantity, value - worth)
    return Moved(store_id, row.item_id, row.lot_id, row.quantity, worth or None)


def _check_rows(rows: Sequence[SlipRow]) -> None:
    if not rows:
        raise Refused("Phiếu chưa có dòng hàng nào. Ghi ít nhất một mặt hàng và số lượng.", "rows")


def _check_offered(rows: Sequence[SlipRow]) -> None:
    """What comes in is still in use, and names its lot where the item keeps lots. Raises Refused."""
    items = {
        item.id: item
        for item in db.session.scalars(select(Item).where(Item.id.in_({row.item_id for row in rows})))
    }
    for row in rows:
        item = items[row.item_id]
        if item.withdrawn:
            raise Refused(
                f"“{item.name}” đã ngừng dùng. Chọn mặt hàng khác, hoặc mở lại trong danh mục.", "rows"
            )
        if item.keeps_lots and not (row.lot_id or row.lot_code or row.expires_on):
            raise Refused(f"“{item.name}” theo dõi theo lô. Ghi số lô hoặc hạn dùng.", "rows")
