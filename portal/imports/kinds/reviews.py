"""Poverty reviews (rà soát hộ nghèo): totals per unit, standard, period and group."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from portal.households.actions import record_reviews
from portal.households.models import HouseholdGroup, PovertyReview
from portal.households.rules import ReviewRow, check_review
from portal.imports.cells import Cells, given
from portal.imports.context import Context
from portal.imports.kind import Kind
from portal.imports.kinds.versioned import FROM, TO, UNIT, check_row, known_by, period_of, writer
from portal.imports.lookups import GROUPS, UNITS
from portal.kit.access import ACCOUNTANT, RECORDER
from portal.kit.tables import ColumnSpec
from portal.kit.vietnamese import fold

STANDARD, GROUP, BREAKDOWN = "Chuẩn nghèo", "Nhóm hộ", "Phân tổ"
OPENING, INCREASE, DECREASE, CLOSING = "Đầu kỳ", "Tăng", "Giảm", "Cuối kỳ"
ALL_OPENING, ALL_CLOSING = "Tổng số hộ đầu kỳ", "Tổng số hộ cuối kỳ"
COLUMN_OF = {
    "group": GROUP,
    "opening": OPENING,
    "closing": CLOSING,
    "households_opening": ALL_OPENING,
    "households_closing": ALL_CLOSING,
}


def parse(cells: Cells, context: Context) -> ReviewRow | None:
    """A row; an empty cell is "not given", never zero."""
    unit, starts_on, ends_on = period_of(cells, context)
    standard = cells.text(
        STANDARD, limit=100, needed="Chưa có chuẩn nghèo. Ghi tên chuẩn, ví dụ “Quốc gia 2022-2025”."
    )
    group = cells.text(GROUP, needed="Chưa có nhóm hộ. Ghi tên nhóm, ví dụ “Hộ nghèo”.")
    breakdown = cells.text(BREAKDOWN, limit=100)
    counts = {
        "opening": cells.count(OPENING),
        "increase": cells.count(INCREASE),
        "decrease": cells.count(DECREASE),
        "closing": cells.count(CLOSING),
        "households_opening": cells.count(ALL_OPENING),
        "households_closing": cells.count(ALL_CLOSING),
    }
    if unit is None or starts_on is None or ends_on is None or not standard or not group:
        return None
    row = ReviewRow(unit.id, standard, starts_on, ends_on, group, given(breakdown) or "", **counts)
    if cells.sound:
        check_row(cells, row, check_review, COLUMN_OF)
    return row


def identity(row: ReviewRow) -> tuple:
    """Unit, standard, period, group, breakdown."""
    group = fold(row.group).removeprefix("ho ")
    return row.unit_id, row.standard, row.starts_on, row.ends_on, group, row.breakdown


def group_name() -> Any:
    """The folded name of a review's group, as SQL."""
    name = select(HouseholdGroup.folded).where(HouseholdGroup.id == PovertyReview.group_id)
    return name.correlate(PovertyReview).scalar_subquery()


def _of_books(row: Any) -> tuple:
    *before, folded, breakdown = row
    return *before, folded.removeprefix("ho "), breakdown


def span(row: ReviewRow) -> tuple[date, ...]:
    """First and last day of the period."""
    return row.starts_on, row.ends_on


REVIEWS = Kind(
    name="reviews",
    slug="ra-soat",
    label="Rà soát hộ nghèo",
    lead="Số hộ đầu kỳ, tăng, giảm, cuối kỳ của từng nhóm hộ theo chuẩn nghèo.",
    columns=(
        ColumnSpec(UNIT, ("Mã ĐV", "Đơn vị"), required=True),
        ColumnSpec(STANDARD, ("Chuẩn",), required=True),
        ColumnSpec(FROM, ("Ngày đầu kỳ", "Từ"), required=True),
        ColumnSpec(TO, ("Ngày cuối kỳ", "Đến"), required=True),
        ColumnSpec(GROUP, ("Nhóm", "Loại hộ"), required=True),
        ColumnSpec(BREAKDOWN, ("Trong đó",)),
        ColumnSpec(OPENING, ("Số hộ đầu kỳ", "Số đầu kỳ")),
        ColumnSpec(INCREASE, ("Số hộ tăng", "Phát sinh tăng")),
        ColumnSpec(DECREASE, ("Số hộ giảm", "Giảm trong kỳ")),
        ColumnSpec(CLOSING, ("Số hộ cuối kỳ", "Số cuối kỳ")),
        ColumnSpec(ALL_OPENING, ("Tổng hộ đầu kỳ", "Tổng số hộ dân đầu kỳ")),
        ColumnSpec(ALL_CLOSING, ("Tổng hộ cuối kỳ", "Tổng số hộ dân cuối kỳ")),
    ),
    hints={
        UNIT: "Bắt buộc. Mã của đơn vị vào ngày cuối kỳ.",
        STANDARD: "Bắt buộc, ví dụ “Quốc gia 2022-2025”. Các chuẩn khác nhau không cộng vào nhau.",
        FROM: "Bắt buộc. Ngày đầu kỳ rà soát.",
        TO: "Bắt buộc. Ngày cuối kỳ rà soát.",
        GROUP: "Bắt buộc, ví dụ Hộ nghèo, Hộ cận nghèo.",
        BREAKDOWN: "Để trống cho cả nhóm; ghi tên khi là số “trong đó”, ví dụ “Dân tộc Khmer”.",
        OPENING: "Số hộ; để trống khi không có số liệu (khác với 0).",
        INCREASE: "Số hộ tăng trong kỳ.",
        DECREASE: "Số hộ giảm trong kỳ.",
        CLOSING: "Đầu kỳ + tăng − giảm, khi có đủ cả bốn số.",
        ALL_OPENING: "Tổng số hộ trên địa bàn (hoặc của phân tổ) đầu kỳ, để tính tỷ lệ.",
        ALL_CLOSING: "Tổng số hộ trên địa bàn (hoặc của phân tổ) cuối kỳ.",
    },
    roles=(ACCOUNTANT, RECORDER),
    parse=parse,
    write=writer(record_reviews, what="reviews", identity=identity, column_of=COLUMN_OF),
    known=known_by(
        (
            PovertyReview.unit_id,
            PovertyReview.standard,
            PovertyReview.starts_on,
            PovertyReview.ends_on,
            group_name(),
            PovertyReview.breakdown,
        ),
        PovertyReview,
        identity,
        _of_books,
    ),
    lookups={UNIT: UNITS, GROUP: GROUPS},
    days=span,
    amount_columns=(OPENING, INCREASE, DECREASE, CLOSING, ALL_OPENING, ALL_CLOSING),
    day_columns=(FROM, TO),
)
