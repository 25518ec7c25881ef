"""The rows of gifts as plain values, with the numbers that the books count one by one, taken in blocks."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import text

from portal.donations import rules
from portal.donations.gifts import Gift, Part, Posted
from portal.donations.known import Known
from portal.donations.models import Donation, ForeignAmount
from portal.goods.models import StockMovement
from portal.kit import audit
from portal.kit.db import db, is_sqlite, now
from portal.kit.errors import Refused
from portal.kit.numbers import Entry, last_number, take_paper_number, take_posting_lock
from portal.ledger.actions import account_ids
from portal.ledger.models import Posting, Transfer
from portal.ledger.rules import AccountFields
from portal.people.models import User

PLACES = {
    rules.CASH: "cash",
    rules.BANK: "untracked",
    rules.GOODS: "store",
    rules.PAPERS: "papers",
}


def next_donation_ids(wanted: dict[date, int]) -> dict[date, int]:
    """The first free id of each day for so many gifts; under the posting lock until the transaction ends."""
    take_posting_lock()
    newest = _newest_ids([rules.first_id(day) for day in wanted])
    first = {day: newest[rules.first_id(day)] + 1 for day in wanted}
    for day, count in wanted.items():
        if first[day] - 1 + count >= rules.first_id(day) + rules.PER_DAY:
            raise Refused(
                f"Ngày {day:%d/%m/%Y} đã đủ số khoản mà sổ đánh số được. Báo người quản trị.", "day"
            )
    return first


def _newest_ids(starts: list[int]) -> dict[int, int]:
    """The newest id of each day, by the id below its first gift (that one when there is none yet); one statement."""
    days = "json_each(:starts) AS day" if is_sqlite() else "unnest(CAST(:starts AS bigint[])) AS day (value)"
    newest = "SELECT max(id) FROM donation WHERE id BETWEEN day.value AND day.value + :more"
    asked = text(f"SELECT day.value, COALESCE(({newest}), day.value) AS newest FROM {days}")  # noqa: S608
    values = {"starts": json.dumps(starts) if is_sqlite() else starts, "more": rules.PER_DAY - 1}
    return {row.value: row.newest for row in db.session.execute(asked, values)}


def received_fields(unit_id: int, fund_id: int, campaign_id: int | None, form: str) -> AccountFields:
    """The source that counts gifts of one form in a campaign (None = "chung")."""
    return AccountFields(unit_id, fund_id, "received", campaign_id, form)


def place_fields(gift: Gift, part: Part) -> AccountFields:
    """Where a part lies: a hand or the cash box, transit of the bank account, untracked, store, papers.

    What a sponsor paid directly lies nowhere: it is spent.
    """
    owner = (gift.unit_id, gift.fund_id)
    if part.spent_for is not None:
        return AccountFields(*owner, "spent", gift.campaign_id, part.spent_for)
    if part.bank_account_id is not None:
        return AccountFields(*owner, "transit", bank_account_id=part.bank_account_id)
    if part.form == rules.CASH:
        currency = part.foreign.currency.lower() if part.foreign else ""
        return AccountFields(*owner, "cash", purpose=currency, holder_id=gift.holder_id)
    return AccountFields(*owner, PLACES[part.form])


class Rows:
    """The rows of the tables, as plain values, with the numbers that the books count one by one."""

    def __init__(self, gifts: Sequence[Gift], known: Known, by: User | None, second: User | None):
        self._known = known
        self._accounts: dict[tuple[Any, ...], tuple[int, int]] = {}
        self._by = (by.id, by.name) if by else audit.actor()
        self._second = (second.id, second.name) if second else (None, None)
        self._make_accounts(gifts)
        self._ids = next_donation_ids(_counted(gifts))
        self._papers = _take_papers(gifts)
        self.first, self._moment = last_number() + 1, now()
        self.posted: list[Posted] = []
        self._entries: list[dict[str, Any]] = []
        self._postings: list[dict[str, Any]] = []
        self._transfers: list[dict[str, Any]] = []
        self._donations: list[dict[str, Any]] = []
        self._foreign: list[dict[str, Any]] = []
        self._movements: list[dict[str, Any]] = []
        for number, gift in enumerate(gifts, self.first):
            self._add(number, gift)

    def tables(self) -> Iterator[tuple[Any, list[dict[str, Any]]]]:
        """(model, rows) in the order in which they may be written."""
        yield Entry, self._entries
        yield Posting, self._postings
        yield Transfer, self._transfers
        yield Donation, self._donations
        yield ForeignAmount, self._foreign
        yield StockMovement, self._movements

    def _make_accounts(self, gifts: Sequence[Gift]) -> None:
        wanted: dict[tuple[Any, ...], tuple[AccountFields, AccountFields]] = {}
        for gift in gifts:
            for part in gift.parts:
                key = _account_key(gift, part)
                if part.amount and key not in wanted:
                    source = received_fields(gift.unit_id, gift.fund_id, gift.campaign_id, part.form)
                    wanted[key] = (source, place_fields(gift, part))
        ids = account_ids({fields for pair in wanted.values() for fields in pair})
        self._accounts = {key: (ids[source], ids[place]) for key, (source, place) in wanted.items()}

    def _add(self, number: int, gift: Gift) -> None:
        by_id, by_name = self._by
        booked_on = self._known.booked_on(gift)
        series, series_no = self._paper(gift)
        self._entries.append(
            {
                "number": number,
                "what": gift.document,
                "by_id": by_id,
                "by_name": by_name,
                "recorded_at": self._moment,
            }
        )
        self._postings.append(
            {
                "number": number,
                "kind": gift.document,
                "unit_id": gift.unit_id,
                "fund_id": gift.fund_id,
                "document_on": gift.day,
                "booked_on": booked_on,
                "series": series,
                "series_year": gift.day.year if series else None,
                "series_no": series_no,
                "by_id": by_id,
                "second_id": self._second[0],
                "second_name": self._second[1],
                "reason": gift.reason,
            }
        )
        first_id = self._ids[gift.day]
        self._ids[gift.day] += len(gift.parts)
        for ordinal, part in enumerate(gift.parts, start=1):
            self._add_part(number, ordinal, gift, part, first_id, booked_on)
        paper = f"{series}-{series_no:04d}/{gift.day.year}" if series else None
        self.posted.append(Posted(number, first_id, paper))

    def _paper(self, gift: Gift) -> tuple[str | None, int | None]:
        key = _series_key(gift)
        if key is None:
            return None, None
        self._papers[key] += 1
        return key[0], self._papers[key] - 1

    def _add_part(
        self, number: int, ordinal: int, gift: Gift, part: Part, first_id: int, booked_on: date
    ) -> None:
        donation_id = first_id + ordinal - 1
        donation = {
            "id": donation_id,
            "posting_number": number,
            "ordinal": ordinal,
            "part_of": first_id if ordinal > 1 else None,
            "identity": gift.identity if ordinal == 1 else None,
        }
        self._donations.append(donation | self._giver(gift) | self._worth(part))
        at = {"posting_number": number, "ordinal": ordinal, "booked_on": booked_on}
        if part.amount:
            credit_id, debit_id = self._accounts[_account_key(gift, part)]
            self._transfers.append(at | {"credit_id": credit_id, "debit_id": debit_id, "amount": part.amount})
        if part.item_id is not None:
            moved = {"store_id": part.store_id, "item_id": part.item_id, "lot_id": part.lot_id}
            moved |= {"quantity": part.thousandths, "value": part.amount or None}
            self._movements.append(at | moved)
        if part.foreign is not None:
            self._foreign.append({"donation_id": donation_id, **vars(part.foreign)})

    def _giver(self, gift: Gift) -> dict[str, Any]:
        donor = self._known.donors.get(gift.donor_id or 0)
        return {
            "unit_id": gift.unit_id,
            "campaign_id": gift.campaign_id,
            "donated_on": gift.day,
            "donor_id": gift.donor_id,
            "donor_name": gift.donor_name or (donor.name if donor else None),
            "donor_pending": gift.donor_pending,
            "people": gift.people,
            "donor_kind": gift.donor_kind or (donor.kind if donor else None),
            "address": gift.address or (donor.address if donor else None),
            "shown_as": gift.shown_as,
            "paper_number": gift.paper_number,
            "text": gift.text,
            "note": gift.note,
        }

    def _worth(self, part: Part) -> dict[str, Any]:
        item = self._known.items.get(part.item_id or 0)
        return {
            "form": part.form,
            "amount": part.amount,
            "goods": part.goods or (item.name if item else None),
            "quantity": part.quantity,
            "measure": part.measure or (item.measure if item else None),
        }


def _account_key(gift: Gift, part: Part) -> tuple[Any, ...]:
    holder = gift.holder_id if part.form == rules.CASH else None
    currency = part.foreign.currency if part.foreign else None
    place = (part.bank_account_id, holder, currency, part.spent_for)
    return gift.unit_id, gift.fund_id, gift.campaign_id, part.form, *place


def _counted(gifts: Sequence[Gift]) -> dict[date, int]:
    wanted: Counter[date] = Counter()
    for gift in gifts:
        wanted[gift.day] += len(gift.parts)
    return dict(wanted)


def _series_key(gift: Gift) -> tuple[str, int, int, int] | None:
    series = rules.series_of({part.form for part in gift.parts}, gift.paper_number)
    return (series, gift.unit_id, gift.fund_id, gift.day.year) if series else None


def _take_papers(gifts: Sequence[Gift]) -> dict[tuple[str, int, int, int], int]:
    """The next number of each series that these gifts need, taken in blocks."""
    wanted = Counter(key for gift in gifts if (key := _series_key(gift)))
    return {
        key: take_paper_number(
            kind=key[0], unit_id=key[1], fund_id=key[2], day=date(key[3], 1, 1), count=count
        )
        for key, count in sorted(wanted.items())
    }


def pieces(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """A long list in pieces."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
