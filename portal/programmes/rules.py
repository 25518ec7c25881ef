"""Pure rules of programme results: kinds, qualifiers, what a row may say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.kit.days import Period
from portal.kit.errors import Refused
from portal.kit.vietnamese import fold, key_of

IDENTITY = ("unit_id", "starts_on", "ends_on", "programme_key", "source")

KINDS = {
    "tin_dung": "Tín dụng",
    "day_nghe": "Dạy nghề",
    "viec_lam": "Việc làm",
    "bao_hiem": "Bảo hiểm",
    "y_te": "Y tế",
    "giao_duc": "Giáo dục",
    "xay_nha": "Xây nhà",
    "sua_nha": "Sửa nhà",
    "tien_dien": "Tiền điện",
    "qua": "Quà",
    "cuu_tro": "Cứu trợ",
    "sinh_ke": "Sinh kế",
    "giup_do_ho": "Giúp đỡ hộ",
    "khac": "Khác",
}
BUILT, REPAIRED, GIFTS = "xay_nha", "sua_nha", "qua"
PORTIONS = ("suat", "phan")  # folded measures that count gift portions

QUALIFIERS = ("gần", "trên", "khoảng")
MIXED = "khoảng"  # of a sum whose parts are qualified differently


@dataclass(frozen=True)
class ResultRow:
    """One result as it is brought in. `amount` đồng; None = not given, ABSENT = the column is not there."""

    unit_id: int
    starts_on: date
    ends_on: date
    programme: str
    kind: Any  # a key of KINDS
    source: Any = ""
    target: Any = None  # Decimal
    actual: Any = None  # Decimal
    measure: Any = None
    households: Any = None
    people: Any = None
    amount: Any = None
    qualifier: Any = None
    cumulative: Any = False
    note: Any = None


def kind_key(text: str | None, *, field: str | None = "kind") -> str:
    """The key of a kind as people write it; nothing written = "khac". Raises Refused."""
    key = key_of(text) or "khac"
    for known in KINDS:
        if fold(known.replace("_", " ")) == fold(key.replace("_", " ")):
            return known
    names = ", ".join(name.lower() for name in KINDS.values())
    raise Refused(f"Không có loại “{text}”. Ghi một trong: {names}.", field)


def qualifier_of(text: str | None, *, field: str | None = "qualifier") -> str | None:
    """ "gần", "trên" or "khoảng" as people write it; None when nothing is written. Raises Refused."""
    wanted = fold(text)
    if not wanted:
        return None
    for known in QUALIFIERS:
        if fold(known) == wanted:
            return known
    raise Refused(f"Không có mức độ “{text}”. Ghi gần, trên hoặc khoảng, hoặc để trống.", field)


def cumulative_of(text: str | None, *, field: str | None = "cumulative") -> bool:
    """Whether a result is "lũy kế" (a running total) or "trong kỳ" (also when blank). Raises Refused."""
    wanted = fold(text)
    if wanted in ("", fold("trong kỳ")):
        return False
    if wanted in (fold("lũy kế"), fold("luỹ kế")):
        return True
    raise Refused(f"Không có tính chất “{text}”. Ghi trong kỳ hoặc lũy kế.", field)


def check_result(values: dict[str, Any]) -> None:
    """A row has a programme, a known kind and qualifier, and days in order. Raises Refused."""
    Period(values["starts_on"], values["ends_on"])
    if not values["programme_key"]:
        raise Refused("Chưa có tên chương trình. Ghi tên chương trình hoặc chính sách.", "programme")
    if values["kind"] not in KINDS:
        raise Refused(f"Không có loại “{values['kind']}”. Chọn lại loại chương trình.", "kind")
    if values["qualifier"] is not None and values["qualifier"] not in QUALIFIERS:
        raise Refused("Mức độ phải là gần, trên hoặc khoảng. Sửa lại hoặc để trống.", "qualifier")
    if values["target"] is not None and values["target"] <= 0:
        raise Refused("Chỉ tiêu phải lớn hơn 0. Sửa lại, hoặc để trống khi không giao chỉ tiêu.", "target")
