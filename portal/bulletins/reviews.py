"""The section of poor households: sentences, the table with rates, and what the rates are measured on."""

from __future__ import annotations

from datetime import date
from typing import Any

from portal.bulletins.blocks import Block, Cell, Material, cell, note, text
from portal.figures.poverty import difference_note
from portal.figures.reviews import Counted, Group, both
from portal.households.rules import NEAR_POOR, POOR
from portal.kit.days import format_day
from portal.kit.money import format_amount, format_rate, pad_count
from portal.kit.vietnamese import fold


def households(material: Material) -> list[Block]:
    """Sentences, table and notes, one set per poverty standard; [] without reviews."""
    blocks: list[Block] = []
    for standard in dict.fromkeys(fold(group.standard) for group in material.groups):
        same = [group for group in material.groups if fold(group.standard) == standard]
        blocks += _of_standard(same)
    return blocks


def _of_standard(same: list[Group]) -> list[Block]:
    whole = [group for group in same if not group.breakdown]
    parts = [group for group in same if group.breakdown]
    lead = f"Theo chuẩn nghèo {same[0].standard}"
    sentences = [_told(group.counted, group.group.name.lower()) for group in whole]
    blocks = [text(f"{lead}: {sentences[0]}")] if sentences else [text(f"{lead}:")]
    blocks += [text(sentence[:1].upper() + sentence[1:]) for sentence in sentences[1:]]
    blocks += [
        text(f"Trong đó, {group.group.name.lower()}, {group.breakdown}: {_told(group.counted, 'hộ')}")
        for group in parts
    ]
    blocks.append(_table(whole, parts))
    blocks += [note(words) for words in _notes(same)]
    return blocks


def _told(counted: Counted, name: str) -> str:
    """ "đầu kỳ có 1.871 hộ nghèo, tỷ lệ 0,90%; …": only what is known; a net change where no gross one is."""
    parts = []
    if counted.opening is not None:
        parts.append(
            f"đầu kỳ có {pad_count(counted.opening)} {name}"
            + _rate(", tỷ lệ ", counted.opening, counted.households_opening)
        )
    if counted.increase is not None or counted.decrease is not None:
        parts.append("trong kỳ " + " và ".join(_moves(counted)))
    elif counted.net:
        word = "giảm" if counted.net < 0 else "tăng"
        parts.append(f"trong kỳ {word} {pad_count(abs(counted.net))} hộ (số tăng, giảm đã bù trừ)")
    if counted.closing == 0:
        parts.append(f"cuối kỳ không còn {name}")
    elif counted.closing is not None:
        parts.append(
            f"cuối kỳ còn {pad_count(counted.closing)} {name}"
            + _rate(", tỷ lệ ", counted.closing, counted.households_closing)
        )
    else:
        parts.append("chưa có số liệu cuối kỳ")
    return "; ".join(parts) + "."


def _moves(counted: Counted) -> list[str]:
    base = counted.households_opening
    moves = []
    if counted.increase is not None:
        moves.append(f"tăng {pad_count(counted.increase)} hộ")
    if counted.decrease is not None:
        share = _rate("", counted.decrease, base)
        measured = f" (bằng {share} tổng số hộ đầu kỳ, chưa bù số hộ tăng)" if share else ""
        moves.append(f"giảm {pad_count(counted.decrease)} hộ{measured}")
    return moves


def _rate(before: str, part: int | None, whole: int | None) -> str:
    return f"{before}{format_rate(part, whole)}" if part is not None and whole else ""


def _table(whole: list[Group], parts: list[Group]) -> Block:
    rows: list[dict[str, Any]] = []
    for number, group in enumerate(whole, start=1):
        rows.append(_row("", str(number), group.group.name, group.counted))
        rows += [
            _row("among", "", f"Trong đó: {part.breakdown}", part.counted)
            for part in parts
            if part.group.id == group.group.id
        ]
    known = {group.group.id for group in whole}
    rows += [
        _row("among", "", f"{part.group.name}: {part.breakdown}", part.counted)
        for part in parts
        if part.group.id not in known
    ]
    by_key = {group.group.key: group for group in whole}
    together = both(by_key.get(POOR), by_key.get(NEAR_POOR))
    if together is not None:
        name = "Cộng" if len(whole) == 2 else "Cộng hộ nghèo và hộ cận nghèo"
        rows.append(_row("total", "", name, together))
    return {
        "kind": "table",
        "name": "Hộ nghèo",
        "css": "households",
        "head": _HEAD,
        "columns": _COLUMNS,
        "rows": rows,
    }


_COLUMNS = [
    {"label": "STT", "align": "mid"},
    {"label": "Nhóm hộ", "align": "left"},
    {"label": "Đầu kỳ: số hộ", "align": "right"},
    {"label": "Đầu kỳ: tỷ lệ", "align": "right"},
    {"label": "Tăng (hộ)", "align": "right"},
    {"label": "Giảm (hộ)", "align": "right"},
    {"label": "Cuối kỳ: số hộ", "align": "right"},
    {"label": "Cuối kỳ: tỷ lệ", "align": "right"},
]
_HEAD = [
    [
        {"label": "STT", "rows": 2},
        {"label": "Nhóm hộ", "rows": 2},
        {"label": "Đầu kỳ", "columns": 2},
        {"label": "Tăng (hộ)", "rows": 2},
        {"label": "Giảm (hộ)", "rows": 2},
        {"label": "Cuối kỳ", "columns": 2},
    ],
    [{"label": "Số hộ"}, {"label": "Tỷ lệ"}, {"label": "Số hộ"}, {"label": "Tỷ lệ"}],
]


def _row(kind: str, number: str, name: str, counted: Counted) -> dict[str, Any]:
    def rate(part: int | None, whole: int | None) -> Cell:
        return cell(format_rate(part, whole) if part is not None and whole else None)

    def households_of(count: int | None) -> Cell:
        return cell(None if count is None else format_amount(count), count)

    cells = [
        cell(number),
        cell(name),
        households_of(counted.opening),
        rate(counted.opening, counted.households_opening),
        households_of(counted.increase),
        households_of(counted.decrease),
        households_of(counted.closing),
        rate(counted.closing, counted.households_closing),
    ]
    return {"kind": kind, "cells": cells}


def _notes(same: list[Group]) -> list[str]:
    """On how many households of which day rates are measured; where units below add up otherwise."""
    measured: dict[str, list[str]] = {}
    for group in same:
        base = _base(group.counted)
        if base:
            name = group.breakdown or group.group.name.lower()
            measured.setdefault(base, []).append(name)
    told = []
    for number, (base, names) in enumerate(measured.items()):
        who = "Tỷ lệ" if number == 0 else f"Riêng {', '.join(names)}: tỷ lệ"
        told.append(f"{who} {base}.")
    notes = [f"Ghi chú: {' '.join(told)}"] if told else []
    return notes + [words for words in map(difference_note, same) if words]


def _base(counted: Counted) -> str:
    parts = []
    if counted.households_opening:
        parts.append(
            f"đầu kỳ tính trên {format_amount(counted.households_opening)} hộ ({_when(counted.opened)})"
        )
    if counted.households_closing:
        parts.append(
            f"cuối kỳ tính trên {format_amount(counted.households_closing)} hộ ({_when(counted.closed)})"
        )
    return ", ".join(parts)


def _when(days: tuple[date, ...]) -> str:
    if len(days) == 1:
        return f"ngày {format_day(days[0])}"
    return f"từ ngày {format_day(days[0])} đến ngày {format_day(days[-1])}"
