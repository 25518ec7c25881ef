"""`portal verify` sees when a hand-over was changed behind its back."""

from __future__ import annotations

import pytest

from portal.kit.db import db
from tests.distributions.released import make_released
from tests.distributions.test_settling import settled
from tests.operate.conftest import Books

DAMAGE = {
    "an outcome": (
        "UPDATE distribution_row SET outcome = 'absent' WHERE ordinal = 1",
        "kết quả khác lần ghi cuối",
    ),
    "a settled row": (
        "UPDATE distribution_settled_row SET outcome = 'returned'",
        "khác kết quả đã ghi",
    ),
    "goods that are kept": ("UPDATE distribution_kept SET void = true", "các phần giữ hộ cộng lại 0"),
    "closed without papers": ("UPDATE distribution SET state = 'closed'", "chưa có trang ký"),
    "one person for both": (
        "UPDATE distribution_settlement SET asked_by_id = answered_by_id",
        "vừa duyệt thanh toán vừa lập",
    ),
}


@pytest.fixture
def books(db_session, cast, config) -> Books:
    made = make_released(cast)
    settled(made, cast.officer, cast.chair)
    found = Books(0, 0, config)
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
