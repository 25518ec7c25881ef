"""The lists of advances and of money put aside."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from portal.advances import queries, rules
from portal.advances.models import PutAside
from portal.kit.days import today_in_vietnam
from portal.kit.filters import DayFilter, SelectFilter, TextFilter
from portal.kit.folded import has_words
from portal.kit.listing import Col, ListSpec
from portal.ledger.models import Posting
from portal.spending.models import Voucher

Link = Callable[[Any], str]
OPEN, WAITING, RELEASED, RETURNED = "open", "waiting", "release", "return"
ITEM_STATES = {
    OPEN: "Đang giữ",
    WAITING: "Chờ duyệt",
    RELEASED: "Đã trao",
    RETURNED: "Đã trả về nguồn",
}


def open_amount(row: Any) -> int:
    """What of an advance is not settled, đồng."""
    return int(row.given - row.settled)


def age(row: Any) -> str:
    """A key of `rules.AGES`."""
    return rules.age_of(row.Voucher.settle_by, open_amount=open_amount(row), today=today_in_vietnam())


def _of_age(key: str) -> ColumnElement[bool]:
    today, due, left = today_in_vietnam(), Voucher.settle_by, queries.given() - queries.settled()
    first, second = rules.LATE_STEPS
    late = {
        "late_1": and_(due < today, due >= today - timedelta(days=first)),
        "late_2": and_(due < today - timedelta(days=first), due >= today - timedelta(days=second)),
        "late_3": due < today - timedelta(days=second),
        "on_time": or_(due.is_(None), due >= today),
    }
    return left == 0 if key == "settled" else (left > 0) & late[key]


def advances_list(people: list[tuple[int, str]], row_url: Link) -> ListSpec:
    """The list of `queries.listed_advances`."""
    left = queries.given() - queries.settled()
    return ListSpec(
        noun="khoản tạm ứng",
        key=Voucher.id,
        default_sort="-ngay",
        title="Tạm ứng",
        file_name="tam-ung",
        nothing_yet="Chưa có khoản tạm ứng nào. Tạm ứng được lập như một phiếu chi theo văn bản.",
        row_url=row_url,
        columns=[
            Col("ngay", "Ngày tạm ứng", "Posting.document_on", kind="day", sort=Posting.document_on),
            Col("so", "Số phiếu", "Posting.paper_number", kind="link", sort=Posting.number),
            Col("nguoi", "Người nhận", "Voucher.officer.name", primary=True),
            Col("viec", "Lý do", "Voucher.content", muted=True),
            Col("han", "Hạn thanh toán", "Voucher.settle_by", kind="day", sort=Voucher.settle_by),
            Col(
                "tinh_trang",
                "Tình trạng",
                lambda row: rules.AGES[age(row)],
                kind="badge",
                badge=lambda row: {"settled": None, "on_time": "neutral", "late_1": "warn"}.get(
                    age(row), "bad"
                ),
            ),
            Col("da_chi", "Tạm ứng (đ)", "given", kind="amount", total=queries.given()),
            Col("da_tt", "Đã thanh toán (đ)", "settled", kind="amount", total=queries.settled()),
            Col("con", "Còn lại (đ)", open_amount, kind="amount", sort=left, total=left),
        ],
        filters=[
            SelectFilter("tinh_trang", "Tình trạng", _of_age, choices=list(rules.AGES.items())),
            SelectFilter("nguoi", "Người nhận", lambda person: Voucher.officer_id == person, choices=people),
            DayFilter("tu", "Từ ngày", lambda day: Posting.document_on >= day),
            DayFilter("den", "Đến ngày", lambda day: Posting.document_on <= day),
            TextFilter("q", "Lý do", lambda text: has_words(Voucher.content, text)),
        ],
    )


def item_state(item: PutAside) -> str:
    """A key of `ITEM_STATES`."""
    if item.ended is not None:
        return item.ended
    return WAITING if item.wish is not None and item.answered_at is None else OPEN


def _in_state(state: str) -> ColumnElement[bool]:
    if state in (RELEASED, RETURNED):
        return PutAside.ended == state
    waiting = queries.is_waiting()
    return waiting if state == WAITING else PutAside.ended.is_(None) & ~waiting


def items_list(row_url: Link) -> ListSpec:
    """The list of `queries.items_for`."""
    return ListSpec(
        noun="khoản giữ hộ",
        key=PutAside.id,
        default_sort="-ngay",
        title="Tiền giữ cho người vắng",
        file_name="tien-giu-ho",
        nothing_yet="Không có tiền nào đang giữ cho người vắng.",
        row_url=row_url,
        columns=[
            Col("ngay", "Giữ từ ngày", "since", kind="day", sort=PutAside.since),
            Col("nguoi", "Người nhận", "receiver", kind="link", primary=True, sort=PutAside.receiver),
            Col("ly_do", "Vì sao giữ", "reason", muted=True),
            Col("can_cu", "Theo văn bản", "decision_row.decision.number"),
            Col("don_vi", "Đơn vị", "unit.name", muted=True),
            Col(
                "tinh_trang",
                "Tình trạng",
                lambda item: ITEM_STATES[item_state(item)],
                kind="badge",
                badge=lambda item: {OPEN: "neutral", WAITING: "warn"}.get(item_state(item)),
            ),
            Col("tien", "Số tiền (đ)", "amount", kind="amount", sort=PutAside.amount, total=PutAside.amount),
        ],
        filters=[
            SelectFilter("tinh_trang", "Tình trạng", _in_state, choices=list(ITEM_STATES.items())),
            DayFilter("tu", "Từ ngày", lambda day: PutAside.since >= day),
            DayFilter("den", "Đến ngày", lambda day: PutAside.since <= day),
            TextFilter("q", "Người nhận", lambda text: has_words(PutAside.receiver, text)),
        ],
    )
