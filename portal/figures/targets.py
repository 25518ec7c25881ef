"""What a unit was to raise in a campaign, and how far it has come."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from portal.campaigns.queries import targets_of
from portal.figures import money
from portal.figures.rules import sum_all, topmost
from portal.figures.scope import Scope
from portal.figures.tree import codes_in, parents_in
from portal.figures.values import DONG, PERCENT, Definition, FigureValue, answered
from portal.kit.money import ratio

AMOUNT = Definition(
    "target.amount",
    "Chỉ tiêu vận động",
    DONG,
    "Số tiền giao vận động trong đợt; chỉ tiêu của đơn vị đứng trên tổng chỉ tiêu của cấp dưới.",
)
SHARE = Definition(
    "target.percent", "Đạt so với chỉ tiêu", PERCENT, "Tiền đã nhận trong kỳ chia cho chỉ tiêu vận động."
)
FIGURES = (AMOUNT, SHARE)


def compute(scope: Scope) -> Iterator[FigureValue]:
    """Both figures; missing without a campaign."""
    target = sum_all(_counted(scope).values())
    received = None
    if target is not None:
        received = next(figure for figure in money.compute(scope) if figure.key == "received.total").value
    yield answered(AMOUNT, target)
    yield answered(SHARE, ratio(received, target), numerator=received, denominator=target)


def rows(scope: Scope, key: str) -> Iterator[dict[str, Any]] | None:
    """The targets behind both figures; None for other keys."""
    if key not in (AMOUNT.key, SHARE.key):
        return None
    codes = codes_in(scope)
    return ({"unit": codes[unit], "amount": amount} for unit, amount in _counted(scope).items())


def _counted(scope: Scope) -> dict[int, int]:
    """Targets that count: of units inside the scope, those without a target above them."""
    if scope.campaign is None:
        return {}
    parents = parents_in(scope)
    given = targets_of(scope.campaign.id, as_of=scope.as_of)
    inside = {unit: amount for unit, amount in given.items() if unit in parents}
    return {unit: inside[unit] for unit in topmost(inside, parents)}
