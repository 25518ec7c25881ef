"""Biên bản hậu kiểm: whom to ask, what was said, what it comes to. Empty verdicts are boxes for the pen."""

from __future__ import annotations

from dataclasses import dataclass

from portal.distributions import queries_verify as queries
from portal.distributions.models import Distribution
from portal.distributions.models_handover import Verification, VerificationDraw
from portal.distributions.rules_handover import VERDICTS
from portal.kit.days import format_day, long_day, today_in_vietnam
from portal.kit.money import format_amount
from portal.kit.vietnamese import capital_first
from portal.units.queries import paper_form, unit_texts


@dataclass(frozen=True)
class VerifiedLine:
    """One household: what it should have got, and the verdict as keys that are ticked."""

    name: str
    place: str
    portion: str
    day: str
    verdict: str | None
    note: str


@dataclass(frozen=True)
class VerificationPaper:
    """The paper, ready to be printed."""

    title: str
    caption: str
    issuer: list[str]
    committee: str
    number: str
    place_date: str
    name: str
    draws: list[str]
    lines: list[VerifiedLine]
    verdicts: dict[str, str]
    summary: str
    maker: str


def verification_paper(distribution: Distribution, maker: str) -> VerificationPaper:
    """Everything of one list."""
    day = today_in_vietnam()
    texts, form = unit_texts(distribution.unit, day), paper_form("verification", distribution.unit_id, day)
    counts = queries.verdicts_of(distribution)
    said = [f"{VERDICTS[key].lower()} {count} hộ" for key, count in counts.items() if key]
    if counts.get(None):
        said.append(f"chưa hỏi {counts[None]} hộ")
    return VerificationPaper(
        title=form.title if form else "Biên bản hậu kiểm",
        caption=form.caption if form else "",
        issuer=list(texts.issuing_lines),
        committee=texts.issuing_office or texts.committee,
        number="",
        place_date=f"{texts.place}, {long_day(day)}" if texts.place else capital_first(long_day(day)),
        name=distribution.name,
        draws=[_draw_words(draw) for draw in queries.draws_of(distribution)],
        lines=[_line(one) for one in queries.verifications_of(distribution)],
        verdicts=VERDICTS,
        summary=capital_first(", ".join(said)) + "." if said else "",
        maker=maker,
    )


def _draw_words(draw: VerificationDraw) -> str:
    if draw.size is None:
        return f"Hỏi tất cả {draw.among} hộ đã nhận."
    return f"Rút thăm {draw.size} hộ trong {draw.among} hộ đã nhận, số rút thăm {draw.seed}."


def _line(one: Verification) -> VerifiedLine:
    row = one.row
    portion = [f"{format_amount(row.amount)} đồng"] if row.amount else []
    if row.goods:
        portion.append(row.goods)
    return VerifiedLine(
        name=row.receiver or "",
        place=", ".join(part for part in (row.hamlet, row.commune) if part),
        portion="; ".join(portion),
        day=format_day(one.verified_on) if one.verified_on else "",
        verdict=one.verdict,
        note=one.note or "",
    )
