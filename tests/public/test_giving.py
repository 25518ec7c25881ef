"""A resident composes a transfer: only to genuine accounts, by campaign, with and without an amount."""

from __future__ import annotations

from datetime import timedelta

import pytest
from vietnam_qr_pay import QRPay

from portal.kit.days import today_in_vietnam
from portal.kit.transfer_codes import FUND, kind_of
from portal.ledger.models import Fund
from tests.cast import make_account, make_campaign, make_fund
from tests.qr_reading import read_png, read_svg

TODAY = today_in_vietnam()
HTMX = {"HX-Request": "true"}


@pytest.fixture
def account(db_session, cast):
    return make_account(
        unit=cast.province,
        code="TK1",
        bank="Agribank, Chi nhánh Tân Hòa",
        number="6605 2050 00086",
        holder="QUY VNN",
    )


@pytest.fixture
def campaign(cast, account):
    return make_campaign(
        unit=cast.province,
        code="TCD26",
        starts_on=TODAY - timedelta(days=3),
        ends_on=TODAY + timedelta(days=5),
    )


def scanned(page: str) -> QRPay:
    start = page.index("<svg", page.index('class="qr-code"'))
    (payload,) = read_svg(page[start : page.index("</svg>", start) + len("</svg>")])
    return QRPay(payload)


def test_the_page_begins_with_the_funds_own_code(client, db_session, account):
    page = client.get("/ung-ho")
    assert page.status_code == 200
    code = db_session.get_one(Fund, account.fund_id).transfer_code
    read = scanned(page.text)
    assert kind_of(code) == FUND and read.additional_data.purpose == f"{code} ung ho"
    assert (read.consumer.bank_bin, read.consumer.bank_number, read.amount) == (
        "970405",
        "6605205000086",
        None,
    )
    assert 'data-copy="6605205000086"' in page.text and f'data-copy="{code} ung ho"' in page.text
    assert "QUY VNN" in page.text and "không nhận qua tài khoản cá nhân" in page.text


def test_campaign_amount_and_words_are_composed(client, campaign, account):
    query = {"dot": "TCD26", "so_tien": "1,5tr", "loi_nhan": "Gia đình ông Đỗ Khánh"}
    page = client.get("/ung-ho", query_string=query)
    read = scanned(page.text)
    assert read.amount == "1500000"
    assert read.additional_data.purpose == f"{campaign.transfer_code} Gia dinh ong Do"
    assert "1.500.000" in page.text and "Một triệu năm trăm nghìn đồng" in page.text
    assert client.get("/ung-ho.json", query_string=query).json == {
        "bank": account.bank,
        "number": account.number,
        "holder": "QUY VNN",
        "amount": 1_500_000,
        "words": "Một triệu năm trăm nghìn đồng",
        "code": campaign.transfer_code,
        "purpose": f"{campaign.transfer_code} Gia dinh ong Do",
        "qr": read.build(),
    }
    picture = client.get("/ung-ho.png", query_string=query)
    assert picture.mimetype == "image/png" and read_png(picture.data) == [read.build()]
    assert "/ung-ho.png?" in page.text


