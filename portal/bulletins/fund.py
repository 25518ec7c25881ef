"""The sections of money: what the fund received and spent, and what its campaigns brought in."""

from __future__ import annotations

from typing import Any

from portal.bulletins.blocks import Block, Material, amount, cell, count, text
from portal.figures.values import FigureValue
from portal.kit.money import format_amount, format_percent, in_words


def fund(material: Material) -> list[Block]:
    """What the fund had, received, spent and has; [] when its books say nothing for the period."""
    if not any(material.value(key) for key in _FUND_KEYS):
        return []
    value = material.value
    closing = value("balance.closing")
    words = ""
    if closing > 0:
        texts = material.texts
        settings = {"zero_word": texts.zero_word, "thousand": texts.thousand, "four": texts.four}
        words = f"({in_words(closing, **settings)})"
    sentence = _of_campaign(material) + (
        f"Số dư đầu kỳ {format_amount(value('balance.opening'))} đồng; tiếp nhận trong kỳ "
        f"{format_amount(value('received.total'))} đồng của {count(value('received.count'))} lượt ủng hộ; "
        f"đã chi {format_amount(value('spent.total'))} đồng; "
        f"số dư cuối kỳ {format_amount(closing)} đồng"
    )
    blocks = [text(sentence, words), _fund_table(material)]
    return blocks + _goods(material)


_FUND_KEYS = (
    "balance.opening", "balance.closing", "received.total", "received.goods", "received.count", "spent.total",
    "spent.goods", "refunded.total", "other.total", "allocated.in", "allocated.out", "balance.untracked",
    "balance.goods",
)  # fmt: skip


def _of_campaign(material: Material) -> str:
    """ "Riêng đợt “…”, đạt 115,22% chỉ tiêu 322.500.000 đồng. " when only a campaign is asked, else ""."""
    campaign = material.scope.campaign
    if campaign is None:
        return ""
    target: Any = material.value("target.amount")
    if not target:
        return f"Riêng đợt “{campaign.name}”. "
    share = format_percent(material.value("received.total"), target)
    return f"Riêng đợt “{campaign.name}”, đạt {share} chỉ tiêu {format_amount(target)} đồng. "


def _fund_table(material: Material) -> Block:
    rows: list[dict[str, Any]] = []

    def line(sign: str, label: str, key: str, kind: str = "", always: bool = False) -> None:
        number = material.value(key)
        if number or always:
            rows.append(
                {"kind": kind, "cells": [cell(sign), cell(label), cell(format_amount(number), number)]}
            )

    line("", "Số dư đầu kỳ", "balance.opening", "total", always=True)
    line("+", "Tiếp nhận ủng hộ", "received.total", always=True)
    line("", "Trong đó: tiền mặt", "received.cash", "among")
    line("", "Trong đó: chuyển khoản", "received.bank", "among")
    line("", "Trong đó: giấy tờ có giá", "received.papers", "among")
    line("−", "Hoàn trả người ủng hộ", "refunded.total")
    line("+", "Thu, chi khác (lãi, phí ngân hàng)", "other.total")
    line("+", "Nhận phân bổ", "allocated.in")
    line("−", "Phân bổ, nộp lên", "allocated.out")
    line("−", "Đã chi", "spent.total", always=True)
    for key, figure in spent_by_purpose(material):
        line("", f"Trong đó: {_lower(figure.label)}", key, "among")
    line("−", "Tăng tiền chưa rõ tài khoản", "balance.untracked_change")
    line("=", "Số dư cuối kỳ", "balance.closing", "total", always=True)
    columns = [
        {"label": "", "align": "mid"},
        {"label": "Nội dung", "align": "left"},
        {"label": "Số tiền (đồng)", "align": "right"},
    ]
    return {
        "kind": "table",
        "name": "Thu chi quỹ",
        "css": "fund",
        "head": [columns],
        "columns": columns,
        "rows": rows,
    }


def spent_by_purpose(material: Material) -> list[tuple[str, FigureValue]]:
    """Money spent by purpose, largest first."""
    found = [
        (key, figure)
        for key, figure in material.figures.items()
        if key.startswith("spent.") and key not in ("spent.total", "spent.goods") and figure.value
    ]
    return sorted(found, key=lambda item: -item[1].value)  # type: ignore[operator]


def _lower(label: str) -> str:
    return label[:1].lower() + label[1:]


def _goods(material: Material) -> list[Block]:
    value = material.value
    blocks = []
    if any(value(key) for key in ("received.goods", "spent.goods", "balance.goods")):
        blocks.append(
            text(
                f"Hiện vật (quy đổi, không cộng vào số tiền trên): tiếp nhận "
                f"{format_amount(value('received.goods'))} đồng, "
                f"đã xuất {format_amount(value('spent.goods'))} đồng, "
                f"còn trong kho {format_amount(value('balance.goods'))} đồng."
            )
        )
    if value("balance.untracked"):
        blocks.append(
            text(
                f"Ngoài số dư trên còn {format_amount(value('balance.untracked'))} đồng "
                "được báo đã nhận nhưng chưa rõ vào tài khoản nào, đang đối chiếu."
            )
        )
    return blocks


def campaigns(material: Material) -> list[Block]:
    """What the campaigns of the period brought in; [] without any."""
    rows = []
    for number, (name, days, figures) in enumerate(material.campaigns, start=1):
        target: Any = figures["target.amount"].value
        received: Any = figures["received.total"].value
        share = format_percent(received, target) if target else None
        cells = [
            cell(str(number), number),
            cell(f"{name} ({days})"),
            cell(amount(target), target),
            cell(amount(received), received),
            cell(share),
        ]
        rows.append({"kind": "", "cells": cells})
    if not rows:
        return []
    columns = [
        {"label": "STT", "align": "mid"},
        {"label": "Đợt vận động", "align": "left"},
        {"label": "Chỉ tiêu (đồng)", "align": "right"},
        {"label": "Đã nhận trong kỳ (đồng)", "align": "right"},
        {"label": "Đạt", "align": "right"},
    ]
    return [
        {
            "kind": "table",
            "name": "Đợt vận động",
            "css": "campaigns",
            "head": [columns],
            "columns": columns,
            "rows": rows,
        }
    ]
