"""Pure rules over the whole list of units: who bears a code when, who stands above whom, who follows whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from portal.kit.days import EARLIEST, format_day

Key = tuple[str, date]  # code and first day: what makes a unit


@dataclass(frozen=True)
class Node:
    """A unit as it is, or as it is going to be."""

    code: str
    name: str
    valid_from: date
    valid_to: date | None
    parent: Key | None = None

    @property
    def key(self) -> Key:
        """Code and first day."""
        return self.code, self.valid_from

    def overlaps(self, other: Node) -> bool:
        """Whether the two bear their codes on a common day."""
        return not (_ends_before(self, other.valid_from) or _ends_before(other, self.valid_from))


class Fault(NamedTuple):
    """A row (by its place in the list) that cannot be; `field` is the attribute of `actions.UnitRow`."""

    place: int
    field: str
    text: str


class Bearers:
    """Every unit by its code, in order of time."""

    def __init__(self, nodes: Iterable[Node]):
        self._of: dict[str, list[Node]] = defaultdict(list)
        for node in sorted(nodes, key=lambda node: node.valid_from):
            self._of[node.code].append(node)

    def of(self, code: str) -> list[Node]:
        """The units that ever bore the code, oldest first."""
        return self._of.get(code, [])

    def at(self, code: str, day: date) -> Node | None:
        """The unit that bears the code on a day, else the last one before it (as `queries.unit_at`)."""
        return next((node for node in reversed(self.of(code)) if node.valid_from <= day), None)

    def parent_for(self, child: Node, code: str) -> Node | None:
        """Who stands above: the bearer on the child's first day; for a child of all times today's bearer."""
        common = [node for node in self.of(code) if node.key != child.key and node.overlaps(child)]
        if not common:
            return None
        if child.valid_from == EARLIEST:
            return common[-1]
        return common[0]

    def overlapping(self) -> Iterable[tuple[Node, Node]]:
        """Pairs (earlier, later) that bear one code on the same day."""
        for nodes in self._of.values():
            for earlier, later in zip(nodes, nodes[1:], strict=False):
                if earlier.overlaps(later):
                    yield earlier, later


def predecessor_day(successor: Node) -> date | None:
    """The last day of those whom a unit replaces; None for a unit without a first day."""
    return None if successor.valid_from == EARLIEST else successor.valid_from - timedelta(days=1)


def on_a_circle(nodes: Mapping[Key, Node]) -> set[Key]:
    """The units that stand above themselves."""
    found: set[Key] = set()
    settled: set[Key] = set()
    for start in nodes:
        path: dict[Key, int] = {}
        place: Key | None = start
        while place is not None and place in nodes and place not in settled and place not in path:
            path[place] = len(path)
            place = nodes[place].parent
        if place in path:
            found.update(key for key, step in path.items() if step >= path[place])
        settled.update(path)
    return found


def with_parent(node: Node, parent: Node | None) -> Node:
    """The same unit below another."""
    return replace(node, parent=parent.key if parent else None)


def span_fault(place: int, row: Any) -> Fault | None:
    """A unit cannot end before it begins."""
    if row.valid_to and row.valid_to < row.valid_from:
        first = format_day(row.valid_from)
        return Fault(
            place,
            "valid_to",
            f"Ngày hết hiệu lực {format_day(row.valid_to)} trước ngày bắt đầu {first}. "
            "Sửa một trong hai ngày.",
        )
    return None


def _ends_before(node: Node, day: date) -> bool:
    return node.valid_to is not None and node.valid_to < day
