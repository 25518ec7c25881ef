"""A resident with a small phone composes a transfer; what stands on the screen is what a bank's application reads."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from vietnam_qr_pay import QRPay

from tests.browser.conftest import PHONE, SMALL_PHONE
from tests.qr_reading import read_png

WIDTHS = [PHONE, SMALL_PHONE]


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
def phone(request, browse) -> Page:
    """A phone of 360 pixels."""
    return browse(size=PHONE, scripts=request.param)


def scan(page: Page) -> QRPay:
    """What a camera sees of the one QR on the screen."""
    picture = page.locator(".qr-picture")
    expect(picture).to_be_visible()
    (payload,) = read_png(picture.screenshot(caret="initial"))  # "hide" would inject a style
    read = QRPay(payload)
    assert read.is_valid
    return read


def test_from_the_start_page_to_a_qr_with_an_amount(phone, watched) -> None:
    watched.expected = (422,)
    phone.goto("/")
    phone.get_by_text("Mục lục", exact=True).click()
    phone.get_by_role("navigation", name="Mục lục").get_by_role("link", name="Cách ủng hộ và mã QR").click()
    phone.wait_for_url("**/ung-ho")
    assert scan(phone).amount is None
    phone.get_by_label("Số tiền").fill("abc")
    phone.get_by_role("button", name="Tạo mã QR").click()
    expect(phone.locator("#so_tien-error")).to_contain_text("không phải là số tiền")
    expect(phone.get_by_label("Số tiền")).to_have_value("abc")
    phone.get_by_label("Số tiền").fill("1,5tr")
    phone.get_by_label("Lời nhắn").fill("Gia đình ông Đỗ Khánh")
    phone.get_by_role("button", name="Tạo mã QR").click()
    phone.wait_for_url("**so_tien=1*")
    expect(phone.locator("#ma-qr")).to_contain_text("Một triệu năm trăm nghìn đồng")
    read = scan(phone)
    assert read.amount == "1500000" and read.additional_data.purpose.endswith(" Gia dinh ong Do")
    expect(phone.locator("#ma-qr")).to_contain_text(read.additional_data.purpose)
    expect(phone.locator("#ma-qr")).to_be_in_viewport()


@pytest.mark.parametrize("size", WIDTHS, ids=["360", "320"])
def test_a_campaigns_qr_is_read_from_the_smallest_screen(browse, portal, size) -> None:
    page = browse(size=size)
    page.goto("/ung-ho")
    code = page.locator("select[name=dot] option").nth(1).get_attribute("value")
    page.goto(f"/dot-van-dong/{code}")
    read = scan(page)
    assert read.amount is None and read.additional_data.purpose.endswith(" ung ho")
    with page.expect_download() as kept:
        page.get_by_role("link", name="Lưu ảnh mã QR").click()
    assert read_png(kept.value.path().read_bytes()) == [read.build()]


def test_a_staff_member_shows_the_qr_of_a_pledge(browse, portal) -> None:
    page = browse(role="accountant")
    pledge = portal.number(
        "SELECT p.id FROM pledge p JOIN pledge_terms t ON t.pledge_id = p.id AND t.until IS NULL WHERE "
        "t.kind = 'money' AND t.cancelled_on IS NULL AND p.id NOT IN (SELECT pledge_id FROM pledge_fulfilment) LIMIT 1"
    )
    page.goto(f"/quan-ly/dang-ky/{pledge}")
    purpose = page.locator(".payment-purpose").inner_text()
    assert scan(page).additional_data.purpose == purpose
