"""The shape of what is typed when a statement is brought."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from portal.kit.forms import AmountField, ChoiceField, FileField, NoteField, PortalForm
from portal.kit.money import parse_amount_or_zero, parse_count
from portal.statements.rules import ROLE_NAMES

TABLES = ("csv", "xlsx", "xls", "pdf")


class UploadForm(PortalForm):
    """A statement's file, its account, and the campaign its gifts belong to; the view offers both."""

    account = ChoiceField("Tài khoản", coerce=str)
    campaign = ChoiceField("Đợt vận động nhận tiền", coerce=str, required=False)
    file = FileField("Tệp sao kê", extensions=TABLES)


class PostForm(PortalForm):
    """Post what was checked."""


class UndoForm(PortalForm):
    """Why a whole statement is taken back."""

    reason = NoteField(
        "Lý do", required="Chưa ghi lý do. Ghi vì sao cần hoàn lại cả lần nạp.", max_length=1000
    )


class UndoAnswerForm(PortalForm):
    """Approve, or refuse with a reason (the rule lies in ledger.asking)."""

    answer = NoteField("Ý kiến", max_length=1000)


class OverrideForm(PostForm):
    """Post a statement that does not tie: somebody has to say why."""

    reason = NoteField(
        "Lý do vẫn ghi sổ",
        required="Chưa nêu lý do. Ghi vì sao vẫn ghi sổ sao kê không khớp này.",
        max_length=1000,
    )


class CountField(AmountField):
    """A number of lines; `data` is int."""

    drawn_as = "TextField"

    def read(self, text: str) -> int:
        """Raises Refused."""
        return parse_count(text, field=self.short_name)


class BalanceField(AmountField):
    """An amount that may be 0; `data` is int đồng."""

    drawn_as = "AmountField"

    def read(self, text: str) -> int:
        """Raises Refused."""
        return parse_amount_or_zero(text, field=self.short_name)


class PaperForm(PortalForm):
    """Control totals typed in from the paper, for a statement that prints nothing to compare with."""

    rows = CountField("Số dòng", required=False)
    credit_sum = BalanceField("Tổng ghi có", required=False)
    debit_sum = BalanceField("Tổng ghi nợ", required=False)
    opening = BalanceField("Số dư đầu kỳ", required=False)
    closing = BalanceField("Số dư cuối kỳ", required=False)


class ColumnsForm(PortalForm):
    """What each column is; fields "c<place>" are added by `columns_form`."""

    def said(self) -> list[str | None]:
        """The role of each column in order, None = not read."""
        fields = {int(field.short_name[1:]): field.data for field in self if field.short_name[1:].isdigit()}
        return [fields.get(place) for place in range(max(fields, default=-1) + 1)]


class RoleField(ChoiceField):
    """What a column is."""

    blank_label = "Không đọc cột này"


def columns_form(columns: Sequence[tuple[int, str, str | None]]) -> type[ColumnsForm]:
    """The form with one choice for each (place, label, guess)."""
    roles = list(ROLE_NAMES.items())
    fields: dict[str, Any] = {
        f"c{place}": RoleField(label, choices=roles, coerce=str, required=False, default=guess)
        for place, label, guess in columns
    }
    return type("ColumnsOfFileForm", (ColumnsForm,), fields)
