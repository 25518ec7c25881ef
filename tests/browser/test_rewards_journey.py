"""A reward from the rule to the check of its certificate, with and without JavaScript; what a resident reads of it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE
from tests.browser.papers import text_of_pdf

PROVINCE = "Tỉnh Minh Hòa"
FORM = "Ghi nhận tấm lòng vàng"
NAMES = {True: "Ủng hộ từ 3 triệu, lần xét một", False: "Ủng hộ từ 3 triệu, lần xét hai"}
NUMBERS = {True: "191/QĐ-THU", False: "192/QĐ-THU"}
COLLECTIVES = {True: "Tổ liên gia số 21 Ấp Thử", False: "Tổ liên gia số 22 Ấp Thử"}


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
def scripts(request) -> bool:
    """With and without JavaScript, for everybody in the journey."""
    return request.param


def write_rule(page: Page, name: str) -> None:
    """A rule, tried on the books before it is kept; then its list."""
    page.goto("/quan-ly/thi-dua/quy-tac/")
    page.get_by_role("link", name="Thêm quy tắc").first.click()
    page.get_by_label("Tên quy tắc").fill(name)
    page.get_by_label("Đơn vị").first.select_option(label=PROVINCE)
    page.get_by_label("Hình thức khen").select_option(label=FORM)
    page.get_by_label("Cách tính").select_option(label="Tổng số tiền từ")
    page.locator("#least").fill("3tr")
    page.get_by_label("Thành tích ghi trên giấy").fill("ủng hộ [số tiền] cho người nghèo")
    page.get_by_role("button", name="Thử trên sổ").click()
    expect(page.locator("main")).to_contain_text(re.compile(r"Thử: \d+ người đạt mức"))
    page.get_by_role("button", name="Ghi quy tắc").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    page.get_by_role("button", name="Lập danh sách").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Danh sách đề xuất")
    page.locator("tbody a").first.click()
    expect(page.locator("main")).to_contain_text("Các khoản được tính")


def nominate(page: Page, name: str) -> None:
    """A collective, by hand."""
    page.goto("/quan-ly/thi-dua/de-nghi/moi")
    page.get_by_label("Đơn vị đề nghị").select_option(label=PROVINCE)
    page.get_by_label("Hình thức đề nghị").select_option(label=FORM)
    page.get_by_label("Đối tượng").select_option(label="Tập thể")
    page.get_by_label("Tên ghi trên giấy").fill(name)
    page.get_by_label("Thành tích", exact=True).fill("góp 120 ngày công sửa nhà cho hộ nghèo")
    page.get_by_role("button", name="Ghi đề nghị").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)


def meet(page: Page, name: str) -> None:
    """The council agrees; its minutes are printed."""
    page.get_by_role("link", name="Đưa ra họp xét").click()
    page.get_by_label("Chủ trì").fill("Lê Hữu Phước")
    page.get_by_label("Thư ký").fill("Phạm Ngọc Lan")
    page.get_by_label("Thành viên dự họp").fill("Lê Hữu Phước, Chủ tịch\nTrần Thị Thắm, Ủy viên")
    expect(page.get_by_role("checkbox", name=f"Chọn {name}")).to_be_checked()
    page.get_by_role("button", name="Lập cuộc họp").click()
    page.get_by_label(re.compile(f"^Kết quả: .*{name}")).select_option(label="Đồng ý")
    page.get_by_label(re.compile(f"^Phiếu đồng ý: .*{name}")).fill("5")
    page.get_by_role("button", name="Ghi và chốt biên bản").click()
    expect(page.locator("main")).to_contain_text("Biên bản đã chốt")
    address = page.get_by_role("link", name="In biên bản").get_attribute("href")
    assert address is not None
    minutes = text_of_pdf(page.context.request.get(address).body())
    assert (
        "Họp Hội đồng thi đua, khen thưởng" in minutes and "Tổ liên gia" in minutes and "Đồng ý 01" in minutes
    )


def decide(page: Page, number: str) -> None:
    """The draft of the decision."""
    page.get_by_role("link", name="Soạn quyết định").click()
    page.get_by_role("row").filter(has_text=FORM).get_by_role("link", name="Soạn").click()
    page.get_by_label("Số quyết định").fill(number)
    page.get_by_role("button", name="Soạn quyết định").click()
    expect(page.locator("main")).to_contain_text("một người khác có quyền duyệt sẽ ban hành")


def test_from_rule_to_certificate_check(browse, scripts) -> None:
    name, number = COLLECTIVES[scripts], NUMBERS[scripts]
    maker, chair = browse("recorder", scripts=scripts), browse("approver", scripts=scripts)
    write_rule(maker, NAMES[scripts])
    nominate(maker, name)
    meet(maker, name)
    decide(maker, number)
    address = maker.url
    chair.goto(address)
    if scripts:
        chair.get_by_role("link", name="Ban hành", exact=True).click()
    chair.locator("#ban-hanh").get_by_role("button", name="Ban hành", exact=True).click()
    expect(chair.locator("main")).to_contain_text("Đã ban hành")
    maker.goto(address)
    maker.get_by_role("button", name="In giấy cho tất cả").click()
    for _ in range(60):
        if maker.get_by_role("link", name="Mở bản in giấy").count():
            break
        maker.wait_for_timeout(500)
        maker.goto(address)
    file = maker.get_by_role("link", name="Mở bản in giấy").get_attribute("href")
    assert file is not None
    printed = text_of_pdf(maker.context.request.get(file).body())
    assert name in printed and number in printed and "GHI NHẬN TẤM LÒNG VÀNG" in printed
    code = re.search(r"Mã xác minh: ([0-9A-Z]{4}-[0-9A-Z]{4})", printed)
    assert code is not None
    resident = browse(size=PHONE, scripts=scripts)
    resident.goto("/xac-minh/")
    resident.get_by_label("Mã xác minh").fill(code[1].lower())
    resident.get_by_role("button", name="Xác minh").click()
    expect(resident.locator("main")).to_contain_text("có thật và còn hiệu lực")
    expect(resident.locator("main")).to_contain_text(name)
    resident.goto("/khen-thuong/")
    expect(resident.locator("main")).to_contain_text(name)
