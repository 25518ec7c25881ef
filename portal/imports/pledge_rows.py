"""Which pledges of a table are known: by their number, without one as the n-th row that says the same.

New ones and new versions are written set-based under one entry; the run and its audit entry stand for all of them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import contains_eager, selectinload

from portal.imports.context import Context
from portal.imports.gifts import parts
from portal.imports.kind import Counts, Located
from portal.imports.occurrences import UndoneEntries, sort_occurrences
from portal.imports.outcome import Problems
from portal.kit import audit
from portal.kit.coded import new_codes
from portal.kit.days import today_in_vietnam
from portal.kit.db import db, now
from portal.kit.errors import Refused
from portal.kit.numbers import Entry, next_entry, take_paper_number
from portal.pledges.actions import FIELDS, dues_of, values_of
from portal.pledges.models import Instalment, Pledge, PledgeTerms
from portal.pledges.rules import MONEY, SERIES, Due, check_dues, check_terms

CHUNK = 500
NUMBER = "Số đăng ký"
OF_THINGS = ("content", "quantity", "measure")


@dataclass(frozen=True)
class PledgeRow:
    """One promise as a table brings it: the columns that the file has; `dues` None = the file has no such column."""

    unit_id: int
    fund_id: int
    day: date
    number: tuple[int, int] | None  # (number, year) of a known one
    fields: tuple[tuple[str, Any], ...]
    dues: tuple[Due, ...] | None

    @property
    def values(self) -> dict[str, Any]:
        """By column of PledgeTerms."""
        return dict(self.fields)

    @property
    def base(self) -> tuple:
        """Everything that is written, for rows without a number."""
        return (self.unit_id, self.fund_id, *self.fields, self.dues)


@dataclass
class SortedPledges:
    """Rows by what is known of them."""

    new: list[tuple[PledgeRow, str]] = field(default_factory=list)
    changed: list[tuple[PledgeTerms, dict[str, Any], list[Due]]] = field(default_factory=list)
    duplicates: int = 0
    known: set[int] = field(default_factory=set)  # numbers of the rows whose pledge exists

    @property
    def counts(self) -> Counts:
        """In rows."""
        return Counts(len(self.new), len(self.changed), self.duplicates)


def sort_rows(located: Sequence[Located], problems: Problems) -> SortedPledges:
    """Which rows are new, which change a pledge, which say nothing new; faults are told at their cells."""
    result = SortedPledges()
    groups: dict[tuple, list[int]] = defaultdict(list)
    numbered = [item for item in located if item.row.number is not None]
    for place, item in enumerate(located):
        if item.row.number is None:
            groups[item.row.base].append(place)
    found = sort_occurrences(groups, _look)
    result.new = [(located[place].row, mark) for place, mark in found.new]
    result.duplicates += len(found.known)
    result.known = {located[place].number for place in found.known}
    _sort_numbered(numbered, result, problems)
    return result


def _look(marks: Sequence[str]) -> dict[str, bool]:
    """Pledges of earlier tables by identity, and whether their import was undone."""
    undone = UndoneEntries("pledges")
    found: dict[str, bool] = {}
    for some in parts(marks, CHUNK):
        first = func.min(PledgeTerms.since)
        rows = select(Pledge.identity, first).join(PledgeTerms, PledgeTerms.pledge_id == Pledge.id)
        for mark, since in db.session.execute(
            rows.where(Pledge.identity.in_(some)).group_by(Pledge.identity)
        ):
            found[mark or ""] = since in undone
    return found


def _sort_numbered(numbered: Sequence[Located], result: SortedPledges, problems: Problems) -> None:
    known = _present({item.row.number for item in numbered})
    first: dict[int, Located] = {}
    for item in numbered:
        row = item.row
        terms = known.get((row.unit_id, row.fund_id, *row.number))
        if terms is None:
            text = "Chưa có đăng ký mang số này ở đơn vị và quỹ đó. Sửa số, hoặc để trống để ghi mới."
            problems.add(item.number, NUMBER, text)
            continue
        result.known.add(item.number)
        earlier = first.setdefault(terms.pledge_id, item)
        if earlier is not item:
            if earlier.row != row:
                text = f"Số này đã dùng ở dòng {earlier.number} với nội dung khác. Giữ lại một dòng."
                problems.add(item.number, NUMBER, text)
            result.duplicates += 1
            continue
        _compare(item, terms, result, problems)


def _present(numbers: Iterable[tuple[int, int]]) -> dict[tuple[int, int, int, int], PledgeTerms]:
    """Present terms by (unit, fund, number, year)."""
    found = {}
    by_year: dict[int, list[int]] = defaultdict(list)
    for number, year in numbers:
        by_year[year].append(number)
    for year, some in by_year.items():
        for chunk in parts(sorted(some), CHUNK):
            rows = select(PledgeTerms).join(PledgeTerms.pledge).where(PledgeTerms.as_of(None))
            rows = rows.options(contains_eager(PledgeTerms.pledge), selectinload(PledgeTerms.instalments))
            for terms in db.session.scalars(rows.where(Pledge.year == year, Pledge.number.in_(chunk))):
                pledge = terms.pledge
                found[pledge.unit_id, pledge.fund_id, pledge.number, pledge.year] = terms
    return found


def _compare(item: Located, terms: PledgeTerms, result: SortedPledges, problems: Problems) -> None:
    """Whether a row says something new of its pledge."""
    row, old = item.row, values_of(terms)
    new = {**old, **row.values}
    if new["kind"] == MONEY:
        new |= dict.fromkeys(OF_THINGS)
    dues = dues_of(terms) if row.dues is None else list(row.dues)
    if row.dues is None and new["amount"] != old["amount"] and len(dues) == 1:
        dues = [Due(dues[0].due_on, new["amount"] or 0)]
    if new == old and _sorted(dues) == _sorted(dues_of(terms)):
        result.duplicates += 1
        return
    try:
        check_terms(new, today=today_in_vietnam())
        check_dues(dues, amount=new["amount"], pledged_on=new["pledged_on"])
        if new["pledged_on"].year != terms.pledge.year:
            raise Refused("Số đăng ký thuộc năm khác. Ghi ngày trong năm của số đó.", "pledged_on")
    except Refused as refused:
        problems.add(item.number, COLUMN_OF.get(refused.field or "", NUMBER), refused.text)
        return
    result.changed.append((terms, new, dues))


def _sorted(dues: Iterable[Due]) -> list[Due]:
    return sorted(dues, key=lambda due: due.due_on)


def write_rows(found: SortedPledges, context: Context) -> None:
    """Write new pledges and new versions under one entry; numbers are taken in blocks."""
    if not (found.new or found.changed):
        return
    by = context.by
    entry = next_entry("pledge", *((by.id, by.name) if by else audit.actor()))
    _insert_new(found.new, entry, context)
    _insert_versions(found.changed, entry)
    db.session.expire_all()


def _insert_new(new: Sequence[tuple[PledgeRow, str]], entry: Entry, context: Context) -> None:
    if not new:
        return
    numbers = _take_numbers(row for row, _ in new)
    heads = []
    codes = new_codes(Pledge, len(new))
    for (row, mark), code in zip(new, codes, strict=True):
        key = (row.unit_id, row.fund_id, row.day.year)
        heads.append(
            {
                "unit_id": row.unit_id,
                "fund_id": row.fund_id,
                "year": row.day.year,
                "number": numbers[key],
                "identity": mark,
                "transfer_code": code,
                "recorded_by_id": context.by.id if context.by else None,
                "recorded_at": now(),
            }
        )
        numbers[key] += 1
    made = insert(Pledge).returning(Pledge.identity, Pledge.id)
    ids: dict[str, int] = {mark: key for mark, key in db.session.execute(made, heads) if mark}
    rows = [(ids[mark], row.values, list(row.dues or ())) for row, mark in new]
    _insert_terms(rows, entry)


def _take_numbers(rows: Iterable[PledgeRow]) -> dict[tuple[int, int, int], int]:
    """The first number of each series; the rest follow without a gap."""
    wanted = Counter((row.unit_id, row.fund_id, row.day.year) for row in rows)
    return {
        key: take_paper_number(
            unit_id=key[0], fund_id=key[1], kind=SERIES, day=date(key[2], 1, 1), count=count
        )
        for key, count in sorted(wanted.items())
    }


def _insert_versions(changed: Sequence[tuple[PledgeTerms, dict[str, Any], list[Due]]], entry: Entry) -> None:
    for some in parts([terms.id for terms, _, _ in changed], CHUNK):
        ended = update(PledgeTerms).where(PledgeTerms.id.in_(some)).values(until=entry.number)
        db.session.execute(ended, execution_options={"synchronize_session": False})
    _insert_terms([(terms.pledge_id, values, dues) for terms, values, dues in changed], entry)


def _insert_terms(rows: Sequence[tuple[int, Mapping[str, Any], list[Due]]], entry: Entry) -> None:
    if not rows:
        return
    values = [
        {**dict.fromkeys(FIELDS), "announced": False, **said, "pledge_id": key, "since": entry.number}
        for key, said, _ in rows
    ]
    made = insert(PledgeTerms).returning(PledgeTerms.pledge_id, PledgeTerms.id)
    ids = {row.pledge_id: row.id for row in db.session.execute(made, values)}
    dues = [
        {"terms_id": ids[key], "due_on": due.due_on, "amount": due.amount}
        for key, _, some in rows
        for due in some
    ]
    if dues:
        db.session.execute(insert(Instalment), dues)


COLUMN_OF = {
    "donor_name": "Người đăng ký",
    "kind": "Hình thức",
    "shown_as": "Cách hiển thị",
    "pledged_on": "Ngày",
    "amount": "Số tiền",
    "content": "Nội dung",
    "dues": "Hạn",
}
