"""Figures of programmes that others pay for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from portal.figures.programmes import Programme, joint_qualifier, programmes_in
from portal.figures.rules import sum_known, whole
from portal.figures.scope import Scope
from portal.figures.tree import codes_in
from portal.figures.values import DONG, HOUSEHOLDS, PERCENT, Definition, FigureValue, answered, plain
from portal.kit.money import format_amount, ratio
from portal.programmes.models import ProgrammeResult
from portal.programmes.rules import KINDS

PREFIX, KIND_PREFIX = "results.", "results.kind."
MEASURES = {
    "target": ("chỉ tiêu", "", "Chỉ tiêu được giao của chương trình trong kỳ."),
    "actual": ("thực hiện", "", "Kết quả thực hiện của chương trình trong kỳ."),
    "percent": ("đạt", PERCENT, "Kết quả thực hiện chia cho chỉ tiêu."),
    "households": ("số hộ", HOUSEHOLDS, "Số hộ được chương trình giúp trong kỳ."),
    "people": ("số người", "người", "Số người được chương trình giúp trong kỳ."),
    "amount": ("số tiền", DONG, "Số tiền của chương trình trong kỳ, do đơn vị báo cáo; không phải tiền quỹ."),
}
KIND_MEASURES = ("amount", "households", "people")
FAMILIES = (
    *(
        Definition(f"{PREFIX}<chương trình>.{name}", f"Chương trình, {label}", unit or "đơn vị tính", text)
        for name, (label, unit, text) in MEASURES.items()
    ),
    *(
        Definition(f"{KIND_PREFIX}<loại>.{name}", f"Loại chương trình, {label}", unit, text)
        for name, (label, unit, text) in MEASURES.items()
        if name in KIND_MEASURES
    ),
)


def compute(scope: Scope) -> Iterator[FigureValue]:
    """Every programme with a row that counts, and every kind."""
    found = programmes_in(scope)
    for programme in found:
        yield from _figures(programme)
    for kind, name in KINDS.items():
        same = [programme for programme in found if programme.kind == kind]
        for measure in KIND_MEASURES:
            label, unit, text = MEASURES[measure]
            definition = Definition(f"{KIND_PREFIX}{kind}.{measure}", f"{name}, {label}", unit, text)
            yield answered(definition, _sum(same, measure), qualifier=_qualifier(same, measure))


def rows(scope: Scope, key: str) -> Iterator[dict[str, Any]] | None:
    """The reported rows behind a figure; None for keys of other families."""
    found = programmes_in(scope)
    if key.startswith(KIND_PREFIX):
        kind, _, measure = key.removeprefix(KIND_PREFIX).partition(".")
        if kind not in KINDS or measure not in KIND_MEASURES:
            return None
        used = [programme for programme in found if programme.kind == kind]
    elif key.startswith(PREFIX):
        name, _, measure = key.removeprefix(PREFIX).partition(".")
        used = [programme for programme in found if programme.key == name]
        if not used or measure not in MEASURES:
            return None
    else:
        return None
    codes = codes_in(scope)
    return (_row(row, codes) for programme in used for row in programme.rows)


def _figures(programme: Programme) -> Iterator[FigureValue]:
    sums, note = programme.sums, difference_note(programme)
    for name, (label, unit, text) in MEASURES.items():
        definition = Definition(
            f"{PREFIX}{programme.key}.{name}",
            f"{programme.name}, {label}",
            unit or programme.measure or "",
            text,
        )
        if name == "percent":
            share = ratio(sums.planned, sums.target)
            yield answered(definition, share, numerator=sums.actual, denominator=sums.target, note=note)
        else:
            qualifier = sums.qualifier if name == "amount" else None
            yield answered(definition, getattr(sums, name), qualifier=qualifier, note=note)


def difference_note(programme: Programme) -> str | None:
    """How far the units below are from the unit's own report; None when they agree or say nothing."""
    if programme.children is None:
        return None
    told = []
    for name, (label, _, _) in MEASURES.items():
        if name == "percent":
            continue
        own, theirs = getattr(programme.sums, name), getattr(programme.children, name)
        if None not in (own, theirs) and own != theirs:
            told.append(f"{label} {_shown(theirs)} (chênh lệch {_shown(own - theirs)})")
    return f"Cộng các đơn vị cấp dưới: {'; '.join(told)}." if told else None


def _shown(value: Any) -> str:
    return format_amount(value) if isinstance(value, int) else str(value).replace(".", ",")


def _sum(programmes: Iterable[Programme], measure: str) -> int | None:
    return sum_known(getattr(programme.sums, measure) for programme in programmes)


def _qualifier(programmes: Iterable[Programme], measure: str) -> str | None:
    if measure != "amount":
        return None
    return joint_qualifier(programme.sums.qualifier for programme in programmes)


def _row(row: ProgrammeResult, codes: dict[int, str]) -> dict[str, Any]:
    return {
        "unit": codes[row.unit_id],
        "from": row.starts_on.isoformat(),
        "to": row.ends_on.isoformat(),
        "programme": row.programme,
        "kind": row.kind,
        "source": row.source,
        "target": plain(whole(row.target)),
        "actual": plain(whole(row.actual)),
        "measure": row.measure,
        "households": row.households,
        "people": row.people,
        "amount": row.amount,
        "qualifier": row.qualifier,
        "cumulative": row.cumulative,
        "note": row.note,
        "entry": row.since,
    }
