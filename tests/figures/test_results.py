"""Results of programmes, houses and gifts as reported, initiatives, targets."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from portal.campaigns.actions import set_target
from portal.emulation.actions import record_initiatives
from portal.emulation.rules import InitiativeRow
from portal.figures.registry import compute, rows
from portal.figures.scope import Scope
from portal.kit.errors import Refused
from portal.programmes.actions import record_results
from portal.programmes.rules import ResultRow, cumulative_of, kind_key, qualifier_of
from portal.units.models import Unit
from tests.cast import Cast, make_campaign
from tests.figures.books import DAY, Books, entry, now_number

YEAR = (date(2026, 1, 1), date(2026, 12, 31))
HALF = (date(2026, 1, 1), date(2026, 6, 30))
OTHER_HALF = (date(2026, 7, 1), date(2026, 12, 31))


def report(unit: Unit, days: tuple[date, date] = YEAR, programme: str = "Dạy nghề", **more: Any) -> None:
    row = ResultRow(unit.id, *days, programme, more.pop("kind", "day_nghe"), **more)
    record_results([row], entry=entry)


def values(unit: Unit, *keys: str, days: tuple[date, date] = YEAR, as_of: int | None = None) -> list[Any]:
    found = compute(Scope(unit, *days, as_of=as_of), keys)
    return [found[key].value for key in keys]


def test_percent_has_its_parts(cast: Cast) -> None:
    report(cast.commune, target=Decimal(206), actual=Decimal(208), measure="lao động")
    found = compute(Scope(cast.commune, *YEAR))["results.day_nghe.percent"]
    assert (found.value, found.numerator, found.denominator) == (Decimal("100.9709"), 208, 206)


def test_periods_add_and_the_longest_of_overlapping_counts(cast: Cast) -> None:
    report(cast.commune, HALF, actual=Decimal(10))
    report(cast.commune, OTHER_HALF, actual=Decimal(12))
    assert values(cast.commune, "results.day_nghe.actual") == [22]
    report(cast.commune, YEAR, actual=Decimal(25))
    assert values(cast.commune, "results.day_nghe.actual") == [25]
    assert values(cast.commune, "results.day_nghe.actual", days=HALF) == [10]


def test_running_totals_are_never_summed(cast: Cast) -> None:
    report(cast.commune, HALF, actual=Decimal(10), cumulative=True)
    report(cast.commune, YEAR, actual=Decimal(30), cumulative=True)
    assert values(cast.commune, "results.day_nghe.actual") == [30]
    assert values(cast.commune, "results.day_nghe.actual", days=HALF) == [10]


def test_sources_add_and_qualifiers_stay(cast: Cast) -> None:
    report(
        cast.commune, kind="tin_dung", programme="Cho vay", source="A", amount=9_968_000_000, qualifier="gần"
    )
    report(cast.commune, kind="tin_dung", programme="Cho vay", source="B", amount=60_807_000_000)
    found = compute(Scope(cast.commune, *YEAR))
    assert found["results.kind.tin_dung.amount"].value == 70_775_000_000
    assert found["results.cho_vay.amount"].qualifier == "gần"
    report(cast.commune, kind="tin_dung", programme="Cho vay", source="C", amount=1, qualifier="trên")
    assert compute(Scope(cast.commune, *YEAR))["results.cho_vay.amount"].qualifier == "khoảng"


def test_own_report_wins_and_the_difference_is_told(cast: Cast) -> None:
    report(cast.commune, actual=Decimal(10))
    report(cast.other_commune, actual=Decimal(5))
    assert values(cast.province, "results.day_nghe.actual") == [15]
    report(cast.province, actual=Decimal(16))
    found = compute(Scope(cast.province, *YEAR))["results.day_nghe.actual"]
    assert found.value == 16 and "15 (chênh lệch 1)" in (found.note or "")


def test_houses_and_gifts_from_brought_totals(cast: Cast) -> None:
    report(cast.commune, kind="xay_nha", programme="Nhà tình thương", actual=Decimal(5), amount=300_000_000)
    report(cast.commune, kind="sua_nha", programme="Chống dột", actual=Decimal(20), amount=610_201_000)
    report(cast.commune, kind="qua", programme="Quà Tết", actual=Decimal(100), measure="suất", amount=5)
    report(cast.commune, kind="qua", programme="Gạo", actual=Decimal(900), measure="kg")
    keys = ("houses.built", "houses.repaired", "houses.cost", "gifts.portions", "gifts.value", "gifts.rounds")
    assert values(cast.commune, *keys) == [5, 20, 910_201_000, 100, 5, None]
    listed = list(rows(Scope(cast.commune, *YEAR), "gifts.portions"))
    assert [row["programme"] for row in listed] == ["Quà Tết"]
    assert values(cast.other_commune, *keys) == [None] * 6


def test_initiatives_of_the_period(cast: Cast) -> None:
    def initiative(name: str, start: date | None, end: date | None) -> InitiativeRow:
        return InitiativeRow(cast.commune.id, name, "mô hình", start, end)

    brought = [
        initiative("Luôn luôn", None, None),
        initiative("Đã xong", None, date(2025, 12, 31)),
        initiative("Chưa tới", date(2027, 1, 1), None),
        initiative("Giữa năm", *HALF),
    ]
    assert record_initiatives(brought, entry=entry) == (4, 0, 0)
    assert record_initiatives([initiative("LUON luôn", None, None)], entry=entry) == (0, 1, 0)
    assert values(cast.commune, "initiatives.count") == [2]


def test_as_of_stays_true_for_results_initiatives_and_targets(cast: Cast) -> None:
    campaign = make_campaign(unit=cast.commune, starts_on=date(2026, 1, 1))
    set_target(campaign, cast.commune, 900_000, by=cast.accountant)
    Books(cast.commune).receive(450_000, DAY, campaign=campaign)
    report(cast.commune, actual=Decimal(10))
    before = now_number()
    set_target(campaign, cast.commune, 500_000, by=cast.accountant)
    report(cast.commune, actual=Decimal(11))
    record_initiatives([InitiativeRow(cast.commune.id, "Hũ gạo")], entry=entry)

    def told(as_of: int | None) -> list[Any]:
        keys = ("target.amount", "target.percent", "results.day_nghe.actual", "initiatives.count")
        found = compute(Scope(cast.commune, *YEAR, campaign, as_of), keys)
        return [found[key].value for key in keys]

    assert told(None) == [500_000, Decimal("90.0000"), 11, 1]
    assert told(before) == [900_000, Decimal("50.0000"), 10, 0]


def test_the_whole_target_stands_above_its_parts(cast: Cast) -> None:
    campaign = make_campaign(unit=cast.province, starts_on=date(2026, 1, 1))
    set_target(campaign, cast.commune, 100, by=None)
    set_target(campaign, cast.other_commune, 200, by=None)
    amount = lambda unit: compute(Scope(unit, *YEAR, campaign), ["target.amount"])["target.amount"].value  # noqa: E731
    assert (amount(cast.province), amount(cast.commune)) == (300, 100)
    set_target(campaign, cast.province, 500, by=None)
    assert amount(cast.province) == 500


@pytest.mark.parametrize(
    "read, text", [(kind_key, "vay nóng"), (qualifier_of, "hơn"), (cumulative_of, "mỗi năm")]
)
def test_unknown_words_are_refused(read: Any, text: str) -> None:
    with pytest.raises(Refused, match=text):
        read(text)


def test_unknown_keys_are_refused_for_rows(cast: Cast) -> None:
    for key in ("nothing.here", "poverty.poor", "poverty.nobody.opening", "results.kind.nothing.amount"):
        with pytest.raises(Refused):
            rows(Scope(cast.commune, *YEAR), key)
