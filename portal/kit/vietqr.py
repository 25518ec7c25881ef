"""VietQR: what a bank's application reads from the picture (NAPAS, after EMVCo's merchant-presented mode).

Fields are id, length, value, in ascending order; the last is a checksum over everything before it, including its own
id and length.
"""

from __future__ import annotations

import binascii
import re
import unicodedata

LONGEST_PURPOSE = 25  # characters of field 62-08 that every bank takes
LONGEST_ACCOUNT = 19
MOST = 9_999_999_999_999  # đồng: 13 digits of field 54

_SERVICE, _TO_ACCOUNT = "A000000727", "QRIBFTTA"
_DONG, _COUNTRY = "704", "VN"


def build(*, bin: str, account: str, amount: int | None = None, purpose: str = "") -> str:
    """The text of a transfer's QR: to the account at the bank of a BIN, `amount` đồng (None = the payer types it).

    `account` may be written with spaces; `purpose` must be plain (`purpose_of`). Raises ValueError for what no bank
    would read: these values come from our own records, not from a person.
    """
    number = plain_account(account)
    _check(bin, number, amount, purpose)
    beneficiary = _field("00", bin) + _field("01", number)
    parts = [
        _field("00", "01"),
        _field("01", "11" if amount is None else "12"),
        _field("38", _field("00", _SERVICE) + _field("01", beneficiary) + _field("02", _TO_ACCOUNT)),
        _field("53", _DONG),
        _field("54", str(amount)) if amount is not None else "",
        _field("58", _COUNTRY),
        _field("62", _field("08", purpose)) if purpose else "",
        "6304",
    ]
    text = "".join(parts)
    return text + f"{binascii.crc_hqx(text.encode('ascii'), 0xFFFF):04X}"  # CRC-16/CCITT-FALSE


def _check(bin: str, number: str, amount: int | None, purpose: str) -> None:
    if not re.fullmatch(r"\d{6}", bin, re.ASCII):
        raise ValueError("a BIN has six digits")
    if not is_account(number):
        raise ValueError("an account has up to 19 letters and digits")
    if amount is not None and not 0 < amount <= MOST:
        raise ValueError("an amount has 1 to 13 digits")
    if purpose != plain(purpose) or len(purpose) > LONGEST_PURPOSE:
        raise ValueError("a purpose is plain and short")


def _field(key: str, value: str) -> str:
    return f"{key}{len(value):02d}{value}"


def plain_account(number: str) -> str:
    """An account's number as banks keep it: without spaces, dots and hyphens."""
    return re.sub(r"[\s.\-]", "", number)


def is_account(number: str) -> bool:
    """Whether a number, without its spaces, is one that a QR can carry."""
    return re.fullmatch(rf"[0-9A-Za-z]{{1,{LONGEST_ACCOUNT}}}", plain_account(number)) is not None


def plain(text: str) -> str:
    """The text as banks pass it on: ASCII letters, digits and single spaces; đ → d."""
    split = unicodedata.normalize("NFKD", text.replace("đ", "d").replace("Đ", "D"))
    letters = "".join(c for c in split if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^0-9A-Za-z]+", " ", letters).split())


def purpose_of(code: str, message: str = "") -> str:
    """The text of a transfer: the code first, because banks cut and mangle the rest; whole words where they fit."""
    text = f"{code} {plain(message)}".strip()
    if len(text) <= LONGEST_PURPOSE:
        return text
    cut = text[: LONGEST_PURPOSE + 1].rpartition(" ")[0]
    return cut if len(cut) > len(code) else text[:LONGEST_PURPOSE]
