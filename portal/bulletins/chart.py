"""The one bar chart of a bulletin."""

from __future__ import annotations

from typing import Any

from portal.bulletins.blocks import Block, Material
from portal.bulletins.fund import spent_by_purpose
from portal.bulletins.rules import period_name
from portal.kit.money import format_amount

MOST_BARS = 12


def chart(material: Material) -> Block | None:
    """One bar chart of what the period is about: spending, programmes, households or forms of gifts."""
    name = period_name(material.scope.period)
    label = "" if name.startswith("từ ngày") else f", {name}"  # the title of the paper says the days
    spent = [(figure.label, figure.value) for _, figure in spent_by_purpose(material)]
    if len(spent) > 1:
        return _money_chart(("fund",), f"Quỹ đã chi theo mục đích{label}", spent)
    paid = [(one.name, one.sums.amount) for one in material.programmes if one.sums.amount]
    if len(paid) > 2:
        return _money_chart(
            ("programmes", "houses", "gifts"),
            f"Kinh phí các chương trình{label}",
            sorted(paid, key=lambda item: -item[1]),
        )
    bars = [
        (f"{name}, {when}", number)
        for group in material.groups
        for name in [group.breakdown or group.group.name]
        for when, number in (("đầu kỳ", group.counted.opening), ("cuối kỳ", group.counted.closing))
        if number is not None
    ]
    if len(bars) > 1:
        return _chart(
            ("households",),
            f"Số hộ theo nhóm{label}",
            "hộ",
            [(name, n, format_amount(n)) for name, n in bars],
        )
    forms = [(material.figures[key].label, material.value(key)) for key in ("received.cash", "received.bank")]
    forms = [(name, number) for name, number in forms if number]
    return _money_chart(("fund",), f"Tiếp nhận theo hình thức{label}", forms) if len(forms) > 1 else None


def _money_chart(about: tuple[str, ...], title: str, rows: list[tuple[str, Any]]) -> Block:
    return _chart(about, title, "triệu đồng", [(name, number, _millions(number)) for name, number in rows])


def _millions(number: int) -> str:
    """610201000 → "610,201"; what is left below a thousand đồng is rounded for the drawing only."""
    thousands = (number + 500) // 1000
    rest = f"{thousands % 1000:03d}".rstrip("0")
    return format_amount(thousands // 1000) + (f",{rest}" if rest else "")


def _chart(about: tuple[str, ...], title: str, unit: str, rows: list[tuple[str, int, str]]) -> Block:
    bars = [
        {"label": label, "value": value, "text": shown}
        for label, value, shown in rows[:MOST_BARS]
        if value >= 0
    ]
    return {"kind": "chart", "about": list(about), "title": title, "unit": unit, "bars": bars}
