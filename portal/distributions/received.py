"""What a household received by lists, for its page; portions still to come are told without an amount of their own."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from portal.distributions import given
from portal.distributions.models import Distribution, DistributionRow
from portal.distributions.queries import address_of
from portal.distributions.rules import CANCELLED, CLOSED, DRAFT, HANDED
from portal.households import received
from portal.households.received import Line
from portal.kit.db import db
from portal.kit.money import format_dong


def lines_of_lists(household_ids: Sequence[int]) -> list[Line]:
    """Lines of what was handed over, and (without sums) of what is decided for the household. One statement."""
    rows = (
        select(DistributionRow, given.put_aside())
        .join(DistributionRow.distribution)
        .options(contains_eager(DistributionRow.distribution))
        .where(
            DistributionRow.household_id.in_(household_ids),
            DistributionRow.refused.is_(None),
            Distribution.state.not_in((DRAFT, CANCELLED)),
            DistributionRow.outcome.is_(None) | DistributionRow.outcome.in_(HANDED),
        )
    )
    lines = [_line(row, kept) for row, kept in db.session.execute(rows.order_by(DistributionRow.id))]
    return [line for line in lines if line is not None]


def _line(row: DistributionRow, kept: int) -> Line | None:
    """None when nothing was given yet: the list is closed, or the money came back and is kept."""
    distribution = row.distribution
    source = f"{distribution.fund.name}: {distribution.name}"
    if row.outcome is None:
        if distribution.state == CLOSED:
            return None
        parts = [format_dong(row.amount) if row.amount else "", row.goods or ""]
        what = f"Sẽ trao: {', '.join(part for part in parts if part)}"
        return Line(
            distribution.handed_on,
            source,
            what,
            in_books=True,
            address=address_of(distribution),
            unit_id=distribution.unit_id,
            is_due=True,
        )
    money = row.amount - kept if row.amount is not None and row.amount > kept else None
    if money is None and row.amount is not None and not row.goods:
        return None
    what = "; ".join(part for part in ("Tiền" if money else "", row.goods or "") if part)
    return Line(
        row.outcome_on or distribution.handed_on,
        source,
        what,
        cash=money,
        in_books=True,
        address=address_of(distribution),
        unit_id=distribution.unit_id,
    )


received.LINES.append(lines_of_lists)
