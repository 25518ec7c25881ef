"""Donors in the browser: the picker by keyboard, and the same without scripts."""

from __future__ import annotations

from playwright.sync_api import Page, expect

NEW = "/quan-ly/nha-hao-tam/moi"


def donors_named(portal, name: str) -> int:
    return portal.number("SELECT count(*) FROM donor WHERE name = ?", name)


def open_form(page: Page) -> Page:
    page.goto(NEW)
    units = page.locator("select#unit_id")
    if units.count():
        units.select_option(index=1)
    page.locator("#kind").select_option("person")
    page.locator("#name").focus()
    return page


def send(page: Page) -> None:
    page.get_by_role("button", name="Ghi vào sổ").click()


def type_until_listed(page: Page, text: str) -> None:
    page.keyboard.type(text, delay=10)
    expect(page.locator("#name-list [role=option]").first).to_be_visible()


def test_the_one_in_the_books_is_taken_with_one_key(browse, portal) -> None:
    """Enter takes the marked twin, whatever order and accents; the form then leads to that donor."""
    name = "Mạc Thị Bàn Phím"
    page = open_form(browse("recorder"))
    page.keyboard.type(name)
    page.locator("#phone").fill("0900 777 111")
    page.locator("#address").fill("Ấp Phú Lợi")
    send(page)
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    assert donors_named(portal, name) == 1

    open_form(page)
    type_until_listed(page, "phim mac thi ban")
    assert "0900" not in page.locator("#name-list").inner_text()
    expect(page.locator("#name-list [aria-selected=true]")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("#name")).to_have_value(name)
    expect(page.locator("#address")).to_have_value("Ấp Phú Lợi")
    expect(page.locator("#name-state")).to_contain_text("Lấy người có trong sổ")
    assert page.url.endswith(NEW) and page.locator("#donor_id").input_value()
    send(page)
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    assert donors_named(portal, name) == 1

    open_form(page)
    page.locator("#phone").focus()
    page.keyboard.type("+84 900 777 111", delay=10)
    expect(page.locator("#phone-list [aria-selected=true]")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("#name")).to_have_value(name)


def test_esc_keeps_what_was_typed_as_somebody_new(browse, portal) -> None:
    """No question after that; what is typed on top of a taken one is somebody else again."""
    name = "Mạc Văn Người Mới"
    page = open_form(browse("recorder"))
    page.keyboard.type(name)
    send(page)
    expect(page.get_by_role("heading", name=name)).to_be_visible()

    open_form(page)
    type_until_listed(page, name)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#name-state")).to_contain_text("Lấy người có trong sổ")
    page.keyboard.type(" x")
    expect(page.locator("#donor_id")).to_have_value("")
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    expect(page.locator("#name-list [role=option]").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#name-list")).to_be_hidden()
    expect(page.locator("#name")).to_have_value(name)
    expect(page.locator("#name-state")).to_have_text("Ghi người mới.")
    send(page)
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    assert donors_named(portal, name) == 2


def test_without_scripts_the_twin_is_a_note_with_two_ways(browse, portal, watched) -> None:
    watched.expected = (422,)
    name = "Mạc Thị Không Kịch Bản"
    for text, way, count in (
        (name, None, 1),
        ("mac thi khong kich ban", "Lấy người này", 1),
        (name, "Ghi là người mới", 2),
    ):
        page = browse("recorder", scripts=False)
        open_form(page)
        page.locator("#name").fill(text)
        send(page)
        if way:
            expect(page.get_by_role("alert")).to_contain_text("Trong sổ có thể đã có người này")
            page.get_by_role("button", name=way).first.click()
        expect(page.get_by_role("heading", name=name)).to_be_visible()
        assert donors_named(portal, name) == count
