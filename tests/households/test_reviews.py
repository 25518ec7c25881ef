"""A poverty review from the registry: who came, who left, beside what was brought; nothing of another unit."""

from __future__ import annotations

import re
from datetime import date

from flask.testing import FlaskClient
from sqlalchemy import select

from portal.households.actions import record_reviews
from portal.households.actions_twins import judge_same
from portal.households.models import PovertyReview
from portal.households.models_registry import Household
from portal.households.queries import group_by_name
from portal.households.queries_reviews import counted, moves_in
from portal.households.rules import ReviewRow
from portal.kit import access
from portal.kit.db import db
from portal.kit.numbers import next_entry
from tests.cast import Cast, make_unit, make_user, sign_in
from tests.households.builders import HOME, make_hamlet, make_household, put_in_group
from tests.reading import errors_at, typed_in
from tests.sql import heard

POOR, NEAR = "Hộ nghèo", "Hộ cận nghèo"
PAGE = f"{HOME}ra-soat"


def family_of(cast: Cast) -> None:
    """2026 after 2025: one stays poor, one leaves for near-poor, one leaves altogether, one new, one fell back."""
    hamlet = make_hamlet(cast)
    years = {
        "Nguyễn Văn Ở": {2025: POOR, 2026: POOR},
        "Trần Thị Sang": {2025: POOR, 2026: NEAR},
        "Lê Văn Thoát": {2025: POOR},
        "Phạm Thị Mới": {2026: POOR},
        "Võ Văn Tái": {2023: POOR, 2026: POOR},
    }
    for name, groups in years.items():
        household = make_household(unit=hamlet, name=name)
        for year, group in groups.items():
            put_in_group(household, year, group)


def poor() -> int:
    """The id of the group."""
    group = group_by_name(POOR)
    assert group is not None
    return group.id


def test_what_a_year_changed_is_counted_gross_and_holds(cast: Cast) -> None:
    family_of(cast)
    commune_id = cast.commune.id
    with heard() as spoken:
        found = counted(commune_id, 2026)
    assert len(spoken) == 2
    mine = found[poor()]
    assert (mine.opening, mine.increase, mine.decrease, mine.net, mine.closing) == (3, 2, 2, 0, 3)
    assert mine.came == {"new": 1, "again": 1, "from_other": 0}
    assert mine.left == {"to_other": 1, "out": 1}
    assert all(one.holds for one in found.values())
    near = group_by_name(NEAR)
    assert near is not None and found[near.id].came == {"new": 0, "again": 0, "from_other": 1}


def test_households_that_were_one_count_once(cast: Cast) -> None:
    one, other = (make_household(unit=cast.commune, name="Nguyễn Văn Hai") for _ in range(2))
    put_in_group(one, 2025, POOR)
    put_in_group(other, 2026, POOR)
    judge_same(one, other, cast.officer)
    db.session.commit()
    mine = counted(cast.commune.id, 2026)[poor()]
    assert (mine.opening, mine.increase, mine.decrease, mine.closing) == (1, 0, 0, 1)


def test_the_page_shows_both_and_the_difference(cast: Cast, client: FlaskClient) -> None:
    family_of(cast)
    row = ReviewRow(
        cast.commune.id, "Quốc gia", date(2026, 1, 1), date(2026, 12, 31), POOR,
        opening=3, increase=4, decrease=2, closing=5, households_opening=1000, households_closing=1010,
    )  # fmt: skip
    record_reviews([row], entry=lambda: next_entry("reviews", None, "thử"))
    db.session.commit()
    text = sign_in(client, cast.accountant).get(f"{PAGE}?don_vi={cast.commune.id}&nam=2026").text
    assert "Chênh lệch" in text and "−2" in text
    words = " ".join(re.sub("<[^>]+>", " ", text).split())
    assert f"{POOR} Giảm gộp, chưa bù số tăng 0,20% 2 1.000 01/01/2026" in words
    moved = client.get(f"{PAGE}/bien-dong?don_vi={cast.commune.id}&nam=2026&nhom={poor()}&chieu=tang").text
    assert "Phạm Thị Mới" in moved and "Trở lại (tái)" in moved and "Lê Văn Thoát" not in moved
    assert client.get(f"{PAGE}?don_vi={cast.commune.id}&nam=2026&xuat=xlsx").data[:2] == b"PK"


