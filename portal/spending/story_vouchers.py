"""What happened to a voucher, in sentences, and its three steps."""

from __future__ import annotations

from typing import Any

from portal.kit.days import format_day, format_moment
from portal.kit.money import format_amount
from portal.ledger.models import Posting
from portal.spending.models import Voucher
from portal.spending.rules import APPROVED, PAID, PREPARED, REFUSED, REVERSED, VOID


def steps_of(voucher: Voucher) -> list[dict[str, Any]]:
    """Prepared → approved → paid, as the step line draws them."""
    reached = {PREPARED: 1, REFUSED: 1, VOID: 1, APPROVED: 2, PAID: 3, REVERSED: 3}[voucher.state]
    if voucher.state == VOID and voucher.approved_at:
        reached = 2
    labels = ("Lập phiếu", "Duyệt", "Chi tiền")
    return [
        {"label": label, "state": "done" if place < reached else "now" if place == reached else "next"}
        for place, label in enumerate(labels)
    ]


def story_of(voucher: Voucher, reversal: Posting | None) -> list[dict[str, str | None]]:
    """`when`, `text`, `note` of everything that was done, oldest first."""
    maker = voucher.prepared_by.name if voucher.prepared_by else "Dòng lệnh"
    whole = sum(row.amount for row in voucher.rows)
    told: list[dict[str, str | None]] = [
        _entry(f"{maker} lập phiếu {format_amount(whole)} đ, {len(voucher.rows)} dòng.", voucher.prepared_at)
    ]
    if voucher.approved_by is not None and voucher.approved_at is not None:
        told.append(_answer(voucher))
    if voucher.state == VOID:
        told.append({"when": None, "text": "Phiếu đã hủy, chưa chi.", "note": voucher.answer})
    if voucher.posting is not None:
        posting = voucher.posting
        payer = voucher.paid_by.name if voucher.paid_by else posting.entry.by_name
        text = f"{payer} ghi chi {format_amount(voucher.amount)} đ ngày {format_day(posting.document_on)}."
        told.append({**_entry(text, posting.entry.recorded_at), "note": f"Số phiếu {posting.paper_number}"})
    if reversal is not None:
        told.append({**_entry("Phiếu đã bị đảo.", reversal.entry.recorded_at), "note": reversal.reason})
    return told


def _answer(voucher: Voucher) -> dict[str, str | None]:
    assert voucher.approved_by is not None
    if voucher.state == REFUSED:
        return {
            **_entry(f"{voucher.approved_by.name} không duyệt.", voucher.approved_at),
            "note": voucher.answer,
        }
    out = [row for row in voucher.rows if row.refused is not None]
    more = f", không duyệt {len(out)} dòng" if out else ""
    return _entry(
        f"{voucher.approved_by.name} duyệt chi {format_amount(voucher.amount)} đ{more}.", voucher.approved_at
    )


def _entry(text: str, moment: Any) -> dict[str, str | None]:
    return {"when": format_moment(moment), "text": text, "note": None}
