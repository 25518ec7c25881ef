"""The board: how many houses stand at which stage in each unit, and how far each campaign has come. Reads only."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from portal.campaigns.models import Campaign
from portal.files.models import Picture, PictureLink
from portal.housing import rules
from portal.housing.desk import late_condition
from portal.housing.models import HouseProject
from portal.housing.models_money import HouseDecision, HouseDecisionRow, HouseSource
from portal.housing.queries import ALBUM, LOADED
from portal.kit.db import db
from portal.ledger.queries import is_reversed
from portal.spending.models import Voucher, VoucherRow
from portal.spending.models_others import InAndOut
from portal.spending.rules import PAID, PAYMENT
from portal.units.models import Unit

COLUMNS = (*rules.ORDER, rules.STOPPED)
SHOWN = 60  # houses with photos on one page


@dataclass
class UnitLine:
    """One unit: houses by state, and how many are late."""

    unit: Unit | None
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    late: int = 0

    @property
    def total(self) -> int:
        """All its houses."""
        return sum(self.counts.values())


@dataclass
class CampaignLine:
    """One campaign: its houses by how far they are, and its money for them, đồng."""

    campaign: Campaign
    houses: int = 0
    working: int = 0
    handed_over: int = 0
    planned: int = 0
    paid: int = 0


def by_unit(projects: Select[Any], today: date) -> tuple[list[UnitLine], UnitLine]:
    """A line for each unit, those with late houses first; and the sum. Three statements."""
    counted = projects.with_only_columns(HouseProject.unit_id, HouseProject.state, func.count())
    lines: dict[int, UnitLine] = {}
    total = UnitLine(None)
    for unit_id, state, count in db.session.execute(
        counted.group_by(HouseProject.unit_id, HouseProject.state)
    ):
        lines.setdefault(unit_id, UnitLine(None)).counts[state] += count
        total.counts[state] += count
    late = projects.where(late_condition(today)).with_only_columns(HouseProject.unit_id, func.count())
    for unit_id, count in db.session.execute(late.group_by(HouseProject.unit_id)):
        lines[unit_id].late = count
        total.late += count
    for unit in db.session.scalars(select(Unit).where(Unit.id.in_(lines))):
        lines[unit.id].unit = unit
    known = sorted(lines.values(), key=lambda line: (-line.late, line.unit.name if line.unit else ""))
    return known, total


def by_campaign(projects: Select[Any]) -> list[CampaignLine]:
    """A line for each campaign that pays for a house. Three statements."""
    mine = projects.with_only_columns(HouseProject.id)
    rows = (
        select(Campaign, HouseProject.id, HouseProject.state, HouseSource.amount)
        .join(HouseSource, HouseSource.campaign_id == Campaign.id)
        .join(HouseProject, HouseProject.id == HouseSource.project_id)
        .where(HouseSource.withdrawn.is_(False), HouseProject.id.in_(mine))
        .order_by(Campaign.starts_on.desc(), Campaign.id)
    )
    found: dict[int, CampaignLine] = {}
    for campaign, _, state, amount in db.session.execute(rows):
        line = found.setdefault(campaign.id, CampaignLine(campaign))
        line.houses += 1
        line.working += state in rules.WORKING
        line.handed_over += state == rules.HANDED_OVER
        line.planned += amount
    for campaign_id, paid in (*_paid(mine), *_direct(mine)):
        if campaign_id in found:
            found[campaign_id].paid += int(paid)
    return list(found.values())


def _paid(mine: Select[Any]) -> Any:
    rows = (
        select(HouseSource.campaign_id, func.sum(VoucherRow.amount))
        .join(HouseDecisionRow, HouseDecisionRow.source_id == HouseSource.id)
        .join(HouseDecision, HouseDecision.decision_id == HouseDecisionRow.decision_id)
        .join(VoucherRow, VoucherRow.decision_row_id == HouseDecisionRow.decision_row_id)
        .join(Voucher, Voucher.id == VoucherRow.voucher_id)
        .where(
            HouseDecision.project_id.in_(mine),
            Voucher.state == PAID,
            Voucher.what == PAYMENT,
            VoucherRow.refused.is_(None),
        )
        .group_by(HouseSource.campaign_id)
    )
    return db.session.execute(rows)


def _direct(mine: Select[Any]) -> Any:
    """What sponsors paid directly: received and spent by the fund in one document."""
    rows = (
        select(HouseSource.campaign_id, func.sum(InAndOut.amount))
        .join(HouseDecisionRow, HouseDecisionRow.source_id == HouseSource.id)
        .join(HouseDecision, HouseDecision.decision_id == HouseDecisionRow.decision_id)
        .join(InAndOut, InAndOut.decision_row_id == HouseDecisionRow.decision_row_id)
        .where(
            HouseDecision.project_id.in_(mine),
            InAndOut.posting_number.is_not(None),
            ~is_reversed(InAndOut.posting_number),  # type: ignore[arg-type]
        )
        .group_by(HouseSource.campaign_id)
    )
    return db.session.execute(rows)


def before_after(projects: Select[Any]) -> list[tuple[HouseProject, Picture | None, Picture | None]]:
    """Houses that have photos of before and after (or one of them), the newest first. Two statements."""
    rows = (
        select(PictureLink.subject_id, PictureLink.role, Picture)
        .join(Picture, Picture.id == PictureLink.picture_id)
        .where(
            PictureLink.kind == ALBUM,
            PictureLink.role.in_(("before", "after")),
            PictureLink.subject_id.in_(projects.with_only_columns(HouseProject.id)),
            Picture.withdrawn.is_(None),
        )
        .order_by(PictureLink.id)
    )
    found: dict[int, dict[str, Picture]] = defaultdict(dict)
    for project_id, role, picture in db.session.execute(rows):
        found[project_id].setdefault(role, picture)
    wanted = sorted(found, key=lambda key: (len(found[key]) < 2, -key))[:SHOWN]
    loaded = projects.where(HouseProject.id.in_(wanted)).options(*LOADED)
    by_id = {one.id: one for one in db.session.scalars(loaded)}
    return [(by_id[key], found[key].get("before"), found[key].get("after")) for key in wanted if key in by_id]
