"""What happened to an allocation, in sentences that both sides read."""

from __future__ import annotations

from datetime import datetime

from portal.allocations import rules
from portal.allocations.models import Allocation, AllocationDifference, AllocationReceipt
from portal.cash.rules import BOX
from portal.kit.days import format_day, format_moment
from portal.kit.money import format_amount

Entry = tuple[datetime, dict[str, str | None]]


def story_of(allocation: Allocation) -> list[dict[str, str | None]]:
    """`when`, `text`, `note` of everything that was done, oldest first."""
    found: list[Entry] = [_sent(allocation)]
    for receipt in allocation.receipts:
        found += _confirmed(receipt)
    for difference in allocation.differences:
        found += _explained(difference)
    return [entry for _, entry in sorted(found, key=lambda item: item[0])]


def place_name(placed: AllocationReceipt | AllocationDifference) -> str:
    """Where the money came to, in words."""
    if placed.bank_account is not None:
        return f"Tài khoản {placed.bank_account.code}"
    return f"Tiền mặt {placed.holder.name} giữ" if placed.holder else BOX


def _entry(moment: datetime, text: str, note: str | None = None) -> Entry:
    return moment, {"when": format_moment(moment), "text": text, "note": note}


def _sent(allocation: Allocation) -> Entry:
    voucher = allocation.voucher
    by = f", do {voucher.paid_by.name} ghi chi" if voucher.paid_by else ""
    second = f" {voucher.approved_by.name} duyệt." if voucher.approved_by else ""
    text = (
        f"{allocation.unit.name} chuyển {format_amount(allocation.amount)} đ cho {allocation.to_unit.name} "
        f"theo phiếu {allocation.sent.paper_number}{by}.{second}"
    )
    return _entry(allocation.sent.entry.recorded_at, text, voucher.content)


def _confirmed(receipt: AllocationReceipt) -> list[Entry]:
    text = (
        f"{receipt.confirmed_by.name} xác nhận {receipt.allocation.to_unit.name} đã nhận "
        f"{format_amount(receipt.amount)} đ ngày {format_day(receipt.received_on)} "
        f"(phiếu {receipt.incoming.paper_number}), vào: {place_name(receipt)}."
    )
    found = [_entry(receipt.confirmed_at, text, receipt.note)]
    if receipt.reversed_at:
        said = f"Xác nhận {format_amount(receipt.amount)} đ đã được đảo ở cả hai đơn vị; số tiền này lại đang chuyển."
        found.append(_entry(receipt.reversed_at, said))
    return found


def _explained(difference: AllocationDifference) -> list[Entry]:
    amount = format_amount(difference.amount)
    cause = rules.CAUSES[difference.cause].lower()
    asked = f"{difference.asked_by.name} đề nghị ghi chênh lệch {amount} đ: {cause}."
    found = [_entry(difference.asked_at, asked, difference.reason)]
    if difference.decided_at:
        by = difference.decided_by.name if difference.decided_by else "Hệ thống"
        said = (
            f"{by} duyệt chênh lệch {amount} đ." if difference.approved else f"{by} không duyệt chênh lệch."
        )
        found.append(_entry(difference.decided_at, said, difference.answer))
    if difference.reversed_at:
        found.append(
            _entry(difference.reversed_at, f"Chênh lệch {amount} đ đã được đảo; số tiền này lại đang chuyển.")
        )
    return found
