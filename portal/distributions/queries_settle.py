"""Reading what an officer has to give an account of: rows, money, goods, what is kept for who was absent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from portal.advances.models import PutAside, Settlement
from portal.distributions import queries_handover as told
from portal.distributions.models import Distribution, DistributionGoods, DistributionRow, Portion, PortionItem
from portal.distributions.models_handover import (
    HandoverSettlement,
    KeptPortion,
    SettledGoods,
    SettledRow,
)
from portal.distributions.queries import distributions_for
from portal.distributions.rules import goods_text
from portal.distributions.rules_handover import APPROVED, ASKED
from portal.goods.models import Item, StockMovement
from portal.kit.db import db
from portal.ledger.models import Posting
from portal.people.models import User
from portal.spending.models import VoucherRow

Quantities = dict[int, int]
"""Thousandths by item."""


def settleable(distribution: Distribution) -> list[DistributionRow]:
    """Rows of which something was told and that stand in no settlement yet, with their portions."""
    rows = select(DistributionRow).where(
        told.live(distribution), DistributionRow.outcome.is_not(None), ~told.in_live_settlement()
    )
    loaded = joinedload(DistributionRow.portion).selectinload(Portion.goods)
    return list(db.session.scalars(rows.options(loaded).order_by(DistributionRow.ordinal)).unique())


def voucher_rows(distribution: Distribution) -> dict[int, VoucherRow]:
    """The rows of the list's advance, by decision row."""
    if distribution.voucher is None:
        return {}
    return {row.decision_row_id: row for row in distribution.voucher.live_rows}


def quantities(rows: Iterable[DistributionRow]) -> Quantities:
    """What the portions of some rows come to."""
    found: Quantities = defaultdict(int)
    for row in rows:
        for part in row.portion.goods:
            found[part.item_id] += part.quantity
    return dict(found)


def wanted_of(distribution: Distribution, *conditions: ColumnElement[bool]) -> Quantities:
    """What the portions of the list's rows come to, counted by the database."""
    rows = (
        select(PortionItem.item_id, func.sum(PortionItem.quantity))
        .join(DistributionRow, DistributionRow.portion_id == PortionItem.portion_id)
        .where(told.live(distribution), *conditions)
        .group_by(PortionItem.item_id)
    )
    return {item: int(quantity) for item, quantity in db.session.execute(rows)}


def moved(distribution: Distribution, what: str) -> Quantities:
    """What store documents of the list have moved out of a store, thousandths by item."""
    rows = (
        select(StockMovement.item_id, func.sum(-StockMovement.quantity))
        .join(DistributionGoods, DistributionGoods.posting_number == StockMovement.posting_number)
        .where(
            DistributionGoods.distribution_id == distribution.id,
            DistributionGoods.what == what,
            DistributionGoods.reversed.is_(False),
            StockMovement.quantity < 0,
        )
        .group_by(StockMovement.item_id)
    )
    return {item: int(quantity) for item, quantity in db.session.execute(rows)}


def items_by_id(ids: Iterable[int]) -> dict[int, Item]:
    """Items by id."""
    return {item.id: item for item in db.session.scalars(select(Item).where(Item.id.in_(set(ids))))}


@dataclass(frozen=True)
class Worth:
    """What the portions of some rows come to: households, đồng, goods in words."""

    households: int
    money: int
    goods: str | None


def worth_of(rows: Iterable[DistributionRow]) -> Worth:
    """The sums of these rows, for whoever says yes to them."""
    rows = list(rows)
    counted = quantities(rows)
    items = items_by_id(counted) if counted else {}
    goods = goods_text((quantity, items[key].measure, items[key].name) for key, quantity in counted.items())
    return Worth(len(rows), sum(row.amount or 0 for row in rows), goods)


def settlements_of(distribution: Distribution) -> list[HandoverSettlement]:
    """Every account that was given of the list, oldest first."""
    rows = select(HandoverSettlement).where(HandoverSettlement.distribution_id == distribution.id)
    loaded = (
        selectinload(HandoverSettlement.rows)
        .joinedload(SettledRow.row)
        .joinedload(DistributionRow.portion)
        .selectinload(Portion.goods),
        joinedload(HandoverSettlement.asked_by),
        joinedload(HandoverSettlement.answered_by),
        joinedload(HandoverSettlement.settlement),
    )
    return list(db.session.scalars(rows.options(*loaded).order_by(HandoverSettlement.id)).unique())


