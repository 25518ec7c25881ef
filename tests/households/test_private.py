"""Sensitive fields: only on demand, only by right, every reading noted, and nowhere else."""

from __future__ import annotations

import logging

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text

from portal.households.models_private import HouseholdAccess, HouseholdPrivate
from portal.kit import access
from portal.kit.audit import AuditEntry, AuditValue
from portal.kit.db import db
from tests.cast import Cast, make_user, sign_in
from tests.households.builders import HOME, make_hamlet, make_household
from tests.reading import errors_at

CCCD, HEALTH = "001201012345", "suy thận mạn"
WHY = {"purpose": "lập hồ sơ thẻ bảo hiểm"}


def told(member: int = 0, **values: str) -> dict[str, str]:
    """Sensitive fields as the page sends them."""
    return {f"nguoi{member}-{name}": value for name, value in values.items()}


def write(client: FlaskClient, household_id: int, member: int = 0, **values: str):  # type: ignore[no-untyped-def]
    """Send them."""
    address = f"{HOME}{household_id}/thong-tin-rieng/ghi/{member}"
    return client.post(address, data=told(member, **values))


def test_they_are_shown_on_demand_and_every_reading_is_noted(cast: Cast, client: FlaskClient) -> None:
    household = make_household(unit=make_hamlet(cast))
    address = f"{HOME}{household.id}/thong-tin-rieng"
    sign_in(client, cast.officer)
    assert write(client, household.id, cccd="001 201 012 345", health=HEALTH).status_code == 303
    asked = client.get(address)
    assert (
        CCCD not in asked.text
        and HEALTH not in asked.text
        and db.session.scalar(select(HouseholdAccess)) is None
    )
    for purpose in ("", "xem"):
        refused = client.post(address, data={"purpose": purpose})
        assert (
            refused.status_code == 422
            and set(errors_at(refused.text)) == {"purpose"}
            and CCCD not in refused.text
        )
    shown = client.post(address, data=WHY)
    assert CCCD in shown.text and HEALTH in shown.text and shown.headers["Cache-Control"] == "no-store"
    sign_in(client, cast.chair).post(address, data=WHY)
    rows = db.session.scalars(select(HouseholdAccess).order_by(HouseholdAccess.id)).all()
    assert [(row.by_name, row.what, row.purpose) for row in rows] == [
        (cast.officer.name, "page", WHY["purpose"]),
        (cast.chair.name, "page", WHY["purpose"]),
    ]
    for person, status in (
        (cast.chair, 200),
        (cast.auditor, 200),
        (cast.officer, 403),
        (cast.administrator, 403),
    ):
        answer = sign_in(client, person).get(f"{HOME}nhat-ky-xem")
        assert answer.status_code == status
        assert (WHY["purpose"] in answer.text) == (status == 200) and CCCD not in answer.text


def test_who_has_no_right_sees_nothing(cast: Cast, client: FlaskClient) -> None:
    hamlet = make_hamlet(cast)
    household = make_household(unit=hamlet)
    write(sign_in(client, cast.officer), household.id, cccd=CCCD)
    address = f"{HOME}{household.id}/thong-tin-rieng"
    helper = make_user(role=access.RECORDER, unit=hamlet)
    for person, status in (
        (cast.auditor, 403),
        (cast.outsider, 404),
        (cast.administrator, 403),
        (helper, 403),
    ):
        sign_in(client, person)
        for answer in (client.get(address), client.post(address, data=WHY)):
            assert answer.status_code == status and CCCD not in answer.text
    sign_in(client, cast.chair)
    assert write(client, household.id, cccd="").status_code == 403
    assert db.session.scalars(select(HouseholdAccess)).all() == []


