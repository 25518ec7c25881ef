"""Reading decisions on rewards, rewards, certificates by their code, prize money that was paid and came back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.emulation.models_certificates import (
    CertificatePrint,
    PrizeBack,
    Reward,
    RewardDecision,
    RewardDecisionRow,
    RewardPrize,
)
from portal.emulation.rules_nominations import AWARD, ISSUED
from portal.emulation.texts_rewards import KINDS, default_texts
from portal.kit.db import db
from portal.people.models import User
from portal.people.queries import readable_units
from portal.spending.models import Decision, DecisionRow
from portal.spending.models_others import DecisionText
from portal.spending.queries_decisions import ROW_PAID
from portal.spending.rules import WITHDRAWN
from portal.spending.texts import Texts
from portal.units.models import Unit
from portal.units.queries import subtree, unit_texts

LOADED = (
    joinedload(Reward.form),
    joinedload(Reward.unit),
    joinedload(Reward.campaign),
    joinedload(Reward.decision),
)


def decisions_for(user: User) -> Select[Any]:
    """Decisions on rewards of the units that a person may read."""
    return select(RewardDecision).where(RewardDecision.unit_id.in_(readable_units(user)))


def decision_or_404(decision_id: int, *, for_user: User) -> RewardDecision:
    """One of them; otherwise 404."""
    loaded = (
        joinedload(RewardDecision.unit),
        joinedload(RewardDecision.form),
        selectinload(RewardDecision.rows),
    )
    return db.one_or_404(decisions_for(for_user).where(RewardDecision.id == decision_id).options(*loaded))


def rewards_for(user: User) -> Select[Any]:
    """Rewards that units of the person have given."""
    return select(Reward).where(Reward.unit_id.in_(readable_units(user)))


def reward_or_404(reward_id: int, *, for_user: User) -> Reward:
    """One of them; otherwise 404."""
    return db.one_or_404(rewards_for(for_user).where(Reward.id == reward_id).options(*LOADED))


def rewards_of(decision: RewardDecision) -> list[Reward]:
    """What an issued decision gave, in its order."""
    rows = select(Reward).where(Reward.decision_id == decision.id).order_by(Reward.ordinal)
    return list(db.session.scalars(rows.options(*LOADED)))


def reward_by_code(code: str) -> Reward | None:
    """The reward whose certificate bears this code, also when it was taken back."""
    return db.session.scalar(select(Reward).where(Reward.code == code).options(*LOADED))


def withdrawal_of(reward: Reward) -> RewardDecisionRow | None:
    """The row of the issued decision that took a reward back, or None."""
    return withdrawals([reward]).get(reward.id)


def withdrawals(rewards: Sequence[Reward]) -> dict[int, RewardDecisionRow]:
    """The same for many, by reward id."""
    gone = [one.id for one in rewards if one.until is not None]
    rows = select(RewardDecisionRow).where(RewardDecisionRow.reward_id.in_(gone))
    rows = rows.join(RewardDecision, RewardDecision.id == RewardDecisionRow.decision_id)
    found = db.session.scalars(
        rows.where(RewardDecision.state == ISSUED).options(joinedload(RewardDecisionRow.decision))
    )
    return {one.reward_id: one for one in found if one.reward_id} if gone else {}


def open_withdrawal_of(reward: Reward) -> RewardDecisionRow | None:
    """The row of a decision (also a draft) that takes a reward back, or None."""
    return db.session.scalar(select(RewardDecisionRow).where(RewardDecisionRow.reward_id == reward.id))


def number_taken(unit_id: int, year: int, number: str, *, but: int | None = None) -> date | None:
    """The day of the decision on rewards with this number, or None."""
    rows = select(RewardDecision.decided_on).where(
        RewardDecision.unit_id == unit_id,
        RewardDecision.year == year,
        RewardDecision.number == number,
        RewardDecision.id != (but or 0),
    )
    return db.session.scalar(rows)


def public_rewards(unit_id: int | None = None) -> Select[Any]:
    """Every reward that was ever decided, the newest first, with those taken back."""
    rows = select(Reward).options(*LOADED)
    if unit_id is not None:
        rows = rows.where(Reward.unit_id.in_(subtree(unit_id)))
    return rows.order_by(Reward.decided_on.desc(), Reward.id.desc())


def rewards_in(
    unit_id: int, start: date, end: date, *, campaign_id: int | None = None, as_of: int | None = None
) -> Select[Any]:
    """Rewards decided in a unit and below on these days that stood after entry `as_of` (None = now)."""
    rows = select(Reward).where(Reward.unit_id.in_(subtree(unit_id)), Reward.decided_on.between(start, end))
    if campaign_id is not None:
        rows = rows.where(Reward.campaign_id == campaign_id)
    if as_of is None:
        return rows.where(Reward.until.is_(None))
    return rows.where(Reward.since <= as_of, Reward.until.is_(None) | (Reward.until > as_of))


def prize_row_of(reward: Reward) -> RewardPrize | None:
    """The row of the newest decision that pays a reward's prize, or None: one that was withdrawn may stand before it."""
    rows = select(RewardPrize).where(RewardPrize.reward_id == reward.id)
    return db.session.scalar(rows.order_by(RewardPrize.decision_row_id.desc()).limit(1))


