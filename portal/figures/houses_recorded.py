"""Houses as they were recorded: projects by the day of their hand-over, houses of the past by name, and past totals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, or_, select

from portal.figures.scope import Scope
from portal.housing import rules
from portal.housing.models import HouseProject, HouseStep
from portal.housing.models_catalogue import HouseKind
from portal.housing.models_closing import HousePast
from portal.housing.models_money import HouseDecision, HouseDecisionRow, HouseOutside, HouseSource
from portal.kit.db import db
from portal.kit.numbers import Entry
from portal.ledger.queries import is_reversed
from portal.spending.models import Voucher, VoucherRow
from portal.spending.models_others import InAndOut
from portal.spending.rules import PAID, PAYMENT, REVERSED


class House(NamedTuple):
    """One house that was handed over. đồng; None = nobody said."""

    code: str
    unit_id: int
    kind: str
    handed_on: date
    cost: int | None
    fund: int | None
    outside: int | None


@dataclass(frozen=True)
class Total:
    """So many houses of a period, brought as a total."""

    unit_id: int
    kind: str
    starts_on: date
    ends_on: date
    count: int
    cost: int | None
    fund: int | None
    outside: int | None


def houses_in(scope: Scope) -> list[House]:
    """Houses handed over in the period: projects, then those of the past. Five statements."""
    return [*_projects(scope), *_past(scope)]


def _moment(scope: Scope) -> Any:
    return select(Entry.recorded_at).where(Entry.number == scope.as_of).scalar_subquery()


def _standing(scope: Scope, state: str) -> Select[Any]:
    """Steps to a state that held at the moment asked for, of projects of the scope's units."""
    rows: Any = (
        select(HouseProject, HouseStep.happened_on)
        .join(HouseStep, HouseStep.project_id == HouseProject.id)
        .where(HouseProject.unit_id.in_(scope.units()), HouseStep.state == state)
    )
    if scope.as_of is None:
        rows = rows.where(HouseStep.undone_at.is_(None))
    else:
        moment = _moment(scope)
        undone = or_(HouseStep.undone_at.is_(None), HouseStep.undone_at > moment)
        rows = rows.where(HouseStep.at <= moment, undone)
    if scope.campaign is not None:
        of_campaign = select(HouseSource.id).where(
            HouseSource.project_id == HouseProject.id,
            HouseSource.campaign_id == scope.campaign.id,
            HouseSource.withdrawn.is_(False),
        )
        rows = rows.where(of_campaign.exists())
    found: Select[Any] = rows
    return found


def _projects(scope: Scope) -> list[House]:
    rows = _standing(scope, rules.HANDED_OVER).where(HouseStep.happened_on.between(scope.start, scope.end))
    rows = rows.join(HouseKind, HouseKind.id == HouseProject.kind_id).add_columns(HouseKind.counts_as)
    found = db.session.execute(rows.order_by(HouseStep.happened_on, HouseProject.id)).all()
    ids = [project.id for project, _, _ in found]
    fund, outside = _fund(scope, ids), _outside(scope, ids)
    return [
        House(
            rules.code_of(project.id),
            project.unit_id,
            kind,
            day,
            fund.get(project.id, 0) + outside.get(project.id, 0),
            fund.get(project.id, 0),
            outside.get(project.id, 0),
        )
        for project, day, kind in found
    ]


