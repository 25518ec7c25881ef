"""Houses as they were recorded: projects by the day of their hand-over, houses of the past by name, and past totals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, case, func, or_, select

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


def _moment(scope: Scope) -> Any:
    return select(Entry.recorded_at).where(Entry.number == scope.as_of).scalar_subquery()


def _standing(scope: Scope, *states: str) -> Select[Any]:
    """Steps to these states that held at the moment asked for, of projects of the scope's units."""
    rows: Any = (
        select(HouseProject, HouseStep.happened_on)
        .join(HouseStep, HouseStep.project_id == HouseProject.id)
        .where(HouseProject.unit_id.in_(scope.units()), HouseStep.state.in_(states))
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


def projects_in(scope: Scope) -> list[House]:
    """Projects handed over in the period, with what the fund paid and what came without it. One statement."""
    rows = _standing(scope, rules.HANDED_OVER).where(HouseStep.happened_on.between(scope.start, scope.end))
    rows = rows.join(HouseKind, HouseKind.id == HouseProject.kind_id)
    rows = rows.add_columns(HouseKind.counts_as, _by_voucher(scope), _directly(scope), _outside(scope))
    return [
        House(
            rules.code_of(project.id),
            project.unit_id,
            kind,
            day,
            int(by_voucher) + int(directly) + int(outside),
            int(by_voucher) + int(directly),
            int(outside),
        )
        for project, day, kind, by_voucher, directly, outside in db.session.execute(
            rows.order_by(HouseStep.happened_on, HouseProject.id)
        )
    ]


def _of_project(amounts: Select[Any]) -> ColumnElement[int]:
    """A sum beside each project; 0 where there is nothing."""
    return func.coalesce(amounts.correlate(HouseProject).scalar_subquery(), 0)


def _by_voucher(scope: Scope) -> ColumnElement[int]:
    """What the fund paid by the entry asked for, by vouchers."""
    paid: ColumnElement[bool] = Voucher.state == PAID
    if scope.as_of is not None:
        paid = Voucher.state.in_((PAID, REVERSED)) & (Voucher.posting_number <= scope.as_of)
    return _of_project(
        select(func.sum(VoucherRow.amount))
        .select_from(HouseDecision)
        .join(Voucher, Voucher.decision_id == HouseDecision.decision_id)
        .join(VoucherRow, VoucherRow.voucher_id == Voucher.id)
        .where(
            HouseDecision.project_id == HouseProject.id,
            paid,
            Voucher.what == PAYMENT,
            VoucherRow.refused.is_(None),
            ~is_reversed(Voucher.posting_number, up_to=scope.as_of),  # type: ignore[arg-type]
        )
    )


def _directly(scope: Scope) -> ColumnElement[int]:
    """What sponsors paid directly and the fund booked in and out."""
    rows = (
        select(func.sum(InAndOut.amount))
        .select_from(HouseDecision)
        .join(HouseDecisionRow, HouseDecisionRow.decision_id == HouseDecision.decision_id)
        .join(InAndOut, InAndOut.decision_row_id == HouseDecisionRow.decision_row_id)
        .where(
            HouseDecision.project_id == HouseProject.id,
            InAndOut.posting_number.is_not(None),
            ~is_reversed(InAndOut.posting_number, up_to=scope.as_of),  # type: ignore[arg-type]
        )
    )
    return _of_project(rows if scope.as_of is None else rows.where(InAndOut.posting_number <= scope.as_of))


def _outside(scope: Scope) -> ColumnElement[int]:
    """What came to the house without passing through the fund."""
    rows = select(func.sum(HouseOutside.amount)).where(HouseOutside.project_id == HouseProject.id)
    if scope.as_of is None:
        return _of_project(rows.where(HouseOutside.withdrawn_at.is_(None)))
    moment = _moment(scope)
    there = or_(HouseOutside.withdrawn_at.is_(None), HouseOutside.withdrawn_at > moment)
    return _of_project(rows.where(HouseOutside.at <= moment, there))


def past_in(scope: Scope, named_from: date) -> tuple[list[House], list[Total]]:
    """Houses of the past: by name those from `named_from` on, and totals wholly inside the period. One statement.

    No campaign is known of them.
    """
    if scope.campaign is not None:
        return [], []
    named = (HousePast.head_name != "") & HousePast.ends_on.between(named_from, scope.end)
    inside = (HousePast.starts_on >= scope.start) & (HousePast.ends_on <= scope.end)
    rows: Any = select(HousePast, HouseKind.counts_as).join(HouseKind, HouseKind.id == HousePast.kind_id)
    rows = rows.where(
        HousePast.unit_id.in_(scope.units()),
        HousePast.withdrawn.is_(False),
        named | ((HousePast.head_name == "") & inside),
    )
    if scope.as_of is not None:
        rows = rows.where(HousePast.recorded_at <= _moment(scope))
    houses, totals = [], []
    for one, kind in db.session.execute(rows.order_by(HousePast.ends_on, HousePast.id)):
        if one.head_name:
            houses.append(_house(one, kind))
        else:
            totals.append(_total(one, kind))
    return houses, totals


def _house(one: HousePast, kind: str) -> House:
    return House(
        f"TD{one.id:06d}", one.unit_id, kind, one.ends_on, one.whole_cost, one.cost_fund, one.cost_outside
    )


def _total(one: HousePast, kind: str) -> Total:
    days = one.starts_on, one.ends_on
    return Total(one.unit_id, kind, *days, one.count, one.whole_cost, one.cost_fund, one.cost_outside)


def under_way_in(scope: Scope) -> int | None:
    """Begun by the end of the period, not handed over then, not stopped then; None while no house was ever approved.

    One statement.
    """
    held = _standing(scope, rules.APPROVED, rules.STARTED, rules.HANDED_OVER, rules.STOPPED)
    held = held.where(HouseStep.happened_on <= scope.end)
    reached = (
        held.with_only_columns(
            *(
                func.max(case((HouseStep.state == state, 1), else_=0)).label(state)
                for state in (rules.APPROVED, rules.STARTED, rules.HANDED_OVER, rules.STOPPED)
            )
        )
        .group_by(HouseProject.id)
        .subquery()
        .c
    )
    begun = case(
        (
            (reached[rules.STARTED] == 1) & (reached[rules.HANDED_OVER] == 0) & (reached[rules.STOPPED] == 0),
            1,
        ),
        else_=0,
    )
    approved, under_way = db.session.execute(select(func.sum(reached[rules.APPROVED]), func.sum(begun))).one()
    return int(under_way) if approved else None