def decided_prizes() -> Select[Any]:
    """Ids of rewards whose prize a decision in force or in draft pays, or was paid by one that is withdrawn."""
    rows = select(RewardPrize.reward_id).join(DecisionRow, DecisionRow.id == RewardPrize.decision_row_id)
    rows = rows.join(Decision, Decision.id == DecisionRow.decision_id)
    return rows.where(or_(Decision.state != WITHDRAWN, ROW_PAID > 0))


def paid_of(reward: Reward) -> int:
    """The prize money that vouchers have paid, or a sponsor directly (ghi thu – ghi chi), đồng."""
    rows = select(ROW_PAID).select_from(DecisionRow)
    rows = rows.join(RewardPrize, RewardPrize.decision_row_id == DecisionRow.id)
    return sum(int(paid) for paid in db.session.scalars(rows.where(RewardPrize.reward_id == reward.id)))


def backs_of(reward: Reward) -> list[PrizeBack]:
    """Documents with which prize money came back, oldest first."""
    rows = select(PrizeBack).where(PrizeBack.reward_id == reward.id).order_by(PrizeBack.posting_number)
    return list(db.session.scalars(rows.options(joinedload(PrizeBack.posting))))


def back_of(reward: Reward) -> int:
    """Prize money that came back and stands, đồng."""
    return sum(one.amount for one in backs_of(reward) if not one.reversed)


def award_paying_by(decision_id: int) -> RewardDecision | None:
    """The decision on rewards whose prizes a decision of the fund pays, or None."""
    return db.session.scalar(select(RewardDecision).where(RewardDecision.prize_decision_id == decision_id))


def print_of(decision: RewardDecision) -> CertificatePrint | None:
    """The newest print of a decision's certificates."""
    rows = select(CertificatePrint).where(CertificatePrint.decision_id == decision.id)
    return db.session.scalar(rows.order_by(CertificatePrint.id.desc()).limit(1))


def awards_without_prints() -> Any:
    """Condition on decisions: rewards were given, nobody has printed the certificates yet."""
    printed = select(CertificatePrint.id).where(CertificatePrint.decision_id == RewardDecision.id).exists()
    return (RewardDecision.what == AWARD) & (RewardDecision.state == ISSUED) & ~printed


def texts_of(unit: Unit, what: str, day: date) -> Texts:
    """What the unit has kept for an award or a withdrawal, else the usual words with its own names."""
    kept = db.session.scalar(
        select(DecisionText).where(DecisionText.unit_id == unit.id, DecisionText.kind == KINDS[what])
    )
    if kept is not None:
        return Texts(kept.grounds, kept.articles, kept.recipients, kept.signer_title, kept.signer_name)
    own = unit_texts(unit, day)
    return default_texts(what, owner=own.owner_name, title=own.signer_title, name=own.signer_name)
