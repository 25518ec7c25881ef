"""What a household that was absent got afterwards, as a source of aid: one help a row, on the day of its last part."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, case, func, literal, select

from portal.advances.models import PutAside
from portal.advances.rules import RELEASE
from portal.distributions.aid import columns, source
from portal.distributions.models import Distribution, DistributionRow
from portal.distributions.models_handover import KeptPortion
from portal.distributions.rules import ABSENT
from portal.distributions.rules_handover import GIVEN
from portal.ledger.models import Posting


def _of_money(what: Any) -> ColumnElement[Any]:
    """`what` over the money put aside for this row that its receiver has got."""
    rows = (
        select(what)
        .select_from(PutAside)
        .join(Posting, Posting.number == PutAside.end_number)
        .where(
            PutAside.decision_row_id == DistributionRow.decision_row_id,
            PutAside.ended == RELEASE,
            PutAside.void.is_(False),
        )
    )
    return rows.correlate(DistributionRow).scalar_subquery()


def _of_goods(what: Any) -> ColumnElement[Any]:
    """`what` over the goods kept by name for this row that were given."""
    rows = select(what).where(KeptPortion.row_id == DistributionRow.id, KeptPortion.ended == GIVEN)
    return rows.correlate(DistributionRow).scalar_subquery()


@source
def given_later(members: CTE, first: date, last: date) -> Select[Any]:
    """Absent households that came for their money or goods later."""
    paid_on, given_on = _of_money(func.max(Posting.document_on)), _of_goods(func.max(KeptPortion.ended_on))
    day = func.coalesce(given_on, paid_on)
    return (
        select(
            *columns(
                members.c.root,
                day=day,
                source=Distribution.name,
                cash=_of_money(func.sum(PutAside.amount)),
                goods=case((given_on.is_not(None), DistributionRow.goods)),
                in_books=literal(1),
                purpose=Distribution.purpose,
            )
        )
        .select_from(members)
        .join(DistributionRow, DistributionRow.household_id == members.c.household_id)
        .join(Distribution, Distribution.id == DistributionRow.distribution_id)
        .where(DistributionRow.outcome == ABSENT, day.between(first, last))
    )
