"""All figures under one roof: what there is, what it comes to, which rows are behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from portal.figures import absent, givers, money, movement, poverty, results, targets
from portal.figures.scope import Scope
from portal.figures.values import Definition, FigureValue
from portal.kit.errors import Refused

ROOMS = (money, givers, targets, absent, poverty, results, movement)


def compute(scope: Scope, keys: Iterable[str] | None = None) -> dict[str, FigureValue]:
    """Figures by key: all, or those of `keys` (only what they need is read; a missing figure is there, too).

    The number of SQL statements does not depend on the number of gifts. Raises KeyError for an unknown key.
    """
    if keys is None:
        return {figure.key: figure for room in ROOMS for figure in room.compute(scope)}
    wanted = list(keys)
    found: dict[str, FigureValue] = {}
    for room in ROOMS:
        missing = {key for key in wanted if key not in found and _may_know(room, key)}
        figures = room.compute(scope) if missing else iter(())
        while missing and (figure := next(figures, None)) is not None:  # what comes after is not even read
            found[figure.key] = figure
            missing.discard(figure.key)
    return {key: found[key] for key in wanted}


def rows(scope: Scope, key: str) -> Iterator[dict[str, Any]]:
    """The rows behind one figure, without personal data. Raises Refused for a key that no figure has."""
    for room in ROOMS:
        found = room.rows(scope, key) if _may_know(room, key) else None
        if found is not None:
            return found
    raise Refused(
        f"Không có số liệu mang khóa “{key}” trong phạm vi này. Xem các khóa bằng lệnh portal figures."
    )


def catalogue() -> list[Definition]:
    """Every definition, families with a part in <…>, in the order of papers (for docs/figures.md)."""
    listed: list[Definition] = []
    for room in ROOMS:
        for known in getattr(room, "FIGURES", ()):
            listed.append(getattr(known, "definition", known))
        listed += getattr(room, "BROUGHT", {}).values()
        listed += getattr(room, "FAMILIES", ())
    return listed


def _may_know(room: Any, key: str) -> bool:
    """Whether a room has figures that begin like this key: the rest need not be read."""
    exact = {getattr(known, "definition", known).key for known in getattr(room, "FIGURES", ())}
    exact |= set(getattr(room, "BROUGHT", {}))
    heads = {family.key.split("<")[0] for family in getattr(room, "FAMILIES", ())}
    return key in exact or any(key.startswith(head) for head in heads)
