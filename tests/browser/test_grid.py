"""The grid in real Chromium: typed without a mouse, pasted, in bad moments, and without JavaScript."""

from __future__ import annotations

import sqlite3
import time

from playwright.sync_api import Page, expect

from portal.sample.province import PASSWORD
from tests.browser.conftest import MAIL, PHONE
from tests.browser.looking import barriers, overflow

PASTE_SECONDS = 2.0


def open_batch(page: Page, title: str, number: str = "", total: str = "", *, scripts: bool = True) -> int:
    """A new batch of the commune; its id."""
    page.goto("/quan-ly/dot-nhap/moi")
    page.get_by_label("Tên đợt nhập").fill(title)
    page.get_by_label("Đơn vị tiếp nhận").select_option(label="Xã Tân Phú Hòa")
    page.get_by_label("Đợt vận động").select_option(label="Ủng hộ thường xuyên (không theo đợt)")
    page.get_by_label("Số phong bì theo phiếu kiểm").fill(number)
    page.get_by_label("Tổng tiền theo phiếu kiểm").fill(total)
    page.get_by_role("button", name="Mở bảng nhập").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    if scripts:  # the first free cell is ready to be typed into
        expect(cell(page, 1, "Họ tên, đơn vị")).to_be_focused()
    return int(page.url.split("#")[0].rsplit("/", 1)[1])


def lines_of(portal, batch: int) -> int:
    return portal.number("SELECT count(*) FROM gift_draft WHERE batch_id = ?", batch)


def sum_of(portal, batch: int) -> int:
    return portal.number("SELECT coalesce(sum(amount), 0) FROM gift_draft WHERE batch_id = ?", batch)


def type_line(page: Page, *cells: str) -> None:
    """Cell by cell with Tab, then Enter to the next line; Esc keeps the name as somebody new."""
    keys = page.keyboard
    for place, text in enumerate(cells):
        if place:
            keys.press("Tab")
        keys.type(text)
        if place == 0:
            keys.press("Escape")
    keys.press("Enter")


def saved(page: Page) -> None:
    """Every line that was left has come to the server."""
    expect(page.locator("#grid-saved")).to_have_attribute("data-waiting", "0", timeout=15_000)
    expect(page.locator("#grid-saved")).to_contain_text("Đã lưu")
    expect(page.locator("tr.is-unsaved")).to_have_count(0)


def cell(page: Page, number: int, label: str):
    return page.get_by_label(f"{label}, dòng {number}", exact=True)


