"""The lists of decisions: all of a person's units, and the rows of one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement

from portal.kit.filters import DayFilter, SelectFilter, TextFilter
from portal.kit.folded import has_words
from portal.kit.listing import Col, ListSpec
from portal.spending import queries_decisions as found
from portal.spending import rules
from portal.spending.models import Decision, DecisionRow

Link = Callable[[Any], str]
Choices = Sequence[tuple[Any, str]]
COMMON = 0  # the choice "without a campaign" of a filter
COMMON_NAME = "Nguồn chung"
STATE_BADGES = {rules.DRAFT: "warn", rules.ISSUED: None, rules.WITHDRAWN: "bad"}


def campaign_filter(campaign_id: Any) -> ColumnElement[bool]:
    """Condition: the decision has a row of this campaign (COMMON = without one)."""
    column = DecisionRow.campaign_id
    return found.with_row(column == campaign_id if campaign_id else column.is_(None))


def decisions_list(campaigns: Choices, purposes: Choices, row_url: Link) -> ListSpec:
    """The list of `queries_decisions.listed_decisions`."""
    return ListSpec(
        noun="văn bản",
        key=Decision.id,
        default_sort="-ngay",
        title="Văn bản, quyết định hỗ trợ",
        file_name="van-ban-ho-tro",
        nothing_yet="Chưa có văn bản nào. Soạn quyết định, tờ trình hoặc biên bản họp đầu tiên.",
        row_url=row_url,
        columns=[
            Col("ngay", "Ngày", "Decision.decided_on", kind="day", sort=Decision.decided_on),
            Col("so", "Số", lambda row: row.Decision.number or "chưa có số", kind="link", sort=Decision.number),
            Col("loai", "Loại", lambda row: rules.BASES[row.Decision.kind], muted=True),
            Col("trich_yeu", "Trích yếu", "Decision.subject", primary=True),
            Col("don_vi", "Đơn vị", "Decision.unit.name", muted=True),
            Col(
                "tinh_trang",
                "Tình trạng",
                lambda row: rules.DECISION_STATES[row.Decision.state],
                kind="badge",
                badge=lambda row: STATE_BADGES[row.Decision.state],
                muted=True,
            ),
            Col("dong", "Số dòng", "rows", kind="amount", muted=True),
            Col("chi", "Đã chi (đ)", "paid", kind="amount", sort=found.PAID_OUT, total=found.PAID_OUT),
            Col(
                "tien", "Số tiền (đ)", "amount", kind="amount", primary=True, sort=found.AMOUNT, total=found.AMOUNT
            ),
        ],
        filters=[
            DayFilter("tu", "Từ ngày", lambda day: Decision.decided_on >= day),
            DayFilter("den", "Đến ngày", lambda day: Decision.decided_on <= day),
            SelectFilter("loai", "Loại", lambda kind: Decision.kind == kind, choices=list(rules.BASES.items())),
            SelectFilter(
                "tinh_trang",
                "Tình trạng",
                lambda state: Decision.state == state,
                choices=list(rules.DECISION_STATES.items()),
            ),
            SelectFilter("dot", "Đợt", campaign_filter, choices=[(COMMON, COMMON_NAME), *campaigns]),
            SelectFilter(
                "muc_dich",
                "Mục đích",
                lambda key: found.with_row(DecisionRow.purpose == key),
                choices=purposes,
            ),
            TextFilter("q", "Số, trích yếu, người nhận", found.said),
        ],
    )  # fmt: skip


def rows_list(levels: dict[str, str], file_name: str) -> ListSpec:
    """The list of `queries_decisions.listed_rows`; the file keeps the columns that an upload reads."""
    return ListSpec(
        noun="dòng",
        key=DecisionRow.id,
        default_sort="tt",
        page_size=100,
        title="Danh sách kèm theo",
        file_name=file_name,
        nothing_yet="Danh sách còn trống. Sửa bản nháp, hoặc nạp danh sách bằng tệp Excel.",
        columns=[
            Col("tt", "TT", "DecisionRow.ordinal", sort=DecisionRow.ordinal, muted=True),
            Col("nhan", "Người, nơi nhận", "DecisionRow.receiver", primary=True),
            Col("dia_chi", "Địa chỉ", "DecisionRow.address", muted=True),
            Col("noi_dung", "Nội dung", "DecisionRow.content", muted=True),
            Col("muc_dich", "Mục đích", "DecisionRow.spending_purpose.name"),
            Col("dot", "Đợt", lambda row: row.DecisionRow.campaign.code if row.DecisionRow.campaign else COMMON_NAME),
            Col("nguon", "Nguồn", lambda row: source_text(row.DecisionRow, levels), muted=True),
            Col("ho", "Số hộ", "DecisionRow.households", kind="amount", total=DecisionRow.households),
            Col(
                "tien",
                "Số tiền (đ)",
                "DecisionRow.amount",
                kind="amount",
                primary=True,
                sort=DecisionRow.amount,
                total=DecisionRow.amount,
            ),
            Col("chi", "Đã chi (đ)", "paid", kind="amount", total=found.ROW_PAID),
            Col(
                "con",
                "Còn lại (đ)",
                lambda row: row.DecisionRow.amount - row.taken,
                kind="amount",
                total=DecisionRow.amount - found.ROW_TAKEN,
            ),
        ],
        filters=[TextFilter("q", "Tìm người nhận", lambda text: has_words(DecisionRow.receiver, text))],
    )  # fmt: skip


def source_text(row: DecisionRow, levels: dict[str, str]) -> str | None:
    """Level and giver of a row's money in one cell: "Tỉnh, Công ty A"."""
    said = [levels.get(row.level or ""), row.source]
    return ", ".join(part for part in said if part) or None
