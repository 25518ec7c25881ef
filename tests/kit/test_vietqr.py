"""VietQR: the string that banks read, checked against a known one, another library, and its own picture."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vietnam_qr_pay import QRPay

from portal.kit import vietqr
from portal.kit.qr import qr_svg
from portal.kit.transfer_codes import PLEDGE, make_code
from tests.qr_reading import read_svg

KNOWN = (
    "00020101021238560010A0000007270126000697041501121133666688880208QRIBFTTA53037045405790005802VN"
    "62220818Ung Ho Quy Vac Xin63043ACF"
)
accounts = st.text("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ", min_size=1, max_size=vietqr.LONGEST_ACCOUNT)
bins = st.integers(0, 999_999).map(lambda number: f"{number:06d}")
amounts = st.none() | st.integers(1, vietqr.MOST)
purposes = st.text(max_size=40).map(lambda text: vietqr.purpose_of(make_code(PLEDGE, text), text))


def test_the_known_string_is_built() -> None:
    built = vietqr.build(bin="970415", account="113366668888", amount=79000, purpose="Ung Ho Quy Vac Xin")
    assert built == KNOWN


def test_without_an_amount_it_is_static() -> None:
    built = vietqr.build(bin="970415", account="1133 6666 8888")
    assert built.startswith("00020101021138") and "5405" not in built
    assert built[-8:-4] == "6304"


@given(bins, accounts, amounts, purposes)
def test_another_library_reads_the_same(bin: str, account: str, amount: int | None, purpose: str) -> None:
    read = QRPay(vietqr.build(bin=bin, account=account, amount=amount, purpose=purpose))
    assert read.is_valid
    assert (read.consumer.bank_bin, read.consumer.bank_number) == (bin, account)
    assert read.amount == (None if amount is None else str(amount))
    assert read.additional_data.purpose == purpose


@given(bins, accounts, amounts, purposes)
def test_another_library_builds_the_same(bin: str, account: str, amount: int | None, purpose: str) -> None:
    other = QRPay.init_viet_qr(
        bank_bin=bin, bank_number=account, amount=None if amount is None else str(amount), purpose=purpose
    )
    assert vietqr.build(bin=bin, account=account, amount=amount, purpose=purpose) == other.build()


def test_a_changed_character_breaks_the_checksum() -> None:
    for place in range(len(KNOWN) - 4):
        wrong = KNOWN[:place] + ("1" if KNOWN[place] != "1" else "2") + KNOWN[place + 1 :]
        assert not QRPay(wrong).is_valid


@pytest.mark.parametrize(
    "values",
    [
        {"bin": "97041"},
        {"bin": "97041x"},
        {"account": ""},
        {"account": "1" * 20},
        {"account": "12/34"},
        {"amount": 0},
        {"amount": 10**13},
        {"purpose": "Ủng hộ"},
        {"purpose": "a" * 26},
        {"purpose": "a  b"},
    ],
)
def test_what_no_bank_would_read_is_not_built(values: dict) -> None:
    with pytest.raises(ValueError, match="has|is"):
        vietqr.build(**{"bin": "970415", "account": "113366668888", **values})


@pytest.mark.parametrize(
    ("message", "purpose"),
    [
        ("ung ho", "K7M4CRXH ung ho"),
        ("", "K7M4CRXH"),
        ("Đặng Thị Ngọc ủng hộ – quỹ “Vì người nghèo”", "K7M4CRXH Dang Thi Ngoc"),
        ("Gia đình ông Nguyễn Văn Khánh", "K7M4CRXH Gia dinh ong"),
        ("Nghiêngnghiêngnghiêngnghiêng", "K7M4CRXH Nghiengnghiengng"),
        ("🙂 <b>1.000</b>", "K7M4CRXH b 1 000 b"),
    ],
)
def test_the_code_stands_first_and_whole_words_follow(message: str, purpose: str) -> None:
    assert vietqr.purpose_of("K7M4CRXH", message) == purpose
    assert len(purpose) <= vietqr.LONGEST_PURPOSE


@given(st.text(max_size=60))
def test_a_purpose_is_always_plain_and_short(message: str) -> None:
    purpose = vietqr.purpose_of("K7M4CRXH", message)
    assert purpose.startswith("K7M4CRXH") and purpose.isascii()
    assert len(purpose) <= vietqr.LONGEST_PURPOSE and vietqr.plain(purpose) == purpose


@pytest.mark.parametrize("amount", [None, 1, 500_000, 1_234_567, 9_999_999_999_999])
def test_a_reader_of_pictures_reads_the_drawing(amount: int | None) -> None:
    payload = vietqr.build(bin="970436", account="0011999000123", amount=amount, purpose="K7M4CRXH ung ho")
    drawing = qr_svg(payload, "Mã QR")
    assert read_svg(drawing) == [payload]
    assert 'class="qr-picture"' in drawing and "style=" not in drawing and "<script" not in drawing
    assert 'role="img" aria-label="Mã QR"' in drawing
