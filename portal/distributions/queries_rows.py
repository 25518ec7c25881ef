"""Reading the rows of a list for its steps: who is on it, twice or elsewhere, what leaves the fund for them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from portal.distributions.models import Distribution, DistributionGoods, DistributionRow, Portion, PortionItem
from portal.distributions.rules import CANCELLED, NOT_TAKEN
from portal.goods.models import Item
from portal.households.models import HouseholdGroup
from portal.households.models_registry import Household, HouseholdStatus
from portal.kit.db import db
from portal.units.models import Unit


def root_of(household: Any) -> ColumnElement[Any]:
    """SQL: the household that a row of the registry stands for."""
    return func.coalesce(household.merged_into_id, household.id)


def roots_on(*conditions: ColumnElement[bool]) -> Select[Any]:
    """Ids of the households on lists that meet `conditions`, however they are merged today; to be used in `IN`."""
    one = aliased(Household)
    rows = select(root_of(one)).join(DistributionRow, DistributionRow.household_id == one.id)
    rows = rows.join(Distribution, Distribution.id == DistributionRow.distribution_id)
    return rows.where(DistributionRow.refused.is_(None), *conditions)


def takes_part() -> ColumnElement[bool]:
    """Condition: the row's household gets its portion, or still may."""
    return or_(DistributionRow.outcome.is_(None), DistributionRow.outcome.not_in(NOT_TAKEN))


def of_other_lists(distribution: Distribution) -> tuple[ColumnElement[bool], ...]:
    """Conditions: the row stands on another list of the same round that was not cancelled."""
    return (
        Distribution.round_key == distribution.round_key,
        Distribution.id != distribution.id,
        Distribution.state != CANCELLED,
        takes_part(),
    )


def of_this_list(distribution: Distribution) -> tuple[ColumnElement[bool], ...]:
    """Conditions: the row stands on this list."""
    return (Distribution.id == distribution.id,)


class Elsewhere(NamedTuple):
    """A household that already stands on a list of the round."""

    household_id: int
    name: str
    list_id: int
    list_name: str
    unit: str


def elsewhere(
    distribution: Distribution, roots: Collection[int] | Select[Any], limit: int
) -> list[Elsewhere]:
    """Which of these households stand on another list of the round, and on which."""
    one, head = aliased(Household), aliased(Household)
    rows = (
        select(head.id, head.name, Distribution.id, Distribution.name, Unit.name)
        .select_from(DistributionRow)
        .join(one, one.id == DistributionRow.household_id)
        .join(head, head.id == root_of(one))
        .join(Distribution, Distribution.id == DistributionRow.distribution_id)
        .join(Unit, Unit.id == Distribution.unit_id)
        .where(DistributionRow.refused.is_(None), *of_other_lists(distribution), head.id.in_(roots))
    )
    return [Elsewhere(*row) for row in db.session.execute(rows.order_by(DistributionRow.id).limit(limit))]


def twice(distribution: Distribution, limit: int) -> list[list[Household]]:
    """Rows of this list that are one household by now, as rows of the registry. Two statements."""
    one = aliased(Household)
    root = root_of(one)
    rows = (
        select(root)
        .join(DistributionRow, DistributionRow.household_id == one.id)
        .where(DistributionRow.distribution_id == distribution.id, DistributionRow.refused.is_(None))
        .group_by(root)
        .having(func.count() > 1)
        .order_by(root)
        .limit(limit)
    )
    found: dict[int, list[Household]] = {root: [] for root in db.session.scalars(rows)}
    if not found:
        return []
    members = (
        select(Household)
        .join(DistributionRow, DistributionRow.household_id == Household.id)
        .where(
            DistributionRow.distribution_id == distribution.id,
            DistributionRow.refused.is_(None),
            root_of(Household).in_(found),
        )
    )
    for household in db.session.scalars(members.order_by(Household.id)):
        found[household.merged_into_id or household.id].append(household)
    return list(found.values())


def count_rows(distribution: Distribution, *, live: bool = True) -> int:
    """How many households a list has; `live`: without the refused ones."""
    rows = select(func.count()).where(DistributionRow.distribution_id == distribution.id)
    if live:
        rows = rows.where(DistributionRow.refused.is_(None))
    return db.session.scalar(rows) or 0


def money_of(distribution: Distribution) -> int:
    """What the list's households get in money, đồng: by the rows once it is locked, before that by the portions."""
    amount = func.coalesce(DistributionRow.amount, Portion.amount, 0)
    rows = select(func.coalesce(func.sum(amount), 0)).join(Portion, Portion.id == DistributionRow.portion_id)
    mine = DistributionRow.distribution_id == distribution.id
    return int(db.session.scalar(rows.where(mine, DistributionRow.refused.is_(None))) or 0)


