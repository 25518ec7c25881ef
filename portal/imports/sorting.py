"""Which gifts of a table are new, which are in the books already, and which contradict them."""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import lazyload

from portal.donations.models import Donation
from portal.donations.rules import GOODS, RECEIPT_SERIES, id_of_code
from portal.imports.gifts import NAMES, GiftRow, parts
from portal.kit.db import db
from portal.ledger.models import Account, Posting, Transfer
from portal.ledger.queries import is_reversed

CHUNK = 500  # values in one IN list
OWN_RECEIPT = re.compile(rf"{RECEIPT_SERIES}-(\d{{1,9}})/(\d{{4}})", re.ASCII)


class KnownGift(NamedTuple):
    """A gift of an earlier table."""

    id: int
    reversed: bool
    row: GiftRow


def base_of(row: GiftRow) -> tuple:
    """What makes a gift: its receipt number within unit, campaign and year, otherwise everything written.

    Goods on a receipt stand beside its money, one gift per item.
    """
    if row.paper_number is None:
        return tuple(getattr(row, name) for name in NAMES)
    item = (row.goods or "") if row.form == GOODS else None
    return ("receipt", row.unit_id, row.campaign_id, row.day.year, row.paper_number.casefold(), item)


def identity(base: tuple, turn: int) -> str:
    """The n-th gift of one base, as it is kept: SHA-256, so that nothing personal stands in it."""
    text = json.dumps([*base, turn], default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def known_gifts(identities: Sequence[str]) -> dict[str, KnownGift]:
    """The gifts of earlier tables by identity."""
    found: dict[str, KnownGift] = {}
    for part in parts(identities, CHUNK):
        for gift, _, known in _read(Donation.identity.in_(part)):
            found[str(gift.identity)] = known
    return found


def _own_gifts(rows: Sequence[GiftRow]) -> dict[int, KnownGift]:
    """Rows whose receipt number the portal gave out itself (an export brought back), by their place."""
    wanted: dict[tuple, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        if match := OWN_RECEIPT.fullmatch(row.paper_number or ""):
            wanted[row.unit_id, int(match[2]), int(match[1])].append(place)
        elif gift_id := id_of_code(row.paper_number or ""):
            wanted[row.unit_id, gift_id].append(place)
    found: dict[int, KnownGift] = {}
    for part in parts(list(wanted), CHUNK):
        by_id = Donation.id.in_([key[1] for key in part if len(key) == 2])
        by_receipt = (Posting.series == RECEIPT_SERIES) & Posting.series_no.in_(
            [key[2] for key in part if len(key) == 3]
        )
        for gift, posting, known in _read(by_id | by_receipt):
            for key in ((gift.unit_id, gift.id), (gift.unit_id, posting.series_year, posting.series_no)):
                found.update(dict.fromkeys(wanted.get(key, ()), known))
    return found


def _read(condition: ColumnElement[bool]) -> Iterator[tuple[Donation, Posting, KnownGift]]:
    rows = select(Donation, Posting, Account.bank_account_id, is_reversed(Donation.posting_number))
    rows = rows.join(Posting, Posting.number == Donation.posting_number).options(lazyload(Posting.entry))
    rows = rows.join(
        Transfer,
        (Transfer.posting_number == Donation.posting_number) & (Transfer.ordinal == Donation.ordinal),
    ).join(Account, Account.id == Transfer.debit_id)
    for gift, posting, bank_account_id, undone in db.session.execute(rows.where(condition)):
        values = {name: getattr(gift, name) for name in NAMES if hasattr(Donation, name)}
        values.update(day=gift.donated_on, fund_id=posting.fund_id, bank_account_id=bank_account_id)
        yield gift, posting, KnownGift(gift.id, bool(undone), GiftRow(**values))


@dataclass
class Sorted:
    """Rows of a table by what the books know of them. `clashes`: (place, what the row contradicts)."""

    new: list[tuple[GiftRow, str]]
    duplicates: int
    clashes: list[tuple[int, KnownGift | int]]


def sort_gifts(rows: Sequence[GiftRow], given: frozenset[str]) -> Sorted:
    """Which gifts are new, which are known, and which contradict a known one (or an earlier row).

    `given`: the fields the file has columns for; the others are not compared. A gift that was reversed may be
    brought again with other facts; with the same facts it stays reversed.
    """
    result = Sorted([], 0, [])
    own = _own_gifts(rows)
    groups: dict[tuple, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        if place not in own:
            groups[base_of(row)].append(place)
        elif same_facts(row, own[place].row, given):
            result.duplicates += 1
        else:
            result.clashes.append((place, own[place]))
    known = known_gifts(
        [identity(base, turn) for base, places in groups.items() for turn in range(len(places))]
    )
    fresh: list[tuple[int, str]] = []
    for base, places in groups.items():
        if rows[places[0]].paper_number is None:
            marks = [identity(base, turn) for turn in range(len(places))]
            fresh += [(place, mark) for place, mark in zip(places, marks, strict=True) if mark not in known]
            result.duplicates += sum(mark in known for mark in marks)
        else:
            _sort_receipt(rows, base, places, known, given, result, fresh)
    result.new = [(rows[place], mark) for place, mark in sorted(fresh)]
    result.clashes.sort(key=lambda clash: clash[0])
    return result


def _sort_receipt(
    rows: Any, base: tuple, places: list[int], known: Any, given: Any, result: Sorted, fresh: Any
) -> None:
    """The rows of one receipt: the first counts, the same again is a duplicate, all else a clash."""
    first = places[0]
    for place in places[1:]:
        if rows[place] == rows[first]:
            result.duplicates += 1
        else:
            result.clashes.append((place, first))
    turn = 0
    while (earlier := _earlier(base, turn, known)) is not None:
        if same_facts(rows[first], earlier.row, given):
            result.duplicates += 1
            return
        if not earlier.reversed:
            result.clashes.append((first, earlier))
            return
        turn += 1
    fresh.append((first, identity(base, turn)))


def _earlier(base: tuple, turn: int, known: dict[str, KnownGift]) -> KnownGift | None:
    mark = identity(base, turn)
    if turn and mark not in known:
        known.update(known_gifts([mark]))
    return known.get(mark)


def same_facts(row: GiftRow, known: GiftRow, given: frozenset[str]) -> bool:
    """Whether a row says nothing new of a gift. How the giver is shown may have changed since, by wish."""
    compared = given - {"shown_as", "paper_number"}
    return all(getattr(row, name) == getattr(known, name) for name in compared)
