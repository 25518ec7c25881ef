"""A decision, submission or minutes as the values its paper prints (layout: Nghị định 30/2020/NĐ-CP)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from portal.kit.days import VIETNAM, format_day, long_day
from portal.kit.money import format_amount
from portal.spending import queries, rules, texts
from portal.spending.lists import COMMON_NAME, source_text
from portal.spending.models import Decision, DecisionRow
from portal.units.queries import UnitTexts, unit_texts

TITLES = {"decision": "QUYẾT ĐỊNH", "submission": "TỜ TRÌNH", "minutes": "BIÊN BẢN"}
THIS = {"decision": "Quyết định", "submission": "Tờ trình", "minutes": "Biên bản"}
MARKS = {rules.DRAFT: "DỰ THẢO", rules.WITHDRAWN: "ĐÃ THU HỒI"}


class AnnexRow(NamedTuple):
    """One row of the annexed list, as printed."""

    number: int
    receiver: str
    address: str
    content: str
    campaign: str
    source: str
    households: str
    goods: str
    amount: str


@dataclass(frozen=True)
class Annex:
    """The annexed list: a column that says nothing on any row is left out."""

    rows: Sequence[AnnexRow]
    with_address: bool
    campaign: str | None  # of all rows; None = each row has its own
    with_source: bool
    with_households: bool
    households: str
    with_goods: bool
    with_money: bool  # a list of goods alone has no column of money
    total: str
    words: str


@dataclass(frozen=True)
class DecisionPaper:
    """One paper with its annex, ready to be printed. `mark`: "DỰ THẢO", "ĐÃ THU HỒI" or nothing."""

    kind: str
    title: str
    subject: str
    issuer: list[str]
    committee: str  # the office that issues: its own line in the head
    number: str | None
    place_date: str
    authority: str  # "BAN THƯỜNG TRỰC ỦY BAN …"
    grounds: list[str]
    articles: list[tuple[str, str]]
    sent_to: str | None
    paragraphs: list[str]
    recipients: list[str]
    signer: list[str]
    signer_name: str
    annex: Annex | None
    annex_of: str
    mark: str | None
    withdrawn: str | None


def paper_of(decision: Decision) -> DecisionPaper:
    """The paper of a decision in the state it is in."""
    own = unit_texts(decision.unit, decision.decided_on)
    known = values_of(decision, own)
    fill = {
        name: texts.filled(getattr(decision, name), known) for name in ("grounds", "articles", "recipients")
    }
    sent_to, paragraphs = texts.paragraphs_of(fill["articles"])
    is_decision = decision.kind == "decision"
    return DecisionPaper(
        kind=decision.kind,
        title=TITLES[decision.kind],
        subject=texts.bare(texts.filled(decision.subject, known)),
        issuer=own.issuing_lines,
        committee=own.issuing_office,
        number=decision.number,
        place_date=", ".join(part for part in (own.place, long_day(decision.decided_on)) if part),
        authority=f"{own.issuing_office} {own.owner_name}".strip().upper(),
        grounds=texts.grounds_of(fill["grounds"]),
        articles=texts.articles_of(fill["articles"]) if is_decision else [],
        sent_to=sent_to,
        paragraphs=[] if is_decision else paragraphs,
        recipients=texts.recipients_of(fill["recipients"]),
        signer=texts.lines_of(decision.signer_title),
        signer_name=decision.signer_name,
        annex=_annex(decision, own) if decision.rows else None,
        annex_of=_annex_of(decision, own),
        mark=MARKS.get(decision.state),
        withdrawn=_withdrawn(decision),
    )  # fmt: skip


def values_of(decision: Decision, own: UnitTexts) -> dict[str, str]:
    """What the bracketed words of its texts stand for."""
    total = sum(row.amount for row in decision.rows)
    households = [row.households for row in decision.rows if row.households is not None]
    number = format_amount(total) if total else texts.BLANK
    words = own.in_words(total).lower() if total else texts.BLANK
    return {
        texts.ROWS: padded(len(decision.rows)),
        texts.HOUSEHOLDS: padded(sum(households)) if households else texts.BLANK,
        texts.SUPPORT: texts.support_in_words(number, words, goods=any(row.goods for row in decision.rows)),
        texts.SUM: number,
        texts.WORDS: words,
        texts.FUND: decision.fund.name,
    }


def padded(count: int) -> str:
    """A count as reports write it: "08", "1.361"."""
    return f"{count:02d}" if count < 10 else format_amount(count)


def _annex(decision: Decision, own: UnitTexts) -> Annex:
    names = {level.key: level.name for level in queries.levels(ended=True)}
    rows = [_row(row, names) for row in decision.rows]
    households = [row.households for row in decision.rows if row.households is not None]
    total = sum(row.amount for row in decision.rows)
    campaigns = {row.campaign for row in rows}
    return Annex(
        rows=rows,
        with_address=any(row.address for row in rows),
        campaign=campaigns.pop() if len(campaigns) == 1 else None,
        with_source=any(row.source for row in rows),
        with_households=bool(households),
        households=format_amount(sum(households)) if households else "",
        with_goods=any(row.goods for row in rows),
        with_money=total > 0,
        total=format_amount(total),
        words=own.in_words(total) if total else "",
    )


def _row(row: DecisionRow, levels: dict[str, str]) -> AnnexRow:
    return AnnexRow(
        number=row.ordinal,
        receiver=row.receiver,
        address=row.address or "",
        content=row.content or row.spending_purpose.name,
        campaign=row.campaign.name if row.campaign else COMMON_NAME,
        source=source_text(row, levels) or "",
        households="" if row.households is None else format_amount(row.households),
        goods=row.goods or "",
        amount=format_amount(row.amount) if row.amount else "",
    )


def _annex_of(decision: Decision, own: UnitTexts) -> str:
    number = f" số {decision.number}" if decision.number else " số ……"
    by = f" của {own.owner_name}" if own.owner_name else ""
    return f"Kèm theo {THIS[decision.kind]}{number} {long_day(decision.decided_on)}{by}"


def _withdrawn(decision: Decision) -> str | None:
    if decision.withdrawn_at is None:
        return None
    return f"Ngày {format_day(decision.withdrawn_at.astimezone(VIETNAM).date())}: {decision.withdrawn_reason}"
