"""Who is in the sample, and where they may work."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from portal.kit.access import ADMINISTRATOR, ROLES
from portal.people.queries import has_everywhere
from portal.sample.province import make_province
from tests.cast import make_fund


def test_the_administrator_of_the_sample_changes_what_all_units_share(db_session: Session) -> None:
    people = make_province(make_fund(), opening_on=date(2026, 1, 1)).people
    assert set(people) == set(ROLES)
    assert {role for role in people if has_everywhere(people[role], role)} == {ADMINISTRATOR}
