"""The QR of a pledge: on its page, its slip, its letter and as a picture, read back by another reader."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask.testing import FlaskClient
from vietnam_qr_pay import QRPay

from portal.donors.models import Donor
from portal.kit.db import db
from portal.kit.transfer_codes import find_codes
from portal.pledges import actions
from portal.pledges.models import Pledge
from tests.cast import Cast, make_account, make_campaign, make_donation, sign_in
from tests.pledges.books import make_pledge
from tests.qr_reading import read_pdf, read_png, read_svg

LIST = "/quan-ly/dang-ky/"
TWICE = [(date(2026, 12, 15), 2_000_000), (date(2027, 1, 15), 3_000_000)]


def scanned(payloads: list[str]) -> tuple[str, str, str | None, str]:
    """BIN, account, amount and purpose of the one QR."""
    (payload,) = payloads
    read = QRPay(payload)
    assert read.is_valid
    return read.consumer.bank_bin, read.consumer.bank_number, read.amount, read.additional_data.purpose


def page_of(client: FlaskClient, pledge: Pledge) -> str:
    return client.get(f"{LIST}{pledge.id}").text


def drawing_of(page: str) -> str:
    """The one QR of a page."""
    assert page.count('class="qr-picture"') == 1
    start = page.index("<svg", page.index('class="qr-code"'))
    return page[start : page.index("</svg>", start) + len("</svg>")]


def test_page_slip_letter_and_picture_say_the_same(client: FlaskClient, cast: Cast) -> None:
    make_account(unit=cast.commune, number="0011 9990 00123", bank="Vietcombank, chi nhánh Tân Hòa")
    campaign = make_campaign(unit=cast.commune)
    pledge = make_pledge(unit=cast.commune, campaign=campaign, instalments=[(date(2026, 12, 15), None)])
    gift = make_donation(campaign=campaign, amount=1_000_000, by=cast.officer)
    actions.fulfil(pledge, posting_number=gift.posting_number, ordinal=1, amount=1_000_000, by=None)
    sign_in(client, cast.officer)
    wanted = ("970436", "0011999000123", "4000000", f"{pledge.transfer_code} ung ho")
    assert scanned(read_svg(drawing_of(page_of(client, pledge)))) == wanted
    assert scanned(read_pdf(client.get(f"{LIST}{pledge.id}/phieu.pdf").data)) == wanted
    sent = client.post(f"{LIST}thu-nhac?so={pledge.id}")
    assert scanned(read_pdf(client.get(sent.location).data)) == wanted
    picture = client.get(f"{LIST}{pledge.id}/ma-qr.png")
    assert picture.mimetype == "image/png" and "attachment" in picture.headers["Content-Disposition"]
    assert scanned(read_png(picture.data)) == wanted
    assert [one.code for one in find_codes(wanted[3].upper(), {pledge.transfer_code})] == [
        pledge.transfer_code
    ]


def test_in_instalments_the_payer_types_the_amount(client: FlaskClient, cast: Cast) -> None:
    make_account(unit=cast.commune)
    pledge = make_pledge(unit=cast.commune, instalments=TWICE)
    sign_in(client, cast.officer)
    assert scanned(read_svg(drawing_of(page_of(client, pledge))))[2] is None


def test_the_account_is_the_units_own_or_that_of_its_campaign(client: FlaskClient, cast: Cast) -> None:
    make_account(unit=cast.commune, published=False)
    make_account(unit=cast.other_commune, number="222")
    above = make_account(unit=cast.province, number="111")
    regular = make_pledge(unit=cast.commune)
    for_all = make_pledge(unit=cast.commune, campaign=make_campaign(unit=cast.province))
    sign_in(client, cast.officer)
    assert "qr-picture" not in page_of(client, regular)
    assert scanned(read_svg(drawing_of(page_of(client, for_all))))[1] == above.number
    assert client.get(f"{LIST}{regular.id}/ma-qr.png").status_code == 404


def test_what_is_not_to_be_paid_has_no_picture(client: FlaskClient, cast: Cast) -> None:
    make_account(unit=cast.commune)
    goods = make_pledge(unit=cast.commune, kind="goods", content="gạo", amount=2_000_000)
    gone = make_pledge(unit=cast.commune)
    actions.cancel_pledge(gone, reason="Xin rút", by=cast.officer)
    unclear = make_pledge(unit=cast.other_commune, campaign=make_campaign(unit=cast.other_commune))
    make_account(unit=cast.other_commune, bank="Ngân hàng Không Tên")
    sign_in(client, cast.officer)
    for pledge in (goods, gone):
        page = page_of(client, pledge)
        assert "qr-picture" not in page and "Chuyển khoản</h2>" not in page
        assert client.get(f"{LIST}{pledge.id}/ma-qr.png").status_code == 404
    sign_in(client, cast.outsider)
    assert "chưa có trong danh mục VietQR" in page_of(client, unclear)
    assert client.get(f"{LIST}{goods.id}/ma-qr.png").status_code == 404


def found(client: FlaskClient, **query: Any) -> str:
    return client.get(LIST, query_string=query).text


def test_staff_find_a_pledge_by_its_code(client: FlaskClient, cast: Cast) -> None:
    pledge, other = make_pledge(unit=cast.commune), make_pledge(unit=cast.commune, donor_name="Lê Văn Bình")
    code = pledge.transfer_code
    sign_in(client, cast.officer)
    for typed in (code, code.lower(), f"{code[:4]} {code[4:]}"):
        page = found(client, q=typed)
        assert pledge.paper_number in page and other.paper_number not in page
    assert "Không có đăng ký nào" in found(client, q=code[:-1] + ("3" if code[-1] != "3" else "4"))


def test_a_donors_page_and_a_campaigns_page_name_the_codes(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.officer)
    typed = {"name": "Công ty An Bình", "kind": "company", "unit_id": cast.commune.id}
    made = client.post("/quan-ly/nha-hao-tam/moi", data=typed)
    donor_id = int(made.location.rpartition("/")[2])
    campaign = make_campaign(unit=cast.commune)
    pledge = make_pledge(unit=cast.commune, campaign=campaign, donor=db.session.get_one(Donor, donor_id))
    assert pledge.transfer_code in client.get(made.location).text
    assert campaign.transfer_code in client.get(f"/quan-ly/dot-van-dong/{campaign.code}").text
