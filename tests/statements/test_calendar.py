"""The calendar of statements for staff: their accounts, published or not, and the missing days as work."""

from __future__ import annotations

from datetime import date

import pytest

from portal.kit.days import today_in_vietnam
from tests.cast import make_account, sign_in
from tests.statements.records import make_statement

YEAR = today_in_vietnam().year - 1
ADDRESS = f"/quan-ly/sao-ke/lich?nam={YEAR}"


@pytest.fixture
def accounts(cast, db_session):
    mine = make_account(unit=cast.commune, code="TK1", published=False)
    others = make_account(unit=cast.other_commune, code="TK2")
    make_statement(mine, date(YEAR, 1, 1), date(YEAR, 3, 31))
    make_statement(mine, date(YEAR, 5, 1), date(YEAR, 12, 31), completeness="not_provable")
    make_statement(others, date(YEAR, 1, 1), date(YEAR, 12, 31))
    db_session.commit()
    return mine, others


def test_missing_days_are_work_for_who_may_bring_them(client, accountant, accounts):
    page = sign_in(client, accountant).get(ADDRESS).text
    assert f"01/04/{YEAR} – 30/04/{YEAR}" in page and "không công khai" in page
    assert "/quan-ly/sao-ke/nap?tk=TK1" in page and "TK2" not in page
    form = client.get("/quan-ly/sao-ke/nap?tk=TK1").text
    assert 'value="TK1" selected' in form or 'selected value="TK1"' in form


def test_who_only_reads_is_not_led_to_the_upload(client, auditor, accounts):
    page = sign_in(client, auditor).get(ADDRESS).text
    assert f"30/04/{YEAR}" in page and "/quan-ly/sao-ke/nap" not in page


def test_one_account_day_by_day_leads_to_its_statements(client, accountant, accounts):
    desk = sign_in(client, accountant)
    page = desk.get(f"{ADDRESS}&tk=TK1").text
    assert page.count("cover-day cover-day-missing") == 30
    assert f"/quan-ly/sao-ke/?tu=02/05/{YEAR}&amp;den=02/05/{YEAR}" in page
    assert desk.get(f"{ADDRESS}&tk=TK2").status_code == 404
    assert desk.get("/quan-ly/sao-ke/lich?nam=xyz").status_code == 422


def test_without_accounts_it_says_what_to_do_first(client, accountant):
    assert "Nạp bảng tài khoản trước" in sign_in(client, accountant).get("/quan-ly/sao-ke/lich").text
