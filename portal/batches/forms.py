"""The shape of a batch's head, and of the lines as a plain table of inputs sends them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Field

from portal.batches import columns as cols
from portal.batches.lines import Typed
from portal.batches.models import GiftBatch
from portal.donations.rules import CASH, TYPED_FORMS
from portal.kit import days
from portal.kit.errors import Refused
from portal.kit.forms import AmountField, ChoiceField, DayField, PortalForm, TextField
from portal.kit.money import format_amount, parse_amount_or_zero, parse_count

NOBODY = 0  # the choice "not for a campaign", "the cash box", "not known", "no store"
_FIELD = re.compile(r"^r(\d{1,5})-([a-z_]{1,12})$")
_SHORT_KEY = 50


class CountField(TextField):
    """A whole number ≥ 0, dots allowed."""

    def parse(self, text: str) -> int:
        """Raises ValueError with the sentence of the parser."""
        try:
            return parse_count(text)
        except Refused as refused:
            raise ValueError(refused.text) from refused

    def shown(self, value: int) -> str:
        """With dots for thousands."""
        return format_amount(value)


class SumField(AmountField):
    """An amount that may be 0: an evening of goods only."""

    def read(self, text: str) -> int:
        """Đồng. Raises Refused."""
        return parse_amount_or_zero(text, field=self.short_name)


HEAD = (
    "title", "unit_id", "day", "form", "counted_by", "control_count", "control_sum", "columns",
    "bank_account_id", "store_id",
)  # fmt: skip
"""What the form has from the batch as it is; the other fields have a choice that means nobody."""


class ColumnsField(Field):
    """Ticks: which columns are shown beside the usual ones."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Unknown ones are left out."""
        self.data = [group for group in cols.GROUPS if group in valuelist]


class BatchForm(PortalForm):
    """The head of a batch. The view offers units, campaigns, people, accounts and stores."""

    title = TextField("Tên đợt nhập")
    unit_id = ChoiceField("Đơn vị tiếp nhận")
    campaign_id = ChoiceField(
        "Đợt vận động", required="Chưa chọn đợt. Chọn đợt vận động, hoặc chọn “Ủng hộ thường xuyên”."
    )
    day = DayField("Ngày nhận", default=days.today_in_vietnam)
    form = ChoiceField("Hình thức", choices=list(TYPED_FORMS.items()), coerce=str, default=CASH)
    holder_id = ChoiceField("Ai giữ tiền mặt")
    counted_by = TextField("Người kiểm phong bì", required=False)
    control_count = CountField("Số phong bì theo phiếu kiểm", required=False)
    control_sum = SumField("Tổng tiền theo phiếu kiểm", required=False)
    bank_account_id = ChoiceField("Tài khoản nhận chuyển khoản", required=False)
    store_id = ChoiceField("Kho nhập hiện vật", required=False)
    columns = ColumnsField("Cột dùng thêm")

    def batch_values(self) -> dict[str, Any]:
        """The values of CHANGEABLE: 0 of a choice means nothing."""
        values = self.values()
        values.pop("unit_id")
        for name in ("campaign_id", "holder_id", "bank_account_id", "store_id"):
            values[name] = values[name] or None
        values["columns"] = values["columns"] or []
        return values


def form_of(batch: GiftBatch) -> BatchForm:
    """The form filled with what the batch has, or with what was just sent."""
    have = {name: getattr(batch, name) for name in HEAD}
    return BatchForm(
        data=have | {name: getattr(batch, name) or NOBODY for name in ("campaign_id", "holder_id")}
    )


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 19 else None


def one_line(form: Mapping[str, str], prefix: str = "") -> Typed:
    """One line out of sent fields whose names begin with `prefix`."""
    cells = {
        key: form[prefix + key][: 4 * column.limit]
        for key, column in cols.BY_KEY.items()
        if prefix + key in form
    }
    return Typed(
        cells=cells,
        key=form.get(f"{prefix}row", "")[:_SHORT_KEY],
        draft_id=_number(form.get(f"{prefix}id")),
        version=_number(form.get(f"{prefix}version")) or 0,
        donor_id=_number(form.get(f"{prefix}donor_id")),
        before=_number(form.get(f"{prefix}before")),
    )


def lines_of(form: MultiDict[str, str]) -> dict[int, Typed]:
    """All lines of a page that was sent as a plain table, by their number on the page."""
    numbers = {int(found[1]) for name in form if (found := _FIELD.match(name))}
    return {number: one_line(form, f"r{number}-") for number in sorted(numbers)}


def chosen_cells(form: Mapping[str, str], prefix: str, keys: Iterable[str]) -> dict[str, str] | None:
    """The contents that a person chose of two for some cells; None when one is not chosen yet."""
    chosen = {}
    for key in keys:
        side = form.get(f"{prefix}{key}-chon")
        if side not in ("mine", "theirs"):
            return None
        chosen[key] = form.get(f"{prefix}{key}-{side}", "")
    return chosen
