"""Pure rules of counting."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.figures.rules import sum_all, sum_known, topmost, without_overlap

DAYS = st.tuples(st.integers(0, 60), st.integers(0, 60)).map(
    lambda pair: (date(2026, 1, 1) + timedelta(min(pair)), date(2026, 1, 1) + timedelta(max(pair)))
)


@settings(deadline=None)
@given(st.lists(DAYS, max_size=12))
def test_what_counts_never_overlaps_and_nothing_longer_is_left_out(rows: list[tuple[date, date]]) -> None:
    chosen = without_overlap(rows, lambda row: row)
    assert all(one[1] < two[0] for one, two in zip(chosen, chosen[1:], strict=False))
    for row in set(rows) - set(chosen):
        rivals = [other for other in chosen if other[0] <= row[1] and row[0] <= other[1]]
        assert max(other[1] - other[0] for other in rivals) >= row[1] - row[0]


@settings(deadline=None)
@given(st.lists(st.integers(0, 20), max_size=21), st.sets(st.integers(0, 20)))
def test_the_topmost_units_cover_all_and_lie_under_none(links: list[int], units: set[int]) -> None:
    parents = {unit: (links[unit] % unit if unit else None) for unit in range(len(links))}
    units &= set(parents)
    top = topmost(units, parents)

    def line(unit: int) -> set[int]:
        above = parents[unit]
        return {unit} if above is None else {unit} | line(above)

    assert all(len(line(unit) & top) == 1 for unit in units)


def test_a_missing_part_makes_a_whole_missing_but_not_what_is_known() -> None:
    assert (sum_all([1, None]), sum_all([]), sum_all([0])) == (None, None, 0)
    assert (sum_known([1, None]), sum_known([None]), sum_known([0])) == (1, None, 0)
