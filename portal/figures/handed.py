"""Gifts handed out: what was recorded one by one, by the day of the hand-over; brought totals only where nothing was.

A brought row (kind quà) of a unit and period in which portions were recorded one by one is a check: it is not
added, its difference stands in the note.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Subquery, func, select

from portal.figures.handed_recorded import Handed, goods_handed, handed_in, portions_handed
from portal.figures.programmes import Programme, joint_qualifier, programmes_in
from portal.figures.rules import ancestors, sum_known, whole
from portal.figures.scope import Scope
from portal.figures.tree import codes_in, parents_in
from portal.figures.values import DONG, HOUSEHOLDS, Definition, FigureValue, answered
from portal.kit.db import db
from portal.kit.money import format_amount
from portal.kit.vietnamese import fold
from portal.programmes.models import ProgrammeResult
from portal.programmes.rules import GIFTS, PORTIONS

_BROUGHT = "nơi và kỳ chưa ghi từng suất thì theo báo cáo tổng hợp của đơn vị"
ROUNDS = Definition("gifts.rounds", "Đợt trao quà", "đợt", "Số đợt trao quà được ghi từng đợt trong kỳ.")
PORTIONS_GIVEN = Definition(
    "gifts.portions",
    "Suất quà đã trao",
    "suất",
    f"Số suất quà đã trao đến hộ trong kỳ, theo ngày trao; {_BROUGHT}.",
)
HOUSEHOLDS_HELPED = Definition(
    "gifts.households",
    "Hộ nhận quà",
    HOUSEHOLDS,
    f"Số hộ đã nhận quà trong kỳ, mỗi hộ tính một lần; {_BROUGHT}.",
)
VALUE = Definition(
    "gifts.value",
    "Trị giá quà đã trao",
    DONG,
    f"Tiền của các suất quà đã trao và trị giá hàng đã trao theo sổ kho trong kỳ; {_BROUGHT}.",
)
FIGURES = (ROUNDS, PORTIONS_GIVEN, HOUSEHOLDS_HELPED, VALUE)


class Brought(NamedTuple):
    """Brought programmes of gifts: the rows that count, and those that are a check."""

    counted: list[tuple[Programme, ProgrammeResult]]
    checked: list[tuple[Programme, ProgrammeResult]]


def compute(scope: Scope) -> Iterator[FigureValue]:
    """The four figures; the number of statements does not depend on the number of portions."""
    detail, brought = handed_in(scope), brought_in(scope)
    again = handed_in(scope, _under(scope, brought)) if brought.checked else Handed()
    yield answered(ROUNDS, detail.rounds)
    for definition, own, theirs in (
        (PORTIONS_GIVEN, detail.portions, again.portions),
        (HOUSEHOLDS_HELPED, detail.households, again.households),
        (VALUE, detail.value, again.value),
    ):
        counted = _sum(brought.counted, definition)
        yield answered(
            definition,
            whole(sum_known([own, counted])),
            qualifier=_qualifier(brought.counted, definition),
            note=_difference(_sum(brought.checked, definition), theirs),
        )


def rows(scope: Scope, key: str) -> Iterator[dict[str, Any]] | None:
    """Hand-overs by list and day, then the brought rows that count; without households. None for other keys."""
    known = {definition.key: definition for definition in FIGURES}
    if key not in known:
        return None
    return _rows(scope, known[key])


def _rows(scope: Scope, definition: Definition) -> Iterator[dict[str, Any]]:
    codes, handed = codes_in(scope), portions_handed(scope).c
    grouped = (
        select(handed.unit_id, handed.list_id, handed.day, func.sum(handed.portion), func.sum(handed.money))
        .group_by(handed.unit_id, handed.list_id, handed.day)
        .order_by(handed.day, handed.list_id)
    )
    for unit_id, list_id, day, portions, money in db.session.execute(grouped):
        yield {
            "unit": codes[unit_id],
            "list": list_id,
            "day": day.isoformat(),
            "portions": int(portions),
            "amount": None if money is None else int(money),
        }
    if definition is VALUE:
        for number, day, unit_id, value in db.session.execute(goods_handed(scope)):
            yield {
                "unit": codes[unit_id],
                "posting": number,
                "day": day.isoformat(),
                "amount": int(value or 0),
            }
    if definition is ROUNDS:
        return
    for programme, row in brought_in(scope).counted:
        if _measured(programme, definition):
            yield {
                "unit": codes[row.unit_id],
                "from": row.starts_on.isoformat(),
                "to": row.ends_on.isoformat(),
                "programme": programme.name,
                "portions": whole(row.actual),
                "households": row.households,
                "amount": row.amount,
                "entry": row.since,
            }


def brought_in(scope: Scope) -> Brought:
    """Brought rows of gifts, parted by whether their unit (with all below) and period have portions one by one."""
    found = [programme for programme in programmes_in(scope) if programme.kind == GIFTS]
    if not found:
        return Brought([], [])
    handed, parents = _days(scope, found).c, parents_in(scope)
    days = select(handed.unit_id, handed.day).where(handed.portion == 1).distinct()
    recorded = [(unit, day) for unit, day in db.session.execute(days)]
    result = Brought([], [])
    for programme in found:
        for row in programme.rows:
            is_checked = any(
                row.starts_on <= day <= row.ends_on
                and (unit == row.unit_id or row.unit_id in ancestors(unit, parents))
                for unit, day in recorded
            )
            (result.checked if is_checked else result.counted).append((programme, row))
    return result


def _days(scope: Scope, found: list[Programme]) -> Subquery:
    """As `portions_handed`, from the day on which the earliest of these rows begins (a running total begins earlier)."""
    first: date = min(row.starts_on for programme in found for row in programme.rows)
    return portions_handed(replace(scope, start=min(first, scope.start)))


def _under(scope: Scope, brought: Brought) -> set[int]:
    """The units of the rows that are a check, with all below."""
    tops, parents = {row.unit_id for _, row in brought.checked}, parents_in(scope)
    return {
        unit for unit in parents if unit in tops or any(above in tops for above in ancestors(unit, parents))
    }


def _measured(programme: Programme, definition: Definition) -> bool:
    return definition is not PORTIONS_GIVEN or fold(programme.measure) in PORTIONS


def _sum(pairs: list[tuple[Programme, ProgrammeResult]], definition: Definition) -> Any:
    name = {PORTIONS_GIVEN.key: "actual", HOUSEHOLDS_HELPED.key: "households", VALUE.key: "amount"}[
        definition.key
    ]
    return whole(
        sum_known(getattr(row, name) for programme, row in pairs if _measured(programme, definition))
    )


def _qualifier(pairs: list[tuple[Programme, ProgrammeResult]], definition: Definition) -> str | None:
    if definition is not VALUE:
        return None
    return joint_qualifier(row.qualifier for _, row in pairs if row.amount is not None)


def _difference(reported: Any, recorded: int | None) -> str | None:
    """What the report says where portions were recorded one by one; None when they agree or it says nothing."""
    if reported is None or recorded is None or reported == recorded:
        return None
    return (
        f"Báo cáo tổng hợp cùng nơi, cùng kỳ: {_shown(reported)} "
        f"(chênh lệch {_shown(reported - recorded)}), không cộng vào."
    )


def _shown(value: Any) -> str:
    return format_amount(value) if isinstance(value, int) else str(value).replace(".", ",")
