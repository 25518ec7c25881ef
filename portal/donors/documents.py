"""What a donor has given, promised and received on paper: read from the rooms to the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from portal.donations.models import Donation
from portal.donations.queries import is_reversed
from portal.donors.models import Donor
from portal.donors.queries import Suggestion
from portal.kit.db import db
from portal.people.models import User
from portal.people.queries import readable_units


def with_last_gifts(found: Sequence[Suggestion], user: User) -> list[Suggestion]:
    """The same with the day and amount (đồng) of each one's last gift in the person's units. One statement."""
    if not found:
        return []
    one = aliased(Donor)
    root = func.coalesce(one.merged_into_id, one.id)
    ids = [item.id for item in found]
    wanted = (
        select(root.label("donor_id"), func.max(Donation.id).label("gift_id"))
        .join(Donation, Donation.donor_id == one.id)
        .where(one.id.in_(ids) | one.merged_into_id.in_(ids), ~is_reversed())
        .where(Donation.unit_id.in_(readable_units(user)))
        .group_by(root)
        .subquery()
    )
    rows = select(wanted.c.donor_id, Donation.donated_on, Donation.amount)
    rows = rows.join(Donation, Donation.id == wanted.c.gift_id)
    last = {donor_id: (day, amount) for donor_id, day, amount in db.session.execute(rows)}
    return [
        replace(item, last_on=last[item.id][0], last_amount=last[item.id][1]) if item.id in last else item
        for item in found
    ]
