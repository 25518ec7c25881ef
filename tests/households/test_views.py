"""Households on screen: recorded, changed with old values, found, helped; nobody reaches another unit's."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from portal.households.models import HouseholdGroup
from portal.households.models_change import HouseholdChange
from portal.households.models_help import HouseholdAid
from portal.households.models_registry import Household, HouseholdMember, HouseholdNeed
from portal.households.queries_page import years_of
from portal.kit import access
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from tests.cast import Cast, make_user, sign_in
from tests.households.builders import HOME, make_hamlet, make_household, put_in_group
from tests.reading import errors_at, typed_in

YEAR = today_in_vietnam().year


def count(model: Any) -> int:
    """How many rows."""
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_a_household_is_recorded_and_shown(cast: Cast, client: FlaskClient) -> None:
    hamlet = make_hamlet(cast)
    told = {
        "unit_id": str(hamlet.id),
        "name": "Nguyễn Văn Sáu",
        "birth_year": "1968",
        "sex": "m",
        "phone": "0912 345 678",
    }
    answer = sign_in(client, cast.officer).post(f"{HOME}moi", data=told)
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "Nguyễn Văn Sáu" in page and "Ấp Phú Lợi, Xã Tân Phú Hòa" in page and "1968" in page
    assert "Chưa ghi lần nào hộ này nhận hỗ trợ" in page
    found = client.get(f"{HOME}?q=sau+nguyen").text
    assert "Nguyễn Văn Sáu" in found and "HO0000" in found


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("birth_year", "70"),
        ("birth_year", "1850"),
        ("phone", "1"),
        ("unit_id", "0"),
        ("bank_number", "?"),
    ],
)
def test_what_cannot_be_comes_back(cast: Cast, client: FlaskClient, field: str, value: str) -> None:
    told = {"unit_id": str(cast.commune.id), "name": "Lê Thị Bảy", "note": "hai\ndòng", field: value}
    answer = sign_in(client, cast.officer).post(f"{HOME}moi", data=told)
    assert answer.status_code == 422 and set(errors_at(answer.text)) == {field}
    assert typed_in(answer.text)["note"] == "hai\ndòng" and count(Household) == 0


def test_a_province_holds_no_households(cast: Cast, client: FlaskClient) -> None:
    above = make_user(role=access.RECORDER, unit=cast.province)
    page = sign_in(client, above).get(f"{HOME}moi").text
    assert "Xã An Lạc" in page and "Tỉnh Tân Hòa</option>" not in page


def test_old_values_are_kept_and_two_people_do_not_write_over_each_other(
    cast: Cast, client: FlaskClient
) -> None:
    household = make_household(unit=cast.commune, phone="0912345678")
    sign_in(client, cast.officer)
    form = client.get(f"{HOME}{household.id}/sua").text
    told = typed_in(form) | {"unit_id": str(cast.commune.id), "form_key": ""}
    assert client.post(f"{HOME}{household.id}/sua", data=told | {"phone": "0987111222"}).status_code == 303
    page = client.get(f"{HOME}{household.id}").text
    assert "0912345678 → 0987111222" in page and "Phạm Văn Ghi" in page
    late = client.post(f"{HOME}{household.id}/sua", data=told | {"address": "Tổ 3"})
    assert late.status_code == 409 and "Người khác vừa sửa hộ này" in late.text and "0987111222" in late.text
    assert db.session.get_one(Household, household.id).address is None


def test_members_years_and_needs(cast: Cast, client: FlaskClient) -> None:
    household = make_household(unit=make_hamlet(cast))
    home = f"{HOME}{household.id}"
    sign_in(client, cast.officer)
    assert (
        client.post(f"{home}/thanh-vien", data={"members": "Trần Thị Bé, vợ, nữ, 1970\nTý, con"}).status_code
        == 303
    )
    assert client.post(f"{home}/thanh-vien", data={"members": "Trần Thị Bé, vợ, nữ, 1971"}).status_code == 303
    wrong = client.post(f"{home}/thanh-vien", data={"members": ", vợ"})
    assert wrong.status_code == 422 and set(errors_at(wrong.text)) == {"members"}
    assert client.post(f"{home}/nam", data={"year": str(YEAR)}).location.endswith(f"/nam/{YEAR}")
    page = client.get(f"{home}/nam/{YEAR}").text
    assert page.count('name="lacks"') == 12
    poor, near = (
        db.session.scalar(select(HouseholdGroup.id).filter_by(key=key)) for key in ("poor", "near_poor")
    )
    both = client.post(f"{home}/nam/{YEAR}", data={"groups": [str(poor), str(near)]})
    assert both.status_code == 422 and set(errors_at(both.text)) == {"groups"}
    loose = client.post(f"{home}/nam/{YEAR}", data={"groups": [str(poor)], "lacks": ["1"]})
    assert loose.status_code == 422 and set(errors_at(loose.text)) == {"lacks_known"}
    told = {"groups": [str(poor)], "lacks": ["1", "4"], "lacks_known": "y", "income": "1,4tr"}
    assert client.post(f"{home}/nam/{YEAR}", data=told).status_code == 303
    facts = years_of(household.id)[0]
    assert (facts.groups, facts.lacks, facts.income) == (
        ["Hộ nghèo"],
        ["Việc làm", "Bảo hiểm y tế"],
        1_400_000,
    )
    assert (
        client.post(f"{home}/nam/{YEAR}", data={"groups": [str(near)], "lacks_known": "y"}).status_code == 303
    )
    facts = years_of(household.id)[0]
    assert (facts.groups, facts.lacks, facts.income) == (["Hộ cận nghèo"], [], None)
    assert client.post(f"{home}/nhu-cau", data={"kind_id": "1", "since": "01/11/2026"}).status_code == 303
    twice = client.post(f"{home}/nhu-cau", data={"kind_id": "1", "since": "01/11/2026"})
    assert twice.status_code == 422 and set(errors_at(twice.text)) == {"kind_id"}
    need = db.session.scalars(select(HouseholdNeed)).one()
    assert client.post(f"{home}/nhu-cau/{need.id}/da-dap-ung").status_code == 303
    page = client.get(home).text
    assert "Hộ nghèo → Hộ cận nghèo" in page and "Không thiếu hụt" in page and "đáp ứng" in page
    assert db.session.scalar(select(func.count()).where(HouseholdMember.withdrawn)) == 1


def test_helpers_visits_and_aid_from_others(cast: Cast, client: FlaskClient) -> None:
    household = make_household(unit=cast.commune)
    home = f"{HOME}{household.id}"
    sign_in(client, cast.officer)
    told = {"kind": "households", "helpers": "Ông An\nBà Bé", "starts_on": "01/10/2026"}
    assert client.post(f"{home}/phan-cong", data=told).status_code == 303
    one = client.post(f"{home}/phan-cong", data=told | {"kind": "officer"})
    assert one.status_code == 422 and set(errors_at(one.text)) == {"helpers"}
    unknown = client.post(f"{home}/phan-cong", data=told | {"helpers": "NHT999999"})
    assert unknown.status_code == 422 and set(errors_at(unknown.text)) == {"helpers"}
    assert client.post(f"{home}/phan-cong/1/ket-thuc", data={"ends_on": "01/11/2026"}).status_code == 303
    visit = {
        "visited_on": "02/11/2026",
        "visitor": "Bà Bé",
        "verdict": "worse",
        "illness": "y",
        "visit_note": "mất mùa",
    }
    assert client.post(f"{home}/tham-ho", data=visit).status_code == 303
    assert set(errors_at(client.post(f"{home}/tham-ho", data=visit | {"verdict": ""}).text)) == {"verdict"}
    aid = {"given_on": "03/11/2026", "source": "Chùa Phước Hưng", "goods": "10 kg gạo", "estimate": "200.000"}
    assert client.post(f"{home}/da-nhan", data=aid).status_code == 303
    assert (
        client.post(f"{home}/da-nhan", data=aid | {"goods": "", "cash": "500k", "estimate": ""}).status_code
        == 303
    )
    nothing = client.post(f"{home}/da-nhan", data=aid | {"goods": "", "estimate": ""})
    assert nothing.status_code == 422 and set(errors_at(nothing.text)) == {"cash"}
    page = client.get(home).text
    assert (
        "Một số hộ khá giả giúp 01 hộ: Ông An, Bà Bé" in page and "Khó khăn hơn" in page and "500.000" in page
    )
    assert "ước tính" in page and "ngoài sổ quỹ" in page
    assert client.post(f"{home}/da-nhan/1/bo").status_code == 303
    assert "10 kg gạo" not in client.get(home).text and count(HouseholdAid) == 2


def test_newly_out_ones_are_watched(cast: Cast, client: FlaskClient) -> None:
    worrying, calm = (make_household(unit=cast.commune, name=name) for name in ("Lê Văn Lo", "Lê Văn Yên"))
    for household in (worrying, calm):
        put_in_group(household, YEAR - 1, "Hộ mới thoát nghèo")
    sign_in(client, cast.officer)
    visit = {"visited_on": "02/11/2026", "visitor": "Bà Bé", "verdict": "worse"}
    assert client.post(f"{HOME}{worrying.id}/tham-ho", data=visit).status_code == 303
    page = client.get(f"{HOME}theo-doi").text
    assert "Lê Văn Lo" in page and "khó khăn hơn" in page and "Lê Văn Yên" not in page and "2 hộ" in page
    twin = make_household(unit=cast.commune, name="Lê Văn Lo")
    put_in_group(twin, YEAR - 1, "Hộ mới thoát nghèo")
    client.post(f"{HOME}{calm.id}/so-voi/{twin.id}", data={"verdict": f"keep-{calm.id}"})
    assert client.post(f"{HOME}{calm.id}/tham-ho", data=visit | {"verdict": "same"}).status_code == 303
    here = client.get(f"{HOME}theo-doi?noi={cast.commune.id}").text
    assert "2 hộ" in here and "Lê Văn Yên" not in here
    assert client.get(f"{HOME}theo-doi?noi={cast.other_commune.id}").status_code == 422
    assert "Lê Văn Lo" not in sign_in(client, cast.outsider).get(f"{HOME}theo-doi").text


def test_a_hamlet_helper_proposes_and_somebody_responsible_decides(cast: Cast, client: FlaskClient) -> None:
    hamlet = make_hamlet(cast)
    household = make_household(unit=hamlet, phone="0912345678")
    helper = make_user(name="Lý Thị Xóm", role=access.RECORDER, unit=hamlet)
    home = f"{HOME}{household.id}"
    sign_in(client, helper)
    assert (
        client.get(f"{home}/sua").status_code == 403
        and client.get(f"{home}/thong-tin-rieng").status_code == 403
    )
    asked = {"what": "phone", "new": "0987111222", "reason": "đổi số"}
    assert set(errors_at(client.post(f"{home}/de-nghi-sua", data=asked | {"new": "1"}).text)) == {"new"}
    assert client.post(f"{home}/de-nghi-sua", data=asked).status_code == 303
    assert (
        client.post(f"{home}/de-nghi-sua", data=asked | {"what": "address", "new": "Tổ 2"}).status_code == 303
    )
    groups = asked | {"what": "groups", "new": "Hộ cận nghèo"}
    assert client.post(f"{home}/de-nghi-sua", data=groups).status_code == 303
    first, second, third = db.session.scalars(select(HouseholdChange.id).order_by(HouseholdChange.id)).all()
    assert client.post(f"{HOME}de-nghi/{first}/nhan").status_code == 403
    sign_in(client, cast.officer)
    assert "0987111222" in client.get(f"{HOME}de-nghi/").text
    assert client.post(f"{HOME}de-nghi/{first}/nhan").status_code == 303
    silent = client.post(f"{HOME}de-nghi/{second}/khong-nhan")
    assert silent.status_code == 422 and set(errors_at(silent.text)) == {"answer"}
    assert client.post(f"{HOME}de-nghi/{second}/khong-nhan", data={"answer": "chưa rõ"}).status_code == 303
    assert client.post(f"{HOME}de-nghi/{third}/nhan").status_code == 303
    again = client.post(f"{HOME}de-nghi/{first}/nhan")
    assert again.status_code in (404, 422)
    held = db.session.get_one(Household, household.id)
    assert (held.phone, held.address) == ("0987111222", None)
    page = client.get(home).text
    assert "0912345678 → 0987111222" in page and "Theo đề nghị của Lý Thị Xóm" in page and "chưa rõ" in page
    assert years_of(household.id)[0].groups == ["Hộ cận nghèo"]


def test_a_proposal_does_not_write_over_a_later_change(cast: Cast, client: FlaskClient) -> None:
    household = make_household(unit=cast.commune, phone="0912345678")
    sign_in(client, cast.chair)
    asked = {"what": "phone", "new": "0987111222", "reason": "đổi số"}
    assert client.post(f"{HOME}{household.id}/de-nghi-sua", data=asked).status_code == 303
    sign_in(client, cast.officer)
    told = {"unit_id": str(cast.commune.id), "name": household.name, "phone": "0933444555"}
    assert client.post(f"{HOME}{household.id}/sua", data=told).status_code == 303
    change = db.session.scalar(select(HouseholdChange.id).filter_by(state="proposed"))
    late = client.post(f"{HOME}de-nghi/{change}/nhan")
    assert late.status_code == 422 and "0933444555" in late.text


def test_nobody_reaches_households_of_another_unit(cast: Cast, client: FlaskClient) -> None:
    """Every address with an id, tried by somebody of another commune and by one without a role for families."""
    hamlet = make_hamlet(cast)
    household = make_household(unit=hamlet, name="Trần Kín Đáo")
    other = make_household(unit=hamlet, name="Trần Kín Đáo", phone="0912345678")
    put_in_group(household, YEAR, "Hộ nghèo")
    sign_in(client, cast.officer)
    home = f"{HOME}{household.id}"
    client.post(f"{home}/phan-cong", data={"kind": "officer", "helpers": "Ông An", "starts_on": "01/10/2026"})
    client.post(f"{home}/nhu-cau", data={"kind_id": "1", "since": "01/11/2026"})
    client.post(f"{home}/da-nhan", data={"given_on": "03/11/2026", "source": "Chùa", "cash": "500k"})
    sign_in(client, cast.chair)
    client.post(f"{home}/de-nghi-sua", data={"what": "phone", "new": "0987111222", "reason": "đổi số"})
    client.post(f"{home}/thong-tin-rieng", data={"purpose": "lập hồ sơ bảo hiểm"})
    change = db.session.scalar(select(HouseholdChange.id).filter_by(state="proposed"))
    sign_in(client, cast.officer)
    client.post(f"{home}/so-voi/{other.id}", data={"verdict": "different"})
    values = {"household_id": household.id, "other_id": other.id, "assignment_id": 1, "need_id": 1, "aid_id": 1,
              "member_id": 0, "change_id": change, "twin_id": 1, "year": YEAR, "turn": "nhan"}  # fmt: skip
    adapter = client.application.url_map.bind("localhost")
    tried = 0
    for rule in client.application.url_map.iter_rules():
        if not rule.endpoint.startswith("households.") or not rule.arguments or "kind" in rule.arguments:
            continue
        address = adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments})
        for method in rule.methods & {"GET", "POST"}:
            for person, legal in ((cast.outsider, (404,)), (cast.administrator, (403,))):
                answer = sign_in(client, person).open(address, method=method, data={})
                allowed = legal if person is not cast.outsider else (404, 403)
                assert answer.status_code in allowed, (method, address, answer.status_code)
                assert "Kín Đáo" not in answer.text
                tried += 1
    assert tried > 40
    sign_in(client, cast.outsider)
    for address in ("", "?q=kin+dao", "?xuat=csv", f"?noi={hamlet.id}", "de-nghi/", "trung", "theo-doi"):
        assert "Kín Đáo" not in client.get(f"{HOME}{address}").text


def statements_of(client: FlaskClient, address: str) -> int:
    """How many statements a page takes."""
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert client.get(address).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


def test_statements_do_not_grow_with_rows(cast: Cast, client: FlaskClient) -> None:
    hamlet = make_hamlet(cast)
    first = make_household(unit=hamlet, name="Lê Văn Một")
    put_in_group(first, YEAR, "Hộ mới thoát nghèo")
    sign_in(client, cast.officer)
    pages = (
        HOME,
        f"{HOME}?xuat=csv",
        f"{HOME}{first.id}",
        f"{HOME}trung",
        f"{HOME}theo-doi",
        f"{HOME}de-nghi/",
    )
    client.post(
        f"{HOME}{first.id}/da-nhan", data={"given_on": "03/11/2026", "source": "Chùa", "cash": "500k"}
    )
    client.post(f"{HOME}{first.id}/thanh-vien", data={"members": "Bé, con"})
    for address in pages:
        client.get(address)
    before = [statements_of(client, address) for address in pages]
    for number in range(12):
        more = make_household(
            unit=make_hamlet(cast, f"Ấp {number}"), name=f"Lê Văn Một {'Hai' * (number % 2)}"
        )
        put_in_group(more, YEAR, "Hộ mới thoát nghèo")
        client.post(
            f"{HOME}{first.id}/da-nhan", data={"given_on": "03/11/2026", "source": "Chùa", "cash": "500k"}
        )
    client.post(f"{HOME}{first.id}/thanh-vien", data={"members": "Bé, con\nTý, con\nTèo, con"})
    after = [statements_of(client, address) for address in pages]
    assert all(now <= then + 1 for now, then in zip(after, before, strict=True)), (before, after)
