"""The columns of the grid: their names, the names they go by in people's own lists, and their short words. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.kit.vietnamese import fold

DONOR, KIND, ADDRESS, FORM, AMOUNT = "donor", "kind", "address", "form", "amount"
GOODS, QUANTITY, MEASURE, DAY = "goods", "quantity", "measure", "day"
SHOWN, PAPER, NOTE = "shown_as", "paper", "note"


@dataclass(frozen=True)
class Column:
    """One column of the grid. `also`: headings under which people keep it; `group`: what switches it on."""

    key: str
    label: str
    also: tuple[str, ...] = ()
    limit: int = 200
    group: str | None = None
    right: bool = False


COLUMNS = (
    Column(
        DONOR,
        "Họ tên, đơn vị",
        (
            "Người ủng hộ", "Họ tên", "Họ và tên", "Tên", "Tên người ủng hộ", "Nhà hảo tâm", "Mạnh thường quân",
            "Tên đơn vị", "Đơn vị ủng hộ", "Tên cá nhân, đơn vị", "Tên đơn vị, cá nhân", "Cá nhân, đơn vị",
            "Họ và tên người ủng hộ",
        ),
    ),
    Column(KIND, "Loại", ("Loại người ủng hộ", "Đối tượng", "Đối tượng ủng hộ"), 60, group=KIND),
    Column(
        ADDRESS,
        "Địa chỉ, thôn",
        (
            "Địa chỉ", "Nơi ở", "Chỗ ở", "Địa chỉ/đơn vị", "Địa chỉ/thôn", "Thôn", "Ấp", "Xóm", "Khu phố", "Bản",
            "Buôn", "Tổ dân phố", "Đội", "Thôn, xóm", "Nơi cư trú",
        ),
        300,
    ),
    Column(FORM, "Hình thức", ("Hình thức ủng hộ",), 60, group=FORM),
    Column(
        AMOUNT,
        "Số tiền (đ)",
        (
            "Số tiền", "Số tiền (đồng)", "Số tiền (VNĐ)", "Số tiền ủng hộ", "Tiền", "Thành tiền", "Giá trị",
            "Giá trị (đồng)", "Quy đổi", "Số tiền quy đổi",
        ),
        60,
        right=True,
    ),
    Column(GOODS, "Hiện vật", ("Tên hiện vật", "Tên hàng", "Hiện vật ủng hộ"), 300, group=GOODS),
    Column(QUANTITY, "Số lượng", ("SL",), 40, group=GOODS, right=True),
    Column(MEASURE, "ĐVT", ("Đơn vị tính",), 40, group=GOODS),
    Column(DAY, "Ngày", ("Ngày nhận", "Ngày ủng hộ", "Ngày tháng", "Ngày nộp"), 60, group=DAY),
    Column(SHOWN, "Hiển thị", ("Cách hiển thị", "Hiển thị công khai"), 60),
    Column(PAPER, "Số phiếu giấy", ("Số phiếu", "Số biên lai", "Số CT", "Số chứng từ"), 60, group=PAPER),
    Column(NOTE, "Ghi chú", ("Nội dung", "Ghi chú thêm"), 1000),
)  # fmt: skip
BY_KEY = {column.key: column for column in COLUMNS}
GROUPS = {
    KIND: "Loại người ủng hộ",
    FORM: "Hình thức",
    GOODS: "Hiện vật, số lượng, đơn vị tính",
    DAY: "Ngày từng dòng",
    PAPER: "Số phiếu giấy",
}
"""The columns beside the usual ones, which a batch shows when it needs them."""
HEADINGS = {fold(word): column.key for column in COLUMNS for word in (*column.also, column.label)}

FORM_WORDS = {
    "tiền mặt": "cash", "tm": "cash", "tiền": "cash",
    "chuyển khoản": "bank", "ck": "bank", "ngân hàng": "bank",
    "hiện vật": "goods", "hv": "goods",
    "giấy tờ có giá": "papers", "gtcg": "papers",
}  # fmt: skip
SHOWN_WORDS = {
    "họ tên": "name", "tên": "name", "công khai": "name",
    "viết tắt": "initials", "vt": "initials",
    "ẩn danh": "anonymous", "nhà hảo tâm": "anonymous", "không công khai": "anonymous",
}  # fmt: skip
SHOWN_NAMES = {"name": "Họ tên", "initials": "Viết tắt", "anonymous": "Ẩn danh"}
KIND_WORDS = {
    "person": ("cn", "ông", "bà"),
    "household": ("hộ", "hgđ", "gia đình"),
    "organisation": ("tc", "cơ quan", "đơn vị"),
    "company": ("dn", "cty", "công ty", "hợp tác xã", "htx"),
    "group": ("tập thể",),
}


def shown_columns(groups: Iterable[str]) -> list[Column]:
    """The columns of a batch: the usual ones and those of the groups that it has switched on."""
    wanted = set(groups)
    return [column for column in COLUMNS if column.group is None or column.group in wanted]


def groups_used(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """The groups that have something in one of these rows, in the order of the columns."""
    used = {BY_KEY[key].group for cells in rows for key, text in cells.items() if text and key in BY_KEY}
    return [group for group in GROUPS if group in used]


def choose(text: str, words: Mapping[str, str]) -> str | None:
    """The value of a word, or of the only one that begins so: "h" is enough for "họ tên". None = none or several.

    Accents and case do not matter.
    """
    wanted = fold(text)
    folded = {fold(word): value for word, value in words.items()}
    if wanted in folded:
        return folded[wanted]
    begun = {value for word, value in folded.items() if word.startswith(wanted)}
    return begun.pop() if wanted and len(begun) == 1 else None


def kind_words(kinds: Sequence[tuple[str, str]]) -> dict[str, str]:
    """The words for kinds of donors, given (key, name): their names, and the usual short forms of those we know."""
    words = {name: key for key, name in kinds}
    known = set(words.values())
    return words | {word: key for key, more in KIND_WORDS.items() if key in known for word in more}
