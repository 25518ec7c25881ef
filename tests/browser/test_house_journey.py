"""A house from survey to hand-over, on a desktop and on a phone, and what everybody reads of it afterwards."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from portal.kit.days import format_day, today_in_vietnam
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.papers import text_of_pdf
from tests.files.photos import photo

NAMES = {True: "Lương Thị Mái Bằng", False: "Lương Văn Mái Tôn"}
NUMBERS = {True: "94/QĐ-NHA", False: "95/QĐ-NHA"}
TODAY = format_day(today_in_vietnam())


@pytest.fixture(params=[False, True], ids=["desktop", "phone"])
def phone(request) -> bool:
    """On an office PC, and on a phone of 360 px."""
    return request.param


def open_house(page: Page, name: str) -> str:
    """A household, then its project; the address of the project."""
    page.goto("/quan-ly/ho-dan/moi")
    page.get_by_label("Chủ hộ").first.fill(name)
    place = page.locator("select[name=unit_id]")
    place.select_option(index=1)
    page.get_by_role("button", name="Ghi").last.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    page.goto(f"/quan-ly/nha/moi?q={name}")
    page.get_by_role("link", name=name).click()
    page.get_by_label("Chương trình").select_option(label="Nhà Đại đoàn kết")
    page.get_by_label("Loại nhà").select_option(label="Sửa chữa")
    page.get_by_label("Nhu cầu về nhà ở").fill("Mái dột, vách mục")
    page.get_by_label("Dự toán").fill("3tr")
    page.get_by_role("button", name="Lập hồ sơ").click()
    expect(page.locator("main")).to_contain_text("Chờ khảo sát")
    return page.url


def survey(page: Page) -> None:
    page.get_by_role("link", name="Ghi khảo sát").click()
    for label, text in (("Thành phần đoàn khảo sát", "Trưởng ấp"), ("Giấy tờ đất", "Có sổ"),
                        ("Tình trạng nhà ở", "Vách lá"), ("Nhu cầu, phương án làm nhà", "Lợp mái")):  # fmt: skip
        page.get_by_label(label).fill(text)
    page.get_by_label("Đủ điều kiện hỗ trợ", exact=True).check()
    page.get_by_role("button", name="Ghi khảo sát").click()
    expect(page.locator("main")).to_contain_text("Đã khảo sát")


def dossier(page: Page, home: str) -> None:
    page.goto(f"{home}/nguon")
    page.get_by_label("Loại nguồn").select_option(label="Quỹ")
    page.get_by_label("Số tiền").fill("1tr")
    page.get_by_role("button", name="Thêm nguồn").click()
    page.goto(f"{home}/nguon")
    page.get_by_label("Loại nguồn").select_option(label="Gia đình đối ứng")
    page.get_by_label("Số tiền").fill("2tr")
    page.get_by_role("button", name="Thêm nguồn").click()
    expect(page.locator("main")).to_contain_text("Đủ nguồn theo dự toán")
    for _ in range(2):
        page.goto(f"{home}/giay-to")
        page.get_by_label("Giấy tờ").first.select_option(index=1)
        page.get_by_label("Ngày trên giấy").fill(TODAY)
        page.get_by_role("button", name="Ghi giấy tờ").click()


def bring_photo(page: Page, home: str, role: str, width: int) -> None:
    page.goto(home)
    page.get_by_role("link", name="Tải ảnh lên").click()
    page.locator("input[type=file]").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo(width, 300)}
    )
    page.locator("select[name=role]").select_option(label=role)
    page.locator("main form button[type=submit]").last.click()
    page.goto(home)
    expect(page.locator("#anh")).to_contain_text(role)


def step(page: Page, home: str, name: str) -> None:
    page.goto(home)
    page.get_by_role("link", name=name, exact=True).click()
    page.get_by_role("button", name=f"Ghi {name.lower()}").click()
    expect(page.locator("main")).to_contain_text("Đã")


def minutes(page: Page, address: str, home: str) -> None:
    page.goto(f"{home}/{address}")
    page.get_by_label("Người làm chứng").fill("Lý Thị Một")
    page.get_by_role("button", name="Lập biên bản").click()
    page.get_by_role("link", name="Ghi đã ký").click()
    page.get_by_role("button", name="Ghi đã ký").click()
    expect(page.locator("main")).to_contain_text("Đã ký")


def test_from_survey_to_hand_over(browse, phone) -> None:
    officer, chair = browse("recorder", size=PHONE if phone else DESKTOP), browse("approver")
    accountant = browse("accountant")
    home = open_house(officer, NAMES[phone])
    survey(officer)
    dossier(officer, home)
    accountant.goto(f"{home}/quyet-dinh")
    accountant.get_by_label("Đơn vị quyết định").select_option(label="Tỉnh Minh Hòa")
    accountant.get_by_label("Số quyết định").fill(NUMBERS[phone])
    accountant.get_by_role("button", name="Soạn quyết định").click()
    expect(accountant.locator("main")).to_contain_text("chờ người khác ban hành")
    chair.goto(accountant.url)
    chair.get_by_role("link", name="Ban hành", exact=True).click()
    chair.locator("#ban-hanh").get_by_role("button", name="Ban hành", exact=True).click()
    bring_photo(officer, home, "Trước khi làm", 401 + phone)
    step(officer, home, "Khởi công")
    bring_photo(officer, home, "Khởi công", 411 + phone)
    officer.goto(f"{home}/dot-cap")
    officer.locator("select[name=row]").select_option(index=1)
    officer.get_by_label("Cấp khi").select_option(label="Đã khởi công")
    officer.get_by_label("Số tiền đợt này").fill("1tr")
    officer.get_by_role("button", name="Thêm đợt cấp").click()
    expect(officer.locator("main")).to_contain_text("Đến đợt")
    pay(accountant, chair, home)
    bring_photo(officer, home, "Sau khi hoàn thành", 421 + phone)
    step(officer, home, "Hoàn thành")
    officer.goto(f"{home}/ngoai-quy")
    officer.get_by_label("Nguồn", exact=True).select_option(index=1)
    officer.get_by_label("Trị giá").fill("2tr")
    officer.get_by_role("button", name="Ghi phần ngoài Quỹ").click()
    minutes(officer, "ban-giao-tien", home)
    officer.goto(f"{home}/kiem-tra")
    officer.get_by_label("Đại diện Ban chỉ đạo").fill("Lê Văn Chỉ")
    officer.get_by_label("Đại diện thôn thứ nhất").fill("Lý Thị Một")
    officer.get_by_label("Diện tích sàn").fill("40")
    officer.get_by_label("Đạt, đề nghị bàn giao").check()
    officer.get_by_role("button", name="Lập biên bản").click()
    officer.get_by_role("link", name="Ghi đã ký").click()
    officer.get_by_role("button", name="Ghi đã ký").click()
    minutes(officer, "ban-giao-nha", home)
    officer.goto(home)
    expect(officer.locator("main")).to_contain_text("Đã bàn giao")
    assert not officer.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    printed = officer.locator("a[href$='.pdf']").first.get_attribute("href")
    assert "BIÊN BẢN" in text_of_pdf(officer.request.get(printed).body())
    told = chair.request.get("/nha.json").json()["rows"]
    mine = next(one for one in told if home.endswith(f"/{int(one['code'][2:])}"))
    assert mine["state"] == "handed_over" and mine["cost"] == 3_000_000 and mine["name"] is None


def pay(accountant: Page, chair: Page, home: str) -> None:
    """The tranche: prepared by the accountant, approved by the chair, paid out of the box."""
    accountant.goto(home)
    accountant.get_by_role("link", name="Lập phiếu chi").click()
    accountant.wait_for_url("**/phieu/moi**")
    expect(accountant.locator("main")).to_contain_text("Theo quyết định")
    accountant.locator("[name=content]").fill("Đợt 1 sửa nhà")
    accountant.get_by_role("button", name="Lập phiếu, chờ duyệt").click()
    expect(accountant.locator("main")).to_contain_text("người khác có quyền duyệt")
    chair.goto(accountant.url)
    chair.get_by_role("button", name="Duyệt chi").click()
    expect(chair.locator("main")).to_contain_text("Đã duyệt chi")
    accountant.goto(accountant.url)
    accountant.get_by_role("link", name="Ghi chi", exact=True).click()
    accountant.locator("#chi").get_by_role("button", name="Ghi chi", exact=True).click()
    expect(accountant.locator("main")).to_contain_text("phiếu số PC-")
