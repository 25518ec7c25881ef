"""Pure rules of pledges: states by day, what is left of which part, ageing, due days as people write them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit.errors import Refused
from portal.pledges import rules
from portal.pledges.rules import CANCELLED, FULL, NOTHING, OVERDUE, PART, Due

TODAY = date(2026, 11, 23)
DAYS = st.integers(-400, 400).map(lambda offset: TODAY + timedelta(days=offset))
AMOUNTS = st.integers(1, 10**12)
PLANS = st.lists(st.builds(Due, DAYS, AMOUNTS), max_size=6, unique_by=lambda due: due.due_on)


def state(amount: int | None, dues: list[Due], fulfilled: int, today: date = TODAY, **how: bool) -> str:
    return rules.state_of(amount=amount, dues=dues, fulfilled=fulfilled, today=today, **how)


@given(PLANS, st.integers(0, 10**13))
def test_what_has_come_pays_the_earliest_parts_first(dues: list[Due], fulfilled: int) -> None:
    rest = rules.unpaid_parts(dues, fulfilled)
    total = sum(due.amount for due in dues)
    assert sum(due.amount for due in rest) == max(total - fulfilled, 0)
    paid_days = {due.due_on for due in dues} - {due.due_on for due in rest}
    assert not rest or all(day < min(due.due_on for due in rest) for day in paid_days)
    assert all(due.amount > 0 for due in rest)


@given(PLANS, st.integers(0, 10**13), st.booleans())
def test_one_state_at_a_time_and_none_hides_a_debt(dues: list[Due], fulfilled: int, cancelled: bool) -> None:
    amount = sum(due.amount for due in dues) or 5
    found = state(amount, dues, fulfilled, cancelled=cancelled)
    late = any(due.due_on < TODAY for due in rules.unpaid_parts(dues, fulfilled))
    if cancelled:
        assert found == CANCELLED
    elif fulfilled >= amount:
        assert found == FULL
    elif late:
        assert found == OVERDUE
    else:
        assert found == (PART if fulfilled else NOTHING)


@given(PLANS, st.integers(0, 10**13), st.integers(1, 10**12), DAYS)
def test_more_money_never_makes_it_worse_and_time_never_better(
    dues: list[Due], fulfilled: int, more: int, day: date
) -> None:
    amount = sum(due.amount for due in dues) or 5
    rank = {OVERDUE: 0, NOTHING: 1, PART: 2, FULL: 3}
    before = rank[state(amount, dues, fulfilled, day)]
    assert rank[state(amount, dues, fulfilled + more, day)] >= before
    assert rank[state(amount, dues, fulfilled, day + timedelta(days=30))] <= before


@given(st.none() | AMOUNTS, st.integers(0, 10**13))
def test_come_and_to_come_make_the_promise(amount: int | None, fulfilled: int) -> None:
    come, left = rules.counted(amount, fulfilled), rules.outstanding(amount, fulfilled)
    over = rules.surplus(amount, fulfilled)
    assert min(come, left, over) >= 0
    if amount is not None:
        assert come + left == amount and come + over == fulfilled
    assert rules.outstanding(amount, fulfilled, cancelled=True) == 0


def test_the_due_day_itself_is_not_overdue() -> None:
    assert state(5, [Due(TODAY, 5)], 0) == NOTHING
    assert state(5, [Due(TODAY - timedelta(days=1), 5)], 0) == OVERDUE
    assert state(5, [Due(TODAY - timedelta(days=1), 2), Due(TODAY, 3)], 2) == PART


def test_a_promise_without_a_value_is_full_when_it_is_said_to_be() -> None:
    assert state(None, [], 0) == NOTHING
    assert state(None, [], 700) == PART
    assert state(None, [Due(TODAY - timedelta(days=3), 0)], 700) == OVERDUE
    assert state(None, [Due(TODAY - timedelta(days=3), 0)], 700, met=True) == FULL


@given(DAYS | st.none())
def test_every_day_has_its_bucket_and_the_bucket_its_days(day: date | None) -> None:
    key = rules.bucket_of(day, TODAY)
    first, last = rules.days_of_bucket(key, TODAY)
    if day is None:
        assert key == rules.NOT_DUE
    else:
        assert (first is None or first <= day) and (last is None or day <= last)


@pytest.mark.parametrize(
    ("late", "bucket"), [(0, "chua"), (1, "30"), (30, "30"), (31, "60"), (60, "60"), (61, "90"), (90, "90"), (91, "tren")]
)  # fmt: skip
def test_the_edges_of_the_buckets(late: int, bucket: str) -> None:
    assert rules.bucket_of(TODAY - timedelta(days=late), TODAY) == bucket


@given(PLANS.filter(bool))
def test_due_days_are_read_as_they_are_written(dues: list[Due]) -> None:
    amount = sum(due.amount for due in dues)
    text = rules.write_dues(dues, amount=amount)
    assert rules.read_dues(text, amount=amount, today=TODAY) == dues


@pytest.mark.parametrize("text", ["15/12/2026; 15/01/2027", "mai", "15/12/2026: nhiều", "31/02/2027"])
def test_due_days_that_nobody_understands(text: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.read_dues(text, amount=5, today=TODAY)
    assert refused.value.field == "dues"


@pytest.mark.parametrize(
    ("text", "found"),
    [("ĐK-0012/2026", (12, 2026)), ("đk 12/2026", (12, 2026)), ("DK-12/2026", (12, 2026)), ("12/2026", (12, 2026)),
     ("ĐK-12", None), ("Nguyễn", None), ("PT-12/2026", None)],
)  # fmt: skip
def test_numbers_as_people_write_them(text: str, found: tuple[int, int] | None) -> None:
    assert rules.read_paper_number(text) == found


def test_kinds_and_displays_as_people_write_them() -> None:
    assert [rules.kind_key(text) for text in ("", "hien vat", "Nhà", "NGÀY CÔNG")] == [
        rules.MONEY,
        rules.GOODS,
        rules.HOUSE,
        rules.LABOUR,
    ]
    assert [rules.shown_as_key(text) for text in (None, "ho ten", "Nhà hảo tâm")] == [
        None,
        "name",
        "anonymous",
    ]
    for read in (rules.kind_key, rules.shown_as_key):
        with pytest.raises(Refused):
            read("gì đó")
