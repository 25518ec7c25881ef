"""Overlapping statements: which rows of a new file the account has already, in other words.

Only on days that a posted statement of the account covers. Rows that are not known by their key wait, on disk beyond
a few megabytes, until the whole file is read: a line that another row of the file is by its key must not be taken. Then
they are compared with the lines left on their days, the surest likeness first, n-th with n-th, each line once.
"""

from __future__ import annotations

import pickle
import tempfile
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import IO, Any, NamedTuple

from sqlalchemy import select

from portal.kit.db import db
from portal.statements.daylines import DayLines, head_sign, number_signs, same_sign
from portal.statements.likeness import Printed, are_alike, printed
from portal.statements.lines import StatementRow
from portal.statements.models import Statement, StatementLine
from portal.statements.queries import Target

CHUNK = 5_000
IN_MEMORY = 8 << 20  # bytes of waiting rows before they go to disk
LOOKED_AT = 50  # lines with the same beginning that are looked at beside as many as there are rows
KEY_PART = 8

Fresh = tuple[StatementRow, bytes]


class Waiting(NamedTuple):
    """A row with its key, and the beginning that it shares with lines of its day, if it does."""

    row: StatementRow
    key: bytes
    head: int | None = None


class Pair(NamedTuple):
    """A row, and the line (statement, ordinal) that it is."""

    row: StatementRow
    other_id: int
    other_ordinal: int


class Pairing:
    """Takes the rows of one reading that have no key in the account; `resolve` says which of them are new."""

    def __init__(self, target: Target, statement_id: int | None):
        self.account_id, self.statement_id = target.account_id, statement_id
        self.doubtful = 0  # rows that are added though a line left has their day and amount
        self._spans: list[tuple[date, date]] = []
        self._touched: dict[date, bool] = {}
        self._met: defaultdict[date, array[int]] = defaultdict(lambda: array("Q"))
        self._days: dict[date, DayLines] = {}
        self._waiting = _Rows()

    def look(self) -> None:
        """Learn which days posted statements of the account cover."""
        rows = select(Statement.first_day, Statement.last_day).where(
            Statement.bank_account_id == self.account_id,
            Statement.state == "posted",
            Statement.new_rows > 0,
            Statement.first_day.is_not(None),
        )
        self._spans = [(first, last) for first, last in db.session.execute(rows) if first and last]

    def touches(self, day: date) -> bool:
        """Whether the account may have lines of a day."""
        if not self._spans:
            return False
        known = self._touched.get(day)
        if known is None:
            known = self._touched[day] = any(first <= day <= last for first, last in self._spans)
        return known

    def met(self, day: date, key: bytes) -> None:
        """A row is known by its key: that line is no other row's."""
        if self.touches(day):
            self._met[day].append(_part(key))

    def hold(self, row: StatementRow, key: bytes) -> None:
        """A row of a touched day without a known key."""
        self._waiting.add(Waiting(row, key))

    @property
    def held(self) -> int:
        """How many rows wait."""
        return self._waiting.count

    def resolve(self) -> Iterator[tuple[list[Pair], list[Fresh]]]:
        """(rows that are lines already, rows that are new) in pieces; the new ones in the order of the file."""
        for match in (self._by_signs, self._by_beginning):
            left = _Rows()
            for chunk in self._waiting.read():
                self._load(chunk)
                pairs, others = match(chunk)
                for one in others:
                    left.add(one)
                yield pairs, []
            self._waiting = left
        for chunk in self._waiting.read():
            doubtful = (self._days[row.day].doubts(row.amount_signed, row.reference) for row, _, _ in chunk)
            self.doubtful += sum(doubtful)
            yield [], [(row, key) for row, key, _ in chunk]

    def _load(self, chunk: Sequence[Waiting]) -> None:
        """Read the lines of days that come up for the first time, all in one statement."""
        wanted = {one.row.day for one in chunk} - self._days.keys()
        if not wanted:
            return
        met = {day: set(self._met.pop(day, ())) for day in wanted}
        for day in wanted:
            self._days[day] = DayLines()
        for line in db.session.execute(self._lines(wanted)):
            if _part(line.key) not in met[line.day]:
                amount = line.credit if line.debit is None else -line.debit
                at = (line.statement_id, line.ordinal)
                self._days[line.day].add(at, amount, line.reference, line.balance, line.text)
        for day in wanted:
            self._days[day].close()
        db.session.rollback()

    def _lines(self, days: set[date]):  # type: ignore[no-untyped-def]
        line = StatementLine
        rows = select(
            line.statement_id, line.ordinal, line.day, line.key, line.reference, line.credit, line.debit, line.balance,
            line.text,
        )  # fmt: skip
        rows = rows.where(line.bank_account_id == self.account_id, line.day.in_(days), line.key.is_not(None))
        if self.statement_id is not None:
            rows = rows.where(line.statement_id != self.statement_id)
        rows = rows.order_by(line.statement_id, line.ordinal)
        return rows.execution_options(yield_per=CHUNK)

    def _by_signs(self, chunk: list[Waiting]) -> tuple[list[Pair], list[Waiting]]:
        """Rows that share a whole text with a free line; then those that share a bank's own number."""
        pairs: list[Pair] = []
        left = [one for one in chunk if not self._take(one.row, self._same(one.row), pairs)]
        others = []
        for row, key, _ in left:
            lines, head = self._days[row.day], None
            if lines.free:
                signs = number_signs(row.amount_signed, row.text, row.reference)
                if self._take(row, (place for one in signs for place in _found(lines, one, row)), pairs):
                    continue
                head = head_sign(row.amount_signed, row.text)
            others.append(Waiting(row, key, head if head is not None and lines.knows(head) else None))
        return pairs, others

    def _same(self, row: StatementRow) -> Iterator[int]:
        lines = self._days[row.day]
        key = same_sign(row.amount_signed, row.text) if lines.free else None
        return _found(lines, key, row)

    def _take(self, row: StatementRow, places: Iterator[int], pairs: list[Pair]) -> bool:
        """Give a row the first of these lines. False when there is none."""
        place = next(places, None)
        if place is not None:
            pairs.append(Pair(row, *self._days[row.day].take(place)))
        return place is not None

    def _by_beginning(self, chunk: list[Waiting]) -> tuple[list[Pair], list[Waiting]]:
        """Rows that begin as free lines do; their whole texts are read, one statement for each file, and compared."""
        texts = self._texts(self._candidates(chunk))
        pairs: list[Pair] = []
        left = []
        for one in chunk:
            row, lines = one.row, self._days[one.row.day]
            mine = printed(row.text) if one.head is not None else None
            places = _found(lines, one.head, row)
            alike = (place for place in places if _are_alike(mine, texts.get(lines.at(place))))
            if not self._take(row, alike, pairs):
                left.append(one)
        return pairs, left

    def _candidates(self, chunk: list[Waiting]) -> set[tuple[int, int]]:
        """Free lines that begin as rows do: as many as there are such rows, and some more."""
        wanted = Counter((one.row.day, one.head) for one in chunk if one.head is not None)
        found = set()
        for (day, head), times in wanted.items():
            lines = self._days[day]
            for place in islice(lines.find(head, None, None), times + LOOKED_AT):
                found.add(lines.at(place))
        return found

    def _texts(self, wanted: set[tuple[int, int]]) -> dict[tuple[int, int], Printed]:
        texts = {at: printed(text) for at, text in texts_of(wanted)}
        db.session.rollback()
        return texts


