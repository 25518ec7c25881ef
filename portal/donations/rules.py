"""Pure rules of gifts: their forms, their givers, their codes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from portal.kit.errors import Refused
from portal.kit.money import DONG, MAX_AMOUNT, format_dong

if TYPE_CHECKING:
    from portal.donations.gifts import Foreign, Part

CASH, BANK, GOODS, PAPERS = "cash", "bank", "goods", "papers"
DIRECT = "direct"  # a sponsor paid a supplier for the fund: received and spent at once, through no place
TYPED_FORMS = {CASH: "Tiền mặt", BANK: "Chuyển khoản", GOODS: "Hiện vật", PAPERS: "Giấy tờ có giá"}
FORMS = {**TYPED_FORMS, DIRECT: "Nhà tài trợ trả thẳng"}
DONOR_KINDS = {
    "person": "Cá nhân",
    "household": "Hộ gia đình",
    "organisation": "Tổ chức",
    "company": "Doanh nghiệp",
    "group": "Nhóm",
}
SHOWN_AS = {"name": "Họ tên", "initials": "Viết tắt", "anonymous": "Nhà hảo tâm"}
GIFT_DOCUMENTS = ("donation", "statement", "settlement")  # kinds of postings that bring gifts of their own
RECEIPT_SERIES = "PT"  # phiếu thu
GOODS_SERIES = "NK"  # phiếu nhập kho
ACCOUNTING_SERIES = "PKT"  # phiếu kế toán, where nobody hands money over
PAYMENT_SERIES = "PC"  # phiếu chi, for money given back
CURRENCIES = {  # ISO 4217 → (name, digits of its minor unit)
    "USD": ("Đô la Mỹ", 2),
    "EUR": ("Euro", 2),
    "GBP": ("Bảng Anh", 2),
    "JPY": ("Yên Nhật", 0),
    "CNY": ("Nhân dân tệ", 2),
    "KRW": ("Won Hàn Quốc", 0),
    "AUD": ("Đô la Úc", 2),
    "CAD": ("Đô la Canada", 2),
    "SGD": ("Đô la Singapore", 2),
    "THB": ("Bạt Thái Lan", 2),
    "TWD": ("Đô la Đài Loan", 2),
}
RATE_UNITS = 10_000  # rates are kept in ten-thousandths of a đồng
PER_DAY = 10**7


def first_id(day: date) -> int:
    """The id below the first gift of a day: ids are `yyyymmdd·10^7 + n`, so that rows lie in date order."""
    return (day.year * 10_000 + day.month * 100 + day.day) * PER_DAY


def code_of(donation_id: int) -> str:
    """The public code of an id, "20261102-417": its day and its number within the day."""
    day, number = divmod(donation_id, PER_DAY)
    return f"{day}-{number}"


def id_of_code(code: str) -> int | None:
    """The id behind a public code, "20261102-417" → 202611020000417; None for what cannot be one."""
    day, dash, number = code.partition("-")
    if not dash or len(day) != 8 or not 0 < len(number) <= 7:
        return None
    if not (code.isascii() and day.isdigit() and number.isdigit()) or number[0] == "0":
        return None
    return int(day) * PER_DAY + int(number)


def check_choice(value: str | None, choices: dict[str, str], field: str) -> None:
    """A value out of a fixed list, or nothing. Raises Refused."""
    if value is not None and value not in choices:
        names = ", ".join(name.lower() for name in choices.values())
        raise Refused(f"“{value}” không có trong danh sách. Chọn một trong: {names}.", field)


def check_amount(form: str, amount: int) -> None:
    """A gift is worth something, and not more than anybody has; only goods may have no value yet. Raises Refused."""
    if amount < 0 or (amount == 0 and form != GOODS):
        raise Refused("Số tiền phải lớn hơn 0. Gõ số đồng thực có, ví dụ 500.000.", "amount")
    if amount > MAX_AMOUNT:
        raise Refused(f"Số tiền quá lớn, trên {format_dong(MAX_AMOUNT)}. Kiểm tra lại số chữ số 0.", "amount")


def check_currency(code: str, currency: str, foreign: Foreign | None) -> None:
    """An account in foreign money takes that money only, with cents and rate. Raises Refused.

    One in đồng takes both: its bank has changed the money.
    """
    if currency == DONG or (foreign is not None and foreign.currency == currency):
        return
    if foreign is None:
        raise Refused(
            f"Tài khoản “{code}” giữ {currency}. Ghi khoản này ở dòng ngoại tệ, có số {currency}, tỷ giá và nguồn.",
            "account",
        )
    raise Refused(
        f"Tài khoản “{code}” giữ {currency}, không phải {foreign.currency}. Chọn tài khoản khác.", "account"
    )


def value_of(currency: str, minor: int, rate: int) -> int:
    """Đồng of `minor` cents at `rate` ten-thousandths of a đồng for one whole unit, rounded half up."""
    whole = RATE_UNITS * 10 ** CURRENCIES[currency][1]
    return (2 * minor * rate + whole) // (2 * whole)


_FOREIGN = re.compile(r"(\d{1,3}(?:\.\d{3})+|\d{1,13})(?:,(\d{1,4}))?")


def parse_foreign(text: str, currency: str) -> int:
    """Minor units of a foreign amount as people write it ("1.250,50"). Raises Refused (field "foreign")."""
    digits = CURRENCIES[currency][1]
    whole, rest = _split(text, "foreign", "100,50")
    if len(rest) > digits:
        shape = "không có phần lẻ" if digits == 0 else f"có nhiều nhất {digits} chữ số lẻ"
        raise Refused(f"{currency} {shape}. Sửa lại “{text[:40]}”.", "foreign")
    minor = int(whole + rest.ljust(digits, "0"))
    if minor == 0:
        raise Refused("Số ngoại tệ phải lớn hơn 0. Gõ số tiền thực nhận.", "foreign")
    return minor


def parse_rate(text: str) -> int:
    """Ten-thousandths of a đồng for one unit, of a rate as people write it ("26.150,5"). Raises Refused (field "rate")."""
    whole, rest = _split(text, "rate", "26.150")
    rate = int(whole + rest.ljust(4, "0"))
    if rate == 0:
        raise Refused("Tỷ giá phải lớn hơn 0. Gõ số đồng của một đơn vị ngoại tệ, ví dụ 26.150.", "rate")
    return rate


def _split(text: str, field: str, example: str) -> tuple[str, str]:
    """The digits before and after the decimal comma."""
    match = _FOREIGN.fullmatch(text.replace(" ", ""))
    if match is None:
        raise Refused(
            f"“{text[:40]}” không đọc được. Dấu chấm ngăn hàng nghìn, dấu phẩy trước phần lẻ, ví dụ {example}.",
            field,
        )
    return match[1].replace(".", ""), match[2] or ""


def check_part(part: Part) -> None:
    """The shape of one part: its form, its worth, its goods, its foreign money. Raises Refused."""
    if part.form != DIRECT or part.spent_for is None:
        check_choice(part.form, TYPED_FORMS, "form")
    check_amount(part.form, part.amount)
    if part.form == GOODS:
        _check_goods(part)
    elif part.item_id is not None or part.goods and part.form != PAPERS:
        raise Refused("Chỉ hiện vật và giấy tờ có giá mới ghi tên. Xóa tên, hoặc sửa hình thức.", "goods")
    if part.bank_account_id is not None and part.form != BANK:
        raise Refused(
            "Chỉ khoản chuyển khoản mới ghi tài khoản. Bỏ tài khoản, hoặc sửa hình thức.", "account"
        )
    if part.foreign is not None:
        _check_foreign(part, part.foreign)


def _check_goods(part: Part) -> None:
    if part.item_id is None:
        if part.store_id is not None or part.thousandths is not None or part.lot_id is not None:
            raise Refused("Chưa chọn mặt hàng để nhập kho. Chọn trong danh mục, hoặc bỏ kho.", "item_id")
        if part.amount == 0 and not part.goods:
            raise Refused("Chưa ghi hiện vật là gì. Ghi tên hiện vật, ví dụ “gạo”.", "goods")
        return
    if part.store_id is None:
        raise Refused("Chưa chọn kho nhập. Chọn kho nhận mặt hàng này.", "store_id")
    if part.thousandths is None or part.thousandths <= 0:
        raise Refused("Chưa ghi số lượng nhập kho. Gõ số lượng lớn hơn 0, ví dụ 20.", "quantity")


def _check_foreign(part: Part, foreign: Foreign) -> None:
    if part.form not in (CASH, BANK):
        raise Refused("Ngoại tệ chỉ nhận bằng tiền mặt hoặc chuyển khoản. Sửa hình thức.", "form")
    if foreign.currency not in CURRENCIES:
        raise Refused(
            f"Chưa nhận loại tiền “{foreign.currency[:10]}”. Chọn một trong: {', '.join(CURRENCIES)}.",
            "currency",
        )
    if foreign.minor <= 0:
        raise Refused("Số ngoại tệ phải lớn hơn 0. Gõ số tiền thực nhận.", "foreign")
    if foreign.rate <= 0:
        raise Refused("Tỷ giá phải lớn hơn 0. Gõ số đồng của một đơn vị ngoại tệ, ví dụ 26.150.", "rate")
    if not foreign.rate_source.strip():
        raise Refused(
            "Chưa ghi nguồn tỷ giá. Ghi nơi công bố, ví dụ “Vietcombank, mua tiền mặt”.", "rate_source"
        )
    value = value_of(foreign.currency, foreign.minor, foreign.rate)
    if value != part.amount:
        raise Refused(
            f"Quy đổi theo tỷ giá là {format_dong(value)}, khác số tiền {format_dong(part.amount)}. "
            "Sửa số tiền hoặc tỷ giá.",
            "amount",
        )


def series_of(forms: set[str], paper_number: str | None) -> str | None:
    """The series from which a gift's document takes its number: phiếu thu for cash, phiếu nhập for goods alone.

    A gift from a paper book keeps its number and takes none; a transfer alone takes one only on request; what a sponsor
    paid directly has a phiếu kế toán.
    """
    if paper_number is not None:
        return None
    if DIRECT in forms:
        return ACCOUNTING_SERIES
    if CASH in forms:
        return RECEIPT_SERIES
    return GOODS_SERIES if forms == {GOODS} else None


def money_and_goods(parts: Iterable[Any]) -> tuple[int, int]:
    """(money, goods at value) of a gift's parts, đồng: goods never stand among money."""
    money = goods = 0
    for part in parts:
        if part.form == GOODS:
            goods += part.amount
        else:
            money += part.amount
    return money, goods


def worth_text(money: int, goods: int) -> str:
    """ "30.000.000 đồng, hiện vật quy đổi 3.300.000 đồng"; "" for goods without a value."""
    said = [format_dong(money)] if money else []
    return ", ".join([*said, f"hiện vật quy đổi {format_dong(goods)}"] if goods else said)
