"""Figures whose records the portal does not keep yet: known by name, always missing, never a zero."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from portal.figures.scope import Scope
from portal.figures.values import Definition, FigureValue, answered

FIGURES = (Definition("rewards.total", "Khen thưởng", "lượt", "Số lượt khen thưởng trong kỳ."),)


def compute(scope: Scope) -> Iterator[FigureValue]:
    """All missing."""
    return (answered(definition, None) for definition in FIGURES)


def rows(scope: Scope, key: str) -> Iterator[dict[str, Any]] | None:
    """No rows behind them; None for other keys."""
    return iter(()) if key in {definition.key for definition in FIGURES} else None
