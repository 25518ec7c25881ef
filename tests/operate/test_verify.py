"""`portal verify` finds what was changed behind the portal's back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.config import Config
from portal.kit.db import db
from portal.statements.actions import import_file
from portal.statements.models import Statement
from tests.cast import Cast, make_account, make_campaign
from tests.operate.conftest import Books
from tests.statements.samples import ACCOUNT, write_vcb_csv


def test_untouched_books_agree(books: Books) -> None:
    assert books.problem() is None


def test_a_flipped_amount_of_a_gift_is_named(books: Books) -> None:
    books.bypass(f"UPDATE ledger_transfer SET amount = 5000000 WHERE posting_number = {books.number}")
    problem = books.problem()
    assert problem is not None
    assert "20261102-1" in problem and "500.000" in problem and "5.000.000" in problem


def test_a_flipped_amount_with_its_gift_is_seen_in_the_totals(books: Books) -> None:
    books.bypass(
        f"UPDATE ledger_transfer SET amount = 500001 WHERE posting_number = {books.number}",
        f"UPDATE donation SET amount = 500001 WHERE id = {books.kept}",
    )
    problem = books.problem()
    assert problem is not None and "cộng dồn" in problem and "590.001" in problem


DAMAGE = {
    "a day total": ("UPDATE ledger_day_total SET debit = debit + 1", "ngày 2026-11-02"),
    "a lost day total": ("DELETE FROM ledger_day_total", "tính lại"),
    "a month total": ("UPDATE ledger_month_total SET credit = credit + 1", "tháng từ 2026-11-01"),
    "a lost document": ("DELETE FROM ledger_transfer WHERE posting_number = {number}", "thiếu bút toán"),
    "an account of another unit": (
        "UPDATE ledger_account SET unit_id = (SELECT id FROM unit WHERE code = 'AL') WHERE kind = 'cash'",
        "đơn vị hoặc quỹ",
    ),
    "a reversal that differs": (
        "UPDATE ledger_transfer SET amount = 80000 WHERE posting_number ="
        " (SELECT number FROM ledger_posting WHERE reverses IS NOT NULL)",
        "Bút toán đảo",
    ),
    "a skipped receipt number": (
        "UPDATE ledger_posting SET series_no = 7 WHERE series_no = 2",
        "số 7 đứng ở chỗ của số 2",
    ),
    "a receipt number given out and not written": ("UPDATE numbering SET last = 3", "đã cấp đến số 3"),
    "a lost entry": ("UPDATE entry SET number = 9 WHERE number = 3", "Số thứ tự 9"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_each_kind_of_damage_is_found(books: Books, damage: str) -> None:
    statement, said = DAMAGE[damage]
    books.bypass(statement.format(number=books.number))
    problem = books.problem()
    assert problem is not None and said in problem, problem


def test_a_statement_agrees_line_by_line(
    db_session: Session, cast: Cast, config: Config, tmp_path: Path
) -> None:
    make_account(unit=cast.commune, code="TK1", number=ACCOUNT)
    make_campaign(unit=cast.commune, code="D1", starts_on=date(2026, 8, 1), ends_on=date(2026, 9, 30))
    write_vcb_csv(tmp_path / "saoke.csv", rows=40)
    db_session.commit()
    import_file(tmp_path / "saoke.csv", account_code="TK1", campaign_code="D1")
    number = db_session.scalars(select(Statement.posting_number)).one()
    db_session.commit()
    db.engine.dispose()
    books = Books(0, number or 0, config)
    assert books.problem() is None
    books.bypass("UPDATE statement_line SET credit = credit + 1000 WHERE credit IS NOT NULL")
    problem = books.problem()
    assert problem is not None and problem.startswith("Sao kê số 1, dòng")
