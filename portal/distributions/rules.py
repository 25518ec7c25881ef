"""Pure rules of distributions: how far a list may go, and what may have happened to a portion."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from portal.goods.rules import format_quantity
from portal.households.rules_registry import id_of_code
from portal.kit.errors import Refused
from portal.kit.vietnamese import natural_key, nfc

DRAFT, LOCKED, DECIDED, APPROVED = "draft", "locked", "decided", "approved"
RELEASED, CLOSED, CANCELLED = "released", "closed", "cancelled"
STATES = {
    DRAFT: "Đang lập",
    LOCKED: "Đã chốt",
    DECIDED: "Đã có quyết định",
    APPROVED: "Đã duyệt",
    RELEASED: "Đang trao",
    CLOSED: "Đã khóa",
    CANCELLED: "Đã hủy",
}

ADVANCE, BANK, NO_MONEY = "advance", "bank", "none"

RECEIVED, PROXY, ABSENT, REFUSED, RETURNED = "received", "proxy", "absent", "refused", "returned"
OUTCOMES = {
    RECEIVED: "Đã nhận",
    PROXY: "Nhận thay",
    ABSENT: "Vắng mặt",
    REFUSED: "Không nhận",
    RETURNED: "Trả lại",
}
HANDED = (RECEIVED, PROXY)
"""Outcomes by which the household has got its portion."""
NOT_TAKEN = (REFUSED, RETURNED)
"""Outcomes by which the household does not want its portion."""

BEFORE_MONEY = (DRAFT, LOCKED, DECIDED, APPROVED)
CANCELLABLE = (DRAFT, LOCKED)
MOST_ROWS = 5_000
"""Of one list: a decision's annex holds no more (spending.rules.MAX_ROWS)."""
MOST_CODES = 5_000
"""Codes that may be pasted at once."""

_NEXT = {
    DRAFT: "Danh sách đang lập, chưa chốt. Chốt danh sách trước.",
    LOCKED: "Danh sách đã chốt nên không sửa được nữa. Mở chốt, ghi lý do, rồi sửa.",
    DECIDED: "Danh sách đã có quyết định nên không sửa được nữa. Cần sửa thì thu hồi quyết định trước.",
    APPROVED: "Danh sách đã duyệt nên không sửa được nữa. Cần sửa thì thu hồi quyết định trước.",
    RELEASED: "Danh sách đang trao: tiền, hàng đã ra khỏi quỹ. Xem việc còn lại ở trang của danh sách.",
    CLOSED: "Danh sách đã khóa. Chỉ còn xem và in.",
    CANCELLED: "Danh sách đã hủy. Lập danh sách mới nếu vẫn trao.",
}


def check_state(state: str, *wanted: str) -> None:
    """A list goes draft → locked → decided → approved → released → closed. Raises Refused."""
    if state not in wanted:
        raise Refused(_NEXT[state])


class Pasted(NamedTuple):
    """Codes of a pasted text: ids of households, and the words that are none."""

    ids: list[int]
    unknown: list[str]


def read_codes(text: str | None) -> Pasted:
    """ "HO000123, HO000456" (parted by spaces, commas, semicolons or lines) → ids. Raises Refused (field codes)."""
    words = re.split(r"[\s,;]+", nfc(text))
    ids: dict[int, None] = {}
    unknown: dict[str, None] = {}
    for word in filter(None, words):
        found = id_of_code(word) if word[:2].upper() == "HO" else None
        if found is None:
            unknown[word[:40]] = None
        else:
            ids[found] = None
    if len(ids) + len(unknown) > MOST_CODES:
        raise Refused(
            f"Ô này có {len(ids) + len(unknown)} mã, nhiều hơn {MOST_CODES}. Chia thành nhiều lần dán.",
            "codes",
        )
    return Pasted(list(ids), list(unknown))


def unknown_code_text(word: str) -> str:
    """Why a pasted word names no household, and what to do."""
    if re.fullmatch(r"\d{9}|\d{12}", word):
        return f"“{word[:3]}…” là số căn cước, không dùng ở đây. Dán mã hộ, ví dụ HO000123."
    return f"“{word}” không phải mã hộ. Mã hộ viết như HO000123, có trong cột “Mã hộ” của sổ hộ."


class Place(NamedTuple):
    """Where a row stands on the sheets: xã → xóm → tên, as people count and call."""

    commune: str
    hamlet: str
    name_key: str

    @property
    def order(self) -> tuple[str, str, str]:
        """What rows are sorted by: "Xóm 2" before "Xóm 10"."""
        return natural_key(self.commune), natural_key(self.hamlet), self.name_key


def goods_text(goods: Iterable[tuple[int, str, str]]) -> str | None:
    """(thousandths, measure, name) → "10 kg Gạo, 1 suất quà Tết"; None for nothing."""
    words = [f"{format_quantity(quantity)} {_counted(measure, name)}" for quantity, measure, name in goods]
    return ", ".join(words)[:500] or None


def _counted(measure: str, name: str) -> str:
    """ "kg Gạo"; a measure that begins the name is said once: "suất quà Tết"."""
    same = nfc(name).lower().startswith(f"{nfc(measure).lower()} ")
    return f"{measure}{name[len(measure) :]}" if same else f"{measure} {name}"
