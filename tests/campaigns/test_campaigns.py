"""Campaigns: codes, days, targets that keep their history, the pages and who may see them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.campaigns import actions, queries
from portal.campaigns.models import Campaign, CampaignTarget
from portal.campaigns.rules import COMING, ENDED, UNDER_WAY, check_code, state_of
from portal.kit.days import format_day, today_in_vietnam
from portal.kit.errors import Refused
from portal.kit.numbers import last_number
from tests.cast import make_campaign, make_donation, make_fund, make_unit, sign_in

LIST = "/quan-ly/dot-van-dong/"
NEW = LIST + "moi"
FIRST = date(2024, 1, 1)


def text_of(response: Any) -> str:
    return response.get_data(as_text=True)


def typed(cast: Any, **changes: Any) -> dict[str, str]:
    """A form filled in well, with changes."""
    usual = {
        "name": "Tháng cao điểm Vì người nghèo 2026",
        "code": "CAODIEM-2026",
        "unit_id": cast.commune.id,
        "fund_id": make_fund().id,
        "starts_on": "17/10/2026",
        "ends_on": "18/11/2026",
        "target": "900tr",
        "legal_basis": "Kế hoạch số 34/KH-BVĐ",
    }
    return {name: str(value) for name, value in {**usual, **changes}.items()}


@pytest.mark.parametrize("code", ["A", "caodiem-2026", "TET-2027-XA-01", "a" * 40])
def test_codes_that_serve(code: str) -> None:
    assert check_code(code) == code


@pytest.mark.parametrize("code", ["", "-A", "A-", "Tết", "A B", "A/B", "a" * 41, "A\n", "A_B", "Ａ"])
def test_codes_that_do_not(code: str) -> None:
    with pytest.raises(Refused) as refused:
        check_code(code)
    assert refused.value.field == "code"


def test_the_state_of_a_day() -> None:
    first, last = date(2024, 1, 2), date(2024, 1, 9)
    assert state_of(first, last, first - timedelta(days=1)) == COMING
    assert state_of(first, last, first) == state_of(first, last, last) == UNDER_WAY
    assert state_of(first, last, last + timedelta(days=1)) == ENDED
    assert state_of(first, None, date(2200, 1, 1)) == UNDER_WAY


def test_targets_keep_their_history(db_session, cast) -> None:
    campaign = make_campaign(unit=cast.province, starts_on=FIRST, ends_on=None)
    province, commune = cast.province.id, cast.commune.id
    actions.set_targets(campaign, {province: 900, commune: 300}, by=cast.accountant)
    before = last_number()
    assert actions.set_targets(campaign, {province: 900, commune: 400}, by=cast.accountant)
    actions.set_target(campaign, cast.commune, None, by=cast.accountant)
    assert queries.targets_of(campaign.id) == {province: 900}
    assert queries.targets_of(campaign.id, as_of=before) == {province: 900, commune: 300}
    assert queries.targets_of(campaign.id, as_of=before + 1) == {province: 900, commune: 400}
    assert not actions.set_targets(campaign, {province: 900, commune: None}, by=cast.accountant)
    assert last_number() == before + 2
    assert len(db_session.scalars(select(CampaignTarget)).all()) == 3


def test_a_code_is_given_once(db_session, cast) -> None:
    make = {"name": "Đợt", "unit": cast.commune, "fund_id": make_fund().id, "starts_on": FIRST}
    actions.create_campaign(code="BAO-5", **make)
    with pytest.raises(Refused, match="đã dùng cho đợt khác") as refused:
        actions.create_campaign(code="bao-5", **make)
    assert refused.value.field == "code"
    assert queries.campaign_by(" bao-5 ").code == "BAO-5"
    with pytest.raises(Refused, match="Chưa có đợt mang mã"):
        queries.campaign_by("BAO-6")


def test_a_person_sees_own_below_and_above(db_session, cast) -> None:
    mine, above, beside = (
        make_campaign(unit=unit, starts_on=FIRST)
        for unit in (cast.commune, cast.province, cast.other_commune)
    )
    seen = set(db_session.scalars(queries.campaigns_for(cast.officer)))
    assert seen == {mine, above} and beside not in seen
    assert set(db_session.scalars(queries.campaigns_for(cast.administrator))) == {mine, above, beside}


@pytest.fixture
def accountant(client: FlaskClient, cast: Any) -> FlaskClient:
    """The accountant's browser."""
    return sign_in(client, cast.accountant)


