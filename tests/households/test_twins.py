"""Two households that look alike: listed, judged, parted; what each received is found on the one page."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy import select

from portal.households.models_change import HouseholdTwin
from portal.households.models_registry import Household
from portal.kit.db import db
from tests.cast import Cast, sign_in
from tests.households.builders import HOME, make_hamlet, make_household


def three(cast: Cast) -> list[Household]:
    """Three rows of one household, in one hamlet and in the commune."""
    hamlet = make_hamlet(cast)
    return [
        make_household(unit=hamlet, name="Nguyễn Văn Sáu", birth_year=1968),
        make_household(unit=hamlet, name="NGUYEN VAN SAU", birth_year=1969),
        make_household(unit=cast.commune, name="Ông Sáu Nguyễn Văn"),
    ]


def judge(client: FlaskClient, one: Household, other: Household, verdict: str):  # type: ignore[no-untyped-def]
    """Send a verdict."""
    return client.post(f"{HOME}{one.id}/so-voi/{other.id}", data={"verdict": verdict})


def test_pairs_are_listed_until_they_are_judged(cast: Cast, client: FlaskClient) -> None:
    one, other, third = three(cast)
    make_household(unit=cast.other_commune, name="Nguyễn Văn Sáu", birth_year=1968)
    make_household(unit=cast.commune, name="Nguyễn Văn Sáu", birth_year=1990)
    sign_in(client, cast.officer)
    listed = client.get(f"{HOME}trung").text
    assert listed.count("So sánh<span") == 4 and "khác dấu" in listed and "khác thứ tự" in listed
    assert "Có thể trùng" in client.get(f"{HOME}{one.id}").text
    assert judge(client, one, other, "different").status_code == 303
    assert judge(client, one, other, "different").status_code == 422
    assert client.get(f"{HOME}trung").text.count("So sánh<span") == 3
    twin = db.session.scalars(select(HouseholdTwin)).one()
    assert client.post(f"{HOME}trung/{twin.id}/rut").status_code == 303
    assert client.get(f"{HOME}trung").text.count("So sánh<span") == 4
    assert third.merged_into_id is None


def test_one_household_keeps_the_history_of_both_and_is_parted_again(cast: Cast, client: FlaskClient) -> None:
    one, other, third = three(cast)
    sign_in(client, cast.officer)
    aid = {"given_on": "03/11/2026", "source": "Chùa Phước Hưng", "cash": "500k"}
    assert client.post(f"{HOME}{other.id}/da-nhan", data=aid).status_code == 303
    assert judge(client, one, other, "").status_code == 422
    assert judge(client, third, other, f"keep-{third.id}").status_code == 303
    assert judge(client, one, third, f"keep-{one.id}").status_code == 303
    db.session.expire_all()
    assert {
        row.merged_into_id for row in db.session.scalars(select(Household).where(Household.id != one.id))
    } == {one.id}
    page = client.get(f"{HOME}{one.id}").text
    assert "Chùa Phước Hưng" in page and "Rút kết luận" in page
    assert client.get(f"{HOME}{other.id}").location.endswith(f"{HOME}{one.id}")
    assert client.get(f"{HOME}{other.id}/sua").status_code == 404
    listed = client.get(HOME).text
    assert f'{HOME}{one.id}"' in listed and f"{HOME}{other.id}" not in listed
    first, second = db.session.scalars(select(HouseholdTwin).order_by(HouseholdTwin.id)).all()
    assert (
        client.post(f"{HOME}trung/{first.id}/rut").status_code == 303
    )  # the earlier one: `other` is itself again
    db.session.expire_all()
    assert (other.merged_into_id, third.merged_into_id) == (None, one.id)
    assert "Chùa Phước Hưng" in client.get(f"{HOME}{other.id}").text
    assert "Chùa Phước Hưng" not in client.get(f"{HOME}{one.id}").text
    assert client.post(f"{HOME}trung/{second.id}/rut").status_code == 303
    db.session.expire_all()
    assert third.merged_into_id is None
    again = client.post(f"{HOME}trung/{second.id}/rut")
    assert again.status_code == 303 and "đã được rút lại" in client.get(again.location).text
