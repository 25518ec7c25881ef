"""Writing the list of units. Every action flushes; the caller commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.kit.days import EARLIEST, format_day
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.tables import ABSENT
from portal.units.hierarchy import (
    Bearers,
    Fault,
    Key,
    Node,
    on_a_circle,
    predecessor_day,
    span_fault,
    with_parent,
)
from portal.units.models import Unit, UnitSuccession


@dataclass(frozen=True)
class UnitRow:
    """One unit as an office lists it. ABSENT in a field leaves what is known; None takes it away."""

    code: str
    name: Any = ABSENT
    level: Any = ABSENT
    parent: Any = ABSENT  # a code
    valid_from: date = EARLIEST
    valid_to: Any = ABSENT
    replaces: Any = ABSENT  # codes, in a tuple

    @property
    def key(self) -> Key:
        """What makes the unit: code and first day."""
        return self.code, self.valid_from


@dataclass
class Plan:
    """What a list of rows would make of the units; nothing is written until `record_units`."""

    nodes: dict[Key, Node]
    replaces: dict[Key, tuple[Key, ...]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def record_units(rows: Sequence[UnitRow]) -> tuple[int, int, int]:
    """Write a list of units in any order; returns (new, changed, unchanged). Raises Refused.

    Identity is code + first day. Successions are added, never taken away.
    """
    plan = plan_units(rows)
    if plan.faults:
        raise Refused(plan.faults[0].text, plan.faults[0].field)
    units = {(unit.code, unit.valid_from): unit for unit in db.session.scalars(select(Unit))}
    fresh = {row.key for row in rows} - units.keys()
    for row in rows:
        if row.key not in units:
            units[row.key] = Unit(
                code=row.code, valid_from=row.valid_from, name=row.name, level=row.level or ""
            )
            db.session.add(units[row.key])
    db.session.flush()
    changed = {row.key for row in rows if _apply(row, units, plan)} - fresh
    changed |= _record_successions(units, plan) - fresh
    db.session.flush()
    return len(fresh), len(changed), len(rows) - len(fresh) - len(changed)


def plan_units(rows: Sequence[UnitRow]) -> Plan:
    """What the rows would make of the units, with every fault of theirs found at once."""
    known = {unit.id: unit for unit in db.session.scalars(select(Unit))}
    plan = Plan({})
    for unit in known.values():
        parent = known.get(unit.parent_id) if unit.parent_id else None
        above = (parent.code, parent.valid_from) if parent else None
        node = Node(unit.code, unit.name, unit.valid_from, unit.valid_to, above)
        plan.nodes[node.key] = node
    _lay_rows(rows, plan)
    bearers = Bearers(plan.nodes.values())
    _find_overlaps(rows, plan, bearers)
    for place, row in enumerate(rows):
        _find_parent(place, row, plan, bearers)
        _find_predecessors(place, row, plan, bearers)
    circle = on_a_circle(plan.nodes)
    for place, row in enumerate(rows):
        if row.key in circle:
            text = f"Đơn vị “{row.code}” vòng lại nằm dưới chính mình. Sửa mã đơn vị cấp trên."
            plan.faults.append(Fault(place, "parent", text))
    return plan


def _lay_rows(rows: Sequence[UnitRow], plan: Plan) -> None:
    first: dict[Key, UnitRow] = {}
    for place, row in enumerate(rows):
        known = plan.nodes.get(row.key)
        if first.setdefault(row.key, row) != row:
            text = f"Đơn vị “{row.code}” có hai dòng khác nhau với cùng ngày bắt đầu. Giữ lại một dòng."
            plan.faults.append(Fault(place, "code", text))
        if not row.name and (known is None or row.name is None):
            plan.faults.append(
                Fault(place, "name", "Chưa có tên đơn vị. Ghi tên đầy đủ, ví dụ “Xã Tân Phú Hòa”.")
            )
        if fault := span_fault(place, row):
            plan.faults.append(fault)
        plan.nodes[row.key] = Node(
            code=row.code,
            name=row.name or (known.name if known else ""),
            valid_from=row.valid_from,
            valid_to=(known.valid_to if known else None) if row.valid_to is ABSENT else row.valid_to,
            parent=known.parent if known else None,
        )


def _find_overlaps(rows: Sequence[UnitRow], plan: Plan, bearers: Bearers) -> None:
    places = {row.key: place for place, row in enumerate(rows)}
    for earlier, later in bearers.overlapping():
        place = places.get(later.key, places.get(earlier.key))
        if place is not None:
            text = (
                f"Mã “{later.code}” còn thuộc về {earlier.name} khi {later.name} bắt đầu ngày "
                f"{format_day(later.valid_from)}. Ghi ngày hết hiệu lực của {earlier.name} trước ngày đó."
            )
            plan.faults.append(Fault(place, "valid_from", text))


def _find_parent(place: int, row: UnitRow, plan: Plan, bearers: Bearers) -> None:
    if row.parent is ABSENT:
        return
    node = plan.nodes[row.key]
    parent = bearers.parent_for(node, row.parent) if row.parent else None
    if row.parent == row.code and parent is None:
        parent = node  # said of a circle below
    if row.parent and parent is None:
        text = (
            f"Không có đơn vị cấp trên mang mã “{row.parent}” trong thời gian của dòng này. "
            "Thêm đơn vị đó vào bảng, hoặc sửa mã."
        )
        plan.faults.append(Fault(place, "parent", text))
    plan.nodes[row.key] = with_parent(node, parent)


def _find_predecessors(place: int, row: UnitRow, plan: Plan, bearers: Bearers) -> None:
    if not row.replaces:
        return
    day = predecessor_day(plan.nodes[row.key])
    if day is None:
        text = "Đơn vị thay thế đơn vị khác cần có ngày bắt đầu. Ghi ngày vào cột “Hiệu lực từ”."
        plan.faults.append(Fault(place, "valid_from", text))
        return
    found = []
    for code in row.replaces:
        node = bearers.at(code, day)
        if node is None:
            first = format_day(row.valid_from)
            text = f"Không có đơn vị mang mã “{code}” trước ngày {first}. Thêm đơn vị cũ vào bảng."
            plan.faults.append(Fault(place, "replaces", text))
        else:
            found.append(node.key)
    plan.replaces[row.key] = tuple(found)


def _apply(row: UnitRow, units: dict[Key, Unit], plan: Plan) -> bool:
    """Bring one unit up to its row; True when anything differs."""
    unit, node = units[row.key], plan.nodes[row.key]
    parent = units[node.parent] if node.parent else None
    wanted = {
        "name": node.name,
        "level": unit.level if row.level is ABSENT else row.level or "",
        "valid_to": node.valid_to,
        "parent_id": parent.id if parent else None,
    }
    different = {name: value for name, value in wanted.items() if getattr(unit, name) != value}
    for name, value in different.items():
        setattr(unit, name, value)
    return bool(different)


def _record_successions(units: dict[Key, Unit], plan: Plan) -> set[Key]:
    """Add what is new; returns the successors that gained a predecessor."""
    pairs = select(UnitSuccession.predecessor_id, UnitSuccession.successor_id)
    known = {tuple(pair) for pair in db.session.execute(pairs)}
    gained = set()
    for key, predecessors in plan.replaces.items():
        for predecessor in predecessors:
            pair = (units[predecessor].id, units[key].id)
            if pair not in known:
                known.add(pair)
                gained.add(key)
                db.session.add(UnitSuccession(predecessor_id=pair[0], successor_id=pair[1], on=key[1]))
    return gained