class _Rows:
    """Rows that wait: in memory, and on disk when they are many."""

    def __init__(self) -> None:
        self.count = 0
        self._sheet: Any = None
        self._part: list[Waiting] = []
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115

    def add(self, one: Waiting) -> None:
        """Behind the others."""
        self.count += 1
        self._sheet = one.row.sheet  # all rows stand on one, which cannot be written down
        self._part.append(one._replace(row=one.row._replace(sheet=None)))  # type: ignore[arg-type]
        if len(self._part) == CHUNK:
            pickle.dump([tuple(each) for each in self._part], self._file, pickle.HIGHEST_PROTOCOL)
            self._part = []

    def read(self) -> Iterator[list[Waiting]]:
        """All of them in pieces, once."""
        self._file.seek(0)
        for _ in range((self.count - len(self._part)) // CHUNK):
            yield self._with_sheet(pickle.load(self._file))  # noqa: S301 (written above)
        if self._part:
            yield self._with_sheet(self._part)
        self._file.close()

    def _with_sheet(self, part: list[Any]) -> list[Waiting]:
        return [Waiting(row._replace(sheet=self._sheet), key, head) for row, key, head in part]


def texts_of(wanted: Iterable[tuple[int, int]]) -> Iterator[tuple[tuple[int, int], str]]:
    """((statement, ordinal), text) of these lines."""
    by_statement: defaultdict[int, list[int]] = defaultdict(list)
    for statement_id, ordinal in wanted:
        by_statement[statement_id].append(ordinal)
    line = StatementLine
    for statement_id, ordinals in by_statement.items():
        for start in range(0, len(ordinals), CHUNK):
            rows = select(line.ordinal, line.text).where(line.statement_id == statement_id)
            rows = rows.where(line.ordinal.in_(ordinals[start : start + CHUNK]))
            for ordinal, text in db.session.execute(rows):
                yield (statement_id, ordinal), text


def _are_alike(mine: Printed | None, other: Printed | None) -> bool:
    return mine is not None and other is not None and are_alike(mine, other)


def _found(lines: DayLines, key: int | None, row: StatementRow) -> Iterator[int]:
    return iter(()) if key is None else lines.find(key, row.reference, row.balance)


def _part(key: bytes) -> int:
    return int.from_bytes(key[:KEY_PART], "big")
