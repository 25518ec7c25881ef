"""A resident with a small phone: home, campaign, search, bulletin; with scripts and without."""

from __future__ import annotations

import re
import sqlite3

import pytest
from playwright.sync_api import Page, expect

from portal.kit.vietnamese import fold
from tests.browser.conftest import PHONE
from tests.browser.papers import text_of_pdf

GIVER = """SELECT d.id, d.donor_name FROM donation d WHERE d.shown_as = 'name' AND d.donor_kind = 'person'
AND d.donor_name LIKE '%Đ%' AND d.posting_number NOT IN (SELECT reverses FROM ledger_posting WHERE
reverses IS NOT NULL) ORDER BY d.id DESC LIMIT 1"""


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
def phone(request, browse) -> Page:
    """A phone of 360 pixels."""
    return browse(size=PHONE, scripts=request.param)


@pytest.fixture
def giver(portal) -> tuple[str, str]:
    """(code, name) of a gift whose giver is shown by name, with a Đ in it."""
    with sqlite3.connect(f"file:{portal.folder / 'portal.sqlite3'}?mode=ro", uri=True) as connection:
        number, name = connection.execute(GIVER).fetchone()
    return "{}-{}".format(*divmod(number, 10**7)), name


def ask(page: Page, words: str) -> None:
    page.goto("/tra-cuu")
    page.locator("#q").fill(words)
    page.get_by_role("button", name="Tra cứu").click()
    page.wait_for_url("**/tra-cuu?q=*")
    expect(page.locator("#q")).to_have_value(words)


def test_from_home_to_a_campaign_and_a_gift(phone) -> None:
    phone.goto("/")
    expect(phone.locator("body")).to_contain_text("Dữ liệu minh họa")
    expect(phone.locator("main")).to_contain_text("Số dư")
    phone.locator("main a[href^='/dot-van-dong/XUAN']").first.click()  # of the sample, so it has gifts
    expect(phone.locator(".total-value")).to_be_visible()
    phone.locator("main a[href^='/khoan-ung-ho/']").first.click()
    expect(phone.locator("main")).to_contain_text("Sổ sách ghi gì?")


def test_accents_case_and_order_do_not_matter(phone, giver) -> None:
    code, name = giver
    words = name.split()
    plain = fold(name)
    typed = [
        name,
        name.upper(),
        plain,
        plain.upper(),
        " ".join(reversed(words)),
        " ".join(reversed(plain.split())),
    ]
    for text in typed:
        ask(phone, text)
        expect(phone.locator(f"a[href='/khoan-ung-ho/{code}']"), f"“{text}” finds “{name}”").to_be_visible()


def test_d_with_and_without_a_stroke_are_one(phone, giver) -> None:
    code, name = giver
    for text in (name.replace("Đ", "D").replace("đ", "d"), name.lower()):
        ask(phone, text)
        expect(phone.locator(f"a[href='/khoan-ung-ho/{code}']")).to_be_visible()


def test_a_name_that_is_not_there_is_not_found(phone, giver) -> None:
    for text in ("Nguyễn Không Hề Có", f"{giver[1]} Xyz"):
        ask(phone, text)
        expect(phone.locator(".empty-title")).to_have_text("Không có kết quả")
        expect(phone.locator("main table")).to_have_count(0)


def test_the_example_of_the_home_page_finds_something_or_says_that_there_is_nothing(phone) -> None:
    phone.goto("/")
    phone.locator("#q-hint a").click()
    phone.wait_for_url("**/tra-cuu?q=*")
    expect(phone.locator(".answer-count")).to_be_visible()


def test_more_rows_and_back(phone) -> None:
    phone.goto("/tra-cuu")
    first = phone.locator("tbody tr a").first.get_attribute("href")
    phone.locator("a[rel=next]").click()
    phone.wait_for_url(re.compile("sau="))
    expect(phone.locator("tbody tr a").first).not_to_have_attribute("href", first or "")
    phone.get_by_role("link", name="Về đầu").click()
    expect(phone.locator("tbody tr a").first).to_have_attribute("href", first or "")


def test_a_search_typed_wrong_says_where(phone, watched) -> None:
    watched.expected = (422,)
    phone.goto("/tra-cuu?tu=31/02/2026")
    expect(phone.locator(".field-error")).to_contain_text("31/02/2026")
    expect(phone.get_by_label("Từ ngày")).to_have_value("31/02/2026")


def test_bulletins_as_page_and_as_paper(phone) -> None:
    phone.goto("/ban-tin/")
    address = phone.get_by_role("link", name="PDF").first.get_attribute("href") or ""
    phone.locator("tbody a:not([href$='.pdf'])").first.click()
    expect(phone.locator("body")).to_contain_text("QUỸ “VÌ NGƯỜI NGHÈO”")
    pdf = phone.request.get(address)
    assert pdf.status == 200
    text = text_of_pdf(pdf.body())
    assert "VÌ NGƯỜI NGHÈO" in text.upper() and "\ufffd" not in text
