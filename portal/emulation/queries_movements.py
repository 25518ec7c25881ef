"""Finding movements, their years and who takes part, within a person's units. Without a role there is nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload
from werkzeug.exceptions import NotFound

from portal.campaigns.queries import with_units_above
from portal.emulation.models_movements import (
    Movement,
    MovementClass,
    MovementCluster,
    MovementCriterion,
    MovementEntry,
    MovementRound,
)
from portal.emulation.models_scoring import Ranking, ScoreStep
from portal.emulation.rules_scoring import COMMUNE, COUNCIL, DONE, PROVINCE, SELF, steps_for
from portal.households.queries_registry import READERS, WRITERS, responsible_unit_id, seen_units
from portal.kit.access import ADMINISTRATOR, APPROVER
from portal.kit.db import db
from portal.kit.vietnamese import fold
from portal.people.models import User
from portal.people.queries import has_everywhere, holds, may, open_units
from portal.units.models import Unit
from portal.units.queries import subtree, top_unit
from portal.units.rules import is_commune

__all__ = ["READERS", "WRITERS"]
LOADED = (joinedload(MovementRound.movement), joinedload(MovementRound.unit))
ENTRY_LOADED = (
    joinedload(MovementEntry.round).joinedload(MovementRound.unit),
    joinedload(MovementEntry.round).joinedload(MovementRound.movement),
    joinedload(MovementEntry.unit).joinedload(Unit.parent),
    joinedload(MovementEntry.cluster),
    joinedload(MovementEntry.household),
)


def _known_units(user: User) -> Select[Any]:
    """The person's units, all below, and those above, whose movements are theirs as well."""
    return with_units_above(seen_units(user))


def movements_for(user: User) -> Select[Any]:
    """Movements of the person's units and of those above; those of everywhere for whoever has a role at all."""
    if not holds(user, *READERS):
        return select(Movement).where(Movement.id.is_(None))
    return select(Movement).where(or_(Movement.unit_id.is_(None), Movement.unit_id.in_(_known_units(user))))


def movement_or_404(movement_id: int, *, for_user: User) -> Movement:
    """A movement that the person may see. Raises NotFound."""
    return _one(movements_for(for_user).where(Movement.id == movement_id))


def movement_names() -> dict[str, int]:
    """Folded name or alias → movement, of all units: to compare, not to show."""
    return {
        fold(text): one.id
        for one in db.session.scalars(select(Movement))
        for text in (one.name, *one.other_names)
    }


def offered_names(user: User) -> list[tuple[str, str]]:
    """(name, hint) of the movements that the person sees, newest first; an alias bears its movement's name as hint."""
    rows = db.session.scalars(movements_for(user).order_by(Movement.starts_on.desc(), Movement.id)).all()
    return [
        (text, "" if text == one.name else one.name) for one in rows for text in (one.name, *one.other_names)
    ]


def movement_named(name: str | None, *, for_user: User) -> Movement | None:
    """The movement that bears this name or alias, if the person sees it."""
    known = movement_names().get(fold(name)) if name else None
    return db.session.scalar(movements_for(for_user).where(Movement.id == known)) if known else None


def rounds_for(user: User) -> Select[Any]:
    """Years held by the person's units, by those below and by those above."""
    return select(MovementRound).where(MovementRound.unit_id.in_(_known_units(user))).options(*LOADED)


def round_or_404(code: str, *, for_user: User) -> MovementRound:
    """A year by its code. Raises NotFound."""
    wanted = rounds_for(for_user).where(MovementRound.code == code)
    parts = (MovementRound.criteria, MovementRound.clusters, MovementRound.classes)
    return _one(wanted.options(*(selectinload(part) for part in parts)))


def criterion_or_404(one: MovementRound, criterion_id: int) -> MovementCriterion:
    """A criterion of this year. Raises NotFound."""
    wanted = select(MovementCriterion).where(MovementCriterion.round_id == one.id)
    return _one(wanted.where(MovementCriterion.id == criterion_id))


def part_or_404(one: MovementRound, kind: str, part_id: int) -> MovementCluster | MovementClass:
    """A cluster or a class of this year. Raises NotFound."""
    model: Any = {"cum": MovementCluster, "muc": MovementClass}[kind]
    return _one(select(model).where(model.round_id == one.id, model.id == part_id))


def entries_for(user: User) -> Select[Any]:
    """What the person's units and those below have registered."""
    return select(MovementEntry).where(MovementEntry.unit_id.in_(seen_units(user)))


def entry_or_404(entry_id: int, *, for_user: User) -> MovementEntry:
    """A registration of the person's units. Raises NotFound."""
    return _one(entries_for(for_user).where(MovementEntry.id == entry_id).options(*ENTRY_LOADED))


def _one(wanted: Select[Any]) -> Any:
    found = db.session.scalar(wanted)
    if found is None:
        raise NotFound
    return found


