"""Writing a poverty review as the registry counts it, beside what was brought; the caller commits."""

from __future__ import annotations

from datetime import date

from portal.households import queries, rules
from portal.households.actions import record_reviews
from portal.households.queries_reviews import counted
from portal.households.rules_reviews import review_days
from portal.kit.errors import Refused
from portal.kit.numbers import next_entry
from portal.kit.versions import Recorded
from portal.people.models import User
from portal.units.models import Unit

WHAT = "reviews_counted"


def record_counted(
    unit: Unit,
    year: int,
    *,
    standard: str,
    ends_on: date | None,
    households_opening: int | None,
    households_closing: int | None,
    by: User,
) -> Recorded:
    """Keep what the registry counts of a year as the unit's review: a version of its own entry, as brought ones are.

    The whole numbers of households (denominators) come from the paper; None = not known. Raises Refused.
    """
    first, last = review_days(year, ends_on)
    if not standard.strip():
        raise Refused("Chưa ghi rà soát theo chuẩn nào. Chọn hoặc gõ tên chuẩn nghèo.", "standard")
    found = counted(unit.id, year)
    if not found:
        raise Refused(
            f"Sổ hộ của {unit.name} chưa có hộ nào xếp nhóm năm {year - 1} hoặc {year}. Ghi nhóm hộ trước."
        )
    rows = [
        rules.ReviewRow(
            unit_id=unit.id,
            standard=standard.strip(),
            starts_on=first,
            ends_on=last,
            group=group.name,
            opening=found[group.id].opening,
            increase=found[group.id].increase,
            decrease=found[group.id].decrease,
            closing=found[group.id].closing,
            households_opening=households_opening,
            households_closing=households_closing,
        )
        for group in queries.groups()
        if group.id in found
    ]
    return record_reviews(rows, entry=lambda: next_entry(WHAT, by.id, by.name))
