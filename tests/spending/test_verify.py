"""`portal verify` knows what other entries, sponsors' payments and decisions must come to."""

from __future__ import annotations

import pytest

from portal.cash.actions import count
from portal.kit.db import db
from portal.spending.actions_others import decide_entry, request_count_entry
from tests.cast import make_campaign, make_fund
from tests.operate.conftest import Books
from tests.spending.builders import make_decision, make_money, make_row
from tests.spending.test_in_and_out import ask, yes

DAMAGE = {
    "an entry's amount": ("UPDATE other_entry SET amount = 7", "thu, chi khác"),
    "an entry's way": ("UPDATE other_entry SET gain = (1 = 0)", "khác chiều"),
    "a lost entry": ("UPDATE other_entry SET posting_number = NULL", "thu, chi khác"),
    "a sponsor's amount": ("UPDATE in_and_out SET amount = 7", "khoản ủng hộ của nó là"),
    "a row": ("UPDATE decision_row SET amount = 7", "dòng 1"),
}


@pytest.fixture
def spent(db_session, cast, config) -> Books:
    """A counted difference and a sponsor's payment in the books."""
    campaign = make_campaign(unit=cast.commune)
    make_money(campaign=campaign, amount=500_000)
    counted = count(
        unit=cast.commune,
        fund=make_fund(),
        box=True,
        notes={"500000": 2},
        witness=None,
        remark="?",
        by=cast.officer,
    )
    entry = request_count_entry(counted, reason="Chưa rõ", by=cast.accountant)
    decide_entry(entry, approve=True, answer="", by=cast.chair)
    rows = [make_row(campaign=campaign, amount=10_000_000, purpose="housing")]
    decision = make_decision(unit=cast.commune, maker=cast.accountant, issuer=cast.chair, rows=rows)
    yes(ask(decision, cast), cast)
    db_session.commit()
    db.engine.dispose()
    return Books(0, 0, config)


def test_damage_to_entries_is_named(spent: Books) -> None:
    assert spent.problem() is None
    for damage, (statement, said) in DAMAGE.items():
        table, column = statement.split()[1], statement.split()[3]
        before = spent.value(f"SELECT {column} FROM {table}")
        spent.bypass(statement)
        problem = spent.problem()
        assert problem is not None and said in problem, (damage, problem)
        kept = "1 = 1" if before is True or column == "gain" else before
        spent.bypass(f"UPDATE {table} SET {column} = ({kept})")
    assert spent.problem() is None
