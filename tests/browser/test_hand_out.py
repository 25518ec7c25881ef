"""The hand-over on a phone: at most four taps a household, a lost network, two phones at one list, no JavaScript."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE
from tests.browser.places import HANDING

OPEN = (
    "SELECT count(*) FROM distribution_row WHERE distribution_id = ? AND outcome IS NULL AND refused IS NULL"
)
TOLD = "SELECT count(*) FROM distribution_row WHERE distribution_id = ? AND outcome = ?"
ANSWERS = "SELECT count(*) FROM distribution_answer WHERE distribution_id = ?"


class Taps:
    """Every tap of a person is counted."""

    def __init__(self, page: Page):
        self.page, self.count = page, 0

    def button(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()
        self.count += 1

    def summary(self, name: str) -> None:
        self.page.locator("summary", has_text=name).click()
        self.count += 1


def open_list(browse, portal, *, scripts: bool = True) -> tuple[Page, int]:
    number = portal.number(HANDING)
    page = browse("recorder", size=PHONE, scripts=scripts)
    page.goto(f"/quan-ly/trao-qua/{number}/ky-nhan")
    return page, number


def name_of(page: Page) -> str:
    return page.locator("[data-fill=name]").inner_text()


def all_saved(page: Page) -> None:
    expect(page.locator("#ho-waiting")).to_be_hidden(timeout=15_000)


def test_at_most_four_taps_a_household(browse, portal) -> None:
    page, number = open_list(browse, portal)
    before, taps = portal.number(OPEN, number), Taps(page)
    first = name_of(page)
    taps.button("Đã trao")
    expect(page.locator("[data-fill=name]")).not_to_have_text(first)
    assert taps.count == 1
    all_saved(page)
    assert portal.number(OPEN, number) == before - 1
    taps = Taps(page)
    taps.summary("Người khác nhận")
    expect(page.locator("#ho-proxy")).to_be_focused()  # ready to be typed into: no tap
    page.keyboard.type("Nguyễn Thị Bé")
    taps.button("Con")
    taps.button("Ghi nhận thay")
    assert taps.count == 3
    all_saved(page)
    assert portal.number(TOLD, number, "proxy") == 1
    taps = Taps(page)
    taps.summary("Không nhận, trả lại")
    expect(page.locator("#ho-note")).to_be_focused()
    page.keyboard.type("Nhường hộ khác")
    taps.button("Không nhận")
    assert taps.count == 2
    all_saved(page)
    gone = page.locator("[data-just]").inner_text()
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.locator("[data-fill=name]")).to_have_text(gone)
    all_saved(page)
    assert portal.number(TOLD, number, "refused") == 0


def test_a_lost_network_loses_nothing_and_doubles_nothing(browse, portal, watched) -> None:
    page, number = open_list(browse, portal)
    watched.expected = (0,)
    before, answers = portal.number(OPEN, number), portal.number(ANSWERS, number)
    page.context.set_offline(True)
    watched.complaints.clear()
    told = []
    for _ in range(3):
        told.append(name_of(page))
        page.get_by_role("button", name="Đã trao", exact=True).click()
    expect(page.locator("#ho-waiting")).to_contain_text("3 chờ gửi")
    expect(page.locator("li.is-waiting")).to_have_count(3)
    expect(page.locator("li.is-waiting").first).to_contain_text("chưa lưu")
    assert portal.number(OPEN, number) == before
    page.context.set_offline(False)
    all_saved(page)
    assert portal.number(OPEN, number) == before - 3
    assert portal.number(ANSWERS, number) == answers + 3
    expect(page.locator("li.is-waiting")).to_have_count(0)
    # an answer that came to the server while its reply was lost is sent again, and is the same answer
    lost = []

    def lose(route) -> None:  # type: ignore[no-untyped-def]
        lost.append(route.fetch().status)
        route.abort()

    page.context.route("**/ky-nhan.json", lose, times=1)
    page.get_by_role("button", name="Đã trao", exact=True).click()
    expect(page.locator("#ho-waiting")).to_be_visible()
    all_saved(page)
    assert lost == [200] and portal.number(ANSWERS, number) == answers + 4
    # what waited in a page that was closed is sent by the next one
    page.context.route("**/ky-nhan.json", lambda route: route.abort())
    waiting = name_of(page)
    page.get_by_role("button", name="Vắng mặt", exact=True).click()
    expect(page.locator("#ho-waiting")).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"/quan-ly/trao-qua/{number}/ky-nhan")
    row = page.locator("[data-rows=da-ghi] li", has_text=waiting)
    expect(row).to_contain_text("Vắng mặt · chưa lưu")
    page.context.unroute("**/ky-nhan.json")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    all_saved(page)
    expect(row).not_to_contain_text("chưa lưu")
    assert portal.number(ANSWERS, number) == answers + 5
    watched.complaints[:] = [said for said in watched.complaints if "ERR_" not in said]


def test_two_phones_at_one_list(browse, portal, watched) -> None:
    watched.expected = (409,)
    one, number = open_list(browse, portal)
    other, _ = open_list(browse, portal)
    both = name_of(one)
    assert name_of(other) == both
    one.get_by_role("button", name="Vắng mặt", exact=True).click()
    all_saved(one)
    other.get_by_role("button", name="Đã trao", exact=True).click()
    clash = other.locator(".ho-conflict")
    expect(clash).to_contain_text(f"{both}: người khác vừa ghi khác")
    expect(clash).to_contain_text("Vắng mặt")
    away = portal.number(TOLD, number, "absent")
    clash.get_by_role("button", name="Ghi theo tôi").click()
    all_saved(other)
    assert portal.number(TOLD, number, "absent") == away - 1
    shown = one.locator("li[data-card]", has_text=both)
    one.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(shown).to_contain_text("Đã nhận")


def test_without_javascript(browse, portal) -> None:
    page, number = open_list(browse, portal, scripts=False)
    before = portal.number(OPEN, number)
    name = name_of(page)
    page.get_by_role("button", name="Đã trao", exact=True).click()
    expect(page.locator("#ho-undo")).to_contain_text(name)
    assert portal.number(OPEN, number) == before - 1 and name_of(page) != name
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.locator("[data-fill=name]")).to_have_text(name)
    assert portal.number(OPEN, number) == before


def test_search_and_hamlets(browse, portal) -> None:
    page, _ = open_list(browse, portal)
    name = page.locator("[data-rows=chua-ghi] li strong").nth(2).inner_text()
    page.get_by_label("Tìm hộ trong danh sách này").fill(name)
    expect(page.locator("li[data-found]:visible", has_text=name).first).to_be_visible()
    assert page.locator("li[data-found]:visible").count() < page.locator("li[data-found]").count()
    page.locator("li[data-found]:visible", has_text=name).first.click()
    expect(page.locator("[data-fill=name]")).to_have_text(name)
