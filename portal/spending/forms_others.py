"""The shape of other entries, of what sponsors paid directly, of purposes and of the budget."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from portal.donations.rules import SHOWN_AS
from portal.donors.forms import DonorIdField
from portal.kit import days
from portal.kit.forms import (
    AmountField,
    ChoiceField,
    ChoiceRadio,
    DayField,
    NoteField,
    PortalForm,
    TextField,
)
from portal.spending.rules_others import TOLD, TYPED, WAYS


class EntryForm(PortalForm):
    """Interest, a fee or an exchange difference of an account. The view offers accounts and campaigns."""

    cause = ChoiceRadio("Loại", choices=list(TYPED.items()))
    bank_account_id = ChoiceField("Tài khoản")
    way = ChoiceRadio("Chênh lệch tỷ giá làm", choices=list(WAYS.items()), required=False)
    amount = AmountField("Số tiền")
    happened_on = DayField("Ngày chứng từ", default=days.today_in_vietnam)
    rate = TextField("Tỷ giá và nguồn", required=False, max_length=300)
    campaign_id = ChoiceField("Đợt vận động", required=False)
    reason = NoteField(
        "Lý do, chứng từ kèm theo", required="Chưa ghi lý do. Ghi theo chứng từ của ngân hàng."
    )


class CountEntryForm(PortalForm):
    """The difference of a count: its amount cannot be typed."""

    reason = NoteField(
        "Nguyên nhân, cách xử lý",
        required="Chưa ghi nguyên nhân. Ghi kết luận, ví dụ: chưa rõ nguyên nhân, ghi thu theo biên bản kiểm kê.",
    )


class DecideForm(PortalForm):
    """The answer of the second person."""

    answer = NoteField("Ý kiến", max_length=500)


class InAndOutForm(PortalForm):
    """What a sponsor paid a supplier. The view offers the rows of the decision and the kinds of donors."""

    decision_row_id = ChoiceField("Dòng của văn bản")
    donor_name = TextField("Nhà tài trợ", required=TOLD["donor_name"])
    donor_id = DonorIdField()
    donor_kind = ChoiceField("Loại nhà tài trợ", coerce=str, required=False)
    address = TextField("Địa chỉ", required=False, max_length=300)
    supplier = TextField("Trả cho bên cung cấp", required=TOLD["supplier"])
    supplier_paper = TextField("Hóa đơn, biên bản", required=False)
    amount = AmountField("Số tiền đã trả")
    happened_on = DayField("Ngày trả", default=days.today_in_vietnam)
    reason = NoteField("Nội dung", required=TOLD["reason"])
    shown_as = ChoiceRadio("Cách hiển thị công khai", choices=list(SHOWN_AS.items()), required=False)

    def facts(self) -> dict[str, Any]:
        """What `actions_direct.request_in_and_out` wants, without the donor's id."""
        names = ("amount", "happened_on", "donor_name", "donor_kind", "address", "supplier", "supplier_paper")
        return {name: self[name].data for name in (*names, "reason", "shown_as")}


class PurposeForm(PortalForm):
    """A purpose or a level: its name and its place in the list."""

    name = TextField("Tên", max_length=200)


class EndForm(PortalForm):
    """The last day of a purpose or level."""

    valid_to = DayField("Dùng đến hết ngày", default=days.today_in_vietnam)


def budget_form(purposes: Mapping[str, str], planned: Mapping[str, int]) -> PortalForm:
    """A field of đồng for each purpose, filled with what is planned."""
    fields = {key: AmountField(name, required=False) for key, name in purposes.items()}
    made = type("BudgetForm", (PortalForm,), {f"p_{key}": field for key, field in fields.items()})
    return made(data={f"p_{key}": amount for key, amount in planned.items()})


def planned_of(form: PortalForm, purposes: Iterable[str]) -> dict[str, int | None]:
    """What was typed, đồng by purpose; None = nothing planned."""
    return {key: form[f"p_{key}"].data for key in purposes}
