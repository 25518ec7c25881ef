"""Points, totals, classes, ranks and steps: pure rules."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.emulation import rules_scoring as rules
from portal.emulation.rules_scoring import COMMUNE, COUNCIL, DONE, NOT_SCORED, PROVINCE, SELF, Limit, Mark
from portal.kit.errors import Refused

POINTS = st.integers(0, rules.MOST_POINTS)
TOTALS = st.dictionaries(st.integers(1, 500), st.integers(0, 40), max_size=60)
THRESHOLDS = st.dictionaries(
    st.text("abcdef", min_size=1, max_size=4), st.integers(0, 40), max_size=6
).filter(lambda found: len(set(found.values())) == len(found))


@given(POINTS)
def test_points_read_as_they_are_shown(value: int) -> None:
    assert rules.parse_points(rules.typed_points(value), "x") == value
    assert rules.format_points(value) != NOT_SCORED


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("9,5", 950),
        ("9.5", 950),
        (" 10 ", 1000),
        ("0", 0),
        ("0,25", 25),
        ("", None),
        (None, None),
        ("chưa chấm", None),
    ],
)
def test_what_people_type(typed: str | None, value: int | None) -> None:
    assert rules.parse_points(typed, "x") == value


@pytest.mark.parametrize("typed", ["-1", "1,234", "mười", "1e3", "12345", "½", "1 0"])
def test_what_is_no_number_of_points(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.parse_points(typed, "x")
    assert refused.value.field == "x"


def test_zero_and_not_scored_never_look_the_same() -> None:
    assert rules.format_points(0) == "0"
    assert rules.format_points(None) == "chưa chấm"
    assert rules.typed_points(0) == "0"
    assert rules.typed_points(None) == ""
    assert rules.format_points(123_450) == "1.234,5"
    assert rules.total_of([1], {}).shown is None
    assert rules.total_of([1], {1: Mark(0)}).shown == 0


@given(TOTALS)
def test_ties_share_a_place_and_places_count_those_above(totals: dict[int, int]) -> None:
    places = rules.ranks(totals)
    assert places.keys() == totals.keys()
    for key, place in places.items():
        assert place == 1 + sum(other > totals[key] for other in totals.values())


@given(TOTALS)
def test_an_equal_total_is_an_equal_place(totals: dict[int, int]) -> None:
    places = rules.ranks(totals)
    for one in totals:
        for other in totals:
            assert (totals[one] == totals[other]) == (places[one] == places[other])


def test_places_after_a_tie_are_left_out() -> None:
    assert rules.ranks({"a": 90, "b": 80, "c": 80, "d": 70}) == {"a": 1, "b": 2, "c": 2, "d": 4}


@given(st.integers(0, 50), THRESHOLDS)
def test_a_class_is_the_highest_that_is_reached(total: int, thresholds: dict[str, int]) -> None:
    found = rules.class_of(total, thresholds)
    reached = [least for least in thresholds.values() if least <= total]
    assert (found is None) == (not reached)
    if found is not None:
        assert thresholds[found] == max(reached)


@given(st.lists(st.tuples(st.none() | POINTS, st.none() | POINTS), max_size=30))
def test_a_total_adds_what_is_scored_and_counts_what_is_not(
    marks: list[tuple[int | None, int | None]],
) -> None:
    total = rules.total_of(range(len(marks)), {key: Mark(*mark) for key, mark in enumerate(marks)})
    assert total.sum == sum((points or 0) + (bonus or 0) for points, bonus in marks)
    assert total.open == sum(points is None for points, _ in marks)
    if total.open:
        with pytest.raises(Refused, match=f"Còn {total.open} tiêu chí chưa chấm"):
            rules.check_complete(total)


def test_no_sheet_without_criteria_is_complete() -> None:
    with pytest.raises(Refused, match="chưa có tiêu chí"):
        rules.check_complete(rules.total_of([], {}))


@pytest.mark.parametrize(
    ("mark", "field"),
    [(Mark(1001), "p"), (Mark(10, 201), "b"), (Mark(None, 300), "b")],
)
def test_no_more_than_a_criterion_gives(mark: Mark, field: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.check_mark(mark, Limit(1000, 200), points_field="p", bonus_field="b")
    assert refused.value.field == field


def test_a_criterion_without_bonus_takes_none() -> None:
    rules.check_mark(Mark(1000, 0), Limit(1000), points_field="p", bonus_field="b")
    with pytest.raises(Refused, match="không có điểm thưởng"):
        rules.check_mark(Mark(10, 5), Limit(1000), points_field="p", bonus_field="b")


def test_a_commune_that_judges_has_no_province() -> None:
    assert rules.steps_for(True) == (SELF, COMMUNE, COUNCIL)
    steps = rules.steps_for(False)
    assert steps == (SELF, COMMUNE, PROVINCE, COUNCIL)
    assert [rules.next_step(steps, step) for step in steps] == [COMMUNE, PROVINCE, COUNCIL, DONE]


@given(st.booleans(), st.sampled_from([SELF, COMMUNE, PROVINCE, COUNCIL, DONE]))
def test_a_return_goes_to_an_earlier_step_only(by_commune: bool, here: str) -> None:
    steps = rules.steps_for(by_commune)
    if here not in (*steps, DONE):
        return
    for to in (SELF, COMMUNE, PROVINCE, COUNCIL, DONE, None, "x"):
        earlier = to in steps and (here == DONE or steps.index(to) < steps.index(here))
        if earlier:
            assert rules.check_return(steps, here, to) == to
        else:
            with pytest.raises(Refused):
                rules.check_return(steps, here, to)


def test_late_is_after_the_deadline_only() -> None:
    due = date(2026, 6, 30)
    assert rules.is_late(date(2026, 7, 1), due)
    assert not rules.is_late(due, due)
    assert not rules.is_late(None, due)
    assert not rules.is_late(date(2026, 7, 1), None)
