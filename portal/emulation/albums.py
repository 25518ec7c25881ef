"""Pictures of the movement: evidence of a criterion on a sheet, photos of a good model."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from portal.emulation import queries_initiatives, queries_scoring
from portal.emulation.models_initiatives import GoodModel
from portal.emulation.models_scoring import ScoreLine
from portal.emulation.queries_initiatives import initiative_of, may_write_model, model_or_404
from portal.emulation.queries_movements import is_published, may_score
from portal.emulation.queries_scoring import line_or_404
from portal.emulation.rules_initiatives import ROLES
from portal.emulation.rules_scoring import SELF
from portal.files import album
from portal.kit.db import db
from portal.people.models import User


def may_prove(user: User, line: ScoreLine) -> bool:
    """Evidence is brought by the unit, while its sheet lies with it."""
    entry = line.entry
    return (
        entry.at == SELF and not entry.ended and may_score(user, entry) and not is_published(entry.round_id)
    )


def _never(_subject_id: int) -> bool:
    return False


def is_public(model_id: int) -> bool:
    """Whether everybody reads the story."""
    wanted = select(GoodModel).where(GoodModel.id == model_id, GoodModel.published_on.is_not(None))
    found = db.session.scalar(wanted)
    return found is not None and queries_initiatives.is_current(found)


album.register(
    album.Subject(
        kind=queries_scoring.ALBUM,
        name="Minh chứng thi đua",
        load=line_or_404,
        unit=lambda line: line.entry.unit,
        title=lambda line: f"Tiêu chí {line.criterion.code}, {line.entry.unit.name}",
        may_write=may_prove,
        is_public=_never,
        endpoint="emulation.evidence",
        argument="line_id",
    )
)


def _title(model: Any) -> str:
    return initiative_of(model).name


album.register(
    album.Subject(
        kind=queries_initiatives.ALBUM,
        name="Mô hình hay",
        load=model_or_404,
        unit=lambda model: model.unit,
        title=_title,
        may_write=lambda user, model: may_write_model(user, model.unit_id),
        is_public=is_public,
        endpoint="emulation.show_model",
        argument="model_id",
        roles=ROLES,
    )
)
