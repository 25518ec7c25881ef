"""Writing poverty reviews as versions; the caller commits."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict

from portal.households.models import HouseholdGroup, PovertyReview
from portal.households.queries import group_by_name
from portal.households.rules import IDENTITY, ReviewRow, check_review
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.numbers import Entry
from portal.kit.tables import ABSENT
from portal.kit.versions import Recorded, record_versions
from portal.kit.vietnamese import capital_first, fold, key_of, nfc


def group_for(name: str) -> HouseholdGroup:
    """The group of this name, made on first use: provinces define their own. Raises Refused when blank."""
    found = group_by_name(name)
    if found is not None:
        return found
    if not fold(name):
        raise Refused("Chưa có nhóm hộ. Ghi tên nhóm hộ, ví dụ “Hộ nghèo”.", "group")
    group = HouseholdGroup(key=key_of(name), name=capital_first(nfc(name)), folded=fold(name))
    db.session.add(group)
    db.session.flush()
    return group


def record_reviews(rows: Iterable[ReviewRow], *, entry: Entry | Callable[[], Entry]) -> Recorded:
    """Write reviews that are new or changed; returns (new, changed, duplicates). Raises Refused.

    Identity: unit, standard, period, group, breakdown. `entry`: the batch's number or a function taking it.
    """
    known: dict[str, int] = {}
    brought = []
    for row in rows:
        values = asdict(row)
        name = values.pop("group")
        if name not in known:
            known[name] = group_for(name).id
        values["group_id"] = known[name]
        values["breakdown"] = "" if values["breakdown"] is ABSENT else values["breakdown"] or ""
        brought.append(values)
    return record_versions(PovertyReview, brought, identity=IDENTITY, entry=entry, check=check_review)
