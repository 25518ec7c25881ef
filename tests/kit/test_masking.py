"""What residents may read of a bank's text. Names and numbers are invented."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit.masking import MASK, mask_public, mask_reference

MASKED = [
    (
        "MBVCB.3849201847.NGUYEN VAN AN ung ho.CT tu 0123454417 NGUYEN VAN AN toi 0011004400086",
        "MBVCB.3849201847.NGUYEN VAN AN ung ho.CT tu ••••4417 NGUYEN VAN AN toi ••••0086",
    ),
    ("CT DEN:020097047205 NGUYEN VAN AN", "CT DEN:••••7205 NGUYEN VAN AN"),
    ("1909876543386-NGUYEN VAN AN-tiep buoc", "••••3386-NGUYEN VAN AN-tiep buoc"),
    ("MOMO.8472910384.NGUYEN VAN AN.Xuan.SDT 0912345678", "MOMO.••••.NGUYEN VAN AN.Xuan.SDT ••••"),
    ("020097042209123. Ung ho dong bao", "••••. Ung ho dong bao"),
    ("PARTNER.DIRECT_DEBITS_VCB.MSE.84729103847.qua MoMo", "PARTNER.DIRECT_DEBITS_VCB.MSE.••••.qua MoMo"),
    ("FT242551234567890912345678", "FT••••"),  # a phone glued behind it
    ("MBVCB.0912345678.An", "MBVCB.••••.An"),
    ("MBVCB.3849201847.0912.345.678.An", "MBVCB.3849201847.••••.An"),
    ("DD:991399 FT2425512345678", "DD:•••• FT••••"),
    ("020097047205", "••••"),
    ("CT tu xxxxxx4417 AN", "CT tu ••••4417 AN"),
    ("Tk *****4417, dt 0912xxx678, 091****678", "Tk ••••4417, dt ••••, ••••"),
    ("AN0912xxx678 xxx", "AN•••• xxx"),
    ("SDT 912.345.678, Zalo 3825 1234", "SDT ••••, Zalo ••••"),
    ("CMND so 271 234 567; CCCD: 001 085 012 345", "CMND so ••••; CCCD: ••••"),
    ("dt 500.000, SDT ngay 02/11/2026", "dt 500.000, SDT ngay 02/11/2026"),
    ("Ho tro1900123456 va 1900 1234 hay 1800.6789", "Ho tro•••• va •••• hay ••••"),
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
        "0912,345,678", "0 9 1 2 3 4 5 6 7 8", "0912\u200b345\u200b678", "1900 55 88 68", "1800-1234",
        "024 3825 1234", "02438251234", "01612345678",
    ],
)  # fmt: skip
def test_a_phone_leaves_no_digit(phone):
    assert mask_public(f"goi {phone} nhe") == f"goi {MASK} nhe"


REFERENCES = [
    "FT24255123456789", "ft24255123456789", "MBVCB.3849201847", "SHGD:10001234", "SHGD: 1000123456789012",
    "020097042209123456", "0200970422091010455420", "PARTNER.DIRECT_DEBITS_VCB.MSE.66129031421", "5254 - 05356",
    "SHGD:10001234.DD:240912.BO:CTY ABC",
]  # fmt: skip


@pytest.mark.parametrize("reference", REFERENCES)
@pytest.mark.parametrize(
    "frame", ["{}", "CT tu 0912345678 {} TK 1909876543386", "{}.NGUYEN VAN AN 0912 345 678"]
)
def test_a_banks_reference_stays_whole_among_what_is_masked(reference, frame):
    masked = mask_public(frame.format(reference))
    assert reference in masked
    assert not re.search(r"\d{6}", masked.replace(reference, ""))


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("FT24255123456789", "FT24255123456789"),
        ("5254 - 05356", "5254 - 05356"),
        ("7600IBT1e00123456", "7600IBT1e00123456"),
        ("8412345678901234", "8412345678901234"),
        (" 500123456 ", "500123456"),
        ("0912345678", MASK),
        ("0912 345 678", MASK),
        ("+84912345678", MASK),
        ("001085012345", MASK),
        (None, ""),
    ],
)
def test_a_reference_in_its_own_column_is_whole_unless_it_reads_as_a_persons_number(printed, shown):
    assert mask_reference(printed) == shown


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
    ["CT tu ", "toi", "TK", "SDT:", "NGUYEN VAN A", "MOMO.", "xxxx", "**", "•", MASK, " ", ".", "đ", "-", "/"]
)
texts = st.lists(numbers | words | st.text(max_size=4), max_size=8).map("".join)


@given(texts)
def test_no_long_run_of_digits_is_left(text):
    masked = mask_public(text)
    assert not re.search(r"\d{6}", masked)
    for run in re.findall(r"\d{6,}", text):
        assert run not in masked


@given(texts)
def test_behind_a_banks_prefix_only_its_number_is_left(text):
    masked = mask_public(f"MBVCB.3849201847.{text}")
    assert masked.startswith("MBVCB.3849201847.")
    assert not re.search(r"\d{6}", masked.removeprefix("MBVCB.3849201847"))


@given(texts)
def test_masking_twice_changes_nothing(text):
    once = mask_public(text)
    assert mask_public(once) == once


@given(st.text(st.characters(exclude_categories=["Nd"]), max_size=60))
def test_a_text_without_digits_stays(text):
    assert mask_public(text) == text


@given(st.integers(6, 30), st.sampled_from(["TK ", "CT tu ", "MOMO.", ""]))
def test_the_mask_does_not_tell_the_length(length, before):
    masked = mask_public(before + "7" * length)
    assert masked in {before + MASK, before + MASK + "7777"}
