"""Gifts on screen: recording, bad input, scope, the list, asking for a reversal."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal.donations.models import Donation
from portal.ledger.models import Posting, ReversalRequest
from tests.cast import grant, make_campaign, make_donation, make_fund, sign_in

NEW = "/quan-ly/khoan-ung-ho/moi"
LIST = "/quan-ly/khoan-ung-ho/"


@pytest.fixture
def campaign(db_session, cast):
    """A campaign of the commune that has ended."""
    return make_campaign(unit=cast.commune, starts_on=date(2024, 1, 1), ends_on=date(2024, 3, 31))


@pytest.fixture
def officer_client(client: FlaskClient, cast: Any, campaign: Any) -> FlaskClient:
    """The officer's browser."""
    return sign_in(client, cast.officer)


def typed(cast: Any, campaign: Any = None, **changes: Any) -> dict[str, str]:
    """A form filled in well, with changes."""
    usual = {
        "unit_id": cast.commune.id,
        "donor_name": "Nguyễn Thị Nhung",
        "address": "ấp Phú Lợi",
        "amount": "15,25tr",
        "day": "01/03/2024",
        "campaign_id": campaign.id if campaign else 0,
        "shown_as": "initials",
        "note": "",
    }
    return {name: str(value) for name, value in {**usual, **changes}.items() if value is not None}


def text_of(response: Any) -> str:
    return response.get_data(as_text=True)


def count(session: Any, what: Any) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(what))


def test_a_cash_gift_is_recorded_and_its_receipt_shown(officer_client, db_session, cast, campaign) -> None:
    answer = officer_client.post(NEW, data=typed(cast, campaign))
    assert answer.status_code == 303
    gift = db_session.scalars(select(Donation)).one()
    assert answer.location == f"{LIST}{gift.code}/phieu-thu"
    kept = (gift.amount, gift.form, gift.donor_name, gift.shown_as, gift.campaign_id, gift.donated_on)
    assert kept == (15_250_000, "cash", "Nguyễn Thị Nhung", "initials", campaign.id, date(2024, 3, 1))
    assert gift.posting.by_id == cast.officer.id
    receipt = text_of(officer_client.get(answer.location, follow_redirects=True))
    for content in (
        "PT-0001/2024",
        "Ngày 01 tháng 3 năm 2024",
        "Nguyễn Thị Nhung",
        "ấp Phú Lợi",
        "Ủng hộ đợt Tháng cao điểm Vì người nghèo",
        "15.250.000 đồng",
        "Mười lăm triệu hai trăm năm mươi nghìn đồng",
        "Thủ trưởng",
        f"/khoan-ung-ho/{gift.code}",
    ):
        assert content in receipt


def test_the_next_gift_follows_when_asked_for(officer_client, cast) -> None:
    answer = officer_client.post(NEW, data=typed(cast, then="more"))
    assert answer.status_code == 303 and answer.location == NEW
    assert "Đã ghi nhận 15.250.000 đ, phiếu PT-0001/2024." in text_of(officer_client.get(NEW))


BAD = [
    ({"amount": "0"}, "Số tiền phải lớn hơn 0"),
    ({"amount": "-500000"}, "Số tiền không được âm"),
    ({"amount": "10000000000000000"}, "Số tiền quá lớn"),
    ({"amount": "abc"}, "“abc” không phải là số tiền"),
    ({"amount": "1.234,5"}, "“1.234,5” có phần lẻ"),
    ({"amount": ""}, "Chưa nhập số tiền"),
    ({"day": "31/02/2024"}, "Ngày 31/02/2024 không có"),
    ({"day": "01/01/2190"}, "chưa tới"),
    ({"campaign_id": ""}, "Chưa chọn đợt"),
    ({"campaign_id": "999999"}, "Lựa chọn này không còn trong danh sách"),
    ({"donor_name": ""}, "Chưa nhập tên"),
    ({"unknown": "y"}, "Đã có tên mà lại đánh dấu"),
    ({"shown_as": "photo"}, "Lựa chọn này không còn trong danh sách"),
    ({"unit_id": "999999"}, "Lựa chọn này không còn trong danh sách"),
    ({"donor_name": "a" * 201}, "nhiều nhất là 200"),
]


