"""What a household got after the hand-over, for its page: money put aside, goods kept by name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from portal.advances.models import PutAside
from portal.distributions import given
from portal.distributions.models import DistributionRow
from portal.distributions.models_handover import KeptPortion
from portal.distributions.queries import address_of
from portal.households import received
from portal.households.received import Line
from portal.kit.db import db


def lines_given_later(household_ids: Sequence[int]) -> list[Line]:
    """One line for the money and one for the goods, on the days on which they were given."""
    return [*_money(household_ids), *_goods(household_ids)]


def _money(household_ids: Sequence[int]) -> list[Line]:
    rows = (
        select(PutAside, DistributionRow)
        .join(DistributionRow, DistributionRow.decision_row_id == PutAside.decision_row_id)
        .join(DistributionRow.distribution)
        .options(contains_eager(DistributionRow.distribution))
        .where(
            DistributionRow.household_id.in_(household_ids),
            DistributionRow.outcome.in_(given.MAY_GET),
            *given.money_given(),
        )
    )
    found = []
    for item, row in db.session.execute(rows.order_by(PutAside.id)):
        assert item.end_posting is not None
        found.append(_line(row, item.end_posting.document_on, "Tiền giữ hộ, trao sau", cash=item.amount))
    return found


def _goods(household_ids: Sequence[int]) -> list[Line]:
    rows = (
        select(KeptPortion)
        .join(KeptPortion.row)
        .join(DistributionRow.distribution)
        .options(contains_eager(KeptPortion.row).contains_eager(DistributionRow.distribution))
        .where(DistributionRow.household_id.in_(household_ids), *given.goods_given())
    )
    return [
        _line(kept.row, kept.ended_on or kept.since, f"{kept.row.goods or 'Hàng'}, giữ hộ, trao sau")
        for kept in db.session.scalars(rows.order_by(KeptPortion.id))
    ]


def _line(row: DistributionRow, day: date, what: str, cash: int | None = None) -> Line:
    distribution = row.distribution
    source = f"{distribution.fund.name}: {distribution.name}"
    return Line(
        day,
        source,
        what,
        cash=cash,
        in_books=True,
        address=address_of(distribution),
        unit_id=distribution.unit_id,
    )


received.LINES.append(lines_given_later)
