"""Photos of a distribution: what its album calls its parts, and when its photos may stand on a public page."""

from __future__ import annotations

from sqlalchemy import select

from portal.distributions.models import Distribution
from portal.distributions.queries import distribution_or_404, may_write
from portal.distributions.rules import CLOSED, RELEASED
from portal.files import album
from portal.kit.db import db

KIND = "distribution"
ROLES = {"goods": "Quà trước khi trao", "handover": "Lúc trao", "sheet": "Bản ký nhận", "other": "Khác"}


def is_public(distribution_id: int) -> bool:
    """Whether everybody is told of the round: something is being or was handed out."""
    state = db.session.scalar(select(Distribution.state).where(Distribution.id == distribution_id))
    return state in (RELEASED, CLOSED)


album.register(
    album.Subject(
        kind=KIND,
        name="Đợt trao quà",
        load=distribution_or_404,
        unit=lambda distribution: distribution.unit,
        title=lambda distribution: distribution.name,
        may_write=may_write,
        is_public=is_public,
        endpoint="distributions.show",
        argument="list_id",
        roles=ROLES,
    )
)
