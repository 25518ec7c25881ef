"""Houses of the past: a total of a place and period of which a house is known by itself is not added up."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from portal.campaigns.models import Campaign
from portal.housing import queries
from portal.housing.lists import past_list
from portal.housing.models_closing import HousePast
from portal.housing.queries_past import checked_only
from portal.kit.db import db
from tests.cast import Cast, sign_in
from tests.housing.builders import DAY, HOME, handed_over, kind_of, programme_of

YEAR = {"starts_on": date(2025, 1, 1), "ends_on": date(2025, 12, 31), "head_name": "", "head_key": ""}
ONE = {"head_name": "Lê Cũ", "head_key": "le cu", "starts_on": date(2025, 3, 1), "ends_on": date(2025, 3, 1)}


def past(cast: Cast, **told: Any) -> HousePast:
    """A house of the past, or a total."""
    base = {
        "unit_id": cast.commune.id,
        "programme_id": programme_of().id,
        "kind_id": kind_of().id,
        "count": 1,
    }
    one = HousePast(**{**base, **told})
    db.session.add(one)
    db.session.flush()
    return one


def counted(cast: Cast) -> int:
    """The houses in the foot of the list."""
    found = past_list([], [], []).run(queries.past_for(cast.officer), MultiDict(), "/")
    return found.sums["so"]


def test_a_total_is_not_added_to_the_houses_it_counts(cast: Cast, client: FlaskClient) -> None:
    total = past(cast, **YEAR, count=4)
    assert (checked_only(), counted(cast)) == (set(), 4)
    past(cast, **ONE)
    assert (checked_only(), counted(cast)) == ({total.id}, 1)
    db.session.commit()
    assert "Tổng số, để đối chiếu" in sign_in(client, cast.officer).get(f"{HOME}truoc-day").text


@pytest.mark.parametrize(
    "told",
    [
        {"starts_on": date(2024, 3, 1), "ends_on": date(2024, 3, 1)},
        {"kind": "Sửa chữa"},
        {"withdrawn": True},
        {"elsewhere": True},
    ],
)
def test_other_days_kinds_places_and_rows_taken_back_leave_a_total_alone(
    cast: Cast, told: dict[str, Any]
) -> None:
    past(cast, **YEAR, count=4)
    told = {**ONE, **told}
    told["kind_id"] = kind_of(told.pop("kind", "Xây mới")).id
    told["unit_id"] = (cast.other_commune if told.pop("elsewhere", False) else cast.commune).id
    past(cast, **told)
    assert checked_only() == set()


def test_a_total_of_the_province_is_covered_from_below_and_by_a_project(
    cast: Cast, campaign: Campaign
) -> None:
    year = {**YEAR, "unit_id": cast.province.id, "count": 9}
    before = past(cast, **year)
    past(cast, **ONE)
    assert checked_only() == {before.id}
    handed_over(cast=cast, campaign=campaign)
    now = past(cast, **{**year, "starts_on": date(DAY.year, 1, 1), "ends_on": date(DAY.year, 12, 31)})
    assert checked_only() == {before.id, now.id}
