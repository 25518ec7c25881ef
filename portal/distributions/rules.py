"""Pure rules of distributions: how far a list may go, and what may have happened to a portion."""

from __future__ import annotations

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
