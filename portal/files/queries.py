"""Finding pictures within a person's units, and what a person may do with one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound

from portal.files.models import Picture
from portal.kit.access import ACCOUNTANT, APPROVER, AUDITOR, RECORDER
from portal.kit.db import db
from portal.people.models import User
from portal.people.queries import may, units_for

READERS = (RECORDER, ACCOUNTANT, APPROVER, AUDITOR)
"""Whoever keeps users and settings sees no families."""
WRITERS = (RECORDER, ACCOUNTANT)
LOOKERS = (RECORDER, ACCOUNTANT, APPROVER)
"""Who may say whether faces are on a picture, cover places, and take a picture back."""
PUBLISHERS = (ACCOUNTANT, APPROVER)
LOADED = (joinedload(Picture.unit), joinedload(Picture.by), joinedload(Picture.published_by))


def pictures_for(user: User) -> Select[Any]:
    """Pictures of the person's units, withdrawn ones too."""
    return select(Picture).where(Picture.unit_id.in_(units_for(user, *READERS)))


def picture_or_404(picture_id: int, *, for_user: User) -> Picture:
    """A picture of the person's units. Raises NotFound."""
    found: Picture | None = db.session.scalar(
        pictures_for(for_user).where(Picture.id == picture_id).options(*LOADED)
    )
    if found is None:
        raise NotFound
    return found


def may_write(user: User, picture: Picture) -> bool:
    """Whether the person may change what is said about the picture."""
    return may(user, WRITERS, picture.unit_id)


def may_look(user: User, picture: Picture) -> bool:
    """Whether the person may judge the picture, cover places on it, and take it back."""
    return may(user, LOOKERS, picture.unit_id)


def may_publish(user: User, picture: Picture) -> bool:
    """Whether the person may show it to everybody."""
    return may(user, PUBLISHERS, picture.unit_id)