@pytest.mark.parametrize(
    ("query", "field", "words"),
    [
        ({"so_tien": "abc"}, "so_tien", "không phải là số tiền"),
        ({"so_tien": "0"}, "so_tien", "lớn hơn 0"),
        ({"so_tien": "-5"}, "so_tien", ""),
        ({"so_tien": "10000 tỷ"}, "so_tien", "nhiều nhất 9.999.999.999.999 đ"),
        ({"dot": "KHONG"}, "dot", "không còn trong danh sách"),
        ({"dot": "XONG"}, "dot", "không còn trong danh sách"),
        ({"tai_khoan": "KIN"}, "tai_khoan", "không còn trong danh sách"),
        ({"dot": "TCD26", "tai_khoan": "XA"}, "tai_khoan", "không nhận cho đợt"),
        ({"loi_nhan": "a" * 101}, "loi_nhan", "nhiều nhất là 100"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(client, campaign, cast, query, field, words):
    make_account(unit=cast.commune, code="XA")
    make_account(unit=cast.commune, code="KIN", published=False)
    make_campaign(
        unit=cast.province, code="XONG", starts_on=TODAY - timedelta(9), ends_on=TODAY - timedelta(1)
    )
    page = client.get("/ung-ho", query_string=query)
    assert page.status_code == 422 and f'id="{field}-error"' in page.text and words in page.text
    assert "qr-picture" not in page.text
    value = query.get(field)
    assert field in ("dot", "tai_khoan") or f'value="{value}"' in page.text, "what was typed stays"
    data = client.get("/ung-ho.json", query_string=query)
    assert data.status_code == 422 and list(data.json["fields"]) == [field] and words in data.json["error"]
    assert client.get("/ung-ho.png", query_string=query).status_code == 404


def test_every_published_account_may_be_chosen_and_no_other(client, campaign, cast, db_session):
    other = make_account(unit=cast.commune, code="XA", number="999", bank="MB")
    make_account(unit=cast.commune, code="KIN", number="5550001112", published=False)
    page = client.get("/ung-ho?tai_khoan=XA")
    assert scanned(page.text).consumer.bank_number == "999"
    assert "5550001112" not in page.text
    assert client.get("/ung-ho.json?dot=TCD26&tai_khoan=TK1").json["number"] == "6605 2050 00086"
    other.published = False
    db_session.commit()
    alone = client.get("/ung-ho").text
    assert "Tài khoản nhận</label>" not in alone and 'name="tai_khoan"' not in alone


def test_a_campaign_without_a_genuine_account_is_not_offered(client, account, cast):
    make_campaign(unit=cast.commune, code="XA26", starts_on=TODAY, ends_on=None)
    make_campaign(
        unit=cast.province, code="KHAC", starts_on=TODAY, ends_on=None, fund=make_fund(code="CUUTRO")
    )
    page = client.get("/ung-ho").text
    assert "XA26" not in page and "KHAC" not in page
    assert "qr-picture" not in client.get("/dot-van-dong/XA26").text


def test_without_any_account_the_page_says_so(client, cast):
    page = client.get("/ung-ho")
    assert page.status_code == 200 and "chưa công bố tài khoản" in page.text
    assert client.get("/ung-ho.json").json == {} and client.get("/ung-ho.png").status_code == 404
    assert 'class="account-strip"' not in page.text


def test_what_is_not_asked_is_left_out_of_the_address_of_the_picture(client, campaign):
    page = client.get("/ung-ho?so_tien=20k&kind=json&_external=1&_scheme=javascript&la=1")
    assert page.status_code == 200 and 'href="/ung-ho.png?so_tien=20k"' in page.text


def test_htmx_gets_the_middle_and_the_page_is_not_asked_twice(client, campaign):
    part = client.get("/ung-ho?so_tien=20k", headers=HTMX)
    assert part.status_code == 200 and "<html" not in part.text and "20.000" in part.text
    tag = client.get("/ung-ho").headers["ETag"]
    assert client.get("/ung-ho", headers={"If-None-Match": tag}).status_code == 304


def test_the_campaigns_page_has_its_qr_while_it_is_under_way(client, campaign, db_session):
    page = client.get("/dot-van-dong/TCD26").text
    read = scanned(page)
    assert read.additional_data.purpose == f"{campaign.transfer_code} ung ho" and read.amount is None
    assert "/ung-ho?dot=TCD26" in page
    assert client.get("/dot-van-dong/TCD26.json").json["payment"]["code"] == campaign.transfer_code
    campaign.ends_on = TODAY - timedelta(days=1)
    db_session.commit()
    assert "qr-picture" not in client.get("/dot-van-dong/TCD26").text
    assert client.get("/dot-van-dong/TCD26.json").json["payment"] is None


def test_every_public_page_leads_there(client, account):
    for address in ("/", "/tra-cuu", "/dot-van-dong/"):
        assert '<a class="account-how" href="/ung-ho">Cách ủng hộ và mã QR</a>' in client.get(address).text


def test_the_page_is_small_and_without_inline_styles(client, campaign):
    page = client.get("/ung-ho?so_tien=500000")
    assert len(page.data) < 40_000 and "style=" not in page.text and "<script>" not in page.text
