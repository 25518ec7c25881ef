"""`portal verify` names what does not agree between two units; `portal check` what is on the way too long."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text

from portal.allocations.actions import confirm
from portal.allocations.differences import ask_difference, decide_difference
from portal.kit.db import db
from portal.operate.attention import remarks
from portal.operate.verify import first_problem
from tests.allocations.builders import give, make_allocation
from tests.cast import make_fund
from tests.spending.builders import DAY


@pytest.fixture
def sent(cast, db_session):
    """Two parts confirmed, a fee, the rest on the way."""
    give(unit=cast.commune, campaign=None, amount=1_000_000, fund=make_fund())
    sent = make_allocation(
        unit=cast.commune,
        to_unit=cast.other_commune,
        rows=[(None, 1_000_000)],
        maker=cast.accountant,
        approver=cast.chair,
    )
    confirm(sent, amount=400_000, received_on=DAY, by=cast.outsider)
    asked = ask_difference(sent, cause="fee", amount=11_000, reason="Phí", by=cast.accountant)
    decide_difference(asked, approve=True, answer="", by=cast.chair)
    db.session.commit()
    return sent


DAMAGE = (
    (
        "UPDATE allocation SET received = 300000",
        "sổ ghi đang chuyển 589.000, các lần phân bổ còn chờ 689.000",
    ),
    ("UPDATE allocation SET received = 411000, differing = 0", "ghi đã nhận 411.000 (tính lại 400.000)"),
    ("UPDATE allocation_receipt SET amount = 400001", "Xác nhận phân bổ 400.001"),
    ("UPDATE allocation_receipt SET reversed_at = confirmed_at", "chỉ một bên được đảo"),
    (
        "UPDATE allocation_share SET amount = 5 WHERE amount = 11000",
        "ghi 11.000 nhưng các dòng của phiếu cộng lại 5",
    ),
    (
        "UPDATE ledger_account SET partner_id = unit_id WHERE kind = 'moved' AND purpose = 'in'",
        "Xã An Lạc ghi đã nhận 0",
    ),
)


def test_each_kind_of_damage_is_named(sent) -> None:
    connection = db.session.connection()
    assert first_problem(connection) is None
    for damage, said in DAMAGE:
        point = connection.begin_nested()
        connection.execute(text(damage))
        problem = first_problem(connection)
        point.rollback()
        assert problem is not None and said in problem, (damage, problem)
    assert first_problem(connection) is None


def test_what_is_on_the_way_too_long_is_remarked(sent, config) -> None:
    said = [
        remark for remark in remarks(config, db.session.connection()) if "chuyển cho Xã An Lạc" in remark.text
    ]
    assert len(said) == 1 and not said[0].fine
    assert "589.000 đồng từ ngày 10/11/2026, chưa ai xác nhận" in said[0].text
    sent.sent_on = date(2200, 1, 1)
    db.session.flush()
    texts = [remark.text for remark in remarks(config, db.session.connection()) if remark.fine]
    assert "Không có tiền phân bổ nào đang chuyển quá 10 ngày." in texts