def test_a_campaign_is_made_shown_and_changed(accountant, db_session, cast) -> None:
    answer = accountant.post(NEW, data=typed(cast))
    assert answer.status_code == 303 and answer.location == LIST + "CAODIEM-2026"
    campaign = db_session.scalars(select(Campaign)).one()
    assert queries.targets_of(campaign.id) == {cast.commune.id: 900_000_000}
    make_donation(campaign=campaign, by=cast.accountant, day=date(2026, 10, 20), amount=90_000_000)
    db_session.commit()
    page = text_of(accountant.get(answer.location))
    assert "90.000.000" in page and "10%" in page and "900.000.000" in page
    change = {"name": "Tháng cao điểm", "starts_on": "17/10/2026", "ends_on": "", "legal_basis": ""}
    change[f"target_{cast.commune.id}"] = "1 tỷ"
    assert accountant.post(answer.location + "/sua", data=change).status_code == 303
    db_session.rollback()
    assert campaign.name == "Tháng cao điểm" and campaign.ends_on is None
    assert queries.targets_of(campaign.id) == {cast.commune.id: 1_000_000_000}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"code": "Cao điểm"}, "Chỉ dùng chữ không dấu"),
        ({"code": ""}, "Chưa nhập mã đợt"),
        ({"name": ""}, "Chưa nhập tên đợt"),
        ({"starts_on": "31/02/2026"}, "Ngày 31/02/2026 không có"),
        ({"ends_on": "16/10/2026"}, "trước ngày bắt đầu"),
        ({"target": "0"}, "Số tiền phải lớn hơn 0"),
        ({"target": "nhiều"}, "không phải là số tiền"),
        ({"unit_id": "999999"}, "không còn trong danh sách"),
    ],
)
def test_bad_input_is_told_and_kept(accountant, db_session, cast, changes, sentence: str) -> None:
    answer = accountant.post(NEW, data=typed(cast, **changes))
    page = text_of(answer)
    assert answer.status_code == 422 and sentence in page and "Kế hoạch số 34/KH-BVĐ" in page
    db_session.rollback()
    assert db_session.scalar(select(Campaign.id)) is None


def test_a_taken_code_is_told_at_its_field(accountant, db_session, cast) -> None:
    make_campaign(unit=cast.other_commune, code="CAODIEM-2026")
    db_session.commit()
    answer = accountant.post(NEW, data=typed(cast))
    assert answer.status_code == 422 and "đã dùng cho đợt khác" in text_of(answer)


def test_who_may_do_what(client, db_session, cast) -> None:
    mine = make_campaign(unit=cast.commune, code="CUA-XA", starts_on=FIRST).code
    above = make_campaign(unit=cast.province, code="CUA-TINH", starts_on=FIRST).code
    beside = make_campaign(unit=cast.other_commune, code="XA-KHAC", starts_on=FIRST).code
    sign_in(client, cast.auditor)
    assert client.get(LIST + mine).status_code == 200
    for url in (NEW, f"{LIST}{mine}/sua"):
        assert client.get(url).status_code == client.post(url).status_code == 403
    sign_in(client, cast.officer)
    assert client.get(f"{LIST}{mine}/sua").status_code == 200
    assert client.get(LIST + above).status_code == 200
    assert client.post(f"{LIST}{above}/sua").status_code == 403
    assert client.get(LIST + beside).status_code == client.post(f"{LIST}{beside}/sua").status_code == 404
    page = text_of(client.get(LIST))
    assert mine in page and above in page and beside not in page
    assert beside.encode() not in client.get(LIST + "?xuat=csv").data


def test_gifts_of_other_units_stay_theirs(client, db_session, cast) -> None:
    above = make_campaign(unit=cast.province, starts_on=FIRST, ends_on=None)
    make_donation(campaign=above, unit=cast.commune, day=FIRST, donor_name="Người xã mình", amount=100)
    make_donation(campaign=above, unit=cast.other_commune, day=FIRST, donor_name="Người xã khác", amount=200)
    code = above.code
    sign_in(client, cast.officer)
    page = text_of(client.get(LIST + code))
    assert "Người xã mình" in page and "Người xã khác" not in page and "300" in page


def test_the_list_by_state(client, db_session, cast) -> None:
    today = today_in_vietnam()
    for code, start, end in (
        ("DA-QUA", today - timedelta(days=9), today - timedelta(days=1)),
        ("DANG-CO", today, today),
        ("SAP-TOI", today + timedelta(days=1), None),
    ):
        make_campaign(unit=cast.commune, code=code, starts_on=start, ends_on=end)
    sign_in(client, cast.officer)
    for state, code in (("ended", "DA-QUA"), ("under_way", "DANG-CO"), ("coming", "SAP-TOI")):
        page = text_of(client.get(f"{LIST}?tinh_trang={state}"))
        assert [known for known in ("DA-QUA", "DANG-CO", "SAP-TOI") if known in page] == [code]
    assert format_day(today) in text_of(client.get(f"{LIST}?q=dang-co"))
    assert "DANG-CO" in text_of(client.get(LIST, headers={"HX-Request": "true"}))


def test_units_without_a_parent_have_targets_of_their_own(accountant, db_session, cast) -> None:
    below = make_unit(name="Ấp Phú Lợi", level="ấp", parent=cast.commune)
    campaign = make_campaign(unit=cast.commune, starts_on=FIRST, ends_on=None)
    url, name = f"{LIST}{campaign.code}/sua", f"target_{below.id}"
    db_session.commit()
    assert "Ấp Phú Lợi" in text_of(accountant.get(url))
    change = {"name": "Đợt", "starts_on": "01/01/2024", name: "abc"}
    wrong = accountant.post(url, data=change)
    assert wrong.status_code == 422 and "“abc” không phải là số tiền" in text_of(wrong)
    assert accountant.post(url, data={**change, name: "2tr"}).status_code == 303
    db_session.rollback()
    assert queries.targets_of(campaign.id) == {below.id: 2_000_000}
