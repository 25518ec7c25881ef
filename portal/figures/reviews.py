"""Poverty reviews made ready for counting: chains in time per unit, then the topmost units.

A review stands for its unit with all below. Of overlapping ones the longest counts; opening is the earliest,
closing the latest of a chain; increase and decrease are added only along a chain without a break.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import joinedload

from portal.figures.rules import below, sum_all, topmost, without_overlap
from portal.figures.scope import Scope
from portal.figures.tree import parents_in
from portal.households.models import HouseholdGroup, PovertyReview
from portal.households.queries import reviews_in
from portal.kit.db import db
from portal.kit.vietnamese import fold, key_of

FIELDS = ("opening", "increase", "decrease", "closing", "households_opening", "households_closing")


@dataclass(frozen=True)
class Counted:
    """The numbers of a group (households; None = missing), and the days they stand for."""

    opening: int | None = None
    increase: int | None = None
    decrease: int | None = None
    closing: int | None = None
    households_opening: int | None = None
    households_closing: int | None = None
    opened: tuple[date, ...] = ()  # the days on which the openings stand, each once
    closed: tuple[date, ...] = ()

    @property
    def net(self) -> int | None:
        """Closing − opening."""
        return None if None in (self.opening, self.closing) else self.closing - self.opening  # type: ignore


@dataclass(frozen=True)
class Group:
    """One group (or a part of it) under one standard: what counts, and which reviews make it."""

    group: HouseholdGroup
    breakdown: str
    standard: str
    counted: Counted
    reviews: tuple[PovertyReview, ...]
    children: Counted | None = None  # the sum of the units below a unit that has its own review

    @property
    def breakdown_key(self) -> str:
        """The part of the key that names the breakdown; "" for the whole group."""
        return key_of(self.breakdown)


def groups_in(scope: Scope) -> list[Group]:
    """Every group, breakdown and standard with a review wholly inside the period. Two statements."""
    wanted = reviews_in(scope.unit.id, as_of=scope.as_of).options(joinedload(PovertyReview.group))
    inside = wanted.where(PovertyReview.starts_on >= scope.start, PovertyReview.ends_on <= scope.end)
    parents = parents_in(scope)
    reviews: dict[tuple[int, str], list[PovertyReview]] = defaultdict(list)
    for review in db.session.scalars(inside.order_by(PovertyReview.id)):
        reviews[review.group_id, key_of(review.breakdown)].append(review)
    found = [group for rows in reviews.values() for group in _by_standard(rows, parents)]
    return sorted(found, key=_paper_order)


def both(poor: Group | None, near_poor: Group | None) -> Counted | None:
    """Poor and near-poor together (no household is both). None unless one standard and the same days."""
    if poor is None or near_poor is None or fold(poor.standard) != fold(near_poor.standard):
        return None
    pair = (poor.counted, near_poor.counted)
    if len({(one.opened, one.closed) for one in pair}) > 1:
        return None
    fields = {name: sum_all(getattr(one, name) for one in pair) for name in FIELDS[:4]}
    bases = {name: {getattr(one, name) for one in pair} for name in FIELDS[4:]}
    same = {name: values.pop() if len(values) == 1 else None for name, values in bases.items()}
    return Counted(**fields, **same, opened=pair[0].opened, closed=pair[0].closed)


def _paper_order(group: Group) -> tuple[date, str, int, int, bool, int]:
    first = group.reviews[0]
    start = min(review.starts_on for review in group.reviews)
    whole = not group.breakdown
    return start, fold(group.standard), group.group.position, group.group.id, not whole, first.id


def _by_standard(rows: list[PovertyReview], parents: dict[int, int | None]) -> list[Group]:
    """The reviews of the topmost units, one answer per standard: different standards are never added."""
    top = topmost({row.unit_id for row in rows}, parents)
    under = below(top, parents)
    standards: dict[str, list[PovertyReview]] = defaultdict(list)
    for row in rows:
        standards[fold(row.standard)].append(row)
    found = []
    for same in standards.values():
        counted, used = _added([row for row in same if row.unit_id in top])
        if not used:
            continue
        lower = [row for row in same if row.unit_id in under]
        lower_top = topmost({row.unit_id for row in lower}, parents)
        children = _added([row for row in lower if row.unit_id in lower_top])[0] if lower else None
        first = used[0]
        found.append(Group(first.group, first.breakdown, first.standard, counted, tuple(used), children))
    return found


def _added(rows: list[PovertyReview]) -> tuple[Counted, list[PovertyReview]]:
    """The sum over units of their chains; a field that one unit lacks is missing."""
    by_unit: dict[int, list[PovertyReview]] = defaultdict(list)
    for row in rows:
        by_unit[row.unit_id].append(row)
    chains = [without_overlap(own, lambda row: (row.starts_on, row.ends_on)) for own in by_unit.values()]
    if not chains:
        return Counted(), []
    units = [chain_of(chain) for chain in chains]
    fields = {name: sum_all(getattr(unit, name) for unit in units) for name in FIELDS}
    return Counted(
        **fields,
        opened=_days(unit.opened for unit in units),
        closed=_days(unit.closed for unit in units),
    ), [row for chain in chains for row in chain]


def _days(days: Iterable[tuple[date, ...]]) -> tuple[date, ...]:
    return tuple(sorted({day for some in days for day in some}))


def chain_of(chain: list[PovertyReview]) -> Counted:
    """One unit's reviews, in order and without overlap, as one: opening of the first, closing of the last."""
    first, last = chain[0], chain[-1]
    whole = all(_joined(one, two) for one, two in zip(chain, chain[1:], strict=False))
    return Counted(
        opening=first.opening,
        increase=sum_all(row.increase for row in chain) if whole else None,
        decrease=sum_all(row.decrease for row in chain) if whole else None,
        closing=last.closing,
        households_opening=first.households_opening,
        households_closing=last.households_closing,
        opened=(first.starts_on,),
        closed=(last.ends_on,),
    )


def _joined(one: PovertyReview, two: PovertyReview) -> bool:
    """Whether `two` goes on where `one` ended: the next day, and not with another number."""
    same = one.closing is None or two.opening is None or one.closing == two.opening
    return two.starts_on - one.ends_on == timedelta(days=1) and same
