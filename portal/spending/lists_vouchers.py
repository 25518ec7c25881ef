"""The list of vouchers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import func

from portal.kit.filters import AmountFilter, DayFilter, SelectFilter, TextFilter
from portal.kit.listing import Col, ListSpec
from portal.ledger.models import Posting
from portal.spending import queries_vouchers as queries
from portal.spending.models import Decision, DecisionRow, Voucher
from portal.spending.queries import place_name
from portal.spending.rules import APPROVED, PREPARED, REFUSED, REVERSED, VOID, VOUCHER_STATES, WHATS

BADGES = {PREPARED: "warn", APPROVED: "warn", REFUSED: "bad", VOID: "neutral", REVERSED: "bad"}
CASH, BANK = "tien_mat", "chuyen_khoan"


def vouchers_list(
    campaigns: Sequence[tuple[int, str]], purposes: Sequence[tuple[str, str]], row_url: Callable[[Any], str]
) -> ListSpec:
    """The list of `queries_vouchers.listed_vouchers`; paid ones count by their document's day."""
    day = func.coalesce(Posting.document_on, Decision.decided_on)
    return ListSpec(
        noun="phiếu",
        key=Voucher.id,
        default_sort="-so",
        title="Phiếu chi, ủy nhiệm chi",
        file_name="phieu-chi",
        nothing_yet="Chưa có phiếu chi nào. Lập phiếu theo một văn bản đã ban hành.",
        nothing_found="Không có phiếu nào theo các điều kiện này. Bớt điều kiện hoặc xóa lọc.",
        row_url=row_url,
        columns=[
            Col("so", "Số phiếu", _number, kind="link", sort=Voucher.id),
            Col(
                "ngay",
                "Ngày chi",
                lambda row: row.Posting.document_on if row.Posting else None,
                kind="day",
                sort=day,
            ),
            Col("noi_dung", "Lý do chi", "Voucher.content", primary=True, sort=Voucher.content),
            Col("loai", "Loại", lambda row: queries.what_name(row.Voucher), muted=True),
            Col("can_cu", "Theo văn bản", "Voucher.decision.number", sort=Decision.number),
            Col("noi", "Chi từ", lambda row: place_name(row.Voucher), muted=True),
            Col("don_vi", "Đơn vị", "Voucher.unit.name", muted=True),
            Col(
                "tinh_trang",
                "Tình trạng",
                lambda row: VOUCHER_STATES[row.Voucher.state],
                kind="badge",
                badge=lambda row: BADGES.get(row.Voucher.state),
                muted=True,
            ),
            Col(
                "tien", "Số tiền (đ)", "amount", kind="amount", sort=queries.amount(), total=queries.amount()
            ),
        ],
        filters=[
            DayFilter("tu", "Từ ngày", lambda first: day >= first),
            DayFilter("den", "Đến ngày", lambda last: day <= last),
            SelectFilter(
                "tinh_trang",
                "Tình trạng",
                lambda state: Voucher.state == state,
                choices=list(VOUCHER_STATES.items()),
            ),
            SelectFilter("loai", "Loại", lambda what: Voucher.what == what, choices=list(WHATS.items())),
            SelectFilter(
                "hinh_thuc",
                "Hình thức",
                lambda place: (
                    Voucher.bank_account_id.is_(None)
                    if place == CASH
                    else Voucher.bank_account_id.is_not(None)
                ),
                choices=[(CASH, "Tiền mặt"), (BANK, "Chuyển khoản")],
            ),
            SelectFilter("dot", "Đợt vận động", _of_campaign, choices=campaigns),
            SelectFilter(
                "muc_dich",
                "Mục đích",
                lambda key: queries.has_row(DecisionRow.purpose == key),
                choices=purposes,
            ),
            AmountFilter("tu_tien", "Số tiền từ", lambda least: queries.amount() >= least),
            TextFilter("q", "Số phiếu, văn bản, người nhận", queries.found_by),
        ],
    )


def _number(row: Any) -> str:
    return row.Posting.paper_number if row.Posting else f"Phiếu {row.Voucher.id}, chưa có số"


def _of_campaign(campaign_id: int) -> Any:
    return queries.has_row(
        DecisionRow.campaign_id == campaign_id if campaign_id else DecisionRow.campaign_id.is_(None)
    )
