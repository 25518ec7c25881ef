"""Appeals: found within a person's units, their sums by the books, and what the public reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from portal.campaigns.models import Campaign
from portal.cases.models import SupportCase
from portal.cases.models_appeal import AppealSurplus, AppealText, CaseAppeal
from portal.cases.queries_kept import kept_by_campaign
from portal.cases.rules_appeal import PUBLIC
from portal.kit.db import db
from portal.ledger.models import Account, DayTotal
from portal.ledger.rules import GOODS

SURPLUS = "surplus"  # purpose of the `other` accounts between which a surplus moves


@dataclass(frozen=True)
class Sums:
    """What the books say of an appeal's campaign, đồng; goods at value stand apart and are never added to money."""

    received: int = 0
    refunded: int = 0
    spent: int = 0
    moved: int = 0  # a surplus that went where the appeal said
    other: int = 0
    received_goods: int = 0
    kept: int = 0  # of what is spent: put aside for a receiver who has not got it yet
    spent_goods: int = 0
    moved_goods: int = 0

    @property
    def handed(self) -> int:
        """Money that receivers have got."""
        return self.spent - self.kept

    @property
    def left(self) -> int:
        """Money that is there still."""
        return self.received - self.refunded + self.other - self.spent - self.moved

    @property
    def left_goods(self) -> int:
        """Value of goods that are there still."""
        return self.received_goods - self.spent_goods - self.moved_goods


def sums_of(campaign_ids: Sequence[int]) -> dict[int, Sums]:
    """The sums of these campaigns, in two statements; as the figures of the ledger count them."""
    total = func.sum(DayTotal.credit - DayTotal.debit)
    rows = (
        select(Account.campaign_id, Account.kind, Account.purpose, total)
        .join(DayTotal, DayTotal.account_id == Account.id)
        .where(Account.campaign_id.in_(campaign_ids), Account.campaign_id.is_not(None))
        .group_by(Account.campaign_id, Account.kind, Account.purpose)
    )
    found: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for campaign_id, kind, purpose, amount in db.session.execute(rows):
        name, sign = _column(kind, purpose)
        found[campaign_id or 0][name] += sign * int(amount)
    for campaign_id, amount in kept_by_campaign(campaign_ids).items():
        found[campaign_id]["kept"] = amount
    return {key: Sums(**values) for key, values in found.items()}


def _column(kind: str, purpose: str) -> tuple[str, int]:
    """Which sum an account counts in, and with which sign."""
    goods = "_goods" if purpose == GOODS else ""
    if kind == "received":
        return f"received{goods}", 1
    if kind == "spent":
        return f"spent{goods}", -1
    if kind == "refunded":
        return "refunded", -1
    if purpose.startswith(SURPLUS) or goods:
        return f"moved{goods}", -1
    return "other", 1


def sums_for(appeal: CaseAppeal) -> Sums:
    """The sums of one appeal; nothing before it is published."""
    return sums_of([appeal.campaign_id]).get(appeal.campaign_id, Sums()) if appeal.campaign_id else Sums()


def appeal_of(case: SupportCase) -> CaseAppeal | None:
    """The appeal of a case, with its texts."""
    rows = select(CaseAppeal).where(CaseAppeal.case_id == case.id)
    return db.session.scalar(rows.options(selectinload(CaseAppeal.texts)))


def text_of(appeal: CaseAppeal) -> AppealText | None:
    """The text that is public now."""
    published = [one for one in appeal.texts if one.approved]
    return published[-1] if published else None


def waiting_text(appeal: CaseAppeal) -> AppealText | None:
    """The text that waits for a second person."""
    return next((one for one in appeal.texts if one.approved is None), None)


def surpluses_of(appeal: CaseAppeal) -> list[AppealSurplus]:
    """Every move of a surplus that was asked for."""
    rows = select(AppealSurplus).where(AppealSurplus.appeal_id == appeal.id).order_by(AppealSurplus.id)
    return list(db.session.scalars(rows))


def public_appeals() -> Select[tuple[CaseAppeal]]:
    """Appeals that were published, also those that are closed or whose text was taken down."""
    rows = select(CaseAppeal).where(CaseAppeal.state.in_(PUBLIC), CaseAppeal.campaign_id.is_not(None))
    loaded = (
        joinedload(CaseAppeal.campaign).joinedload(Campaign.unit),
        joinedload(CaseAppeal.surplus_campaign),
        selectinload(CaseAppeal.texts),
    )
    return rows.options(*loaded).order_by(CaseAppeal.published_on.desc(), CaseAppeal.id.desc())


def appeal_of_campaign(campaign_id: int) -> CaseAppeal | None:
    """The appeal that a campaign belongs to, or None."""
    return db.session.scalar(select(CaseAppeal).where(CaseAppeal.campaign_id == campaign_id))
