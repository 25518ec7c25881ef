"""What a stack of receipts needs from the books, read in a fixed number of statements, however high the stack."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.donations.models import Donation, ForeignAmount, Reclassification
from portal.donations.queries import is_reversed as gift_is_reversed
from portal.goods.models import StockMovement, Store
from portal.kit.db import db
from portal.ledger.models import Posting
from portal.ledger.queries import is_reversed
from portal.receipts import queries
from portal.receipts.models import ReceiptBook, ReceiptStub
from portal.units.models import PaperForm, Unit
from portal.units.queries import UnitTexts, paper_form, unit_texts


class Stack:
    """Everything that the receipts of some gifts need, read in a number of statements that does not follow theirs."""

    def __init__(self, donation_ids: Iterable[int]):
        self.ids = list(dict.fromkeys(donation_ids))
        self.parts = queries.parts_of(self.ids)
        every = [part for parts in self.parts.values() for part in parts]
        part_ids = [part.id for part in every]
        self.numbers = self._numbers()
        self.foreign = _by(ForeignAmount.donation_id, part_ids)
        self.moved_on = self._reclassified(part_ids)
        self.movements = self._movements({part.posting_number for part in every})
        self.books = self._books()
        self.void = self._void()
        self._texts: dict[tuple[int, date], UnitTexts] = {}
        self._forms: dict[tuple[str, int, date], PaperForm | None] = {}

    def _numbers(self) -> dict[tuple[int, str], Any]:
        found = db.session.execute(select(*queries.PAPER.c).where(queries.PAPER.c.donation_id.in_(self.ids)))
        return {(row.donation_id, row.paper): row for row in found}

    def _reclassified(self, part_ids: Sequence[int]) -> dict[int, date]:
        """The day of the last move to another campaign that still stands, by part."""
        rows = select(Reclassification.donation_id, Posting.document_on)
        rows = rows.join(Posting, Posting.number == Reclassification.posting_number)
        rows = rows.where(Reclassification.donation_id.in_(part_ids), ~is_reversed(Posting.number))
        found = db.session.execute(rows.order_by(Posting.number))
        return {row.donation_id: row.document_on for row in found}

    def _movements(self, postings: set[int]) -> dict[tuple[int, int], StockMovement]:
        rows = select(StockMovement).where(StockMovement.posting_number.in_(postings))
        store = joinedload(StockMovement.store).joinedload(Store.keeper)
        rows = rows.options(store, joinedload(StockMovement.item))
        return {(row.posting_number, row.ordinal): row for row in db.session.scalars(rows)}

    def _books(self) -> dict[int, str]:
        rows = select(ReceiptStub.donation_id, ReceiptBook.series).join(ReceiptStub.book)
        found = db.session.execute(rows.where(ReceiptStub.donation_id.in_(self.ids)))
        return {donation_id: series for donation_id, series in found if donation_id is not None}

    def _void(self) -> set[int]:
        rows = select(Donation.id).where(Donation.id.in_(self.ids), gift_is_reversed())
        return set(db.session.scalars(rows))

    def texts(self, unit: Unit, day: date) -> UnitTexts:
        """What the unit printed on a day."""
        key = (unit.id, day)
        if key not in self._texts:
            self._texts[key] = unit_texts(unit, day)
        return self._texts[key]

    def form(self, paper: str, unit_id: int, day: date) -> PaperForm | None:
        """The form of a paper on a day: the unit's own, else everybody's."""
        key = (paper, unit_id, day)
        if key not in self._forms:
            self._forms[key] = paper_form(paper, unit_id, day)
        return self._forms[key]


def _by(column: Any, ids: Sequence[int]) -> dict[int, Any]:
    rows = select(column.class_).where(column.in_(ids))
    return {getattr(row, column.key): row for row in db.session.scalars(rows)}
