"""How far campaigns have come, as everybody may see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from portal.campaigns.models import Campaign
from portal.campaigns.queries import targets_of, whole_target
from portal.campaigns.rules import state_of
from portal.donations.queries import received_by_unit, received_of_campaign
from portal.figures import registry
from portal.figures.goods import ItemSum, received_items
from portal.figures.scope import Scope
from portal.figures.values import FigureValue
from portal.kit.days import EARLIEST
from portal.kit.db import db
from portal.ledger.models import BankAccount
from portal.units.models import Unit
from portal.units.queries import subtree


@dataclass(frozen=True)
class Progress:
    """A campaign with the money received for it and what it is to raise, đồng (None = no target)."""

    campaign: Campaign
    received: int
    target: int | None
    state: str


@dataclass(frozen=True)
class UnitResult:
    """What one unit with all below raised in a campaign: money (đồng), and its target if it has one."""

    name: str
    code: str | None
    received: int
    target: int | None


def campaigns(today: date) -> list[Progress]:
    """Every campaign with its progress, newest first."""
    rows = _progress().order_by(Campaign.starts_on.desc(), Campaign.id.desc())
    return [_as_progress(row, today) for row in db.session.execute(rows)]


def progress_of(campaign: Campaign, today: date) -> Progress:
    """The progress of one campaign."""
    return _as_progress(db.session.execute(_progress().where(Campaign.id == campaign.id)).one(), today)


def _progress() -> Select[Campaign, int, int | None]:
    return select(Campaign, received_of_campaign(), whole_target()).options(joinedload(Campaign.unit))


def _as_progress(row: Any, today: date) -> Progress:
    campaign, received, target = row
    return Progress(campaign, int(received), target, state_of(campaign.starts_on, campaign.ends_on, today))


def campaign_choices() -> list[Campaign]:
    """Campaigns to choose from, newest first."""
    return list(db.session.scalars(select(Campaign).order_by(Campaign.starts_on.desc(), Campaign.id.desc())))


def account_choices() -> list[BankAccount]:
    """Published bank accounts to choose from."""
    return list(
        db.session.scalars(select(BankAccount).where(BankAccount.published).order_by(BankAccount.code))
    )


def campaign_by(code: str) -> Campaign | None:
    """The campaign of a code."""
    return db.session.scalar(select(Campaign).where(Campaign.code == code).options(joinedload(Campaign.unit)))


def campaign_figures(campaign: Campaign, today: date) -> Mapping[str, FigureValue]:
    """Everything the campaign has received and spent so far."""
    return registry.compute(Scope(campaign.unit, EARLIEST, today, campaign=campaign))


def goods_of(campaign: Campaign, today: date) -> list[ItemSum]:
    """What goods the campaign has received, by item."""
    return received_items(Scope(campaign.unit, EARLIEST, today, campaign=campaign))


def unit_results(campaign: Campaign) -> list[UnitResult]:
    """The units right below the campaign's own that raised something or were asked to; then what is its own.

    A unit counts with all below it. The largest share of the target first, units without a target last.
    """
    parents = {
        row.id: row for row in db.session.scalars(select(Unit).where(Unit.id.in_(subtree(campaign.unit_id))))
    }
    targets = targets_of(campaign.id)
    sums: dict[int, int] = {}
    for unit_id, (money, _goods) in received_by_unit(campaign.id).items():
        top = _below(unit_id, campaign.unit_id, parents)
        sums[top] = sums.get(top, 0) + money
    children = (set(sums) | set(targets)) - {campaign.unit_id}
    rows = [
        UnitResult(parents[key].name, parents[key].code, sums.get(key, 0), targets.get(key))
        for key in children
        if key in parents and parents[key].parent_id == campaign.unit_id
    ]
    rows.sort(
        key=lambda row: (row.target is None, -row.received / row.target if row.target else -row.received)
    )
    own = sums.get(campaign.unit_id, 0)
    if rows and own:
        rows.append(UnitResult("Ngoài các đơn vị trên", None, own, None))
    return rows


def _below(unit_id: int, top: int, units: Mapping[int, Unit]) -> int:
    """The unit right below `top` on the way down to `unit_id`; `top` for its own."""
    while unit_id != top and unit_id in units and units[unit_id].parent_id != top:
        unit_id = units[unit_id].parent_id or top
    return unit_id
