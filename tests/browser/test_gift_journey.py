"""From an empty campaign to a gift that was given, printed, published and reversed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from portal.kit.days import format_day, today_in_vietnam
from tests.browser.conftest import MAIL, PHONE, sign_in
from tests.browser.papers import text_of_pdf

TARGET, AMOUNT = "150.000.000", "2.345.000"
WORDS = "Hai triệu ba trăm bốn mươi lăm nghìn đồng"
DONORS = {True: ("Quách Thị Ngàn Sao", "NGANSAO"), False: ("Tạ Đức Biển Hồ", "BIENHO")}


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
def scripts(request) -> bool:
    """With and without JavaScript, for everybody in the journey."""
    return request.param


def new_campaign(page: Page, name: str, code: str) -> None:
    page.goto("/quan-ly/dot-van-dong/")
    page.get_by_role("link", name="Lập đợt").first.click()
    page.get_by_label("Tên đợt").fill(name)
    page.get_by_label("Mã đợt").fill(code)
    page.get_by_label("Đơn vị phát động").select_option(label="Xã Tân Phú Hòa")
    page.get_by_label("Từ ngày").fill(format_day(today_in_vietnam()))
    page.get_by_label("Đến ngày").fill(f"31/12/{today_in_vietnam().year}")
    page.get_by_label("Chỉ tiêu toàn đợt").fill(TARGET)
    page.get_by_role("button", name="Lập đợt").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.locator("main")).to_contain_text(TARGET)


def fill_gift(page: Page, donor: str, campaign: str, amount: str = AMOUNT) -> None:
    page.get_by_label("Đơn vị tiếp nhận").select_option(label="Xã Tân Phú Hòa")
    page.get_by_label("Họ tên hoặc tên đơn vị").fill(donor)
    page.get_by_label("Địa chỉ").fill("ấp Tân Lợi")
    page.get_by_label("Số tiền").fill(amount)
    page.get_by_label("Đợt vận động").select_option(label=campaign)
    page.get_by_label("Họ tên", exact=True).check()


def expect_public(page: Page, code: str, donor: str, received: str, *, found: bool) -> None:
    """What a resident sees of the campaign and of the gift."""
    page.goto(f"/dot-van-dong/{code}")
    expect(page.locator(".total-value")).to_have_text(re.compile(rf"^{received}\s*(đ|đồng)$"))
    page.goto("/tra-cuu")
    page.locator("#q").fill(donor)
    page.get_by_role("button", name="Tra cứu").click()
    page.wait_for_url("**/tra-cuu?q=*")
    if found:
        expect(page.locator(".answer-count")).to_contain_text("1 khoản")
        expect(page.locator("tbody tr")).to_contain_text(received)
    else:
        expect(page.locator(".empty-title")).to_have_text("Không có kết quả")


def receipt(page: Page, donor: str) -> str:
    """The receipt on screen and as PDF; returns the gift's code."""
    expect(page).to_have_url(re.compile("/phieu-thu$"))
    for part in (donor, AMOUNT, WORDS, "Phiếu thu"):
        expect(page.locator("body")).to_contain_text(part)
    code = page.url.split("/")[-2]
    print_form = page.locator(".paper-toolbar form")
    typed = {name: print_form.locator(f"[name={name}]").input_value() for name in ("csrf_token", "form_key")}
    pdf = page.request.post(page.url, form=typed, headers={"Referer": page.url})
    assert pdf.status == 200 and pdf.headers["content-type"] == "application/pdf"
    text = text_of_pdf(pdf.body())
    assert donor in text and AMOUNT in text and WORDS in text and "PHIẾU THU" in text.upper()
    return code


def ask_reversal(page: Page, code: str) -> None:
    page.goto(f"/quan-ly/khoan-ung-ho/{code}")
    page.get_by_role("link", name="Đề nghị đảo").click()
    confirm = page.locator("#confirm")
    confirm.get_by_label("Lý do").fill("Ghi hai lần.")
    confirm.get_by_role("button", name="Đề nghị đảo").click()
    expect(page.locator("main")).to_contain_text("Đang có đề nghị đảo khoản này")


def approve(page: Page, donor: str) -> None:
    page.goto("/quan-ly/")
    expect(page.locator(".work-row").first).to_be_visible()
    page.goto("/quan-ly/dao-but-toan/")
    page.locator("tbody tr", has_text="Chờ").first.get_by_role("link").first.click()
    expect(page.locator("main")).to_contain_text(donor)
    page.get_by_role("button", name="Duyệt đảo").click()
    expect(page.locator("main")).to_contain_text("Đã duyệt")


def test_a_gift_from_hand_to_public_page_and_back(browse, scripts) -> None:
    donor, code = DONORS[scripts]
    campaign = f"Đợt thử {code.title()}"
    resident = browse(size=PHONE, scripts=scripts)
    accountant = browse(scripts=scripts)
    sign_in(accountant, MAIL["accountant"])
    expect(accountant.get_by_role("heading", name="Việc chờ xử lý")).to_be_visible()
    new_campaign(accountant, campaign, code)
    expect_public(resident, code, donor, "0", found=False)

    accountant.goto(f"/quan-ly/khoan-ung-ho/moi?dot={code}")
    fill_gift(accountant, donor, campaign)
    accountant.get_by_role("button", name="Ghi nhận và in phiếu thu").click()
    gift = receipt(accountant, donor)
    expect_public(resident, code, donor, AMOUNT, found=True)
    resident.locator("tbody tr a").first.click()
    expect(resident.locator("main")).to_contain_text(WORDS)
    expect(resident.locator("main")).to_contain_text("Đã ghi sổ, chưa bị đảo")

    ask_reversal(accountant, gift)
    expect_public(resident, code, donor, AMOUNT, found=True)
    approve(browse("approver", scripts=scripts), donor)
    expect_public(resident, code, donor, "0", found=False)
    resident.goto(f"/khoan-ung-ho/{gift}")
    expect(resident.locator("main")).to_contain_text("Đã đảo, không còn tính")
    accountant.goto(f"/quan-ly/khoan-ung-ho/{gift}/phieu-thu")
    expect(accountant.locator("body")).to_contain_text("ĐÃ HỦY")


def test_who_asks_does_not_approve(browse, portal) -> None:
    """The accountant has no button; the approver who has asked would be refused by the rule."""
    page = browse("accountant")
    page.goto("/quan-ly/dao-but-toan/")
    page.locator("tbody tr").first.get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("button", name="Duyệt đảo")).to_have_count(0)
