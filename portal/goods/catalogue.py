"""Writing the catalogue: items with packs and parts, lots, stores. Flushes; Refused says what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from sqlalchemy import exists, func, select

from portal.goods.models import Item, KitPart, Lot, Pack, StockBalance, StockMovement, Store
from portal.goods.rules import format_quantity
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.numbers import take_posting_lock
from portal.kit.vietnamese import fold
from portal.people.models import User
from portal.units.models import Unit

CODE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$")


def record_item(
    *,
    name: str,
    measure: str,
    code: str | None = None,
    keeps_lots: bool = False,
    price: int | None = None,
    note: str | None = None,
    packs: Mapping[str, int] | None = None,
    parts: Mapping[int, int] | None = None,
) -> Item:
    """A new item; without a code it takes the next "HH0001".

    `price` is đồng per measure; `packs` gives thousandths by name, `parts` thousandths by item id (then the item
    is a kit). Raises Refused (fields code, name, packs, parts).
    """
    taken = select(Item.code).where(Item.folded == fold(name)[:200], Item.measure == measure)
    if (twin := db.session.scalar(taken.where(~Item.withdrawn))) is not None:
        raise Refused(f"Đã có mặt hàng “{name}” tính theo {measure}, mã {twin}. Dùng mặt hàng đó.", "name")
    item = Item(
        code=_free_code(code),
        name=name,
        folded=fold(name)[:200],
        measure=measure,
        keeps_lots=keeps_lots,
        price=price,
        note=note,
    )
    db.session.add(item)
    db.session.flush()
    set_packs(item, packs or {})
    set_parts(item, parts or {})
    return item


def change_item(
    item: Item,
    *,
    name: str,
    measure: str,
    keeps_lots: bool,
    price: int | None,
    note: str | None,
    withdrawn: bool,
    packs: Mapping[str, int] | None = None,
    parts: Mapping[int, int] | None = None,
) -> None:
    """Change what may change; the code stays. `packs` and `parts` None = leave them. Raises Refused.

    The measure stays once goods have moved: their quantities are counted in it.
    """
    if measure != item.measure and has_moved(item.id):
        raise Refused(
            f"Mặt hàng đã có nhập xuất theo {item.measure}, không đổi đơn vị tính được. "
            "Ngừng dùng mặt hàng này và lập mặt hàng mới.",
            "measure",
        )
    item.name, item.folded, item.measure = name, fold(name)[:200], measure
    item.keeps_lots, item.price, item.note, item.withdrawn = keeps_lots, price, note, withdrawn
    db.session.flush()
    if packs is not None:
        set_packs(item, packs)
    if parts is not None:
        set_parts(item, parts)


def has_moved(item_id: int) -> bool:
    """Whether any store document has moved the item."""
    return db.session.scalar(select(exists().where(StockMovement.item_id == item_id))) or False


def _free_code(code: str | None) -> str:
    """The code asked for, or the next free one. Raises Refused (field code)."""
    if code is None:
        take_posting_lock()
        numbers = db.session.scalars(select(Item.code).where(Item.code.like("HH%")))
        last = max((int(text[2:]) for text in numbers if text[2:].isdecimal()), default=0)
        return f"HH{last + 1:04d}"
    if not CODE.match(code):
        raise Refused("Mã chỉ gồm chữ không dấu, chữ số, dấu chấm, gạch. Ví dụ MI-GOI.", "code")
    if db.session.scalar(select(Item.id).where(func.lower(Item.code) == code.lower())) is not None:
        raise Refused(f"Mã “{code}” đã dùng cho mặt hàng khác. Đặt mã khác.", "code")
    return code


def set_packs(item: Item, packs: Mapping[str, int]) -> None:
    """The packs of an item: thousandths by name. Raises Refused (field packs)."""
    names: set[str] = {fold(item.measure)}
    for name, holds in packs.items():
        if holds <= 0:
            raise Refused(
                f"Quy cách “{name}” chưa ghi chứa bao nhiêu {item.measure}. Ghi số lớn hơn 0.", "packs"
            )
        if not fold(name) or fold(name) in names or any(letter.isdecimal() for letter in name):
            raise Refused(f"Quy cách “{name}” trùng tên, hoặc có chữ số. Đặt tên khác.", "packs")
        names.add(fold(name))
    known = {pack.name: pack for pack in db.session.scalars(select(Pack).where(Pack.item_id == item.id))}
    for name, pack in known.items():
        if name not in packs:
            db.session.delete(pack)
        else:
            pack.holds = packs[name]
    db.session.add_all(
        Pack(item_id=item.id, name=name, holds=holds) for name, holds in packs.items() if name not in known
    )
    db.session.flush()
    db.session.expire(item, ["packs"])


def set_parts(item: Item, parts: Mapping[int, int]) -> None:
    """What one kit is made of: thousandths by item id; nothing = not a kit. Raises Refused (field parts)."""
    found = {part.id: part for part in db.session.scalars(select(Item).where(Item.id.in_(parts)))}
    for part_id in parts:
        if part_id == item.id or found[part_id].is_kit:
            raise Refused(
                f"“{found[part_id].name}” là suất quà, không làm thành phần được. Ghi từng mặt hàng bên trong.",
                "parts",
            )
    inside = select(exists().where(KitPart.part_id == item.id))
    if parts and db.session.scalar(inside):
        raise Refused(
            f"“{item.name}” đang là thành phần của suất quà khác, nên không thể có thành phần. Lập mặt hàng mới.",
            "parts",
        )
    known = {
        part.part_id: part for part in db.session.scalars(select(KitPart).where(KitPart.kit_id == item.id))
    }
    for part_id, part in known.items():
        if part_id not in parts:
            db.session.delete(part)
        else:
            part.quantity = parts[part_id]
    for part_id, quantity in parts.items():
        if part_id not in known:
            db.session.add(KitPart(kit_id=item.id, part_id=part_id, quantity=quantity))
    item.is_kit = bool(parts)
    db.session.flush()
    db.session.expire(item, ["parts"])


def lot_for(item_id: int, code: str | None, expires_on: date | None) -> int | None:
    """The id of the item's lot with this code and day, made on first use; None when neither is given."""
    if not code and expires_on is None:
        return None
    wanted = select(Lot).where(Lot.item_id == item_id, Lot.code == (code or ""))
    wanted = wanted.where(Lot.expires_on.is_(None) if expires_on is None else Lot.expires_on == expires_on)
    lot = db.session.scalar(wanted.order_by(Lot.id).limit(1))
    if lot is None:
        lot = Lot(item_id=item_id, code=code or "", expires_on=expires_on)
        db.session.add(lot)
        db.session.flush()
    return lot.id


