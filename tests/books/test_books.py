"""Books: every row once, in order, with what is left; the same on screen, in the file and on paper."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import event

from portal.books import queries
from portal.books.queries import Book
from portal.books.rules import CASH, DETAIL, Sums
from portal.kit.db import db
from portal.ledger.actions import close_period, reverse
from tests.cast import make_campaign, make_donation, make_fund, sign_in
from tests.printed import text_of_pdf
from tests.spending.builders import make_decision, make_payment, make_row

START, END = date(2026, 1, 1), date(2026, 11, 30)


@pytest.fixture
def spent(commune, accountant, chair):
    """3 gifts of cash, one reversed; a payment to two households; a gift that came late for a closed month."""
    campaign = make_campaign(unit=commune)
    gifts = [
        make_donation(campaign=campaign, amount=amount, day=date(2026, 11, day), by=accountant)
        for amount, day in ((2_000_000, 3), (500_000, 4), (3_000_000, 5))
    ]
    reverse(gifts[1].posting, reason="Ghi trùng", by=accountant, second=chair)
    rows = [
        make_row(campaign=campaign, amount=1_200_000, receiver="Hộ ông Lê Văn Giả"),
        make_row(campaign=campaign),
    ]
    decision = make_decision(unit=commune, maker=accountant, issuer=chair, rows=rows)
    make_payment(decision=decision, maker=accountant, approver=chair)
    close_period(commune, make_fund(), date(2026, 10, 31), by=accountant)
    make_donation(campaign=campaign, amount=700_000, day=date(2026, 10, 20), by=accountant)
    return campaign


def test_the_cash_book_ends_where_the_ledger_does(spent, commune, client, accountant) -> None:
    fund = make_fund()
    book = Book(CASH, commune, fund)
    count, sums = queries.sums_of(book, START, END)
    rows = queries.rows_of(book, START, END)
    assert count == len(rows) == 7
    assert sums == Sums(6_200_000, 2_700_000) and queries.opening_of(book, date(2026, 11, 5)) == 3_200_000
    whole = queries.sums_before(book, START, END, 3)
    assert whole.net == sum(row.came_in - row.went_out for row in rows[:3])
    assert [row for piece in queries.every_row(book, START, END) for row in piece] == rows
    answer = sign_in(client, accountant).get("/quan-ly/so/tien-mat?tu=01/01/2026&den=30/11/2026")
    text = answer.text
    assert "PC-0001/2026" in text and "Hộ ông Lê Văn Giả" in text and "3.500.000" in text
    assert "ghi bổ sung, chứng từ ngày 20/10/2026" in text and "Đảo PT-0002/2026: Ghi trùng" in text
    later = client.get("/quan-ly/so/tien-mat?tu=05/11/2026&den=30/11/2026").text
    assert "Số dư đầu kỳ" in later and "3.200.000" in later


def test_the_detail_book_is_the_campaigns_balance(spent, commune) -> None:
    book = Book(DETAIL, commune, make_fund(), campaign_id=spent.id)
    _, sums = queries.sums_of(book, START, END)
    assert sums.net == 3_500_000
    only = Book(DETAIL, commune, make_fund(), campaign_id=spent.id, purpose="gifts")
    assert queries.sums_of(only, START, END) == (2, Sums(0, 2_200_000))


def test_files_say_what_the_page_says(spent, client, accountant, commune) -> None:
    sign_in(client, accountant)
    csv = client.get("/quan-ly/so/tien-mat?tu=01/01/2026&den=30/11/2026&xuat=csv").get_data(as_text=True)
    lines = csv.strip().splitlines()
    assert lines[0].endswith("Thu (đ),Chi (đ),Tồn (đ)") and lines[-1].endswith(",3500000") and len(lines) == 9
    pdf = client.get("/quan-ly/so/tien-mat?tu=01/01/2026&den=30/11/2026&xuat=pdf")
    text = text_of_pdf(pdf.data)
    for words in (
        "SỔ QUỸ TIỀN MẶT",
        "Số dư đầu kỳ",
        "Cộng phát sinh trong kỳ",
        "6.200.000",
        "Số dư cuối kỳ",
        "3.500.000",
    ):
        assert words in text
    assert client.get("/quan-ly/so/chi-tiet?xuat=xlsx").data[:2] == b"PK"


def test_a_book_of_another_unit_is_not_found(spent, client, outsider, commune) -> None:
    sign_in(client, outsider)
    answer = client.get(f"/quan-ly/so/tien-mat?noi={commune.id}-{make_fund().id}")
    assert answer.status_code == 422 and "không có trong danh sách" in answer.text
    assert "Lê Văn Giả" not in answer.text
    assert client.get(f"/quan-ly/so/tien-mat?noi={commune.id}-{make_fund().id}&xuat=csv").status_code == 404
    wrong = client.get("/quan-ly/so/tien-mat?tu=31/02/2026")
    assert wrong.status_code == 422 and "31/02/2026" in wrong.text


def test_the_number_of_statements_does_not_grow(spent, client, accountant, app) -> None:
    sign_in(client, accountant)
    client.get("/quan-ly/so/tien-mat")  # templates and the like
    counted: list[str] = []
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda c, cu, statement, *rest: counted.append(statement))
    client.get("/quan-ly/so/tien-mat")
    few = len(counted)
    for day in range(6, 26):
        make_donation(campaign=spent, amount=10_000, day=date(2026, 11, day), by=accountant)
    counted.clear()
    client.get("/quan-ly/so/tien-mat")
    assert len(counted) <= few