def may_change(user: User, movement: Movement) -> bool:
    """Whether the person keeps the movement's names and period; one of everywhere is the top unit's."""
    if movement.unit_id is not None:
        return may(user, WRITERS, movement.unit_id)
    top = top_unit()
    return has_everywhere(user, ADMINISTRATOR) or (top is not None and may(user, WRITERS, top.id))


def may_lead(user: User, one: MovementRound) -> bool:
    """Whether the person keeps criteria, clusters and classes of a year."""
    return may(user, WRITERS, one.unit_id)


def may_publish(user: User, one: MovementRound) -> bool:
    """Whether the person publishes the year's ranking."""
    return may(user, APPROVER, one.unit_id)


def may_register(user: User, entry: MovementEntry) -> bool:
    """Whether the person keeps what was registered: in the unit itself, or where the year is held."""
    return may(user, WRITERS, entry.unit_id) or may(user, WRITERS, entry.round.unit_id)


def steps_of(one: MovementRound) -> tuple[str, ...]:
    """The steps of this year's sheets."""
    return steps_for(is_commune(one.unit.level))


def may_score(user: User, entry: MovementEntry) -> bool:
    """Whether the sheet lies with this person now. In which unit and role, the step says."""
    if entry.at == SELF:
        return may(user, WRITERS, entry.unit_id)
    if entry.at == COMMUNE:
        return may(user, APPROVER, responsible_unit_id(entry.unit))
    if entry.at == PROVINCE:
        return may(user, WRITERS, entry.round.unit_id)
    return entry.at in (COUNCIL, DONE) and may(user, APPROVER, entry.round.unit_id)


def units_to_enter(user: User, one: MovementRound) -> list[Unit]:
    """Living units, hamlets too, that the person may register in this year, by name."""
    mine = open_units(user, *WRITERS, hamlets=True)
    inside = set(db.session.scalars(subtree(one.unit_id)))
    return sorted((unit for unit in mine.values() if unit.id in inside), key=lambda unit: unit.name)


def units_to_hold(user: User) -> list[Unit]:
    """Units in which the person may begin a movement or a year."""
    return sorted(
        open_units(user, *WRITERS).values(), key=lambda unit: (unit.parent_id is not None, unit.name)
    )


def present_ranking(round_id: int) -> Ranking | None:
    """The published ranking that holds now, with its rows."""
    wanted = select(Ranking).where(Ranking.round_id == round_id, Ranking.as_of(None))
    return db.session.scalar(wanted.options(selectinload(Ranking.rows)))


def last_ranking(round_id: int) -> Ranking | None:
    """The newest ranking of a year, also one that was taken back."""
    wanted = select(Ranking).where(Ranking.round_id == round_id).order_by(Ranking.id.desc())
    return db.session.scalar(wanted.limit(1))


def is_published(round_id: int) -> bool:
    """Whether the year's ranking is frozen."""
    wanted = exists().where(Ranking.round_id == round_id, Ranking.until.is_(None))
    return bool(db.session.scalar(select(wanted)))


def is_handed_on(round_id: int) -> bool:
    """Whether some sheet of the year has been handed on: from then on its criteria stand."""
    wanted = select(ScoreStep.id).join(MovementEntry, MovementEntry.id == ScoreStep.entry_id)
    wanted = wanted.where(MovementEntry.round_id == round_id, ScoreStep.void.is_(False))
    return db.session.scalar(wanted.where(ScoreStep.returned.is_(False)).limit(1)) is not None


def counts_of(user: User, round_ids: Sequence[int]) -> dict[tuple[int, str], int]:
    """(year, kind) → how many of the person's units have registered. One statement."""
    mine = entries_for(user).with_only_columns(MovementEntry.round_id, MovementEntry.kind, func.count())
    rows = mine.where(MovementEntry.round_id.in_(round_ids), MovementEntry.ended.is_(None))
    grouped = rows.group_by(MovementEntry.round_id, MovementEntry.kind)
    return {(row[0], row[1]): int(row[2]) for row in db.session.execute(grouped)}


def published_rounds() -> Select[Any]:
    """(Ranking) of every year that everybody may see, newest first."""
    held = aliased(MovementRound)
    rows = select(Ranking).join(held, held.id == Ranking.round_id).where(Ranking.as_of(None))
    loaded = joinedload(Ranking.round).options(*LOADED)
    return rows.options(loaded).order_by(held.ends_on.desc(), Ranking.id.desc())


def states_of(user: User, round_id: int) -> dict[str, int]:
    """Step → sheets of the person's units that lie there. One statement."""
    mine = entries_for(user).with_only_columns(MovementEntry.at, func.count())
    rows = mine.where(MovementEntry.round_id == round_id, MovementEntry.ended.is_(None))
    grouped = rows.where(MovementEntry.at.is_not(None)).group_by(MovementEntry.at)
    return {str(row[0]): int(row[1]) for row in db.session.execute(grouped)}
