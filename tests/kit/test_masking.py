"""What residents may read of a bank's text. Names and numbers are invented."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit.masking import MASK, mask_public

MASKED = [
    (
        "MBVCB.3849201847.NGUYEN VAN AN ung ho.CT tu 0123454417 NGUYEN VAN AN toi 0011004400086",
        "MBVCB.••••.NGUYEN VAN AN ung ho.CT tu ••••4417 NGUYEN VAN AN toi ••••0086",
    ),
    ("CT DEN:020097047205 NGUYEN VAN AN", "CT DEN:••••7205 NGUYEN VAN AN"),
    ("1909876543386-NGUYEN VAN AN-tiep buoc", "••••3386-NGUYEN VAN AN-tiep buoc"),
    ("MOMO.8472910384.NGUYEN VAN AN.Xuan.SDT 0912345678", "MOMO.••••.NGUYEN VAN AN.Xuan.SDT ••••"),
    ("020097042209123. Ung ho dong bao", "••••. Ung ho dong bao"),
    ("PARTNER.DIRECT_DEBITS_VCB.MSE.84729103847.qua MoMo", "PARTNER.DIRECT_DEBITS_VCB.MSE.••••.qua MoMo"),
    ("SHGD:10001234.DD:240912.BO:CTY ABC", "SHGD:••••.DD:••••.BO:CTY ABC"),
    ("FT24255123456789", "FT••••"),
    ("TK 0912345678", "TK ••••5678"),
    ("Số tài khoản: 1234567890123", "Số tài khoản: ••••0123"),
    ("Tai khoan 6605 2050 00086", "Tai khoan ••••0086"),
    ("SDT cua toi 0912345678", "SDT cua toi ••••"),
    ("CCCD 001085012345", "CCCD ••••"),
    ("CMND 271234567", "CMND ••••"),
    ("ABC0912345678XYZ", "ABC••••XYZ"),
    ("060129014***300.000", "••••***300.000"),
    ("0912345678 2 chau", "•••• 2 chau"),
    ("0912-345-678/0987 654 321", "••••/••••"),
]


@pytest.mark.parametrize(("text", "masked"), MASKED)
def test_personal_numbers_are_masked(text, masked):
    assert mask_public(text) == masked


@pytest.mark.parametrize(
    "phone",
    [
        "0912345678", "0912.345.678", "091 234 5678", "0912 - 345 - 678", "+84912345678",
        "+84 912 345 678",
        "+84-912-345-678", "(+84) 912 345 678", "84912345678", "84.912.345.678", "(0277) 385 1234",
        "0277 000 0186",
        "024 3825 1234", "02438251234", "01612345678",
    ],
)  # fmt: skip
def test_a_phone_leaves_no_digit(phone):
    assert mask_public(f"goi {phone} nhe") == f"goi {MASK} nhe"


@pytest.mark.parametrize(
    "text",
    [
        "QD 2757/QD-BVDTW HO TRO 500.000 va 1.234.567",
        "ngay 02/11/2026, 03-08-2026 10:11:12, 2026-10-19, 1.2.2026",
        "Phieu thu 0391: 200.000", "5254 - 05356", "ap 05 200.000 va 300.000,00", "lop 12345 VNN TCD26",
        "84.500.000.000", "12/QĐ-MTTQ-BTT", "1,234,567 dong", "Page 3, Taylor Swift", "", "khong co so",
    ],
)  # fmt: skip
def test_what_is_nobodys_number_stays(text):
    assert mask_public(text) == text


def test_nothing_is_an_empty_text():
    assert mask_public(None) == ""


numbers = st.from_regex(r"\A(?:\+84|84|0|[1-9])[0-9 .\-()]{0,18}\Z")
words = st.sampled_from(
    ["CT tu ", "toi", "TK", "SDT:", "NGUYEN VAN A", "MBVCB.", "•", MASK, " ", ".", "đ", "-", "/"]
)
texts = st.lists(numbers | words | st.text(max_size=4), max_size=8).map("".join)


@given(texts)
def test_no_long_run_of_digits_is_left(text):
    masked = mask_public(text)
    assert not re.search(r"\d{6}", masked)
    for run in re.findall(r"\d{6,}", text):
        assert run not in masked


@given(texts)
def test_masking_twice_changes_nothing(text):
    once = mask_public(text)
    assert mask_public(once) == once


@given(st.text(st.characters(exclude_categories=["Nd"]), max_size=60))
def test_a_text_without_digits_stays(text):
    assert mask_public(text) == text


@given(st.integers(6, 30), st.sampled_from(["TK ", "CT tu ", "MBVCB.", ""]))
def test_the_mask_does_not_tell_the_length(length, before):
    masked = mask_public(before + "7" * length)
    assert masked in {before + MASK, before + MASK + "7777"}
