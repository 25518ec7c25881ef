"""Figures of the emulation movement: good models at work in the period."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, select

from portal.emulation.models import Initiative
from portal.emulation.queries import initiatives_in
from portal.figures.scope import Scope
from portal.figures.tree import codes_in
from portal.figures.values import Definition, FigureValue, answered
from portal.kit.db import db

COUNT = Definition(
    "initiatives.count", "Mô hình hay", "mô hình", "Số mô hình, công trình của phong trào hoạt động trong kỳ."
)
FIGURES = (COUNT,)


def initiatives(scope: Scope) -> list[Initiative]:
    """The initiatives themselves, in the order in which they were brought."""
    wanted = initiatives_in(scope.unit.id, scope.start, scope.end, as_of=scope.as_of)
    return list(db.session.scalars(wanted))


def compute(scope: Scope) -> Iterator[FigureValue]:
    """One figure, one statement."""
    wanted = initiatives_in(scope.unit.id, scope.start, scope.end, as_of=scope.as_of).order_by(None)
    yield answered(COUNT, db.session.scalar(select(func.count()).select_from(wanted.subquery())))


def rows(scope: Scope, key: str) -> Iterator[dict[str, Any]] | None:
    """The initiatives behind the figure; None for other keys."""
    if key != COUNT.key:
        return None
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