def settlement_or_404(settlement_id: int, *, for_user: User) -> HandoverSettlement:
    """One of them, if the person may read its list; otherwise 404."""
    mine = distributions_for(for_user).with_only_columns(Distribution.id)
    rows = select(HandoverSettlement).where(
        HandoverSettlement.id == settlement_id, HandoverSettlement.distribution_id.in_(mine)
    )
    return db.one_or_404(rows)


def settlement_of_money(advance_settlement_id: int) -> HandoverSettlement | None:
    """The account of a list of which this settlement is the money."""
    wanted = HandoverSettlement.settlement_id == advance_settlement_id
    return db.session.scalar(select(HandoverSettlement).where(wanted))


def settlement_of_posting(posting_number: int) -> HandoverSettlement | None:
    """The account of a list whose money stands in this document."""
    rows = select(HandoverSettlement).join(Settlement, Settlement.id == HandoverSettlement.settlement_id)
    return db.session.scalar(rows.where(Settlement.posting_number == posting_number))


def settlement_of_goods(posting_number: int) -> HandoverSettlement | None:
    """The account of a list that made this store document."""
    rows = select(HandoverSettlement).join(SettledGoods, SettledGoods.settlement_id == HandoverSettlement.id)
    return db.session.scalar(rows.where(SettledGoods.posting_number == posting_number))


def goods_numbers(settlement: HandoverSettlement) -> list[int]:
    """The store documents that it made, the newest first."""
    rows = select(SettledGoods.posting_number).where(SettledGoods.settlement_id == settlement.id)
    return list(db.session.scalars(rows.order_by(SettledGoods.posting_number.desc())))


def reversed_on(distribution: Distribution) -> date | None:
    """The last day on which goods of the list came back by a reversal: before it they were elsewhere."""
    rows = (
        select(func.max(Posting.booked_on))
        .join(DistributionGoods, DistributionGoods.posting_number == Posting.reverses)
        .where(DistributionGoods.distribution_id == distribution.id)
    )
    return db.session.scalar(rows)


def waiting_settlement(distribution: Distribution) -> HandoverSettlement | None:
    """An account that nobody has answered."""
    rows = select(HandoverSettlement).where(
        HandoverSettlement.distribution_id == distribution.id, HandoverSettlement.state == ASKED
    )
    return db.session.scalar(rows.limit(1))


def settled_rows(distribution: Distribution) -> int:
    """How many rows stand in the books."""
    rows = select(func.count(SettledRow.id)).join(
        HandoverSettlement, HandoverSettlement.id == SettledRow.settlement_id
    )
    return int(
        db.session.scalar(
            rows.where(
                HandoverSettlement.distribution_id == distribution.id, HandoverSettlement.state == APPROVED
            )
        )
        or 0
    )


def kept_for(user: User) -> Select[tuple[KeptPortion]]:
    """Portions kept for who was absent, of lists that a person may read."""
    mine = distributions_for(user).with_only_columns(Distribution.id)
    rows: Any = select(KeptPortion).join(DistributionRow, DistributionRow.id == KeptPortion.row_id)
    return rows.where(DistributionRow.distribution_id.in_(mine), KeptPortion.void.is_(False))


def kept_or_404(kept_id: int, *, for_user: User) -> KeptPortion:
    """One of them, if the person may read its list; otherwise 404."""
    return db.one_or_404(kept_for(for_user).where(KeptPortion.id == kept_id))


def kept_of_rows(row_ids: Sequence[int]) -> dict[int, KeptPortion]:
    """The portion that is or was kept, by row."""
    rows = select(KeptPortion).where(KeptPortion.row_id.in_(row_ids), KeptPortion.void.is_(False))
    return {kept.row_id: kept for kept in db.session.scalars(rows.order_by(KeptPortion.id))}


def put_aside_of(decision_row_ids: Sequence[int]) -> dict[int, PutAside]:
    """The money that is or was put aside, by decision row."""
    rows = select(PutAside).where(PutAside.decision_row_id.in_(decision_row_ids), PutAside.void.is_(False))
    return {item.decision_row_id: item for item in db.session.scalars(rows.order_by(PutAside.id))}