class Wanted(NamedTuple):
    """So much of an item (thousandths) that a list needs."""

    item: Item
    quantity: int


def goods_of(distribution: Distribution) -> list[Wanted]:
    """What goods the list's households get, by item, without the refused rows."""
    rows = (
        select(Item, func.sum(PortionItem.quantity))
        .select_from(DistributionRow)
        .join(PortionItem, PortionItem.portion_id == DistributionRow.portion_id)
        .join(Item, Item.id == PortionItem.item_id)
        .where(DistributionRow.distribution_id == distribution.id, DistributionRow.refused.is_(None))
        .group_by(Item.id)
        .order_by(Item.name, Item.id)
    )
    return [Wanted(item, int(quantity)) for item, quantity in db.session.execute(rows)]


def goods_documents(distribution: Distribution, what: str) -> list[DistributionGoods]:
    """The store documents of a list that stand, of one kind ("out", "given", "back"), oldest first."""
    rows = select(DistributionGoods).where(
        DistributionGoods.distribution_id == distribution.id,
        DistributionGoods.what == what,
        DistributionGoods.reversed.is_(False),
    )
    return list(db.session.scalars(rows.order_by(DistributionGoods.posting_number)))


def has_outcomes(distribution: Distribution) -> int:
    """For how many rows it was told what happened at the hand-over."""
    rows = select(func.count()).where(
        DistributionRow.distribution_id == distribution.id, DistributionRow.outcome.is_not(None)
    )
    return db.session.scalar(rows) or 0


def households_of(distribution: Distribution) -> dict[int, tuple[int, Household]]:
    """Of each row: the portion, and the household that it stands for today (unit and commune loaded)."""
    one, head = aliased(Household), aliased(Household)
    rows = (
        select(DistributionRow.id, DistributionRow.portion_id, head)
        .join(one, one.id == DistributionRow.household_id)
        .join(head, head.id == root_of(one))
        .where(DistributionRow.distribution_id == distribution.id)
        .options(joinedload(head.unit).joinedload(Unit.parent))
    )
    return {row_id: (portion, household) for row_id, portion, household in db.session.execute(rows)}


def groups_of(distribution: Distribution) -> dict[int, str]:
    """The groups of the last year that has any, in words, by household; those without are missing. One statement."""
    one, head = aliased(Household), aliased(Household)
    rows = (
        select(head.id, HouseholdStatus.year, HouseholdGroup.name)
        .select_from(DistributionRow)
        .join(one, one.id == DistributionRow.household_id)
        .join(head, head.id == root_of(one))
        .join(HouseholdStatus, HouseholdStatus.household_id == head.id)
        .join(HouseholdGroup, HouseholdGroup.id == HouseholdStatus.group_id)
        .where(DistributionRow.distribution_id == distribution.id, HouseholdStatus.withdrawn.is_(False))
        .where(HouseholdStatus.year <= distribution.handed_on.year)
        .order_by(head.id, HouseholdStatus.year.desc(), HouseholdGroup.position, HouseholdGroup.id)
    )
    found: dict[int, tuple[int, list[str]]] = {}
    for household_id, year, name in db.session.execute(rows):
        last, names = found.setdefault(household_id, (year, []))
        if year == last and name not in names:
            names.append(name)
    return {household_id: ", ".join(names)[:200] for household_id, (_, names) in found.items()}


def portions_of(distribution: Distribution) -> list[Portion]:
    """The portions of a list with what is in them, in their order."""
    rows = select(Portion).where(Portion.distribution_id == distribution.id).order_by(Portion.id)
    return list(
        db.session.scalars(rows.options(joinedload(Portion.goods).joinedload(PortionItem.item))).unique()
    )


def households_by_ids(ids: Iterable[int]) -> dict[int, Household]:
    """By asked id: the household that it stands for today (unit and commune loaded); withdrawn ones are missing."""
    one, head = aliased(Household), aliased(Household)
    rows = (
        select(one.id, head)
        .join(head, head.id == root_of(one))
        .where(one.id.in_(list(ids)), head.withdrawn.is_(False), one.withdrawn.is_(False))
        .options(joinedload(head.unit).joinedload(Unit.parent))
    )
    return dict(db.session.execute(rows).all())


def rows_of_roots(distribution: Distribution, roots: Collection[int]) -> dict[int, int]:
    """By household: its row on this list; those that do not stand on it are missing."""
    one = aliased(Household)
    rows = (
        select(root_of(one), DistributionRow.id)
        .join(DistributionRow, DistributionRow.household_id == one.id)
        .where(DistributionRow.distribution_id == distribution.id, root_of(one).in_(list(roots)))
    )
    return dict(db.session.execute(rows).all())
