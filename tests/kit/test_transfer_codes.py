"""Codes in transfers: no wrong character passes, and banks' texts give back what donors wrote."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit.transfer_codes import (
    ALPHABET,
    CAMPAIGN,
    DIGITS,
    FIRST,
    FUND,
    LENGTH,
    PLEDGE,
    find_codes,
    kind_of,
    make_code,
    read_code,
    sure_code,
)
from tests.transfer_texts import given_out, lines

kinds = st.sampled_from((PLEDGE, CAMPAIGN, FUND))
codes = st.builds(make_code, kinds, st.text(max_size=20))
places = st.integers(0, LENGTH - 1)


def test_the_alphabet_has_no_two_characters_that_are_taken_for_each_other() -> None:
    for alike in ("0OQD", "1IL7", "2Z", "5S", "6G", "8B", "UVY"):
        assert len(set(alike) & set(ALPHABET)) <= 1, alike
    assert not set("AEIOU") & set(ALPHABET)
    assert len(ALPHABET) == len(set(ALPHABET)) == 19


def test_kinds_are_told_by_the_first_letter() -> None:
    letters = "".join(FIRST.values())
    assert len(letters) == len(set(letters)) and letters.isalpha() and set(letters) <= set(ALPHABET)


@given(kinds, st.text(max_size=20))
def test_a_seed_gives_one_code_of_its_kind(kind: str, seed: str) -> None:
    code = make_code(kind, seed)
    assert code == make_code(kind, seed)
    assert kind_of(code) == kind and len(code) == LENGTH and code[0] in FIRST[kind]
    assert sum(character.isdigit() for character in code) in DIGITS
    assert make_code(kind, seed, is_taken={code}.__contains__) != code


@given(codes)
def test_no_single_wrong_character_passes(code: str) -> None:
    for place in range(LENGTH):
        for other in set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") - {code[place]}:
            assert kind_of(code[:place] + other + code[place + 1 :]) is None


@given(codes, places, places, st.sampled_from(ALPHABET), st.sampled_from(ALPHABET))
def test_no_two_wrong_characters_pass(code: str, one: int, two: int, first: str, second: str) -> None:
    wrong = list(code)
    wrong[one], wrong[two] = first, second
    assert "".join(wrong) == code or kind_of("".join(wrong)) is None


@given(codes, places, places)
def test_characters_that_changed_places_do_not_pass(code: str, one: int, two: int) -> None:
    wrong = list(code)
    wrong[one], wrong[two] = wrong[two], wrong[one]
    assert "".join(wrong) == code or kind_of("".join(wrong)) is None


@given(codes, st.sampled_from(ALPHABET))
def test_one_place_too_early_or_too_late_is_no_code(code: str, beside: str) -> None:
    assert kind_of(beside + code[:-1]) is None
    assert kind_of(code[1:] + beside) is None


@given(codes)
def test_a_typed_code_may_have_spaces_hyphens_and_small_letters(code: str) -> None:
    assert read_code(f" {code[:4].lower()}-{code[4:]} ") == code
    assert read_code(code[:-1]) is None and read_code("") is None and read_code("nguyen van an") is None


CODE = make_code(PLEDGE, "12")
OTHER = make_code(PLEDGE, "13")


@pytest.mark.parametrize("cut", range(1, LENGTH))
@pytest.mark.parametrize("gap", [" ", "\n", " \n", "-"])
def test_a_code_is_found_in_two_parts(cut: int, gap: str) -> None:
    text = f"MBVCB.6789012345.{CODE[:cut]}{gap}{CODE[cut:]} ung ho.CT tu 0123456789 NGUYEN VAN A toi 0011999000123"
    (found,) = find_codes(text, {CODE})
    assert found.code == CODE and text[found.start : found.end] == f"{CODE[:cut]}{gap}{CODE[cut:]}"


def test_a_code_in_three_parts_is_not_put_together() -> None:
    assert not find_codes(f"{CODE[:2]} {CODE[2:5]} {CODE[5:]}", {CODE})


@pytest.mark.parametrize(
    "text", [f"0123456789{CODE}777", f"x{CODE}y", f"FT26{CODE}HXTM", CODE.lower(), f"é{CODE}"]
)
def test_a_code_is_found_glued_to_its_neighbours(text: str) -> None:
    assert [one.code for one in find_codes(text, {CODE, OTHER})] == [CODE]


def test_several_codes_are_told_and_nothing_is_sure() -> None:
    text = f"{CODE} {OTHER} ung ho {CODE}"
    assert [one.code for one in find_codes(text, {CODE, OTHER})] == [CODE, OTHER]
    assert sure_code(text, {CODE, OTHER}) is None
    assert sure_code(text, {CODE}) is not None
    assert sure_code(f"{CODE} va {CODE}", {CODE, OTHER}) is not None


def test_a_code_that_was_never_given_out_is_nothing() -> None:
    assert find_codes(CODE) and not find_codes(CODE, {OTHER}) and sure_code(CODE, set()) is None


def test_ten_thousand_lines_give_no_wrong_code_and_nearly_every_whole_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    known = given_out(20_000)
    found = wrong = whole = missed = without = 0
    for line in lines(10_000, known, seed=20261127):
        sure = sure_code(line.text, known)
        whole += line.whole
        without += line.code is None
        wrong += sure is not None and (sure.code != line.code or not line.whole)
        found += sure is not None and line.whole and sure.code == line.code
        missed += sure is None and line.whole
    with capsys.disabled():
        print(
            f"\n10.000 texts, {without} without a code: {found} of {whole} whole codes found, {wrong} wrong"
        )
    assert wrong == 0
    assert whole > 4_000 and without > 3_000
    assert found + missed == whole and found >= 0.97 * whole


def test_noise_holds_no_code() -> None:
    """Random capitals and digits by the million: the check alone lets few through, the known codes none."""
    chance = random.Random(8)
    known = given_out(5_000)
    noise = ["".join(chance.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", k=100)) for _ in range(10_000)]
    assert not any(find_codes(text, known) for text in noise)
    assert sum(len(find_codes(text)) for text in noise) < 30
