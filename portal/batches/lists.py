"""The list of batches, and the lines of one batch as a table that the import of gifts takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from portal.batches import columns as cols
from portal.batches import queries
from portal.batches.models import GiftBatch
from portal.batches.rules import DISCARDED, POSTED, STATES, TYPING, WAITING
from portal.donations.rules import BANK, TYPED_FORMS
from portal.kit.days import format_day
from portal.kit.filters import DayFilter, SelectFilter, TextFilter
from portal.kit.listing import Col, ListSpec

BADGES = {TYPING: "neutral", WAITING: "warn", POSTED: None, DISCARDED: None}
HEADS = (
    "Ngày", "Mã đơn vị", "Mã đợt", "Tài khoản", "Người ủng hộ", "Loại", "Địa chỉ", "Hình thức", "Số tiền",
    "Hiện vật", "Số lượng", "Đơn vị tính", "Cách hiển thị", "Số phiếu", "Ghi chú",
)  # fmt: skip
"""As the import of gifts names them: what is taken away here can be brought in there."""
AMOUNT_HEADS, DAY_HEADS = ("Số tiền",), ("Ngày",)


def batches_list(row_url: Callable[[Any], str]) -> ListSpec:
    """The list of `queries.listed_batches`."""
    return ListSpec(
        noun="đợt nhập",
        key=GiftBatch.id,
        default_sort="-ngay",
        title="Đợt nhập",
        file_name="dot-nhap",
        nothing_yet="Chưa có đợt nhập nào. Mở đợt nhập khi có phong bì của một buổi cần ghi.",
        nothing_found="Chưa có đợt nhập nào theo các điều kiện này. Bớt điều kiện hoặc xóa lọc.",
        row_url=row_url,
        columns=[
            Col("ngay", "Ngày nhận", "GiftBatch.day", kind="day", sort=GiftBatch.day),
            Col("ten", "Tên đợt nhập", "GiftBatch.title", kind="link", sort=GiftBatch.title, primary=True),
            Col("don_vi", "Đơn vị", "GiftBatch.unit.name", muted=True),
            Col("dot", "Đợt vận động", _campaign, muted=True),
            Col("nguoi", "Người mở", "GiftBatch.by.name", muted=True),
            Col(
                "tinh_trang",
                "Tình trạng",
                lambda row: STATES[row.state],
                kind="badge",
                badge=lambda row: BADGES[row.state],
                muted=True,
            ),
            Col("dong", "Số dòng", "lines", kind="amount"),
            Col("tien", "Số tiền (đ)", "money", kind="amount", total=queries.line_sum()),
        ],
        filters=[
            DayFilter("tu", "Từ ngày", lambda day: GiftBatch.day >= day),
            DayFilter("den", "Đến ngày", lambda day: GiftBatch.day <= day),
            SelectFilter(
                "tinh_trang",
                "Tình trạng",
                lambda state: queries.state() == state,
                choices=list(STATES.items()),
            ),
            TextFilter("q", "Tên đợt nhập", queries.found_by),
        ],
    )


def _campaign(row: Any) -> str:
    campaign = row.GiftBatch.campaign
    return campaign.name if campaign else "Ủng hộ thường xuyên"


def exported_rows(batch: GiftBatch) -> Iterator[list[Any]]:
    """The lines under HEADS; a cell that cannot be read stands there as it was typed."""
    drafts = queries.drafts_of(batch.id)
    bank = batch.bank_account.code if batch.bank_account else None
    for line in queries.read_lines(batch, drafts):
        text, value = line.cells.get, line.values.get
        form = value(cols.FORM)
        amount = value(cols.AMOUNT)
        yield [
            value(cols.DAY) or text(cols.DAY) or format_day(batch.day),
            batch.unit.code,
            batch.campaign.code if batch.campaign else None,
            bank if form == BANK else None,
            value(cols.DONOR) if cols.DONOR in line.values else text(cols.DONOR),
            text(cols.KIND),
            text(cols.ADDRESS),
            TYPED_FORMS[form].lower() if form else text(cols.FORM),
            amount if amount is not None else text(cols.AMOUNT),
            text(cols.GOODS),
            text(cols.QUANTITY),
            text(cols.MEASURE),
            text(cols.SHOWN),
            text(cols.PAPER),
            text(cols.NOTE),
        ]
