"""Packing kits (suất quà) and opening them again: goods change their shape, their value stays in the store."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from portal.goods.booking import Head, Moved, book, leaving
from portal.goods.models import Item, KitPart, Store
from portal.goods.rules import ONE, PACK, UNPACK, SlipRow, split_value, value_of
from portal.goods.values import usual_prices
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.ledger.models import Posting
from portal.people.models import User


def pack_kits(
    *, store: Store, kit: Item, quantity: int, day: date, by: User | None, remark: str | None = None
) -> Posting:
    """Make `quantity` (thousandths, whole kits) kits of their parts, at the sum of the parts' values. Raises Refused."""
    parts = _parts(kit, quantity)
    out = leaving(store, [SlipRow(part.part_id, part.quantity * quantity // ONE) for part in parts], day)
    value = -sum(row.value or 0 for row in out)
    made = Moved(store.id, kit.id, None, quantity, value or None)
    return book(PACK, store, [*out, made], Head(day, by, remark=remark))


def unpack_kits(
    *, store: Store, kit: Item, quantity: int, day: date, by: User | None, remark: str | None = None
) -> Posting:
    """Open kits again: their value is shared out among the parts by usual prices. Raises Refused."""
    parts = _parts(kit, quantity)
    out = leaving(store, [SlipRow(kit.id, quantity)], day)
    value = -sum(row.value or 0 for row in out)
    prices = usual_prices([part.part_id for part in parts])
    amounts = [part.quantity * quantity // ONE for part in parts]
    weights = [
        value_of(amount, prices.get(part.part_id)) or 0 for part, amount in zip(parts, amounts, strict=True)
    ]
    shares = split_value(value or None, weights)
    back = [
        Moved(store.id, part.part_id, None, amount, share)
        for part, amount, share in zip(parts, amounts, shares, strict=True)
    ]
    return book(UNPACK, store, [*out, *back], Head(day, by, remark=remark))


def _parts(kit: Item, quantity: int) -> list[KitPart]:
    """What the kit is made of. Raises Refused for what is no kit, and for half a kit."""
    parts = list(db.session.scalars(select(KitPart).where(KitPart.kit_id == kit.id).order_by(KitPart.id)))
    if not parts:
        raise Refused(
            f"“{kit.name}” chưa có thành phần. Ghi thành phần của suất quà trong danh mục hàng trước.", "kit"
        )
    if quantity % ONE:
        raise Refused("Suất quà đóng theo số nguyên. Sửa số suất.", "quantity")
    return parts
