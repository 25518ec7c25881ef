"""Reading paper receipt books: whose they are, which stubs are used, void, missing, or still left.

Stubs are used in order: one before the last that is accounted for is missing, the rest is left to be used. Of a book that
came back nothing is left any more.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import joinedload

from portal.donations.models import Donation
from portal.kit.db import db
from portal.people.models import User
from portal.people.queries import readable_units
from portal.receipts.models import ReceiptBook, ReceiptStub

STUB_STATES = {"used": "Đã dùng", "void": "Đã hủy", "missing": "Thiếu", "left": "Chưa dùng"}


@dataclass(frozen=True)
class Stub:
    """One number of a book: used by a gift, void with a reason, missing, or left."""

    number: int
    state: str
    gift: Donation | None = None
    reason: str | None = None


def accounted() -> ColumnElement[int]:
    """How many stubs of the book of the row are used or void."""
    stubs = select(func.count(ReceiptStub.id)).where(ReceiptStub.book_id == ReceiptBook.id)
    return stubs.correlate(ReceiptBook).scalar_subquery()


def reached() -> ColumnElement[int]:
    """The last number of the book of the row that must be accounted for."""
    last = select(func.max(ReceiptStub.number)).where(ReceiptStub.book_id == ReceiptBook.id)
    used = func.coalesce(last.correlate(ReceiptBook).scalar_subquery(), ReceiptBook.first_no - 1)
    return case((ReceiptBook.returned_on.is_not(None), ReceiptBook.last_no), else_=used)


def missing() -> ColumnElement[int]:
    """How many stubs of the book of the row nobody has accounted for, though they must be used or void by now."""
    return reached() - ReceiptBook.first_no + 1 - accounted()


def left() -> ColumnElement[int]:
    """How many stubs of the book of the row are still to be used."""
    return ReceiptBook.last_no - reached()


def books_for(user: User) -> Select[tuple[ReceiptBook]]:
    """The books of the units that a person may read."""
    rows = select(ReceiptBook).where(ReceiptBook.unit_id.in_(readable_units(user)))
    return rows.options(joinedload(ReceiptBook.unit))


def listed_books(user: User) -> Select[Any]:
    """The same with the count of stubs: (ReceiptBook, missing, left)."""
    return books_for(user).add_columns(missing().label("missing"), left().label("left"))


def book_or_404(book_id: int, *, for_user: User) -> ReceiptBook:
    """One book, if the person may read its unit; otherwise 404."""
    return db.one_or_404(books_for(for_user).where(ReceiptBook.id == book_id))


def stubs_of(book: ReceiptBook) -> list[Stub]:
    """Every number of a book in order."""
    rows = select(ReceiptStub).where(ReceiptStub.book_id == book.id)
    known = {stub.number: stub for stub in db.session.scalars(rows.options(joinedload(ReceiptStub.donation)))}
    last = book.last_no if book.returned_on else max(known, default=book.first_no - 1)
    return [
        _stub(number, known.get(number), number <= last) for number in range(book.first_no, book.last_no + 1)
    ]


def _stub(number: int, known: ReceiptStub | None, reached: bool) -> Stub:
    if known is None:
        return Stub(number, "missing" if reached else "left")
    state = "void" if known.donation_id is None else "used"
    return Stub(number, state, known.donation, known.void_reason)


def overlapping(
    unit_id: int, series: str, first: int, last: int, *, but: int | None = None
) -> ReceiptBook | None:
    """A book of this unit and series that shares a number with the range, or None."""
    rows = select(ReceiptBook).where(ReceiptBook.unit_id == unit_id, ReceiptBook.series == series)
    rows = rows.where(
        ReceiptBook.first_no <= last, ReceiptBook.last_no >= first, ReceiptBook.id != (but or 0)
    )
    return db.session.scalars(rows.order_by(ReceiptBook.first_no).limit(1)).first()


def books_of_units(unit_ids: Iterable[int]) -> dict[tuple[int, str], list[ReceiptBook]]:
    """Every book of these units by (unit, series)."""
    found: dict[tuple[int, str], list[ReceiptBook]] = {}
    for book in db.session.scalars(select(ReceiptBook).where(ReceiptBook.unit_id.in_(set(unit_ids)))):
        found.setdefault((book.unit_id, book.series), []).append(book)
    return found


def stubs_in(books: Iterable[ReceiptBook], numbers: Iterable[int]) -> dict[tuple[int, int], ReceiptStub]:
    """The stubs that are accounted for, by (book, number)."""
    ids = {book.id for book in books}
    rows = select(ReceiptStub).where(ReceiptStub.book_id.in_(ids), ReceiptStub.number.in_(set(numbers)))
    return {(stub.book_id, stub.number): stub for stub in db.session.scalars(rows)}
