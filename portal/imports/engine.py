"""One engine for every table people bring: all rows are checked first, then all are written, or nothing.

loaded = loading.load(path, kind.columns, filename=name)
outcome = rehearse(loaded, order)             # writes nothing
with writing():
    outcome = carry_out(loaded, order)
    if outcome.accepted:
        db.session.commit()

A long table is read before the books are locked: `reading = read(loaded, order)`, then `post(reading)`.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field

from portal.imports.actions import record_run
from portal.imports.annotating import FAULTS
from portal.imports.cells import Cells
from portal.imports.context import Context
from portal.imports.kind import Counts, Kind, Located, Writer
from portal.imports.loading import Loaded
from portal.imports.modes import ADD, BOTH, UPDATE, kept_as_is, not_there
from portal.imports.outcome import Outcome, Problems
from portal.imports.tracing import tracing
from portal.kit.db import db, writing
from portal.kit.numbers import last_number, take_posting_lock
from portal.people.models import User

TOLD_EVERY = 1_000  # rows between two words about the progress
TRIED_ONE_BY_ONE = 200  # rows that "add only" tries in order to name those that differ
Told = Callable[[int, int | None], None]


@dataclass(frozen=True)
class Order:
    """Who brings which kind, and how; the codes stand in for empty cells. `by` None = the command line."""

    kind: Kind
    by: User | None = None
    unit: str | None = None
    campaign: str | None = None
    account: str | None = None
    mode: str = BOTH

    def context(self) -> Context:
        """A fresh context: its records belong to the present transaction."""
        return Context(self.by, self.kind.roles, self.unit, self.campaign, self.account)


@dataclass
class Reading:
    """A table whose every row was read: what could be, what was wrong. Holds plain values and keys only."""

    loaded: Loaded
    order: Order
    context: Context
    problems: Problems
    located: list[Located] = field(default_factory=list)


def rehearse(loaded: Loaded, order: Order, told: Told | None = None) -> Outcome:
    """What the import would do. Nothing of it stays."""
    reading = read(loaded, order, told)
    if order.kind.foresee is not None:
        return _run(reading, order.kind.foresee)[0]
    with writing():
        try:
            return _run(reading, order.kind.write)[0]
        finally:
            db.session.rollback()


def carry_out(loaded: Loaded, order: Order) -> Outcome:
    """Write the table in the caller's transaction. The caller commits if (and only if) it is accepted."""
    return post(read(loaded, order))


def read(loaded: Loaded, order: Order, told: Told | None = None) -> Reading:
    """Read every row, and collect what is wrong; nothing is written."""
    reading = Reading(loaded, order, order.context(), Problems(loaded))
    for done, (number, values) in enumerate(loaded.rows):
        if told is not None and done % TOLD_EVERY == 0:
            told(done, len(loaded.rows))
        cells = Cells(number, values, reading.problems)
        row = order.kind.parse(cells, reading.context)
        if cells.sound:
            reading.located.append(Located(number, row))
    return reading


def post(reading: Reading) -> Outcome:
    """Write what was read in the caller's transaction, and leave a run that can be looked up and undone."""
    take_posting_lock()
    before = last_number()
    with tracing() as trace:
        reading.context.trace = trace
        outcome, counts = _run(reading, reading.order.kind.write)
        db.session.flush()
    reading.context.trace = None
    if outcome.accepted and (counts.new or counts.changed):
        outcome.run_id = record_run(
            reading.order.kind,
            mode=reading.order.mode,
            by=reading.order.by,
            loaded=reading.loaded,
            outcome=outcome,
            trace=trace,
            entries=(before + 1, last_number()),
            note=counts.note,
            row_units={item.row.unit_id for item in reading.located if _has_unit(item)},
        )
    return outcome


def _has_unit(item: Located) -> bool:
    return isinstance(getattr(item.row, "unit_id", None), int)


def _run(reading: Reading, write: Writer) -> tuple[Outcome, Counts]:
    problems, located = reading.problems, reading.located
    outcome = _measure(located, reading.order.kind)
    outcome.rows, outcome.notes = len(reading.loaded.rows), _notes(reading.loaded)
    counts = Counts(0, 0, 0)
    if not problems.total:
        located, left_out = _by_mode(reading, write, outcome)
        reading.context.notes.clear()
        counts = write(located, reading.context, problems) if located else counts
        counts = counts._replace(duplicates=counts.duplicates + left_out)
    if not problems.total:
        outcome.new, outcome.changed, outcome.duplicates = counts[:3]
        outcome.notes += reading.context.notes
    else:
        outcome.skipped = 0
    outcome.errors, outcome.messages, outcome.of_row = problems.total, problems.messages, problems.of_row
    return outcome, counts


def _by_mode(reading: Reading, write: Writer, outcome: Outcome) -> tuple[list[Located], int]:
    """The rows that are to be written, and how many known ones "add only" leaves as they are."""
    kind, mode, located = reading.order.kind, reading.order.mode, reading.located
    if mode == BOTH or kind.known is None:
        return located, 0
    known = kind.known(located, reading.context)
    there = [item for item in located if item.number in known]
    fresh = [item for item in located if item.number not in known]
    if mode == UPDATE:
        outcome.skipped = len(fresh)
        outcome.notes += [not_there([item.number for item in fresh])] if fresh else []
        return there, 0
    assert mode == ADD
    differing = _would_change(there, write, reading)
    if differing:
        few = len(there) <= TRIED_ONE_BY_ONE
        named = [item.number for item in there if _would_change([item], write, reading)] if few else []
        outcome.notes.append(kept_as_is(named, differing))
    outcome.skipped = differing
    return fresh, len(there)


def _would_change(items: list[Located], write: Writer, reading: Reading) -> int:
    """How many of these known rows say something else than the books; tried and taken back."""
    if not items:
        return 0
    scratch = Problems(reading.loaded)
    if reading.order.kind.foresee is not None:
        return reading.order.kind.foresee(items, reading.context, scratch).changed
    trace = reading.context.trace
    trial = db.session.begin_nested()
    try:
        with trace.paused() if trace is not None else nullcontext():
            changed = write(items, reading.context, scratch).changed
            db.session.flush()
            return changed
    finally:
        trial.rollback()


def _measure(located: list[Located], kind: Kind) -> Outcome:
    """Sum and range of days over the rows that could be read."""
    outcome = Outcome()
    if kind.amount is not None:
        outcome.sum = sum(kind.amount(item.row) or 0 for item in located)
    days = [day for item in located for day in kind.days(item.row)]
    if days:
        outcome.first_day, outcome.last_day = min(days), max(days)
    return outcome


def _notes(loaded: Loaded) -> list[str]:
    unknown = [name for name in loaded.table.unknown if name != FAULTS]
    if not unknown:
        return []
    names = ", ".join(f"“{name}”" for name in unknown[:10])
    return [f"Không dùng đến cột: {names}. Nếu là cột cần nạp, sửa tên cột cho đúng."]
