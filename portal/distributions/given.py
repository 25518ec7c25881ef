"""What the households of lists have got, as SQL over `DistributionRow`: at the hand-over, or later what was kept.

Money that a list transferred can come back from the bank: it is put aside like that of somebody who was absent, though
the row is marked received. A portion counts once: at the hand-over when anything was given then, else on the day of its
goods, without goods on that of its money.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, func, select

from portal.advances.models import PutAside
from portal.advances.rules import RELEASE
from portal.distributions.models import DistributionRow
from portal.distributions.models_handover import KeptPortion
from portal.distributions.rules import ABSENT, HANDED
from portal.distributions.rules_handover import GIVEN
from portal.ledger.models import Posting
from portal.ledger.queries import is_reversed

MAY_GET = (*HANDED, ABSENT)


def at_once(*, as_of: int | None = None) -> ColumnElement[bool]:
    """Condition: something was given at the hand-over."""
    row = DistributionRow
    anything = row.amount.is_(None) | row.goods.is_not(None) | (row.amount > put_aside(as_of=as_of))
    return row.outcome.in_(HANDED) & anything


def later(*, as_of: int | None = None) -> ColumnElement[bool]:
    """Condition: nothing was given at the hand-over, but something since."""
    got = later_day(as_of=as_of).is_not(None)
    return DistributionRow.outcome.in_(MAY_GET) & ~at_once(as_of=as_of) & got


def got() -> ColumnElement[bool]:
    """Condition: something was given, at the hand-over or later."""
    return at_once() | later()


def put_aside(*, as_of: int | None = None) -> ColumnElement[int]:
    """đồng of the row that were paid and then put aside, whatever became of them; 0 = none."""
    rows = select(func.coalesce(func.sum(PutAside.amount), 0)).where(_of_row(as_of))
    return rows.correlate(DistributionRow).scalar_subquery()


def money_so_far() -> ColumnElement[Any]:
    """đồng of a row that was given something at the hand-over, with what was released since; NULL = no money in it."""
    return DistributionRow.amount - put_aside() + func.coalesce(released(), 0)


def released(*, as_of: int | None = None) -> ColumnElement[int | None]:
    """đồng put aside that the household has got since; NULL = none."""
    return _of_released(func.sum(PutAside.amount), as_of)


def later_day(*, as_of: int | None = None) -> ColumnElement[Any]:
    """The day on which the household got what was kept for it, the goods or else the money; NULL = nothing yet."""
    return func.coalesce(goods_day(as_of=as_of), _of_released(func.max(Posting.document_on), as_of))


def goods_day(*, as_of: int | None = None) -> ColumnElement[Any]:
    """The day on which goods kept by name were given; NULL = none were."""
    rows = select(func.max(KeptPortion.ended_on)).where(
        KeptPortion.row_id == DistributionRow.id, *goods_given(as_of=as_of)
    )
    return rows.correlate(DistributionRow).scalar_subquery()


def goods_given(*, as_of: int | None = None) -> list[ColumnElement[bool]]:
    """Conditions on `KeptPortion`: its household has got it."""
    known = [] if as_of is None else [KeptPortion.end_number <= as_of]
    return [KeptPortion.ended == GIVEN, KeptPortion.void.is_(False), *known]


def money_given(*, as_of: int | None = None) -> list[ColumnElement[bool]]:
    """Conditions on `PutAside`: its receiver has got it."""
    known = [] if as_of is None else [PutAside.end_number <= as_of]
    return [PutAside.ended == RELEASE, PutAside.void.is_(False), *known]


def _of_released(what: Any, as_of: int | None) -> ColumnElement[Any]:
    rows = select(what).select_from(PutAside).join(Posting, Posting.number == PutAside.end_number)
    rows = rows.where(PutAside.decision_row_id == DistributionRow.decision_row_id, *money_given(as_of=as_of))
    return rows.correlate(DistributionRow).scalar_subquery()


def _of_row(as_of: int | None) -> ColumnElement[bool]:
    mine = PutAside.decision_row_id == DistributionRow.decision_row_id
    if as_of is None:
        return mine & PutAside.void.is_(False)
    known = PutAside.posting_number <= as_of
    return mine & known & ~is_reversed(PutAside.posting_number, up_to=as_of)
