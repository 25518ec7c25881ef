"""The shape of what people type about lists: head, portions, codes, reasons, norms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from portal.distributions.rules import ADVANCE, BANK, NO_MONEY
from portal.goods.forms import LinesForm, with_lines
from portal.goods.rules import format_quantity
from portal.kit import days
from portal.kit.forms import AmountField, ChoiceField, DayField, NoteField, PortalForm, TextField

WAYS = {
    ADVANCE: "Tạm ứng cho người đi trao",
    BANK: "Chuyển khoản cho từng hộ",
    NO_MONEY: "Không có tiền, chỉ có hàng",
}
PORTIONS, ITEMS = 6, 3
REASONS = 200
"""So many rows get a field each on the approval page; longer lists take lines of "12 lý do"."""


class RoundField(ChoiceField):
    """A round that exists; nothing chosen is a new one."""

    blank_label = "Đợt mới"


class ListForm(PortalForm):
    """The head of a list. The view offers what may be chosen."""

    unit_id = ChoiceField("Đơn vị lập danh sách")
    fund_id = ChoiceField("Quỹ")
    name = TextField("Tên danh sách", max_length=300)
    round_id = RoundField("Đợt trao", required=False)
    new_round = TextField("Tên đợt mới", required=False)
    round_reason = TextField("Vì sao là đợt khác", required=False, max_length=500)
    content = TextField("Nội dung trao", id="given")  # the page's main part is #content
    purpose = ChoiceField("Mục đích chi", coerce=str)
    campaign_id = ChoiceField("Đợt vận động", required=False)
    level = ChoiceField("Cấp hỗ trợ", coerce=str, required=False)
    source = TextField("Nguồn", required=False)
    zone = TextField("Vùng", required=False, max_length=60)
    handed_on = DayField("Ngày trao dự kiến", default=days.today_in_vietnam)
    place = TextField("Nơi trao", required=False, max_length=300)
    way = ChoiceField("Cách chi tiền", choices=list(WAYS.items()), coerce=str, default=ADVANCE)
    bank_account_id = ChoiceField("Tài khoản chi", required=False)
    store_id = ChoiceField("Kho xuất hàng", required=False)
    officer_id = ChoiceField("Người đi trao", required=False)
    settle_by = DayField("Hạn thanh toán tạm ứng", required=False)

    def head(self) -> dict[str, Any]:
        """The fields of `Distribution`, and how its round was chosen."""
        values = self.values()
        values["round_name"] = values.pop("new_round")
        for name in ("unit_id", "fund_id"):
            values.pop(name)
        return values | {"place": values["place"] or "", "zone": values["zone"] or ""}


def _text(label: str, longest: int = 100) -> Any:
    return lambda number: TextField(f"{label}, suất {number}", required=False, max_length=longest)


_COLUMNS: dict[str, Any] = {
    "name": _text("Tên suất"),
    "amount": lambda number: AmountField(f"Số tiền (đ), suất {number}", required=False),
    "over_norm": _text("Lý do vượt mức hỗ trợ", 500),
    **{f"item{place}": _text(f"Hàng {place}", 200) for place in range(1, ITEMS + 1)},
    **{f"quantity{place}": _text(f"Số lượng {place}", 60) for place in range(1, ITEMS + 1)},
}


class PortionsForm(LinesForm):
    """The portions of a list, one a line."""


def portions_form(portions: Sequence[Any] = ()) -> Any:
    """The form with what is known."""
    known: dict[str, Any] = {}
    for number, portion in enumerate(portions, start=1):
        known |= {
            f"name_{number}": portion.name,
            f"amount_{number}": portion.amount,
            f"over_norm_{number}": portion.over_norm,
        }
        for place, line in enumerate(portion.goods[:ITEMS], start=1):
            known[f"item{place}_{number}"] = line.item.code
            known[f"quantity{place}_{number}"] = format_quantity(line.quantity)
    return with_lines(PortionsForm, PORTIONS, _COLUMNS)(data=known)


class CodesForm(PortalForm):
    """Codes of households, pasted."""

    codes = NoteField(
        "Mã hộ",
        required="Chưa dán mã hộ nào. Dán các mã như HO000123, mỗi dòng một mã.",
        max_length=80_000,
    )
    portion_id = ChoiceField("Suất quà", required=False)


class BuildForm(PortalForm):
    """Which portion the found households get, and who is left out."""

    portion_id = ChoiceField("Suất quà")
    excluded = NoteField("Loại các mã hộ", required=False, max_length=80_000)


class DecideForm(PortalForm):
    """The head of the decision; its texts are those of the unit and are changed at the draft."""

    kind = ChoiceField(
        "Loại văn bản",
        choices=[("decision", "Quyết định hỗ trợ"), ("submission", "Tờ trình"), ("minutes", "Biên bản họp")],
        coerce=str,
        default="decision",
    )
    number = TextField("Số văn bản", required=False, max_length=60)
    decided_on = DayField("Ngày văn bản", default=days.today_in_vietnam)
    subject = TextField("Trích yếu", max_length=500)


class ReleaseForm(PortalForm):
    """The day on which goods leave the store."""

    on = DayField("Ngày giao", default=days.today_in_vietnam)


class OftenForm(PortalForm):
    """From how many times a year on a household needs a reason."""

    unit_id = ChoiceField("Đơn vị")
    count = TextField("Số lần trong năm", max_length=3)
    since = DayField("Từ ngày", default=days.today_in_vietnam)


class NormForm(PortalForm):
    """A support norm from a day on."""

    unit_id = ChoiceField("Đơn vị")
    purpose = ChoiceField("Mục đích chi", coerce=str)
    subject = TextField("Việc cụ thể", required=False)
    zone = TextField("Vùng", required=False, max_length=60)
    amount = AmountField("Mức tối đa một hộ (đ)")
    basis = TextField("Căn cứ", required=False, max_length=300)
    valid_from = DayField("Áp dụng từ ngày", default=days.today_in_vietnam)


class EndNormForm(PortalForm):
    """The last day of a norm."""

    valid_to = DayField("Ngày cuối cùng", default=days.today_in_vietnam)


def approve_form(row_ids: Iterable[int]) -> Any:
    """Reasons of rows that are refused: a field each, or one text for a long list."""
    ids = list(row_ids)
    fields: dict[str, Any] = {
        f"refuse_{row_id}": TextField("Không duyệt vì", required=False, max_length=500) for row_id in ids
    }
    fields["lines"] = NoteField("Không duyệt", required=False, max_length=80_000)
    return type("ApproveForm", (PortalForm,), fields)()
