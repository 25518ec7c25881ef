"""Houses: what was recorded one by one, by the day of the hand-over; brought totals only where nothing was.

Three layers, the finer one wins for its unit (with all below), period and kind: houses one by one (projects, and houses
of the past by name); totals brought as houses; results of kind "xây nhà", "sửa nhà". What is not counted is a check,
its difference stands in the note.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from portal.figures.houses_recorded import House, Total, past_in, projects_in, under_way_in
from portal.figures.programmes import joint_qualifier, programmes_in
from portal.figures.rules import ancestors, sum_known, whole
from portal.figures.scope import Scope
from portal.figures.tree import codes_in, parents_in
from portal.figures.values import DONG, Definition, FigureValue, answered
from portal.kit.money import format_amount
from portal.programmes.models import ProgrammeResult
from portal.programmes.rules import BUILT as RESULT_BUILT
from portal.programmes.rules import REPAIRED as RESULT_REPAIRED

BUILT, REPAIRED = "built", "repaired"
_BROUGHT = "nơi và kỳ chưa ghi từng căn thì theo báo cáo tổng hợp của đơn vị"
FIGURES = (
    Definition("houses.built", "Nhà xây mới", "căn", f"Số căn nhà xây mới bàn giao trong kỳ; {_BROUGHT}."),
    Definition(
        "houses.repaired", "Nhà sửa chữa", "căn", f"Số căn nhà sửa chữa bàn giao trong kỳ; {_BROUGHT}."
    ),
    Definition(
        "houses.under_way",
        "Nhà đang làm",
        "căn",
        "Số căn nhà đã khởi công, chưa bàn giao ở cuối kỳ, không tính căn đang dừng.",
    ),
    Definition(
        "houses.cost",
        "Kinh phí xây, sửa nhà",
        DONG,
        f"Kinh phí các căn nhà bàn giao trong kỳ: phần Quỹ đã chi và phần ngoài Quỹ; {_BROUGHT}.",
    ),
    Definition(
        "houses.cost.fund",
        "Kinh phí nhà từ quỹ",
        DONG,
        "Phần Quỹ đã chi cho các căn nhà bàn giao trong kỳ.",
    ),
    Definition(
        "houses.cost.outside",
        "Kinh phí nhà từ nguồn khác",
        DONG,
        "Phần không qua Quỹ của các căn nhà bàn giao trong kỳ: ngân sách, nhà tài trợ, gia đình, ngày công.",
    ),
)
KIND_OF = {"houses.built": (BUILT,), "houses.repaired": (REPAIRED,)}
RESULTS = {RESULT_BUILT: BUILT, RESULT_REPAIRED: REPAIRED}


@dataclass(frozen=True)
class Brought:
    """A total that somebody reported: `layer` 2 brought as houses, 3 as a result. Amounts đồng, None = not said."""

    layer: int
    unit_id: int
    starts_on: date
    ends_on: date
    kind: str
    count: int | None
    cost: int | None
    fund: int | None
    outside: int | None
    qualifier: str | None = None
    source: str = ""


@dataclass(frozen=True)
class Found:
    """What counts in a scope, and what only checks (with the houses one by one of its unit and period)."""

    houses: list[House]
    counted: list[Brought]
    checked: list[tuple[Brought, list[House]]]


def compute(scope: Scope) -> Iterator[FigureValue]:
    """The six figures; the number of statements does not depend on the number of houses."""
    found = found_in(scope)
    for definition in FIGURES:
        if definition.key == "houses.under_way":
            yield answered(definition, under_way_in(scope))
            continue
        kinds = KIND_OF.get(definition.key, (BUILT, REPAIRED))
        name = _measure(definition.key)
        used = [one for one in found.counted if one.kind in kinds]
        own = _of_houses([one for one in found.houses if one.kind in kinds], name)
        theirs = sum_known(getattr(one, name) for one in used)
        qualifiers = joint_qualifier(one.qualifier for one in used if getattr(one, name) is not None)
        yield answered(
            definition,
            whole(sum_known([own, theirs])),
            qualifier=qualifiers if name != "count" else None,
            note=_note(found, kinds, name),
        )


def rows(scope: Scope, key: str) -> Iterator[dict[str, Any]] | None:
    """Houses one by one without names, then the brought rows that count; None for other keys."""
    if key not in {one.key for one in FIGURES}:
        return None
    return _rows(scope, key)


def _rows(scope: Scope, key: str) -> Iterator[dict[str, Any]]:
    if key == "houses.under_way":
        yield {"count": under_way_in(scope)}
        return
    codes, found = codes_in(scope), found_in(scope)
    kinds = KIND_OF.get(key, (BUILT, REPAIRED))
    for one in found.houses:
        if one.kind in kinds:
            yield {
                "unit": codes[one.unit_id],
                "house": one.code,
                "day": one.handed_on.isoformat(),
                "kind": one.kind,
                "cost": one.cost,
                "fund": one.fund,
                "outside": one.outside,
            }
    for total in found.counted:
        if total.kind in kinds:
            yield {
                "unit": codes[total.unit_id],
                "from": total.starts_on.isoformat(),
                "to": total.ends_on.isoformat(),
                "kind": total.kind,
                "count": total.count,
                "cost": total.cost,
                "fund": total.fund,
                "outside": total.outside,
                "source": total.source,
            }


def found_in(scope: Scope) -> Found:
    """Houses one by one, and brought totals parted by whether something finer covers their unit, period and kind."""
    results = _results(scope)
    first = min([scope.start, *(one.starts_on for one in results)])  # a running total begins earlier
    past, totals = past_in(scope, first)
    brought = [*map(_of_total, totals), *results]  # the finer layer first
    known = [*projects_in(replace(scope, start=first)), *past]
    result = Found([one for one in known if scope.start <= one.handed_on], [], [])
    parents = parents_in(scope)
    for one in brought:
        same = [
            house
            for house in known
            if house.kind == one.kind
            and one.starts_on <= house.handed_on <= one.ends_on
            and _within(house.unit_id, one.unit_id, parents)
        ]
        finer = any(_covers(other, one, parents) for other in result.counted if other.layer < one.layer)
        if same or finer:
            result.checked.append((one, same))
        else:
            result.counted.append(one)
    return result


def _within(unit_id: int, above_id: int, parents: dict[int, int | None]) -> bool:
    return unit_id == above_id or above_id in ancestors(unit_id, parents)


def _covers(finer: Brought, one: Brought, parents: dict[int, int | None]) -> bool:
    """Whether two totals speak of the same kind, overlapping days, and units of which one lies in the other."""
    overlap = finer.starts_on <= one.ends_on and one.starts_on <= finer.ends_on
    near = _within(finer.unit_id, one.unit_id, parents) or _within(one.unit_id, finer.unit_id, parents)
    return finer.kind == one.kind and overlap and near


def _of_total(one: Total) -> Brought:
    return Brought(
        2,
        one.unit_id,
        one.starts_on,
        one.ends_on,
        one.kind,
        one.count,
        one.cost,
        one.fund,
        one.outside,
        source="houses",
    )


def _results(scope: Scope) -> list[Brought]:
    return [
        _of_result(row, RESULTS[programme.kind])
        for programme in programmes_in(scope)
        if programme.kind in RESULTS
        for row in programme.rows
    ]


def _of_result(row: ProgrammeResult, kind: str) -> Brought:
    count: Any = whole(row.actual)
    return Brought(
        3,
        row.unit_id,
        row.starts_on,
        row.ends_on,
        kind,
        count,
        row.amount,
        None,
        None,
        row.qualifier,
        row.source,
    )


def _measure(key: str) -> str:
    return {"houses.cost": "cost", "houses.cost.fund": "fund", "houses.cost.outside": "outside"}.get(
        key, "count"
    )


def _of_houses(houses: Iterable[House], name: str) -> int | None:
    known = list(houses)
    if not known:
        return None
    return len(known) if name == "count" else sum_known(getattr(one, name) for one in known)


def _note(found: Found, kinds: tuple[str, ...], name: str) -> str | None:
    """What reports say where houses are known one by one; None when they agree or say nothing."""
    checked = [
        (one, same) for one, same in found.checked if one.kind in kinds and getattr(one, name) is not None
    ]
    reported = sum_known(getattr(one, name) for one, _ in checked)
    again = {house.code: house for _, same in checked for house in same}
    recorded = _of_houses(again.values(), name)
    if reported is None or recorded is None or reported == recorded:
        return None
    return (
        f"Báo cáo tổng hợp cùng nơi, cùng kỳ: {_shown(reported)} "
        f"(chênh lệch {_shown(reported - recorded)}), không cộng vào."
    )


def _shown(value: Any) -> str:
    number: Any = whole(value)
    return format_amount(number) if isinstance(number, int) else str(number).replace(".", ",")
