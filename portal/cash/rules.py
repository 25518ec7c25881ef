"""Pure rules of cash: banknotes, what may leave a hand, how places of cash are called."""

from __future__ import annotations

from collections.abc import Mapping

from portal.kit.errors import Refused
from portal.kit.money import format_amount

# Notes and coins that the State Bank of Vietnam has in circulation, đồng, the largest first
DENOMINATIONS = (500_000, 200_000, 100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200)
HANDOVER_SERIES = "GN"  # giấy giao nhận tiền
DEPOSIT_SERIES = "NT"  # bảng kê nộp tiền
BOX = "Két của đơn vị"
ON_THE_WAY, ACCEPTED, DECLINED = "on_the_way", "accepted", "declined"
STATES = {ON_THE_WAY: "Chờ người nhận xác nhận", ACCEPTED: "Đã nhận", DECLINED: "Không nhận"}


def total_of(notes: Mapping[str, int]) -> int:
    """What counted notes come to, đồng. Keys are denominations as text."""
    return sum(int(note) * pieces for note, pieces in notes.items())


def only_counted(notes: Mapping[int, int | None]) -> dict[str, int]:
    """The denominations that were there, as they are kept."""
    return {str(note): pieces for note, pieces in notes.items() if pieces}


def check_notes(notes: Mapping[str, int], amount: int) -> None:
    """Listed notes come to the amount; no list at all is fine. Raises Refused."""
    counted = total_of(notes)
    if notes and counted != amount:
        raise Refused(
            f"Bảng kê mệnh giá cộng được {format_amount(counted)} đ, khác số tiền {format_amount(amount)} đ. "
            "Đếm lại số tờ, hoặc sửa số tiền.",
            "amount",
        )


def check_in_hand(amount: int, in_hand: int, *, promised: int = 0) -> None:
    """Nobody gives more than they have; what waits for a receiver is not there any more. Raises Refused."""
    left = in_hand - promised
    if amount <= 0:
        raise Refused("Số tiền phải lớn hơn 0. Gõ số đồng thực có, ví dụ 500.000.", "amount")
    if amount > left:
        waits = f" ({format_amount(promised)} đ đang chờ người khác xác nhận nhận)" if promised else ""
        raise Refused(
            f"Theo sổ chỉ còn {format_amount(max(left, 0))} đ{waits}, không đủ {format_amount(amount)} đ. "
            "Sửa số tiền, hoặc ghi nốt các khoản đã nhận.",
            "amount",
        )


def state_of(accepted: bool | None) -> str:
    """ON_THE_WAY, ACCEPTED or DECLINED."""
    return {None: ON_THE_WAY, True: ACCEPTED, False: DECLINED}[accepted]
