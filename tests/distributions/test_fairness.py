"""Fairness: who was helped often, who stands on a list already, which neighbours never got anything; coverage."""

from __future__ import annotations

from datetime import date

import pytest

from portal.distributions import queries_fairness as fairness
from portal.distributions.actions_fairness import override, set_often
from portal.distributions.actions_lock import lock_list
from portal.distributions.received import lines_of_lists
from portal.households.actions_help import record_aid
from portal.households.actions_twins import judge_same
from portal.households.received import lines_of, sums_of
from portal.kit.errors import Refused
from portal.units.queries import subtree
from tests.distributions.builders import DAY, make_list
from tests.distributions.test_lists import rows
from tests.households.builders import make_hamlet, make_household, put_in_group
from tests.sql import heard


def given(household, by, day, cash=200_000, **more):
    return record_aid(household, given_on=day, source="Hội Chữ thập đỏ", cash=cash, by=by, **more)


def test_three_times_this_year_needs_a_reason(db_session, cast) -> None:
    hamlet = make_hamlet(cast)
    often, once = (
        make_household(unit=hamlet, name="Trần Thị Nhiều"),
        make_household(unit=hamlet, name="Lê Thị Ít"),
    )
    twin = make_household(unit=hamlet, name="Trần Thi Nhiều")
    given(often, cast.officer, date(2026, 1, 5))
    given(often, cast.officer, date(2026, 2, 5), cash=None, goods="10 kg gạo", estimate=150_000)
    given(often, cast.officer, date(2025, 12, 31))  # another year
    given(twin, cast.officer, date(2026, 3, 5))
    given(once, cast.officer, date(2026, 3, 5))
    made = make_list(unit=cast.commune, maker=cast.officer, households=[often, once])
    assert fairness.reasons_needed(made) == (0, 0)
    judge_same(often, twin, cast.officer)  # what the twin got counts
    assert fairness.reasons_needed(made) == (1, 1)
    checked = fairness.checked_rows(made)
    (row,) = db_session.execute(checked.rows.where(checked.needs_reason)).all()
    assert (row.times, row.fund_cash, row.other_cash) == (3, None, 400_000)
    assert [(line.day, line.cash, line.goods) for line in fairness.told_of_rows(made)[row.DistributionRow.id]] == [
        (date(2026, 3, 5), 200_000, None), (date(2026, 2, 5), None, "10 kg gạo"), (date(2026, 1, 5), 200_000, None),
    ]  # fmt: skip
    with pytest.raises(Refused, match="Còn 1 hộ"):
        lock_list(made, by=cast.officer)
    with pytest.raises(Refused, match="Chưa ghi lý do"):
        override(made, [row.DistributionRow.id], reason=" ", by=cast.officer)
    override(made, [row.DistributionRow.id], reason="Nhà cháy tháng 10", by=cast.officer)
    lock_list(made, by=cast.officer)


def test_the_number_is_the_units_own(db_session, cast) -> None:
    made = make_list(unit=cast.commune, maker=cast.officer)
    assert fairness.often_of(made) == 3
    set_often(cast.commune, 5, since=date(2026, 1, 1))
    set_often(cast.commune, 2, since=date(2026, 6, 1))
    db_session.flush()
    assert fairness.often_of(made) == 2
    with pytest.raises(Refused):
        set_often(cast.commune, 0, since=date(2026, 6, 1))


def test_another_open_list_of_the_purpose_needs_a_reason(db_session, cast) -> None:
    household = make_household(unit=make_hamlet(cast))
    first = make_list(unit=cast.commune, maker=cast.officer, households=[household], content="Quà Trung thu")
    second = make_list(unit=cast.commune, maker=cast.officer, households=[household])
    other = make_list(
        unit=cast.commune, maker=cast.officer, households=[household], content="Nhà", purpose="housing"
    )
    assert fairness.reasons_needed(second) == (1, 1)
    assert fairness.reasons_needed(other) == (0, 0)
    (row,) = db_session.execute(fairness.checked_rows(second).rows).all()
    assert (row.times, row.open_lists) == (0, 1)
    assert {line.planned for line in fairness.told_of_rows(second)[row.DistributionRow.id]} == {True}
    done = rows(first)[0]
    done.outcome, done.outcome_on = "received", DAY
    db_session.flush()
    assert fairness.reasons_needed(second) == (0, 0)


def test_neighbours_of_the_same_group_that_never_got_anything(db_session, cast) -> None:
    here, there = make_hamlet(cast), make_hamlet(cast, "Ấp Hai")
    mine, forgotten, helped, richer = (
        make_household(unit=here, name=name) for name in ("Lê Một", "Lê Hai", "Lê Ba", "Lê Bốn")
    )
    far = make_household(unit=there, name="Lê Năm")
    for household in (mine, forgotten, helped, far):
        put_in_group(household, 2026, "Hộ nghèo")
    put_in_group(richer, 2026, "Hộ cận nghèo")
    given(helped, cast.officer, date(2026, 5, 1))
    made = make_list(unit=cast.commune, maker=cast.officer, households=[mine])
    assert list(db_session.scalars(fairness.neighbours(made))) == [forgotten]


def test_coverage_shows_also_who_got_nothing(db_session, cast) -> None:
    hamlet = make_hamlet(cast)
    got, nothing = make_household(unit=hamlet, name="Lê Một"), make_household(unit=hamlet, name="Lê Hai")
    given(got, cast.officer, date(2026, 5, 1), goods="Chăn", estimate=100_000)
    made = make_list(unit=cast.commune, maker=cast.officer, households=[got])
    row = rows(made)[0]
    row.outcome, row.outcome_on, row.amount = "received", DAY, 500_000
    db_session.flush()
    with heard() as said:
        select_, _ = fairness.covered(subtree(cast.commune.id), 2026)
        told = {line.Household.id: line for line in db_session.execute(select_)}
    assert len(said) == 1
    assert (told[got.id].times, told[got.id].fund_cash, told[got.id].other_estimate) == (2, 500_000, 100_000)
    assert told[nothing.id].times is None
    assert [
        (line.cash, line.in_books) for line in lines_of_lists([got.id])
    ] == []  # the list is still a draft
    made.state = "released"
    db_session.flush()
    assert sums_of(lines_of([got.id])).fund_cash == 500_000
