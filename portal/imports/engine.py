"""One engine for every table people bring: all rows are checked first, then all are written, or nothing.

loaded = loading.load(path, kind.columns, filename=name)
outcome = rehearse(loaded, order)             # writes nothing
with writing():
    outcome = carry_out(loaded, order)
    if outcome.accepted:
        db.session.commit()
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from portal.imports.cells import Cells
from portal.imports.context import Context
from portal.imports.kind import Counts, Kind, Located, Writer
from portal.imports.loading import Loaded
from portal.imports.outcome import Outcome, Problems
from portal.kit import audit
from portal.kit.db import db, writing
from portal.people.models import User


@dataclass(frozen=True)
class Order:
    """Who brings which kind; the codes stand in for empty cells. `by` None = the command line."""

    kind: Kind
    by: User | None = None
    unit: str | None = None
    campaign: str | None = None
    account: str | None = None

    def context(self) -> Context:
        """A fresh context: its records belong to the present transaction."""
        return Context(self.by, self.kind.roles, self.unit, self.campaign, self.account)


def rehearse(loaded: Loaded, order: Order) -> Outcome:
    """What the import would do. Nothing of it stays."""
    if order.kind.foresee is not None:
        return _run(loaded, order, order.kind.foresee)[0]
    with writing():
        try:
            return _run(loaded, order, order.kind.write)[0]
        finally:
            db.session.rollback()


def carry_out(loaded: Loaded, order: Order) -> Outcome:
    """Write the table in the caller's transaction. The caller commits if (and only if) it is accepted."""
    outcome, counts = _run(loaded, order, order.kind.write)
    if outcome.accepted and (counts.new or counts.changed):
        _leave_note(loaded, order, outcome, counts)
        db.session.flush()
    return outcome


def _run(loaded: Loaded, order: Order, write: Writer) -> tuple[Outcome, Counts]:
    context, problems = order.context(), Problems(loaded)
    located = []
    for number, values in loaded.rows:
        cells = Cells(number, values, problems)
        row = order.kind.parse(cells, context)
        if cells.sound:
            located.append(Located(number, row))
    outcome = _measure(located, order.kind)
    outcome.rows, outcome.notes = len(loaded.rows), _notes(loaded)
    counts = Counts(0, 0, 0)
    if not problems.total:
        counts = write(located, context, problems)
    if not problems.total:
        outcome.new, outcome.changed, outcome.duplicates = counts[:3]
    outcome.errors, outcome.messages, outcome.of_row = problems.total, problems.messages, problems.of_row
    return outcome, counts


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
    unknown = loaded.table.unknown
    if not unknown:
        return []
    names = ", ".join(f"“{name}”" for name in unknown[:10])
    return [f"Không dùng đến cột: {names}. Nếu là cột cần nạp, sửa tên cột cho đúng."]


def _leave_note(loaded: Loaded, order: Order, outcome: Outcome, counts: Counts) -> None:
    """One entry of the audit for the whole batch."""
    facts: dict[str, Any] = {
        "file": loaded.filename,
        "sha256": loaded.sha256,
        "rows": outcome.rows,
        "new": outcome.new,
        "changed": outcome.changed,
        "sum": outcome.sum,
        "from": outcome.first_day,
        "to": outcome.last_day,
    }
    audit.note("import", order.kind.name, **facts, **counts.note)
