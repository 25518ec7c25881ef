"""The sections of what was done: programmes of others, houses, gifts, good models."""

from __future__ import annotations

from typing import Any

from portal.bulletins.blocks import DOTS, Block, Material, amount, cell, count, items, text
from portal.figures.movement import PREFIX as CLASS_PREFIX
from portal.figures.programmes import Programme
from portal.kit.days import format_day
from portal.kit.masking import mask_public
from portal.kit.money import format_percent, pad_count
from portal.kit.vietnamese import capital_first, fold
from portal.programmes.rules import BUILT, GIFTS, REPAIRED

MOST_NAMED = 60  # initiatives named one by one


def programmes(material: Material) -> list[Block]:
    """Programmes that others pay for: a table of those with numbers, a line each for the rest."""
    others = [one for one in material.programmes if one.kind not in (BUILT, REPAIRED, GIFTS)]
    counted = [one for one in others if _has_numbers(one)]
    blocks: list[Block] = []
    if counted:
        blocks.append(_programme_table(counted))
    told = [one for one in others if not _has_numbers(one) and one.notes]
    if told:
        blocks.append(items(f"{one.name}: {_sentence(one.notes)}" for one in told))
    return blocks


def _has_numbers(programme: Programme) -> bool:
    sums = programme.sums
    return any(
        number is not None for number in (sums.target, sums.actual, sums.households, sums.people, sums.amount)
    )


def _sentence(notes: list[str]) -> str:
    return "; ".join(known.rstrip(" .;") for known in notes) + "."


def _programme_table(counted: list[Programme]) -> Block:
    rows = []
    for number, one in enumerate(counted, start=1):
        remarks = list(one.notes) + [f"nguồn: {source}" for source in _other_sources(one)]
        if one.as_at is not None:
            remarks.append(f"lũy kế đến ngày {format_day(one.as_at)}")
        name = cell(one.name)
        name["note"] = "; ".join(remarks)
        sums = one.sums
        money = cell(amount(sums.amount, sums.qualifier), sums.amount)
        cells = [cell(str(number), number), name, cell(result_of(one) or None), money]
        rows.append({"kind": "", "cells": cells})
    columns = [
        {"label": "STT", "align": "mid"},
        {"label": "Chương trình, chính sách", "align": "left"},
        {"label": "Kết quả", "align": "left"},
        {"label": "Số tiền (đồng)", "align": "right"},
    ]
    return {
        "kind": "table",
        "name": "Chương trình",
        "css": "programmes",
        "head": [columns],
        "columns": columns,
        "rows": rows,
    }


def _other_sources(programme: Programme) -> list[str]:
    """Sources that the programme's name does not say already."""
    known = fold(programme.name)
    sources = dict.fromkeys(mask_public(row.source) for row in programme.rows if row.source)
    return [source for source in sources if fold(source) not in known]


def result_of(programme: Programme) -> str:
    """ "208/206 lao động (100,97%)", "677 hộ, 2.741 người"; "" when only an amount is known."""
    sums, parts = programme.sums, []
    measure = f" {programme.measure}" if programme.measure else ""
    if sums.actual is not None and sums.target is not None:
        share = f" ({format_percent(sums.planned, sums.target)})" if sums.planned is not None else ""
        parts.append(f"{number_text(sums.actual)}/{number_text(sums.target)}{measure}{share}")
    elif sums.actual is not None:
        parts.append(f"{number_text(sums.actual)}{measure}")
    elif sums.target is not None:
        parts.append(f"{DOTS}/{number_text(sums.target)}{measure}")
    if sums.households is not None:
        parts.append(f"{pad_count(sums.households)} hộ")
    if sums.people is not None:
        parts.append(f"{pad_count(sums.people)} người")
    return ", ".join(parts)


def number_text(number: Any) -> str:
    """A measure: 208 → "208", 2.5 → "2,5"."""
    return pad_count(number) if isinstance(number, int) else str(number).replace(".", ",")


def houses(material: Material) -> list[Block]:
    """Houses built and repaired, with each programme; [] when nothing is known."""
    value: Any = material.value
    built, repaired, cost = value("houses.built"), value("houses.repaired"), value("houses.cost")
    if built is None and repaired is None and cost is None:
        return []
    done = []
    if built is not None:
        done.append(f"xây mới {pad_count(built)} căn")
    if repaired is not None:
        done.append(f"sửa chữa {pad_count(repaired)} căn")
    sentence = "Trong kỳ đã " + (" và ".join(done) if done else "hỗ trợ") + " nhà cho hộ nghèo, hộ khó khăn"
    if cost is not None:
        sentence += f", tổng kinh phí {amount(cost, material.figures['houses.cost'].qualifier)} đồng"
    sentence += _parts_of_cost(value("houses.cost.fund"), value("houses.cost.outside"))
    if under_way := value("houses.under_way"):
        sentence += f"; cuối kỳ đang làm {pad_count(under_way)} căn"
    used = [one for one in material.programmes if one.kind in (BUILT, REPAIRED)]
    return _with_details(sentence, used)


