"""A part is taken from rows in their order; states follow sums; who, how much and when."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.allocations import rules
from portal.allocations.rules import Share
from portal.kit.errors import Refused

ROWS = [Share(1, 7, 300), Share(2, None, 500), Share(3, 7, 200)]


@pytest.mark.parametrize(
    ("amount", "taken"),
    [
        (100, [(1, 7, 100)]),
        (300, [(1, 7, 300)]),
        (301, [(1, 7, 300), (2, None, 1)]),
        (1_000, [(1, 7, 300), (2, None, 500), (3, 7, 200)]),
    ],
)
def test_a_part_is_taken_from_rows_in_their_order(amount: int, taken: list[tuple[int, ...]]) -> None:
    assert rules.take_from_rows(ROWS, amount) == taken


def test_more_than_the_rows_have_is_refused() -> None:
    with pytest.raises(Refused, match="Chỉ còn 1.000 đồng đang chuyển, không đủ 1.001 đồng"):
        rules.take_from_rows(ROWS, 1_001)


@given(st.lists(st.integers(1, 10**12), min_size=1, max_size=6), st.lists(st.floats(0, 1), max_size=5))
def test_parts_use_up_the_rows_exactly(amounts: list[int], cuts: list[float]) -> None:
    left = [Share(number, number % 2 or None, amount) for number, amount in enumerate(amounts)]
    for cut in [*cuts, 1.0]:
        whole = sum(share.amount for share in left)
        part = min(max(int(whole * cut), 1), whole) if cut < 1 else whole
        taken = rules.take_from_rows(left, part)
        assert sum(share.amount for share in taken) == part and all(share.amount > 0 for share in taken)
        gone = {share.row_id: share.amount for share in taken}
        left = [share._replace(amount=share.amount - gone.get(share.row_id, 0)) for share in left]
        assert all(share.amount >= 0 for share in left)
        first = next((place for place, share in enumerate(left) if share.amount), len(left))
        assert all(share.amount == amounts[share.row_id] for share in left[first + 1 :]), (
            "later rows are whole"
        )
    assert not any(share.amount for share in left)


@pytest.mark.parametrize(
    ("received", "differing", "state"),
    [
        (0, 0, "on_the_way"),
        (1, 0, "partly"),
        (0, 1, "partly"),
        (10, 0, "received"),
        (9, 1, "closed"),
        (0, 10, "closed"),
    ],
)
def test_states_follow_sums(received: int, differing: int, state: str) -> None:
    assert rules.state_of(10, received, differing) == state
    assert (state in rules.OPEN) == (received + differing < 10)


def test_refusals_say_what_to_do() -> None:
    for call, said in (
        (lambda: rules.check_amount(0, 5), "lớn hơn 0"),
        (lambda: rules.check_amount(6, 5), "báo đơn vị chuyển"),
        (lambda: rules.check_open("received"), "Đã nhận đủ"),
        (lambda: rules.check_confirmer(3, 3), "không tự xác nhận thay"),
        (lambda: rules.check_received_on(date(2026, 11, 9), date(2026, 11, 10)), "ngày 10/11/2026"),
    ):
        with pytest.raises(Refused, match=said):
            call()
    rules.check_confirmer(3, None)
    rules.check_amount(5, 5)


def test_how_long_on_the_way() -> None:
    assert rules.days_on_the_way(date(2026, 11, 10), date(2026, 11, 27)) == 17
    assert rules.days_on_the_way(date(2026, 11, 10), date(2026, 11, 1)) == 0
