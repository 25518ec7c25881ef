"""Gifts handed out: one by one where they are recorded, brought totals elsewhere, and what they differ by."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from portal.distributions.models import DistributionGoods
from portal.figures.registry import compute, rows
from portal.figures.scope import Scope
from portal.goods.actions import issue
from portal.goods.rules import SlipRow
from portal.households.actions_twins import judge_same
from portal.kit.db import now
from portal.kit.numbers import last_number
from portal.ledger.actions import reverse
from tests.cast import Cast, make_campaign
from tests.distributions.builders import DAY, make_list
from tests.distributions.test_lists import rows as rows_on
from tests.figures.test_results import report
from tests.goods.builders import bring, make_item, make_store
from tests.households.builders import make_hamlet, make_household

YEAR = date(2026, 1, 1), date(2026, 12, 31)
KEYS = ("gifts.rounds", "gifts.portions", "gifts.households", "gifts.value")


def told(scope: Scope) -> list[int | None]:
    return [figure.value for figure in compute(scope, KEYS).values()]


def handed(cast: Cast, count: int, content: str = "Quà Tết", day: date = DAY, **details):
    """A list of so many households, all received on a day; money of 500.000 đ each."""
    hamlet = make_hamlet(cast, f"Ấp {content}")
    households = [make_household(unit=hamlet, name=f"Lê {content} {n}") for n in range(count)]
    made = make_list(unit=cast.commune, maker=cast.officer, households=households, content=content, **details)
    for row in rows_on(made):
        row.outcome, row.outcome_on, row.outcome_at, row.amount = "received", day, now(), row.portion.amount
    made.state = "released"
    return made, households


def test_nothing_is_missing_not_zero(db_session, cast) -> None:
    assert told(Scope(cast.commune, *YEAR)) == [None] * 4


def test_counted_by_the_day_of_the_hand_over(db_session, cast) -> None:
    made, households = handed(cast, 3)
    rows_on(made)[0].outcome = "absent"
    again = make_list(unit=cast.commune, maker=cast.officer, households=households[1:], content="Quà lễ")
    for row in rows_on(again):
        row.outcome, row.outcome_on, row.outcome_at, row.amount = "proxy", date(2026, 12, 1), now(), 500_000
    db_session.flush()
    assert told(Scope(cast.commune, *YEAR)) == [2, 4, 2, 2_000_000]
    assert told(Scope(cast.province, *YEAR)) == [2, 4, 2, 2_000_000]
    assert told(Scope(cast.commune, date(2026, 12, 1), date(2026, 12, 31))) == [1, 2, 2, 1_000_000]
    assert told(Scope(cast.other_commune, *YEAR)) == [None] * 4
    judge_same(households[1], households[2], cast.officer)
    assert told(Scope(cast.commune, *YEAR))[2] == 1
    listed = list(rows(Scope(cast.commune, *YEAR), "gifts.portions"))
    assert [(row["day"], row["portions"]) for row in listed] == [("2026-11-12", 2), ("2026-12-01", 2)]


def test_goods_count_by_the_books(db_session, cast) -> None:
    store, rice = make_store(unit=cast.commune), make_item(name="Gạo", measure="kg")
    bring(store=store, item=rice, quantity=30, value=300_000)
    made, _ = handed(cast, 2, amount=None, item=rice, quantity=10, store=store)
    posting = issue(store=store, rows=[SlipRow(rice.id, 20_000)], day=DAY, by=cast.officer)
    db_session.add(DistributionGoods(posting_number=posting.number, distribution_id=made.id, what="given"))
    db_session.flush()
    before = last_number()
    scope = Scope(cast.commune, *YEAR)
    assert told(scope) == [1, 2, 2, 200_000]
    assert [row["amount"] for row in rows(scope, "gifts.value")] == [None, 200_000]
    reverse(posting, reason="Nhầm", by=cast.officer, second=cast.chair)
    assert told(scope) == [1, 2, 2, None]
    assert told(Scope(cast.commune, *YEAR, as_of=before))[3] == 200_000


def test_only_of_the_campaign(db_session, cast) -> None:
    campaign = make_campaign(unit=cast.commune)
    handed(cast, 2, campaign=campaign)
    handed(cast, 1, "Quà chung")
    db_session.flush()
    assert told(Scope(cast.commune, *YEAR, campaign)) == [1, 2, 2, 1_000_000]


def test_a_brought_total_counts_only_where_nothing_was_recorded(db_session, cast) -> None:
    gift = {"kind": "qua", "programme": "Quà Tết", "measure": "suất"}
    report(cast.commune, **gift, actual=Decimal(100), households=90, amount=50_000_000)
    report(cast.other_commune, **gift, actual=Decimal(40), households=40, amount=20_000_000)
    assert told(Scope(cast.province, *YEAR)) == [None, 140, 130, 70_000_000]
    handed(cast, 3)
    db_session.flush()
    found = compute(Scope(cast.province, *YEAR), KEYS)
    assert [figure.value for figure in found.values()] == [1, 43, 43, 21_500_000]
    assert "100 (chênh lệch 97)" in (found["gifts.portions"].note or "")
    assert "90 (chênh lệch 87)" in (found["gifts.households"].note or "")
    assert "50.000.000 (chênh lệch 48.500.000)" in (found["gifts.value"].note or "")
    assert found["gifts.rounds"].note is None
