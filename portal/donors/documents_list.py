"""Donors with what they gave, as SQL: gifts lie to the right of this room."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from portal.donations.models import Donation
from portal.donations.queries import counted_goods, counted_money, is_reversed
from portal.donors.lists import Period
from portal.donors.models import Donor
from portal.donors.queries import donors_for
from portal.kit.access import ROLES
from portal.people.models import User
from portal.people.queries import has_everywhere, readable_units


@dataclass(frozen=True)
class WithSums:
    """Rows (Donor, last_on, money, goods) of the person's units; sums in đồng, of gifts within the period."""

    rows: Select[Any]
    sums: dict[str, Any]
    gave: Callable[[], ColumnElement[bool]]


def donors_with_sums(user: User, period: Period = (None, None)) -> WithSums:
    """The donors that a person sees, with what they gave in the period and in the person's units."""
    one = aliased(Donor)
    mine = select(one.id).where(or_(one.id == Donor.id, one.merged_into_id == Donor.id)).correlate(Donor)
    conditions = [Donation.donor_id.in_(mine), *_within(period)]
    if not has_everywhere(user, *ROLES):
        conditions.append(Donation.unit_id.in_(readable_units(user)))

    def of_gifts(value: Any) -> Any:
        return select(value).where(*conditions).correlate(Donor).scalar_subquery()

    sums = {
        "last_on": select(func.max(Donation.donated_on))
        .where(*conditions, ~is_reversed())
        .correlate(Donor)
        .scalar_subquery(),
        "money": of_gifts(func.sum(counted_money())),
        "goods": of_gifts(func.sum(counted_goods())),
    }
    rows = donors_for(user).options(joinedload(Donor.unit))
    rows = rows.add_columns(*(value.label(name) for name, value in sums.items()))
    return WithSums(rows, sums, lambda: exists().where(*conditions, ~is_reversed()).correlate(Donor))


def _within(period: Period) -> list[ColumnElement[bool]]:
    first, last = period
    asked = []
    if first is not None:
        asked.append(Donation.donated_on >= first)
    if last is not None:
        asked.append(Donation.donated_on <= last)
    return asked
