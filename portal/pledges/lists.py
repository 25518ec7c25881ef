"""The list of pledges and its file, which can be brought in again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from portal.donors.queries import kind_name
from portal.kit.days import days_left, today_in_vietnam
from portal.kit.filters import DayFilter, SelectFilter, TextFilter
from portal.kit.listing import Col, ListSpec
from portal.pledges import columns
from portal.pledges.models import Pledge, PledgeTerms
from portal.pledges.rules import (
    BADGES,
    BUCKETS,
    COLUMNS,
    KINDS,
    MONEY,
    SHOWN_AS,
    STATES,
    Due,
    promise_text,
    write_dues,
)

REGULAR = 0  # the choice "not for a campaign"


def said(terms: PledgeTerms) -> str:
    """What was promised: "Tiền", "20 thùng mì"."""
    return promise_text(terms.kind, terms.content, terms.quantity, terms.measure)


def dues(terms: PledgeTerms) -> list[Due]:
    """The parts of the terms as plain values."""
    return [Due(part.due_on, part.amount) for part in terms.instalments]


def _due(row: Any) -> str | None:
    """The day that comes next or has passed, in words."""
    if row.due is None or row.state in ("full", "cancelled"):
        return None
    return days_left(row.due, today=today_in_vietnam())


def _money(part: Callable[[Any], int | None]) -> Callable[[Any], int | None]:
    """A value of money; nothing for other kinds and cancelled pledges."""
    return lambda row: (
        part(row) if row.PledgeTerms.kind == MONEY and row.PledgeTerms.cancelled_on is None else None
    )


def _things(row: Any) -> int | None:
    terms = row.PledgeTerms
    return terms.amount if terms.kind != MONEY and terms.cancelled_on is None else None


LIST_COLUMNS = [
    Col("ngay", "Ngày", "PledgeTerms.pledged_on", kind="day", sort=PledgeTerms.pledged_on),
    Col("so", "Số", "PledgeTerms.pledge.paper_number", kind="link", sort=Pledge.id),
    Col("ten", "Người đăng ký", "PledgeTerms.donor_name", sort=PledgeTerms.donor_name, primary=True),
    Col("noi_dung", "Nội dung", lambda row: said(row.PledgeTerms), muted=True),
    Col("han", "Hạn", _due, sort=columns.oldest_unpaid(), muted=True),
    Col(
        "tinh_trang",
        "Tình trạng",
        lambda row: STATES[row.state],
        kind="badge",
        badge=lambda row: BADGES[row.state],
        muted=True,
    ),
    Col(
        "dang_ky",
        "Đã đăng ký (đ)",
        _money(lambda row: row.PledgeTerms.amount),
        kind="amount",
        sort=columns.promised(),
        total=columns.promised(),
    ),
    Col(
        "da_chuyen",
        "Đã chuyển (đ)",
        _money(lambda row: min(row.come, row.PledgeTerms.amount)),
        kind="amount",
        sort=columns.come(),
        total=columns.come(),
    ),
    Col(
        "con_lai",
        "Còn lại (đ)",
        _money(lambda row: max(row.PledgeTerms.amount - row.come, 0)),
        kind="amount",
        sort=columns.still_to_come(),
        total=columns.still_to_come(),
        primary=True,
    ),
    Col("quy_doi", "Quy đổi (đ)", _things, kind="amount", total=columns.value_of_things()),
]


def _of_campaign(campaign_id: int) -> Any:
    mine = PledgeTerms.campaign_id
    return mine.is_(None) if campaign_id == REGULAR else mine == campaign_id


def pledges_list(campaigns: Sequence[tuple[int, str]], row_url: Callable[[Any], str]) -> ListSpec:
    """The list of `queries.listed`; `campaigns` are the choices of its filter."""
    return ListSpec(
        noun="đăng ký",
        key=Pledge.id,
        default_sort="-ngay",
        title="Đăng ký ủng hộ",
        file_name="dang-ky-ung-ho",
        nothing_yet="Chưa có đăng ký ủng hộ nào. Ghi đăng ký đầu tiên, hoặc nhập bằng bảng.",
        nothing_found="Không có đăng ký nào theo các điều kiện này. Bớt điều kiện hoặc xóa lọc.",
        row_url=row_url,
        columns=LIST_COLUMNS,
        filters=_filters(campaigns),
    )


def _filters(campaigns: Sequence[tuple[int, str]]) -> list[Any]:
    kinds, states, buckets = list(KINDS.items()), list(STATES.items()), list(BUCKETS.items())
    return [
        DayFilter("tu", "Từ ngày", lambda day: PledgeTerms.pledged_on >= day),
        DayFilter("den", "Đến ngày", lambda day: PledgeTerms.pledged_on <= day),
        SelectFilter("dot", "Đợt vận động", _of_campaign, choices=campaigns),
        SelectFilter("hinh_thuc", "Hình thức", lambda kind: PledgeTerms.kind == kind, choices=kinds),
        SelectFilter("tinh_trang", "Tình trạng", lambda state: columns.state() == state, choices=states),
        SelectFilter("qua_han", "Quá hạn", columns.in_bucket, choices=buckets),
        TextFilter("q", "Tên, số, nội dung", columns.found_by),
    ]


def _file_columns() -> list[Col]:
    values: dict[str, tuple[Any, str]] = {
        "Số đăng ký": ("PledgeTerms.pledge.paper_number", "text"),
        "Ngày": ("PledgeTerms.pledged_on", "day"),
        "Mã đơn vị": ("PledgeTerms.pledge.unit.code", "text"),
        "Mã đợt": ("PledgeTerms.campaign.code", "text"),
        "Người đăng ký": ("PledgeTerms.donor_name", "text"),
        "Loại": (lambda row: kind_name(row.PledgeTerms.donor_kind), "text"),
        "Điện thoại": ("PledgeTerms.phone", "text"),
        "Địa chỉ": ("PledgeTerms.address", "text"),
        "Hình thức": (lambda row: KINDS[row.PledgeTerms.kind], "text"),
        "Nội dung": ("PledgeTerms.content", "text"),
        "Số lượng": ("PledgeTerms.quantity", "text"),
        "Đơn vị tính": ("PledgeTerms.measure", "text"),
        "Số tiền": ("PledgeTerms.amount", "amount"),
        "Hạn": (lambda row: write_dues(dues(row.PledgeTerms), amount=row.PledgeTerms.amount), "text"),
        "Cách hiển thị": (lambda row: SHOWN_AS.get(row.PledgeTerms.shown_as or ""), "text"),
        "Ghi chú": ("PledgeTerms.note", "text"),
    }
    return [Col(f"c{place}", name, *values[name]) for place, name in enumerate(COLUMNS)]


def pledges_file(campaigns: Sequence[tuple[int, str]]) -> ListSpec:
    """The same rows as a file that the import understands (cancelled ones have no place in it)."""
    return ListSpec(
        noun="đăng ký",
        key=Pledge.id,
        title="Đăng ký ủng hộ",
        file_name="dang-ky-ung-ho",
        columns=_file_columns(),
        filters=_filters(campaigns),
    )
