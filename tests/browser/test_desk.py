"""Lines that wait, worked at the desk with the keyboard alone, and without scripts by buttons."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from portal.kit.days import today_in_vietnam
from tests.browser.conftest import PHONE, SMALL_PHONE
from tests.browser.looking import barriers, overflow
from tests.browser.papers import write_statement
from tests.browser.test_statement_journey import follow

DESK = "/quan-ly/sao-ke/doi-chieu?loai=cho"
SENDERS = {True: "LE THI BAN PHIM", False: "LE THI NUT BAM"}


def bring(page: Page, path, lines: list[tuple[int, str]], *, scripts: bool) -> None:
    """Bring a statement without a campaign: every credit waits for a person."""
    write_statement(path, lines, today_in_vietnam())
    page.goto("/quan-ly/sao-ke/nap")
    page.get_by_label("Tài khoản").select_option(index=1)
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Kiểm tra tệp").click()
    page.wait_for_url("**/kiem-tra/*")
    follow(page, scripts=scripts)
    page.get_by_role("button", name="Ghi sổ").click()
    page.wait_for_url("**/quan-ly/viec/*")
    follow(page, scripts=scripts)


def open_line(page: Page, text: str) -> None:
    page.goto(DESK)
    page.locator(".desk-lines a", has_text=text).first.click()
    page.wait_for_load_state()
    expect(page.locator(".desk-whole")).to_contain_text(text)


def suspense(portal) -> int:
    return portal.number("SELECT count(*) FROM line_settlement WHERE until IS NULL")


def test_a_desk_without_a_mouse(browse, portal, tmp_path) -> None:
    sender, page = SENDERS[True], browse("accountant")
    bring(
        page,
        tmp_path / "ban-phim.csv",
        [(1_234_000, f"{sender} ung ho"), (777_000, "MOT NGUOI KHAC")],
        scripts=True,
    )
    open_line(page, sender)
    assert not barriers(page) and not overflow(page, PHONE) and not overflow(page, SMALL_PHONE)
    settled, where = suspense(portal), page.url
    page.keyboard.press("j")
    page.wait_for_url(lambda url: url != where)
    page.keyboard.press("k")
    page.wait_for_url(where)
    page.keyboard.press("n")
    name = page.get_by_label("Người ủng hộ")
    expect(name).to_be_focused()
    expect(name).to_have_value(sender)
    page.keyboard.press("Escape")
    page.keyboard.press("x")
    expect(page.get_by_label("Lãi tiền gửi")).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("#notices")).to_contain_text("Đã ghi dòng 1.234.000 đ là lãi tiền gửi")
    assert suspense(portal) == settled + 1
    page.locator("[data-desk-ready]").wait_for()
    page.keyboard.press("u")
    expect(page.locator("#notices")).to_contain_text("Đã hoàn tác")
    assert suspense(portal) == settled


def test_a_desk_without_scripts(browse, portal, tmp_path) -> None:
    sender, page = SENDERS[False], browse("accountant", scripts=False)
    bring(page, tmp_path / "nut-bam.csv", [(4_321_000, f"{sender} ung ho")], scripts=False)
    open_line(page, sender)
    settled = suspense(portal)
    page.locator("#new-gift summary").click()
    page.get_by_role("button", name="Ghi khoản ủng hộ 4.321.000 đ").click()
    expect(page.locator("#notices")).to_contain_text("Đã ghi khoản ủng hộ 4.321.000 đ")
    assert suspense(portal) == settled + 1
    page.get_by_role("button", name="Hoàn tác việc vừa làm").click()
    expect(page.locator("#notices")).to_contain_text("Đã hoàn tác")
    assert suspense(portal) == settled


@pytest.mark.parametrize("size", [PHONE, SMALL_PHONE])
def test_accepting_many_on_a_phone(browse, size) -> None:
    page = browse("accountant")
    for address in ("cung-luc", "khoan-da-ghi"):
        page.goto(f"/quan-ly/sao-ke/doi-chieu/{address}")
        assert not overflow(page, size)
