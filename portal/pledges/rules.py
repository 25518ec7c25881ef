"""Pure rules of pledges: kinds, what terms may say, what state they are in on a day, how old the rest is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from portal.kit.days import format_day, parse_day
from portal.kit.errors import Refused
from portal.kit.money import format_amount, parse_amount
from portal.kit.vietnamese import fold

SERIES = "ĐK"
MONEY, GOODS, HOUSE, LABOUR = "money", "goods", "house", "labour"
KINDS = {MONEY: "Tiền", GOODS: "Hiện vật", HOUSE: "Nhà", LABOUR: "Ngày công"}

NOTHING, PART, FULL, OVERDUE, CANCELLED = "none", "part", "full", "overdue", "cancelled"
STATES = {
    NOTHING: "Chưa",
    PART: "Một phần",
    FULL: "Đủ",
    OVERDUE: "Quá hạn",
    CANCELLED: "Đã hủy",
}
BADGES = {NOTHING: None, PART: "neutral", FULL: "ok", OVERDUE: "warn", CANCELLED: None}

SHOWN_AS = {"name": "Họ tên", "initials": "Viết tắt", "anonymous": "Nhà hảo tâm"}

NOT_DUE = "chua"
BUCKETS = {
    NOT_DUE: "Chưa đến hạn",
    "30": "1–30 ngày",
    "60": "31–60 ngày",
    "90": "61–90 ngày",
    "tren": "Trên 90 ngày",
}
_BOUNDS = {"30": (1, 30), "60": (31, 60), "90": (61, 90), "tren": (91, None)}

# columns of the export, which is a valid import file, and of the import's template
COLUMNS = (
    "Số đăng ký",
    "Ngày",
    "Mã đơn vị",
    "Mã đợt",
    "Người đăng ký",
    "Loại",
    "Điện thoại",
    "Địa chỉ",
    "Hình thức",
    "Nội dung",
    "Số lượng",
    "Đơn vị tính",
    "Số tiền",
    "Hạn",
    "Cách hiển thị",
    "Ghi chú",
)
PAPER_NUMBER = re.compile(r"^(?:[ĐDđd][Kk])?\s*-?\s*0*(\d{1,9})\s*/\s*(\d{4})$")


@dataclass(frozen=True)
class Due:
    """A part of the promise: its day and its đồng (0 where the promise has no agreed value)."""

    due_on: date
    amount: int


def paper_number(number: int, year: int) -> str:
    """ "ĐK-0012/2026"."""
    return f"{SERIES}-{number:04d}/{year}"


def read_paper_number(text: str) -> tuple[int, int] | None:
    """(number, year) of "ĐK-0012/2026" as people write it; None for another text."""
    found = PAPER_NUMBER.match(text.strip())
    return (int(found[1]), int(found[2])) if found else None


def unpaid_parts(dues: Iterable[Due], fulfilled: int) -> list[Due]:
    """What is left of each part, earliest day first: what has come pays the earliest parts first."""
    left, rest = fulfilled, []
    for due in sorted(dues, key=lambda part: part.due_on):
        paid = min(left, due.amount)
        left -= paid
        if due.amount > paid:
            rest.append(Due(due.due_on, due.amount - paid))
    return rest


def state_of(
    *,
    amount: int | None,
    dues: Sequence[Due],
    fulfilled: int,
    today: date,
    cancelled: bool = False,
    met: bool = False,
) -> str:
    """NOTHING, PART, FULL, OVERDUE or CANCELLED on `today`; amounts in đồng.

    `fulfilled` is net of reversals and refunds. A promise without an agreed value is full only when it is said to
    be (`met`). The day on which a part is due is not overdue yet.
    """
    if cancelled:
        return CANCELLED
    if met or (amount is not None and fulfilled >= amount):
        return FULL
    waiting = unpaid_parts(dues, fulfilled) if amount is not None else dues
    if any(part.due_on < today for part in waiting):
        return OVERDUE
    return PART if fulfilled else NOTHING


def outstanding(amount: int | None, fulfilled: int, *, cancelled: bool = False, met: bool = False) -> int:
    """What is still to come, đồng ≥ 0."""
    return 0 if cancelled or met else max((amount or 0) - fulfilled, 0)


def counted(amount: int | None, fulfilled: int, *, met: bool = False) -> int:
    """How much of the promise has come, đồng: never more than was promised (the surplus is said apart)."""
    return (amount or 0) if met else min(fulfilled, amount) if amount is not None else fulfilled


def surplus(amount: int | None, fulfilled: int) -> int:
    """What has come beyond the promise, đồng ≥ 0."""
    return max(fulfilled - amount, 0) if amount is not None else 0


def bucket_of(due_on: date | None, today: date) -> str:
    """The key of BUCKETS for a part that is due on a day (None = no day was agreed)."""
    late = 0 if due_on is None else (today - due_on).days
    for key, (least, most) in _BOUNDS.items():
        if late >= least and (most is None or late <= most):
            return key
    return NOT_DUE


def days_of_bucket(key: str, today: date) -> tuple[date | None, date | None]:
    """First and last due day of a bucket, both inclusive; None = without bound. NOT_DUE: from today on."""
    if key == NOT_DUE:
        return today, None
    least, most = _BOUNDS[key]
    return (None if most is None else today - timedelta(days=most)), today - timedelta(days=least)


def check_terms(values: dict[str, Any], *, today: date) -> None:
    """What a promise may say. `values` are the columns of `PledgeTerms`. Raises Refused at the field."""
    if not values["donor_name"]:
        raise Refused("Chưa có tên người đăng ký. Gõ họ tên hoặc tên đơn vị.", "donor_name")
    if values["kind"] not in KINDS:
        names = ", ".join(name.lower() for name in KINDS.values())
        raise Refused(f"Chưa rõ hình thức. Chọn một trong: {names}.", "kind")
    if values["shown_as"] is not None and values["shown_as"] not in SHOWN_AS:
        raise Refused(
            "Cách hiển thị không có trong danh sách. Chọn lại, hoặc để trống khi chưa hỏi.", "shown_as"
        )
    if values["pledged_on"] > today:
        raise Refused(
            f"Ngày {format_day(values['pledged_on'])} chưa tới. Ghi ngày đăng ký, muộn nhất là hôm nay.",
            "pledged_on",
        )
    _check_worth(values["kind"], values["amount"], values["content"], values["quantity"])


def _check_worth(kind: str, amount: int | None, content: str | None, quantity: str | None) -> None:
    if kind == MONEY and amount is None:
        raise Refused("Chưa có số tiền đăng ký. Gõ số tiền, ví dụ 5tr.", "amount")
    if amount is not None and amount <= 0:
        raise Refused("Số tiền phải lớn hơn 0. Sửa lại, hoặc để trống khi chưa thống nhất giá trị.", "amount")
    if kind != MONEY and not (content or quantity):
        raise Refused("Chưa ghi đăng ký những gì. Ghi nội dung, ví dụ 20 thùng mì.", "content")


def check_dues(dues: Sequence[Due], *, amount: int | None, pledged_on: date) -> None:
    """Instalments add up to the amount, each on its own day, none before the promise. Raises Refused."""
    days = [due.due_on for due in dues]
    if any(day < pledged_on for day in days):
        raise Refused(f"Hạn không thể trước ngày đăng ký {format_day(pledged_on)}. Sửa lại hạn.", "dues")
    if len(set(days)) != len(days):
        raise Refused("Hai đợt chuyển có cùng một ngày. Gộp lại, hoặc sửa ngày của một đợt.", "dues")
    if amount is None:
        if len(dues) > 1 or any(due.amount for due in dues):
            raise Refused("Chưa có giá trị thì chỉ ghi được một hạn. Ghi giá trị, hoặc bỏ các đợt.", "dues")
        return
    if any(due.amount <= 0 for due in dues):
        raise Refused("Mỗi đợt chuyển phải có số tiền lớn hơn 0. Sửa lại số tiền của từng đợt.", "dues")
    if dues and (total := sum(due.amount for due in dues)) != amount:
        raise Refused(
            f"Các đợt cộng lại là {format_amount(total)} đ, khác số đăng ký {format_amount(amount)} đ. "
            "Sửa để hai số bằng nhau.",
            "dues",
        )


def read_dues(text: str | None, *, amount: int | None, today: date, field: str | None = "dues") -> list[Due]:
    """Due days as people write them: one day, or "15/12/2026: 5tr; 15/01/2027: 5tr". Raises Refused."""
    parts = [part.strip() for part in re.split(r"[;\n]", text or "") if part.strip()]
    if len(parts) == 1 and ":" not in parts[0]:
        return [Due(parse_day(parts[0], today=today, field=field), amount or 0)]
    dues = []
    for part in parts:
        day, colon, worth = part.partition(":")
        if not colon:
            raise Refused(
                f"Đợt “{part[:40]}” chưa có số tiền. Ghi ngày: số tiền, ví dụ 15/12/2026: 5tr.", field
            )
        dues.append(Due(parse_day(day, today=today, field=field), parse_amount(worth, field=field)))
    return dues


def write_dues(dues: Sequence[Due], *, amount: int | None) -> str:
    """The text that `read_dues` reads again; "" without a day."""
    if len(dues) == 1 and dues[0].amount == (amount or 0):
        return format_day(dues[0].due_on)
    return "; ".join(f"{format_day(due.due_on)}: {format_amount(due.amount)}" for due in dues)


def _key_in(choices: dict[str, str], text: str | None) -> str | None:
    wanted = fold(text or "")
    return next((key for key, name in choices.items() if wanted in (fold(name), key)), None)


def kind_key(text: str | None, *, field: str | None = "kind") -> str:
    """The key of a kind as people write it; nothing written = money. Raises Refused."""
    if not fold(text or ""):
        return MONEY
    if (key := _key_in(KINDS, text)) is None:
        names = ", ".join(name.lower() for name in KINDS.values())
        raise Refused(f"Không có hình thức “{text}”. Ghi một trong: {names}.", field)
    return key


def shown_as_key(text: str | None, *, field: str | None = "shown_as") -> str | None:
    """The key of a display choice as people write it; nothing written = not asked. Raises Refused."""
    if not fold(text or ""):
        return None
    if (key := _key_in(SHOWN_AS, text)) is None:
        raise Refused(
            f"Không có cách hiển thị “{text}”. Ghi họ tên, viết tắt, nhà hảo tâm, hoặc để trống khi chưa hỏi.",
            field,
        )
    return key


def promise_text(kind: str, content: str | None, quantity: str | None, measure: str | None) -> str:
    """What was promised besides money, "20 thùng mì"; "Tiền" for money."""
    if kind == MONEY:
        return KINDS[MONEY]
    said = " ".join(part for part in (quantity, measure, content) if part)
    return said or KINDS[kind]
