"""The shape of a voucher: what, from where, how much of each row, for whom; and of the answers to it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from portal.kit import days
from portal.kit.forms import AmountField, ChoiceField, DayField, NoteField, PortalForm, TextField
from portal.spending.models import DecisionRow
from portal.spending.rules import ADVANCE, ALLOCATION, PAYMENT, Wanted

BOX, HAND, ACCOUNT = "ket", "tay", "tk-"
ROW, REFUSE = "row_", "refuse_"


class VoucherForm(PortalForm):
    """A voucher on one decision; its rows are added by `form_for`."""

    what = ChoiceField(
        "Loại phiếu",
        choices=[
            (PAYMENT, "Chi cho người nhận"),
            (ADVANCE, "Tạm ứng cho cán bộ đi trao"),
            (ALLOCATION, "Phân bổ, nộp cho đơn vị khác"),
        ],
        default=PAYMENT,
        coerce=str,
    )
    place = ChoiceField(
        "Chi từ", required="Chưa chọn nơi chi. Chọn két, tiền đang giữ hoặc tài khoản.", coerce=str
    )
    officer_id = ChoiceField("Người nhận tạm ứng", required=False)
    settle_by = DayField("Hạn thanh toán tạm ứng", required=False)
    to_unit_id = ChoiceField("Đơn vị nhận phân bổ", required=False)
    content = TextField(
        "Lý do chi", id="paid-for", required="Chưa ghi lý do chi. Ghi chi cho việc gì.", max_length=500
    )
    receiver = TextField("Người nhận tiền", required=False)
    receiver_address = TextField("Địa chỉ người nhận", required=False, max_length=300)
    receiver_paper = TextField("Giấy tờ người nhận", required=False, max_length=100)
    attachments = TextField("Kèm theo", required=False, max_length=300)

    def wanted(self) -> list[Wanted]:
        """What was asked of each row, đồng; rows left blank take nothing."""
        return [
            Wanted(int(field.short_name.removeprefix(ROW)), field.data)
            for field in self
            if field.short_name.startswith(ROW) and field.data
        ]


def form_for(rows: Iterable[DecisionRow], left: dict[int, int], typed: Any = None) -> VoucherForm:
    """The form with an amount for every row that has something left; at first all of it is taken.

    `typed` = what stands in the form so far, for the panel beside it.
    """
    fields: dict[str, Any] = {
        f"{ROW}{row.id}": AmountField(f"Số tiền dòng {row.ordinal}", required=False, default=left[row.id])
        for row in rows
        if left[row.id] > 0
    }
    made = type("VoucherRowsForm", (VoucherForm,), fields)
    return made(typed) if typed else made()


class ApproveForm(PortalForm):
    """Yes to the voucher; a reason beside a row takes that row out (see `approve_form_for`)."""

    def refused(self) -> dict[int, str]:
        """Reasons by the row's id."""
        return {
            int(field.short_name.removeprefix(REFUSE)): field.data
            for field in self
            if field.short_name.startswith(REFUSE) and field.data
        }


def approve_form_for(row_ids: Iterable[int]) -> ApproveForm:
    """The form with a field for the reason of every row."""
    fields: dict[str, Any] = {
        f"{REFUSE}{row_id}": TextField("Lý do không duyệt dòng này", required=False, max_length=500)
        for row_id in row_ids
    }
    return type("ApproveRowsForm", (ApproveForm,), fields)()


class PayForm(PortalForm):
    """The day on which the money really left."""

    paid_on = DayField("Ngày chi", default=days.today_in_vietnam)


class AnswerForm(PortalForm):
    """Why a voucher is refused or made void."""

    answer = NoteField(
        "Lý do", required="Chưa ghi lý do. Ghi một câu để người sau hiểu vì sao.", max_length=500
    )
