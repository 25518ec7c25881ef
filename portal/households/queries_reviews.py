"""A poverty review counted from the registry: set-based, by group, of one unit with all below.

A household counts once, under the row that stands for it; what was merged into it counts with it. The group of a year
is the one that the review of that year found, so the opening of a year is the group of the year before.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any, NamedTuple

from sqlalchemy import CTE, Select, and_, case, exists, func, literal, select, union_all
from sqlalchemy.orm import aliased

from portal.households.models import HouseholdGroup
from portal.households.models_registry import Household, HouseholdStatus
from portal.households.queries_registry import WITH_UNIT
from portal.households.rules_reviews import AGAIN, CAME, FROM_OTHER, LEFT, NEW, OUT, TO_OTHER, Counted
from portal.kit.db import db
from portal.units.queries import subtree


def counted(unit_id: int, year: int) -> dict[int, Counted]:
    """By id of a group that a review finds (one a year and household): what the registry says. Two statements."""
    moves = _moves(unit_id, year).subquery()
    changed: dict[int, dict[str, int]] = defaultdict(dict)
    rows = select(moves.c.group_id, moves.c.move, func.count()).group_by(moves.c.group_id, moves.c.move)
    for group_id, move, count in db.session.execute(rows):
        changed[group_id][move] = count
    both = union_all(
        *(select(_in(unit_id, one).c.group_id, literal(one).label("year")) for one in (year - 1, year))
    ).subquery()
    held: dict[tuple[int, int], int] = {
        (group_id, one): count
        for group_id, one, count in db.session.execute(
            select(both.c.group_id, both.c.year, func.count()).group_by(both.c.group_id, both.c.year)
        )
    }
    return {
        group_id: Counted(
            opening=held.get((group_id, year - 1), 0),
            closing=held.get((group_id, year), 0),
            came={move: changed[group_id].get(move, 0) for move in CAME},
            left={move: changed[group_id].get(move, 0) for move in LEFT},
        )
        for group_id in {*changed, *(group_id for group_id, _ in held)}
    }


class Moves(NamedTuple):
    """Who came into a group or left it in a year: rows (Household, group_name, move) and the columns of their filters."""

    rows: Select[Any]
    key: Any
    group_id: Any
    move: Any


def moves_in(unit_id: int, year: int) -> Moves:
    """The households behind increase and decrease; one that changed its group stands twice."""
    moves = _moves(unit_id, year).subquery()
    rows = (
        select(Household, HouseholdGroup.name.label("group_name"), moves.c.move)
        .join(moves, moves.c.root == Household.id)
        .join(HouseholdGroup, HouseholdGroup.id == moves.c.group_id)
        .options(*WITH_UNIT)
    )
    key = Household.id * 2 + case((moves.c.move.in_(LEFT), 1), else_=0)
    return Moves(rows, key, moves.c.group_id, moves.c.move)


def _in(unit_id: int, year: int) -> CTE:
    """(root, group_id) of a year, each once: households of the unit, groups that a review finds."""
    row, head = aliased(Household), aliased(Household)
    root = func.coalesce(row.merged_into_id, row.id)
    return (
        select(head.id.label("root"), HouseholdStatus.group_id)
        .join(row, row.id == HouseholdStatus.household_id)
        .join(head, head.id == root)
        .join(HouseholdGroup, HouseholdGroup.id == HouseholdStatus.group_id)
        .where(
            HouseholdStatus.year == year,
            HouseholdStatus.withdrawn.is_(False),
            HouseholdGroup.exclusive,
            row.withdrawn.is_(False),
            head.withdrawn.is_(False),
            head.unit_id.in_(subtree(unit_id)),
        )
        .distinct()
        .cte()
    )


def _moves(unit_id: int, year: int) -> Select[Any]:
    """(root, group_id, move) of every household that came into a group or left it."""
    before, after = _in(unit_id, year - 1), _in(unit_id, year)
    came = _unmatched(after, before, case((_elsewhere(before, after), FROM_OTHER), else_=_again(after, year)))
    left = _unmatched(before, after, case((_elsewhere(after, before), TO_OTHER), else_=OUT))
    return select(union_all(came, left).subquery())


def _unmatched(these: CTE, those: CTE, move: Any) -> Select[Any]:
    same = and_(those.c.root == these.c.root, those.c.group_id == these.c.group_id)
    rows = select(these.c.root, these.c.group_id, move.label("move")).select_from(these)
    return rows.outerjoin(those, same).where(those.c.root.is_(None))


def _elsewhere(others: CTE, these: CTE) -> Any:
    """The household stands in another group of the other year."""
    other = others.alias()
    return exists().where(other.c.root == these.c.root)


def _again(after: CTE, year: int) -> Any:
    """It was in this group in some earlier year, before the last: it fell back; else it is new."""
    row = aliased(Household)
    earlier = (
        exists()
        .where(
            HouseholdStatus.household_id == row.id,
            func.coalesce(row.merged_into_id, row.id) == after.c.root,
            HouseholdStatus.group_id == after.c.group_id,
            HouseholdStatus.year < year - 1,
            HouseholdStatus.withdrawn.is_(False),
        )
        .correlate(after)
    )
    return case((earlier, AGAIN), else_=NEW)
