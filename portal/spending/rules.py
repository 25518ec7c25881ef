"""Pure rules of spending: what a payment rests on, who may still change what, and how much may leave."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from portal.kit.errors import Refused
from portal.kit.money import format_dong

BASES = {
    "decision": "Quyết định hỗ trợ",
    "submission": "Tờ trình",
    "minutes": "Biên bản họp",
}
DRAFT, ISSUED, WITHDRAWN = "draft", "issued", "withdrawn"
DECISION_STATES = {DRAFT: "Đang soạn", ISSUED: "Đã ban hành", WITHDRAWN: "Đã thu hồi"}

PAYMENT, ADVANCE, ALLOCATION = "payment", "advance", "allocation"
WHATS = {PAYMENT: "Chi", ADVANCE: "Tạm ứng", ALLOCATION: "Phân bổ"}
DOCUMENT_OF = {PAYMENT: "payment", ADVANCE: "advance_paid", ALLOCATION: "allocation_sent"}

PREPARED, APPROVED, PAID = "prepared", "approved", "paid"
REFUSED, VOID, REVERSED = "refused", "void", "reversed"
VOUCHER_STATES = {
    PREPARED: "Chờ duyệt",
    APPROVED: "Đã duyệt, chưa chi",
    PAID: "Đã chi",
    REFUSED: "Không duyệt",
    VOID: "Đã hủy",
    REVERSED: "Đã đảo",
}
LIVE = (PREPARED, APPROVED, PAID)  # these hold money of their decision's rows
CASH_SERIES, BANK_SERIES = "PC", "UNC"  # phiếu chi, ủy nhiệm chi

MAX_ROWS = 5_000  # of one decision or voucher: a longer list is several papers in every office


class Wanted(NamedTuple):
    """So much (đồng) of a decision's row."""

    decision_row_id: int
    amount: int


def tidy_number(number: str | None) -> str | None:
    """A paper's number as it is compared: "12 / QĐ-MTTQ-BTT" → "12/QĐ-MTTQ-BTT"; None when nothing is written."""
    return re.sub(r"\s+", "", number or "") or None


def check_draft(state: str) -> None:
    """Only a draft changes. Raises Refused."""
    if state != DRAFT:
        raise Refused(
            f"Văn bản này {DECISION_STATES[state].lower()} nên không sửa, xóa được. "
            "Cần thay đổi thì thu hồi và lập văn bản mới."
        )


def check_issued(state: str) -> None:
    """Money leaves only on a decision that is in force. Raises Refused."""
    if state == WITHDRAWN:
        raise Refused("Văn bản làm căn cứ đã thu hồi, không chi theo văn bản này được nữa.")
    if state != ISSUED:
        raise Refused("Văn bản làm căn cứ chưa ban hành. Nhờ người có quyền ban hành trước, rồi lập phiếu.")


def check_state(state: str, *, wanted: str) -> None:
    """A voucher goes prepared → approved → paid, each once. Raises Refused."""
    if state != wanted:
        raise Refused(f"Phiếu này ở tình trạng “{VOUCHER_STATES[state]}”. Tải lại trang để xem việc còn lại.")


def check_payer(payer_id: int, approver_id: int | None, holder_id: int | None) -> None:
    """Who approved a voucher does not also hand out its money; money in a hand is handed out by it. Raises Refused."""
    if holder_id is not None and payer_id != holder_id:
        raise Refused("Tiền này do người khác giữ. Chỉ người đang giữ tiền ghi chi được phiếu này.")
    if payer_id == approver_id:
        raise Refused("Người duyệt phiếu không tự chi tiền. Nhờ thủ quỹ hoặc kế toán ghi chi.")


def check_wanted(wanted: Iterable[Wanted], left: Mapping[int, int]) -> list[Wanted]:
    """What a voucher takes: at least one row, each of this decision and within what is left (đồng). Raises Refused."""
    taken = [one for one in wanted if one.amount]
    if not taken:
        raise Refused("Chưa chọn dòng nào để chi. Chọn ít nhất một dòng của văn bản.", "rows")
    for one in taken:
        if one.decision_row_id not in left:
            raise Refused("Dòng này không thuộc văn bản đã chọn. Chọn lại văn bản.", "rows")
        if one.amount < 0:
            raise Refused("Số tiền phải lớn hơn 0. Gõ số đồng thực chi, ví dụ 500.000.", "rows")
        if one.amount > left[one.decision_row_id]:
            raise Refused(
                f"Dòng này chỉ còn {format_dong(max(left[one.decision_row_id], 0))} chưa lập phiếu, "
                f"không đủ {format_dong(one.amount)}. Gõ số nhỏ hơn.",
                "rows",
            )
    return taken


def check_place_holds(amount: int, held: int, place: str) -> None:
    """Never more than the place holds by the books, đồng. Raises Refused."""
    if amount > held:
        raise Refused(
            f"{place} chỉ còn {format_dong(max(held, 0))}, không đủ {format_dong(amount)}. "
            "Chọn nơi chi khác, hoặc chờ tiền về rồi chi.",
            "place",
        )


def check_restricted(amount: int, free: int, campaign: str) -> None:
    """A campaign's money is spent for it only, and no more than it has (đồng). Raises Refused."""
    if amount > free:
        raise Refused(
            f"{campaign} chỉ còn {format_dong(max(free, 0))} chưa chi, không đủ {format_dong(amount)}. "
            "Lập phiếu theo nguồn khác, hoặc chờ phân bổ thêm.",
            "rows",
        )
