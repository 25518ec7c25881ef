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
from typing import IO, Any, NamedTuple

from sqlalchemy import select

from portal.kit.db import db
from portal.statements.daylines import HEAD, NUMBER, SAME, DayLines, signs_of
from portal.statements.likeness import Printed, are_alike, printed, sign
from portal.statements.lines import StatementRow
from portal.statements.models import Statement, StatementLine
from portal.statements.queries import Target

CHUNK = 5_000
IN_MEMORY = 8 << 20  # bytes of waiting rows before they go to disk
LOOKED_AT = 50  # lines with the same beginning that are looked at beside as many as there are rows
KEY_PART = 8

Waiting = tuple[StatementRow, bytes]


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
        self._waiting.add(row, key)

    @property
    def held(self) -> int:
        """How many rows wait."""
        return self._waiting.count

    def resolve(self) -> Iterator[tuple[list[Pair], list[Waiting]]]:
        """(rows that are lines already, rows that are new) in pieces; the new ones in the order of the file."""
        for match in (self._by_same, self._by_number, self._by_beginning):
            left = _Rows()
            for chunk in self._waiting.read():
                self._load(chunk)
                pairs, others = match(chunk)
                for row, key in others:
                    left.add(row, key)
                yield pairs, []
            self._waiting = left
        for chunk in self._waiting.read():
            self.doubtful += sum(
                self._days[row.day].doubts(row.amount_signed, row.reference) for row, _ in chunk
            )
            yield [], chunk

    def _load(self, chunk: Sequence[Waiting]) -> None:
        """Read the lines of days that come up for the first time, all in one statement."""
        wanted = {row.day for row, _ in chunk} - self._days.keys()
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

    def _by_same(self, chunk: list[Waiting]) -> tuple[list[Pair], list[Waiting]]:
        return self._by_sign(chunk, SAME)

    def _by_number(self, chunk: list[Waiting]) -> tuple[list[Pair], list[Waiting]]:
        return self._by_sign(chunk, NUMBER)

    def _by_sign(self, chunk: list[Waiting], level: int) -> tuple[list[Pair], list[Waiting]]:
        """Rows that share a whole text, or a bank's own number, with a free line."""
        pairs, left = [], []
        for row, key in chunk:
            lines = self._days[row.day]
            place = next((place for one in _signs(row, level) for place in _found(lines, one, row)), None)
            if place is None:
                left.append((row, key))
            else:
                pairs.append(Pair(row, *lines.take(place)))
        return pairs, left

    def _by_beginning(self, chunk: list[Waiting]) -> tuple[list[Pair], list[Waiting]]:
        """Rows that begin as free lines do; their whole texts are read, one statement for each file, and compared."""
        texts = self._texts(self._candidates(chunk))
        pairs, left = [], []
        for row, key in chunk:
            lines, mine = self._days[row.day], printed(row.text)
            places = (place for one in _signs(row, HEAD) for place in _found(lines, one, row))
            alike = (place for place in places if _is(mine, texts.get(lines.at(place))))
            place = next(alike, None)
            if place is None:
                left.append((row, key))
            else:
                pairs.append(Pair(row, *lines.take(place)))
        return pairs, left

    def _candidates(self, chunk: list[Waiting]) -> set[tuple[int, int]]:
        """Free lines that begin as rows do: as many as there are such rows, and some more."""
        wanted = Counter((row.day, one) for row, _ in chunk for one in _signs(row, HEAD))
        found = set()
        for (day, one), times in wanted.items():
            lines = self._days[day]
            for place, _ in zip(lines.find(one, None, None), range(times + LOOKED_AT), strict=False):
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

    def add(self, row: StatementRow, key: bytes) -> None:
        """Behind the others."""
        self.count += 1
        self._sheet = row.sheet  # all rows stand on one, which cannot be written down
        self._part.append((row._replace(sheet=None), key))  # type: ignore[arg-type]
        if len(self._part) == CHUNK:
            pickle.dump(self._part, self._file, pickle.HIGHEST_PROTOCOL)
            self._part = []

    def read(self) -> Iterator[list[Waiting]]:
        """All of them in pieces, once."""
        self._file.seek(0)
        for _ in range((self.count - len(self._part)) // CHUNK):
            yield self._with_sheet(pickle.load(self._file))  # noqa: S301 (written above)
        if self._part:
            yield self._with_sheet(self._part)
        self._file.close()

    def _with_sheet(self, part: list[Waiting]) -> list[Waiting]:
        return [(row._replace(sheet=self._sheet), key) for row, key in part]


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


def _is(mine: Printed, other: Printed | None) -> bool:
    return other is not None and are_alike(mine, other)


def _signs(row: StatementRow, level: int) -> Iterator[int]:
    amount = row.amount_signed
    found = signs_of(row.text, row.reference)
    return (sign(level, amount, words) for known, words in found if known == level)


def _found(lines: DayLines, one: int, row: StatementRow) -> Iterator[int]:
    return lines.find(one, row.reference, row.balance)


def _part(key: bytes) -> int:
    return int.from_bytes(key[:KEY_PART], "big")
