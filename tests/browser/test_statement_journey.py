"""A bank statement from the accountant's file to the resident's search."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portal.kit.days import today_in_vietnam
from tests.browser.conftest import PHONE, SMALL_PHONE
from tests.browser.looking import barriers, overflow
from tests.browser.papers import write_statement

PATIENCE = 60  # seconds for the work behind the pages
SENDERS = {True: "DO THI DUONG DAI", False: "VO DUC THAM LANG"}
FOUND = {True: "Đỗ Thị Đường Dài", False: "vo duc tham lang"}


def upload(page: Page, path: Path) -> None:
    page.goto("/quan-ly/sao-ke/nap")
    page.get_by_label("Tài khoản").select_option(index=1)
    page.get_by_label("Đợt vận động nhận tiền").select_option(index=1)
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Kiểm tra tệp").click()
    page.wait_for_url("**/kiem-tra/*")


def follow(page: Page, *, scripts: bool) -> None:
    """Wait until the piece of work on this page has ended; without scripts by asking again."""
    job = page.locator("#job[aria-busy=false]")
    if scripts:
        job.wait_for(timeout=PATIENCE * 1000)
        return
    limit = time.monotonic() + PATIENCE
    while not job.count() and time.monotonic() < limit:
        page.get_by_role("link", name="Xem lại tiến độ").click()
        page.wait_for_load_state()
        time.sleep(0.5)
    expect(job).to_be_visible()


def expect_found(page: Page, words: str, count: int) -> None:
    """The search follows the books within moments."""
    limit = time.monotonic() + PATIENCE
    while True:
        page.goto(f"/tra-cuu?q={words}")
        if page.locator(".answer-count").count() or time.monotonic() > limit:
            break
        time.sleep(0.5)
    expect(page.locator(".answer-count")).to_contain_text(f"{count} khoản")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_statement_from_file_to_search(browse, portal, tmp_path, scripts) -> None:
    sender, path = SENDERS[scripts], tmp_path / f"sao-ke-{scripts}.csv"
    gifts = [(100_000 + n, f"{sender} ung ho vi nguoi ngheo lan {n}") for n in range(1, 41)]
    write_statement(path, gifts, today_in_vietnam())
    before = portal.number("SELECT count(*) FROM donation")
    page = browse("accountant", scripts=scripts)
    upload(page, path)
    follow(page, scripts=scripts)
    expect(page.locator("main")).to_contain_text("40 dòng")
    expect(page.locator("main")).to_contain_text("Số ngân hàng in đều khớp")
    expect(page.locator("main")).to_contain_text("4.000.820")
    assert portal.number("SELECT count(*) FROM donation") == before, "posted before the second word"
    if scripts:
        assert not barriers(page) and not overflow(page, PHONE) and not overflow(page, SMALL_PHONE)

    page.get_by_role("button", name="Ghi sổ 40 dòng").click()
    page.wait_for_url("**/quan-ly/viec/*")
    follow(page, scripts=scripts)
    expect(page.locator("#job")).to_contain_text("Đã xong")
    page.reload()
    if scripts:
        assert not barriers(page) and not overflow(page, PHONE) and not overflow(page, SMALL_PHONE)
    page.get_by_role("link", name="Xem kết quả").click()
    expect(page.locator("main")).to_contain_text("đã ghi sổ")
    assert portal.number("SELECT count(*) FROM donation") == before + 40
    expect_found(browse(size=PHONE, scripts=scripts), FOUND[scripts], 40)

    upload(page, path)
    follow(page, scripts=scripts)
    expect(page.locator("main")).to_contain_text("Không có dòng mới")
    assert portal.number("SELECT count(*) FROM donation") == before + 40


def test_a_statement_that_does_not_tie_is_not_posted(browse, portal, tmp_path, watched) -> None:
    watched.expected = (422,)
    path = tmp_path / "lech.csv"
    write_statement(path, [(90_000, "TRINH VAN LECH ung ho")], today_in_vietnam(), off_by=1_000)
    before = portal.number("SELECT count(*) FROM ledger_posting")
    page = browse("accountant")
    upload(page, path)
    follow(page, scripts=True)
    expect(page.locator("main")).to_contain_text("Chưa ghi sổ được")
    expect(page.locator("main")).to_contain_text("Chưa có gì được ghi")
    assert not barriers(page)
    assert portal.number("SELECT count(*) FROM ledger_posting") == before


def test_a_table_brought_and_written(browse, portal, tmp_path) -> None:
    """The other way in: a table of units, looked at before it is written."""
    path = tmp_path / "don-vi.csv"
    rows = ["Mã đơn vị,Tên đơn vị,Cấp,Mã đơn vị cấp trên", "MH90,Xã Thử Một,xã,MH", "MH91,Xã Thử Hai,xã,MH"]
    path.write_text("\n".join(rows), encoding="utf-8-sig")
    page = browse("administrator")
    page.goto("/quan-ly/nhap-bang/")
    page.get_by_role("link", name="Nạp tệp đơn vị").click()
    assert not barriers(page) and not overflow(page, PHONE) and not overflow(page, SMALL_PHONE)
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Kiểm tra tệp").click()
    expect(page.locator("main")).to_contain_text("Chưa ghi gì vào sổ")
    assert not barriers(page) and not overflow(page, PHONE) and not overflow(page, SMALL_PHONE)
    assert portal.number("SELECT count(*) FROM unit WHERE code LIKE 'MH9%'") == 0
    page.get_by_role("button", name="Ghi vào sổ").click()
    expect(page.locator("main")).to_contain_text("Bảng đã được ghi vào sổ")
    assert portal.number("SELECT count(*) FROM unit WHERE code LIKE 'MH9%'") == 2
