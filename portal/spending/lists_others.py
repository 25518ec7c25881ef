"""The lists of what one person asks and another decides: other entries, and what sponsors paid directly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import case, func

from portal.kit.filters import DayFilter, SelectFilter
from portal.kit.folded import has_words
from portal.kit.listing import Col, ListSpec, TextFilter
from portal.spending import queries_others as found
from portal.spending import rules_others as rules
from portal.spending.models_others import InAndOut, OtherEntry

Link = Callable[[Any], str]
BADGES = {rules.WAITING: "warn", rules.REVERSED: "bad"}


def state_key(row: Any, entry: Any) -> str:
    """The state of the record `entry` in a row of a list."""
    return rules.state_of(entry.approved, reversed_=bool(row.reversed_))


def _state(model: Any) -> tuple[Col, SelectFilter]:
    """The column of the state, and its filter."""
    name = model.__name__
    column = Col(
        "tinh_trang",
        "Tình trạng",
        lambda row: rules.STATES[state_key(row, getattr(row, name))],
        kind="badge",
        badge=lambda row: BADGES.get(state_key(row, getattr(row, name))),
        muted=True,
    )
    conditions = {
        rules.WAITING: model.approved.is_(None),
        rules.BOOKED: found.booked(model),
        rules.REFUSED: model.approved.is_(False),
        rules.REVERSED: model.approved.is_(True) & ~found.booked(model),
    }
    choices = list(rules.STATES.items())
    return column, SelectFilter("tinh_trang", "Tình trạng", lambda state: conditions[state], choices=choices)


def _days(model: Any) -> list[Any]:
    return [
        DayFilter("tu", "Từ ngày", lambda day: model.happened_on >= day),
        DayFilter("den", "Đến ngày", lambda day: model.happened_on <= day),
    ]


def entries_list(accounts: Any, row_url: Link) -> ListSpec:
    """The list of `queries_others.listed_entries`; only what is in the books is summed."""
    state, by_state = _state(OtherEntry)
    come = case((OtherEntry.gain & found.booked(OtherEntry), OtherEntry.amount), else_=0)
    gone = case((~OtherEntry.gain & found.booked(OtherEntry), OtherEntry.amount), else_=0)

    def counted(row: Any, gain: bool) -> int | None:
        entry = row.OtherEntry
        shown = entry.gain == gain and state_key(row, entry) == rules.BOOKED
        return entry.amount if shown else None

    return ListSpec(
        noun="khoản",
        key=OtherEntry.id,
        default_sort="-ngay",
        title="Thu, chi khác",
        file_name="thu-chi-khac",
        nothing_yet="Chưa có lãi, phí hay chênh lệch nào được ghi.",
        row_url=row_url,
        columns=[
            Col("ngay", "Ngày", "OtherEntry.happened_on", kind="day", sort=OtherEntry.happened_on),
            Col("loai", "Loại", lambda row: rules.CAUSES[row.OtherEntry.cause], kind="link", primary=True),
            Col("noi", "Nơi giữ tiền", lambda row: found.place_of(row.OtherEntry)),
            Col("don_vi", "Đơn vị", "OtherEntry.unit.name", muted=True),
            Col("ly_do", "Lý do", "OtherEntry.reason", muted=True),
            Col("so", "Chứng từ", "OtherEntry.posting.paper_number", muted=True),
            state,
            Col("tien", "Đề nghị (đ)", "OtherEntry.amount", kind="amount", sort=OtherEntry.amount, muted=True),
            Col("thu", "Đã ghi thu (đ)", lambda row: counted(row, True), kind="amount", total=come),
            Col("chi", "Đã ghi chi (đ)", lambda row: counted(row, False), kind="amount", total=gone),
        ],
        filters=[
            *_days(OtherEntry),
            SelectFilter("loai", "Loại", lambda key: OtherEntry.cause == key, choices=list(rules.CAUSES.items())),
            SelectFilter(
                "tai_khoan", "Tài khoản", lambda key: OtherEntry.bank_account_id == key, choices=accounts
            ),
            by_state,
        ],
    )  # fmt: skip


def in_and_out_list(row_url: Link) -> ListSpec:
    """The list of `queries_others.listed_in_and_out`."""
    state, by_state = _state(InAndOut)
    counted = case((found.booked(InAndOut), InAndOut.amount), else_=0)
    words = InAndOut.donor_name + " " + InAndOut.supplier + " " + func.coalesce(InAndOut.supplier_paper, "")
    return ListSpec(
        noun="khoản",
        key=InAndOut.id,
        default_sort="-ngay",
        title="Ghi thu – ghi chi",
        file_name="ghi-thu-ghi-chi",
        nothing_yet="Chưa có khoản nào nhà tài trợ trả thẳng được ghi thu – ghi chi.",
        row_url=row_url,
        columns=[
            Col("ngay", "Ngày trả", "InAndOut.happened_on", kind="day", sort=InAndOut.happened_on),
            Col("nha_tai_tro", "Nhà tài trợ", "InAndOut.donor_name", kind="link", primary=True),
            Col("ben_cung_cap", "Bên cung cấp", "InAndOut.supplier"),
            Col("van_ban", "Theo văn bản", "InAndOut.decision_row.decision.number", muted=True),
            Col("muc_dich", "Mục đích", "InAndOut.decision_row.spending_purpose.name", muted=True),
            Col("don_vi", "Đơn vị", "InAndOut.unit.name", muted=True),
            state,
            Col("tien", "Đề nghị (đ)", "InAndOut.amount", kind="amount", sort=InAndOut.amount, muted=True),
            Col(
                "ghi",
                "Đã ghi (đ)",
                lambda row: row.InAndOut.amount if state_key(row, row.InAndOut) == rules.BOOKED else None,
                kind="amount",
                total=counted,
            ),
        ],
        filters=[
            *_days(InAndOut),
            by_state,
            TextFilter("q", "Nhà tài trợ, bên cung cấp", lambda text: has_words(words, text)),
        ],
    )
