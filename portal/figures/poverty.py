"""Figures of poor households by group and breakdown, made from reviews. Rates are made, never stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from portal.figures.reviews import Counted, Group, both, groups_in
from portal.figures.scope import Scope
from portal.figures.tree import codes_in
from portal.figures.values import HOUSEHOLDS, PERCENT, Definition, FigureValue, answered
from portal.households.queries import groups
from portal.households.rules import NEAR_POOR, POOR
from portal.kit.money import format_amount, ratio

PREFIX = "poverty."
BOTH = "poor_and_near_poor"
COUNTS = {
    "opening": ("đầu kỳ", "Số hộ của lần rà soát sớm nhất trong kỳ."),
    "increase": ("tăng trong kỳ", "Số hộ mới vào nhóm trong kỳ, cộng dọc các lần rà soát nối tiếp nhau."),
    "decrease": ("giảm trong kỳ", "Số hộ ra khỏi nhóm trong kỳ, cộng dọc các lần rà soát nối tiếp nhau."),
    "net": ("tăng, giảm thuần", "Số hộ cuối kỳ trừ số hộ đầu kỳ."),
    "closing": ("cuối kỳ", "Số hộ của lần rà soát muộn nhất trong kỳ."),
}
RATES = {
    "rate_opening": (
        "tỷ lệ đầu kỳ",
        "Số hộ đầu kỳ chia cho tổng số hộ đầu kỳ.",
        "opening",
        "households_opening",
    ),
    "rate_closing": (
        "tỷ lệ cuối kỳ",
        "Số hộ cuối kỳ chia cho tổng số hộ cuối kỳ.",
        "closing",
        "households_closing",
    ),
    "increase_rate": (
        "tỷ lệ tăng",
        "Số hộ tăng trong kỳ chia cho tổng số hộ đầu kỳ.",
        "increase",
        "households_opening",
    ),
    "decrease_rate": (
        "tỷ lệ giảm",
        "Số hộ giảm trong kỳ, chưa bù số hộ tăng, chia cho tổng số hộ đầu kỳ.",
        "decrease",
        "households_opening",
    ),
}
FAMILIES = (
    *(
        Definition(f"{PREFIX}<nhóm>[.<phân tổ>].{name}", f"Hộ của nhóm, {label}", HOUSEHOLDS, sentence)
        for name, (label, sentence) in COUNTS.items()
    ),
    *(
        Definition(f"{PREFIX}<nhóm>[.<phân tổ>].{name}", f"Hộ của nhóm, {label}", PERCENT, sentence)
        for name, (label, sentence, _, _) in RATES.items()
    ),
)
TWO_STANDARDS = "Trong kỳ có {count} chuẩn nghèo; số liệu theo các chuẩn khác nhau không cộng với nhau."


def compute(scope: Scope) -> Iterator[FigureValue]:
    """Every group of the catalogue (missing where no review is), and every breakdown in the reviews."""
    found: dict[tuple[str, str], list[Group]] = defaultdict(list)
    names = {known.key: known.name for known in groups()}
    for key in names:
        found[key, ""] = []
    for group in groups_in(scope):
        found[group.group.key, group.breakdown_key].append(group)
    for (key, breakdown), same in sorted(found.items(), key=lambda item: item[0][1] != ""):
        name = names[key] if not breakdown else f"{names[key]}, {same[0].breakdown}"
        prefix = f"{PREFIX}{key}." + (f"{breakdown}." if breakdown else "")
        counted = same[0].counted if len(same) == 1 else Counted()
        yield from _figures(prefix, name, counted, _note(same))
    pair = [found[key, ""][0] if len(found[key, ""]) == 1 else None for key in (POOR, NEAR_POOR)]
    yield from _figures(f"{PREFIX}{BOTH}.", "Hộ nghèo và hộ cận nghèo", both(*pair) or Counted(), None)


def rows(scope: Scope, key: str) -> Iterator[dict[str, Any]] | None:
    """The reviews behind a figure; None for keys of other families."""
    if not key.startswith(PREFIX):
        return None
    parts = key.removeprefix(PREFIX).split(".")
    if len(parts) not in (2, 3) or parts[-1] not in {**COUNTS, **RATES}:
        return None
    wanted = (POOR, NEAR_POOR) if parts[0] == BOTH else (parts[0],)
    if not set(wanted) <= {group.key for group in groups()}:
        return None
    breakdown = parts[1] if len(parts) == 3 else ""
    codes = codes_in(scope)
    return (
        {
            "unit": codes[review.unit_id],
            "standard": review.standard,
            "from": review.starts_on.isoformat(),
            "to": review.ends_on.isoformat(),
            "group": group.group.name,
            "breakdown": review.breakdown,
            "opening": review.opening,
            "increase": review.increase,
            "decrease": review.decrease,
            "closing": review.closing,
            "households_opening": review.households_opening,
            "households_closing": review.households_closing,
            "entry": review.since,
        }
        for group in groups_in(scope)
        if group.group.key in wanted and group.breakdown_key == breakdown
        for review in group.reviews
    )


def _figures(prefix: str, name: str, counted: Counted, note: str | None) -> Iterator[FigureValue]:
    for field, (label, sentence) in COUNTS.items():
        definition = Definition(prefix + field, f"{name}, {label}", HOUSEHOLDS, sentence)
        yield answered(definition, getattr(counted, field), note=note)
    for field, (label, sentence, part, base) in RATES.items():
        definition = Definition(prefix + field, f"{name}, {label}", PERCENT, sentence)
        top, bottom = getattr(counted, part), getattr(counted, base)
        yield answered(definition, ratio(top, bottom), numerator=top, denominator=bottom, note=note)


def _note(same: list[Group]) -> str | None:
    """What a reader must know: several standards, or units below that add up to something else."""
    if len(same) > 1:
        return TWO_STANDARDS.format(count=len(same))
    return difference_note(same[0]) if same else None


def difference_note(group: Group) -> str | None:
    """How far the units below are from the unit's own review; None when they agree or say nothing."""
    if group.children is None:
        return None
    told = []
    for field, (label, _) in COUNTS.items():
        own, theirs = getattr(group.counted, field), getattr(group.children, field)
        if None not in (own, theirs) and own != theirs:
            told.append(f"{label} {format_amount(theirs)} (chênh lệch {format_amount(own - theirs)})")
    return f"Cộng các đơn vị cấp dưới: {'; '.join(told)}." if told else None
