"""What a household that was absent got afterwards, as a source of aid: one help a row, however many its parts."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import CTE, Select, case, literal, select

from portal.distributions import given
from portal.distributions.aid import columns, source
from portal.distributions.models import Distribution, DistributionRow


@source
def given_later(members: CTE, first: date, last: date) -> Select[Any]:
    """Households that got nothing at the hand-over and came for their money or goods later."""
    day = given.later_day()
    return (
        select(
            *columns(
                members.c.root,
                day=day,
                source=Distribution.name,
                cash=given.released(),
                goods=case((given.goods_day().is_not(None), DistributionRow.goods)),
                in_books=literal(1),
                purpose=Distribution.purpose,
            )
        )
        .select_from(members)
        .join(DistributionRow, DistributionRow.household_id == members.c.household_id)
        .join(Distribution, Distribution.id == DistributionRow.distribution_id)
        .where(given.later(), day.between(first, last))
    )
