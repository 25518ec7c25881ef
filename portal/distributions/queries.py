"""Finding lists within a person's units, and what a person may do with one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound

from portal.distributions.models import Distribution, DistributionRow
from portal.kit.access import ACCOUNTANT, APPROVER, AUDITOR, RECORDER
from portal.kit.db import db
from portal.people.models import User
from portal.people.queries import may, units_for

READERS = (RECORDER, ACCOUNTANT, APPROVER, AUDITOR)
WRITERS = (RECORDER, ACCOUNTANT)
HAND_OUT = (RECORDER, ACCOUNTANT)


def distributions_for(user: User) -> Select[Any]:
    """Lists of the person's units."""
    return select(Distribution).where(Distribution.unit_id.in_(units_for(user, *READERS)))


def distribution_or_404(distribution_id: int, *, for_user: User) -> Distribution:
    """A list of the person's units. Raises NotFound."""
    wanted = distributions_for(for_user).where(Distribution.id == distribution_id)
    found = db.session.scalar(
        wanted.options(joinedload(Distribution.unit), joinedload(Distribution.campaign))
    )
    if found is None:
        raise NotFound
    return found


def may_write(user: User, distribution: Distribution) -> bool:
    """Whether the person may build the list and tell what happened at its hand-over."""
    return may(user, WRITERS, distribution.unit_id)


def may_approve(user: User, distribution: Distribution) -> bool:
    """Whether the person may approve the list; that it is another person is checked by the action."""
    return may(user, (APPROVER,), distribution.unit_id)


def rows_of(distribution: Distribution) -> Select[tuple[DistributionRow]]:
    """The rows of a list that were not refused, in the order of its sheets."""
    return (
        select(DistributionRow)
        .where(DistributionRow.distribution_id == distribution.id, DistributionRow.refused.is_(None))
        .order_by(DistributionRow.ordinal, DistributionRow.id)
    )


def row_or_404(distribution: Distribution, row_id: int) -> DistributionRow:
    """A row of this list. Raises NotFound."""
    found = db.session.scalar(
        select(DistributionRow).where(
            DistributionRow.id == row_id, DistributionRow.distribution_id == distribution.id
        )
    )
    if found is None:
        raise NotFound
    return found
