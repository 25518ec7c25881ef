"""The lists of cash: hands and boxes, hand-over slips, deposits, counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, true

from portal.cash import queries, rules
from portal.cash.models import CashCount, CashDeposit, CashHandover
from portal.kit.filters import DayFilter, SelectFilter
from portal.kit.listing import Col, ListSpec
from portal.ledger.models import Account, Posting

Link = Callable[[Any], str]


def hands_list(day: date | None) -> ListSpec:
    """Boxes and hands at the end of a day (None = now); records are rows of `queries.hands_for`."""
    held = queries.balance(day)
    return ListSpec(
        noun="nơi giữ tiền",
        key=Account.id,
        default_sort="-con",
        title="Tiền mặt đang giữ",
        file_name="tien-mat-dang-giu",
        nothing_yet="Chưa có tiền mặt nào trong sổ.",
        columns=[
            Col("don_vi", "Đơn vị", "Unit.name", muted=True),
            Col("noi", "Nơi giữ", lambda row: place_name(row[2]), primary=True),
            Col("loai", "Loại tiền", lambda row: row.Account.purpose.upper() or "Đồng"),
            Col("cho", "Đang chờ bàn giao (đ)", "promised", kind="amount", total=queries.on_the_way()),
            Col(
                "con",
                "Tồn theo sổ (đ)",
                "balance",
                kind="amount",
                primary=True,
                sort=held,
                total=held,
            ),
        ],
        filters=[
            DayFilter("ngay", "Tồn đến hết ngày", lambda _: true()),
            SelectFilter(
                "noi",
                "Nơi giữ",
                lambda where: (
                    Account.holder_id.is_(None) if where == "ket" else Account.holder_id.is_not(None)
                ),
                choices=[("ket", "Két của đơn vị"), ("nguoi", "Cán bộ đang giữ")],
            ),
        ],
    )


def place_name(holder: Any) -> str:
    """The box, or the person who has the cash in hand."""
    return holder.name if holder else rules.BOX


def _answered(state: str) -> ColumnElement[bool]:
    accepted = {rules.ON_THE_WAY: None, rules.ACCEPTED: True, rules.DECLINED: False}[state]
    return CashHandover.accepted.is_(accepted)


def handovers_list(row_url: Link) -> ListSpec:
    """Hand-over slips; records are `CashHandover`."""
    return ListSpec(
        noun="phiếu giao nhận",
        key=CashHandover.id,
        default_sort="-ngay",
        title="Phiếu giao nhận tiền",
        file_name="giao-nhan-tien",
        nothing_yet="Chưa có phiếu giao nhận tiền nào.",
        row_url=row_url,
        columns=[
            Col("ngay", "Ngày giao", "given_at", kind="day", sort=CashHandover.id),
            Col("so", "Số phiếu", lambda slip: number_of(slip.posting) or "chưa có số", kind="link"),
            Col("don_vi", "Đơn vị", "unit.name", muted=True),
            Col("giao", "Người giao", "giver.name", primary=True),
            Col("nhan", "Người nhận", "receiver.name"),
            Col(
                "tinh_trang",
                "Tình trạng",
                lambda slip: rules.STATES[rules.state_of(slip.accepted)],
                kind="badge",
                badge=lambda slip: {None: "warn", False: "neutral"}.get(slip.accepted),
                muted=True,
            ),
            Col(
                "tien",
                "Số tiền (đ)",
                "amount",
                kind="amount",
                sort=CashHandover.amount,
                total=CashHandover.amount,
            ),
        ],
        filters=[
            SelectFilter("tinh_trang", "Tình trạng", _answered, choices=list(rules.STATES.items())),
        ],
    )


def number_of(posting: Posting | None) -> str | None:
    """The number of a slip that is in the books."""
    return posting.paper_number if posting else None


def deposits_list(row_url: Link) -> ListSpec:
    """Deposits at the bank; records are `CashDeposit` with its posting loaded."""
    return ListSpec(
        noun="lần nộp",
        key=CashDeposit.posting_number,
        default_sort="-ngay",
        title="Tiền mặt nộp ngân hàng",
        file_name="nop-ngan-hang",
        nothing_yet="Chưa có lần nộp tiền mặt vào ngân hàng nào.",
        row_url=row_url,
        columns=[
            Col("ngay", "Ngày nộp", "posting.document_on", kind="day", sort=Posting.document_on),
            Col("so", "Số phiếu", "posting.paper_number", kind="link"),
            Col("don_vi", "Đơn vị", "posting.unit.name", muted=True),
            Col("nguoi", "Người nộp", "posting.entry.by_name", primary=True),
            Col("tai_khoan", "Vào tài khoản", "bank_account.code"),
            Col("tu", "Lấy từ", lambda slip: place_name(slip.holder), muted=True),
            Col(
                "tien",
                "Số tiền (đ)",
                "amount",
                kind="amount",
                sort=CashDeposit.amount,
                total=CashDeposit.amount,
            ),
        ],
        filters=[
            DayFilter("tu", "Từ ngày", lambda day: Posting.document_on >= day),
            DayFilter("den", "Đến ngày", lambda day: Posting.document_on <= day),
        ],
    )


def counts_list(row_url: Link) -> ListSpec:
    """Counts of boxes and hands; records are `CashCount`."""
    return ListSpec(
        noun="lần kiểm quỹ",
        key=CashCount.id,
        default_sort="-ngay",
        title="Kiểm quỹ tiền mặt",
        file_name="kiem-quy",
        nothing_yet="Chưa kiểm quỹ lần nào.",
        row_url=row_url,
        columns=[
            Col("ngay", "Ngày kiểm", "recorded_at", kind="day", sort=CashCount.id),
            Col("don_vi", "Đơn vị", "unit.name", muted=True),
            Col("noi", "Nơi giữ", lambda count: place_name(count.holder), kind="link", primary=True),
            Col("nguoi", "Người kiểm", "by.name", muted=True),
            Col(
                "lech",
                "Kết quả",
                lambda count: "Khớp sổ" if count.total == count.in_books else "Lệch",
                kind="badge",
                badge=lambda count: None if count.total == count.in_books else "bad",
                muted=True,
            ),
            Col("so", "Theo sổ (đ)", "in_books", kind="amount"),
            Col("dem", "Đếm được (đ)", "total", kind="amount", sort=CashCount.total),
        ],
        filters=[
            DayFilter("tu", "Từ ngày", lambda day: CashCount.counted_on >= day),
            DayFilter("den", "Đến ngày", lambda day: CashCount.counted_on <= day),
            SelectFilter(
                "ket_qua",
                "Kết quả",
                lambda state: (
                    (CashCount.total == CashCount.in_books)
                    if state == "khop"
                    else (CashCount.total != CashCount.in_books)
                ),
                choices=[("khop", "Khớp sổ"), ("lech", "Lệch")],
            ),
        ],
    )
