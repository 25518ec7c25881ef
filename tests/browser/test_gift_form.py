"""The form of a gift in bad moments: the session has ended, an impatient finger, no mouse."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from portal.sample.province import PASSWORD
from tests.browser.conftest import MAIL, sign_in
from tests.browser.test_gift_journey import fill_gift

REGULAR = "Ủng hộ thường xuyên (không theo đợt)"
FOCUS_SEEN = """element => {
  const style = getComputedStyle(element);
  return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1 || style.boxShadow !== "none";
}"""


def gifts_of(portal, donor: str) -> int:
    return portal.number("SELECT count(*) FROM donation WHERE donor_name = ?", donor)


def open_form(page: Page) -> Page:
    page.goto("/quan-ly/khoan-ung-ho/moi")
    return page


def test_an_ended_session_keeps_what_was_typed(browse, portal, watched) -> None:
    watched.expected = (401,)
    for donor, scripts in (("Mạc Thị Hết Phiên", True), ("Mạc Văn Hết Phiên", False)):
        page = open_form(browse("recorder", scripts=scripts))
        fill_gift(page, donor, REGULAR, "123.000")
        page.get_by_label("Ghi chú nội bộ").fill("hai\ndòng")
        if scripts:  # an answer still under way would bring the cookie back
            expect(page.locator("main")).to_contain_text("Một trăm hai mươi ba nghìn đồng")
            page.wait_for_load_state("networkidle")
        page.context.clear_cookies()
        page.get_by_role("button", name="Ghi nhận và in phiếu thu").click()
        expect(page.get_by_role("heading", name="Phiên làm việc đã hết")).to_be_visible()
        assert gifts_of(portal, donor) == 0
        page.get_by_label("Thư điện tử").fill(MAIL["recorder"])
        page.get_by_label("Mật khẩu").fill(PASSWORD)
        page.get_by_role("button", name="Đăng nhập").click()
        page.get_by_role("button", name="Ghi tiếp").click()
        expect(page.locator("body")).to_contain_text("Một trăm hai mươi ba nghìn đồng")
        assert gifts_of(portal, donor) == 1
        note = "SELECT count(*) FROM donation WHERE donor_name = ? AND note LIKE 'hai%dòng'"
        assert portal.number(note, donor) == 1


def test_a_double_click_makes_one_gift(browse, portal) -> None:
    for donor, scripts in (("Lương Thị Bấm Đúp", True), ("Lương Văn Bấm Đúp", False)):
        page = open_form(browse("recorder", scripts=scripts))
        fill_gift(page, donor, REGULAR, "50.000")
        page.get_by_role("button", name="Ghi nhận và in phiếu thu").dblclick()
        expect(page.locator("body")).to_contain_text("Năm mươi nghìn đồng")
        page.wait_for_load_state("networkidle")
        assert gifts_of(portal, donor) == 1


def test_the_same_form_sent_again_makes_no_second_gift(browse, portal) -> None:
    """Twice at once over two connections, and once more by going back."""
    donor = "Lương Thị Gửi Lại"
    page = open_form(browse("recorder"))
    fill_gift(page, donor, REGULAR, "70.000")
    statuses = page.evaluate(
        """async () => {
          const form = document.querySelector("main form[data-dirty]");
          const send = () => fetch(form.action, {method: "POST", body: new FormData(form)});
          return (await Promise.all([send(), send(), send()])).map(answer => answer.status);
        }"""
    )
    assert set(statuses) == {200} and gifts_of(portal, donor) == 1
    page.get_by_role("button", name="Ghi nhận và in phiếu thu").click()
    expect(page.locator("body")).to_contain_text("Bảy mươi nghìn đồng")
    assert gifts_of(portal, donor) == 1


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the element has the focus; every stop on the way shows where it is."""
    for _ in range(60):
        page.keyboard.press("Tab")
        assert page.evaluate_handle("document.activeElement").evaluate(FOCUS_SEEN), (
            "a stop without a focus ring"
        )
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{target} cannot be reached by Tab")


def type_into(page: Page, label: str, text: str) -> None:
    tab_to(page, page.get_by_label(label))
    page.keyboard.type(text)


def choose_with(page: Page, label: str, key: str) -> None:
    field = page.get_by_label(label)
    tab_to(page, field)
    page.keyboard.press(key)
    expect(field).not_to_have_value("")