def _fund(scope: Scope, ids: list[int]) -> dict[int, int]:
    """What the fund paid by the entry asked for, by project: vouchers and what sponsors paid directly."""
    paid: ColumnElement[bool] = Voucher.state == PAID
    if scope.as_of is not None:
        paid = Voucher.state.in_((PAID, REVERSED)) & (Voucher.posting_number <= scope.as_of)
    by_voucher = (
        select(HouseDecision.project_id, func.sum(VoucherRow.amount))
        .join(Voucher, Voucher.decision_id == HouseDecision.decision_id)
        .join(VoucherRow, VoucherRow.voucher_id == Voucher.id)
        .where(
            HouseDecision.project_id.in_(ids),
            paid,
            Voucher.what == PAYMENT,
            VoucherRow.refused.is_(None),
            ~is_reversed(Voucher.posting_number, up_to=scope.as_of),  # type: ignore[arg-type]
        )
        .group_by(HouseDecision.project_id)
    )
    directly = (
        select(HouseDecision.project_id, func.sum(InAndOut.amount))
        .join(HouseDecisionRow, HouseDecisionRow.decision_id == HouseDecision.decision_id)
        .join(InAndOut, InAndOut.decision_row_id == HouseDecisionRow.decision_row_id)
        .where(
            HouseDecision.project_id.in_(ids),
            InAndOut.posting_number.is_not(None),
            ~is_reversed(InAndOut.posting_number, up_to=scope.as_of),  # type: ignore[arg-type]
        )
        .group_by(HouseDecision.project_id)
    )
    if scope.as_of is not None:
        directly = directly.where(InAndOut.posting_number <= scope.as_of)
    found: dict[int, int] = {}
    for rows in (by_voucher, directly):
        for project_id, amount in db.session.execute(rows):
            found[project_id] = found.get(project_id, 0) + int(amount)
    return found


def _outside(scope: Scope, ids: list[int]) -> dict[int, int]:
    rows = select(HouseOutside.project_id, func.sum(HouseOutside.amount)).where(
        HouseOutside.project_id.in_(ids)
    )
    if scope.as_of is None:
        rows = rows.where(HouseOutside.withdrawn_at.is_(None))
    else:
        moment = _moment(scope)
        there = or_(HouseOutside.withdrawn_at.is_(None), HouseOutside.withdrawn_at > moment)
        rows = rows.where(HouseOutside.at <= moment, there)
    return {key: int(amount) for key, amount in db.session.execute(rows.group_by(HouseOutside.project_id))}


def _of_past(scope: Scope) -> Select[Any]:
    rows: Any = select(HousePast, HouseKind.counts_as).join(HouseKind, HouseKind.id == HousePast.kind_id)
    rows = rows.where(HousePast.unit_id.in_(scope.units()), HousePast.withdrawn.is_(False))
    if scope.as_of is not None:
        rows = rows.where(HousePast.recorded_at <= _moment(scope))
    found: Select[Any] = rows.order_by(HousePast.ends_on, HousePast.id)
    return found


def _past(scope: Scope) -> list[House]:
    """Houses of the past by name; no campaign is known of them."""
    if scope.campaign is not None:
        return []
    rows = _of_past(scope).where(HousePast.head_name != "", HousePast.ends_on.between(scope.start, scope.end))
    return [
        House(
            f"TD{one.id:06d}", one.unit_id, kind, one.ends_on, one.whole_cost, one.cost_fund, one.cost_outside
        )
        for one, kind in db.session.execute(rows)
    ]


def totals_in(scope: Scope) -> list[Total]:
    """Totals wholly inside the period."""
    rows = _of_past(scope).where(
        HousePast.head_name == "", HousePast.starts_on >= scope.start, HousePast.ends_on <= scope.end
    )
    return [
        Total(
            one.unit_id,
            kind,
            one.starts_on,
            one.ends_on,
            one.count,
            one.whole_cost,
            one.cost_fund,
            one.cost_outside,
        )
        for one, kind in db.session.execute(rows)
    ]


def is_known(scope: Scope) -> bool:
    """Whether any house of the scope's units was approved by the end of the period: then none under way is 0."""
    rows = _standing(scope, rules.APPROVED).where(HouseStep.happened_on <= scope.end)
    return db.session.scalar(select(rows.with_only_columns(HouseProject.id).exists())) or False


def under_way_in(scope: Scope) -> int:
    """Begun by the end of the period, not handed over then, not stopped then. Three statements."""

    def by_the_end(state: str) -> set[int]:
        rows = _standing(scope, state).where(HouseStep.happened_on <= scope.end)
        return set(db.session.scalars(rows.with_only_columns(HouseProject.id)))

    return len(by_the_end(rules.STARTED) - by_the_end(rules.HANDED_OVER) - by_the_end(rules.STOPPED))
