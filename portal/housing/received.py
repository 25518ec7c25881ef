"""What households received as houses, for the page of a household."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.households.received import LINES, Line
from portal.housing.following import PAGE
from portal.housing.models import HouseProject
from portal.housing.models_closing import HousePast
from portal.housing.models_money import HouseOutside, HouseSource
from portal.housing.queries_money import source_name
from portal.housing.queries_payments import payments_of
from portal.housing.rules import FAMILY, LABOUR
from portal.kit.db import db

OWN = (FAMILY, LABOUR)  # what the household itself brought is nothing it received


def lines_of_houses(household_ids: Sequence[int]) -> list[Line]:
    """A line for every payment of the fund, everything from outside, every house of the past."""
    rows = select(HouseProject).where(HouseProject.household_id.in_(household_ids))
    loaded = joinedload(HouseProject.kind), joinedload(HouseProject.unit)
    projects = {one.id: one for one in db.session.scalars(rows.options(*loaded))}
    return [*_payments(projects), *_outside(projects), *_past(household_ids)]


def _payments(projects: dict[int, HouseProject]) -> list[Line]:
    if not projects:
        return []
    return [
        Line(
            day=one.day,
            source=f"Quỹ, {projects[key].unit.name}",
            what=f"Nhà ở: {projects[key].kind.name.lower()}",
            cash=one.amount,
            in_books=True,
            address=PAGE.format(key),
        )
        for key, payments in payments_of(list(projects)).items()
        for one in payments
    ]


def _outside(projects: dict[int, HouseProject]) -> list[Line]:
    if not projects:
        return []
    rows = (
        select(HouseOutside)
        .join(HouseSource, HouseSource.id == HouseOutside.source_id)
        .where(
            HouseOutside.project_id.in_(projects),
            HouseOutside.withdrawn_at.is_(None),
            HouseSource.kind.not_in(OWN),
        )
        .options(joinedload(HouseOutside.source))
    )
    return [
        Line(
            day=one.happened_on,
            source=source_name(one.source),
            what=f"Nhà ở: {projects[one.project_id].kind.name.lower()}",
            cash=one.amount,
            address=PAGE.format(one.project_id),
        )
        for one in db.session.scalars(rows)
    ]


def _past(household_ids: Sequence[int]) -> list[Line]:
    rows = select(HousePast).where(HousePast.household_id.in_(household_ids), HousePast.withdrawn.is_(False))
    loaded = joinedload(HousePast.kind), joinedload(HousePast.programme)
    return [
        Line(
            day=one.ends_on,
            source=one.programme.name,
            what=f"Nhà ở: {one.kind.name.lower()} (ghi theo danh sách đã nạp)",
            cash=one.whole_cost,
            is_estimate=False,
        )
        for one in db.session.scalars(rows.options(*loaded))
    ]


LINES.append(lines_of_houses)
