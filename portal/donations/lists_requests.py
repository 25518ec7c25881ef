"""The lists of what somebody has asked about gifts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from portal.campaigns.rules import REGULAR
from portal.donations.models import ReclassificationRequest, Refund
from portal.donations.rules import code_of
from portal.kit.filters import SelectFilter
from portal.kit.listing import Col, ListSpec

WAITING, APPROVED, REFUSED = "cho", "duyet", "khong"
STATES = [(WAITING, "Chờ trả lời"), (APPROVED, "Đã duyệt"), (REFUSED, "Không duyệt")]


def state_of(asked: ReclassificationRequest | Refund) -> str:
    """What became of a request, in words."""
    if asked.approved is None:
        return "Chờ trả lời"
    return "Đã duyệt" if asked.approved else "Không duyệt"


def _filter(model: Any) -> SelectFilter:
    condition = {
        WAITING: model.approved.is_(None),
        APPROVED: model.approved.is_(True),
        REFUSED: model.approved.is_(False),
    }
    return SelectFilter("tinh_trang", "Tình trạng", lambda state: condition[state], choices=STATES)


def _columns(model: Any, *middle: Col) -> list[Col]:
    return [
        Col("ngay", "Ngày đề nghị", "requested_at", kind="day", sort=model.id),
        Col("khoan", "Khoản", lambda row: code_of(row.donation_id), kind="link"),
        Col("ly_do", "Lý do", "reason", primary=True),
        *middle,
        Col("nguoi", "Người đề nghị", "requested_by.name", muted=True),
        Col(
            "tinh_trang",
            "Tình trạng",
            lambda row: state_of(row),
            kind="badge",
            badge=lambda row: "warn" if row.approved is None else None,
            muted=True,
        ),
        Col("nguoi_duyet", "Người trả lời", "decided_by.name", muted=True),
    ]


def reclassifications_list(row_url: Callable[[Any], str]) -> ListSpec:
    """The list of `queries.reclassification_requests_for`."""
    model = ReclassificationRequest
    to = Col("dot", "Chuyển đến", lambda row: getattr(row.to_campaign, "name", REGULAR))
    return ListSpec(
        noun="đề nghị",
        key=model.id,
        default_sort="-ngay",
        title="Đề nghị chuyển đợt",
        file_name="de-nghi-chuyen-dot",
        nothing_yet="Chưa có đề nghị chuyển đợt nào.",
        row_url=row_url,
        columns=_columns(model, to),
        filters=[_filter(model)],
    )


def refunds_list(row_url: Callable[[Any], str]) -> ListSpec:
    """The list of `queries.refund_requests_for`."""
    receiver = Col("nguoi_nhan", "Người nhận", "receiver")
    amount = Col("tien", "Số tiền (đ)", "amount", kind="amount", sort=Refund.amount)
    return ListSpec(
        noun="đề nghị",
        key=Refund.id,
        default_sort="-ngay",
        title="Đề nghị hoàn trả",
        file_name="de-nghi-hoan-tra",
        nothing_yet="Chưa có đề nghị hoàn trả nào.",
        row_url=row_url,
        columns=[*_columns(Refund, receiver), amount],
        filters=[_filter(Refund)],
    )
