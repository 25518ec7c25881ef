"""Reads a statement in chunks and keeps its new lines where nobody sees them yet."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from sqlalchemy import delete, func, insert, select

from portal.jobs.steps import Cancelled, Progress, step
from portal.kit.db import db, is_sqlite
from portal.kit.money import format_amount
from portal.kit.vietnamese import fold
from portal.statements.classes import DONATION, Classes, Verdict
from portal.statements.classifying import LineJudge
from portal.statements.models import Statement, StatementLine, StatementPair
from portal.statements.pairing import Pair, Pairing
from portal.statements.queries import Target, has_lines, living_keys
from portal.statements.reading import Occurrences, StatementReading, StatementRow
from portal.statements.runs import Runs

CHUNK = 5_000
SECONDS = 1.0
SHOWN_REPEATS = 200  # duplicates kept to be shown; all are counted
LONGEST_TEXT, LONGEST_REFERENCE = 1_000, 100
COMPARING = "Đang so {count} dòng với các dòng đã có của những ngày trùng."
LONGEST_PARTY, LONGEST_PARTY_ACCOUNT = 200, 60
Fresh = tuple[StatementRow, bytes, str]  # a new row, its key, its folded text
COLUMNS = (
    "statement_id, ordinal, day, reference, credit, debit, balance, text, counterparty, counterparty_account, "
    "bank_account_id, key, kind, campaign_id, rule_id, pledge_id"
)


@dataclass
class Findings:
    """What a reading met, beside its certificate; money in đồng."""

    new: int = 0
    duplicates: int = 0
    repeated: list[StatementRow] = field(default_factory=list)
    first_day: date | None = None
    last_day: date | None = None
    first_new_day: date | None = None
    last_new_day: date | None = None
    new_with_amount: int = 0
    gift_runs: Runs = field(default_factory=Runs)
    moved: Counter[date] = field(default_factory=Counter)  # in − out of all lines per day
    classes: Classes = field(default_factory=Classes)
    paired: int = 0  # of the duplicates: known in other words
    pairs: list[Pair] = field(default_factory=list)  # the first ones
    doubtful: int = 0  # new, but a line of that day and amount in other words was there already

    def outside(self, starts_on: date, ends_on: date | None) -> tuple[int, int]:
        """(count, đồng) of new gifts before `starts_on` or after `ends_on`."""
        gifts = self.classes.gifts()
        late = [gifts[day] for day in gifts if day < starts_on or (ends_on is not None and day > ends_on)]
        return sum(count for count, _ in late), sum(amount for _, amount in late)

    def moved_before(self, day: date) -> int:
        """In − out of all lines of the file before a day."""
        return sum(amount for when, amount in self.moved.items() if when < day)


class Intake:
    """Takes a statement in. Without `statement_id` it only looks (dry run) and writes nothing."""

    def __init__(
        self, reading: StatementReading, target: Target, progress: Progress, statement_id: int | None = None
    ):
        self.reading, self.target, self.progress, self.statement_id = reading, target, progress, statement_id
        self.findings = Findings()
        self.pairing = Pairing(target, statement_id)
        self._occurrences = Occurrences(target.account_code)
        self._days: dict[date, str] = {}
        self._judge: LineJudge | None = None

    def run(self, total: int | None = None) -> Findings:
        """Read to the end. Raises Refused for a file that breaks off, Cancelled when asked to stop."""
        rows, done, asked = iter(self.reading), 0, total
        self.progress.check()  # opening a large workbook took its time
        db.session.rollback()
        with _looking():
            if known := has_lines(self.target.account_id):
                self.pairing.look()
            self._judge = LineJudge(self.target)
        while chunk := list(_for_a_while(rows)):
            folded = [fold(row.text) for row in chunk]
            keys = [self._key(row, text) for row, text in zip(chunk, folded, strict=True)]
            done += len(chunk)
            with step() if self.progress.job_id is not None else _looking():
                living = living_keys(self.target.account_id, keys) if known else set()
                self._take(chunk, keys, folded, living)
                total = asked or estimate(done, self.reading.share)
                self.progress.advance(done, total, f"Đã đọc {format_amount(done)} dòng.")
        self._pair(done, total)
        return self.findings

    def _pair(self, done: int, total: int | None) -> None:
        """Rows that waited are told apart: known in other words, or new."""
        found = self.findings
        for pairs, fresh in self.pairing.resolve():
            with step() if self.progress.job_id is not None else _looking():
                self._add([(row, key, fold(row.text)) for row, key in fresh])
                self._keep(pairs)
                self.progress.advance(done, total, COMPARING.format(count=format_amount(self.pairing.held)))
        found.doubtful = self.pairing.doubtful

    def _key(self, row: StatementRow, folded: str) -> bytes:
        return self._occurrences.key(row.day, row.reference, row.amount_signed, folded)

    def _take(
        self,
        chunk: list[StatementRow],
        keys: list[bytes],
        folded: list[str],
        living: set[bytes],
    ) -> None:
        found = self.findings
        fresh: list[Fresh] = []
        for row, key, text in zip(chunk, keys, folded, strict=True):
            signed = row.amount_signed
            if signed:
                found.moved[row.day] += signed
            if key in living:
                found.duplicates += 1
                self.pairing.met(row.day, key)
                if len(found.repeated) < SHOWN_REPEATS:
                    found.repeated.append(row)
            elif self.pairing.touches(row.day):
                self.pairing.hold(row, key)
            else:
                fresh.append((row, key, text))
        found.first_day, found.last_day = _span(found.first_day, found.last_day, [row.day for row in chunk])
        self._add(fresh)

    def _add(self, fresh: list[Fresh]) -> None:
        """Rows that are new, judged one by one."""
        if not fresh:
            return
        assert self._judge is not None
        found, days = self.findings, [row.day for row, *_ in fresh]
        verdicts = self._judge.verdicts([row for row, *_ in fresh], [text for *_, text in fresh])
        for (row, *_), verdict in zip(fresh, verdicts, strict=True):
            signed = row.amount_signed
            if verdict is not None and signed is not None:
                found.new_with_amount += 1
                found.classes.add(verdict, row.day, signed)
                if verdict.kind == DONATION:
                    found.gift_runs.add(row.day, row.ordinal)
        found.new += len(fresh)
        found.first_new_day, found.last_new_day = _span(found.first_new_day, found.last_new_day, days)
        if self.statement_id is not None:
            self._check_staged()
            values = zip(fresh, verdicts, strict=True)
            insert_lines([self._values(row, key, verdict) for (row, key, _), verdict in values])

    def _keep(self, pairs: list[Pair]) -> None:
        """Rows that are lines already, in other words."""
        found = self.findings
        found.duplicates += len(pairs)
        found.paired += len(pairs)
        found.pairs += pairs[: SHOWN_REPEATS - len(found.pairs)]
        if pairs and self.statement_id is not None:
            self._check_staged()
            db.session.execute(insert(StatementPair), [self._pair_values(pair) for pair in pairs])

    def _pair_values(self, pair: Pair) -> dict[str, object]:
        return {
            "statement_id": self.statement_id,
            "ordinal": pair.row.ordinal,
            "other_id": pair.other_id,
            "other_ordinal": pair.other_ordinal,
            "reference": pair.row.reference[:LONGEST_REFERENCE] or None,
            "text": pair.row.text[:LONGEST_TEXT],
        }

    def _check_staged(self) -> None:
        """Raises Cancelled when somebody has taken this import for dead and cleaned up behind it."""
        state = db.session.scalar(select(Statement.state).where(Statement.id == self.statement_id))
        if state != "staged":
            raise Cancelled

    def _values(self, row: StatementRow, key: bytes, verdict: Verdict | None) -> tuple:
        day = self._days.get(row.day) or self._days.setdefault(row.day, row.day.isoformat())
        return (
            self.statement_id,
            row.ordinal,
            day,
            row.reference[:LONGEST_REFERENCE] or None,
            row.credit,
            row.debit,
            row.balance,
            row.text[:LONGEST_TEXT],
            row.counterparty[:LONGEST_PARTY] or None,
            row.counterparty_account[:LONGEST_PARTY_ACCOUNT] or None,
            self.target.account_id,
            key,
            *((verdict.kind, *verdict.leads_to) if verdict else (None,) * 4),
        )


def _for_a_while(rows: Iterator[StatementRow]) -> Iterator[StatementRow]:
    """The next rows: a chunk, or what can be read in a second, so that people see it move and can stop it."""
    until = time.monotonic() + SECONDS
    for row in islice(rows, CHUNK):
        yield row
        if time.monotonic() > until:
            return


def estimate(done: int, share: float | None) -> int | None:
    """How many rows a file may have, of which `done` were in the `share` of it that was read."""
    return max(done, round(done / share)) if share else None


def insert_lines(values: list[tuple]) -> None:
    """Write lines given as tuples of COLUMNS (the day in ISO): the fastest way of each engine."""
    connection = db.session.connection()
    if is_sqlite():
        places = ",".join("?" * len(values[0]))
        connection.exec_driver_sql(f"INSERT INTO statement_line ({COLUMNS}) VALUES ({places})", values)
        return
    raw = connection.connection.driver_connection
    assert raw is not None
    with raw.cursor() as cursor, cursor.copy(f"COPY statement_line ({COLUMNS}) FROM STDIN") as copy:
        for row in values:
            copy.write_row(row)


def remove_staged(statement_id: int, state: str) -> None:
    """Undo a staging in short steps: its lines leave the key space, the statement stays as `state`.

    Does nothing to a statement that is posted.
    """
    with step():
        statement = db.session.get(Statement, statement_id, with_for_update=True)
        if statement is None or statement.state == "posted":
            return
        statement.state, statement.new_rows = state, 0
        statement.paired_rows = 0
        highest = select(func.max(StatementLine.ordinal)).where(StatementLine.statement_id == statement_id)
        last = db.session.scalar(highest) or 0
    for start in range(0, last + 1, CHUNK):
        piece = StatementLine.ordinal.between(start, start + CHUNK - 1)
        with step():
            db.session.execute(delete(StatementLine).where(StatementLine.statement_id == statement_id, piece))
    with step():
        db.session.execute(delete(StatementPair).where(StatementPair.statement_id == statement_id))


@contextmanager
def _looking() -> Iterator[None]:
    """A short reading transaction, so that a long reading holds back no checkpoint."""
    yield
    db.session.rollback()


def _span(first: date | None, last: date | None, days: list[date]) -> tuple[date | None, date | None]:
    if not days:
        return first, last
    low, high = min(days), max(days)
    return min(first or low, low), max(last or high, high)
