"""Add only, update only, or both: which rows of a table are written. Pure.

A kind whose documents are never changed (gifts) knows only one way: what is new is added.
"""

from __future__ import annotations

from collections.abc import Sequence

from portal.kit.errors import Refused
from portal.kit.money import format_amount

BOTH, ADD, UPDATE = "both", "add", "update"
LABELS = {BOTH: "Thêm mới và cập nhật", ADD: "Chỉ thêm mới", UPDATE: "Chỉ cập nhật"}
NAMED = 20  # row numbers that one sentence lists


def check_mode(mode: str, *, offered: bool, label: str) -> None:
    """Raises Refused for a way that does not exist, or that a table of this kind does not have."""
    if mode not in LABELS:
        raise Refused(f"Không có cách nạp “{mode}”. Chọn một trong: {', '.join(LABELS)}.", "mode")
    if mode == UPDATE and not offered:
        raise Refused(
            f"Bảng “{label}” chỉ thêm mới, không cập nhật chứng từ đã ghi. Chọn cách nạp thêm mới.", "mode"
        )


def rows_in_words(numbers: Sequence[int]) -> str:
    """ "dòng 3, 8, 9 và 12 dòng nữa"."""
    shown = ", ".join(str(number) for number in numbers[:NAMED])
    rest = len(numbers) - NAMED
    return f"dòng {shown}" + (f" và {format_amount(rest)} dòng nữa" if rest > 0 else "")


def kept_as_is(numbers: Sequence[int], count: int) -> str:
    """Told with "add only": rows that would change what is in the books."""
    which = f" ({rows_in_words(numbers)})" if numbers else ""
    return (
        f"Có {format_amount(count)} dòng đã có trong sổ với nội dung khác{which}; "
        "vì chỉ thêm mới nên sổ giữ như cũ. Muốn sửa theo tệp, nạp lại với cách “Thêm mới và cập nhật”."
    )


def not_there(numbers: Sequence[int]) -> str:
    """Told with "update only": rows that do not exist yet."""
    return (
        f"Có {format_amount(len(numbers))} dòng chưa có trong sổ ({rows_in_words(numbers)}); "
        "vì chỉ cập nhật nên không ghi. Kiểm tra lại mã, hoặc nạp lại với cách “Thêm mới và cập nhật”."
    )
