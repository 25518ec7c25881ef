"""The sections of money: what the fund received and spent, and what its campaigns brought in."""

from __future__ import annotations

from typing import Any

from portal.bulletins.blocks import Block, Material, amount, cell, count, text
from portal.figures.goods import RECEIVED
from portal.figures.values import FigureValue
from portal.goods.rules import ONE, format_quantity
from portal.kit.money import format_amount, format_percent


def fund(material: Material) -> list[Block]:
    """What the fund had, received, spent and has; [] when its books say nothing for the period."""
    if not any(material.value(key) for key in _FUND_KEYS):
        return []
    value = material.value
    closing = value("balance.closing")
    words = ""
    if closing > 0:
        words = f"({material.texts.in_words(closing)})"
    sentence = _of_campaign(material) + (
        f"Số dư đầu kỳ {format_amount(value('balance.opening'))} đồng; tiếp nhận trong kỳ "
        f"{format_amount(value('received.total'))} đồng của {count(value('received.count'))} lượt ủng hộ; "
        f"đã chi {format_amount(value('spent.total'))} đồng{_paid(material)}; "
        f"số dư cuối kỳ {format_amount(closing)} đồng"
    )
    blocks = [text(sentence, words), _fund_table(material)]
    if introduced := value("received.introduced"):
        blocks.append(
            text(
                f"Nhà hảo tâm do đơn vị giới thiệu ủng hộ {format_amount(introduced)} đồng, "
                "tính cả khoản nhận ở đơn vị khác; không cộng vào số trên."
            )
        )
    return blocks + _goods(material) + _pledged(material)


def _paid(material: Material) -> str:
    """ " (12 lần, theo 08 văn bản, giúp 96 lượt hộ)"; "" when nothing was paid by voucher."""
    payments = material.value("spent.count")
    if not payments:
        return ""
    helped = material.value("spent.households")
    more = f", giúp {count(helped)} lượt hộ" if helped else ""
    return f" ({count(payments)} lần, theo {count(material.value('spent.decisions'))} văn bản{more})"


_FUND_KEYS = (
    "balance.opening", "balance.closing", "received.total", "received.goods", "received.count", "spent.total",
    "spent.goods", "refunded.total", "other.total", "allocated.in", "allocated.out", "balance.untracked",
    "balance.goods", "received.goods_unvalued", "pledged.total",
)  # fmt: skip
MOST_ITEMS = 8  # of goods, by name; the others are counted


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
    line("", "Trong đó: nhà tài trợ trả thẳng", "received.direct", "among")
    line("−", "Hoàn trả người ủng hộ", "refunded.total")
    line("+", "Thu, chi khác (lãi, phí ngân hàng)", "other.total")
    line("+", "Nhận phân bổ", "allocated.in")
    line("−", "Phân bổ, nộp lên", "allocated.out")
    line("−", "Đã chi", "spent.total", always=True)
    for key, figure in spent_by_purpose(material):
        line("", f"Trong đó: {_lower(figure.label)}", key, "among")
    line("−", "Tăng tiền chưa rõ tài khoản", "balance.untracked_change")
    line("=", "Số dư cuối kỳ", "balance.closing", "total", always=True)
    line("", "Trong đó: đang chuyển đến đơn vị khác", "balance.on_the_way", "among")
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


_NOT_PURPOSES = ("spent.total", "spent.goods", "spent.count", "spent.decisions", "spent.households")


def spent_by_purpose(material: Material) -> list[tuple[str, FigureValue]]:
    """Money spent by purpose, largest first."""
    found = [
        (key, figure)
        for key, figure in material.figures.items()
        if key.startswith("spent.") and key not in _NOT_PURPOSES and figure.value
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
    given = _items(material)
    if given:
        blocks.append(text(f"Hiện vật nhận trong kỳ gồm {given}."))
    if value("received.goods_unvalued"):
        number = count(value("received.goods_unvalued"))
        blocks.append(text(f"Có {number} phần hiện vật đã nhận mà chưa quy đổi ra tiền."))
    if value("balance.untracked"):
        blocks.append(
            text(
                f"Ngoài số dư trên còn {format_amount(value('balance.untracked'))} đồng "
                "được báo đã nhận nhưng chưa rõ vào tài khoản nào, đang đối chiếu."
            )
        )
    return blocks


def _items(material: Material) -> str:
    """ "gạo tẻ 2.500 kg, mì gói 40 thùng và 03 mặt hàng khác"; "" when the catalogue names nothing."""
    start, end = RECEIVED.key.split("<")[0], ", đã nhận"
    found = [figure for key, figure in material.figures.items() if key.startswith(start)]
    told = [
        f"{_lower(figure.label.removesuffix(end))} {format_quantity(int((figure.value or 0) * ONE))} {figure.unit}"
        for figure in found[:MOST_ITEMS]
    ]
    if len(found) > MOST_ITEMS:
        return f"{', '.join(told)} và {count(len(found) - MOST_ITEMS)} mặt hàng khác"
    return ", ".join(told)


def _pledged(material: Material) -> list[Block]:
    """Promises, apart from the fund's money; [] without any."""
    value = material.value
    if not value("pledged.total"):
        return []
    return [
        text(
            f"Ngoài sổ quỹ: trong kỳ có {count(value('pledged.count'))} lượt đăng ký ủng hộ, số tiền "
            f"{format_amount(value('pledged.total'))} đồng; đã chuyển "
            f"{format_amount(value('pledged.fulfilled'))} đồng, còn lại "
            f"{format_amount(value('pledged.outstanding'))} đồng. Đăng ký là lời hứa, chưa phải tiền của Quỹ."
        )
    ]


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
