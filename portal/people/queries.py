"""Who somebody is, and which units they may see or act in. Grants come with the person: one statement."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, false, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.kit.access import ADMINISTRATOR, ROLE_NAMES, ROLES
from portal.kit.db import db, now
from portal.people.models import OneTimeLink, RoleGrant, User
from portal.people.rules import hash_of_secret
from portal.units.models import Unit
from portal.units.queries import keeps_books

WITH_ROLES = (selectinload(User.grants).joinedload(RoleGrant.unit),)


def user_of_session(kept: str) -> User | None:
    """The person of a session cookie ("id:epoch") with their grants, or None when that session has ended."""
    user_id, _, epoch = kept.partition(":")
    if not (user_id.isdecimal() and epoch.isdecimal()):
        return None
    wanted = select(User).options(joinedload(User.grants))
    wanted = wanted.where(User.id == int(user_id), User.session_epoch == int(epoch), User.active)
    return db.session.scalars(wanted).unique().one_or_none()


def user_by_email(email: str) -> User | None:
    """The person with this address (lower case), active or not."""
    return db.session.scalar(select(User).where(User.email == email))


def nobody_yet() -> bool:
    """Whether the portal has no user at all."""
    return not db.session.scalar(select(exists().where(User.id.is_not(None))))


def link_of(secret: str) -> OneTimeLink | None:
    """The one-time link with this secret while it is good: not used, not expired."""
    link = db.session.scalar(select(OneTimeLink).where(OneTimeLink.secret_hash == hash_of_secret(secret)))
    return link if link is not None and link.used_at is None and link.expires_at > now() else None


def units_for(user: User, *roles: str) -> Select[Any]:
    """Ids of the units in which the person has one of `roles`, with all below; to be used in `IN`."""
    held = [grant.unit_id for grant in user.grants if grant.role in roles]
    if None in held:
        return select(Unit.id)
    if not held:
        return select(Unit.id).where(false())
    return _with_all_below(tuple(sorted(set(held))))  # type: ignore[type-var]


@lru_cache(maxsize=512)
def _with_all_below(held: tuple[int, ...]) -> Select[Any]:
    """These units and all below them. A question, not its answer: building it took longer than asking it."""
    unit = Unit.__table__
    child = unit.alias()
    # unnamed, because one statement may ask twice
    tree = select(unit.c.id).where(unit.c.id.in_(held)).cte(recursive=True)
    tree = tree.union(select(child.c.id).where(child.c.parent_id == tree.c.id))
    return select(tree.c.id)


def readable_units(user: User) -> Select[Any]:
    """Ids of all units that the person sees: those of any role, with all below."""
    return units_for(user, *ROLES)


def readable_of(user: User, unit_ids: Iterable[int | None]) -> set[int]:
    """Which of these units the person sees. One statement; none without units."""
    asked = {unit_id for unit_id in unit_ids if unit_id is not None}
    if not asked:
        return set()
    return set(
        db.session.scalars(select(Unit.id).where(Unit.id.in_(asked), Unit.id.in_(readable_units(user))))
    )


def may(user: User, roles: str | Iterable[str], unit_id: int | None) -> bool:
    """Whether the person has one of `roles` in the unit or above it; unit None = the whole installation."""
    wanted = (roles,) if isinstance(roles, str) else tuple(roles)
    if has_everywhere(user, *wanted):
        return True
    if unit_id is None or not any(grant.role in wanted for grant in user.grants):
        return False
    here = units_for(user, *wanted).subquery()
    return db.session.scalar(select(exists().where(here.c.id == unit_id))) or False


def has_everywhere(user: User, *roles: str) -> bool:
    """Whether the person has one of `roles` for the whole installation."""
    return any(grant.unit_id is None and grant.role in roles for grant in user.grants)


def holds(user: User, *roles: str) -> bool:
    """Whether the person has one of the roles in any unit."""
    return any(grant.role in roles for grant in user.grants)


def open_units(user: User, *roles: str, hamlets: bool = False) -> dict[int, Unit]:
    """Living units in which the person has one of the roles, by id; `hamlets`: also those below a commune."""
    open_ = Unit.valid_to.is_(None) if hamlets else keeps_books()
    mine = select(Unit).where(Unit.id.in_(units_for(user, *roles)), open_)
    return {unit.id: unit for unit in db.session.scalars(mine.order_by(Unit.id))}


def users(for_user: User) -> Select[Any]:
    """The people an administrator sees: all, or those with a role in the administrator's units."""
    if has_everywhere(for_user, ADMINISTRATOR):
        return select(User)
    inside = RoleGrant.unit_id.in_(units_for(for_user, ADMINISTRATOR))
    return select(User).where(exists().where(RoleGrant.user_id == User.id, inside))


def user_seen(user_id: int, *, for_user: User) -> User | None:
    """One of `users`, with grants and their units; None when the administrator sees no such person."""
    wanted = users(for_user).where(User.id == user_id)
    wanted = wanted.options(joinedload(User.grants).joinedload(RoleGrant.unit))
    return db.session.scalars(wanted).unique().one_or_none()


def may_manage(administrator: User, user: User) -> bool:
    """Whether everything that the person may do lies within the administrator's own units."""
    if has_everywhere(administrator, ADMINISTRATOR):
        return True
    if not user.grants or any(grant.unit_id is None for grant in user.grants):
        return False
    own = set(db.session.scalars(units_for(administrator, ADMINISTRATOR)))
    return {grant.unit_id for grant in user.grants} <= own


def units_to_grant(administrator: User) -> list[Unit]:
    """The present units in which an administrator may give roles, by name."""
    mine = select(Unit).where(Unit.id.in_(units_for(administrator, ADMINISTRATOR)), Unit.valid_to.is_(None))
    return list(db.session.scalars(mine.order_by(Unit.parent_id.is_not(None), Unit.name)))


def roles_in_words(user: User) -> str:
    """ "Kế toán (Xã An Lạc), Quản trị (toàn hệ thống)"."""
    return ", ".join(
        f"{ROLE_NAMES[grant.role]} ({grant.unit.name if grant.unit else 'toàn hệ thống'})"
        for grant in user.grants
    )


def state_in_words(user: User) -> str:
    """Whether the person can sign in."""
    if not user.active:
        return "Đã tắt"
    return "Đang dùng" if user.password_hash else "Chưa đặt mật khẩu"


def named(text: str) -> ColumnElement[bool]:
    """Condition: the words stand in the name or the address."""
    low = text.lower()
    name, email = func.lower(User.name), User.email
    return or_(
        User.name.contains(text, autoescape=True),
        name.contains(low, autoescape=True),
        email.contains(low, autoescape=True),
    )


def holding(role: str) -> ColumnElement[bool]:
    """Condition: the person has the role in some unit."""
    return exists().where(RoleGrant.user_id == User.id, RoleGrant.role == role)


def switched(state: Any) -> ColumnElement[bool]:
    """Condition: switched on ("co") or off."""
    return User.active.is_(state == "co")
