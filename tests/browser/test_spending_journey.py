"""From a decision that is drafted to money that has left, its printed voucher, and what a resident reads of it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from portal.kit.days import format_day, today_in_vietnam
from tests.browser.conftest import PHONE
from tests.browser.papers import text_of_pdf

HOUSES = {True: "Hộ bà Quách Thị Sương Mai", False: "Hộ ông Tạ Văn Đồi Chè"}
NUMBERS = {True: "901/QĐ-THU", False: "902/QĐ-THU"}
PROVINCE = "Tỉnh Minh Hòa"


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
def scripts(request) -> bool:
    """With and without JavaScript, for everybody in the journey."""
    return request.param


def draft(page: Page, number: str, house: str) -> None:
    """A decision for one household, out of the common money."""
    page.goto("/quan-ly/chi/van-ban/")
    page.get_by_role("link", name="Soạn văn bản").first.click()
    page.get_by_label("Đơn vị ban hành").select_option(label=PROVINCE)
    page.get_by_label("Số văn bản").fill(number)
    page.get_by_label("Trích yếu").fill("Về việc hỗ trợ hộ gặp rủi ro")
    for column, text in (("receiver", house), ("amount", "1.500.000"), ("households", "1")):
        page.locator(f"#r1-{column}").fill(text)
    page.get_by_label("Mục đích chung của các dòng").select_option(label="Cứu trợ thiên tai, rủi ro")
    page.get_by_role("button", name="Ghi bản nháp").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(number)


def press(page: Page, verb: str, panel: str, *, scripts: bool) -> None:
    """A step that asks before it is taken: a dialog with scripts, a part of the page without."""
    if scripts:
        page.get_by_role("link", name=verb, exact=True).click()
    page.locator(panel).get_by_role("button", name=verb, exact=True).click()


def test_from_decision_to_paid_and_printed(browse, scripts) -> None:
    number, house = NUMBERS[scripts], HOUSES[scripts]
    maker, chair = browse("accountant", scripts=scripts), browse("approver", scripts=scripts)
    draft(maker, number, house)
    address = maker.url
    chair.goto(address)
    press(chair, "Ban hành", "#ban-hanh", scripts=scripts)
    expect(chair.locator("main")).to_contain_text("Đã ban hành")
    maker.goto(address)
    maker.get_by_role("link", name="Lập phiếu chi").click()
    maker.wait_for_load_state()  # the panel beside the form listens from then on
    maker.get_by_label("Chi từ").select_option(label="Két của đơn vị")
    if scripts:
        expect(maker.locator("#phieu")).to_contain_text("1.500.000")
        expect(maker.locator("#phieu")).to_contain_text(re.compile(r"PC-\d{4}/\d{4}"))
    maker.get_by_role("button", name="Lập phiếu, chờ duyệt").click()
    expect(maker.locator("main")).to_contain_text("người khác có quyền duyệt")
    voucher = maker.url
    chair.goto(voucher)
    chair.get_by_role("button", name="Duyệt chi").click()
    expect(chair.locator("main")).to_contain_text("Đã duyệt chi 1.500.000 đ")
    expect(chair.get_by_role("link", name="Ghi chi", exact=True)).to_have_count(0)
    maker.goto(voucher)
    press(maker, "Ghi chi", "#chi", scripts=scripts)
    expect(maker.locator("main")).to_contain_text(re.compile(r"phiếu số PC-\d{4}/\d{4}"))
    paper = maker.locator(".meta-list").inner_text()
    series = re.search(r"PC-\d{4}/\d{4}", paper)
    assert series is not None
    printed = text_of_pdf(maker.context.request.get(voucher + ".pdf").body())
    for words in ("PHIẾU CHI", series.group(), house, "Một triệu năm trăm nghìn đồng", number):
        assert words in printed, words
    resident = browse(size=PHONE, scripts=scripts)
    resident.goto("/thu-chi?loai=chi&muc_dich=relief")
    row = resident.locator(".money-rows tbody tr").filter(has_text=number)
    expect(row).to_contain_text("Cứu trợ thiên tai, rủi ro, 1 hộ")
    expect(row).to_contain_text(format_day(today_in_vietnam()))
    assert house not in resident.content()
