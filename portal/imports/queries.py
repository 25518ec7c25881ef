"""Which kinds of tables a person may bring."""

from __future__ import annotations

from portal.imports.kind import Kind
from portal.imports.kinds import KINDS
from portal.people.models import User


def kinds_for(user: User) -> list[Kind]:
    """The kinds for which the person has a role in some unit; each row is checked again against its unit."""
    held = {grant.role for grant in user.grants}
    return [kind for kind in KINDS.values() if held & set(kind.roles)]


def kind_of_slug(slug: str, *, for_user: User) -> Kind | None:
    """The kind at this address, if the person may bring it."""
    return next((kind for kind in kinds_for(for_user) if kind.slug == slug), None)
