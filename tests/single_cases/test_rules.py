"""Pure rules of single cases: the state follows from what happened, counts add up, texts find nobody."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.cases import rules, rules_appeal
from portal.cases.rules import DECIDED, DONE, DRAFTED, FATES, GIVEN, GONE, Facts, Made
from portal.kit.errors import Refused
from tests.reading import unpleasant

TODAY = date(2026, 11, 27)
amounts = st.integers(0, 9)
decisions = st.builds(
    Made, st.sampled_from(["draft", "issued", "withdrawn"]), amounts, amounts, amounts, amounts
)
numbers = st.frozensets(st.integers(1, 5))


@given(
    ended=st.sampled_from([None, None, rules.REFUSED, rules.WITHDRAWN]),
    surveyed=st.booleans(),
    made=st.lists(decisions, max_size=3),
    papers=numbers,
    covered=numbers,
)
def test_the_state_follows_from_what_happened(
    ended: str | None, surveyed: bool, made: list[Made], papers: frozenset[int], covered: frozenset[int]
) -> None:
    state = rules.state_of(Facts(ended, surveyed, made, papers, covered))
    assert state in rules.STATES and state in rules.BADGES
    if ended:
        assert state == ended
        return
    drafts = [one for one in made if one.state == "draft"]
    waiting = [
        one for one in made if one.state == "issued" and (one.paid < one.money or one.issued < one.goods)
    ]
    assert (state == DRAFTED) == bool(drafts)
    if not drafts:
        assert (state == DECIDED) == bool(waiting)
    if not drafts and not waiting:
        assert (state == DONE) == (bool(papers) and papers <= covered)
        assert (state == GIVEN) == bool(papers - covered)
        assert state in (DONE, GIVEN) or state == (rules.SURVEYED if surveyed else rules.REQUESTED)
    assert len(rules.steps_of(state)) == len(rules.STEPS)


@given(given_=st.integers(1, 40), parts=st.lists(st.integers(0, 40), min_size=5, max_size=5))
def test_counts_add_up_to_what_was_given(given_: int, parts: list[int]) -> None:
    told = dict(zip(FATES, parts, strict=True))
    if sum(parts) == given_:
        assert rules.check_counts("Bò", given_, told, {}, "a1") == told
        return
    with pytest.raises(Refused) as refused:
        rules.check_counts("Bò", given_, told, {}, "a1")
    assert refused.value.field == "a1" and not unpleasant(refused.value.text)


@given(before=st.tuples(*[st.integers(0, 3)] * 3), now=st.tuples(*[st.integers(0, 3)] * 3))
def test_what_is_gone_does_not_come_back(before: tuple[int, ...], now: tuple[int, ...]) -> None:
    told = {"alive": 10 - sum(now), **dict(zip(GONE, now, strict=True))}
    known = dict(zip(GONE, before, strict=True))
    if all(here >= there for here, there in zip(now, before, strict=True)):
        assert rules.check_counts("Dê", 10, told, known, "a1")["grown"] == 0
    else:
        with pytest.raises(Refused):
            rules.check_counts("Dê", 10, told, known, "a1")


def test_nothing_counted_is_not_zero() -> None:
    with pytest.raises(Refused) as refused:
        rules.check_counts("Dê", 2, dict.fromkeys(FATES), {}, "a1")
    assert "chưa ghi số nào" in refused.value.text


@pytest.mark.parametrize(
    ("text", "months"),
    [("", []), (None, []), ("3, 6,12", [3, 6, 12]), ("6 6", [6]), ("0", None), ("x", None)],
)
def test_months_of_visits(text: str | None, months: list[int] | None) -> None:
    if months is None:
        with pytest.raises(Refused) as refused:
            rules.months_of(text)
        assert not unpleasant(refused.value.text)
    else:
        assert rules.months_of(text) == months


@given(day=st.dates(date(2020, 1, 1), date(2030, 12, 31)), months=st.integers(1, 60))
def test_months_later_is_that_month(day: date, months: int) -> None:
    later = rules.months_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and later.day >= 28)


@pytest.mark.parametrize(
    ("kind", "typed", "kept", "shown"),
    [
        ("amount", "12tr", "12000000", "12.000.000 đồng"),
        ("count", "08", "8", "8"),
        ("day", "05/11/2026", "2026-11-05", "05/11/2026"),
        ("choice", "Ao", "Ao", "Ao"),
        ("text", "  ba  ", "ba", "ba"),
        ("long", "một\nhai", "một\nhai", "một\nhai"),
        ("text", "", None, None),
    ],
)
def test_answers_are_kept_and_shown(kind: str, typed: str, kept: str | None, shown: str | None) -> None:
    assert rules.read_answer(kind, "Câu", typed, ["Ao", "Sông"], "q1", TODAY) == kept
    assert rules.show_answer(kind, kept) == shown


@pytest.mark.parametrize(
    ("kind", "typed"), [("amount", "nhiều"), ("count", "-1"), ("day", "hôm kia"), ("choice", "Biển")]
)
def test_answers_that_cannot_be_read(kind: str, typed: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.read_answer(kind, "Câu", typed, ["Ao", "Sông"], "q1", TODAY)
    assert refused.value.field == "q1" and not unpleasant(refused.value.text)


@pytest.mark.parametrize(
    ("born", "ages"),
    [(None, ("adult", "child", "small")), (1980, ("adult",)), (2008, ("child", "adult")), (2015, ("child",)),
     (2019, ("small", "child")), (2024, ("small",)), (2026, ("small",))],
)  # fmt: skip
def test_ages_by_the_year_of_birth(born: int | None, ages: tuple[str, ...]) -> None:
    assert rules_appeal.ages_of(born, 2026) == ages


@given(name=st.sampled_from(["Nguyễn Văn Sáu", "Lê Thị Bảy"]), around=st.text("abc ,.;", max_size=8))
def test_a_name_is_found_however_it_is_written(name: str, around: str) -> None:
    from portal.kit.vietnamese import fold

    for written in (name, name.upper(), fold(name), name.replace(" ", "  ")):
        with pytest.raises(Refused):
            rules_appeal.check_anonymous({"body": f"{around} {written} {around}"}, [name], [])
    rules_appeal.check_anonymous({"body": f"{around} một hộ trong xã {around}"}, [name], ["Tổ 7", None])