def test_they_stand_nowhere_else(cast: Cast, client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    household = make_household(unit=make_hamlet(cast))
    caplog.set_level(logging.DEBUG)
    sign_in(client, cast.officer)
    write(client, household.id, cccd=CCCD, health=HEALTH, ethnicity="Khmer", religion="Phật giáo")
    write(client, household.id, cccd="001201012346", health=HEALTH)
    for address in ("", "?xuat=csv", str(household.id), f"?q={CCCD}", "trung", "de-nghi/"):
        page = client.get(f"{HOME}{address}").text.replace(f"q={CCCD}", "").replace(f'value="{CCCD}"', "")
        assert not any(word in page for word in (CCCD, HEALTH, "Khmer", "Phật giáo"))
    kept = [str(row.changes) for row in db.session.scalars(select(AuditEntry))]
    kept += [f"{row.old}{row.new}" for row in db.session.scalars(select(AuditValue))]
    kept += [
        record.getMessage() for record in caplog.records if record.name.startswith(("portal", "werkzeug"))
    ]
    assert not any(word in line for line in kept for word in (CCCD, HEALTH, "Khmer", "Phật giáo"))
    rows = db.session.scalars(select(HouseholdPrivate).order_by(HouseholdPrivate.id)).all()
    assert [(row.cccd, row.withdrawn) for row in rows] == [(CCCD, True), ("001201012346", False)]


def test_a_cccd_stands_once_in_the_portal(cast: Cast, client: FlaskClient) -> None:
    """Whose it is gets told within the person's units only."""
    mine, near = (make_household(unit=cast.commune, name=name) for name in ("Lê Văn Một", "Lê Văn Hai"))
    far = make_household(unit=cast.other_commune, name="Trần Xa Lạ")
    sign_in(client, cast.officer)
    write(client, mine.id, cccd=CCCD)
    again = write(client, near.id, cccd=CCCD)
    assert again.status_code == 422 and "Lê Văn Một" in errors_at(again.text)["nguoi0-cccd"]
    assert write(client, mine.id, cccd=CCCD, ethnicity="Kinh").status_code == 303
    there = write(sign_in(client, cast.outsider), far.id, cccd=CCCD)
    assert there.status_code == 422 and "Lê Văn Một" not in there.text
    assert "ngoài phạm vi" in errors_at(there.text)["nguoi0-cccd"]
    for number in ("123", "00120101234x"):
        wrong = write(client, far.id, cccd=number)
        assert set(errors_at(wrong.text)) == {"nguoi0-cccd"} and "Trần Xa Lạ" in wrong.text
    held = select(HouseholdPrivate.cccd).where(~HouseholdPrivate.withdrawn)
    assert db.session.scalars(held).all() == [CCCD]


def test_a_member_has_fields_of_their_own(cast: Cast, client: FlaskClient) -> None:
    household = make_household(unit=cast.commune)
    sign_in(client, cast.officer).post(
        f"{HOME}{household.id}/thanh-vien", data={"members": "Trần Thị Bé, vợ"}
    )
    member = db.session.scalar(text("SELECT id FROM household_member"))
    assert write(client, household.id, member, cccd=CCCD).status_code == 303
    assert write(client, household.id, 999, cccd=CCCD).status_code == 404
    page = client.post(f"{HOME}{household.id}/thong-tin-rieng", data=WHY).text
    assert f'name="nguoi{member}-cccd"' in page and 'name="nguoi0-cccd"' in page
    client.post(f"{HOME}{household.id}/thanh-vien", data={"members": ""})
    assert write(client, household.id, cccd=CCCD).status_code == 303  # who has left holds the number no more


def test_a_file_has_them_only_for_a_purpose(cast: Cast, client: FlaskClient) -> None:
    hamlet = make_hamlet(cast)
    one, other = (
        make_household(unit=hamlet, name="Lê Văn Một"),
        make_household(unit=hamlet, name="Lê Văn Hai"),
    )
    make_household(unit=cast.other_commune, name="Trần Xa Lạ")
    sign_in(client, cast.officer)
    write(client, one.id, cccd=CCCD)
    address = f"{HOME}tep-thong-tin-rieng"
    assert client.get(address).status_code == 200
    assert client.post(address, data={}).status_code == 422
    sheet = client.post(f"{address}?q=mot", data=WHY)
    assert sheet.headers["Content-Disposition"].endswith("ho-dan-thong-tin-rieng.xlsx")
    rows = db.session.scalars(select(HouseholdAccess)).all()
    assert [(row.household_id, row.what) for row in rows] == [(one.id, "file")] and other.id
    for person in (cast.auditor, cast.administrator):
        assert sign_in(client, person).post(address, data=WHY).status_code == 403
    helper = make_user(role=access.RECORDER, unit=hamlet)
    sign_in(client, helper).post(address, data=WHY)
    assert len(db.session.scalars(select(HouseholdAccess)).all()) == 1
