"""Rounds that a unit may join: those of its own line of units, and those of a campaign that it shares."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from portal.campaigns.models import Campaign
from portal.distributions.models import Distribution
from portal.distributions.rules import CANCELLED
from portal.distributions.rules_rounds import Round
from portal.kit.db import db
from portal.units.models import Unit
from portal.units.queries import subtree

AROUND = timedelta(days=366)
"""A round is offered this long before and after its lists' days: gifts of Tết go out on both sides of the new year."""
MOST = 300
"""So many rounds are offered, the newest first."""


def rounds_near(unit: Unit, day: date, *, but: int | None = None) -> list[Round]:
    """Rounds about that day which a list of the unit may join, the newest first. One statement.

    `but`: a list that is not counted, for it is about to choose.
    """
    first = func.min(Distribution.id).label("first")
    grouped = (
        select(first, func.count().label("lists"), func.min(Distribution.handed_on).label("since"))
        .join(Campaign, Campaign.id == Distribution.campaign_id, isouter=True)
        .where(
            Distribution.state != CANCELLED,
            Distribution.id != (but or 0),
            Distribution.handed_on.between(day - AROUND, day + AROUND),
            _concerns(unit),
        )
        .group_by(Distribution.round_key)
        .subquery("rounds")
    )
    rows = (
        select(Distribution, Campaign.name, grouped.c.lists, grouped.c.since)
        .join(grouped, grouped.c.first == Distribution.id)
        .join(Campaign, Campaign.id == Distribution.campaign_id, isouter=True)
        .order_by(grouped.c.since.desc(), Distribution.id.desc())
        .limit(MOST)
    )
    return [
        Round(one.id, one.round_key, one.round_name, one.fund_id, one.campaign_id, campaign, since, lists)
        for one, campaign, lists, since in db.session.execute(rows)
    ]


def _concerns(unit: Unit) -> ColumnElement[bool]:
    """Condition: the list is of the unit, of one above or below it, or of a campaign of a unit above."""
    above = _above(unit)
    line = or_(Distribution.unit_id.in_(above), Distribution.unit_id.in_(subtree(unit.id)))
    return or_(line, and_(Distribution.campaign_id.is_not(None), Campaign.unit_id.in_(above)))


def _above(unit: Unit) -> Select[tuple[int]]:
    """Ids of the unit and of all above it."""
    top = select(Unit.id, Unit.parent_id).where(Unit.id == unit.id).cte("above", recursive=True)
    up = select(Unit.id, Unit.parent_id).join(top, Unit.id == top.c.parent_id)
    both = top.union_all(up)
    return select(both.c.id)
