"""The lists of the books: requests to reverse, and the journal. Part of the views: they link to gifts."""

from __future__ import annotations

from typing import Any

from flask import url_for
from sqlalchemy import func, select

from portal.donations.models import Donation
from portal.donations.rules import code_of
from portal.kit.filters import DayFilter, SelectFilter, TextFilter
from portal.kit.listing import Col, ListSpec
from portal.ledger import desk
from portal.ledger.models import Posting, ReversalRequest
from portal.ledger.queries import is_reversed
from portal.ledger.rules import DOCUMENTS, SUPPLEMENTARY, is_supplementary
from portal.spending.models import Voucher
from portal.statements.models import Statement


def _request_state(row: Any) -> str:
    return {None: "Chờ trả lời", True: "Đã duyệt", False: "Không duyệt"}[row.ReversalRequest.approved]


document_sum = desk.document_sum().scalar_subquery()

REVERSALS = ListSpec(
    noun="đề nghị",
    key=ReversalRequest.id,
    default_sort="-ngay",
    title="Đề nghị đảo",
    file_name="de-nghi-dao",
    nothing_yet="Chưa có đề nghị đảo nào.",
    row_url=lambda row: url_for("ledger.reversal", request_id=row.ReversalRequest.id),
    columns=[
        Col("ngay", "Ngày đề nghị", "ReversalRequest.requested_at", kind="day", sort=ReversalRequest.id),
        Col("so", "Chứng từ", lambda row: document_name(row.ReversalRequest.posting), kind="link"),
        Col("ly_do", "Lý do", "ReversalRequest.reason", primary=True),
        Col("nguoi", "Người đề nghị", "ReversalRequest.requested_by.name", muted=True),
        Col(
            "tinh_trang",
            "Tình trạng",
            _request_state,
            kind="badge",
            badge=lambda row: "warn" if row.ReversalRequest.approved is None else None,
            muted=True,
        ),
        Col("nguoi_duyet", "Người trả lời", "ReversalRequest.decided_by.name", muted=True),
        Col("tien", "Số tiền (đ)", "amount", kind="amount"),
    ],
    filters=[
        SelectFilter(
            "tinh_trang",
            "Tình trạng",
            lambda state: {
                "cho": ReversalRequest.approved.is_(None),
                "duyet": ReversalRequest.approved.is_(True),
                "khong": ReversalRequest.approved.is_(False),
            }[state],
            choices=[("cho", "Chờ trả lời"), ("duyet", "Đã duyệt"), ("khong", "Không duyệt")],
        )
    ],
)


def document_name(posting: Posting) -> str:
    """The number on the paper, else the kind of document and its number in the books."""
    return posting.paper_number or f"{DOCUMENTS[posting.kind]} số {posting.number}"


gift_id = (
    select(func.min(Donation.id))
    .where(Donation.posting_number == Posting.number, Posting.kind.in_(("donation", "in_and_out")))
    .correlate(Posting)
    .scalar_subquery()
)
statement_id = (
    select(Statement.id)
    .where(Statement.posting_number == Posting.number)
    .correlate(Posting)
    .scalar_subquery()
)


voucher_id = (
    select(Voucher.id).where(Voucher.posting_number == Posting.number).correlate(Posting).scalar_subquery()
)


def _document_url(row: Any) -> str | None:
    if row.voucher_id is not None:
        return url_for("spending.voucher", voucher_id=row.voucher_id)
    if row.gift_id is not None:
        return url_for("donations.show", code=code_of(row.gift_id))
    return url_for("statements.show", statement_id=row.statement_id) if row.statement_id else None


def _journal_state(row: Any) -> str:
    posting = row.Posting
    if row.is_reversed:
        return "Đã đảo"
    late = posting.kind != "statement" and is_supplementary(posting.document_on, posting.booked_on)
    return SUPPLEMENTARY if late else "Đã ghi sổ"


def _in_state(state: str) -> Any:
    """Condition of the journal's filter."""
    if state == "dao":
        return is_reversed(Posting.number)
    return (Posting.booked_on > Posting.document_on) & (Posting.kind != "statement")


def _numbered(text: str) -> Any:
    """Condition: the number in the books, or the one on the paper ("PT-0413/2026", "413")."""
    digits = text.upper().removeprefix("PT-").split("/")[0].lstrip("0")
    number = int(digits) if digits.isdecimal() and len(digits) < 10 else -1
    return (Posting.number == number) | (Posting.series_no == number)


JOURNAL = ListSpec(
    noun="chứng từ",
    key=Posting.number,
    default_sort="-so",
    title="Nhật ký",
    file_name="nhat-ky",
    nothing_yet="Chưa có chứng từ nào trong sổ.",
    row_url=_document_url,
    columns=[
        Col("so", "Số trong sổ", "Posting.number", sort=Posting.number),
        Col("ngay", "Ngày ghi sổ", "Posting.booked_on", kind="day", sort=Posting.booked_on),
        Col("ngay_ct", "Ngày chứng từ", "Posting.document_on", kind="day", sort=Posting.document_on),
        Col("loai", "Loại", lambda row: DOCUMENTS[row.Posting.kind], kind="link", primary=True),
        Col("phieu", "Số phiếu", "Posting.paper_number"),
        Col("don_vi", "Đơn vị", "Posting.unit.name", muted=True),
        Col("nguoi", "Người ghi", "Posting.entry.by_name", muted=True),
        Col("nguoi_hai", "Người duyệt", "Posting.second_name", muted=True),
        Col(
            "tinh_trang",
            "Tình trạng",
            _journal_state,
            kind="badge",
            badge=lambda row: "bad" if row.is_reversed else None,
            muted=True,
        ),
        Col("tien", "Số tiền (đ)", "amount", kind="amount"),
    ],
    filters=[
        DayFilter("tu", "Từ ngày", lambda day: Posting.booked_on >= day),
        DayFilter("den", "Đến ngày", lambda day: Posting.booked_on <= day),
        SelectFilter("loai", "Loại", lambda kind: Posting.kind == kind, choices=list(DOCUMENTS.items())),
        SelectFilter(
            "tinh_trang", "Tình trạng", _in_state, choices=[("bo_sung", SUPPLEMENTARY), ("dao", "Đã đảo")]
        ),
        TextFilter("q", "Số phiếu, số trong sổ", _numbered),
    ],
)
