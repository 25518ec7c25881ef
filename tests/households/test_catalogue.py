"""Groups, needs, standards as dated data: added, ended, of a province before those of the country."""

from __future__ import annotations

from datetime import date

from flask.testing import FlaskClient
from sqlalchemy import select

from portal.households.models import HouseholdGroup, NeedKind, PovertyStandard
from portal.households.queries_catalogue import groups_in, income_limit, indicators_in, needs_on, standard_of
from portal.kit import access
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from tests.cast import Cast, make_unit, make_user, sign_in
from tests.households.builders import HOME, make_hamlet
from tests.reading import errors_at

PLACE = f"{HOME}danh-muc"


def test_the_standard_of_2022_has_twelve_indicators(cast: Cast) -> None:
    assert len(indicators_in(2022)) == len(indicators_in(2026)) == 12 and indicators_in(2027) == []
    ward = make_unit(name="Phường Hòa Thuận", level="phường", parent=cast.province)
    corner = make_unit(name="Khu phố 1", level="khu phố", parent=ward)
    for unit, limit in ((make_hamlet(cast), 1_500_000), (corner, 2_000_000), (ward, 2_000_000)):
        assert income_limit(standard_of(unit, date(2026, 5, 1)), unit) == limit
    assert standard_of(cast.commune, date(2021, 5, 1)) is None


def test_groups_and_needs_are_added_and_ended(cast: Cast, client: FlaskClient) -> None:
    sign_in(client, cast.administrator)
    assert client.get(PLACE).status_code == 200
    assert client.post(f"{PLACE}/nhom", data={"nhom-name": "Hộ gia đình chính sách"}).status_code == 303
    for kind, name in (("nhom", "hộ nghèo"), ("nhom", ""), ("nhu-cau", "nhà ở")):
        twice = client.post(f"{PLACE}/{kind}", data={f"{kind}-name": name})
        assert twice.status_code == 422 and set(errors_at(twice.text)) == {f"{kind}-name"}
    assert client.post(f"{PLACE}/nhu-cau", data={"nhu-cau-name": "xe lăn"}).status_code == 303
    group = db.session.scalars(
        select(HouseholdGroup).where(HouseholdGroup.name == "Hộ gia đình chính sách")
    ).one()
    need = db.session.scalars(select(NeedKind).where(NeedKind.name == "Xe lăn")).one()
    assert not group.exclusive and need in needs_on(today_in_vietnam())
    assert client.post(f"{PLACE}/nhu-cau/{need.id}/ngung").status_code == 303
    assert client.post(f"{PLACE}/nhu-cau/999/ngung").status_code == 404
    db.session.expire_all()
    assert need.valid_to == today_in_vietnam() and need not in needs_on(date(2030, 1, 1))
    assert client.post(f"{PLACE}/nhu-cau/{need.id}/dung-lai").status_code == 303
    db.session.expire_all()
    assert need.valid_to is None and group in groups_in(2026, cast.commune.id)


def test_a_province_has_a_standard_of_its_own(cast: Cast, client: FlaskClient) -> None:
    sign_in(client, cast.administrator)
    told = {
        "unit_id": str(cast.province.id),
        "name": "Chuẩn của tỉnh",
        "income_rural": "1,8tr",
        "valid_from": "01/01/2026",
    }
    assert client.post(f"{PLACE}/chuan", data=told).status_code == 303
    again = client.post(f"{PLACE}/chuan", data=told)
    assert again.status_code == 422 and set(errors_at(again.text)) == {"valid_from"}
    for wrong, field in (({"income_rural": ""}, "income_rural"), ({"valid_to": "01/01/2020"}, "valid_to")):
        answer = client.post(f"{PLACE}/chuan", data=told | wrong)
        assert answer.status_code == 422 and set(errors_at(answer.text)) == {field}
    hamlet = make_hamlet(cast)
    assert income_limit(standard_of(hamlet, date(2026, 5, 1)), hamlet) == 1_800_000
    assert income_limit(standard_of(hamlet, date(2025, 5, 1)), hamlet) == 1_500_000


def test_an_administrator_of_one_unit_only_looks(cast: Cast, client: FlaskClient) -> None:
    here = make_user(role=access.ADMINISTRATOR, unit=cast.commune)
    sign_in(client, here)
    assert client.get(PLACE).status_code == 200
    assert client.post(f"{PLACE}/nhom", data={"nhom-name": "Nhóm lạ"}).status_code == 403
    assert client.post(f"{PLACE}/chuan", data={}).status_code == 403
    assert sign_in(client, cast.officer).get(PLACE).status_code == 403
    assert len(db.session.scalars(select(PovertyStandard)).all()) == 2


def test_the_next_standard_brings_its_own_indicators(cast: Cast, client: FlaskClient) -> None:
    sign_in(client, cast.administrator)
    told = {"service": "Y tế", "name": "Bảo hiểm y tế", "basis": "Nghị định mới", "valid_from": "01/01/2027"}
    told = {f"chi-so-{name}": value for name, value in told.items()}
    assert client.post(f"{PLACE}/chi-so", data=told).status_code == 303
    assert [indicator.name for indicator in indicators_in(2027)] == ["Bảo hiểm y tế"]
    assert len(indicators_in(2026)) == 12
    for wrong, field in (({}, "name"), ({"name": ""}, "name"), ({"valid_to": "01/01/2020"}, "valid_to")):
        answer = client.post(
            f"{PLACE}/chi-so", data=told | {f"chi-so-{name}": value for name, value in wrong.items()}
        )
        assert answer.status_code == 422 and set(errors_at(answer.text)) == {f"chi-so-{field}"}
    added = indicators_in(2027)[0]
    assert client.post(f"{PLACE}/chi-so/{added.id}/ngung").status_code in (303, 422)
