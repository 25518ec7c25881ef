"""A ceremony: one officer types, the hall reads; with keys only, and without scripts."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.places import HALL

BOARD = "/quan-ly/dang-ky/bang/"
HALL_SCREEN = (1920, 1080)


def hall_of(portal) -> str:
    return BOARD + str(portal.number(HALL))


def test_what_is_typed_at_the_desk_stands_on_the_board_by_itself(browse, portal) -> None:
    hall, desk = browse("approver", size=HALL_SCREEN), browse("recorder")
    hall.goto(hall_of(portal))
    assert hall.evaluate("document.documentElement.scrollHeight <= innerHeight"), "one screen, no scrolling"
    hall.evaluate("window.stayed = true")
    desk.goto(hall_of(portal) + "/ghi")
    expect(desk.get_by_label("Người đăng ký")).to_be_focused()
    for amount in ("123456789", "7tr5"):
        desk.keyboard.type("Công ty Lễ Hội Đầu Xuân")
        desk.keyboard.press("Escape")
        desk.keyboard.press("Tab")
        desk.keyboard.type(amount)
        desk.keyboard.press("Tab")
        desk.keyboard.press("Tab")
        desk.keyboard.type("Doanh")
        with desk.expect_navigation():  # the notice of the line before still stands until then
            desk.keyboard.press("Enter")
        expect(desk.locator("#notices")).to_contain_text("Đã đưa lên bảng")
        expect(desk.get_by_label("Người đăng ký")).to_be_focused()
    newest = hall.locator(".hall-newest")
    expect(newest).to_contain_text("Công ty Lễ Hội Đầu Xuân")
    expect(newest).to_contain_text("7.500.000")
    expect(hall.locator(".hall-list li").first).to_contain_text("123.456.789")
    assert hall.evaluate("window.stayed"), "the page was not loaded anew"


def test_the_desk_and_the_board_without_scripts(browse, portal) -> None:
    desk = browse("recorder", scripts=False)
    desk.goto(hall_of(portal) + "/ghi")
    desk.get_by_label("Người đăng ký").fill("Hội Mộc Mạc")
    desk.get_by_label("Loại").select_option(label="Tổ chức")
    desk.get_by_label("Hiện vật, nhà, công").fill("3 tấn gạo")
    desk.get_by_label("Hiện vật, nhà, công").press("Enter")
    expect(desk.locator("#notices")).to_contain_text("3 tấn gạo")
    hall = browse("approver", scripts=False)
    hall.goto(hall_of(portal))
    expect(hall.locator(".hall-newest")).to_contain_text("3 tấn gạo")
    assert hall.locator("noscript meta[http-equiv=refresh], meta[http-equiv=refresh]").count() == 1
