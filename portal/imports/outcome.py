"""What came of a table: counts, sums and, for each wrong cell, a sentence that says what to do."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from portal.imports.loading import Loaded

MAX_MESSAGES = 1_000
Faults = dict[int, list[tuple[str | None, str]]]  # row number → (column or None for the whole row, sentence)


class Message(NamedTuple):
    """Where and what; `cell` is "trang …, dòng …, cột …", or "" for the file as a whole."""

    cell: str
    message: str


class Problems:
    """Collects what is wrong; all are counted, the first `MAX_MESSAGES` are told."""

    def __init__(self, loaded: Loaded | None = None):
        self._loaded = loaded
        self.total = 0
        self.messages: list[Message] = []
        self.of_row: Faults = defaultdict(list)

    def add(self, row: int, column: str | None, text: str) -> None:
        """One wrong cell (or, with `column` None, one wrong row)."""
        self.total += 1
        self.of_row[row].append((column, text))
        if self._loaded and len(self.messages) < MAX_MESSAGES:
            self.messages.append(Message(self._loaded.address(row, column), text))


@dataclass
class Outcome:
    """The answer to one table. `sum`: đồng over all rows that could be read; None for kinds without."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    duplicates: int = 0
    errors: int = 0
    sum: int | None = None
    messages: list[Message] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # no errors, but worth a look
    first_day: date | None = None
    last_day: date | None = None
    of_row: Faults = field(default_factory=dict)
    skipped: int = 0  # rows that the mode leaves out (add only, update only)
    run_id: int | None = None  # what was carried out can be looked up, and undone

    @property
    def accepted(self) -> bool:
        """Whether the table was (or, in a rehearsal, would be) taken in."""
        return self.errors == 0

    def as_json(self) -> dict[str, Any]:
        """For `--json`, and for the page between the two steps."""
        days = {
            name: day.isoformat() if day else None
            for name, day in (("from", self.first_day), ("to", self.last_day))
        }
        names = ("rows", "new", "changed", "duplicates", "skipped", "errors", "sum", "run_id")
        told = [message._asdict() for message in self.messages]
        return {
            **{name: getattr(self, name) for name in names},
            "messages": told,
            "notes": self.notes,
            **days,
        }

    @classmethod
    def unreadable(cls, text: str) -> Outcome:
        """The file as a whole is turned down."""
        return cls(errors=1, messages=[Message("", text)])
