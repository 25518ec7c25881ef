"""Amounts of đồng: reading what people type, printing what offices read. No float ever touches an amount.

"." groups thousands and "," is the decimal mark; a comma before exactly three digits also groups, because
banks and spreadsheets write it so. Whatever stays doubtful is refused with a question, never guessed.
How numbers are printed lives in `number_text.py` and `words.py`, and is offered here under the same roof.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from portal.kit.errors import Refused
from portal.kit.number_text import (
    format_amount,
    format_dong,
    format_percent,
    format_points,
    format_rate,
    format_short,
    pad_count,
    ratio,
)
from portal.kit.words import in_words

__all__ = [
    "DONG", "MAX_AMOUNT", "MAX_COUNT", "format_amount", "format_dong", "format_percent", "format_points",
    "format_rate", "format_short", "in_words", "pad_count", "parse_amount", "parse_amount_or_zero",
    "parse_cell_amount", "parse_count", "ratio",
]  # fmt: skip

DONG = "VND"
"""The currency of the books."""
MAX_AMOUNT = 10**15
"""The largest single amount, in đồng: a million tỷ. Above it a zero too many is the likelier explanation."""
MAX_COUNT = 2_000_000_000
"""The largest count of people, households or things; fits a 32-bit column."""

_LONGEST_TEXT = 60
_SCALES = {
    "k": 10**3, "ng": 10**3, "nghìn": 10**3, "ngàn": 10**3, "nghin": 10**3, "ngan": 10**3,
    "tr": 10**6, "triệu": 10**6, "trieu": 10**6,
    "tỷ": 10**9, "tỉ": 10**9, "ty": 10**9, "ti": 10**9,
}  # fmt: skip
_CURRENCY = re.compile(r"(?<=[\w\s])(?:đồng|dong|vnđ|vnd|đ|₫|d)$")
_SCALED = re.compile(
    rf"^([\d.,\s]*\d)\s*({'|'.join(sorted(_SCALES, key=len, reverse=True))})\s*(\d{{1,3}})?$", re.A
)
_GROUPED = re.compile(r"^[1-9]\d{0,2}(?:([., ])\d{3})(?:\1\d{3})*$", re.A)
_GROUPED_DECIMAL = re.compile(
    r"^(?P<whole>[1-9]\d{0,2}(?:(?P<mark>[.,])\d{3})+)(?!(?P=mark))[.,](?P<rest>\d+)$", re.A
)
_PLAIN = re.compile(r"^(?:0|[1-9]\d*)$", re.A)
_PLAIN_DECIMAL = re.compile(r"^(?P<whole>\d+)[.,](?P<rest>\d+)$", re.A)
_NUMERIC = re.compile(r"^[\d.,\s]+$", re.A)
_EXAMPLE = "Gõ số đồng, ví dụ 500.000 hoặc 1,5tr."


@dataclass(frozen=True)
class _Reading:
    """One text being read: what to show in a refusal, where it belongs, how forgiving to be."""

    shown: str
    field: str | None
    cell: bool = False

    def refuse(self, text: str) -> Refused:
        """The error to raise, in the person's language."""
        return Refused(text, self.field)

    def unclear(self, advice: str) -> Refused:
        """The error for a number with two readings."""
        return self.refuse(f"“{self.shown}” chưa rõ là bao nhiêu. {advice}")


def parse_amount(text: str | int | None, *, field: str | None = None) -> int:
    """An amount in đồng, > 0, from what a person typed: 1.234.567, 1,234,567, 1 234 567, 1,5tr, 500k.

    Raises Refused (with `field`) for anything doubtful, zero, negative or above MAX_AMOUNT.
    """
    amount = parse_amount_or_zero(text, field=field)
    if amount == 0:
        raise Refused("Số tiền phải lớn hơn 0. Gõ số đồng thực có, ví dụ 500.000.", field)
    return amount


def parse_amount_or_zero(text: str | int | None, *, field: str | None = None) -> int:
    """As `parse_amount`, but 0 is a number too. An empty text is refused: missing is not zero."""
    return _bounded(_read_text(_clean(text), field, cell=False), field)


