"""Which gifts of a table are new, which are in the books already, and which contradict them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import lazyload

from portal.donations.models import Donation
from portal.donations.queries import is_reversed
from portal.donations.rules import GOODS, GOODS_SERIES, RECEIPT_SERIES, id_of_code
from portal.imports.gifts import NAMES, OF_STORE, GiftRow, parts
from portal.imports.occurrences import UndoneEntries, identity, sort_occurrences
from portal.kit.db import db
from portal.ledger.models import Account, Posting, Transfer

CHUNK = 500  # values in one IN list
OWN_RECEIPT = re.compile(rf"({RECEIPT_SERIES}|{GOODS_SERIES})-(\d{{1,9}})/(\d{{4}})", re.ASCII)
NOT_COMPARED = {"shown_as", "paper_number"}  # how a giver is shown may have changed since, by wish


class KnownGift(NamedTuple):
    """A gift in the books: its parts as rows; was it reversed, and by the undoing of its import."""

    id: int
    reversed: bool
    undone: bool
    rows: tuple[GiftRow, ...]


@dataclass(frozen=True)
class Document:
    """The rows of one gift, by their places in the table."""

    places: tuple[int, ...]
    rows: tuple[GiftRow, ...]

    @property
    def first(self) -> GiftRow:
        """The row that speaks for the whole."""
        return self.rows[0]


@dataclass
class Sorted:
    """Documents of a table by what the books know. `duplicates` in rows; `clashes`: (place, what it contradicts)."""

    new: list[tuple[Document, str]]
    duplicates: int
    clashes: list[tuple[int, KnownGift | int]]


def documents_of(rows: Sequence[GiftRow], places: Sequence[int]) -> list[Document]:
    """Rows that share a temporary code within a unit are one document, in the order of their first rows."""
    groups: dict[tuple, list[int]] = defaultdict(list)
    for place in places:
        row = rows[place]
        code = (row.unit_id, row.document.casefold()) if row.document else (place,)
        groups[code].append(place)
    return [Document(tuple(group), tuple(rows[place] for place in group)) for group in groups.values()]


def base_of(document: Document) -> tuple:
    """What makes a gift: its receipt number within unit, campaign and year, otherwise everything written.

    Goods on a receipt stand beside its money, one gift per item, unless a temporary code joins them.
    """
    row = document.first
    if row.paper_number is None:
        said = [_said(part) for part in document.rows]
        return said[0] if len(said) == 1 else ("document", *said)
    alone = len(document.rows) == 1
    item = (row.goods or "") if alone and row.form == GOODS else None
    return ("receipt", row.unit_id, row.campaign_id, row.day.year, row.paper_number.casefold(), item)


def _said(row: GiftRow) -> tuple:
    stored = tuple(getattr(row, name) for name in OF_STORE)
    return (*(getattr(row, name) for name in NAMES), *(stored if any(stored) else ()))


class _Books:
    """Gifts of earlier tables by identity, read once each."""

    def __init__(self) -> None:
        self._undone = UndoneEntries("donations")
        self.known: dict[str, KnownGift] = {}

    def look(self, marks: Sequence[str]) -> dict[str, bool]:
        """Which of these are there, and whether their import was undone."""
        for part in parts(marks, CHUNK):
            numbers = select(Donation.posting_number).where(Donation.identity.in_(part))
            for known, mark in _gifts(Donation.posting_number.in_(numbers), self._undone):
                if mark is not None:
                    self.known[mark] = known
        return {mark: self.known[mark].undone for mark in marks if mark in self.known}


def _gifts(condition: ColumnElement[bool], undone: UndoneEntries) -> Iterator[tuple[KnownGift, str | None]]:
    """(gift with all its parts, identity) of the documents that meet the condition."""
    groups: dict[int, list[tuple[Donation, GiftRow]]] = defaultdict(list)
    gone: dict[int, bool] = {}
    for gift, _, row, reversed_ in _read(condition):
        groups[gift.posting_number].append((gift, row))
        gone[gift.posting_number] = reversed_
    for number, found in groups.items():
        first = found[0][0]
        rows = tuple(row for _, row in found)
        yield KnownGift(first.id, gone[number], number in undone, rows), first.identity


def _read(condition: ColumnElement[bool]) -> Iterator[tuple[Donation, Posting, GiftRow, bool]]:
    rows = select(Donation, Posting, Account.bank_account_id, is_reversed())
    rows = rows.join(Posting, Posting.number == Donation.posting_number).options(lazyload(Posting.entry))
    rows = rows.outerjoin(
        Transfer,
        (Transfer.posting_number == Donation.posting_number) & (Transfer.ordinal == Donation.ordinal),
    ).outerjoin(Account, Account.id == Transfer.debit_id)
    rows = rows.where(condition).order_by(Donation.posting_number, Donation.ordinal)
    for gift, posting, bank_account_id, reversed_ in db.session.execute(rows):
        values = {name: getattr(gift, name) for name in NAMES if hasattr(Donation, name)}
        values.update(day=gift.donated_on, fund_id=posting.fund_id, bank_account_id=bank_account_id)
        yield gift, posting, GiftRow(**values), bool(reversed_)


def _own_gifts(rows: Sequence[GiftRow]) -> dict[int, list[KnownGift]]:
    """Rows that name a gift of the books (an export brought back), by their place: the parts they may mean."""
    wanted: dict[tuple, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        if row.known_id is not None:
            wanted[row.unit_id, row.known_id].append(place)
        elif match := OWN_RECEIPT.fullmatch(row.paper_number or ""):
            wanted[row.unit_id, match[1], int(match[3]), int(match[2])].append(place)
        elif gift_id := id_of_code(row.paper_number or ""):
            wanted[row.unit_id, gift_id].append(place)
    found: dict[int, list[KnownGift]] = defaultdict(list)
    for some in parts(list(wanted), CHUNK):
        ids = Donation.id.in_([key[1] for key in some if len(key) == 2])
        series = Posting.series.in_((RECEIPT_SERIES, GOODS_SERIES))
        receipts = series & Posting.series_no.in_([key[3] for key in some if len(key) == 4])
        for gift, posting, row, gone in _read(ids | receipts):
            known = KnownGift(gift.id, gone, False, (row,))
            number = (gift.unit_id, posting.series, posting.series_year, posting.series_no)
            for key in ((gift.unit_id, gift.id), number):
                for place in wanted.get(key, ()):
                    found[place].append(known)
    return found


def sort_gifts(rows: Sequence[GiftRow], given: frozenset[str]) -> Sorted:
    """Which gifts are new, which are known, and which contradict a known one (or an earlier row).

    `given`: the fields the file has columns for; the others are not compared. A gift that was reversed may be
    brought again with other facts; with the same facts it stays reversed, unless its whole import was undone.
    """
    result, books = Sorted([], 0, []), _Books()
    left = _sort_own(rows, given, result)
    by_base: dict[tuple, list[Document]] = defaultdict(list)
    for document in documents_of(rows, left):
        by_base[base_of(document)].append(document)
    plain = {base: some for base, some in by_base.items() if some[0].first.paper_number is None}
    at = {document.places[0]: document for some in plain.values() for document in some}
    groups = {base: [document.places[0] for document in some] for base, some in plain.items()}
    found = sort_occurrences(groups, books.look)
    result.new += [(at[place], mark) for place, mark in found.new]
    result.duplicates += sum(len(at[place].rows) for place in found.known)
    receipts = {base: some for base, some in by_base.items() if base not in plain}
    books.look([identity(base, 0) for base in receipts])
    for base, some in receipts.items():
        _sort_receipt(base, some, books, given, result)
    result.new.sort(key=lambda pair: pair[0].places[0])
    result.clashes.sort(key=lambda clash: clash[0])
    return result


def _sort_own(rows: Sequence[GiftRow], given: frozenset[str], result: Sorted) -> list[int]:
    """Judge the rows that name a gift of the books; returns the places of the others."""
    own, left = _own_gifts(rows), []
    for place, row in enumerate(rows):
        if row.known_id is not None and place not in own:
            result.clashes.append((place, -1))
        elif place not in own:
            left.append(place)
        elif any(same_facts((row,), known.rows, given) for known in own[place]):
            result.duplicates += 1
        else:
            result.clashes.append((place, own[place][0]))
    return left


def _sort_receipt(
    base: tuple, some: Sequence[Document], books: _Books, given: frozenset[str], result: Sorted
) -> None:
    """The documents of one receipt: the first counts, the same again is a duplicate, all else a clash."""
    first = some[0]
    for document in some[1:]:
        if document.rows == first.rows:
            result.duplicates += len(document.rows)
        else:
            result.clashes.append((document.places[0], first.places[0]))
    turn = 0
    while True:
        mark = identity(base, turn)
        if turn and mark not in books.known:
            books.look([mark])
        earlier = books.known.get(mark)
        if earlier is None:
            result.new.append((first, mark))
            return
        if not earlier.undone:
            if same_facts(first.rows, earlier.rows, given):
                result.duplicates += len(first.rows)
                return
            if not earlier.reversed:
                result.clashes.append((first.places[0], earlier))
                return
        turn += 1


def same_facts(rows: Sequence[GiftRow], known: Sequence[GiftRow], given: frozenset[str]) -> bool:
    """Whether rows say nothing new of a gift."""
    compared = given - NOT_COMPARED
    return len(rows) == len(known) and all(
        getattr(row, name) == getattr(part, name)
        for row, part in zip(rows, known, strict=True)
        for name in compared
    )