def copy(page: Page, text: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("text => navigator.clipboard.writeText(text)", text)


def test_an_evening_without_a_mouse(browse, portal) -> None:
    """From the empty grid to the books, every key of the status bar on the way."""
    page = browse("recorder")
    batch = open_batch(page, "Buổi không dùng chuột", "5", "7.950.000")
    keys = page.keyboard
    type_line(page, "Tiệm vàng Kim Phát", "Hòa Thuận", "5tr", "h")
    type_line(page, "Lâm Thị Ánh", "Bàu Sen", "1tr5", "v", "gửi thư")
    type_line(page, "Cao Văn Đẹt", "Long Thạnh", "2.50")
    type_line(page, "Võ Minh Trí", "Rạch Tre", "500k")
    expect(page.locator("#grid-faults")).to_contain_text("1 ô sai")
    expect(page.locator(".note-bad")).to_contain_text("“2.50” chưa rõ là bao nhiêu. Gõ 250.000 hoặc 2,5tr.")
    expect(page.locator("#totals tfoot")).to_contain_text("Còn thiếu")
    for _ in range(3):  # the line above, cell by cell
        keys.press("Control+d")
        keys.press("Tab")
    keys.press("Enter")
    expect(page.locator(".note-twin")).to_contain_text("Giống dòng 4")
    keys.press("F8")
    expect(cell(page, 3, "Số tiền (đ)")).to_be_focused()
    keys.type("450k")
    keys.press("Enter")
    expect(page.locator("#grid-faults")).to_contain_text("Không có ô sai")
    expect(cell(page, 4, "Số tiền (đ)")).to_be_focused()
    keys.press("ArrowUp")
    expect(cell(page, 3, "Số tiền (đ)")).to_have_value("450.000")
    keys.press("ArrowLeft")
    expect(cell(page, 3, "Địa chỉ, thôn")).to_be_focused()
    keys.type("gõ nhầm")
    keys.press("Escape")
    expect(cell(page, 3, "Địa chỉ, thôn")).to_have_value("Long Thạnh")
    saved(page)
    assert (lines_of(portal, batch), sum_of(portal, batch)) == (5, 7_950_000)
    expect(page.locator("#totals tfoot")).to_contain_text("Khớp")
    keys.press("Control+Enter")
    expect(page.locator("main")).to_contain_text("Đã giao ghi sổ")
    second = browse("approver")
    second.goto(f"/quan-ly/dot-nhap/{batch}")
    expect(second.locator("main")).to_contain_text("1 dòng giống khoản khác")
    button = second.get_by_role("button", name="Ghi sổ 5 khoản")
    button.focus()
    second.keyboard.press("Enter")
    expect(second.locator("main")).to_contain_text("Đã ghi sổ 5 khoản")
    posted = "SELECT count(*) FROM gift_draft WHERE batch_id = ? AND posting_number IS NOT NULL"
    assert portal.number(posted, batch) == 5
    assert (
        portal.number("SELECT count(*) FROM donation WHERE donor_name = 'Võ Minh Trí' AND amount = 500000")
        == 2
    )


def test_two_hundred_rows_are_pasted_in_two_seconds(browse, portal) -> None:
    page = browse("recorder")
    batch = open_batch(page, "Buổi dán hai trăm dòng", "200", "22.000.000")
    rows = [f"{number}\tNguyễn Thị Dán {number}\tấp {number % 7}\t110.000\t" for number in range(1, 201)]
    copy(
        page,
        "TT\tHọ và tên\tThôn\tSố tiền (đồng)\tGhi chú\n"
        + "\n".join(rows)
        + "\nTổng cộng\t\t\t22.000.000\t\n",
    )
    begun = time.monotonic()
    page.keyboard.press("Control+v")
    expect(page.locator("#grid-told")).to_contain_text("Đã dán 200 dòng. Bỏ qua dòng tổng cộng.")
    assert time.monotonic() - begun < PASTE_SECONDS
    expect(page.locator("#totals tfoot")).to_contain_text("Khớp")
    assert (lines_of(portal, batch), sum_of(portal, batch)) == (200, 22_000_000)
    expect(cell(page, 1, "Họ tên, đơn vị")).to_be_focused()
    page.keyboard.press("Control+z")
    expect(page.locator("#grid-told")).to_contain_text("Đã hoàn tác 200 dòng.")
    assert lines_of(portal, batch) == 0


def test_lines_are_put_in_taken_out_and_brought_back(browse, portal) -> None:
    page = browse("recorder")
    batch = open_batch(page, "Buổi chèn và xóa")
    type_line(page, "A", "", "10k")
    type_line(page, "B", "", "20k")
    keys = page.keyboard
    keys.press("ArrowUp")
    expect(cell(page, 2, "Họ tên, đơn vị")).to_be_focused()
    keys.press("Alt+Insert")
    type_line(page, "Ở giữa", "", "15k")
    expect(cell(page, 3, "Họ tên, đơn vị")).to_have_value("B")
    saved(page)
    keys.press("Alt+Delete")  # the line after the new one: B
    expect(page.locator("#grid-told")).to_contain_text("Đã xóa một dòng")
    assert sum_of(portal, batch) == 25_000
    keys.press("Control+z")
    expect(cell(page, 3, "Họ tên, đơn vị")).to_have_value("B")
    assert sum_of(portal, batch) == 45_000
    page.reload()
    names = page.evaluate(
        "[...document.querySelectorAll('tr.line[id] td:nth-of-type(1) input')].map(one => one.value)"
    )
    assert names == ["A", "Ở giữa", "B"]


def test_a_lost_network_loses_nothing(browse, portal, watched) -> None:
    page = browse("recorder")
    batch = open_batch(page, "Buổi mất mạng")
    type_line(page, "Trước khi mất", "", "10k")
    saved(page)
    page.context.set_offline(True)
    type_line(page, "Trong lúc mất", "", "20k")
    expect(page.locator("#grid-saved")).to_contain_text("Chưa lưu 1 dòng")
    type_line(page, "Vẫn gõ tiếp", "", "30k")
    expect(page.locator("#grid-saved")).to_contain_text("Chưa lưu 2 dòng")
    assert lines_of(portal, batch) == 1
    page.context.set_offline(False)
    saved(page)
    assert (lines_of(portal, batch), sum_of(portal, batch)) == (3, 60_000)
    kept = page.evaluate("Object.keys(sessionStorage).filter(key => key.startsWith('dot-nhap'))")
    assert kept == [], "what is saved does not stay in the browser"
    watched.complaints = [text for text in watched.complaints if "ERR_INTERNET_DISCONNECTED" not in text]


def test_an_ended_session_leads_back_and_saves(browse, portal, watched) -> None:
    watched.expected = (401,)
    page = browse("recorder")
    batch = open_batch(page, "Buổi hết phiên")
    type_line(page, "Dòng đầu", "", "10k")
    saved(page)
    page.wait_for_load_state("networkidle")
    page.context.clear_cookies()
    type_line(page, "Gõ sau khi hết phiên", "", "20k")
    expect(page.locator("#grid-told")).to_contain_text("Phiên làm việc đã hết")
    type_line(page, "Và gõ tiếp", "", "30k")
    page.get_by_role("link", name="Đăng nhập lại").click()
    page.get_by_label("Thư điện tử").fill(MAIL["recorder"])
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Buổi hết phiên")
    saved(page)
    assert (lines_of(portal, batch), sum_of(portal, batch)) == (3, 60_000)


def test_an_answer_that_never_came_makes_no_second_line(browse, portal, watched) -> None:
    page = browse("recorder")
    batch = open_batch(page, "Buổi mất câu trả lời")
    lost = []

    def lose(route) -> None:  # type: ignore[no-untyped-def]
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch().status)
            route.abort()

    page.route("**/dong.json", lose)
    type_line(page, "Chỉ một lần", "", "10k")
    expect(page.locator("#grid-saved")).to_contain_text("Chưa lưu 1 dòng")
    saved(page)
    assert lost == [200] and lines_of(portal, batch) == 1
    watched.complaints = [text for text in watched.complaints if "ERR_FAILED" not in text]


