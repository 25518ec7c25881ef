"""Pure rules of gifts: their forms, their givers, their codes."""

from __future__ import annotations

from datetime import date

from portal.kit.errors import Refused

CASH, BANK, GOODS, PAPERS = "cash", "bank", "goods", "papers"
FORMS = {CASH: "Tiền mặt", BANK: "Chuyển khoản", GOODS: "Hiện vật", PAPERS: "Giấy tờ có giá"}
DONOR_KINDS = {
    "person": "Cá nhân",
    "household": "Hộ gia đình",
    "organisation": "Tổ chức",
    "company": "Doanh nghiệp",
    "group": "Nhóm",
}
SHOWN_AS = {"name": "Họ tên", "initials": "Viết tắt", "anonymous": "Nhà hảo tâm"}
RECEIPT_SERIES = "PT"
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
    """A gift is worth something. Raises Refused."""
    if amount > 0:
        return
    if form == GOODS:
        raise Refused("Hiện vật chưa có giá trị quy đổi. Ghi giá trị ước tính bằng đồng.", "amount")
    raise Refused("Số tiền phải lớn hơn 0. Gõ số đồng thực có, ví dụ 500.000.", "amount")
