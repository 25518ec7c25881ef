"""Finding good models: the present version of an initiative, with its story where one was written."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.exceptions import NotFound

from portal.emulation.models import Initiative
from portal.emulation.models_initiatives import GoodModel, ModelReplica
from portal.emulation.queries_movements import seen_units
from portal.households.queries_registry import WRITERS
from portal.kit.access import APPROVER
from portal.kit.db import db
from portal.people.models import User
from portal.people.queries import may
from portal.units.models import Unit
from portal.units.queries import keeps_books

ALBUM = "good_model"  # the kind in files.album


class Told(NamedTuple):
    """An initiative as it is now, and its story (None = nobody has written one)."""

    initiative: Initiative
    model: GoodModel | None


def _same() -> ColumnElement[bool]:
    return and_(GoodModel.unit_id == Initiative.unit_id, GoodModel.name_key == Initiative.name_key)


def replica_count() -> Any:
    """How many units do the same, as a column."""
    mine = ModelReplica.model_id == GoodModel.id
    count = select(func.count()).where(mine, ModelReplica.until.is_(None))
    return count.correlate(GoodModel).scalar_subquery()


def models_for(user: User) -> Select[Any]:
    """(Initiative, GoodModel or None) of the person's units and those below."""
    rows: Any = select(Initiative, GoodModel).outerjoin(GoodModel, _same())
    rows = rows.join(Unit, Unit.id == Initiative.unit_id).options(joinedload(Initiative.unit))
    return rows.where(Initiative.as_of(None), Initiative.unit_id.in_(seen_units(user)))


def initiative_or_404(initiative_id: int, *, for_user: User) -> Told:
    """An initiative as it is now, by the number of any of its versions. Raises NotFound."""
    named = select(Initiative.unit_id, Initiative.name_key).where(Initiative.id == initiative_id)
    known = db.session.execute(named).one_or_none()
    if known is None:
        raise NotFound
    return _told(models_for(for_user).where(Initiative.unit_id == known[0], Initiative.name_key == known[1]))


def model_or_404(model_id: int, *, for_user: User) -> GoodModel:
    """A story of the person's units. Raises NotFound, also when its initiative was taken back."""
    found = _told(models_for(for_user).where(GoodModel.id == model_id)).model
    assert found is not None  # asked by its number
    return found


def initiative_of(model: GoodModel) -> Initiative:
    """The present version behind a story. Raises NotFound."""
    mine = Initiative.unit_id == model.unit_id, Initiative.name_key == model.name_key
    found = db.session.scalar(select(Initiative).where(*mine, Initiative.as_of(None)))
    if found is None:
        raise NotFound
    return found


def is_current(model: GoodModel) -> bool:
    """Whether the initiative behind a story still stands."""
    mine = Initiative.unit_id == model.unit_id, Initiative.name_key == model.name_key
    return db.session.scalar(select(Initiative.id).where(*mine, Initiative.as_of(None))) is not None


def _told(wanted: Select[Any]) -> Told:
    found = db.session.execute(wanted).first()
    if found is None:
        raise NotFound
    return Told(*found)


def replicas_of(model: GoodModel) -> list[ModelReplica]:
    """Units that do the same now, oldest first."""
    mine = select(ModelReplica).where(ModelReplica.model_id == model.id, ModelReplica.as_of(None))
    rows = mine.options(joinedload(ModelReplica.unit))
    return list(db.session.scalars(rows.order_by(ModelReplica.since_on, ModelReplica.id)))


def units_to_replicate(model: GoodModel) -> list[Unit]:
    """Living units besides the model's own, by name."""
    rows = select(Unit).where(keeps_books(), Unit.id != model.unit_id)
    return sorted(db.session.scalars(rows), key=lambda unit: unit.name)


def may_write_model(user: User, unit_id: int) -> bool:
    """Whether the person tells the story there."""
    return may(user, WRITERS, unit_id)


def may_publish_model(user: User, model: GoodModel) -> bool:
    """Whether the person publishes it; that it is another one than who asks, the action checks."""
    return may(user, APPROVER, model.unit_id)


def public_models() -> Select[Any]:
    """(Initiative, GoodModel) of everything published, newest first."""
    rows: Any = select(Initiative, GoodModel).join(GoodModel, _same())
    loaded = (
        joinedload(GoodModel.unit).joinedload(Unit.parent),
        selectinload(GoodModel.replicas).joinedload(ModelReplica.unit),
    )
    shown = rows.where(Initiative.as_of(None), GoodModel.published_on.is_not(None)).options(*loaded)
    return shown.order_by(GoodModel.published_on.desc(), GoodModel.id.desc())
