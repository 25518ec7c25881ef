"""/nha/ as a template, a JSON answer or a file needs it: the commune only, a name only under consent, sums by source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from portal.files.models import Picture, PictureLink
from portal.housing import queries_money, rules
from portal.housing.models import HouseProject
from portal.housing.queries import ALBUM, days_of
from portal.kit.days import format_day
from portal.kit.db import db
from portal.kit.masking import mask_public

HEADS = (
    "Mã", "Đơn vị", "Mã đơn vị", "Chương trình", "Loại", "Tình trạng", "Khởi công", "Bàn giao", "Chi phí", "Từ Quỹ",
    "Ngoài Quỹ", "Còn thiếu nguồn", "Tên (khi đồng ý)", "Quỹ đã quyết định, chưa chi",
)  # fmt: skip
PAGE = 24


@dataclass(frozen=True)
class Shown:
    """One house as everybody reads it. Sums in đồng: what was paid and brought, as the figures `houses.cost` count it.

    `sources`: what each kind of source has brought; `unpaid`: what the fund has decided and not paid yet.
    """

    code: str
    unit: str
    unit_code: str
    programme: str
    kind: str
    state: str
    name: str | None
    started_on: date | None
    handed_on: date | None
    estimate: int | None
    cost: int
    fund: int
    outside: int
    unpaid: int
    gap: int | None
    sources: list[tuple[str, int]]
    picture: Picture | None
    project_id: int

    @property
    def state_name(self) -> str:
        """In words."""
        return rules.STATES[self.state]

    @property
    def is_over(self) -> bool:
        """Whether it was handed over."""
        return self.state == rules.HANDED_OVER

    @property
    def span(self) -> str:
        """ "bàn giao 20/11/2026", "khởi công 02/11/2026"."""
        if self.handed_on:
            return f"bàn giao {format_day(self.handed_on)}"
        return f"khởi công {format_day(self.started_on)}" if self.started_on else ""


@dataclass(frozen=True)
class Sums:
    """All public houses: how many, how many handed over, đồng."""

    houses: int
    handed_over: int
    working: int
    cost: int
    fund: int
    outside: int
    unpaid: int


def _public() -> Select[Any]:
    """Approved ones, the newest first."""
    loaded = joinedload(HouseProject.unit), joinedload(HouseProject.programme), joinedload(HouseProject.kind)
    rows = select(HouseProject).where(HouseProject.frozen_at.is_not(None))
    return rows.options(*loaded).order_by(HouseProject.frozen_at.desc(), HouseProject.id.desc())


def shown_houses() -> list[Shown]:
    """Every public house, newest first. A fixed number of statements."""
    return _shown(db.session.scalars(_public()).all())


def shown_house(code: str) -> Shown | None:
    """The public house of a code."""
    key = rules.id_of_code(code)
    if key is None:
        return None
    return next(iter(_shown(db.session.scalars(_public().where(HouseProject.id == key)).all())), None)


def sums_of(houses: Sequence[Shown]) -> Sums:
    """The sums above the list."""
    return Sums(
        houses=len(houses),
        handed_over=sum(one.is_over for one in houses),
        working=sum(one.state in rules.WORKING for one in houses),
        cost=sum(one.cost for one in houses),
        fund=sum(one.fund for one in houses),
        outside=sum(one.outside for one in houses),
        unpaid=sum(one.unpaid for one in houses),
    )


def _shown(projects: Sequence[HouseProject]) -> list[Shown]:
    ids = [one.id for one in projects]
    costs, days, pictures = queries_money.costs_of(projects), days_of(ids), _pictures(ids)
    return [_one(one, costs[one.id], days.get(one.id, {}), pictures.get(one.id)) for one in projects]


def _pictures(project_ids: Sequence[int]) -> dict[int, Picture]:
    """The newest published picture of each."""
    rows = (
        select(PictureLink.subject_id, Picture)
        .join(Picture, Picture.id == PictureLink.picture_id)
        .where(
            PictureLink.kind == ALBUM,
            PictureLink.subject_id.in_(project_ids),
            Picture.withdrawn.is_(None),
            Picture.public_sha.is_not(None),
        )
    )
    return {row.subject_id: row.Picture for row in db.session.execute(rows.order_by(PictureLink.id))}


def _one(
    project: HouseProject, cost: queries_money.Cost, days: dict[str, date], picture: Picture | None
) -> Shown:
    by_kind: dict[str, int] = {}
    for share in cost.shares:
        name = _public_name(share.source)
        by_kind[name] = by_kind.get(name, 0) + share.come
    return Shown(
        code=rules.code_of(project.id),
        unit=project.unit.name,
        unit_code=project.unit.code,
        programme=project.programme.name,
        kind=project.kind.name,
        state=project.state,
        name=mask_public(project.shown_name) if project.shown_name else None,
        started_on=days.get(rules.STARTED),
        handed_on=days.get(rules.HANDED_OVER),
        estimate=project.estimate,
        cost=cost.come,
        fund=cost.fund,
        outside=cost.outside,
        unpaid=cost.unpaid,
        gap=cost.gap,
        sources=[(name, amount) for name, amount in by_kind.items() if amount],
        picture=picture,
        project_id=project.id,
    )


def _public_name(source: Any) -> str:
    """The fund's by its campaign; of others the kind only: who gave says so elsewhere, if at all."""
    return queries_money.source_name(source) if source.kind == rules.FUND else rules.SOURCES[source.kind]


def house_row(one: Shown) -> list[Any]:
    """One row of the file, under HEADS."""
    return [
        one.code, one.unit, one.unit_code, one.programme, one.kind, one.state_name, one.started_on, one.handed_on, one.cost,
        one.fund, one.outside, one.gap, one.name, one.unpaid,
    ]  # fmt: skip


def house_json(one: Shown) -> dict[str, Any]:
    """One house; sums in đồng."""
    return {
        "code": one.code,
        "unit": one.unit_code,
        "unit_name": one.unit,
        "programme": one.programme,
        "kind": one.kind,
        "state": one.state,
        "state_name": one.state_name,
        "name": one.name,
        "started_on": one.started_on.isoformat() if one.started_on else None,
        "handed_over_on": one.handed_on.isoformat() if one.handed_on else None,
        "estimate": one.estimate,
        "cost": one.cost,
        "fund": one.fund,
        "outside": one.outside,
        "fund_decided_unpaid": one.unpaid,
        "gap": one.gap,
        "sources": [{"name": name, "amount": amount} for name, amount in one.sources],
    }
