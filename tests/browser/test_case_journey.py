"""A single case from the request to the printed minutes, as the commune's officer, the chair and the accountant do it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE
from tests.browser.looking import barriers, overflow
from tests.browser.papers import text_of_pdf

NUMBERS = {True: "911/QĐ-THU", False: "912/QĐ-THU"}
PROVINCE = "Tỉnh Minh Hòa"


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
def scripts(request) -> bool:
    """With and without JavaScript, for everybody in the journey."""
    return request.param


def press(page: Page, verb: str, panel: str, *, scripts: bool) -> None:
    """A step that asks before it is taken: a dialog with scripts, a part of the page without."""
    if scripts:
        page.get_by_role("link", name=verb, exact=True).click()
    page.locator(panel).get_by_role("button", name=verb, exact=True).click()


def ask_and_survey(page: Page) -> str:
    """A request for a household of the registry, and its survey; the address of the case."""
    page.goto("/quan-ly/truong-hop/")
    page.get_by_role("link", name="Ghi đề nghị").click()
    page.get_by_label("Tên, điện thoại hoặc mã hộ").fill("HO000050")
    page.get_by_role("button", name="Tìm hộ").click()
    page.locator("main .plain-list a").first.click()
    page.get_by_label("Lĩnh vực hỗ trợ").select_option(label="Hỏa hoạn")
    page.get_by_label("Người, tổ chức đề nghị").fill("Trưởng ấp")
    page.get_by_label("Hoàn cảnh cần giúp").fill("Cháy bếp lúc nửa đêm.")
    page.get_by_role("button", name="Ghi đề nghị").click()
    expect(page.locator("main")).to_contain_text("Mới đề nghị")
    address = page.url
    page.get_by_role("link", name="Ghi khảo sát").click()
    page.get_by_label("Thành phần đoàn khảo sát").fill("Trưởng ấp, Chi hội Phụ nữ")
    page.get_by_label("Mức độ thiệt hại").select_option(label="Từ 30% đến 50%")
    page.get_by_label("Đủ điều kiện hỗ trợ", exact=True).check()
    page.get_by_label("Đề xuất hỗ trợ tiền").fill("1.500.000")
    page.get_by_label("Trưởng thôn, ấp, khu phố").fill("Trần Văn Ấp")
    page.get_by_label("Trưởng ban Công tác Mặt trận").fill("Lý Thị Mặt")
    page.get_by_role("button", name="Ghi khảo sát").click()
    expect(page.locator("main")).to_contain_text("Đã khảo sát")
    return address


def test_from_request_to_printed_minutes(browse, scripts) -> None:
    maker, chair = browse("accountant", scripts=scripts), browse("approver", scripts=scripts)
    case = ask_and_survey(maker)
    maker.get_by_role("link", name="Trình quyết định khẩn").click()
    maker.get_by_label("Đơn vị quyết định").select_option(label=PROVINCE)
    maker.get_by_label("Số quyết định").fill(NUMBERS[scripts])
    maker.locator("#item_1").fill("Gạo tẻ")
    maker.locator("#quantity_1").fill("2")
    maker.get_by_role("button", name="Soạn quyết định").click()
    decision = maker.url
    chair.goto(decision)
    press(chair, "Ban hành", "#ban-hanh", scripts=scripts)
    expect(chair.locator("main")).to_contain_text("Đã ban hành")
    maker.goto(case)
    expect(maker.locator("main")).to_contain_text("chi và xuất kho ngay trong ngày")
    maker.get_by_role("link", name="Xuất kho", exact=True).click()
    maker.get_by_label("Xuất từ kho").select_option(index=1)
    if scripts:  # axe needs them
        assert not barriers(maker)
    assert not overflow(maker, PHONE)
    maker.get_by_role("button", name="Ghi sổ phiếu xuất").click()
    expect(maker.locator("main")).to_contain_text(re.compile(r"XK-\d{4}/\d{4}"))
    maker.get_by_role("link", name="Lập phiếu chi").click()
    maker.wait_for_load_state()
    maker.get_by_label("Chi từ").select_option(label="Két của đơn vị")
    maker.get_by_role("button", name="Lập phiếu, chờ duyệt").click()
    expect(maker.locator("main")).to_contain_text("người khác có quyền duyệt")
    voucher = maker.url
    chair.goto(voucher)
    chair.get_by_role("button", name="Duyệt chi").click()
    maker.goto(voucher)
    press(maker, "Ghi chi", "#chi", scripts=scripts)
    maker.goto(case)
    expect(maker.locator("main")).to_contain_text("Còn biên bản bàn giao có chữ ký")
    maker.get_by_role("link", name="Lập biên bản bàn giao").click()
    maker.get_by_role("button", name="Lập biên bản").click()
    link = maker.get_by_role("link", name="In biên bản").first.get_attribute("href")
    printed = text_of_pdf(maker.context.request.get(str(link)).body())
    for words in (
        "BIÊN BẢN BÀN GIAO HỖ TRỢ",
        "1.500.000 đồng",
        "Gạo tẻ",
        NUMBERS[scripts],
        "Trần Văn Ấp",
        "02 bản",
    ):
        assert words in printed, words
    maker.get_by_role("link", name="Ghi đã ký").click()
    maker.get_by_role("button", name="Ghi đã ký").click()
    expect(maker.locator("main")).to_contain_text("Đã bàn giao")
