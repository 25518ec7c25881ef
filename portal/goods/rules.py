"""Pure rules of the store: reading and printing quantities, what lies there on a day, what leaves at which value.

A quantity is whole thousandths of the item's measure (2,5 kg = 2500): no float touches it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from portal.kit.errors import Refused
from portal.kit.money import format_amount
from portal.kit.vietnamese import fold, nfc

ONE = 1_000
MAX_QUANTITY = 10**12
"""The largest quantity, in thousandths: a billion of a measure. Above it a zero too many is likelier."""

RECEIPT, ISSUE, TRANSFER, COUNT, RETURN = "receipt", "issue", "transfer", "count", "return"
PACK, UNPACK = "pack", "unpack"
DOCUMENTS = {
    RECEIPT: "Phiếu nhập kho",
    ISSUE: "Phiếu xuất kho",
    TRANSFER: "Phiếu chuyển kho",
    COUNT: "Điều chỉnh sau kiểm kê",
    RETURN: "Phiếu nhập lại kho",
    PACK: "Đóng suất quà",
    UNPACK: "Mở suất quà",
}
SOURCES = {"opening": "Tồn đầu kỳ", "other": "Nhập khác"}  # where goods come from that are not a gift

_NUMBER = re.compile(r"^(?P<whole>\d{1,3}(?:\.\d{3})+|\d+)(?:,(?P<rest>\d+))?$", re.A)
_TERM = re.compile(r"(?:,\s)?\s*(\d[\d.,]*)\s*([^\d\s.,][^\d,]*)?", re.A)


class Movement(NamedTuple):
    """Goods into (`quantity` > 0, thousandths) or out of (< 0) a store; `value` in đồng has the same sign, or is None.

    `ordinal` is that of the transfer which carries the value.
    """

    ordinal: int
    store_id: int
    item_id: int
    lot_id: int | None
    quantity: int
    value: int | None


class Standing(NamedTuple):
    """What lies in one place at the end of a day: thousandths and đồng."""

    day: date
    quantity: int
    value: int


def parse_quantity(
    text: str | int | None,
    packs: Mapping[str, int] | None = None,
    *,
    measure: str | None = None,
    field: str | None = "quantity",
) -> int:
    """Thousandths (> 0) of what a person typed: "150", "2,5", "1.000", "5 thùng", "5 thùng 3 gói".

    `packs` gives how many thousandths a pack holds, by name; `measure` is the item's own. Raises Refused.
    """
    typed = nfc(str("" if text is None else text))
    if not typed:
        raise Refused("Chưa có số lượng. Gõ một số, ví dụ 150 hoặc 2,5.", field)
    if typed[0] in "-−–":
        raise Refused("Số lượng không được âm. Gõ số lớn hơn 0.", field)
    holds = {fold(name): size for name, size in (packs or {}).items()}
    if measure:
        holds[fold(measure)] = ONE
    total, end = 0, 0
    for term in _TERM.finditer(typed[:60]):
        if term.start() != end:
            break
        end = term.end()
        total += _term(term[1], nfc(term[2]), holds, typed, field)
    if end != len(typed):
        raise Refused(f"“{typed[:30]}” không phải là số lượng. Gõ một số, ví dụ 150 hoặc 2,5.", field)
    if total == 0:
        raise Refused("Số lượng phải lớn hơn 0. Gõ số thực có.", field)
    if total > MAX_QUANTITY:
        raise Refused("Số lượng quá lớn. Kiểm tra lại số chữ số 0 rồi gõ lại.", field)
    return total


def _term(number: str, unit: str, holds: Mapping[str, int], typed: str, field: str | None) -> int:
    """One number with its pack or measure, in thousandths. Raises Refused."""
    size = ONE
    if unit:
        if fold(unit) not in holds:
            raise Refused(_unknown_pack(unit, holds), field)
        size = holds[fold(unit)]
    match = _NUMBER.match(number)
    if match is None:
        raise Refused(_unclear(number, typed), field)
    whole, rest = match["whole"].replace(".", ""), match["rest"] or ""
    if (
        len(rest) == 3 and match["whole"] == whole and whole != "0"
    ):  # 2,500: two and a half, or a typist's comma
        plain = format_amount(int(whole + rest))
        raise Refused(
            f"“{number}” chưa rõ là bao nhiêu. Gõ {whole},{rest.rstrip('0') or '0'} hoặc {plain}.", field
        )
    exact = Fraction(int(whole + rest) * size, 10 ** len(rest))
    if exact.denominator != 1:
        raise Refused(f"“{typed[:30]}” lẻ quá ba số sau dấu phẩy. Làm tròn rồi gõ lại.", field)
    return int(exact)


def _unknown_pack(unit: str, holds: Mapping[str, int]) -> str:
    known = ", ".join(f"“{name}”" for name in holds)
    if known:
        return f"Mặt hàng này không có quy cách “{unit[:30]}”. Gõ số, hoặc dùng {known}."
    return f"“{unit[:30]}” không phải là số lượng. Gõ một số, ví dụ 150 hoặc 2,5."


def _unclear(number: str, typed: str) -> str:
    if re.match(r"^\d+\.\d{1,2}$", number, re.A):
        return f"“{number}” chưa rõ là bao nhiêu. Gõ dấu phẩy trước phần lẻ: {number.replace('.', ',')}."
    return f"“{typed[:30]}” không phải là số lượng. Gõ một số, ví dụ 150 hoặc 2,5."


def format_quantity(thousandths: int | None) -> str:
    """2500 → "2,5"; 150000 → "150"; 1250000 → "1.250"; a real minus; None → "—"."""
    if thousandths is None:
        return "—"
    whole, rest = divmod(abs(thousandths), ONE)
    decimals = f"{rest:03d}".rstrip("0")
    sign = "−" if thousandths < 0 else ""
    return sign + format_amount(whole) + (f",{decimals}" if decimals else "")


def value_of(quantity: int, price: int | None) -> int | None:
    """Đồng of a quantity at a price for one measure, half up; None without a price or worth nothing."""
    if price is None:
        return None
    return (2 * abs(quantity) * price + ONE) // (2 * ONE) or None


def free_quantity(standings: Sequence[Standing]) -> int:
    """What may still leave on the first of these days without falling below zero on any later one."""
    return max(0, min((standing.quantity for standing in standings), default=0))


def value_taken(taken: int, standings: Sequence[Standing]) -> int | None:
    """The value that leaves with `taken` (> 0): the average of the day; the last piece takes all that is left.

    `standings` begin with the day of the document and end with the present. Whole đồng, half up. None = without
    value. Raises Refused when a later document has used up the value that the average needs.
    """
    first, last = standings[0], standings[-1]
    least = max(0, min(standing.value for standing in standings))
    if taken >= last.quantity:
        if last.value > least:
            raise Refused(
                f"Ngày {first.day:%d/%m/%Y} giá trị hàng trong kho khác bây giờ, nên không lấy hết theo ngày đó "
                f"được. Ghi phiếu theo ngày {last.day:%d/%m/%Y} hoặc sau đó.",
                "day",
            )
        return last.value or None
    average = (2 * first.value * taken + first.quantity) // (2 * first.quantity) if first.quantity > 0 else 0
    return min(max(average, 0), least) or None


def split_value(value: int | None, weights: Sequence[int]) -> list[int | None]:
    """A value shared out by weights (all 0 = equally), whole đồng, the last one takes the rest; None stays None."""
    if value is None:
        return [None] * len(weights)
    parts = list(weights) if sum(weights) else [1] * len(weights)
    total, shares, given = sum(parts), [], 0
    for weight in parts[:-1]:
        share = value * weight // total
        given += share
        shares.append(share or None)
    return [*shares, (value - given) or None]


def first_expired_first(
    lots: Sequence[tuple[int | None, date | None, int]], wanted: int
) -> list[tuple[int | None, int]]:
    """(lot, quantity) to take so that what expires first leaves first; lots without a day last.

    `lots`: (id or None, expiry, free thousandths). What is missing is asked of the last lot, which then refuses.
    """
    far = date.max
    ordered = sorted(lots, key=lambda lot: (lot[1] or far, lot[0] or 0))
    taken: list[tuple[int | None, int]] = []
    left = wanted
    for lot_id, _, free in ordered:
        part = min(free, left)
        if part > 0:
            taken.append((lot_id, part))
            left -= part
    if left:
        lot_id, part = taken.pop() if taken else (None, 0)
        taken.append((lot_id, part + left))
    return taken


def lot_name(code: str, expires_on: date | None) -> str:
    """A lot in words: its code, its last good day, or both."""
    day = f"hạn {expires_on:%d/%m/%Y}" if expires_on else ""
    return ", ".join(part for part in (code, day) if part) or "không ghi"


class SlipRow(NamedTuple):
    """One line of a store document as a person gives it: `quantity` in thousandths (> 0), `value` in đồng or None.

    Goods that come in name their lot by code and day; goods that go out by `lot_id`, or leave the choice open.
    """

    item_id: int
    quantity: int
    value: int | None = None
    lot_id: int | None = None
    lot_code: str | None = None
    expires_on: date | None = None
