"""Decisions on rewards and minutes of a council as the values their papers print (layout: Nghị định 30/2020/NĐ-CP)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from portal.emulation import queries_certificates as queries
from portal.emulation import rules_nominations as rules
from portal.emulation.models_certificates import Reward, RewardDecision, RewardDecisionRow
from portal.emulation.models_nominations import RewardCouncil
from portal.emulation.texts_rewards import FORM, NUMBER, PEOPLE
from portal.kit.days import format_day, long_day
from portal.kit.money import format_amount
from portal.spending import texts
from portal.spending.documents_decisions import padded
from portal.units.queries import UnitTexts, unit_texts

BLANK_DAY = "ngày …… tháng …… năm 20……"


class Listed(NamedTuple):
    """One row of the annexed list."""

    number: int
    name: str
    address: str
    what: str  # achievement, or why it is taken back
    paper: str  # number of the certificate, where there is one
    prize: str


@dataclass(frozen=True)
class RewardPaper:
    """A decision with its list; the first part as spending.documents_decisions.DecisionPaper has it."""

    kind: str
    title: str
    subject: str
    issuer: list[str]
    committee: str
    number: str | None
    place_date: str
    authority: str
    grounds: list[str]
    articles: list[tuple[str, str]]
    recipients: list[str]
    signer: list[str]
    signer_name: str
    annex_of: str
    annex_title: str
    what_head: str
    rows: Sequence[Listed]
    with_address: bool
    with_paper: bool
    with_prize: bool
    prizes: str
    mark: str | None
    withdrawn: str | None = None
    annex: None = None
    sent_to: None = None
    paragraphs: Sequence[str] = ()


def decision_paper(decision: RewardDecision) -> RewardPaper:
    """The paper of a decision in the state it is in."""
    own = unit_texts(decision.unit, decision.decided_on)
    given = {one.nomination_id: one for one in queries.rewards_of(decision)}
    rows = [_listed(row, given) for row in decision.rows]
    words = _words(decision)
    fill = {
        name: texts.filled(getattr(decision, name), words) for name in ("grounds", "articles", "recipients")
    }
    award = decision.what == rules.AWARD
    prizes = [_prize(row) for row in decision.rows] if award else []
    name = decision.form.name.upper()
    return RewardPaper(
        kind="decision",
        title="QUYẾT ĐỊNH",
        subject=texts.bare(texts.filled(decision.subject, words)),
        issuer=own.issuing_lines,
        committee=own.issuing_office,
        number=decision.number,
        place_date=", ".join(part for part in (own.place, long_day(decision.decided_on)) if part),
        authority=f"{own.issuing_office} {own.owner_name}".strip().upper(),
        grounds=texts.grounds_of(fill["grounds"]),
        articles=texts.articles_of(fill["articles"]),
        recipients=texts.recipients_of(fill["recipients"]),
        signer=texts.lines_of(decision.signer_title),
        signer_name=decision.signer_name,
        annex_of=_annex_of(decision, own),
        annex_title=f"DANH SÁCH {'TẶNG' if award else 'THU HỒI'} {name}",
        what_head="Thành tích" if award else "Lý do thu hồi",
        rows=rows,
        with_address=any(row.address for row in rows),
        with_paper=any(row.paper for row in rows),
        with_prize=any(prizes),
        prizes=format_amount(sum(prizes)) if any(prizes) else "",
        mark="DỰ THẢO" if decision.state == rules.DRAFT else None,
    )


def _words(decision: RewardDecision) -> dict[str, str]:
    first = next((row.reward for row in decision.rows if row.reward is not None), None)
    number = first.decision.number if first is not None else None
    return {PEOPLE: padded(len(decision.rows)), FORM: decision.form.name, NUMBER: number or "……"}


def _prize(row: RewardDecisionRow) -> int:
    return (row.nomination.prize or 0) if row.nomination is not None else 0


def _listed(row: RewardDecisionRow, given: dict[int, Reward]) -> Listed:
    reward = row.reward or given.get(row.nomination_id or 0)
    told = reward or row.nomination
    assert told is not None
    prize = _prize(row)
    return Listed(
        number=row.ordinal,
        name=told.name,
        address=told.address or "",
        what=row.reason or told.achievement,
        paper=reward.number if reward else "",
        prize=format_amount(prize) if prize else "",
    )


def _annex_of(decision: RewardDecision, own: UnitTexts) -> str:
    number = f" số {decision.number}" if decision.number else " số ……"
    by = f" của {own.owner_name}" if own.owner_name else ""
    return f"Kèm theo Quyết định{number} {long_day(decision.decided_on)}{by}"


class Looked(NamedTuple):
    """One row of the minutes; None where the pen fills."""

    number: int
    name: str
    form: str
    achievement: str
    votes_for: str
    votes_against: str
    verdict: str
    note: str


@dataclass(frozen=True)
class MinutesPaper:
    """Biên bản họp Hội đồng."""

    issuer: list[str]
    committee: str
    place_date: str
    day: str
    place: str
    chair: str
    secretary: str
    members: list[str]
    rows: Sequence[Looked]
    counts: list[tuple[str, str]]
    remarks: str
    mark: str | None


def minutes_paper(council: RewardCouncil) -> MinutesPaper:
    """The minutes, closed or for the pen."""
    own = unit_texts(council.unit, council.met_on)
    said = [row.verdict for row in council.rows]
    return MinutesPaper(
        issuer=own.issuing_lines,
        committee=own.issuing_office,
        place_date=", ".join(part for part in (own.place, long_day(council.met_on)) if part),
        day=long_day(council.met_on),
        place=council.place,
        chair=council.chair,
        secretary=council.secretary,
        members=council.members.splitlines(),
        rows=[
            Looked(
                row.ordinal,
                ", ".join(part for part in (row.nomination.name, row.nomination.address) if part),
                row.nomination.form.name,
                row.nomination.achievement,
                "" if row.votes_for is None else str(row.votes_for),
                "" if row.votes_against is None else str(row.votes_against),
                rules.VERDICTS.get(row.verdict or "", ""),
                row.note or "",
            )
            for row in council.rows
        ],
        counts=[
            (name, padded(said.count(key)) if all(said) else "……") for key, name in rules.VERDICTS.items()
        ],
        remarks=council.remarks,
        mark=None if council.closed else "CHƯA CHỐT",
    )


def told_of(decision: RewardDecision) -> str:
    """ "Quyết định khen thưởng số 45/QĐ-MTTQ-BTT ngày 10/11/2026"."""
    number = f" số {decision.number}" if decision.number else ""
    return f"{rules.WHATS[decision.what]}{number} ngày {format_day(decision.decided_on)}"
