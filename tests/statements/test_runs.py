"""Runs of gifts: numbered as one by one, whatever the order and however often other lines stand between."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.statements.runs import Numbered, Runs

DAY = date(2026, 9, 10)


def test_gifts_that_follow_each_other_are_one_run() -> None:
    runs = Runs()
    for day, ordinal in ((0, 1), (0, 2), (0, 4), (1, 5), (0, 6)):
        runs.add(DAY + timedelta(days=day), ordinal)
    ids = {DAY: 100, DAY + timedelta(days=1): 200}
    assert list(runs.numbered(ids)) == [
        Numbered(1, 2, 99),
        Numbered(4, 4, 98),
        Numbered(5, 5, 195),
        Numbered(6, 6, 97),
    ]


@given(
    st.lists(st.tuples(st.integers(1, 60), st.integers(0, 2)), unique_by=lambda line: line[0], max_size=40)
)
def test_every_gift_gets_the_number_it_would_get_alone(lines) -> None:
    runs, alone, ids = Runs(), {}, {DAY + timedelta(days=day): 1_000 * (day + 1) for day in range(3)}
    following = dict(ids)
    for ordinal, day in lines:
        when = DAY + timedelta(days=day)
        runs.add(when, ordinal)
        alone[ordinal] = following[when]
        following[when] += 1
    found = list(runs.numbered(ids))
    assert len(found) == len(runs) and found == sorted(found)
    given_ids = {n: n + run.shift for run in found for n in range(run.first, run.last + 1)}
    assert given_ids == alone
