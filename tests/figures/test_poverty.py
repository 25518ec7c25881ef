"""Poverty figures: chains, overlaps, standards, the tree of units, rates, as-of."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from portal.figures.registry import compute, rows
from portal.figures.scope import Scope
from portal.households.actions import record_reviews
from portal.households.rules import ReviewRow
from portal.kit.errors import Refused
from portal.kit.tables import ABSENT
from portal.units.models import Unit
from tests.cast import Cast
from tests.figures.books import entry, now_number

YEAR = (date(2026, 1, 1), date(2026, 12, 31))
QUARTERS = [
    (date(2026, 1, 1), date(2026, 3, 31)),
    (date(2026, 4, 1), date(2026, 6, 30)),
    (date(2026, 7, 1), date(2026, 9, 30)),
]
STANDARD = "Quốc gia 2022-2025"


def review(unit: Unit, days: tuple[date, date] = YEAR, *numbers: Any, **more: Any) -> None:
    """Record one review: opening, increase, decrease, closing, households at both ends."""
    names = ("opening", "increase", "decrease", "closing", "households_opening", "households_closing")
    fields = {"group": "Hộ nghèo", "standard": STANDARD, **dict(zip(names, numbers, strict=False)), **more}
    row = ReviewRow(unit_id=unit.id, starts_on=days[0], ends_on=days[1], **fields)
    record_reviews([row], entry=entry)


def poor(unit: Unit, start: date = YEAR[0], end: date = YEAR[1], **more: Any) -> dict[str, Any]:
    found = compute(Scope(unit, start, end, **more))
    return {
        key.removeprefix("poverty.poor."): figure for key, figure in found.items() if "poverty.poor." in key
    }


def numbers(unit: Unit, *days: date, **more: Any) -> tuple[Any, ...]:
    found = poor(unit, *days, **more)
    return tuple(found[name].value for name in ("opening", "increase", "decrease", "closing", "net"))


def test_quarters_chain(cast: Cast) -> None:
    review(cast.commune, QUARTERS[0], 100, 5, 10, 95, 5000, 5010)
    review(cast.commune, QUARTERS[1], 95, 1, 6, 90, 5010, 5020)
    assert numbers(cast.commune) == (100, 6, 16, 90, -10)
    found = poor(cast.commune)
    assert found["rate_opening"].value == Decimal("2.0000")
    assert (found["rate_closing"].numerator, found["rate_closing"].denominator) == (90, 5020)
    assert found["decrease_rate"].value == Decimal("0.3200"), "gross, on the opening base"


def test_of_overlapping_reviews_the_longest(cast: Cast) -> None:
    review(cast.commune, QUARTERS[0], 100, 5, 10, 95)
    review(cast.commune, (QUARTERS[0][0], QUARTERS[1][1]), 100, 7, 17, 90)
    assert numbers(cast.commune) == (100, 7, 17, 90, -10)


@pytest.mark.parametrize("third", [(90, 1, 1, 90), (88, 1, 1, 88)])
def test_a_broken_chain_has_no_gross_changes(cast: Cast, third: tuple[int, ...]) -> None:
    review(cast.commune, QUARTERS[0], 100, 5, 10, 95)
    days = QUARTERS[2] if third[0] == 90 else QUARTERS[1]  # a gap of days, or of numbers
    review(cast.commune, days, *third)
    assert numbers(cast.commune) == (100, None, None, third[3], third[3] - 100)


def test_a_review_must_lie_wholly_inside(cast: Cast) -> None:
    review(cast.commune, YEAR, 100, 5, 10, 95)
    assert numbers(cast.commune, YEAR[0], date(2026, 12, 30)) == (None,) * 5


def test_missing_is_missing(cast: Cast) -> None:
    review(cast.commune, YEAR, 43, None, None, None, 59500)
    assert numbers(cast.commune) == (43, None, None, None, None)
    assert poor(cast.commune)["rate_closing"].value is None
    assert numbers(cast.other_commune) == (None,) * 5


def test_children_add_up_until_the_unit_speaks_itself(cast: Cast) -> None:
    review(cast.commune, YEAR, 100, 5, 10, 95, 5000, 5000)
    review(cast.other_commune, YEAR, 50, 0, 10, 40, 4000, 4000)
    assert numbers(cast.province) == (150, 5, 20, 135, -15)
    assert poor(cast.province)["rate_opening"].denominator == 9000
    review(cast.province, YEAR, 152, 5, 20, 137)
    assert numbers(cast.province) == (152, 5, 20, 137, -15)
    note = poor(cast.province)["opening"].note
    assert note and "150" in note and "chênh lệch 2" in note


def test_a_child_without_a_number_leaves_the_sum_open(cast: Cast) -> None:
    review(cast.commune, YEAR, 100, 5, 10, 95)
    review(cast.other_commune, YEAR, 50, None, None, 40)
    assert numbers(cast.province) == (150, None, None, 135, -15)


def test_different_standards_are_never_added(cast: Cast) -> None:
    review(cast.commune, YEAR, 100, 5, 10, 95)
    review(cast.other_commune, YEAR, 50, 0, 10, 40, standard="Tỉnh 2026")
    assert numbers(cast.province) == (None,) * 5
    assert "2 chuẩn nghèo" in (poor(cast.province)["opening"].note or "")
    assert numbers(cast.commune) == (100, 5, 10, 95, -5)


def test_breakdown_is_of_which(cast: Cast) -> None:
    review(cast.commune, YEAR, 5385, None, None, 1806, 30270, 30558)
    review(cast.commune, YEAR, 2707, None, None, 1143, 7906, 7993, breakdown="Dân tộc Khmer")
    assert numbers(cast.commune) == (5385, None, None, 1806, -3579)
    found = poor(cast.commune)
    assert found["dan_toc_khmer.rate_opening"].value == Decimal("34.2398")
    listed = list(rows(Scope(cast.commune, *YEAR), "poverty.poor.dan_toc_khmer.closing"))
    assert [row["closing"] for row in listed] == [1143]


def test_a_decrease_above_the_opening_is_legal_but_the_sum_must_tie(cast: Cast) -> None:
    review(cast.commune, YEAR, 1871, 45, 1916, 0)
    with pytest.raises(Refused, match="bằng 90, không phải 91"):
        review(cast.commune, QUARTERS[0], 100, 0, 10, 91)
    with pytest.raises(Refused, match="tổng số hộ"):
        review(cast.commune, QUARTERS[0], 100, 0, 10, 90, 99)


def test_as_of_stays_true(cast: Cast, db_session: Session) -> None:
    review(cast.commune, YEAR, 100, 5, 10, 95)
    before = now_number()
    review(cast.commune, YEAR, 110, 5, 10, 105)
    assert numbers(cast.commune) == (110, 5, 10, 105, -5)
    assert numbers(cast.commune, as_of=before) == (100, 5, 10, 95, -5)


def test_only_what_differs_is_a_new_version(cast: Cast) -> None:
    row = ReviewRow(cast.commune.id, STANDARD, *YEAR, "hộ NGHEO", opening=100, closing=95)
    assert record_reviews([row], entry=entry) == (1, 0, 0)
    number = now_number()
    assert record_reviews([row, row], entry=entry) == (0, 0, 2)
    assert now_number() == number, "duplicates take no number"
    kept = ReviewRow(cast.commune.id, STANDARD, *YEAR, "Hộ nghèo", opening=ABSENT, closing=96)
    assert record_reviews([kept], entry=entry) == (0, 1, 0)
    assert numbers(cast.commune)[0::3] == (100, 96), "an absent column leaves its field alone"


def test_a_province_defines_its_own_group(cast: Cast) -> None:
    review(cast.commune, YEAR, 7, 1, 2, 6, group="Hộ nghèo đặc thù")
    found = compute(Scope(cast.commune, *YEAR))
    assert found["poverty.ho_ngheo_dac_thu.closing"].value == 6
    assert found["poverty.poor.closing"].value is None
