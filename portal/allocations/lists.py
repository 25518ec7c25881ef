"""The list of allocations: its columns, filters, sums."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from sqlalchemy import case

from portal.allocations import queries, rules
from portal.allocations.models import Allocation, AllocationDifference
from portal.kit.filters import DayFilter, SelectFilter
from portal.kit.listing import Col, ListSpec
from portal.people.models import User
from portal.units.models import Unit

DIRECTIONS = {"di": "Chuyển đi", "den": "Chuyển đến"}
WAITING, LONG, ASKED = "dang_chuyen", "qua_lau", "cho_duyet"
STATES = {
    WAITING: "Đang chuyển, cả phần còn lại",
    LONG: f"Đang chuyển quá {rules.LONG.days} ngày",
    ASKED: "Có chênh lệch chờ duyệt",
    **rules.STATES,
}
BADGES = {rules.ON_THE_WAY: "warn", rules.PARTLY: "warn", rules.REVERSED: "bad", rules.CLOSED: "neutral"}
COUNTED = case((Allocation.state == rules.REVERSED, 0), else_=Allocation.amount)


def _in_state(state: str, today: date) -> Any:
    if state == WAITING:
        return Allocation.state.in_(rules.OPEN)
    if state == LONG:
        return queries.is_long(today)
    if state == ASKED:
        return Allocation.differences.any(AllocationDifference.approved.is_(None))
    return Allocation.state == state


def allocations_list(
    user: User, today: date, units: Callable[[], Iterable[Unit]], row_url: Callable[[Any], str]
) -> ListSpec:
    """Allocations from and to a person's units; `units`: those that may be chosen. Records are `Allocation`."""

    def going(way: str) -> Any:
        return queries.sent_by_units_of(user) if way == "di" else queries.sent_to_units_of(user)

    def choices() -> list[tuple[int, str]]:
        return [(unit.id, unit.name) for unit in units()]

    return ListSpec(
        noun="lần phân bổ",
        key=Allocation.voucher_id,
        default_sort="-ngay",
        title="Phân bổ kinh phí giữa các đơn vị",
        file_name="phan-bo-kinh-phi",
        nothing_yet="Chưa có lần phân bổ nào. Tiền phân bổ đi bằng phiếu chi hoặc ủy nhiệm chi cho đơn vị khác; phiếu "
        "chi xong thì hiện ở đây.",
        row_url=row_url,
        columns=_columns(today),
        filters=[
            SelectFilter("huong", "Hướng", going, choices=list(DIRECTIONS.items())),
            SelectFilter(
                "don_vi",
                "Đơn vị chuyển hoặc nhận",
                lambda unit_id: (Allocation.unit_id == unit_id) | (Allocation.to_unit_id == unit_id),
                choices=choices,
            ),
            SelectFilter(
                "tinh_trang",
                "Tình trạng",
                lambda state: _in_state(state, today),
                choices=list(STATES.items()),
            ),
            DayFilter("tu", "Từ ngày", lambda day: Allocation.sent_on >= day),
            DayFilter("den", "Đến ngày", lambda day: Allocation.sent_on <= day),
        ],
    )


def _columns(today: date) -> list[Col]:
    return [
        Col("ngay", "Ngày chuyển", "sent_on", kind="day", sort=Allocation.sent_on),
        Col("so", "Số phiếu", "sent.paper_number", kind="link"),
        Col("tu_don_vi", "Đơn vị chuyển", "unit.name"),
        Col("den_don_vi", "Đơn vị nhận", "to_unit.name", primary=True),
        Col(
            "tinh_trang",
            "Tình trạng",
            lambda row: rules.STATES[row.state],
            kind="badge",
            badge=lambda row: BADGES.get(row.state),
            muted=True,
        ),
        Col("so_ngay", "Đã qua", lambda row: _age(row, today), sort=Allocation.sent_on, muted=True),
        Col("gui", "Đã chuyển (đ)", "amount", kind="amount", sort=Allocation.amount, total=COUNTED),
        Col("nhan", "Đã nhận (đ)", "received", kind="amount", total=Allocation.received),
        Col(
            "lech",
            "Chênh lệch (đ)",
            lambda row: row.differing or None,
            kind="amount",
            total=Allocation.differing,
        ),
        Col(
            "con",
            "Đang chuyển (đ)",
            "left",
            kind="amount",
            sort=Allocation.left,
            total=Allocation.left,
            primary=True,
        ),
    ]


def _age(row: Allocation, today: date) -> str | None:
    """How long it has been on the way, while anything is."""
    return f"{rules.days_on_the_way(row.sent_on, today)} ngày" if row.state in rules.OPEN else None
