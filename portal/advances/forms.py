"""The shape of a settlement, of money put aside, and of the answers to both."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from portal.advances.rules import RELEASE, RETURN, WISHES, Settled
from portal.kit import days
from portal.kit.forms import AmountField, ChoiceField, ChoiceRadio, DayField, NoteField, PortalForm, TextField
from portal.spending.models import VoucherRow

PARTS = {"paid": "Đã trao", "absent": "Giữ lại", "returned": "Nộp lại"}


class SettleForm(PortalForm):
    """A settlement; its rows are added by `settle_form_for`."""

    settled_on = DayField("Ngày thanh toán", default=days.today_in_vietnam)
    papers = TextField("Chứng từ kèm theo", required=False, max_length=300)

    def told(self, row_ids: Iterable[int]) -> list[Settled]:
        """What was said of each row, đồng."""
        return [
            Settled(
                row_id,
                paid=self[f"paid_{row_id}"].data or 0,
                absent=self[f"absent_{row_id}"].data or 0,
                returned=self[f"returned_{row_id}"].data or 0,
                absent_note=self[f"note_{row_id}"].data,
            )
            for row_id in row_ids
        ]


def settle_form_for(rows: Iterable[VoucherRow], open_of: dict[int, int]) -> SettleForm:
    """The form with three amounts for every row; at first everybody got what was meant for them."""
    fields: dict[str, Any] = {}
    for row in rows:
        for part, label in PARTS.items():
            default = open_of[row.id] if part == "paid" else None
            fields[f"{part}_{row.id}"] = AmountField(
                f"{label}, dòng {row.ordinal}", required=False, default=default
            )
        fields[f"note_{row.id}"] = TextField(
            f"Vì sao giữ lại, dòng {row.ordinal}", required=False, max_length=300
        )
    return type("SettleRowsForm", (SettleForm,), fields)()


class AnswerForm(PortalForm):
    """Yes, or no with a reason (the rule asks for it)."""

    answer = NoteField("Ý kiến", required=False, max_length=500)


class PutAsideForm(PortalForm):
    """Money of a paid row that its receiver did not take."""

    amount = AmountField("Số tiền giữ lại")
    since = DayField("Từ ngày", default=days.today_in_vietnam)
    reason = TextField("Vì sao giữ lại", max_length=300)


class EndForm(PortalForm):
    """What is to become of money put aside."""

    wish = ChoiceRadio("Việc cần làm", choices=[(RELEASE, WISHES[RELEASE]), (RETURN, WISHES[RETURN])])
    taken_by = TextField("Người nhận thay", required=False)
    relation = TextField("Quan hệ với người nhận", required=False, max_length=100)
    place = ChoiceField("Chi từ", required=False, coerce=str)
    reason = NoteField("Lý do, ghi chú", required=False, max_length=500)
