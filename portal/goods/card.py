"""The stock card (thẻ kho): one item in one store, line by line, with what is left after each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select
from sqlalchemy.orm import contains_eager

from portal.goods.models import Lot, StockDocument, StockMovement
from portal.kit.db import db
from portal.kit.numbers import Entry
from portal.ledger.models import Posting


@dataclass(frozen=True)
class CardLine:
    """One line; thousandths and đồng, signed. `left` and `worth` are what lies there after it."""

    day: date
    posting: Posting
    document: StockDocument | None
    lot: Lot | None
    moved: int
    value: int | None
    left: int
    worth: int


@dataclass(frozen=True)
class Card:
    """What lay there before the first day, each movement until the last."""

    opening: int
    opening_value: int
    lines: list[CardLine]

    @property
    def closing(self) -> int:
        """Thousandths after the last line."""
        return self.lines[-1].left if self.lines else self.opening

    @property
    def closing_value(self) -> int:
        """Đồng after the last line."""
        return self.lines[-1].worth if self.lines else self.opening_value

    @property
    def came(self) -> int:
        """Thousandths that came in."""
        return sum(line.moved for line in self.lines if line.moved > 0)

    @property
    def went(self) -> int:
        """Thousandths that went out."""
        return -sum(line.moved for line in self.lines if line.moved < 0)


def stock_card(store_id: int, item_id: int, first: date, last: date) -> Card:
    """The card between two days. Two statements."""
    mine = and_(StockMovement.store_id == store_id, StockMovement.item_id == item_id)
    sums = select(
        func.coalesce(func.sum(StockMovement.quantity), 0), func.coalesce(func.sum(StockMovement.value), 0)
    )
    before = db.session.execute(sums.where(mine, StockMovement.booked_on < first)).one()
    left, worth = int(before[0] or 0), int(before[1] or 0)
    card = Card(left, worth, [])
    rows = (
        select(StockMovement, Posting, StockDocument, Lot)
        .join(Posting, Posting.number == StockMovement.posting_number)
        .join(Entry, Entry.number == Posting.number)
        .outerjoin(StockDocument, StockDocument.posting_number == Posting.number)
        .outerjoin(Lot, Lot.id == StockMovement.lot_id)
        .where(mine, StockMovement.booked_on.between(first, last))
        .order_by(StockMovement.booked_on, StockMovement.posting_number, StockMovement.ordinal)
        .options(contains_eager(Posting.entry))
    )
    for moved, posting, document, lot in db.session.execute(rows):
        left, worth = left + moved.quantity, worth + (moved.value or 0)
        line = CardLine(moved.booked_on, posting, document, lot, moved.quantity, moved.value, left, worth)
        card.lines.append(line)
    return card
