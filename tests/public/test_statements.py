"""/sao-ke: which published accounts and days are covered, and nothing of the others."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from portal.kit.days import format_day
from portal.statements.completeness import BROKEN, NOT_PROVABLE
from tests.cast import make_account, make_campaign, make_donation
from tests.public.test_pages import TODAY, statements_of, text_of
from tests.statements.records import make_line, make_statement

YEAR = TODAY.year - 1  # a year that is over
FIRST, LAST = date(YEAR, 1, 1), date(YEAR, 12, 31)
ADDRESS = f"/sao-ke?nam={YEAR}"
NUMBER = "6605205000086"


@pytest.fixture
def account(cast, db_session):
    return make_account(unit=cast.province, code="AGR.1", bank="Agribank", number=NUMBER)


@pytest.fixture
def hidden(cast, db_session):
    """An account that is not published, with a statement."""
    account = make_account(
        unit=cast.commune, code="KIN", bank="BIDV", number="12410007770001", published=False
    )
    make_statement(account, FIRST, LAST, file_sha256="e" * 64)
    return account


def day(month, number):
    return date(YEAR, month, number)


def bring_all(account, user):
    """A year of four states: proved to 31/3 with a quiet week, not provable to 30/6, broken in July, then nothing."""
    return [
        make_statement(account, FIRST, day(3, 31), gaps=[(day(2, 2), day(2, 8), True)]),
        make_statement(account, day(4, 1), day(6, 30), completeness=NOT_PROVABLE, opening=None, closing=None),
        make_statement(
            account,
            day(7, 1),
            day(7, 31),
            completeness=BROKEN,
            override_by_id=user.id,
            override_reason="Ngân hàng in thiếu trang 7. Gọi 0912 345 678",
        ),
    ]


def test_an_empty_portal_says_so(app, client):
    assert "chưa công khai sao kê của tài khoản nào" in text_of(client.get("/sao-ke"))
    assert client.get("/sao-ke.json").json["accounts"] == []
    assert client.get("/sao-ke.csv").text.count("\n") == 1
    assert "Chưa công khai sao kê của tài khoản nào" in text_of(client.get("/"))


def test_an_account_without_anything_has_nothing_to_cover(client, account):
    assert "Agribank 6605205000086" in text_of(client.get("/sao-ke"))
    page = text_of(client.get("/sao-ke/AGR.1"))
    assert "chưa có khoản nào phát sinh" in page and "Chưa nạp sao kê nào" in page


def test_days_are_told_by_state_and_add_up(client, account, accountant):
    bring_all(account, accountant)
    listed = text_of(client.get(ADDRESS))
    days = (LAST - FIRST).days + 1
    covered = (day(7, 31) - FIRST).days + 1
    assert f"Có sao kê {covered}/{days} ngày" in listed
    assert f"{(day(3, 31) - FIRST).days + 1} ngày đã chứng minh đủ, 91 ngày không chứng minh được" in listed
    assert f"31 ngày không khớp, vẫn ghi sổ, 153 ngày chưa có sao kê (01/08/{YEAR} – 31/12/{YEAR})" in listed
    (told,) = client.get(f"/sao-ke.json?nam={YEAR}").json["accounts"]
    assert (
        told["days"]["total"]
        == days
        == sum(told["days"][state] for state in ("proved", "not_provable", "broken", "missing"))
    )
    assert told["runs"][0] == {"from": FIRST.isoformat(), "to": day(3, 31).isoformat(), "state": "proved"}
    assert (told["number"], told["unit"]) == (NUMBER, account.unit.code)


def test_the_page_of_an_account_shows_every_day_and_every_statement(client, account, accountant, cast):
    whole, list_2024, broken = bring_all(account, accountant)
    again = make_statement(account, day(3, 25), day(4, 5), new_rows=2, rows=12)
    make_line(again, 1, day(4, 1), credit=70_000)
    make_line(again, 2, day(4, 2), debit=20_000)
    same = make_statement(account, FIRST, day(3, 31), file_sha256=whole.file_sha256, new_rows=0)
    answer = client.get(f"/sao-ke/AGR.1?nam={YEAR}")
    page = text_of(answer)
    for statement in (whole, list_2024, broken, again, same):
        assert statement.file_sha256 in answer.text.replace("<wbr>", "")
    assert f"theo quyết định của {accountant.name}" in page
    assert "in thiếu trang 7. Gọi ••••" in page and "0912" not in answer.text
    assert f"Trùng ngày 25/03/{YEAR} – 31/03/{YEAR} với sao kê" in page
    assert "Cùng một tệp đã nạp 2 lần" in page
    assert "Cộng 5 sao kê" in page and "Dòng 32 Ghi có (tiền vào) 2.770.000 đ" in page
    assert f'href="/tra-cuu?tai_khoan=AGR.1&amp;tu=08/02/{YEAR}&amp;den=08/02/{YEAR}"' in answer.text
    assert answer.text.count("cover-day cover-day-missing") == 153
    days = client.get(f"/sao-ke/AGR.1.csv?nam={YEAR}").text.splitlines()
    assert len(days) == (LAST - FIRST).days + 2 and days[-1].endswith("Chưa có sao kê")
    totals = client.get(f"/sao-ke/AGR.1.json?nam={YEAR}").json["totals"]
    assert (totals["statements"], totals["rows"], totals["credits"], totals["debits"]) == (
        5,
        32,
        2_770_000,
        170_000,
    )
    listed = client.get("/sao-ke.csv").text
    assert listed.count("\n") == 6 and whole.file_sha256 in listed and "0912" not in listed


def test_a_day_leads_to_its_gifts(client, account, cast, db_session):
    when = TODAY - timedelta(days=40)
    campaign = make_campaign(unit=cast.province, starts_on=TODAY - timedelta(days=90), ends_on=None)
    make_donation(campaign=campaign, form="bank", bank_account=account, amount=320_000, day=when)
    make_donation(campaign=campaign, form="bank", bank_account=account, amount=1_000, day=TODAY)
    found = client.get(f"/tra-cuu?tai_khoan=AGR.1&tu={format_day(when)}&den={format_day(when)}")
    assert "1 khoản cộng 320.000 đ" in text_of(found)


def test_what_is_not_published_or_not_posted_never_appears(client, account, hidden, accountant):
    for state in ("staged", "failed", "cancelled", "undone"):
        make_statement(account, FIRST, LAST, state=state, file_sha256="f" * 64)
    for address in (
        ADDRESS,
        f"/sao-ke.json?nam={YEAR}",
        "/sao-ke.csv",
        f"/sao-ke/AGR.1?nam={YEAR}",
        "/",
        "/thu-chi",
        "/tra-cuu",
    ):
        text = client.get(address).text.replace("<wbr>", "")
        for secret in ("KIN", "12410007770001", "e" * 64, "f" * 64):
            assert secret not in text, (address, secret)
    assert client.get("/sao-ke/KIN").status_code == 404
    assert client.get("/sao-ke/KIN.json").status_code == 404
    assert client.get("/sao-ke/khong-co").status_code == 404


@pytest.mark.parametrize("year", ["abc", "20261", "1999", "2999", "²²²²"])
def test_a_wrong_year_is_refused_with_the_right_ones(client, account, year):
    answer = client.get(f"/sao-ke?nam={year}")
    assert answer.status_code == 422 and ("Gõ năm" in answer.text or "Chọn một năm" in answer.text)


def test_years_lead_to_each_other(client, account):
    make_statement(account, FIRST, LAST)
    page = client.get("/sao-ke").text
    assert f"/sao-ke?nam={YEAR}" in page and 'aria-current="true"' in page


def test_the_other_pages_say_how_far_the_statements_reach(client, account, cast):
    assert "Sao kê tài khoản Agribank 6605205000086: chưa có." in text_of(client.get("/"))
    first, yesterday = date(TODAY.year, 1, 1), TODAY - timedelta(days=1)
    if yesterday < first:
        pytest.skip("the first day of a year has no day that is over")
    make_statement(account, first, yesterday)
    days = (yesterday - first).days + 1
    wanted = f"Sao kê tài khoản Agribank 6605205000086: đủ {days}/{days} ngày"
    for address in ("/", "/thu-chi", "/tra-cuu"):
        assert wanted in text_of(client.get(address)), address
    others = [make_account(unit=cast.commune) for _ in range(3)]
    make_statement(others[0], first, first)
    home = text_of(client.get("/"))
    assert "Sao kê của 4 tài khoản: 1 tài khoản đủ mọi ngày" in home


def test_an_unchanged_page_is_not_computed_again(client, account, db_session):
    make_statement(account, FIRST, LAST)
    first = client.get(ADDRESS)
    again = client.get(ADDRESS, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and first.headers["Cache-Control"].startswith("public")


@pytest.mark.parametrize("address", [ADDRESS, f"/sao-ke/AGR.1?nam={YEAR}", f"/sao-ke.json?nam={YEAR}"])
def test_the_same_few_questions_for_2_and_60_statements(app, client, account, cast, address):
    def more(count):
        for number in range(count):
            first = FIRST + timedelta(days=number * 5)
            make_statement(account, first, first + timedelta(days=6), rows=9, new_rows=5)

    more(2)
    few = statements_of(app, client, address)
    more(58)
    for _ in range(5):
        make_statement(make_account(unit=cast.commune), FIRST, LAST)
    many = statements_of(app, client, address)
    assert len(few) == len(many) <= 12, "\n".join(many)
