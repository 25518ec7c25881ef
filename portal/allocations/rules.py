"""Pure rules of allocations: which rows a part is taken from, who confirms, how much, when; what state that makes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from portal.kit.days import format_day
from portal.kit.errors import Refused
from portal.kit.money import format_dong

ON_THE_WAY, PARTLY, RECEIVED, CLOSED, REVERSED = "on_the_way", "partly", "received", "closed", "reversed"
STATES = {
    ON_THE_WAY: "Đang chuyển",
    PARTLY: "Còn một phần",
    RECEIVED: "Đã nhận đủ",
    CLOSED: "Đã khép, có chênh lệch",
    REVERSED: "Đã đảo",
}
OPEN = (ON_THE_WAY, PARTLY)

RETURNED, FEE, OTHER = "returned", "fee", "other"
CAUSES = {
    RETURNED: "Tiền trở lại đơn vị chuyển",
    FEE: "Phí chuyển tiền",
    OTHER: "Nguyên nhân khác",
}
OTHER_PURPOSES = {FEE: "fee", OTHER: "allocation_difference"}  # of the ledger's accounts of kind "other"

DOCUMENT = "allocation"  # both documents of a confirmation, and the sender's of a difference
SERIES = "PB"  # phiếu phân bổ: the receiving unit's number of what it confirmed
LONG = timedelta(days=10)  # money that is longer on the way is asked after
AGES = (("Đến 10 ngày", 0, 10), ("11 đến 30 ngày", 11, 30), ("Quá 30 ngày", 31, None))


class Share(NamedTuple):
    """So much (đồng) of a row, whose money is of a campaign (None = "chung")."""

    row_id: int
    campaign_id: int | None
    amount: int


def take_from_rows(left: Iterable[Share], amount: int) -> list[Share]:
    """A part of `amount` đồng, taken from the rows in their order until it is full.

    `left` is what each row still has on the way. Raises Refused (amount) when they have less.
    """
    taken, missing = [], amount
    for row in left:
        share = min(row.amount, missing)
        if share > 0:
            taken.append(row._replace(amount=share))
            missing -= share
    if missing:
        raise Refused(
            f"Chỉ còn {format_dong(amount - missing)} đang chuyển, không đủ {format_dong(amount)}. "
            "Gõ số tiền không lớn hơn thế.",
            "amount",
        )
    return taken


def state_of(amount: int, received: int, differing: int) -> str:
    """The state that these sums (đồng) make, of an allocation that is not reversed."""
    if received + differing == amount:
        return CLOSED if differing else RECEIVED
    return PARTLY if received or differing else ON_THE_WAY


def check_open(state: str) -> None:
    """Only money that is on the way is confirmed or explained. Raises Refused."""
    if state not in OPEN:
        raise Refused(
            f"Lần phân bổ này ở tình trạng “{STATES[state]}”, không còn tiền đang chuyển. "
            "Tải lại trang để xem kết quả."
        )


def check_amount(amount: int, left: int) -> None:
    """Something, and never more than is on the way (đồng). Raises Refused (amount)."""
    if amount <= 0:
        raise Refused("Số tiền phải lớn hơn 0. Gõ số đồng thực nhận, ví dụ 5.000.000.", "amount")
    if amount > left:
        raise Refused(
            f"Chỉ còn {format_dong(left)} đang chuyển, không nhận được {format_dong(amount)}. "
            "Nhận nhiều hơn số chuyển thì báo đơn vị chuyển kiểm tra lại phiếu.",
            "amount",
        )


def check_confirmer(confirmer_id: int, payer_id: int | None) -> None:
    """Whoever sent the money does not confirm for the other side. Raises Refused."""
    if confirmer_id == payer_id:
        raise Refused(
            "Người đã chuyển tiền không tự xác nhận thay nơi nhận. Nhờ người của đơn vị nhận xác nhận."
        )


def check_received_on(received_on: date, sent_on: date) -> None:
    """Money comes after it was sent. Raises Refused (day)."""
    if received_on < sent_on:
        raise Refused(f"Tiền chuyển ngày {format_day(sent_on)}. Ghi ngày nhận từ ngày đó trở đi.", "day")


def days_on_the_way(sent_on: date, today: date) -> int:
    """How long it has been on the way."""
    return max((today - sent_on).days, 0)