def test_two_people_at_one_line_choose(browse, portal, watched) -> None:
    watched.expected = (409,)
    first, second = browse("recorder"), browse("accountant")
    batch = open_batch(first, "Buổi hai người")
    type_line(first, "Một người", "ấp 1", "10k")
    saved(first)
    second.goto(f"/quan-ly/dot-nhap/{batch}")
    cell(first, 1, "Số tiền (đ)").fill("12k")
    first.keyboard.press("Enter")
    expect(cell(first, 1, "Số tiền (đ)")).to_have_value("12.000")
    saved(first)
    cell(second, 1, "Số tiền (đ)").fill("15k")
    cell(second, 1, "Địa chỉ, thôn").fill("ấp 2")
    second.keyboard.press("Enter")
    dialog = second.locator("dialog")
    expect(dialog).to_contain_text("12.000")
    expect(dialog).to_contain_text("Phạm Ngọc Lan")
    assert not barriers(second)
    dialog.get_by_label("12.000").check()
    dialog.get_by_role("button", name="Ghi nội dung đã chọn").click()
    expect(cell(second, 1, "Số tiền (đ)")).to_have_value("12.000")
    expect(cell(second, 1, "Địa chỉ, thôn")).to_have_value("ấp 2")
    saved(second)
    assert sum_of(portal, batch) == 12_000


