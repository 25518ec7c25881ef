"""What figures ask of movements: published results of units, replication of good models; true as of a number."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from portal.emulation.models_initiatives import GoodModel, ModelReplica
from portal.emulation.models_movements import MovementRound
from portal.emulation.models_scoring import Ranking, RankRow
from portal.units.models import Unit
from portal.units.queries import subtree


def ranked_in(unit_id: int, start: date, end: date, *, as_of: int | None = None) -> Select[Any]:
    """(RankRow, Ranking, MovementRound): units of a unit with all below, in years wholly between two days."""
    rows: Any = select(RankRow, Ranking, MovementRound).join(Ranking, Ranking.id == RankRow.ranking_id)
    rows = rows.join(MovementRound, MovementRound.id == Ranking.round_id)
    rows = rows.where(RankRow.unit_id.in_(subtree(unit_id)), Ranking.as_of(as_of))
    inside = MovementRound.starts_on >= start, MovementRound.ends_on <= end
    return rows.where(*inside).order_by(MovementRound.starts_on, MovementRound.id, RankRow.place, RankRow.id)


def replicas_in(unit_id: int, end: date, *, as_of: int | None = None) -> Select[Any]:
    """Units of a unit with all below that do what a good model of another unit does, begun up to a day."""
    own = aliased(Unit)
    rows: Any = select(
        ModelReplica.unit_id,
        ModelReplica.since_on,
        ModelReplica.since,
        GoodModel.name_key,
        own.code.label("model_unit"),
    )
    rows = rows.join(GoodModel, GoodModel.id == ModelReplica.model_id).join(own, own.id == GoodModel.unit_id)
    rows = rows.where(ModelReplica.unit_id.in_(subtree(unit_id)), ModelReplica.since_on <= end)
    return rows.where(ModelReplica.as_of(as_of)).order_by(ModelReplica.id)
