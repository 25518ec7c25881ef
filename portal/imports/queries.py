"""Which kinds of tables a person may bring, and which imports they may see, undo and decide on."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import selectinload

from portal.imports.kind import Kind
from portal.imports.kinds import KINDS
from portal.imports.models import ImportRun, ImportRunUnit
from portal.kit.access import ADMINISTRATOR, APPROVER, ROLES
from portal.kit.db import db
from portal.people.models import User
from portal.people.queries import has_everywhere, readable_units, units_for


def kinds_for(user: User) -> list[Kind]:
    """The kinds for which the person has a role in some unit; each row is checked again against its unit."""
    held = {grant.role for grant in user.grants}
    return [kind for kind in KINDS.values() if held & set(kind.roles)]


def kind_of_slug(slug: str, *, for_user: User) -> Kind | None:
    """The kind at this address, if the person may bring it."""
    return next((kind for kind in kinds_for(for_user) if kind.slug == slug), None)


def runs_for(user: User) -> Select[tuple[ImportRun]]:
    """The imports that lie wholly in units that the person may read; one of no unit is its maker's."""
    if has_everywhere(user, *ROLES):
        return select(ImportRun)
    own = and_(ImportRun.by_id == user.id, ~_has_units())
    return select(ImportRun).where(or_(own, _wholly_in(readable_units(user))))


def _has_units() -> ColumnElement[bool]:
    return exists().where(ImportRunUnit.run_id == ImportRun.id).correlate(ImportRun)


def _wholly_in(units: Select[tuple[int]]) -> ColumnElement[bool]:
    outside = exists().where(ImportRunUnit.run_id == ImportRun.id, ImportRunUnit.unit_id.not_in(units))
    return and_(_has_units(), ~outside.correlate(ImportRun))


def run_or_404(run_id: int, *, for_user: User) -> ImportRun:
    """One import, if the person may see it; otherwise 404."""
    wanted = runs_for(for_user).where(ImportRun.id == run_id)
    return db.one_or_404(wanted.options(selectinload(ImportRun.units)))


def askers(kind_name: str) -> tuple[str, ...]:
    """Roles that may ask to undo an import of this kind: those that may bring it."""
    return KINDS[kind_name].roles


def deciders(kind_name: str) -> tuple[str, ...]:
    """Roles that may decide: who approves; for what only administrators bring, another administrator as well."""
    return (APPROVER, ADMINISTRATOR) if ADMINISTRATOR in KINDS[kind_name].roles else (APPROVER,)


def may_ask(run: ImportRun, user: User) -> bool:
    """Whether the person may ask to undo: with the kind's role in every unit of the import."""
    return run.undone_at is None and run.undo_asked_at is None and _holds(run, user, askers(run.kind))


def may_decide(run: ImportRun, user: User) -> bool:
    """Whether the person may answer the request: with the deciding role everywhere in it, and not the asker."""
    open_request = run.undone_at is None and run.undo_asked_at is not None
    return open_request and run.undo_asked_by_id != user.id and _holds(run, user, deciders(run.kind))


def _holds(run: ImportRun, user: User, roles: tuple[str, ...]) -> bool:
    if has_everywhere(user, *roles):
        return True
    inside = _wholly_in(units_for(user, *roles))
    return db.session.scalar(select(ImportRun.id).where(ImportRun.id == run.id, inside)) is not None


def undo_to_decide(user: User) -> ColumnElement[bool] | None:
    """Condition: somebody else asks to undo the import and this person may answer; None = never them."""
    ours = []
    for roles in {deciders(name) for name in KINDS}:
        names = [name for name in KINDS if deciders(name) == roles]
        if any(grant.role in roles for grant in user.grants):
            inside = _wholly_in(units_for(user, *roles))
            if has_everywhere(user, *roles):
                inside = ImportRun.id.is_not(None)
            ours.append(ImportRun.kind.in_(names) & inside)
    if not ours:
        return None
    asked = and_(ImportRun.undo_asked_at.is_not(None), ImportRun.undone_at.is_(None))
    return and_(asked, ImportRun.undo_asked_by_id != user.id, or_(*ours))


def waiting(user: User) -> list[ImportRun]:
    """Requests to undo an import that this person may decide, the oldest first."""
    mine = undo_to_decide(user)
    if mine is None:
        return []
    return list(db.session.scalars(select(ImportRun).where(mine).order_by(ImportRun.undo_asked_at)))
