"""Figures whose records the portal does not keep yet: known by name, always missing, never a zero."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from portal.figures.scope import Scope
from portal.figures.values import DONG, Definition, FigureValue, answered

FIGURES = (
    Definition("gifts.rounds", "Đợt trao quà", "đợt", "Số đợt trao quà được ghi từng đợt trong kỳ."),
    Definition(
        "houses.under_way", "Nhà đang làm", "căn", "Số căn nhà đã khởi công, chưa bàn giao ở cuối kỳ."
    ),
    Definition("houses.cost.fund", "Kinh phí nhà từ quỹ", DONG, "Phần kinh phí nhà do quỹ chi."),
    Definition(
        "houses.cost.outside", "Kinh phí nhà từ nguồn khác", DONG, "Phần kinh phí nhà do nguồn khác chi."
    ),
)


def compute(scope: Scope) -> Iterator[FigureValue]:
    """All missing."""
    return (answered(definition, None) for definition in FIGURES)


def rows(scope: Scope, key: str) -> Iterator[dict[str, Any]] | None:
    """No rows behind them; None for other keys."""
    return iter(()) if key in {definition.key for definition in FIGURES} else None
