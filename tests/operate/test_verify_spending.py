"""`portal verify` sees when money left the fund otherwise than it was decided and approved."""

from __future__ import annotations

import pytest

from portal.kit.db import db
from tests.cast import make_campaign
from tests.operate.conftest import Books
from tests.spending.builders import make_decision, make_money, make_payment, make_row

DAMAGE = {
    "a paid row": ("UPDATE voucher_row SET amount = 700000 WHERE ordinal = 1", "Phiếu 1, dòng 1"),
    "a decided row": (
        "UPDATE decision_row SET amount = 1000 WHERE ordinal = 2",
        "dòng 2: được 1.000",
    ),
    "a voucher that was taken back": ("UPDATE voucher SET state = 'approved'", "Phiếu 1 ở tình trạng"),
    "a payment without a voucher": (
        "UPDATE voucher SET posting_number = NULL, state = 'void'",
        "không có phiếu",
    ),
    "one person for everything": ("UPDATE voucher SET approved_by_id = prepared_by_id", "vừa duyệt vừa lập"),
    "a decision taken back before": (
        "UPDATE decision SET state = 'withdrawn', withdrawn_at = '2020-01-01 00:00:00+00:00'",
        "đã thu hồi",
    ),
}


@pytest.fixture
def books(db_session, cast, config) -> Books:
    campaign = make_campaign(unit=cast.commune)
    make_money(campaign=campaign)
    rows = [make_row(campaign=campaign), make_row(campaign=campaign)]
    decision = make_decision(unit=cast.commune, maker=cast.accountant, issuer=cast.chair, rows=rows)
    voucher = make_payment(decision=decision, maker=cast.accountant, approver=cast.chair)
    found = Books(0, voucher.posting_number or 0, config)
    db_session.commit()
    db.engine.dispose()
    return found


@pytest.mark.parametrize("damage", DAMAGE)
def test_each_kind_of_damage_is_found(books: Books, damage: str) -> None:
    statement, said = DAMAGE[damage]
    assert books.problem() is None
    books.bypass(statement)
    problem = books.problem()
    assert problem is not None and said in problem, problem
