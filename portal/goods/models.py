"""Goods: what there is (catalogue), where it lies (stores), and how it moved (stock movements).

Quantities are whole thousandths of the item's measure (2,5 kg = 2500), so that no float touches them. Values
are đồng and may be missing: a movement without a value is counted in the store, not in the ledger.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.kit.audit import Audited
from portal.kit.db import BigKey, Money, Text, db
from portal.ledger.models import Posting
from portal.people.models import User
from portal.people.models_request import Request
from portal.units.models import Unit


class Item(Audited, db.Model):
    """One kind of goods; a kit (suất quà) is an item made of parts."""

    __tablename__ = "item"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    code: Mapped[str] = mapped_column(Text(40), unique=True)
    name: Mapped[str] = mapped_column(Text(200))
    folded: Mapped[str] = mapped_column(Text(200), index=True)  # fold(name), for the picker
    measure: Mapped[str] = mapped_column(Text(40))  # đơn vị tính: kg, thùng, cái …
    is_kit: Mapped[bool] = mapped_column(default=False)
    keeps_lots: Mapped[bool] = mapped_column(default=False)  # has lots with expiry dates
    price: Mapped[int | None] = mapped_column(
        Money
    )  # đồng per measure, a list price; the last one is a query
    note: Mapped[str | None] = mapped_column(Text(500))
    withdrawn: Mapped[bool] = mapped_column(default=False)  # no longer offered; its movements stay

    packs: Mapped[list[Pack]] = relationship(back_populates="item", order_by="Pack.id")
    parts: Mapped[list[KitPart]] = relationship(
        back_populates="kit", foreign_keys="KitPart.kit_id", order_by="KitPart.id"
    )


class Pack(Audited, db.Model):
    """How an item is packed: "thùng" = 30 gói."""

    __tablename__ = "item_pack"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    name: Mapped[str] = mapped_column(Text(40))
    holds: Mapped[int] = mapped_column(BigInteger)  # thousandths of the item's measure

    item: Mapped[Item] = relationship(back_populates="packs")

    __table_args__ = (
        db.UniqueConstraint("item_id", "name"),
        db.CheckConstraint("holds > 0", name="positive"),
    )


class KitPart(Audited, db.Model):
    """So much of an item in one kit."""

    __tablename__ = "item_kit_part"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    kit_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    quantity: Mapped[int] = mapped_column(BigInteger)  # thousandths of the part's measure

    kit: Mapped[Item] = relationship(foreign_keys=[kit_id], back_populates="parts")
    part: Mapped[Item] = relationship(foreign_keys=[part_id])

    __table_args__ = (
        db.UniqueConstraint("kit_id", "part_id"),
        db.CheckConstraint("quantity > 0", name="positive"),
        db.CheckConstraint("kit_id <> part_id", name="not_itself"),
    )


class Store(Audited, db.Model):
    """A store (kho) of a unit."""

    __tablename__ = "store"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    code: Mapped[str] = mapped_column(Text(40), unique=True)
    name: Mapped[str] = mapped_column(Text(200))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"))
    keeper_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    keeper_name: Mapped[str | None] = mapped_column(Text(200))  # a keeper who does not use the portal
    address: Mapped[str | None] = mapped_column(Text(300))
    closed_on: Mapped[date | None]
    in_hand: Mapped[bool] = mapped_column(
        default=False, server_default="0"
    )  # goods that an officer has taken along to hand out; not offered for ordinary documents

    unit: Mapped[Unit] = relationship()
    keeper: Mapped[User | None] = relationship()


class Lot(Audited, db.Model):
    """Goods of one item that came together, with the day until which they are good."""

    __tablename__ = "item_lot"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    code: Mapped[str] = mapped_column(Text(60), default="")
    expires_on: Mapped[date | None]

    item: Mapped[Item] = relationship()


class StockMovement(db.Model):
    """Goods into (quantity > 0) or out of (< 0) a store, by a document. Never changed or deleted.

    `ordinal` is that of the transfer that carries its value, where it has one.
    """

    __tablename__ = "stock_movement"

    posting_number: Mapped[int] = mapped_column(
        ForeignKey("ledger_posting.number"), primary_key=True, autoincrement=False
    )
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    lot_id: Mapped[int | None] = mapped_column(ForeignKey("item_lot.id"))
    booked_on: Mapped[date]  # of its posting
    quantity: Mapped[int] = mapped_column(BigInteger)  # thousandths of the measure, signed
    value: Mapped[int | None] = mapped_column(Money)  # đồng, signed as the quantity; None = not valued

    posting: Mapped[Posting] = relationship()
    store: Mapped[Store] = relationship()
    item: Mapped[Item] = relationship()
    lot: Mapped[Lot | None] = relationship()

    __table_args__ = (
        db.CheckConstraint("quantity <> 0", name="moves"),
        Index("ix_stock_movement_card", "store_id", "item_id", "booked_on"),
        Index("ix_stock_movement_item", "item_id", "booked_on"),
    )


class StockBalance(db.Model):
    """What lies in a store now: kept by the database itself at each movement, and never below zero."""

    __tablename__ = "stock_balance"

    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"), primary_key=True, autoincrement=False)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True, autoincrement=False)
    lot_key: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, autoincrement=False
    )  # lot id, 0 = none
    quantity: Mapped[int] = mapped_column(BigInteger, default=0)
    value: Mapped[int] = mapped_column(Money, default=0)

    store: Mapped[Store] = relationship()
    item: Mapped[Item] = relationship()

    __table_args__ = (
        db.CheckConstraint("quantity >= 0", name="not_below_zero"),
        db.CheckConstraint("value >= 0", name="value_not_below_zero"),
    )


class StockDocument(Audited, db.Model):
    """What a store document says beside its rows: issue, transfer between stores, count, kit packing, receipt."""

    __tablename__ = "stock_document"

    posting_number: Mapped[int] = mapped_column(
        ForeignKey("ledger_posting.number"), primary_key=True, autoincrement=False
    )
    what: Mapped[str] = mapped_column(Text(20))  # goods.rules.DOCUMENTS
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    to_store_id: Mapped[int | None] = mapped_column(ForeignKey("store.id"))
    of_number: Mapped[int | None] = mapped_column(ForeignKey("ledger_posting.number"), index=True)  # returned
    partner: Mapped[str | None] = mapped_column(Text(200))  # who brought or took it
    partner_address: Mapped[str | None] = mapped_column(Text(300))
    remark: Mapped[str | None] = mapped_column(Text(1000))

    posting: Mapped[Posting] = relationship(foreign_keys=[posting_number])
    store: Mapped[Store] = relationship(foreign_keys=[store_id])
    to_store: Mapped[Store | None] = relationship(foreign_keys=[to_store_id])


class StockCount(Request, Audited, db.Model):
    """A store was counted (biên bản kiểm kê). What differs is booked when a second person approves it."""

    __tablename__ = "stock_count"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"), index=True)
    counted_on: Mapped[date]
    members: Mapped[str | None] = mapped_column(Text(500))  # who counted
    remark: Mapped[str | None] = mapped_column(Text(1000))
    posting_number: Mapped[int | None] = mapped_column(ForeignKey("ledger_posting.number"), unique=True)

    store: Mapped[Store] = relationship()
    lines: Mapped[list[StockCountLine]] = relationship(back_populates="count", order_by="StockCountLine.id")


class StockCountLine(Audited, db.Model):
    """What was found of one item (and lot), beside what the books said on that day."""

    __tablename__ = "stock_count_line"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    count_id: Mapped[int] = mapped_column(ForeignKey("stock_count.id"), index=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    lot_id: Mapped[int | None] = mapped_column(ForeignKey("item_lot.id"))
    in_books: Mapped[int] = mapped_column(BigInteger)
    found: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str | None] = mapped_column(Text(500))

    count: Mapped[StockCount] = relationship(back_populates="lines")
    item: Mapped[Item] = relationship()
    lot: Mapped[Lot | None] = relationship()

    __table_args__ = (db.CheckConstraint("found >= 0", name="not_below_zero"),)