def parse_cell_amount(value: object, *, allow_zero: bool = True, field: str | None = None) -> int | None:
    """An amount in đồng from a spreadsheet or CSV cell; None for an empty cell or a lone dash.

    Numbers must be whole and exact. Texts may also end in zero decimals ("300.000,00", "25,000.00", "0.00").
    Raises Refused for everything else, above all for amounts glued to their neighbour.
    """
    if value is None or (isinstance(value, str) and _clean(value) in {"", "-", "–", "—"}):
        return None
    if isinstance(value, str):
        amount = _read_text(_clean(value), field, cell=True)
    else:
        amount = _whole_number(value, field)
    amount = _bounded(amount, field)
    if amount == 0 and not allow_zero:
        raise Refused("Ô số tiền bằng 0. Ghi số đồng lớn hơn 0 hoặc bỏ dòng này.", field)
    return amount


def parse_count(text: object, *, field: str | None = None) -> int:
    """A count of people, households or things, ≥ 0, dots allowed: "1.361", "08", 43. Raises Refused."""
    if isinstance(text, str):
        cleaned = _clean(text)
        if not cleaned:
            raise Refused("Chưa có số lượng. Gõ một số nguyên, ví dụ 1.361.", field)
        if cleaned[0] in "-−":
            raise Refused("Số lượng không được âm. Gõ số từ 0 trở lên.", field)
        if not (_GROUPED.match(cleaned) or re.match(r"^\d{1,12}$", cleaned, re.A)):
            raise Refused(f"“{_clip(cleaned)}” không phải số nguyên. Gõ một số nguyên, ví dụ 1.361.", field)
        count = int(re.sub(r"[., ]", "", cleaned))
    elif text is None:
        raise Refused("Chưa có số lượng. Gõ một số nguyên, ví dụ 1.361.", field)
    else:
        count = _whole_number(text, field)
    if count < 0:
        raise Refused("Số lượng không được âm. Gõ số từ 0 trở lên.", field)
    if count > MAX_COUNT:
        raise Refused(f"Số lượng quá lớn. Gõ số không quá {format_amount(MAX_COUNT)}.", field)
    return count


def _clean(text: object) -> str:
    """NFC, zero-width characters out, every kind of space (Word's U+00A0, U+202F too) one plain space."""
    kept = "".join(c for c in unicodedata.normalize("NFC", str("" if text is None else text)) if _visible(c))
    return " ".join(kept.split())


def _visible(character: str) -> bool:
    return unicodedata.category(character) != "Cf"


def _clip(text: str) -> str:
    return text if len(text) <= 30 else text[:29] + "…"


def _read_text(text: str, field: str | None, *, cell: bool) -> int:
    """The đồng a cleaned text stands for; the sign and size are checked by the caller. Raises Refused."""
    reading = _Reading(_clip(text), field, cell)
    if not text:
        raise reading.refuse(f"Chưa có số tiền. {_EXAMPLE}")
    if len(text) > _LONGEST_TEXT:
        raise reading.refuse(f"Nội dung quá dài so với một số tiền. {_EXAMPLE}")
    bare = _CURRENCY.sub("", text.lower()).strip()
    if re.match(r"^[-−–(]\s*\d", bare):
        raise reading.refuse("Số tiền không được âm. Gõ số lớn hơn 0.")
    if scaled := _SCALED.match(bare):
        return _read_scaled(reading, *scaled.groups())
    if not _NUMERIC.match(bare):
        raise _not_a_number(reading)
    return _read_plain(reading, bare)


def _not_a_number(reading: _Reading) -> Refused:
    if reading.cell:
        advice = "Sửa ô này theo chứng từ gốc rồi nạp lại."
        return reading.refuse(f"“{reading.shown}” không đọc được thành một số tiền. {advice}")
    return reading.refuse(f"“{reading.shown}” không phải là số tiền. {_EXAMPLE}")


def _read_plain(reading: _Reading, text: str) -> int:
    """Digits without a unit: whole, grouped, or with decimals that are zero. Raises Refused."""
    if _PLAIN.match(text) or _GROUPED.match(text):
        return int(re.sub(r"[., ]", "", text))
    if match := _GROUPED_DECIMAL.match(text):
        whole = int(re.sub(r"[.,]", "", match["whole"]))
        if match["rest"] in {"0", "00"}:
            return whole
        raise _fraction_of_dong(reading, whole, match["rest"])
    if match := _PLAIN_DECIMAL.match(text):
        return _read_plain_decimal(reading, match["whole"], match["rest"])
    if re.match(r"^0\d+$", text, re.A):
        raise reading.refuse(f"“{reading.shown}” bắt đầu bằng số 0 nên chưa chắc là số tiền. {_EXAMPLE}")
    if reading.cell:
        raise _not_a_number(reading)
    raise reading.unclear("Gõ mỗi nhóm ba chữ số cách nhau một dấu chấm, ví dụ 1.234.567.")


