"""Reading and printing amounts and counts."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit.errors import Refused
from portal.kit.money import (
    MAX_AMOUNT,
    MAX_COUNT,
    format_amount,
    format_dong,
    format_percent,
    format_points,
    format_rate,
    format_short,
    in_words,
    pad_count,
    parse_amount,
    parse_amount_or_zero,
    parse_cell_amount,
    parse_count,
    ratio,
)

READ = {
    "1.234.567": 1_234_567, "1,234,567": 1_234_567, "1 234 567": 1_234_567, "1234567": 1_234_567,
    "1\u00a0234\u202f567": 1_234_567, "\u20091.234\u200b.567 ": 1_234_567, "1.234": 1234,
    "1,234": 1234, "5": 5,
    "1,5tr": 1_500_000, "1tr5": 1_500_000, "2tr05": 2_050_000, "1 tr 5": 1_500_000,
    "1,5 triệu đồng": 1_500_000,
    "500k": 500_000, "500K": 500_000, "500 nghìn": 500_000, "500 ngàn đồng": 500_000,
    "22,7 tỷ": 22_700_000_000,
    "22,7 TỈ": 22_700_000_000, "610,201 triệu": 610_201_000, "98.623 triệu": 98_623_000_000,
    "1.234,5 triệu": 1_234_500_000, "500.000đ": 500_000, "500.000 đồng": 500_000, "500000 VND": 500_000,
    "500.000 VNĐ": 500_000, "500.000₫": 500_000, "1.234.567,00": 1_234_567, "25,000.00": 25_000,
    "1500000.00": 1_500_000, "1.000.000.000.000.000": MAX_AMOUNT,
}  # fmt: skip


@pytest.mark.parametrize(("text", "amount"), READ.items())
def test_people_write_amounts_in_many_ways(text, amount):
    assert parse_amount(text) == amount


REFUSED = {
    "2.50": "“2.50” chưa rõ là bao nhiêu. Gõ 250.000 hoặc 2,5tr.",
    "1.23": "“1.23” chưa rõ là bao nhiêu. Gõ 123.000 hoặc 1,23tr.",
    "1,5": "“1,5” chưa rõ là bao nhiêu. Gõ 15.000 hoặc 1,5tr.",
    "0.500": "“0.500” chưa rõ là bao nhiêu. Gõ 500.000 hoặc 0,5tr.",
    "1.234,5": "“1.234,5” có phần lẻ, mà tiền đồng không có số lẻ. Gõ 1.234 hoặc 1.234,5tr.",
    "1,234.5": "“1,234.5” có phần lẻ, mà tiền đồng không có số lẻ. Gõ 1.234 hoặc 1.234,5tr.",
    "abc": "“abc” không phải là số tiền. Gõ số đồng, ví dụ 500.000 hoặc 1,5tr.",
    "NaN": "“NaN” không phải là số tiền. Gõ số đồng, ví dụ 500.000 hoặc 1,5tr.",
    "1e5": "“1e5” không phải là số tiền. Gõ số đồng, ví dụ 500.000 hoặc 1,5tr.",
    "": "Chưa có số tiền. Gõ số đồng, ví dụ 500.000 hoặc 1,5tr.",
    " \u00a0": "Chưa có số tiền. Gõ số đồng, ví dụ 500.000 hoặc 1,5tr.",
    "0": "Số tiền phải lớn hơn 0. Gõ số đồng thực có, ví dụ 500.000.",
    "-5.000": "Số tiền không được âm. Gõ số lớn hơn 0.",
    "−5.000": "Số tiền không được âm. Gõ số lớn hơn 0.",
    "(5.000)": "Số tiền không được âm. Gõ số lớn hơn 0.",
}


@pytest.mark.parametrize(("text", "sentence"), REFUSED.items())
def test_a_doubtful_amount_is_refused_with_advice(text, sentence):
    with pytest.raises(Refused) as refused:
        parse_amount(text, field="amount")
    assert (refused.value.text, refused.value.field) == (sentence, "amount")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("10000000000000000", "quá lớn"), ("1.000.000.000.000.001", "quá lớn"), ("9" * 5000, "quá dài"),
        ("99.999.999 tỷ", "quá lớn"), ("0912345678", "bắt đầu bằng số 0"), ("12.34.567", "chưa rõ"),
        ("1 23", "chưa rõ"), ("1.234 567", "chưa rõ"), ("2.5tr", "dấu phẩy"), ("1,23456789tr",
        "không tròn đồng"),
        ("1tr1000", "không phải"), ("5²", "không phải"), ("٣٠٠", "không phải"), ("500.000 cái",
        "không phải"),
        ("200.000,001261122666", "chưa rõ"), ("1.234,5,6", "chưa rõ"), ("0.0", "chưa rõ"),
        ("0,00tr", "phải lớn hơn 0"),
    ],
)  # fmt: skip
def test_other_refusals(text, part):
    with pytest.raises(Refused) as refused:
        parse_amount(text)
    assert part in refused.value.text
    assert refused.value.text.endswith(".")


def test_zero_is_a_number_where_the_caller_allows_it():
    assert parse_amount_or_zero("0") == 0
    with pytest.raises(Refused):
        parse_amount_or_zero("")


@pytest.mark.parametrize(
    ("value", "amount"),
    [
        (300_000, 300_000), (300_000.0, 300_000), (Decimal(5000), 5000), (0, 0), (None, None),
        ("", None),
        (" \u00a0", None), ("-", None), ("—", None), ("300.000,00", 300_000), ("25,000.00", 25_000),
        ("400.000,00", 400_000),
        ("0.00", 0), ("0,00", 0), ("500,00", 500), ("1500000,0", 1_500_000),
        ("610,201 triệu", 610_201_000),
        ("50,000", 50_000),
    ],
)  # fmt: skip
def test_cells(value, amount):
    assert parse_cell_amount(value) == amount


@pytest.mark.parametrize(
    "value",
    [
        1.5, float("nan"), float("inf"), 2.0**60, True, b"5", "200.000,001261122666",
        "060129014***300.000", "2.50",
        "1.234,5", "-500.000", -5, 10**16, "1.234 567", "abc", "060129014",
    ],
)  # fmt: skip
def test_a_cell_is_never_guessed(value):
    with pytest.raises(Refused) as refused:
        parse_cell_amount(value, field="D7")
    assert refused.value.field == "D7"
    assert refused.value.text.endswith(".")


def test_a_zero_cell_can_be_refused():
    with pytest.raises(Refused, match="bằng 0"):
        parse_cell_amount("0,00", allow_zero=False)


@pytest.mark.parametrize(
    ("value", "count"),
    [("1.361", 1361), ("1,361", 1361), ("08", 8), ("0", 0), (43, 43), (43.0, 43), (" 2 741 ", 2741)],
)
def test_counts(value, count):
    assert parse_count(value) == count


@pytest.mark.parametrize(
    "value", ["", None, "1,5", "2.50", "-3", -3, "abc", 1.5, True, MAX_COUNT + 1, "9" * 5000]
)
def test_what_is_no_count(value):
    with pytest.raises(Refused) as refused:
        parse_count(value, field="people")
    assert refused.value.field == "people"


@given(st.integers(1, MAX_AMOUNT), st.sampled_from(["", "đ", " đồng", "\u00a0VND"]))
def test_what_is_printed_can_be_read(amount, currency):
    assert parse_amount(format_amount(amount) + currency) == amount
    assert parse_cell_amount(format_amount(amount)) == amount
    assert parse_amount(str(amount)) == amount
    assert parse_amount(format_short(amount)) == amount


@given(st.text(alphabet="0123456789.,-− \u00a0đkrtỷệiu+e", max_size=25))
def test_reading_answers_or_refuses(text):
    try:
        amount = parse_amount(text)
    except Refused as refused:
        assert refused.text.endswith(".")
    else:
        assert 0 < amount <= MAX_AMOUNT
        assert parse_cell_amount(text) == amount


def test_amounts_are_printed():
    assert [format_amount(n) for n in (1_234_567, -1500, 0, None)] == ["1.234.567", "−1.500", "0", "—"]
    assert format_dong(1_234_567) == "1.234.567 đồng"
    assert format_dong(None) == "—"
    assert format_short(22_700_000_000) == "22,7 tỷ"
    assert format_short(610_201_000) == "610,201 triệu"
    assert format_short(-98_623_000_000) == "−98,623 tỷ"
    assert format_short(1_234_567_000) == "1.234,567 triệu"
    assert format_short(1_234_567_890) == "1.234.567.890 đồng"
    assert format_short(500_000) == "500.000 đồng"
    assert [pad_count(n) for n in (8, 0, 20, 1361, None)] == ["08", "0", "20", "1.361", "—"]


def test_rates_have_two_decimals_and_percents_at_most_two():
    assert format_rate(1871, 207_500) == "0,90%"
    assert format_rate(43, 59_500) == "0,07%"
    assert format_rate(655, 59_500) == "1,10%"
    assert format_rate(1143, 7993) == "14,30%"
    assert format_rate(1, 0) == format_rate(None, 5) == format_rate(5, None) == "—"
    assert format_percent(321, 300) == "107%"
    assert format_percent(208, 206) == "100,97%"
    assert format_percent(2393, 1000) == "239,3%"
    assert format_percent(151_003, 100_000) == "151%"
    assert format_percent(0, 7) == "0%"
    assert format_percent(1, 0) == "—"


def test_halves_are_rounded_up():
    assert format_rate(5, 100_000) == "0,01%"
    assert format_rate(49_999, 10**9) == "0,00%"
    assert format_rate(-5, 100_000) == "−0,01%"
    assert ratio(208, 206) == Decimal("100.9709")
    assert ratio(1473, 207_500) == Decimal("0.7099")
    assert ratio(5, 10**7) == Decimal("0.0001")
    assert ratio(None, 1) is None
    assert ratio(1, 0) is None


def test_points():
    assert format_points(Decimal("-0.22")) == "−0,22 điểm %"
    assert format_points(Decimal("0.5")) == "+0,50 điểm %"
    assert format_points(Decimal("0.001")) == "0,00 điểm %"
    assert format_points(None) == "—"
    with pytest.raises(TypeError):
        format_points(0.1)


WORDS = {
    0: "Không đồng",
    15: "Mười lăm đồng",
    21: "Hai mươi mốt đồng",
    24: "Hai mươi tư đồng",
    25: "Hai mươi lăm đồng",
    101: "Một trăm lẻ một đồng",
    105: "Một trăm lẻ năm đồng",
    115: "Một trăm mười lăm đồng",
    1_005: "Một nghìn không trăm lẻ năm đồng",
    10_000: "Mười nghìn đồng",
    20_015: "Hai mươi nghìn không trăm mười lăm đồng",
    221_200_000: "Hai trăm hai mươi mốt triệu hai trăm nghìn đồng",
    610_201_000: "Sáu trăm mười triệu hai trăm lẻ một nghìn đồng",
    2_054_000_000: "Hai tỷ không trăm năm mươi bốn triệu đồng",
    1_000_005_000: "Một tỷ không trăm lẻ năm nghìn đồng",
    1_005_000_000_000: "Một nghìn không trăm lẻ năm tỷ đồng",
    MAX_AMOUNT: "Một triệu tỷ đồng",
}


@pytest.mark.parametrize(("amount", "words"), WORDS.items())
def test_amounts_in_words(amount, words):
    assert in_words(amount) == words


def test_the_units_settings_choose_words():
    words = in_words(24_101_000, zero_word="linh", thousand="ngàn", four="bốn")
    assert words == "Hai mươi bốn triệu một trăm linh một ngàn đồng"
    with pytest.raises(ValueError, match="negative"):
        in_words(-1)


VALUES = dict(
    zip(["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"], range(10), strict=True)
)
VALUES |= {"mốt": 1, "tư": 4, "lăm": 5}


def heard(words):
    """The number a listener understands, by an own small reader of Vietnamese numerals."""
    billions = total = group = digit = 0
    for word in words.lower().removesuffix(" đồng").split():
        if word in VALUES:
            digit = VALUES[word]
        elif word in {"trăm", "mươi"}:
            group, digit = group + digit * (100 if word == "trăm" else 10), 0
        elif word == "mười":
            group += 10
        elif word in {"nghìn", "triệu"}:
            total, group, digit = total + (group + digit) * (1000 if word == "nghìn" else 10**6), 0, 0
        elif word == "tỷ":
            billions, total, group, digit = total + group + digit, 0, 0, 0
        else:
            assert word == "lẻ"
    return billions * 10**9 + total + group + digit


@given(st.integers(1, MAX_AMOUNT) | st.integers(1, 9999) | st.integers(1, 999).map(lambda n: n * 10**6 + 5))
def test_who_hears_the_words_writes_the_same_number(amount):
    assert heard(in_words(amount)) == amount