def _parts_of_cost(fund: int | None, outside: int | None) -> str:
    """ ", trong đó Quỹ chi …, nguồn khác …"; "" where nobody said."""
    told = [("Quỹ chi", fund), ("nguồn khác", outside)]
    known = [f"{name} {amount(value, None)} đồng" for name, value in told if value]
    return f", trong đó {', '.join(known)}" if known else ""


def gifts(material: Material) -> list[Block]:
    """Gifts handed out, one by one or as reported; [] when nothing is known."""
    portions, worth = material.value("gifts.portions"), material.value("gifts.value")
    if portions is None and worth is None:
        return []
    rounds, households = material.value("gifts.rounds"), material.value("gifts.households")
    sentence = "Trong kỳ đã " + (f"tổ chức {pad_count(rounds)} đợt, " if rounds else "")
    sentence += f"trao {count(portions)} suất quà cho "
    sentence += f"{count(households)} hộ nghèo, hộ khó khăn" if households else "hộ nghèo, hộ khó khăn"
    if worth is not None:
        sentence += f", trị giá {amount(worth, material.figures['gifts.value'].qualifier)} đồng"
    return _with_details(sentence, [one for one in material.programmes if one.kind == GIFTS])


def _with_details(sentence: str, used: list[Programme]) -> list[Block]:
    if len(used) < 2:
        source = next((mask_public(row.source) for one in used for row in one.rows if row.source), "")
        return [text(f"{sentence}{f' (nguồn: {source})' if source else ''}.")]
    lines = []
    for one in used:
        money = f", {amount(one.sums.amount, one.sums.qualifier)} đồng" if one.sums.amount is not None else ""
        lines.append(f"{one.name}: {result_of(one) or DOTS}{money};")
    lines[-1] = lines[-1][:-1] + "."
    return [text(f"{sentence}:"), items(lines)]


def initiatives(material: Material) -> list[Block]:
    """Good models by name; [] without any."""
    found = material.initiatives
    if not found:
        return []
    lines = [f"{_named(name, form)};" for name, form in found[:MOST_NAMED]]
    if len(found) > MOST_NAMED:
        lines.append(f"Và {len(found) - MOST_NAMED} mô hình, công trình khác;")
    lines[-1] = lines[-1][:-1] + "."
    lead = (
        f"Trong kỳ có {count(material.value('initiatives.count'))} mô hình, công trình chăm lo người nghèo:"
    )
    return [text(lead), items(lines)]


def emulation(material: Material) -> list[Block]:
    """Published results of units in the movement; [] without any."""
    ranked = material.value("movement.ranked")
    if not ranked:
        return []
    lead = f"Kết quả thi đua đã công bố trong kỳ: {count(ranked)} đơn vị được xếp hạng"
    classes = [one for key, one in material.figures.items() if key.startswith(CLASS_PREFIX)]
    if not classes:
        return [text(f"{lead}.")]
    lines = [f"{one.label}: {count(int(one.value or 0))} đơn vị;" for one in classes]
    lines[-1] = lines[-1][:-1] + "."
    return [text(f"{lead}, trong đó:"), items(lines)]


def rewards(material: Material) -> list[Block]:
    """Rewards by form; [] when nobody was rewarded."""
    total = material.value("rewards.total")
    if not total:
        return []
    by_form = [
        figure
        for key, figure in material.figures.items()
        if key.startswith("rewards.") and key != "rewards.total"
    ]
    told = ", ".join(
        f"{pad_count(figure.value)} {figure.label}" for figure in by_form if isinstance(figure.value, int)
    )
    return [
        text(
            f"Trong kỳ đã khen {count(total)} tập thể, cá nhân, hộ gia đình: {told}. Danh sách ở trang Khen thưởng."
        )
    ]


def _named(name: str, form: str) -> str:
    """ "Mô hình “Hũ gạo tình thương”"; a name that says its form itself stands alone."""
    form = form or "mô hình"
    said = f"{fold(name)} ".startswith(f"{fold(form)} ")
    return capital_first(name) if said else f"{capital_first(form)} “{name}”"
