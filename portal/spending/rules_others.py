"""Pure rules of other entries: what causes them, what they may be, when a counted difference can be booked."""

from __future__ import annotations

from datetime import date

from portal.donations.rules import ACCOUNTING_SERIES, RECEIPT_SERIES
from portal.kit.days import format_day
from portal.kit.errors import Refused
from portal.kit.money import format_dong
from portal.spending.rules import CASH_SERIES

INTEREST, FEE, EXCHANGE, COUNT = "interest", "fee", "exchange", "count"
CAUSES = {
    INTEREST: "Lãi tiền gửi",
    FEE: "Phí ngân hàng",
    EXCHANGE: "Chênh lệch tỷ giá",
    COUNT: "Chênh lệch kiểm quỹ",
}  # also the purposes of the ledger's "other" accounts
TYPED = {
    key: name for key, name in CAUSES.items() if key != COUNT
}  # a counted difference comes from its count
GAINS = {INTEREST: True, FEE: False}  # the others may go both ways
GAIN, LOSS = "gain", "loss"
WAYS = {GAIN: "Tăng tiền của Quỹ", LOSS: "Giảm tiền của Quỹ"}

WAITING, BOOKED, REFUSED, REVERSED = "waiting", "booked", "refused", "reversed"
STATES = {
    WAITING: "Chờ duyệt",
    BOOKED: "Đã ghi sổ",
    REFUSED: "Không duyệt",
    REVERSED: "Đã đảo",
}


def series_of(cause: str, *, gain: bool) -> str:
    """Phiếu thu or phiếu chi for cash, phiếu kế toán for everything at the bank."""
    if cause != COUNT:
        return ACCOUNTING_SERIES
    return RECEIPT_SERIES if gain else CASH_SERIES


def state_of(approved: bool | None, *, reversed_: bool) -> str:
    """WAITING, BOOKED, REFUSED or REVERSED."""
    if approved is None:
        return WAITING
    if not approved:
        return REFUSED
    return REVERSED if reversed_ else BOOKED


def way_of(cause: str, way: str | None) -> bool:
    """Whether the fund gains: interest always, a fee never, the rest as it was said. Raises Refused."""
    if cause not in TYPED:
        raise Refused("Chưa chọn loại. Chọn lãi tiền gửi, phí ngân hàng hoặc chênh lệch tỷ giá.", "cause")
    if cause in GAINS:
        return GAINS[cause]
    if way not in WAYS:
        raise Refused("Chưa chọn tăng hay giảm. Chọn theo kết quả đánh giá lại ngoại tệ.", "way")
    return way == GAIN


def check_text(cause: str, reason: str, rate: str | None) -> None:
    """Every entry says why; an exchange difference also at which rate. Raises Refused."""
    if not reason.strip():
        raise Refused("Chưa ghi lý do. Ghi theo chứng từ, ví dụ: phí quản lý tài khoản tháng 11.", "reason")
    if cause == EXCHANGE and not (rate or "").strip():
        raise Refused(
            "Chưa ghi tỷ giá. Ghi số ngoại tệ, tỷ giá cũ và mới, nguồn công bố, ví dụ "
            "“1.200 USD, 25.400 lên 25.520, Vietcombank mua chuyển khoản”.",
            "rate",
        )


def difference_of(total: int, in_books: int) -> tuple[int, bool]:
    """(đồng, whether more was found) of a count. Raises Refused when it agrees."""
    if total == in_books:
        raise Refused("Lần kiểm quỹ này khớp với sổ, không có chênh lệch để ghi.")
    return abs(total - in_books), total > in_books


def check_count(*, newer: date | None, late: int, counted_on: date) -> None:
    """A difference is booked from the newest count, and only while the books of its days are as they were then.

    `late`: documents of this cash up to the day of the count that were recorded after it. Raises Refused.
    """
    if newer is not None:
        raise Refused(f"Nơi này đã kiểm lại ngày {format_day(newer)}. Ghi chênh lệch theo lần kiểm mới nhất.")
    if late:
        raise Refused(
            f"Sau lần kiểm này sổ đã ghi thêm {late} chứng từ tiền mặt từ ngày {format_day(counted_on)} trở về trước, "
            "nên chênh lệch không còn như lúc đếm. Kiểm quỹ lại rồi ghi theo lần kiểm mới."
        )


TOLD = {
    "donor_name": "Chưa ghi nhà tài trợ. Gõ tên, hoặc chọn người có trong sổ.",
    "supplier": "Chưa ghi bên cung cấp. Ghi nơi nhà tài trợ đã trả tiền.",
    "reason": "Chưa ghi nội dung. Ghi nhà tài trợ trả cho việc gì.",
}


def check_told(**texts: str) -> None:
    """Who paid whom for what: each is said. Raises Refused at the field of `TOLD`."""
    for field, text in texts.items():
        if not text.strip():
            raise Refused(TOLD[field], field)


def check_row(amount: int, left: int) -> None:
    """What a sponsor paid stays within what its row of the decision has left, đồng. Raises Refused."""
    if amount <= 0:
        raise Refused("Số tiền phải lớn hơn 0. Gõ số đồng nhà tài trợ đã trả.", "amount")
    if amount > left:
        raise Refused(
            f"Dòng này của văn bản chỉ còn {format_dong(max(left, 0))} chưa chi, không đủ {format_dong(amount)}. "
            "Chọn dòng khác, hoặc gõ số nhỏ hơn.",
            "amount",
        )
