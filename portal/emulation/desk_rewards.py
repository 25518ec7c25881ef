"""What of rewards waits: for a person, and when a period is closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Select, func, or_, select

from portal.emulation.models_certificates import Reward, RewardDecision
from portal.emulation.models_nominations import Nomination
from portal.emulation.queries_certificates import awards_without_prints, decided_prizes
from portal.emulation.rules_nominations import APPROVED, DRAFT, OPEN
from portal.kit.access import ACCOUNTANT, APPROVER, RECORDER
from portal.kit.db import db
from portal.kit.money import format_amount
from portal.ledger.closing import OpenItem, still_open
from portal.ledger.queries import default_fund
from portal.ledger.waiting import Teller, ask, one_or_list, waits
from portal.ledger.work import TODAY, WEEK
from portal.people.models import User
from portal.people.queries import units_for

WRITERS = (RECORDER, ACCOUNTANT)


@still_open
def prizes(unit_id: int, fund_id: int, through: date) -> Iterator[OpenItem]:
    """Prizes of the period that no decision of the fund pays yet (asked of the usual fund)."""
    if fund_id != default_fund().id:
        return
    rows = select(func.count(), func.coalesce(func.sum(Reward.prize), 0)).where(
        Reward.unit_id == unit_id,
        Reward.decided_on <= through,
        Reward.prize.is_not(None),
        Reward.until.is_(None),
        Reward.id.not_in(decided_prizes()),
    )
    count, amount = db.session.execute(rows).one()
    if count:
        note = f"{format_amount(int(amount or 0))} đ; chi sau khi khóa thì tính vào kỳ sau"
        yield OpenItem(
            count, "Tiền thưởng chưa có quyết định chi", note, "emulation.rewards", {"tinh_trang": "con"}
        )


def _told(
    group: int, name: str, badge: str, verb: str, pages: tuple[str, str, str], args: dict[str, Any]
) -> Teller:
    return one_or_list(group, name, badge, "warn", verb, pages, args)


DECISION = ("emulation.reward_decision", "decision_id", "emulation.reward_decisions")
NOMINATION = ("emulation.nomination", "nomination_id", "emulation.nominations")


@waits(
    "rewards.issue",
    _told(
        TODAY,
        "Quyết định khen chờ ban hành",
        "Chờ ban hành",
        "Xem và ban hành",
        DECISION,
        {"tinh_trang": DRAFT},
    ),
)
def drafts(user: User) -> Select[Any]:
    """Drafts that somebody else has made in units where the person approves."""
    rows = ask(RewardDecision.id, name=RewardDecision.subject).where(
        RewardDecision.unit_id.in_(units_for(user, APPROVER)), RewardDecision.state == DRAFT
    )
    return rows.where(or_(RewardDecision.prepared_by_id.is_(None), RewardDecision.prepared_by_id != user.id))


@waits(
    "rewards.council",
    _told(WEEK, "Đề nghị khen chờ xét", "Chờ xét", "Xem và đưa ra họp", NOMINATION, {"tinh_trang": OPEN}),
)
def nominated(user: User) -> Select[Any]:
    """Nominations that wait for a council."""
    mine = Nomination.unit_id.in_(units_for(user, *WRITERS))
    return ask(Nomination.id, name=Nomination.name).where(mine, Nomination.state == OPEN)


@waits(
    "rewards.decide",
    _told(
        WEEK,
        "Đề nghị khen đã được xét",
        "Chờ quyết định",
        "Soạn quyết định",
        NOMINATION,
        {"tinh_trang": APPROVED},
    ),
)
def looked_at(user: User) -> Select[Any]:
    """Nominations that a council agrees to."""
    mine = Nomination.unit_id.in_(units_for(user, *WRITERS))
    return ask(Nomination.id, name=Nomination.name).where(mine, Nomination.state == APPROVED)


@waits(
    "rewards.print",
    _told(WEEK, "Quyết định khen chưa in giấy", "Chưa in", "Xem và in giấy", DECISION, {"loai": "award"}),
)
def unprinted(user: User) -> Select[Any]:
    """Awards whose certificates nobody has printed."""
    mine = RewardDecision.unit_id.in_(units_for(user, *WRITERS))
    return ask(RewardDecision.id, name=RewardDecision.subject).where(mine, awards_without_prints())
