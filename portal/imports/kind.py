"""A kind of table is data: columns, how a row is read, and which action of its room writes the rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from portal.imports.cells import Cells
from portal.imports.context import Context
from portal.imports.lookups import Lookup
from portal.imports.outcome import Problems
from portal.kit.tables import ColumnSpec


class Located(NamedTuple):
    """A row that could be read, and where it stands in the file."""

    number: int
    row: Any


class Counts(NamedTuple):
    """What a batch does, in rows; `note` goes into the audit entry (numbers of postings and the like)."""

    new: int
    changed: int
    duplicates: int
    note: dict[str, Any] = {}


Writer = Callable[[Sequence[Located], Context, Problems], Counts]


def no_days(_row: Any) -> tuple[date, ...]:
    """For kinds without days."""
    return ()


@dataclass(frozen=True)
class Kind:
    """`parse` reads one row and tells its faults; `write` records all rows or tells faults of the whole.

    `foresee`, where given, counts without writing anything; otherwise a rehearsal writes and takes it back.
    `known` gives the numbers of the rows whose record exists: without it there is only one way, adding.
    """

    name: str  # on the command line
    slug: str  # in addresses
    label: str
    lead: str  # one sentence on the page
    columns: tuple[ColumnSpec, ...]
    hints: dict[str, str]  # column → what belongs there, for the notes of the template
    roles: tuple[str, ...]
    parse: Callable[[Cells, Context], Any]
    write: Writer
    foresee: Writer | None = None
    known: Callable[[Sequence[Located], Context], set[int]] | None = None
    lookups: Mapping[str, Lookup] = field(default_factory=dict)  # column → what may be chosen there
    amount: Callable[[Any], int | None] | None = None
    days: Callable[[Any], tuple[date, ...]] = no_days
    amount_columns: tuple[str, ...] = ()
    day_columns: tuple[str, ...] = ()

    @property
    def has_modes(self) -> bool:
        """Whether rows may change what is in the books, so that "add only" and "update only" say something."""
        return self.known is not None

    @property
    def column_names(self) -> tuple[str, ...]:
        """In the order of the template."""
        return tuple(column.name for column in self.columns)
