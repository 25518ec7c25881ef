"""Vietnamese text: normal form, folding, order, index tokens, old fonts. All names are invented."""

import itertools
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit.vietnamese import (
    capital_first,
    convert_legacy,
    detect_legacy,
    fold,
    initials,
    key_of,
    natural_key,
    nfc,
    query_tokens,
    search_tokens,
    sort_key,
)


def test_input_has_one_form():
    assert nfc(unicodedata.normalize("NFD", " Nguyễn\u00a0\u202f Thị\n\tNhung\u200b ")) == "Nguyễn Thị Nhung"
    assert nfc("a\x00b\ud800c") == "abc"
    assert nfc(None) == nfc("") == nfc("\u3000") == ""


@given(st.text())
def test_the_form_is_final(text):
    assert nfc(nfc(text)) == nfc(text)
    assert nfc(text).encode("utf-8").count(b"\x00") == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mỹ", "Mĩ"), ("Lý", "Lí"), ("Quý", "Quí"), ("y tế", "i tế"), ("hoà", "hòa"), ("Thuỵ", "Thụy"),
        ("ĐỖ THỊ HỒNG", "do thi hong"), ("Đà Nẵng", "da nang"), ("NGUYễN XIểN", "nguyen xien"),
        ("Nguyễn-Văn  A.", "nguyen van a"), (unicodedata.normalize("NFD", "ủng hộ"), "ung ho"),
        ("Ð\u00e0", "da"),
    ],
)  # fmt: skip
def test_texts_that_count_as_equal(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("hay", "hai"), ("Thúy", "Thúi"), ("tay", "tai"), ("an", "anh")])
def test_texts_that_differ(one, other):
    assert fold(one) != fold(other)


@given(st.lists(st.text("yqubcnghat01", min_size=1, max_size=6), max_size=6))
def test_y_becomes_i_where_it_is_the_only_vowel_at_the_end_of_a_word(words):
    def expected(word: str) -> str:
        start = word[:-1]
        alone = start == "qu" or (len(start) <= 3 and start.isalpha() and not set(start) & set("aeiouy"))
        return f"{start}i" if word.endswith("y") and (alone or not start) else word

    assert fold(" ".join(words)) == " ".join(map(expected, words))


@given(st.text())
def test_folding_is_final_and_plain(text):
    folded = fold(text)
    assert fold(folded) == folded
    assert re.fullmatch(r"(?:[a-z0-9]+(?: [a-z0-9]+)*)?", folded)
    assert fold(nfc(text)) == fold(nfc(nfc(text)))


def test_keys_keep_the_y():
    assert key_of("tín dụng") == "tin_dung"
    assert key_of("Dạy nghề") == "day_nghe"
    assert key_of("Y tế") == "y_te"
    assert key_of("Dân tộc Khmer") == "dan_toc_khmer"
    assert key_of(" Sửa chữa, chống dột (xã) ") == "sua_chua_chong_dot_xa"


def rises(key, texts):
    """Whether each text's key is greater than the one before."""
    return all(key(one) < key(other) for one, other in itertools.pairwise(texts))


def test_people_sort_by_given_family_middle_name():
    ordered = [
        "Nguyễn Văn An", "Trần An", "Phạm Thị Ân", "Lê Bình", "Vũ Dũng", "Lê Đạt", "Bùi Văn Hà",
        "Đỗ Thị Hà",
        "Lê Hạ", "Nguyễn Thị Nhung", "Nguyễn Văn Nhung", "Cao Sơn", "Cao Tú", "Cao Tư", "Cao Ý",
    ]  # fmt: skip
    assert rises(sort_key, ordered)
    assert sort_key(None) == sort_key("…") == sort_key("")


def test_letters_and_tones_have_the_order_of_the_dictionary():
    letters = [
        "a",
        "ă",
        "â",
        "b",
        "c",
        "d",
        "đ",
        "e",
        "ê",
        "g",
        "h",
        "i",
        "k",
        "l",
        "m",
        "n",
        "o",
        "ô",
        "ơ",
        "p",
        "q",
        "r",
        "s",
        "t",
        "u",
        "ư",
        "v",
        "x",
        "y",
    ]
    assert rises(natural_key, letters)
    tones = ["ma", "mà", "mả", "mã", "má", "mạ"]
    assert rises(natural_key, tones)
    assert natural_key("HÀ") == natural_key(unicodedata.normalize("NFD", "hà"))
    assert natural_key("hạ b") > natural_key("hà b") > natural_key("hà")
    assert natural_key("hà an") < natural_key("hạ an") < natural_key("hà ăn")