def test_the_registry_is_kept_as_a_review(cast: Cast, client: FlaskClient) -> None:
    family_of(cast)
    address = f"{PAGE}?don_vi={cast.commune.id}&nam=2026"
    told = {
        "standard": "Quốc gia",
        "ends_on": "30/11/2026",
        "households_opening": "1.000",
        "households_closing": "",
    }
    answer = sign_in(client, cast.officer).post(address, data=told)
    assert answer.status_code == 303
    rows = db.session.scalars(select(PovertyReview).where(PovertyReview.until.is_(None))).all()
    mine = next(row for row in rows if row.group_id == poor())
    assert (mine.opening, mine.increase, mine.decrease, mine.closing) == (3, 2, 2, 3)
    assert mine.households_opening == 1000 and mine.households_closing is None
    assert client.post(address, data=told).status_code == 303  # the same again is no new version
    db.session.rollback()
    assert len(db.session.scalars(select(PovertyReview)).all()) == len(rows)


def test_a_hamlet_is_offered_the_standard_of_its_commune(cast: Cast, client: FlaskClient) -> None:
    family_of(cast)
    hamlet = db.session.scalars(select(Household).limit(1)).one().unit
    address = f"{PAGE}?don_vi={hamlet.id}&nam=2026"
    sign_in(client, cast.officer)
    before = typed_in(client.get(address).text)["standard"]
    row = ReviewRow(
        cast.commune.id, "Quốc gia", date(2026, 1, 1), date(2026, 12, 31), POOR,
        opening=3, increase=2, decrease=2, closing=3,
    )  # fmt: skip
    record_reviews([row], entry=lambda: next_entry("reviews", None, "thử"))
    db.session.commit()
    assert before != typed_in(client.get(address).text)["standard"] == "Quốc gia"


def test_what_cannot_be_kept_comes_back(cast: Cast, client: FlaskClient) -> None:
    family_of(cast)
    sign_in(client, cast.officer)
    told = {
        "standard": "Quốc gia",
        "ends_on": "30/11/2025",
        "households_opening": "2",
        "households_closing": "x",
    }
    address = f"{PAGE}?don_vi={cast.commune.id}&nam=2026"
    answer = client.post(address, data=told)
    assert answer.status_code == 422 and set(errors_at(answer.text)) == {"households_closing"}
    assert typed_in(answer.text)["households_closing"] == "x"
    answer = client.post(address, data=told | {"households_closing": ""})
    assert answer.status_code == 422 and set(errors_at(answer.text)) == {"ends_on"}
    answer = client.post(address, data=told | {"households_closing": "", "ends_on": "30/11/2026"})
    assert answer.status_code == 422 and set(errors_at(answer.text)) == {"households_opening"}
    db.session.rollback()
    assert db.session.scalar(select(PovertyReview).limit(1)) is None


def test_another_unit_is_neither_counted_nor_written(cast: Cast, client: FlaskClient) -> None:
    family_of(cast)
    elsewhere = make_unit(name="Xã Bên Kia", level="xã", parent=cast.province)
    stranger = make_user(role=access.RECORDER, unit=elsewhere)
    sign_in(client, stranger)
    asked = f"?don_vi={cast.commune.id}&nam=2026"
    assert "Nguyễn Văn" not in client.get(f"{PAGE}/bien-dong{asked}").text
    assert client.post(f"{PAGE}{asked}", data={"standard": "A", "ends_on": "30/11/2026"}).status_code in (
        403,
        404,
        422,
    )
    db.session.rollback()
    assert db.session.scalar(select(PovertyReview).limit(1)) is None
    assert not db.session.execute(moves_in(elsewhere.id, 2026).rows).all()
