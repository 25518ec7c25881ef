"""Quantities as people write them, values that leave, what expires first."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.goods.rules import (
    Standing,
    first_expired_first,
    format_quantity,
    free_quantity,
    parse_quantity,
    split_value,
    value_of,
    value_taken,
)
from portal.kit.errors import Refused

PACKS = {"thùng": 30_000, "lốc": 6_000}
DAY = date(2026, 11, 2)


@pytest.mark.parametrize(
    ("typed", "thousandths"),
    [
        ("150", 150_000),
        ("2,5", 2_500),
        ("0,125", 125),
        ("1.250", 1_250_000),
        ("1.250,5", 1_250_500),
        ("5 thùng", 150_000),
        ("5 Thung", 150_000),
        ("2 thùng 3 gói", 63_000),
        ("2 thùng, 1 lốc", 66_000),
        ("2,5 gói", 2_500),
        ("0,5 thùng", 15_000),
        ("12gói", 12_000),
        (7, 7_000),
    ],
)
def test_what_people_type(typed: str, thousandths: int) -> None:
    assert parse_quantity(typed, PACKS, measure="gói") == thousandths


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Chưa có số lượng"),
        (None, "Chưa có số lượng"),
        ("0", "phải lớn hơn 0"),
        ("-3", "không được âm"),
        ("2.5", "Gõ dấu phẩy trước phần lẻ: 2,5"),
        ("2,500", "Gõ 2,5 hoặc 2.500"),
        ("2,0005", "lẻ quá ba số"),
        ("5 bao", "không có quy cách “bao”"),
        ("năm", "không phải là số lượng"),
        ("1/2", "không có quy cách"),
        ("5 thùng x", "không có quy cách"),
        ("9" * 20, "quá lớn"),
    ],
)
def test_what_is_asked_back(typed: str | None, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence) as refused:
        parse_quantity(typed, PACKS, measure="gói")
    assert refused.value.field == "quantity"


@given(st.integers(1, 10**12))
def test_what_is_printed_can_be_typed(thousandths: int) -> None:
    printed = format_quantity(thousandths)
    if (
        printed.count(",")
        and "." not in printed
        and len(printed.split(",")[1]) == 3
        and not printed.startswith("0")
    ):
        return  # three decimals are asked back: a comma before three digits may be a thousands mark
    assert parse_quantity(printed) == thousandths


def test_printing() -> None:
    assert [format_quantity(n) for n in (2_500, 150_000, 1_250_000, -500, 0, None)] == [
        "2,5",
        "150",
        "1.250",
        "−0,5",
        "0",
        "—",
    ]


def test_a_price_gives_a_value() -> None:
    assert value_of(2_500, 3_001) == 7_503 and value_of(1, 1) is None and value_of(1_000, None) is None


def standings(*pairs: tuple[int, int]) -> list[Standing]:
    return [Standing(DAY.replace(day=2 + n), quantity, value) for n, (quantity, value) in enumerate(pairs)]


def test_the_average_leaves_and_the_last_piece_takes_the_rest() -> None:
    assert value_taken(1_000, standings((3_000, 100))) == 33
    assert value_taken(3_000, standings((3_000, 100))) == 100
    assert value_taken(1_000, standings((3_000, 0))) is None
    assert (
        value_taken(5_000, standings((10_000, 10_000), (20_000, 11_000))) == 5_000
    )  # at the day's own average
    assert (
        value_taken(9_000, standings((10_000, 10_000), (10_000, 2_000))) == 2_000
    )  # never more than is left later
    with pytest.raises(Refused, match="từ|theo ngày"):
        value_taken(10_000, standings((10_000, 1_000), (10_000, 9_000)))


def test_free_is_the_least_of_all_days_to_come() -> None:
    assert free_quantity(standings((5_000, 0), (2_000, 0), (9_000, 0))) == 2_000 and free_quantity([]) == 0


@given(st.integers(1, 10**9), st.lists(st.integers(0, 10**6), min_size=1, max_size=6))
def test_shares_add_up(value: int, weights: list[int]) -> None:
    shares = split_value(value, weights)
    assert sum(share or 0 for share in shares) == value and all(
        share is None or share > 0 for share in shares
    )


def test_what_expires_first_leaves_first() -> None:
    lots = [
        (1, None, 5_000),
        (2, date(2027, 3, 1), 2_000),
        (3, date(2026, 12, 1), 4_000),
        (None, None, 1_000),
    ]
    assert first_expired_first(lots, 5_000) == [(3, 4_000), (2, 1_000)]
    assert first_expired_first(lots, 20_000) == [(3, 4_000), (2, 2_000), (None, 1_000), (1, 13_000)]
    assert first_expired_first([], 1_000) == [(None, 1_000)]
