"""The scoring grid in real Chromium: by keyboard, saved as one types, two people at one sheet, without JavaScript."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE
from tests.browser.looking import overflow
from tests.browser.places import SELF_SHEET


def points(page: Page):  # type: ignore[no-untyped-def]
    """The cells of points, in order."""
    return page.locator("tr.line td.fill input[name$=_points]")


def saved(page: Page) -> None:
    """What was typed has come to the server."""
    expect(page.locator("#grid-saved")).to_contain_text("Đã lưu", timeout=15_000)
    expect(page.locator("tr.is-unsaved")).to_have_count(0)


def test_the_grid(browse, portal, watched) -> None:  # type: ignore[no-untyped-def]
    watched.expected = (200, 409, 422)
    address = f"/quan-ly/thi-dua/phong-trao/phieu/{portal.number(SELF_SHEET)}"
    mine, theirs = browse("recorder"), browse("accountant")
    for page in (mine, theirs):
        page.goto(address)
    points(mine).nth(3).focus()
    mine.keyboard.type("17,5")
    mine.keyboard.press("Enter")
    saved(mine)
    expect(points(mine).nth(4)).to_be_focused()
    mine.keyboard.type("99")
    mine.keyboard.press("Enter")
    expect(mine.locator("tr.line-note:not([hidden])")).to_contain_text("cao hơn điểm chuẩn")
    points(mine).nth(4).press("Escape")
    expect(points(mine).nth(4)).to_have_value("")
    expect(points(theirs).nth(3)).to_have_value("17,5", timeout=20_000)
    points(theirs).nth(5).fill("11")
    points(theirs).nth(5).press("Enter")
    saved(theirs)
    points(mine).nth(5).fill("12")
    points(mine).nth(5).press("Enter")
    expect(mine.locator("tr.line-note:not([hidden])")).to_contain_text("người khác vừa ghi “11”")
    points(mine).nth(5).press("Enter")
    saved(mine)
    mine.keyboard.press("F8")
    expect(
        points(mine).nth(7)
    ).to_be_focused()  # Enter led to the seventh, F8 to the next that nobody has scored
    phone = browse("recorder", size=PHONE, scripts=False)
    phone.goto(address)
    assert not overflow(phone, PHONE)
    expect(points(phone).nth(5)).to_have_value("12")
    points(phone).nth(6).fill("0")
    phone.get_by_role("button", name="Lưu phiếu").last.click()
    expect(points(phone).nth(6)).to_have_value("0")
