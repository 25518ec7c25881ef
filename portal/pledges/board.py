"""The board of a ceremony: what was announced in the hall, the newest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from portal.campaigns.models import Campaign
from portal.kit.db import db
from portal.people.models import User
from portal.people.queries import readable_units
from portal.pledges.models import Pledge, PledgeTerms
from portal.pledges.queries import Totals, standing, totals_of


@dataclass(frozen=True)
class Board:
    """What a ceremony's board shows."""

    version: str
    totals: Totals
    newest: list[PledgeTerms]


def _announced(campaign: Campaign, user: User) -> Select[Any]:
    mine = standing().where(PledgeTerms.announced, PledgeTerms.campaign_id == campaign.id)
    return mine.where(Pledge.unit_id.in_(readable_units(user)))


def board_version(campaign: Campaign, user: User) -> str:
    """Changes whenever a pledge of the campaign changes, within the person's units. One statement."""
    rows = select(func.max(PledgeTerms.since), func.max(PledgeTerms.until)).join(PledgeTerms.pledge)
    rows = rows.where(PledgeTerms.campaign_id == campaign.id, Pledge.unit_id.in_(readable_units(user)))
    since, until = db.session.execute(rows).one()
    return f"{since or 0}-{until or 0}"


def board_of(campaign: Campaign, user: User, limit: int = 8) -> Board:
    """The announced pledges of a campaign, the last one announced first. Three statements."""
    said = aliased(PledgeTerms)
    first_said = select(func.min(said.since)).where(said.pledge_id == PledgeTerms.pledge_id, said.announced)
    order = first_said.correlate(PledgeTerms).scalar_subquery().desc()
    rows = _announced(campaign, user).order_by(order, PledgeTerms.pledge_id.desc()).limit(limit)
    return Board(
        version=board_version(campaign, user),
        totals=totals_of(_announced(campaign, user)),
        newest=list(db.session.scalars(rows)),
    )
