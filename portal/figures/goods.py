"""Goods by item: how much was received as gifts in the period, how much lies in the stores at its end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, and_, func, select

from portal.donations.models import Donation
from portal.figures.gifts import belongs_to
from portal.figures.rules import whole
from portal.figures.scope import Scope
from portal.figures.values import Definition, FigureValue, answered
from portal.goods.models import Item, StockMovement, Store
from portal.goods.rules import ONE, format_quantity
from portal.kit.db import db
from portal.kit.masking import mask_public
from portal.kit.vietnamese import key_of
from portal.ledger.queries import is_reversed

RECEIVED = Definition(
    "goods.received.<mặt hàng>",
    "Mặt hàng, đã nhận",
    "đơn vị tính",
    "Số lượng mặt hàng nhận ủng hộ trong kỳ, trừ những khoản đã đảo; theo đợt mà khoản đang thuộc về.",
)
STORED = Definition(
    "goods.stored.<mặt hàng>",
    "Mặt hàng, còn trong kho",
    "đơn vị tính",
    "Số lượng mặt hàng còn trong các kho đến hết ngày cuối kỳ; không tách theo đợt vận động.",
)
FAMILIES = (RECEIVED, STORED)


@dataclass(frozen=True)
class ItemSum:
    """So much of one item: `quantity` in thousandths of its measure, `value` đồng of what is valued."""

    code: str
    name: str
    measure: str
    quantity: int
    value: int

    @property
    def text(self) -> str:
        """ "2,5 kg"."""
        return f"{format_quantity(self.quantity)} {self.measure}"


def received_items(scope: Scope) -> list[ItemSum]:
    """What was given, the most valuable first. One statement."""
    return _sums(_received(scope))


def stored_items(scope: Scope) -> list[ItemSum]:
    """What lies in the stores at the end; nothing for a campaign, whose goods lie with all others. One statement."""
    return [] if scope.campaign is not None else _sums(_stored(scope))


def compute(scope: Scope) -> Iterator[FigureValue]:
    """A figure per item."""
    yield from _answers(RECEIVED, received_items(scope))
    yield from _answers(STORED, stored_items(scope))


def rows(scope: Scope, key: str) -> Iterator[dict[str, Any]] | None:
    """The movements behind a figure; None when no item has this key."""
    for definition, items, movements in (
        (RECEIVED, received_items, _received),
        (STORED, stored_items, _stored),
    ):
        code = _keys(definition, items(scope)).get(key)
        if code is not None:
            return _told(movements(scope).where(Item.code == code))
    return None


def _answers(family: Definition, items: list[ItemSum]) -> Iterator[FigureValue]:
    by_code = {item.code: item for item in items}
    for key, code in _keys(family, items).items():
        item = by_code[code]
        label = f"{item.name}, {family.label.split(', ')[1]}"
        yield answered(family.filled(key, label, item.measure), _plain(item.quantity))


def _keys(family: Definition, items: list[ItemSum]) -> dict[str, str]:
    """Key → code of the item; of items of one name the later ones add their code."""
    found: dict[str, str] = {}
    for item in items:
        key = family.key.replace("<mặt hàng>", key_of(item.name) or "khac")
        found[f"{key}_{key_of(item.code)}" if key in found else key] = item.code
    return found


def _plain(thousandths: int) -> int | Decimal | None:
    return whole(Decimal(thousandths) / ONE)


def _received(scope: Scope) -> Select[Any]:
    """Movements that are parts of gifts."""
    here = and_(
        Donation.posting_number == StockMovement.posting_number, Donation.ordinal == StockMovement.ordinal
    )
    found = _movements(scope).join(Donation, here)
    found = found.where(
        Donation.unit_id.in_(scope.units()),
        StockMovement.booked_on.between(scope.start, scope.end),
        ~is_reversed(StockMovement.posting_number, up_to=scope.as_of),
    )
    if scope.campaign is not None:
        found = found.where(belongs_to(scope.campaign.id, scope.as_of))
    return found


def _stored(scope: Scope) -> Select[Any]:
    found = _movements(scope).join(Store, Store.id == StockMovement.store_id)
    return found.where(Store.unit_id.in_(scope.units()), StockMovement.booked_on <= scope.end)


def _movements(scope: Scope) -> Select[Any]:
    found = select(StockMovement).join(Item, Item.id == StockMovement.item_id)
    return found if scope.as_of is None else found.where(StockMovement.posting_number <= scope.as_of)


def _sums(movements: Select[Any]) -> list[ItemSum]:
    quantity = func.sum(StockMovement.quantity)
    value = func.coalesce(func.sum(StockMovement.value), 0)
    found = movements.with_only_columns(
        Item.code, Item.name, Item.measure, quantity, value, maintain_column_froms=True
    )
    found = found.group_by(Item.id, Item.code, Item.name, Item.measure).having(quantity != 0)
    return [
        ItemSum(code, mask_public(name), measure, int(number or 0), int(worth or 0))
        for code, name, measure, number, worth in db.session.execute(
            found.order_by(value.desc(), Item.name, Item.id)
        )
    ]


def _told(movements: Select[Any]) -> Iterator[dict[str, Any]]:
    found = movements.add_columns(Item.code, Item.measure).order_by(
        StockMovement.posting_number, StockMovement.ordinal
    )
    return (
        {
            "posting": movement.posting_number,
            "line": movement.ordinal,
            "day": movement.booked_on.isoformat(),
            "item": code,
            "measure": measure,
            "quantity": str(_plain(movement.quantity)),
            "value": movement.value,
        }
        for movement, code, measure in db.session.execute(found.execution_options(yield_per=1_000))
    )
