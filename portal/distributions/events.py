"""The story of a list: what was done, in words for people. Flushes nothing."""

from __future__ import annotations

from portal.distributions.models import Distribution, DistributionEvent, DistributionRow
from portal.kit.db import db
from portal.people.models import User

LONGEST = 1000


def note(
    distribution: Distribution, what: str, text: str, by: User | None, row: DistributionRow | None = None
) -> DistributionEvent:
    """Keep that something happened to a list, or to one of its rows."""
    event = DistributionEvent(
        distribution_id=distribution.id,
        row_id=row.id if row else None,
        what=what,
        text=text[:LONGEST],
        by_id=by.id if by else None,
    )
    db.session.add(event)
    return event