def test_a_double_click_posts_once(browse, portal) -> None:
    page = browse("recorder")
    batch = open_batch(page, "Buổi bấm đúp", "1", "10.000")
    type_line(page, "Bấm Đúp Đợt Nhập", "", "10k")
    saved(page)
    expect(page.locator("#totals tfoot")).to_contain_text("Khớp")
    page.locator("[data-hand-in]").dblclick()
    expect(page.locator("main")).to_contain_text("Chờ ghi sổ")
    second = browse("accountant")
    second.goto(f"/quan-ly/dot-nhap/{batch}")
    second.get_by_role("button", name="Ghi sổ 1 khoản").dblclick()
    expect(second.locator("main")).to_contain_text("Kết quả ghi sổ")
    second.go_back()
    second.wait_for_load_state("networkidle")
    assert portal.number("SELECT count(*) FROM donation WHERE donor_name = 'Bấm Đúp Đợt Nhập'") == 1


def test_a_suggestion_is_taken_with_enter(browse, portal) -> None:
    page = browse("recorder")
    with sqlite3.connect(f"file:{portal.folder / 'portal.sqlite3'}?mode=ro", uri=True) as books:
        known = books.execute(
            "SELECT name FROM donor WHERE merged_into_id IS NULL AND NOT withdrawn"
        ).fetchone()
    assert known, "the sample has donors"
    batch = open_batch(page, "Buổi có gợi ý")
    page.keyboard.type(known[0][:-1])
    expect(page.locator("#grid-suggest [role=option]").first).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.type("10k")
    page.keyboard.press("Enter")
    saved(page)
    taken = "SELECT count(*) FROM gift_draft WHERE batch_id = ? AND donor_id IS NOT NULL"
    assert portal.number(taken, batch) == 1


def test_the_plain_table_without_javascript(browse, portal) -> None:
    """Typed, saved, pasted, mended, handed in and posted without any script."""
    page = browse("recorder", scripts=False)
    batch = open_batch(page, "Buổi không có mã lệnh", "3", "1.800.000", scripts=False)
    expect(page.locator(".grid-keys")).to_be_hidden()
    cell(page, 1, "Họ tên, đơn vị").fill("Lý Thị Không Mã")
    cell(page, 1, "Số tiền (đ)").fill("500k")
    cell(page, 2, "Họ tên, đơn vị").fill("Lý Văn Không Mã")
    cell(page, 2, "Số tiền (đ)").fill("2.50")
    cell(page, 2, "Số tiền (đ)").press("Enter")  # as the button under the table
    expect(page.locator("main")).to_contain_text("Đã lưu 2 dòng.")
    expect(page.locator(".note-bad")).to_contain_text("chưa rõ là bao nhiêu")
    page.locator("summary", has_text="Dán bảng").click()
    page.get_by_label("Các dòng chép từ bảng tính").fill("Họ tên\tSố tiền\nLý Dán\t1tr\n")
    page.get_by_role("button", name="Thêm các dòng này").click()
    expect(page.locator("main")).to_contain_text("Đã dán 1 dòng.")
    cell(page, 2, "Số tiền (đ)").fill("300k")
    page.get_by_role("button", name="Lưu trang này").last.click()
    expect(page.locator("#totals tfoot")).to_contain_text("Khớp")
    page.locator("[data-hand-in]").click()
    expect(page.locator("main")).to_contain_text("Đã giao ghi sổ")
    second = browse("approver", scripts=False)
    second.goto(f"/quan-ly/dot-nhap/{batch}")
    second.get_by_role("button", name="Ghi sổ 3 khoản").click()
    expect(second.locator("main")).to_contain_text("Đã ghi sổ 3 khoản")
    assert portal.number("SELECT count(*) FROM donation WHERE donor_name LIKE 'Lý%Không Mã'") == 2


def test_the_grid_keeps_what_every_page_must(browse) -> None:
    """A grid with errors and twins: no barrier, nothing sticks out on a phone."""
    page = browse("recorder")
    open_batch(page, "Buổi được soi")
    type_line(page, "A", "", "10k")
    type_line(page, "A", "", "10k")
    type_line(page, "B", "", "2.50")
    expect(page.locator(".note-bad")).to_be_visible()
    saved(page)
    assert not barriers(page)
    assert not overflow(page, PHONE)
    page.goto(page.url.split("#")[0] + "/sua")
    assert not barriers(page)
