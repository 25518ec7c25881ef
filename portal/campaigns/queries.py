"""Finding campaigns: a person's own units, all below, and the appeals of the units above them."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import aliased, joinedload

from portal.campaigns.models import Campaign, CampaignTarget
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.people.models import User
from portal.people.queries import readable_units
from portal.units.models import Unit


def with_units_above(unit_ids: Select[tuple[int]]) -> Select[tuple[int]]:
    """The units and every unit above them: where a gift of these units may be appealed for."""
    tree = select(Unit.id, Unit.parent_id).where(Unit.id.in_(unit_ids)).cte("above", recursive=True)
    parent = aliased(Unit)
    tree = tree.union(select(parent.id, parent.parent_id).where(parent.id == tree.c.parent_id))
    return select(tree.c.id)


def campaigns_for(user: User) -> Select[tuple[Campaign]]:
    """Campaigns that a person may see."""
    return select(Campaign).where(Campaign.unit_id.in_(with_units_above(readable_units(user))))


def campaign_or_404(code: str, *, for_user: User) -> Campaign:
    """The campaign of a code, if the person may see it; otherwise 404."""
    wanted = campaigns_for(for_user).where(Campaign.code == code).options(joinedload(Campaign.unit))
    return db.one_or_404(wanted)


def campaign_by(code: str, *, field: str | None = None) -> Campaign:
    """The campaign of a code, for commands and imports. Raises Refused."""
    campaign = db.session.scalar(select(Campaign).where(func.lower(Campaign.code) == code.strip().lower()))
    if campaign is None:
        raise Refused(f"Chưa có đợt mang mã “{code}”. Lập đợt trước, hoặc sửa mã.", field)
    return campaign


def campaigns_of(unit_ids: Select[tuple[int]]) -> list[Campaign]:
    """Campaigns to which gifts of these units may go, newest first."""
    rows = select(Campaign).where(Campaign.unit_id.in_(with_units_above(unit_ids)))
    return list(db.session.scalars(rows.order_by(Campaign.starts_on.desc(), Campaign.id.desc())))


def targets_of(campaign_id: int, *, as_of: int | None = None) -> dict[int, int]:
    """Target by unit id, đồng; the campaign's own unit stands for the whole."""
    rows = select(CampaignTarget.unit_id, CampaignTarget.amount).where(
        CampaignTarget.campaign_id == campaign_id, CampaignTarget.as_of(as_of)
    )
    return {row.unit_id: row.amount for row in db.session.execute(rows)}


def whole_target() -> ColumnElement[int | None]:
    """The present whole target of the campaign of the row, đồng, as a column; NULL where none is set."""
    mine = (CampaignTarget.campaign_id == Campaign.id) & (CampaignTarget.unit_id == Campaign.unit_id)
    amount = select(CampaignTarget.amount).where(mine, CampaignTarget.as_of(None))
    return amount.correlate(Campaign).scalar_subquery()


def units_below(unit_id: int) -> list[Unit]:
    """The units directly below that still stand, by code: those that may get a target of their own."""
    rows = select(Unit).where(Unit.parent_id == unit_id, Unit.valid_to.is_(None)).order_by(Unit.code)
    return list(db.session.scalars(rows))