def test_numbers_sort_as_people_count():
    hamlets = ["Xóm 1", "Xóm 2", "Xóm 2A", "Xóm 10", "Xóm 100", "Xóm Đông"]
    assert rises(natural_key, hamlets)
    assert natural_key("Xóm 02") == natural_key("xóm 2")


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_any_two_numbers_sort_by_value(one, other):
    assert (natural_key(f"Ấp {one}") < natural_key(f"Ấp {other}")) == (one < other)


@given(st.text())
def test_sort_keys_suit_every_collation(text):
    assert re.fullmatch(r"[0-9a-z]*", sort_key(text))
    assert re.fullmatch(r"[0-9a-z]*", natural_key(text))


def test_initials_and_capitals():
    assert initials("Nguyễn Thị Nhung") == "N.T.N."
    assert initials(" đỗ  văn-ân ") == "Đ.V.Â."
    assert initials(None) == ""
    assert capital_first("ấp Tân Bình") == "Ấp Tân Bình"
    assert capital_first("") == ""


@pytest.mark.parametrize(
    ("text", "kind", "unicode"),
    [
        ("NguyÔn V¨n An", "TCVN3", "Nguyễn Văn An"), ("TrÇn ThÞ BÝch", "TCVN3", "Trần Thị Bích"),
        ("Hoµng §ç", "TCVN3", "Hoàng Đỗ"), ("NGUYÔN V¡N AN", "TCVN3", "NGUYỄN VĂN AN"),
        ("t­ v\u00ea", "TCVN3", "tư vờ"),
        ("Nguyeãn Vaên An", "VNI", "Nguyễn Văn An"), ("Traàn Thò Bích", "VNI", "Trần Thị Bích"),
        ("ÑOÃ VAÊN NGÖÔØI", "VNI", "ĐỖ VĂN NGƯỜI"), ("Leâ Ñöùc Höõu", "VNI", "Lê Đức Hữu"),
    ],
)  # fmt: skip
def test_old_fonts_are_recognised_and_turned(text, kind, unicode):
    assert detect_legacy(text) == kind
    assert convert_legacy(text, kind) == unicode


@pytest.mark.parametrize(
    "text",
    [
        "Nguyễn Văn An",
        "Lê Hà",
        "Hà Lý Bé Ba",
        "Noël Müller",
        "José",
        "Céline",
        "NGUYEN VAN A",
        "",
        None,
        "25 m² ½",
        "Võ Thị Sáu",
    ],
)
def test_unicode_text_is_left_alone(text):
    assert detect_legacy(text) is None
    assert convert_legacy(text or "", None) == (text or "")


def test_an_unknown_font_is_an_error():
    with pytest.raises(ValueError, match="VPS"):
        convert_legacy("a", "VPS")


def test_tokens_of_a_text():
    assert search_tokens("Nguyễn Văn A ủng hộ") == [
        "nguyen", "van", "a", "ung", "ho", "nguyen_van", "a_van", "a_ung", "ho_ung",
        "a_nguyen_van", "a_ung_van", "a_ho_ung", "a_nguyen_ung_van", "a_ho_ung_van",
    ]  # fmt: skip
    assert search_tokens("an an An") == ["an", "an_an", "an_an_an"]
    assert search_tokens(None) == search_tokens("…") == []


def test_tokens_of_a_query():
    assert query_tokens("  A nguyễn VĂN ") == ["a_nguyen_van"]
    assert query_tokens("một hai ba bốn năm") == ["hai_mot", "ba_bon_nam"]
    assert query_tokens("1 2 3 4 5 6 7 8 9") == ["1_2_3", "4_5_6", "7_8_9"]
    assert query_tokens("") == query_tokens(None) == query_tokens("?!") == []


def found(query, text):
    return set(query_tokens(query)) <= set(search_tokens(text))


def test_a_gift_is_found_in_any_order_and_case():
    text = "MBVCB.123.NGUYEN VAN A ung ho.CT tu 0123 NGUYEN VAN A toi"
    for order in itertools.permutations(["nguyễn", "Văn", "a"]):
        assert found(" ".join(order), text)
    assert found("nguyen van a ung ho ct tu", text)
    assert not found("nguyen van b", text)
    assert not found("nguyen thi a", text)
    assert not found("nguyen toi", text)


words = st.lists(
    st.sampled_from(["nguyễn", "văn", "thị", "an", "đỗ", "mỹ", "lý", "12", "xã", "ủng", "hộ"]),
    min_size=1,
    max_size=12,
)


@given(words, st.data())
def test_every_part_of_a_text_finds_it(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert found(" ".join(text[start:end]).upper(), " ".join(text))


@given(words, st.permutations(range(4)))
def test_up_to_four_words_are_found_in_any_order(text, order):
    part = text[:4]
    shuffled = [part[i] for i in order if i < len(part)]
    assert found(" ".join(shuffled), " ".join(text))


@given(words)
def test_a_name_that_is_not_there_is_not_found(text):
    assert not found(" ".join([*text[:3], "khang"]), " ".join(text))