def record_store(
    *,
    code: str,
    name: str,
    unit: Unit,
    fund_id: int,
    keeper: User | None = None,
    keeper_name: str | None = None,
    address: str | None = None,
    in_hand: bool = False,
) -> Store:
    """A new store of a unit's fund; `in_hand`: what an officer takes along to hand out. Raises Refused (field code)."""
    if not CODE.match(code):
        raise Refused("Mã chỉ gồm chữ không dấu, chữ số, dấu chấm, gạch. Ví dụ KHO-XA.", "code")
    if db.session.scalar(select(Store.id).where(func.lower(Store.code) == code.lower())) is not None:
        raise Refused(f"Mã “{code}” đã dùng cho kho khác. Đặt mã khác.", "code")
    store = Store(
        code=code,
        name=name,
        unit_id=unit.id,
        fund_id=fund_id,
        keeper_id=keeper.id if keeper else None,
        keeper_name=keeper_name,
        address=address,
        in_hand=in_hand,
    )
    db.session.add(store)
    db.session.flush()
    return store


def change_store(
    store: Store,
    *,
    name: str,
    keeper_id: int | None,
    keeper_name: str | None,
    address: str | None,
    closed_on: date | None,
) -> None:
    """Change a store; it is closed only when nothing lies in it. Raises Refused (field closed_on)."""
    if closed_on is not None:
        _check_empty(store, closed_on)
    store.name, store.keeper_id, store.keeper_name, store.address = name, keeper_id, keeper_name, address
    store.closed_on = closed_on
    db.session.flush()


def _check_empty(store: Store, day: date) -> None:
    left = select(StockBalance.quantity, Item.name, Item.measure).join(Item, Item.id == StockBalance.item_id)
    left = left.where(StockBalance.store_id == store.id, StockBalance.quantity > 0).limit(1)
    if (row := db.session.execute(left).first()) is not None:
        raise Refused(
            f"Kho còn {format_quantity(row.quantity)} {row.measure} {row.name}. Chuyển hoặc xuất hết hàng rồi đóng kho.",
            "closed_on",
        )
    last = db.session.scalar(
        select(func.max(StockMovement.booked_on)).where(StockMovement.store_id == store.id)
    )
    if last is not None and last > day:
        raise Refused(f"Kho còn nhập xuất đến ngày {last:%d/%m/%Y}. Ghi ngày đóng từ ngày đó.", "closed_on")
