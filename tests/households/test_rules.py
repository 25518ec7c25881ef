"""Pure rules of households: likeness, members in tables, sensitive numbers, who may fall back."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.households.rules_private import check_cccd, check_purpose
from portal.households.rules_registry import (
    Likely,
    Person,
    check_groups,
    checked,
    code_of,
    id_of_code,
    likeness,
    parse_members,
    person_text,
)
from portal.households.rules_watch import HOUSEHOLDS, OFFICER, Visit, Watched, check_helpers, reasons_to_worry
from portal.kit.errors import Refused
from tests.reading import unpleasant

YEAR = 2026


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (Likely("Nguyễn Văn Sáu", 1970, 1), Likely("Nguyễn Văn Sáu", 1970, 1), "cùng xóm, ấp"),
        (Likely("Nguyễn Văn Sáu", 1970, 1), Likely("NGUYEN VAN SAU", 1971, None), "khác dấu"),
        (Likely("Nguyễn Văn Sáu", None, 1), Likely("Ông Sáu Nguyễn Văn", 1970, 1), "khác thứ tự"),
        (Likely("Nguyễn Văn Sáu", 1970, 1), Likely("Nguyễn Văn Sáu", 1970, 2), "khác xóm, ấp"),
        (Likely("Nguyễn Văn Sáu", 1950, 1, "0912"), Likely("Nguyễn Văn Sáu", 1970, 2, "0912"), "cùng số điện thoại"),
    ],
)  # fmt: skip
def test_two_that_may_be_one(one: Likely, other: Likely, why: str) -> None:
    assert why in ", ".join(likeness(one, other))
    assert bool(likeness(other, one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Likely("Nguyễn Văn Sáu", 1970, 1), Likely("Nguyễn Văn Sáu", 1975, 1)),
        (Likely("Nguyễn Văn Sáu", 1970, 1), Likely("Nguyễn Văn Bảy", 1970, 1)),
        (Likely("Nguyễn Văn Sáu", None, 1), Likely("Nguyễn Văn Sáu", 1970, 2)),
        (Likely("", 1970, 1), Likely("", 1970, 1)),
    ],
)
def test_two_that_are_not(one: Likely, other: Likely) -> None:
    assert likeness(one, other) == []


@given(st.permutations(["Nguyễn", "Văn", "Út", "Tám"]))
def test_the_order_of_a_name_does_not_matter(words: list[str]) -> None:
    assert likeness(Likely("Nguyễn Văn Út Tám", 1970, 1), Likely(" ".join(words), 1970, 1))


def test_members_are_read_as_they_are_written() -> None:
    people = parse_members("Trần Thị Bé, vợ, nữ, 1980; Nguyễn Văn Tý, 2010, con\nBà Tư", this_year=YEAR)
    assert people == (
        Person("Trần Thị Bé", "vợ", "f", 1980),
        Person("Nguyễn Văn Tý", "con", None, 2010),
        Person("Bà Tư"),
    )
    again = "; ".join(map(person_text, people))
    assert parse_members(again, this_year=YEAR) == people


@pytest.mark.parametrize("text", [", vợ, nữ", "Bé, con, 3000", "x" * 201])
def test_members_that_cannot_be(text: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_members(text, this_year=YEAR)
    assert not unpleasant(refused.value.text)


@pytest.mark.parametrize(
    ("values", "field"),
    [({"name": "..."}, "name"), ({"sex": "x"}, "sex"), ({"birth_year": 1850}, "birth_year"),
     ({"birth_year": 2027}, "birth_year"),
     ({"phone": "12"}, "phone"), ({"bank_number": "12 ?"}, "bank_number"), ({"address": "a" * 301}, "address")],
)  # fmt: skip
def test_what_cannot_be_is_told_at_its_field(values: dict, field: str) -> None:
    with pytest.raises(Refused) as refused:
        checked(values, this_year=YEAR)
    assert refused.value.field == field and not unpleasant(refused.value.text)


def test_codes_there_and_back() -> None:
    assert id_of_code(code_of(12)) == 12 and id_of_code("ho 12") == 12 and id_of_code("NHT12") is None


def test_a_cccd_has_twelve_digits() -> None:
    assert check_cccd("001 201 012 345") == "001201012345" and check_cccd(" ") is None
    for wrong in ("123456789", "00120101234x", "0012010123456"):
        with pytest.raises(Refused) as refused:
            check_cccd(wrong)
        assert refused.value.field == "cccd" and wrong not in refused.value.text
    with pytest.raises(Refused):
        check_purpose("xem")


def test_groups_of_a_review_exclude_each_other() -> None:
    check_groups(["Hộ nghèo"], YEAR)
    with pytest.raises(Refused) as refused:
        check_groups(["Hộ nghèo", "Hộ cận nghèo"], YEAR)
    assert refused.value.field == "groups"


def test_helpers() -> None:
    check_helpers(HOUSEHOLDS, ["Ông An", "Bà Bé"])
    for kind, names in ((OFFICER, ["Ông An", "Bà Bé"]), (HOUSEHOLDS, [])):
        with pytest.raises(Refused) as refused:
            check_helpers(kind, names)
        assert refused.value.field == "helpers"


@pytest.mark.parametrize(
    ("watched", "why"),
    [
        (Watched(2024, lacks={2023: ["Việc làm"], 2024: [], 2025: ["Dinh dưỡng"]}), "trở lại năm 2025: Dinh dưỡng"),
        (Watched(2024, incomes={2025: 1_400_000}, threshold=1_500_000), "1.400.000"),
        (Watched(2024, visits=[Visit(date(2025, 3, 1), "same", illness=True)]), "ốm đau"),
        (Watched(2024, visits=[Visit(date(2025, 3, 1), "better"), Visit(date(2025, 9, 1), "worse")]), "01/09/2025"),
        (Watched(2024, again={2025: "Hộ cận nghèo"}), "Hộ cận nghèo"),
    ],
)  # fmt: skip
def test_why_a_household_may_fall_back(watched: Watched, why: str) -> None:
    reasons = reasons_to_worry(watched)
    assert len(reasons) == 1 and why in reasons[0]


@pytest.mark.parametrize(
    "watched",
    [
        Watched(2024),
        Watched(2024, lacks={2024: ["Việc làm"], 2025: ["Việc làm"]}),
        Watched(2024, lacks={2025: ["Việc làm"]}),
        Watched(2024, incomes={2025: 1_400_000}),
        Watched(2024, incomes={2023: 1_400_000, 2025: 2_000_000}, threshold=1_500_000),
        Watched(2024, visits=[Visit(date(2023, 3, 1), "worse", illness=True)]),
        Watched(2024, visits=[Visit(date(2025, 3, 1), "worse"), Visit(date(2025, 9, 1), "better")]),
        Watched(2024, again={2023: "Hộ nghèo"}),
    ],
)
def test_what_is_no_reason_to_worry(watched: Watched) -> None:
    assert reasons_to_worry(watched) == []