@pytest.mark.parametrize(("changes", "sentence"), BAD)
def test_bad_input_is_told_and_kept(
    officer_client, db_session, cast, changes: dict[str, str], sentence: str
) -> None:
    answer = officer_client.post(NEW, data=typed(cast, **changes))
    page = text_of(answer)
    assert answer.status_code == 422
    assert re.search(rf'<p class="field-error"[^>]*>(?:(?!</p>).)*{re.escape(sentence)}', page, re.DOTALL)
    typed_text = [text for name, text in changes.items() if name in ("amount", "day", "donor_name")]
    for value in ("ấp Phú Lợi", *typed_text):
        assert value in page
    assert count(db_session, Donation) == count(db_session, Posting) == 0


def test_an_ended_campaign_says_so_at_its_field(officer_client, db_session, cast, campaign) -> None:
    answer = officer_client.post(NEW, data=typed(cast, campaign, day="01/04/2024"))
    page = text_of(answer)
    assert answer.status_code == 422
    sentence = "đã kết thúc ngày 31/03/2024, khoản này nhận ngày 01/04/2024"
    assert re.search(rf'id="campaign_id-error"(?:(?!</p>).)*{sentence}', page, re.DOTALL)
    assert 'value="01/04/2024"' in page and "Nguyễn Thị Nhung" in page and 'name="late"' in page
    assert count(db_session, Donation) == 0
    meant = officer_client.post(NEW, data=typed(cast, campaign, day="01/04/2024", late="y"))
    assert meant.status_code == 303 and count(db_session, Donation) == 1
    shown = text_of(officer_client.get(meant.location.removesuffix("/phieu-thu")))
    assert "Nhận sau ngày kết thúc đợt (31/03/2024)" in shown


def test_a_foreign_campaign_is_not_taken(officer_client, db_session, cast) -> None:
    foreign = make_campaign(unit=cast.other_commune, starts_on=date(2024, 1, 1), ends_on=None)
    db_session.commit()
    assert officer_client.post(NEW, data=typed(cast, foreign)).status_code == 422
    assert count(db_session, Donation) == 0


@pytest.mark.parametrize("amount", ["1\u00a0234\u00a0567", "1\u202f234\u202f567", "1.234.567 đ", "1,234,567"])
def test_spaces_from_word_are_accepted(officer_client, db_session, cast, amount: str) -> None:
    assert officer_client.post(NEW, data=typed(cast, amount=amount)).status_code == 303
    assert db_session.scalar(select(Donation.amount)) == 1_234_567


def test_a_double_click_makes_one_gift(officer_client, db_session, cast) -> None:
    data = typed(cast, form_key="k-1")
    first, second = officer_client.post(NEW, data=data), officer_client.post(NEW, data=data)
    assert first.status_code == second.status_code == 303 and first.location == second.location
    assert count(db_session, Donation) == 1


def test_unknown_giver_and_nothing_ticked_beforehand(officer_client, db_session, cast) -> None:
    assert "checked" not in text_of(officer_client.get(NEW))
    data = typed(cast, donor_name="", unknown="y", shown_as=None)
    assert officer_client.post(NEW, data=data).status_code == 303
    gift = db_session.scalars(select(Donation)).one()
    assert gift.donor_name is None and gift.shown_as is None


def test_the_panel_follows_what_is_typed(officer_client, db_session, cast, campaign) -> None:
    make_donation(campaign=campaign, by=cast.officer, day=date(2024, 2, 1), amount=1_000_000)
    db_session.commit()
    url = f"{NEW}?unit_id={cast.commune.id}&amount=500k&day=01/03/2024"
    part = text_of(officer_client.get(url, headers={"HX-Request": "true"}))
    assert "<html" not in part and "PT-0002/2024" in part
    for figure in ("1.000.000", "500.000", "1.500.000"):
        assert figure in part
    assert count(db_session, Donation) == 1


@pytest.mark.parametrize(
    ("who", "status"), [("auditor", 403), ("chair", 403), ("administrator", 403), ("accountant", 303)]
)
def test_who_may_record(client, db_session, cast, campaign, who: str, status: int) -> None:
    sign_in(client, getattr(cast, who))
    assert client.post(NEW, data=typed(cast)).status_code == status


def test_other_units_see_nothing(client, db_session, cast, campaign) -> None:
    gift = make_donation(campaign=campaign, by=cast.officer, day=date(2024, 2, 1))
    code = gift.code
    sign_in(client, cast.outsider)
    for url in (code, f"{code}/phieu-thu", f"{code}/phieu-thu.pdf"):
        assert client.get(LIST + url).status_code == 404
    assert client.post(f"{LIST}{code}/dao", data={"reason": "x"}).status_code == 404
    assert client.post(NEW, data=typed(cast)).status_code == 422
    page = text_of(client.get(LIST))
    assert gift.donor_name not in page and "Chưa có khoản ủng hộ nào" in page
    assert gift.donor_name.encode() not in client.get(f"{LIST}?xuat=csv").data
    assert count(db_session, Donation) == 1


