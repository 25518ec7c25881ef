"""The page of one statement: the certificate in its three states, what it meets, and who let it be posted."""

from __future__ import annotations

from datetime import date

import pytest

from portal.jobs.models import Job
from portal.kit.access import ADMINISTRATOR, APPROVER, AUDITOR, RECORDER
from portal.statements.completeness import BROKEN, NOT_PROVABLE, PROVED
from portal.statements.importing import CHECK
from portal.statements.rules import equation
from tests.cast import grant, make_account, make_user, sign_in
from tests.public.test_pages import text_of
from tests.statements.records import make_statement

FIRST, LAST = date(2026, 8, 1), date(2026, 8, 31)


def check(what, printed, ours, ok, where=""):
    return {"what": what, "printed": printed, "ours": ours, "ok": ok, "where": where}


@pytest.fixture
def account(commune, db_session):
    return make_account(unit=commune, code="TK1")


@pytest.fixture
def show(client, accountant, account, db_session):
    """The page of a statement as the accountant reads it."""
    desk = sign_in(client, accountant)

    def page(checks=(), gaps=(), **more):
        statement = make_statement(account, FIRST, LAST, gaps=gaps, **more)
        statement.certificate = {**(statement.certificate or {}), "checks": list(checks)}
        db_session.commit()
        answer = desk.get(f"/quan-ly/sao-ke/{statement.id}")
        assert statement.file_sha256 in answer.text.replace("<wbr>", "")
        return text_of(answer)

    return page


def test_a_proved_statement_shows_every_number_that_ties(show):
    text = show(
        [
            check("Số dòng", 10, 10, True),
            check("Tổng ghi có (đ)", 900_000, 900_000, True),
            check("Số dòng có số dư", 10, 10, True),
        ],
        [(date(2026, 8, 8), date(2026, 8, 9), True)],
        completeness=PROVED,
    )
    assert "Đã chứng minh đủ" in text and "Số dòng có số dư" in text
    assert "Khớp Số dư đầu kỳ + ghi có − ghi nợ: 1.000.000 + 900.000 − 50.000 = 1.850.000 đ" in text
    assert "08/08/2026 – 09/08/2026 Không có giao dịch" in text


def test_what_cannot_be_proved_says_what_is_open(show):
    text = show(
        [check("Tổng ghi có (đ)", None, 900_000, None)],
        [(date(2026, 8, 8), date(2026, 8, 9), False)],
        completeness=NOT_PROVABLE,
        opening=None,
        closing=None,
        reasons=["Sao kê không in đủ số dư đầu kỳ."],
    )
    assert "Không chứng minh được" in text and "không in đủ số dư đầu kỳ" in text
    assert "không có gì để so" in text and "Chưa rõ" in text and "Số dư đầu kỳ + ghi có" not in text


def test_a_broken_one_keeps_name_and_reason(show, accountant):
    text = show(
        [check("Số dư cuối kỳ (đ)", 1_900_000, 1_850_000, False)],
        completeness=BROKEN,
        closing=1_900_000,
        override_by_id=accountant.id,
        override_reason="Ngân hàng in thiếu trang 7.",
    )
    assert f"theo quyết định của {accountant.name}. Lý do: Ngân hàng in thiếu trang 7." in text
    assert "Không khớp Số dư đầu kỳ" in text and "chênh lệch 50.000 đ" in text


def test_overlaps_and_the_same_file_are_told_also_of_later_ones(show, account):
    make_statement(account, date(2026, 8, 20), date(2026, 9, 10), file_name="sau.csv")
    make_statement(account, FIRST, LAST, file_name="lai.csv", file_sha256="a" * 64, new_rows=0)
    make_statement(account, FIRST, LAST, file_name="hoan.csv", state="undone")
    text = show(file_sha256="a" * 64)
    assert "Trùng một số ngày với sao kê “sau.csv”" in text and "Đúng tệp này đã được ghi sổ" in text
    assert "lai.csv" in text and "hoan.csv" not in text


def test_the_equation_is_told_only_of_known_balances():
    assert equation(None, 1, 1, 5) is None and equation(5, 1, 1, None) is None
    assert equation(5, 3, 2, 6) == ("5 + 3 − 2 = 6 đ", True)
    assert equation(5, 3, 2, 7) == ("5 + 3 − 2 = 6 đ, số dư cuối kỳ là 7 đ, chênh lệch 1 đ", False)


@pytest.mark.parametrize("role", [RECORDER, APPROVER, AUDITOR, ADMINISTRATOR])
def test_only_an_accountant_of_the_unit_may_post_a_statement_that_does_not_tie(
    client, commune, accountant, db_session, role
):
    check = Job(
        kind=CHECK, title="Kiểm tra", unit_id=commune.id, by_id=accountant.id, params={}, state="done"
    )
    db_session.add(check)
    user = make_user(email="khac@minhhoa.example")
    grant(user=user, role=role, unit=commune)
    db_session.commit()
    answer = sign_in(client, user).post(f"/quan-ly/sao-ke/kiem-tra/{check.id}", data={"reason": "Cứ ghi"})
    assert answer.status_code in (403, 404)
