"""What the grid shows of a batch: its lines with everything that is said of them, page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from portal.batches import columns as cols
from portal.batches import queries
from portal.batches.models import GiftBatch, GiftDraft
from portal.batches.rules import Line, Totals, tidy
from portal.batches.twins import twins_of

PAGE = 300  # lines of one page
BLANK, BLANK_FIRST = 15, 25  # empty lines offered below the others, and in an empty batch


@dataclass(frozen=True)
class Note:
    """One sentence below a line. `kind`: bad, warn or twin; it stands under the column number `at` (from 0)."""

    kind: str
    key: str
    text: str
    at: int
    right: bool = False


@dataclass(frozen=True)
class Row:
    """One line of the grid; `number` counts from 1 over the batch, `index` names its fields on this page."""

    index: int
    number: int
    cells: Mapping[str, str] = field(default_factory=dict)
    draft_id: int | None = None
    version: int = 0
    key: str = ""
    donor_id: int | None = None
    notes: Sequence[Note] = ()

    @property
    def wrong(self) -> set[str]:
        """The columns whose cells cannot be read."""
        return {note.key for note in self.notes if note.kind == "bad"}

    @property
    def is_twin(self) -> bool:
        """Whether it looks like another gift and nobody has answered."""
        return any(note.kind == "twin" for note in self.notes)


@dataclass(frozen=True)
class Grid:
    """One page of a batch's lines."""

    columns: Sequence[cols.Column]
    groups: Sequence[str]
    rows: Sequence[Row]
    totals: Totals
    twins: int
    page: int
    pages: int
    seen: int  # the newest change that this page knows of


def columns_of(batch: GiftBatch, drafts: Sequence[GiftDraft]) -> tuple[list[cols.Column], list[str]]:
    """The columns to show, and the groups they belong to: those switched on, and those that hold something."""
    used = cols.groups_used([draft.cells for draft in drafts])
    wrong = [cols.DAY] if batch.columns and cols.DAY in batch.columns else []
    groups = [group for group in cols.GROUPS if group in {*batch.columns, *used, *wrong}]
    return cols.shown_columns(groups), groups


def notes_of(line: Line, twin: str | None, columns: Sequence[cols.Column]) -> list[Note]:
    """What is said of a line, each under its column; what belongs to a hidden column stands under the first."""
    at = {column.key: (place, column.right) for place, column in enumerate(columns)}
    told = [Note("bad", key, text, *at.get(key, (0, False))) for key, text in line.errors.items()]
    told.sort(key=lambda note: note.at)
    told += [Note("warn", key, text, *at.get(key, (0, False))) for key, text in line.remarks.items()]
    if twin:
        told.append(Note("twin", cols.DONOR, twin, 0))
    return told


def grid_of(batch: GiftBatch, *, page: int | None, key: str) -> Grid:
    """One page of the grid (None = the last); `key` begins the names of the new lines that it offers."""
    drafts = queries.drafts_of(batch.id)
    columns, groups = columns_of(batch, drafts)
    pages = max(1, -(-len(drafts) // PAGE))
    page = pages if page is None else min(max(page, 1), pages)
    first = (page - 1) * PAGE
    here = drafts[first : first + PAGE]
    twins = twins_of(batch)
    rows = _rows(batch, here, columns, twins, first)
    if page == pages:
        rows += _blank(len(rows), len(drafts), key)
    totals = queries.totals_of(batch)
    return Grid(columns, groups, rows, totals, len(twins), page, pages, queries.newest_edit(batch.id))


def _rows(
    batch: GiftBatch,
    drafts: Sequence[GiftDraft],
    columns: Sequence[cols.Column],
    twins: Mapping[int, str],
    first: int,
) -> list[Row]:
    lines = queries.read_lines(batch, drafts)
    return [
        row_of(draft, line, columns, twins.get(draft.id), index, first + index + 1)
        for index, (draft, line) in enumerate(zip(drafts, lines, strict=True))
    ]


def row_of(
    draft: GiftDraft,
    line: Line,
    columns: Sequence[cols.Column],
    twin: str | None,
    index: int,
    number: int,
) -> Row:
    """One line as it is shown."""
    return Row(
        index=index,
        number=number,
        cells=draft.cells,
        draft_id=draft.id,
        version=draft.version,
        key=draft.key,
        donor_id=draft.donor_id,
        notes=notes_of(line, twin, columns),
    )


def _blank(start: int, count: int, key: str) -> list[Row]:
    offered = BLANK if count else BLANK_FIRST
    return [Row(start + place, count + place + 1, key=f"{key}-{place}") for place in range(offered)]


@dataclass(frozen=True)
class Difference:
    """One cell of a line that two people have saved differently; `chosen` is ticked where only one changed it."""

    key: str
    label: str
    theirs: str
    mine: str
    chosen: str | None


@dataclass(frozen=True)
class Clash:
    """A line that somebody else saved first: who, when, and cell by cell what differs."""

    draft: GiftDraft
    number: int
    by: str
    differences: Sequence[Difference]
    deleting: bool = False


def clash_of(draft: GiftDraft, mine: Mapping[str, str], base: Mapping[str, str] | None) -> Clash:
    """Both contents of a line side by side."""
    theirs = tidy(draft.cells)
    told = [
        _difference(column, theirs.get(column.key, ""), mine.get(column.key, ""), base)
        for column in cols.COLUMNS
        if theirs.get(column.key, "") != mine.get(column.key, "")
    ]
    return Clash(draft, queries.place_in_order(draft), draft.typed_by.name, told, deleting=not mine)


def _difference(column: cols.Column, theirs: str, mine: str, base: Mapping[str, str] | None) -> Difference:
    chosen = None
    if base is not None and base.get(column.key, "") == mine:
        chosen = "theirs"
    elif base is not None and base.get(column.key, "") == theirs:
        chosen = "mine"
    return Difference(column.key, column.label, theirs, mine, chosen)
