"""The donor that a form of another room names: taken from the books, or new where the person has said so."""

from __future__ import annotations

from portal.donors.actions import record_donor
from portal.donors.queries import donor_or_404, kinds
from portal.people.models import User
from portal.units.models import Unit

DEFAULT_KIND = "person"  # of somebody new whose kind was not said: the one that is shown least


def donor_id_of(
    *,
    donor_id: int | None,
    name: str | None,
    kind: str | None,
    address: str | None,
    is_new: bool,
    unit: Unit,
    by: User,
) -> int | None:
    """The id of the donor that was taken (404 when the person may not see it) or of the new one; None = only a name."""
    if donor_id and name:
        return donor_or_404(donor_id, for_user=by).id
    if not (is_new and name):
        return None
    known = kind if kind is not None and kind in kinds() else DEFAULT_KIND
    return record_donor(unit=unit, kind=known, name=name, address=address, by=by).id