def _read_plain_decimal(reading: _Reading, whole: str, rest: str) -> int:
    """One mark, not a group of thousands: "1500000.00" is clear, "0.00" in a cell too, "2.50" is not."""
    zero = rest in {"0", "00"}
    leading_zero = len(whole) > 1 and whole[0] == "0"
    if zero and not leading_zero and (reading.cell or len(whole) > 3):
        return int(whole)
    if reading.cell:
        raise _not_a_number(reading)
    digits = (whole + rest).lstrip("0")
    if not digits or len(digits) > 6:
        raise reading.unclear("Gõ số đồng tròn, mỗi nhóm ba chữ số cách nhau một dấu chấm, ví dụ 1.234.567.")
    millions = ",".join(part for part in (whole.lstrip("0") or "0", rest.rstrip("0")) if part)
    raise reading.unclear(f"Gõ {format_amount(int(digits) * 1000)} hoặc {millions}tr.")


def _fraction_of_dong(reading: _Reading, whole: int, rest: str) -> Refused:
    if reading.cell:
        return _not_a_number(reading)
    if len(rest) > 2:
        return reading.unclear("Gõ số đồng tròn, mỗi nhóm ba chữ số cách nhau một dấu chấm, ví dụ 1.234.567.")
    scaled = f"{format_amount(whole)},{rest}tr"
    return reading.refuse(
        f"“{reading.shown}” có phần lẻ, mà tiền đồng không có số lẻ. Gõ {format_amount(whole)} hoặc {scaled}."
    )


def _read_scaled(reading: _Reading, number: str, unit: str, tail: str | None) -> int:
    """A number with k, tr, tỷ: "," is the decimal mark, "1tr5" is 1,5 triệu. Raises Refused."""
    scale = _SCALES[unit]
    if tail is not None:
        if not re.match(r"^[1-9]\d{0,2}$", number, re.A):
            raise reading.unclear("Gõ đủ số đồng, ví dụ 1.500.000.")
        return int(number) * scale + int(tail) * scale // 10 ** len(tail)
    match = re.match(r"^(\d+|[1-9]\d{0,2}(?:\.\d{3})+)(?:,(\d+))?$", number, re.A)
    if match:
        whole, rest = match[1].replace(".", ""), match[2] or ""
    elif _GROUPED.match(number):
        whole, rest = re.sub(r"[, ]", "", number), ""
    else:
        raise reading.unclear(
            f"Gõ dấu phẩy trước phần lẻ, ví dụ 2,5{unit}, hoặc gõ đủ số đồng, ví dụ 2.500.000."
        )
    if len(whole) > 1 and whole[0] == "0":
        raise reading.refuse(f"“{reading.shown}” bắt đầu bằng số 0 nên chưa chắc là số tiền. {_EXAMPLE}")
    amount = Fraction(int(whole + rest) * scale, 10 ** len(rest))
    if amount.denominator != 1:
        raise reading.refuse(f"“{reading.shown}” không tròn đồng. Gõ đủ số đồng, ví dụ 1.234.567.")
    return int(amount)


def _whole_number(value: object, field: str | None) -> int:
    """A spreadsheet's number as an exact int. Raises Refused for fractions, NaN, truth values, dates."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise Refused("Ô này không phải là số. Sửa ô thành một số nguyên rồi nạp lại.", field)
    if isinstance(value, int):
        return value
    number = Decimal(value)
    if number.is_finite() and abs(number) <= 2**53 and number == int(number):
        return int(number)
    shown = _clip(str(value))
    shown = shown.replace(".", ",") if re.match(r"^-?\d+\.\d+$", shown) else "Ô này"
    raise Refused(f"{shown} không phải số nguyên. Sửa ô thành một số nguyên rồi nạp lại.", field)


def _bounded(amount: int, field: str | None) -> int:
    if amount < 0:
        raise Refused("Số tiền không được âm. Gõ số lớn hơn 0.", field)
    if amount > MAX_AMOUNT:
        limit = format_dong(MAX_AMOUNT)
        raise Refused(f"Số tiền quá lớn, trên {limit}. Kiểm tra lại số chữ số 0 rồi gõ lại.", field)
    return amount
