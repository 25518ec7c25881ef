"""Photos of a house: before, at each stage, after; when they may stand on a public page."""

from __future__ import annotations

from sqlalchemy import select

from portal.files import album
from portal.housing.models import HouseProject
from portal.housing.queries import ALBUM, may_write, project_or_404
from portal.housing.rules import PHOTOS, code_of
from portal.kit.db import db


def is_public(project_id: int) -> bool:
    """Whether everybody is told of the house: it was approved."""
    frozen = select(HouseProject.frozen_at).where(HouseProject.id == project_id)
    return db.session.scalar(frozen) is not None


album.register(
    album.Subject(
        kind=ALBUM,
        name="Nhà ở",
        load=project_or_404,
        unit=lambda project: project.unit,
        title=lambda project: f"{code_of(project.id)}, hộ {project.head}",
        may_write=may_write,
        is_public=is_public,
        endpoint="housing.show",
        argument="project_id",
        roles=PHOTOS,
    )
)
