"""Pure rules of advances: what may be settled, how late one is, what may become of money put aside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from portal.kit.errors import Refused
from portal.kit.money import format_dong

SERIES = "TU"  # giấy thanh toán tiền tạm ứng
CASH_SERIES = "PC"  # a release is a payment of cash like any other
RELEASE, RETURN = "release", "return"
WISHES = {RELEASE: "Trao cho người nhận", RETURN: "Trả về nguồn"}
LATE_STEPS = (15, 30)  # days after the due day that part the ageing
KEPT_LONG = 30  # days after which money put aside is pointed out
AGES = {
    "on_time": "Trong hạn",
    "late_1": f"Quá hạn 1–{LATE_STEPS[0]} ngày",
    "late_2": f"Quá hạn {LATE_STEPS[0] + 1}–{LATE_STEPS[1]} ngày",
    "late_3": f"Quá hạn trên {LATE_STEPS[1]} ngày",
    "settled": "Đã thanh toán",
}


class Settled(NamedTuple):
    """What became of a row of an advance, đồng; `absent_note` says why somebody got nothing yet."""

    voucher_row_id: int
    paid: int = 0
    absent: int = 0
    returned: int = 0
    absent_note: str | None = None

    @property
    def amount(self) -> int:
        """All of it."""
        return self.paid + self.absent + self.returned


def check_settled(rows: Iterable[Settled], open_of: Mapping[int, int]) -> list[Settled]:
    """Something is settled, and of no row more than what is open (đồng). Raises Refused."""
    told = [row for row in rows if row.paid or row.absent or row.returned]
    if not told:
        raise Refused("Chưa ghi số tiền nào. Ghi đã trao, giữ lại hoặc nộp lại cho ít nhất một dòng.", "rows")
    for row in told:
        if row.voucher_row_id not in open_of:
            raise Refused("Dòng này không thuộc khoản tạm ứng. Tải lại trang.", "rows")
        if min(row.paid, row.absent, row.returned) < 0:
            raise Refused("Số tiền không thể âm. Gõ lại số đồng.", "rows")
        if row.amount > open_of[row.voucher_row_id]:
            raise Refused(
                f"Dòng này chỉ còn {format_dong(max(open_of[row.voucher_row_id], 0))} chưa thanh toán, "
                f"không đủ {format_dong(row.amount)}. Sửa lại số tiền.",
                "rows",
            )
        if row.absent and not (row.absent_note or "").strip():
            raise Refused("Chưa ghi vì sao giữ lại tiền. Ghi ngắn, ví dụ: đi vắng, đang nằm viện.", "rows")
    return told


def age_of(due: date | None, *, open_amount: int, today: date) -> str:
    """A key of `AGES`. Without a due day nothing is late."""
    if not open_amount:
        return "settled"
    if due is None or today <= due:
        return "on_time"
    late = (today - due).days
    return "late_1" if late <= LATE_STEPS[0] else "late_2" if late <= LATE_STEPS[1] else "late_3"