def test_sign_in_and_a_gift_without_a_mouse(browse, portal) -> None:
    donor = "Cù Thị Bàn Phím"
    page = browse()
    page.goto("/dang-nhap")
    type_into(page, "Thư điện tử", MAIL["recorder"])
    type_into(page, "Mật khẩu", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/quan-ly/")
    tab_to(page, page.get_by_role("link", name="Ghi nhận khoản ủng hộ"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/khoan-ung-ho/moi")
    choose_with(page, "Đơn vị tiếp nhận", "ArrowDown")
    type_into(page, "Họ tên hoặc tên đơn vị", donor)
    type_into(page, "Số tiền", "1,5tr")
    expect(page.locator("#amount-words")).to_have_text("Một triệu năm trăm nghìn đồng")
    choose_with(page, "Đợt vận động", "End")
    tab_to(page, page.get_by_role("button", name="Ghi nhận và in phiếu thu"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/phieu-thu")
    expect(page.locator("body")).to_contain_text("Một triệu năm trăm nghìn đồng")
    assert gifts_of(portal, donor) == 1


TAB_STOPS = 12


def new_donor(page: Page, name: str) -> None:
    """Somebody in the books of the commune."""
    page.goto("/quan-ly/nha-hao-tam/moi")
    page.locator("#name").fill(name)
    page.locator("#kind").select_option(label="Cá nhân")
    page.locator("#unit_id").select_option(label="Xã Tân Phú Hòa")
    page.get_by_role("button", name="Ghi vào sổ").click()
    page.wait_for_url(re.compile(r"/nha-hao-tam/\d+$"))


def test_a_known_donors_cash_gift_takes_few_tab_stops(browse, portal) -> None:
    """From the opened form to the receipt without a mouse; the donor is taken from the books while typing."""
    donor, page = "Thái Thị Quen Thuộc", browse("recorder")
    new_donor(page, donor)
    open_form(page)
    page.wait_for_load_state("networkidle")
    stops = 0

    def go_to(name: str) -> None:
        nonlocal stops
        while page.evaluate("document.activeElement.id") != name:
            page.keyboard.press("Tab")
            stops += 1
            assert stops <= TAB_STOPS, name

    go_to("unit_id")
    page.keyboard.type("Xã Tân Phú Hòa")
    go_to("donor_name")
    page.keyboard.type("thai thi quen")
    expect(page.locator("#donor_name-list [role=option]").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#donor_name")).to_have_value(donor)
    go_to("amount")
    page.keyboard.type("500k")
    go_to("campaign_id")
    page.keyboard.press("End")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/phieu-thu")
    expect(page.locator("body")).to_contain_text("Năm trăm nghìn đồng")
    known = "SELECT count(*) FROM donation WHERE donor_id = (SELECT id FROM donor WHERE name = ?)"
    assert portal.number(known, donor) == 1
    assert stops <= TAB_STOPS


def test_rows_of_other_kinds_with_and_without_scripts(browse, portal) -> None:
    """Goods and foreign money on the same document; a row that is not wanted goes away, what was typed stays."""
    for donor, scripts in (("Ông Thị Nhiều Dòng", True), ("Ông Văn Nhiều Dòng", False)):
        page = open_form(browse("recorder", scripts=scripts))
        fill_gift(page, donor, REGULAR, "100.000")
        for kind in ("Giấy tờ có giá", "Hiện vật", "Ngoại tệ"):
            page.get_by_role("button", name=kind).click()
            expect(page.locator(".gift-part legend", has_text=kind)).to_be_visible()
        page.locator("#d1").get_by_role("button", name="Bỏ dòng này").click()
        expect(page.locator(".gift-part")).to_have_count(2)
        page.locator("#d2-goods").fill("Áo ấm")
        page.locator("#d2-quantity").fill("5")
        page.get_by_label("Số ngoại tệ").fill("100")
        page.get_by_label("Tỷ giá (đồng)").fill("26.000")
        page.get_by_label("Nguồn tỷ giá").fill("Vietcombank")
        page.get_by_role("button", name="Ghi nhận và in phiếu thu").click()
        page.wait_for_url("**/phieu-thu")
        total = "SELECT sum(amount) FROM donation WHERE donor_name = ?"
        assert portal.number(total, donor) == 2_700_000 and gifts_of(portal, donor) == 3


def test_a_wrong_form_leads_to_its_first_mistake(browse, watched) -> None:
    """The summary takes the focus, its links lead to the fields, and what was typed is there."""
    watched.expected = (422,)
    page = open_form(browse("recorder"))
    fill_gift(page, "Cù Văn Sai Sót", REGULAR, "1.234,5")
    page.get_by_label("Ngày nhận").fill("31/02/2026")
    page.get_by_role("button", name="Ghi nhận và in phiếu thu").click()
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    expect(summary.locator("li")).to_have_count(2)
    expect(page.get_by_label("Số tiền")).to_have_value("1.234,5")
    expect(page.get_by_label("Ngày nhận")).to_have_value("31/02/2026")
    expect(page.get_by_label("Họ tên hoặc tên đơn vị")).to_have_value("Cù Văn Sai Sót")
    summary.get_by_role("link").first.click()
    assert page.evaluate("document.activeElement.id || location.hash.slice(1)") == "amount"


def test_signing_out_ends_the_session(browse) -> None:
    page = browse()
    sign_in(page, MAIL["auditor"])
    page.locator(".user-menu summary").click()
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.get_by_role("heading", name="Đăng nhập")).to_be_visible()
    page.goto("/quan-ly/")
    expect(page).to_have_url(re.compile("/dang-nhap"))