@pytest.mark.parametrize("code", ["20240201-9", "abc", "20240201-1x", "1-1"])
def test_a_code_that_is_none_is_not_found(officer_client, code: str) -> None:
    assert officer_client.get(LIST + code).status_code == 404


def test_the_list_filters_sums_and_exports(officer_client, db_session, cast, campaign) -> None:
    from portal.ledger.actions import reverse

    for day, amount, name in ((1, 300_000, "Đỗ Thị Kim Ngân"), (2, 500_000, "Chùa Phước Long")):
        make_donation(
            campaign=campaign, by=cast.officer, day=date(2024, 2, day), amount=amount, donor_name=name
        )
    wrong = make_donation(campaign=campaign, by=cast.officer, day=date(2024, 2, 3), amount=9_000_000)
    reverse(wrong.posting, reason="Nhầm", by=cast.officer, second=cast.chair)
    make_donation(campaign=campaign, by=cast.officer, day=date(2024, 2, 4), amount=70_000, form="goods")
    db_session.commit()
    whole = text_of(officer_client.get(LIST))
    assert "4 khoản" in whole and "800.000" in whole and "Đã đảo" in whole and "9.800.000" not in whole
    part = text_of(officer_client.get(f"{LIST}?q=kim+ngan&tu=01/02/2024"))
    assert "Đỗ Thị Kim Ngân" in part and "Chùa Phước Long" not in part and "2</strong> điều kiện" in part
    assert "Chưa có khoản ủng hộ nào theo" in text_of(
        officer_client.get(f"{LIST}?tu_tien=1tr&tinh_trang=posted")
    )
    assert officer_client.get(f"{LIST}?tu=31/02/2024").status_code == 422
    rows = officer_client.get(f"{LIST}?tinh_trang=reversed&xuat=csv").get_data(as_text=True).splitlines()
    assert len(rows) == 2 and "9000000" in rows[1].replace(".", "")


def test_the_story_and_the_request(officer_client, db_session, cast, campaign) -> None:
    gift = make_donation(campaign=campaign, by=cast.officer, day=date(2024, 2, 1), amount=300_000)
    db_session.commit()
    url = LIST + gift.code
    shown = text_of(officer_client.get(url))
    assert "Phạm Văn Ghi ghi nhận 300.000 đồng, tiền mặt" in shown and "Đề nghị đảo" in shown
    empty = officer_client.post(url + "/dao", data={"reason": ""})
    assert empty.status_code == 422 and "Chưa nêu lý do" in text_of(empty)
    assert officer_client.post(url + "/dao", data={"reason": "Ghi hai lần"}).status_code == 303
    assert db_session.scalars(select(ReversalRequest)).one().requested_by_id == cast.officer.id
    shown = text_of(officer_client.get(url))
    assert "Phạm Văn Ghi đề nghị đảo khoản này." in shown and "Lý do: Ghi hai lần" in shown
    twice = officer_client.post(url + "/dao", data={"reason": "Nữa"})
    assert twice.status_code == 422 and "đang chờ duyệt" in text_of(twice)
    assert count(db_session, ReversalRequest) == 1


def test_readers_may_not_ask(client, db_session, cast, campaign) -> None:
    gift = make_donation(campaign=campaign, by=cast.officer, day=date(2024, 2, 1))
    code = gift.code
    grant(user=cast.auditor, role="recorder", unit=cast.other_commune)  # of another unit only
    sign_in(client, cast.auditor)
    assert client.get(LIST + code).status_code == 200
    assert client.post(f"{LIST}{code}/dao", data={"reason": "x"}).status_code == 403
    assert count(db_session, ReversalRequest) == 0


def test_a_gift_without_campaign_goes_to_the_fund(officer_client, db_session, cast) -> None:
    assert officer_client.post(NEW, data=typed(cast)).status_code == 303
    gift = db_session.scalars(select(Donation)).one()
    assert gift.campaign_id is None and gift.posting.fund_id == make_fund().id
    assert "Ủng hộ thường xuyên" in text_of(officer_client.get(LIST + gift.code))
