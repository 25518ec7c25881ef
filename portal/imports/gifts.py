"""Gifts of a table in large numbers: each its own document, all written set-based in one transaction.

The rules are those of `donations.actions.record_donation`; only the way into the tables is shorter. Bulk
statements on audited tables are allowed in this folder alone: the batch leaves one audit entry.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.donations.actions import next_donation_ids
from portal.donations.models import Donation
from portal.donations.rules import BANK, CASH, GOODS, PAPERS, RECEIPT_SERIES
from portal.kit import audit
from portal.kit.days import today_in_vietnam
from portal.kit.db import db, now
from portal.kit.numbers import Entry, Numbering, last_number, take_paper_number, take_posting_lock
from portal.ledger.actions import account_for
from portal.ledger.models import Posting, Transfer
from portal.ledger.queries import closed_through
from portal.ledger.rules import booking_day
from portal.ledger.totals import add_totals
from portal.people.models import User

BATCH = 2_000  # rows in one INSERT call
PLACES = {CASH: "cash", BANK: "untracked", GOODS: "store", PAPERS: "papers"}


@dataclass(frozen=True)
class GiftRow:
    """One gift as it is brought in; ids of records, đồng, None where nothing is written."""

    day: date
    unit_id: int
    fund_id: int
    campaign_id: int | None
    bank_account_id: int | None
    form: str
    amount: int
    donor_name: str | None = None
    donor_kind: str | None = None
    address: str | None = None
    goods: str | None = None
    quantity: str | None = None
    measure: str | None = None
    shown_as: str | None = None
    paper_number: str | None = None
    note: str | None = None


NAMES = [field.name for field in fields(GiftRow)]


def post_gifts(gifts: Sequence[tuple[GiftRow, str]], *, by: User | None) -> tuple[int, int]:
    """Post gifts with their identities, each a document of its own; returns the first and last entry number.

    Flushes; the caller commits. Rows must have been checked: known records, days not to come, living units.
    """
    take_posting_lock()
    by_id, by_name = (by.id, by.name) if by else audit.actor()
    first, moment = last_number() + 1, now()
    number_of = _Numbers([row for row, _ in gifts])
    entries, postings, transfers, donations = [], [], [], []
    for number, (row, kept) in enumerate(gifts, first):
        booked_on = number_of.booked_on(row)
        credit_id, debit_id = number_of.accounts(row)
        entries.append(
            {"number": number, "what": "donation", "by_id": by_id, "by_name": by_name, "recorded_at": moment}
        )
        postings.append(_posting(number, row, booked_on, by_id, number_of.receipt(row)))
        transfers.append(
            {
                "posting_number": number,
                "ordinal": 1,
                "credit_id": credit_id,
                "debit_id": debit_id,
                "booked_on": booked_on,
                "amount": row.amount,
            }
        )
        donations.append(_donation(number, row, kept, number_of.gift_id(row)))
    for model, rows in ((Entry, entries), (Posting, postings), (Transfer, transfers), (Donation, donations)):
        for part in parts(rows, BATCH):
            db.session.execute(model.__table__.insert(), part)
    last = first + len(gifts) - 1
    add_totals(first, last)
    return first, last


class _Numbers:
    """Gives out what the books count one by one, taken from them in blocks."""

    def __init__(self, rows: Sequence[GiftRow]):
        self._ids = next_donation_ids(dict(Counter(row.day for row in rows)))
        self._receipts = {
            key: _take_receipts(*key, count)
            for key, count in Counter(_series(row) for row in rows if _has_receipt(row)).items()
        }
        self._accounts: dict[tuple, tuple[int, int]] = {}
        self._closed: dict[tuple[int, int], date | None] = {}
        self._today = today_in_vietnam()

    def gift_id(self, row: GiftRow) -> int:
        """The next id of the row's day."""
        self._ids[row.day] += 1
        return self._ids[row.day] - 1

    def receipt(self, row: GiftRow) -> int | None:
        """The next number of the receipts; gifts from paper books keep theirs."""
        if not _has_receipt(row):
            return None
        self._receipts[_series(row)] += 1
        return self._receipts[_series(row)] - 1

    def booked_on(self, row: GiftRow) -> date:
        """The open day in which the books count the gift."""
        key = (row.unit_id, row.fund_id)
        if key not in self._closed:
            self._closed[key] = closed_through(*key)
        return booking_day(row.day, closed_through=self._closed[key], today=self._today)

    def accounts(self, row: GiftRow) -> tuple[int, int]:
        """(credit, debit): the source of this form and campaign, and the place of the money or goods."""
        key = (row.unit_id, row.fund_id, row.campaign_id, row.form, row.bank_account_id)
        if key not in self._accounts:
            owner = {"unit_id": row.unit_id, "fund_id": row.fund_id}
            source = account_for(**owner, kind="received", campaign_id=row.campaign_id, purpose=row.form)
            if row.bank_account_id is not None:
                place = account_for(**owner, kind="transit", bank_account_id=row.bank_account_id)
            else:
                place = account_for(**owner, kind=PLACES[row.form])
            self._accounts[key] = source.id, place.id
        return self._accounts[key]


def _has_receipt(row: GiftRow) -> bool:
    return row.form == CASH and row.paper_number is None


def _series(row: GiftRow) -> tuple[int, int, int]:
    return row.unit_id, row.fund_id, row.day.year


def _take_receipts(unit_id: int, fund_id: int, year: int, count: int) -> int:
    """The first of `count` receipt numbers; the rest follow without a gap."""
    first = take_paper_number(unit_id=unit_id, fund_id=fund_id, kind=RECEIPT_SERIES, day=date(year, 1, 1))
    wanted = select(Numbering).filter_by(unit_id=unit_id, fund_id=fund_id, kind=RECEIPT_SERIES, year=year)
    series = db.session.scalars(wanted).one()
    series.last += count - 1
    db.session.flush()
    return first


def _posting(
    number: int, row: GiftRow, booked_on: date, by_id: int | None, receipt: int | None
) -> dict[str, Any]:
    return {
        "number": number,
        "kind": "donation",
        "unit_id": row.unit_id,
        "fund_id": row.fund_id,
        "document_on": row.day,
        "booked_on": booked_on,
        "by_id": by_id,
        "series": RECEIPT_SERIES if receipt else None,
        "series_year": row.day.year if receipt else None,
        "series_no": receipt,
    }


def _donation(number: int, row: GiftRow, kept: str, gift_id: int) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in NAMES if hasattr(Donation, name)}
    return {
        **values,
        "id": gift_id,
        "posting_number": number,
        "ordinal": 1,
        "donated_on": row.day,
        "identity": kept,
    }


def parts(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """A long list in pieces."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
