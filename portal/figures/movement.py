"""Figures of the emulation movement: good models at work, where they were taken up, results by unit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, select

from portal.emulation.models import Initiative
from portal.emulation.queries import initiatives_in
from portal.emulation.queries_figures import ranked_in, replicas_in
from portal.emulation.rules_scoring import UNIT_OF_POINTS
from portal.figures.scope import Scope
from portal.figures.tree import codes_in
from portal.figures.values import Definition, FigureValue, answered
from portal.kit.db import db
from portal.kit.vietnamese import key_of

COUNT = Definition(
    "initiatives.count", "Mô hình hay", "mô hình", "Số mô hình, công trình của phong trào hoạt động trong kỳ."
)
REPLICAS = Definition(
    "initiatives.replicas",
    "Lượt nhân rộng mô hình",
    "lượt",
    "Số lượt đơn vị làm theo mô hình hay của đơn vị khác, tính đến cuối kỳ.",
)
RANKED = Definition(
    "movement.ranked",
    "Đơn vị được xếp hạng thi đua",
    "đơn vị",
    "Số đơn vị trong các bảng xếp hạng đã công bố của những kỳ chấm nằm trọn trong kỳ.",
)
CLASS = Definition(
    "movement.class.<mức>",
    "Đơn vị xếp loại thi đua, theo mức",
    "đơn vị",
    "Số đơn vị được xếp mức này trong các bảng xếp hạng đã công bố của những kỳ chấm nằm trọn trong kỳ.",
)
FIGURES = (COUNT, REPLICAS, RANKED)
FAMILIES = (CLASS,)
PREFIX = "movement.class."


def initiatives(scope: Scope) -> list[Initiative]:
    """The initiatives themselves, in the order in which they were brought."""
    wanted = initiatives_in(scope.unit.id, scope.start, scope.end, as_of=scope.as_of)
    return list(db.session.scalars(wanted))


def compute(scope: Scope) -> Iterator[FigureValue]:
    """Two statements; results are missing while no ranking of the period is published."""
    asked = (
        initiatives_in(scope.unit.id, scope.start, scope.end, as_of=scope.as_of),
        replicas_in(scope.unit.id, scope.end, as_of=scope.as_of),
    )
    counts = (select(func.count()).select_from(one.order_by(None).subquery()) for one in asked)
    active, taken_up = db.session.execute(select(*(one.scalar_subquery() for one in counts))).one()
    yield answered(COUNT, active)
    yield answered(REPLICAS, taken_up)
    ranked = ranked_rows(scope)
    yield answered(RANKED, len(ranked) or None)
    for name, count in classes(ranked):
        yield answered(CLASS.filled(PREFIX + key_of(name), f"Xếp loại {name}"), count)


def ranked_rows(scope: Scope) -> list[Any]:
    """(RankRow, Ranking, MovementRound) of the unit with all below, by year and place."""
    return list(db.session.execute(ranked_in(scope.unit.id, scope.start, scope.end, as_of=scope.as_of)))


def classes(ranked: list[Any]) -> list[tuple[str, int]]:
    """(class, how many units), in the order in which they first occur; names with one key are one class."""
    named = {key_of(row.RankRow.class_name): row.RankRow.class_name for row in reversed(ranked)}
    counted = Counter(key_of(row.RankRow.class_name) for row in ranked if row.RankRow.class_name)
    return [(named[key], count) for key, count in counted.items()]


def rows(scope: Scope, key: str) -> Iterator[dict[str, Any]] | None:
    """The initiatives, replicas or ranked units behind a figure; None for other keys."""
    if key == COUNT.key:
        return _initiative_rows(scope)
    if key == REPLICAS.key:
        return _replica_rows(scope)
    if key == RANKED.key or key.startswith(PREFIX):
        return _ranked_rows(scope, None if key == RANKED.key else key.removeprefix(PREFIX))
    return None


def _initiative_rows(scope: Scope) -> Iterator[dict[str, Any]]:
    codes = codes_in(scope)
    return (
        {
            "unit": codes[found.unit_id],
            "name": found.name,
            "form": found.form,
            "from": found.starts_on.isoformat() if found.starts_on else None,
            "to": found.ends_on.isoformat() if found.ends_on else None,
            "entry": found.since,
        }
        for found in initiatives(scope)
    )


def _replica_rows(scope: Scope) -> Iterator[dict[str, Any]]:
    codes = codes_in(scope)
    found = db.session.execute(replicas_in(scope.unit.id, scope.end, as_of=scope.as_of))
    return (
        {
            "unit": codes[row.unit_id],
            "model_unit": row.model_unit,
            "model": row.name_key,
            "since": row.since_on.isoformat(),
            "entry": row.since,
        }
        for row in found
    )


def _ranked_rows(scope: Scope, wanted: str | None) -> Iterator[dict[str, Any]]:
    codes = codes_in(scope)
    for row, ranking, year in ranked_rows(scope):
        if wanted is not None and key_of(row.class_name) != wanted:
            continue
        yield {
            "unit": codes[row.unit_id],
            "year": year.code,
            "cluster": row.cluster_name,
            "points": row.points / UNIT_OF_POINTS,
            "bonus": row.bonus / UNIT_OF_POINTS,
            "total": row.total / UNIT_OF_POINTS,
            "place": row.place,
            "place_in_cluster": row.place_in_cluster,
            "class": row.class_name,
            "entry": ranking.since,
        }
