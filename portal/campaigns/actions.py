"""Writing campaigns and their targets. Flushes; the caller commits. Refused says what to do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, select

from portal.campaigns.models import Campaign, CampaignTarget
from portal.campaigns.rules import check_code, check_days
from portal.kit import audit
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.numbers import Entry, next_entry
from portal.people.models import User
from portal.units.models import Unit


def create_campaign(
    *,
    code: str,
    name: str,
    unit: Unit,
    fund_id: int,
    starts_on: date,
    ends_on: date | None = None,
    legal_basis: str | None = None,
) -> Campaign:
    """A new campaign of a unit's fund, without a target. Raises Refused (fields code, ends_on)."""
    check_code(code)
    check_days(starts_on, ends_on)
    if db.session.scalar(select(Campaign.id).where(func.lower(Campaign.code) == code.lower())) is not None:
        raise Refused(f"Mã “{code}” đã dùng cho đợt khác. Đặt mã khác, ví dụ thêm năm ở cuối.", "code")
    campaign = Campaign(
        code=code,
        name=name,
        unit_id=unit.id,
        fund_id=fund_id,
        starts_on=starts_on,
        ends_on=ends_on,
        legal_basis=legal_basis or "",
    )
    db.session.add(campaign)
    db.session.flush()
    return campaign


def change_campaign(
    campaign: Campaign, *, name: str, starts_on: date, ends_on: date | None, legal_basis: str | None
) -> None:
    """Change what may change: never code, unit or fund, which gifts and papers rest on. Raises Refused."""
    check_days(starts_on, ends_on)
    campaign.name, campaign.legal_basis = name, legal_basis or ""
    campaign.starts_on, campaign.ends_on = starts_on, ends_on
    db.session.flush()


def set_target(
    campaign: Campaign, unit: Unit, amount: int | None, *, by: User | None, entry: Entry | None = None
) -> None:
    """What `unit` is to raise, đồng; the campaign's own unit stands for the whole. None takes it away."""
    set_targets(campaign, {unit.id: amount}, by=by, entry=entry)


def set_targets(
    campaign: Campaign, amounts: Mapping[int, int | None], *, by: User | None, entry: Entry | None = None
) -> bool:
    """Targets by unit id as one numbered change (`entry`: of a larger batch). Returns whether any changed."""
    current = {
        row.unit_id: row
        for row in db.session.scalars(
            select(CampaignTarget).where(
                CampaignTarget.campaign_id == campaign.id, CampaignTarget.as_of(None)
            )
        )
    }
    changed = {
        unit_id: amount
        for unit_id, amount in amounts.items()
        if (current[unit_id].amount if unit_id in current else None) != amount
    }
    if not changed:
        return False
    entry = entry or next_entry("targets", *((by.id, by.name) if by else audit.actor()))
    for unit_id, amount in changed.items():
        if unit_id in current:
            current[unit_id].until = entry.number
        if amount is not None:
            db.session.add(
                CampaignTarget(campaign_id=campaign.id, unit_id=unit_id, amount=amount, since=entry.number)
            )
    db.session.flush()
    return True
