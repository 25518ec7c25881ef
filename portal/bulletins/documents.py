"""A bulletin as a document: composed once as plain values, then printed as HTML, PDF, XLSX or JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

from portal.bulletins import chart, fund, reviews, works
from portal.bulletins.blocks import DOTS, Block, Material
from portal.bulletins.rules import period_name, signing_lines
from portal.campaigns.models import Campaign
from portal.campaigns.queries import campaigns_of
from portal.figures import registry
from portal.figures.movement import initiatives
from portal.figures.programmes import programmes_in
from portal.figures.reviews import groups_in
from portal.figures.scope import Scope
from portal.kit.charts import Bar
from portal.kit.days import format_day, long_day
from portal.kit.masking import mask_public
from portal.kit.numbers import last_number
from portal.kit.pdf import cached_pdf, render_paper, standalone
from portal.units.models import Unit
from portal.units.queries import unit_texts

VERSION = 1
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
NUMBER_TAIL = "/BT-MTTQ-BTT"
RECIPIENTS = (
    "- Ban Thường trực Ủy ban MTTQ cấp trên;",
    "- Các khu phố, ấp, tổ dân phố (để niêm yết);",
    "- Lưu: VT.",
)
SECTIONS = (
    ("households", "HỘ NGHÈO, HỘ CẬN NGHÈO", "kết quả rà soát hộ nghèo", reviews.households),
    ("fund", "QUỸ “VÌ NGƯỜI NGHÈO”", "thu chi Quỹ “Vì người nghèo”", fund.fund),
    ("campaigns", "CÁC ĐỢT VẬN ĐỘNG", "kết quả vận động", fund.campaigns),
    (
        "programmes",
        "CÁC CHƯƠNG TRÌNH, CHÍNH SÁCH",
        "các chương trình, chính sách giảm nghèo",
        works.programmes,
    ),
    ("houses", "NHÀ Ở CHO HỘ NGHÈO", "hỗ trợ nhà ở", works.houses),
    ("gifts", "TẶNG QUÀ, CHĂM LO", "tặng quà, chăm lo", works.gifts),
    ("initiatives", "MÔ HÌNH HAY", "các mô hình hay", works.initiatives),
    ("emulation", "PHONG TRÀO THI ĐUA", "kết quả phong trào thi đua", works.emulation),
    ("rewards", "KHEN THƯỞNG", "khen thưởng", works.rewards),
)


def compose(
    scope: Scope, *, day: date | None = None, number: str | None = None, is_sample: bool = False
) -> dict[str, Any]:
    """Everything a bulletin says, as plain JSON values. Without `day` and `number`: dotted lines.

    The texts (issuing body, signer) are those of the unit on `day`, else on the period's last day.
    """
    as_of = scope.as_of if scope.as_of is not None else last_number()
    material = gather(scope, day or scope.end)
    texts, name = material.texts, period_name(scope.period)
    told = [(key, title, topic, make(material)) for key, title, topic, make in SECTIONS]
    told = [part for part in told if part[-1]]
    return {
        "version": VERSION,
        "unit": {"code": scope.unit.code, "name": scope.unit.name},
        "period": {"from": scope.start.isoformat(), "to": scope.end.isoformat(), "name": name},
        "campaign": {"code": scope.campaign.code, "name": scope.campaign.name} if scope.campaign else None,
        "as_of": as_of,
        "is_sample": is_sample,
        "head": {
            "issuer": texts.issuing_lines,
            "office": texts.issuing_office,
            "number": number or f"{DOTS}{NUMBER_TAIL}",
            "place_date": f"{_place(texts.place)}, {long_day(day) if day else _no_day()}",
        },
        "title": "BẢN TIN",
        "subtitle": f"Công tác giảm nghèo {name}",
        "lead": _lead(material, [topic for _, _, topic, _ in told]),
        "sections": _with_chart(told, chart.chart(material)),
        "ending": f"Trên đây là bản tin công tác giảm nghèo {name} của {texts.owner_name}, "
        "niêm yết công khai để Nhân dân biết và giám sát./.",
        "recipients": list(RECIPIENTS),
        "signer": {
            "lines": signing_lines(texts.issuing_office, texts.signer_title),
            "name": texts.signer_name,
        },
        "figures": {key: figure.as_json() for key, figure in material.figures.items()},
    }


def gather(scope: Scope, day: date) -> Material:
    """Read all that the sections need; a fixed number of statements and two or three for each campaign."""
    return Material(
        scope=scope,
        texts=unit_texts(scope.unit, day),
        figures=registry.compute(scope),
        groups=groups_in(scope),
        programmes=programmes_in(scope),
        initiatives=[(mask_public(found.name), found.form) for found in initiatives(scope)],
        campaigns=[] if scope.campaign else _campaigns(scope),
    )


def _campaigns(scope: Scope) -> list[tuple[str, str, dict[str, Any]]]:
    """The campaigns of the period to which the unit's gifts go, with what the unit raised."""
    unit = Unit.__table__.select().with_only_columns(Unit.id).where(Unit.id == scope.unit.id)
    found = []
    for campaign in reversed(campaigns_of(unit)):
        if campaign.starts_on > scope.end or (campaign.ends_on and campaign.ends_on < scope.start):
            continue
        figures = registry.compute(
            replace(scope, campaign=campaign), ["received.total", "target.amount", "target.percent"]
        )
        if figures["received.total"].value or figures["target.amount"].value:
            found.append((campaign.name, _days(campaign), figures))
    return found


