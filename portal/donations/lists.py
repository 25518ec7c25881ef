"""The list of gifts: its columns, filters, sums."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from portal.donations import queries
from portal.donations.models import Donation
from portal.donations.rules import FORMS, GOODS
from portal.kit.filters import AmountFilter, DayFilter, SelectFilter, TextFilter
from portal.kit.listing import Col, ListSpec

REGULAR = 0  # the choice "not for a campaign"
STATES = {
    "posted": "Đã ghi sổ",
    "waiting": "Chờ duyệt đảo",
    "reversed": "Đã đảo",
    "pending": "Chờ xác định",
    "late": "Sau ngày kết thúc đợt",
}
BADGES = {"posted": None, "waiting": "warn", "reversed": "bad", "pending": "warn", "late": "warn"}


def receipt_label(gift: Donation) -> str | None:
    """The receipt's number, or the one brought from a paper book."""
    return gift.posting.paper_number or gift.paper_number


def _of_campaign(campaign_id: int) -> Any:
    return Donation.campaign_id.is_(None) if campaign_id == REGULAR else Donation.campaign_id == campaign_id


def _in_state(state: str) -> Any:
    """A late gift whose donor is not found yet is both."""
    both = {"pending": queries.is_pending(), "late": queries.is_late() & ~queries.is_reversed()}
    return both[state] if state in both else queries.state() == state


def _name(gift: Donation) -> str:
    if gift.donor_pending and not gift.donor_name:
        return "Chờ xác định"
    return gift.donor_name or gift.text or "Không rõ tên"


COLUMNS = [
    Col("ngay", "Ngày", "Donation.donated_on", kind="day", sort=Donation.id),
    Col("so", "Số phiếu", lambda row: receipt_label(row.Donation) or row.Donation.code, kind="link"),
    Col(
        "ten",
        "Người ủng hộ",
        lambda row: _name(row.Donation),
        sort=Donation.donor_name,
        primary=True,
    ),
    Col("dia_chi", "Địa chỉ", "Donation.address", muted=True),
    Col("hinh_thuc", "Hình thức", lambda row: FORMS[row.Donation.form]),
    Col("nguoi_ghi", "Người ghi", "Donation.posting.entry.by_name", muted=True),
    Col(
        "tinh_trang",
        "Tình trạng",
        lambda row: STATES[row.state],
        kind="badge",
        badge=lambda row: BADGES[row.state],
        muted=True,
    ),
    Col(
        "tien",
        "Số tiền (đ)",
        lambda row: row.Donation.amount if row.Donation.form != GOODS else None,
        kind="amount",
        sort=Donation.amount,
        total=queries.counted_money(),
    ),
    Col(
        "hien_vat",
        "Hiện vật (đ)",
        lambda row: row.Donation.amount if row.Donation.form == GOODS else None,
        kind="amount",
        total=queries.counted_goods(),
    ),
]


def gifts_list(campaigns: Sequence[tuple[int, str]], row_url: Callable[[Any], str]) -> ListSpec:
    """The list of `queries.listed_donations`; `campaigns` are the choices of its filter."""
    return ListSpec(
        noun="khoản",
        key=Donation.id,
        default_sort="-ngay",
        title="Khoản ủng hộ",
        file_name="khoan-ung-ho",
        nothing_yet="Chưa có khoản ủng hộ nào. Ghi nhận khoản đầu tiên, hoặc nạp sao kê.",
        nothing_found="Chưa có khoản ủng hộ nào theo các điều kiện này. Bớt điều kiện hoặc xóa lọc.",
        row_url=row_url,
        columns=COLUMNS,
        filters=[
            DayFilter("tu", "Từ ngày", lambda day: Donation.donated_on >= day),
            DayFilter("den", "Đến ngày", lambda day: Donation.donated_on <= day),
            SelectFilter("dot", "Đợt vận động", _of_campaign, choices=campaigns),
            SelectFilter(
                "hinh_thuc", "Hình thức", lambda form: Donation.form == form, choices=list(FORMS.items())
            ),
            SelectFilter(
                "tinh_trang",
                "Tình trạng",
                _in_state,
                choices=list(STATES.items()),
            ),
            AmountFilter("tu_tien", "Số tiền từ", lambda amount: Donation.amount >= amount),
            TextFilter("q", "Tên, số phiếu, nội dung", queries.found_by),
        ],
    )
