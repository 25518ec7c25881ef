"""Danh sách ký nhận: the values of its pages. Goods stand in words, money in a column of its own, nothing as dots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from portal.distributions.layout_sheets import Texts, fitted, height_of, pages_of
from portal.distributions.models import Distribution, DistributionRow
from portal.distributions.models_handover import Sheet
from portal.households.models_private import HouseholdPrivate
from portal.kit.days import format_day, long_day, today_in_vietnam
from portal.kit.db import db
from portal.kit.money import format_amount
from portal.kit.pdf import render_paper
from portal.kit.vietnamese import capital_first
from portal.units.queries import paper_form, unit_texts

TITLE = "DANH SÁCH KÝ NHẬN"
ON_BEHALF = "TM. BAN THƯỜNG TRỰC"
LONGEST_CCCD = "0" * 12


@dataclass(frozen=True)
class SheetPage:
    """One printed page."""

    code: str
    page: int
    pages: int
    first: int
    last: int
    rows: list[Texts]
    is_last: bool


@dataclass(frozen=True)
class SheetPaper:
    """Everything around the rows; "" is printed as dots."""

    title: str
    caption: str
    issuer: list[str]
    committee: str
    place_date: str
    name: str
    about: str
    total: str
    words: str
    households: int
    maker: str
    signer_title: list[str]
    signer: str


def texts_of(distribution: Distribution, row: DistributionRow, cccd: str = "") -> Texts:
    """What is printed of a row, as it was frozen when the list was locked; its number is that of the decision."""
    kinds = [word for word, there in (("Tiền mặt", row.amount), ("Hiện vật", row.goods)) if there]
    content = f"{distribution.content}: {row.goods}" if row.goods else distribution.content
    texts = Texts(
        number=str(row.ordinal or ""),
        name=row.receiver or "",
        cccd=cccd,
        content=content,
        commune=row.commune or "",
        hamlet=row.hamlet or "",
        group=row.group_name or "",
        kind=capital_first(", ".join(kinds).lower()) if kinds else "",
        source=distribution.source or "",
        amount=format_amount(row.amount) if row.amount else "",
    )
    return Texts(*(fitted(text, column) for column, text in enumerate(texts)))


def paginated(distribution: Distribution, rows: Sequence[DistributionRow]) -> list[list[DistributionRow]]:
    """The rows of each page; the same rows always stand on the same pages, with or without ID cards."""
    heights = [height_of(texts_of(distribution, row, LONGEST_CCCD)) for row in rows]
    pages, start = [], 0
    for count in pages_of(heights):
        pages.append(list(rows[start : start + count]))
        start += count
    return pages


def cccd_of(household_ids: Sequence[int]) -> dict[int, str]:
    """The number of the head's ID card by household. Whoever asks for it notes the reading first."""
    found: dict[int, str] = {}
    for start in range(0, len(household_ids), 500):
        part = household_ids[start : start + 500]
        rows = select(HouseholdPrivate.household_id, HouseholdPrivate.cccd).where(
            HouseholdPrivate.household_id.in_(part),
            HouseholdPrivate.member_id.is_(None),
            HouseholdPrivate.withdrawn.is_(False),
            HouseholdPrivate.cccd.is_not(None),
        )
        found |= {row.household_id: row.cccd or "" for row in db.session.execute(rows)}
    return found


def pages_to_print(
    distribution: Distribution,
    rows: Sequence[DistributionRow],
    sheets: Sequence[Sheet],
    cccd: Mapping[int, str],
) -> list[SheetPage]:
    """Every page with its rows, each row on the page of its sheet."""
    made = []
    groups = paginated(distribution, rows)
    for place, (group, sheet) in enumerate(zip(groups, sheets, strict=True), start=1):
        texts = [texts_of(distribution, row, cccd.get(row.household_id, "")) for row in group]
        is_last = place == len(groups)
        made.append(SheetPage(sheet.code, place, len(groups), sheet.first, sheet.last, texts, is_last))
    return made


def paper_of(distribution: Distribution, rows: Sequence[DistributionRow], maker: str) -> SheetPaper:
    """Head and foot, in the texts of the list's unit."""
    day = today_in_vietnam()
    texts = unit_texts(distribution.unit, day)
    form = paper_form("signing_sheet", distribution.unit_id, day)
    total = sum(row.amount or 0 for row in rows)
    title_lines = [line for line in texts.signer_title.split("\n") if line]
    if not any(line.startswith(("TM.", "KT.")) for line in title_lines):
        title_lines.insert(0, ON_BEHALF)
    return SheetPaper(
        title=form.title.upper() if form else TITLE,
        caption=form.caption if form else "",
        issuer=list(texts.issuing_lines),
        committee=texts.issuing_office or texts.committee,
        place_date=_place_date(texts.place, day),
        name=distribution.name,
        about=_about(distribution),
        total=format_amount(total) if total else "",
        words=texts.in_words(total) if total else "",
        households=len(rows),
        maker=maker,
        signer_title=title_lines,
        signer=texts.signer_name,
    )


def _place_date(place: str, day: date) -> str:
    return f"{place}, {long_day(day)}" if place else capital_first(long_day(day))


def _about(distribution: Distribution) -> str:
    parts = []
    decision = distribution.decision
    if decision is not None and decision.number:
        parts.append(f"Kèm theo Quyết định số {decision.number} ngày {format_day(decision.decided_on)}")
    where = f" tại {distribution.place}" if distribution.place else ""
    parts.append(f"trao ngày {format_day(distribution.handed_on)}{where}")
    return capital_first("; ".join(parts))


def render_sheets(paper: SheetPaper, pages: Sequence[SheetPage], *, sample: bool) -> str:
    """The HTML of some pages."""
    return render_paper("documents/signing_sheet.html", paper=paper, pages=pages, sample=sample)
