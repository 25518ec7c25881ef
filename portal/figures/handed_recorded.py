"""Gifts as they were recorded one by one: portions by the day on which their household got them, goods by the books."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Subquery,
    case,
    cast,
    func,
    literal,
    select,
    union_all,
)

from portal.advances.models import PutAside
from portal.distributions import given
from portal.distributions.models import Distribution, DistributionGoods, DistributionRow
from portal.distributions.models_handover import KeptPortion
from portal.distributions.queries_handover import ISSUED
from portal.figures.rules import sum_known
from portal.figures.scope import Scope
from portal.goods.models import StockMovement
from portal.households.models_registry import Household
from portal.kit.db import db
from portal.kit.numbers import Entry
from portal.ledger.models import Posting
from portal.ledger.queries import is_reversed


@dataclass(frozen=True)
class Handed:
    """What was recorded one by one; None = nothing. `value` đồng: money, and goods by the books."""

    rounds: int | None = None
    portions: int | None = None
    households: int | None = None
    value: int | None = None


def portions_handed(scope: Scope, units: Collection[int] | None = None) -> Subquery:
    """What households got in the period by lists of the scope's units (or of these): (unit_id, list_id, round_key,
    household_id, day, portion, money). A portion counts once; its money counts on the day on which it was given.
    """
    row, as_of = DistributionRow, scope.as_of
    then = _got(scope, units, row.outcome_on, 1, row.amount - given.put_aside(as_of=as_of))
    then = then.where(given.at_once(as_of=as_of))
    if as_of is not None:
        moment = select(Entry.recorded_at).where(Entry.number == as_of).scalar_subquery()
        then = then.where(row.outcome_at <= moment)
    since = _got(scope, units, given.later_day(as_of=as_of), 1, cast(None, BigInteger)).where(
        given.later(as_of=as_of)
    )
    released = (
        _got(scope, units, Posting.document_on, 0, PutAside.amount)
        .join(PutAside, PutAside.decision_row_id == row.decision_row_id)
        .join(Posting, Posting.number == PutAside.end_number)
        .where(row.outcome.in_(given.MAY_GET), *given.money_given(as_of=as_of))
    )
    return union_all(then, since, released).subquery("handed")


def _got(
    scope: Scope, units: Collection[int] | None, day: ColumnElement[Any] | Any, portion: int, money: Any
) -> Select[Any]:
    """One kind of what rows of lists got; the caller says which rows."""
    row = DistributionRow
    chosen = (
        select(
            Distribution.unit_id,
            Distribution.id.label("list_id"),
            Distribution.round_key,
            row.household_id,
            day.label("day"),
            literal(portion).label("portion"),
            money.label("money"),
        )
        .select_from(row)
        .join(Distribution, Distribution.id == row.distribution_id)
        .where(Distribution.unit_id.in_(scope.units() if units is None else units))
        .where(day.between(scope.start, scope.end))
    )
    if scope.campaign is not None:
        chosen = chosen.where(Distribution.campaign_id == scope.campaign.id)
    return chosen


def goods_handed(scope: Scope, units: Collection[int] | None = None) -> Select[Any]:
    """(document, day, unit, đồng) of the goods that were signed for in the period, or given later."""
    signed = select(DistributionGoods.posting_number, DistributionGoods.distribution_id).where(
        DistributionGoods.what == ISSUED
    )
    kept = (
        select(KeptPortion.end_number, DistributionRow.distribution_id)
        .join(DistributionRow, DistributionRow.id == KeptPortion.row_id)
        .where(*given.goods_given())
    )
    left = union_all(signed, kept).subquery("left_the_store")
    value: ColumnElement[Any] = -func.sum(StockMovement.value)
    chosen = (
        select(Posting.number, Posting.document_on, Posting.unit_id, value)
        .join(left, left.c.posting_number == Posting.number)
        .join(Distribution, Distribution.id == left.c.distribution_id)
        .join(StockMovement, StockMovement.posting_number == Posting.number)
        .where(
            ~is_reversed(Posting.number, up_to=scope.as_of),  # type: ignore[arg-type]
            Distribution.unit_id.in_(scope.units() if units is None else units),
            Posting.document_on.between(scope.start, scope.end),
        )
    )
    if scope.campaign is not None:
        chosen = chosen.where(Distribution.campaign_id == scope.campaign.id)
    if scope.as_of is not None:
        chosen = chosen.where(Posting.number <= scope.as_of)
    return chosen.group_by(Posting.number, Posting.document_on, Posting.unit_id).order_by(Posting.number)


def handed_in(scope: Scope, units: Collection[int] | None = None) -> Handed:
    """What was recorded one by one in the scope (or in these of its units). Two statements."""
    handed = portions_handed(scope, units)
    got, root = handed.c, func.coalesce(Household.merged_into_id, Household.id)
    is_portion = got.portion == 1
    counted = (
        select(
            func.sum(got.portion),
            func.count(case((is_portion, got.round_key)).distinct()),
            func.count(case((is_portion, root)).distinct()),
            func.sum(got.money),
            func.count(),
        )
        .select_from(handed)
        .join(Household, Household.id == got.household_id)
    )
    portions, rounds, households, money, lines = db.session.execute(counted).one()
    if not lines:
        return Handed()
    goods = [value for *_, value in db.session.execute(goods_handed(scope, units))]
    value = sum_known([money, *goods])
    return Handed(rounds, int(portions), households, None if value is None else int(value))