def _days(campaign: Campaign) -> str:
    start = format_day(campaign.starts_on)
    return f"{start} - {format_day(campaign.ends_on)}" if campaign.ends_on else f"từ {start}"


def _place(place: str) -> str:
    """A place has a name with a capital; what is left of other unit names is filled in by pen."""
    return place if place[:1].isupper() else DOTS


def _no_day() -> str:
    return f"ngày {DOTS} tháng {DOTS} năm {DOTS}"


def _lead(material: Material, topics: list[str]) -> str:
    scope = material.scope
    days = f"từ ngày {format_day(scope.start)} đến ngày {format_day(scope.end)}"
    who = f"Ban Thường trực {material.texts.owner_name}"
    if not topics:
        return f"{who} thông báo: {days} chưa có số liệu nào được ghi vào sổ."
    listed = topics[0] if len(topics) == 1 else f"{', '.join(topics[:-1])} và {topics[-1]}"
    return f"{who} thông báo {listed} {days} như sau:"


def _with_chart(told: list[tuple[str, str, str, list[Block]]], drawing: Block | None) -> list[dict[str, Any]]:
    """Numbered sections; the chart stands at the end of what it is about."""
    sections: list[dict[str, Any]] = []
    for number, (key, title, _, blocks) in enumerate(told):
        sections.append({"key": key, "number": ROMAN[number], "title": title, "blocks": list(blocks)})
    if drawing is not None:
        homes = [one for one in sections if one["key"] in drawing["about"]]
        homes[-1]["blocks"].append(drawing)
    return sections


def render_html(content: dict[str, Any], *, links: list[tuple[str, str]] | None = None) -> str:
    """The bulletin as a whole HTML page; `links` (label, address) stand above it on the screen only."""
    sections = [
        {**section, "blocks": [_drawn(block) for block in section["blocks"]]}
        for section in content["sections"]
    ]
    return render_paper(
        "documents/bulletin.html", content={**content, "sections": sections}, dots=DOTS, links=links or []
    )


def _drawn(block: Block) -> Block:
    if block["kind"] != "chart":
        return block
    return {**block, "rows": [Bar(bar["label"], bar["value"], bar["text"]) for bar in block["bars"]]}


def render_pdf(content: dict[str, Any]) -> bytes:
    """The bulletin as PDF, kept in the installation's folder. Call it outside write transactions."""
    return cached_pdf(render_html(content))


def render_file(content: dict[str, Any]) -> str:
    """The bulletin as one HTML file that needs nothing beside it."""
    return standalone(render_html(content))


def render_json(content: dict[str, Any]) -> str:
    """Content and figures for machines."""
    return json.dumps(content, ensure_ascii=False, indent=1)
