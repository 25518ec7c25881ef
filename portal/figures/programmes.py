"""Programme results made ready for counting: which reported rows count, and what they come to.

Rows wholly inside the period count; of overlapping ones the longest; a running total (lũy kế) is the latest
at or before the end and never summed. A unit's own rows of a programme win over those of the units below it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import and_, or_

from portal.figures.rules import below, sum_known, topmost, whole, without_overlap
from portal.figures.scope import Scope
from portal.figures.tree import parents_in
from portal.kit.db import db
from portal.kit.masking import mask_public
from portal.programmes.models import ProgrammeResult
from portal.programmes.queries import results_in
from portal.programmes.rules import MIXED


@dataclass(frozen=True)
class Sums:
    """What rows come to: the sum of what is given; None = nothing given. `amount` đồng."""

    target: int | Decimal | None
    actual: int | Decimal | None
    planned: int | Decimal | None  # the actual of rows that have a target, when all that have an actual do
    households: int | None
    people: int | None
    amount: int | None
    qualifier: str | None  # of the amount


@dataclass(frozen=True)
class Programme:
    """One programme in a scope."""

    key: str
    name: str
    kind: str
    measure: str | None
    sums: Sums
    rows: tuple[ProgrammeResult, ...]
    children: Sums | None = None  # of the units below, when a unit above them reports itself
    as_at: date | None = None  # of a running total

    @property
    def notes(self) -> list[str]:
        """What the reporting unit remarked, each once, as everybody may read it."""
        return list(dict.fromkeys(mask_public(row.note) for row in self.rows if row.note))


def programmes_in(scope: Scope) -> list[Programme]:
    """Every programme with a row that counts, in the order in which they were brought. Two statements."""
    return scope.once(("programmes", scope.start, scope.end), lambda: _read(scope))


def _read(scope: Scope) -> list[Programme]:
    within = and_(ProgrammeResult.starts_on >= scope.start, ~ProgrammeResult.cumulative)
    counted = and_(ProgrammeResult.ends_on <= scope.end, or_(within, ProgrammeResult.cumulative))
    wanted = results_in(scope.unit.id, as_of=scope.as_of).where(counted).order_by(ProgrammeResult.id)
    parents = parents_in(scope)
    named: dict[str, list[ProgrammeResult]] = defaultdict(list)
    for row in db.session.scalars(wanted):
        named[row.programme_key].append(row)
    return [_programme(key, rows, parents) for key, rows in named.items()]


def _programme(key: str, rows: list[ProgrammeResult], parents: dict[int, int | None]) -> Programme:
    top = topmost({row.unit_id for row in rows}, parents)
    under = below(top, parents)
    used = counting_rows(row for row in rows if row.unit_id in top)
    lower = [row for row in rows if row.unit_id in under]
    lower_top = topmost({row.unit_id for row in lower}, parents)
    theirs = counting_rows(row for row in lower if row.unit_id in lower_top)
    first = used[0]
    return Programme(
        key=key,
        name=mask_public(first.programme),
        kind=first.kind,
        measure=next((row.measure for row in used if row.measure), None),
        sums=sums_of(used),
        rows=tuple(used),
        children=sums_of(theirs) if theirs else None,
        as_at=max((row.ends_on for row in used if row.cumulative), default=None),
    )


def counting_rows(rows: Iterable[ProgrammeResult]) -> list[ProgrammeResult]:
    """Of each unit and source: the rows of the period without overlap, else the latest running total."""
    by_source: dict[tuple[int, str], list[ProgrammeResult]] = defaultdict(list)
    for row in rows:
        by_source[row.unit_id, row.source].append(row)
    counted = []
    for same in by_source.values():
        within = [row for row in same if not row.cumulative]
        if within:
            counted += without_overlap(within, lambda row: (row.starts_on, row.ends_on))
        else:
            counted.append(max(same, key=lambda row: (row.ends_on, row.id)))
    return counted


def sums_of(rows: list[ProgrammeResult]) -> Sums:
    """Add up what the rows give."""
    unplanned = any(row.actual is not None and row.target is None for row in rows)
    return Sums(
        target=whole(sum_known(row.target for row in rows)),
        actual=whole(sum_known(row.actual for row in rows)),
        planned=None if unplanned else whole(sum_known(row.actual for row in rows)),
        households=sum_known(row.households for row in rows),
        people=sum_known(row.people for row in rows),
        amount=sum_known(row.amount for row in rows),
        qualifier=joint_qualifier(row.qualifier for row in rows if row.amount is not None),
    )


def joint_qualifier(qualifiers: Iterable[str | None]) -> str | None:
    """The qualifier of a sum: the one its parts share, "khoảng" where they differ, else None."""
    known = {text for text in qualifiers if text}
    return None if not known else known.pop() if len(known) == 1 else MIXED
