"""The shape of pledges on screen. Which units, campaigns and kinds are offered is the view's matter."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField

from portal.donors.forms import DonorIdField
from portal.kit import days
from portal.kit.errors import Refused
from portal.kit.forms import (
    AmountField,
    CheckField,
    ChoiceField,
    ChoiceRadio,
    DayField,
    NoteField,
    PortalForm,
    TextField,
)
from portal.pledges.rules import KINDS, MONEY, SHOWN_AS, Due, read_dues


class PledgeForm(PortalForm):
    """One promise. `dues` are lines of text, read together with the amount by `read_parts`."""

    unit_id = ChoiceField("Đơn vị tiếp nhận")
    donor_name = TextField("Người đăng ký", required="Chưa có tên người đăng ký. Gõ họ tên hoặc tên đơn vị.")
    donor_id = DonorIdField()
    donor_kind = ChoiceField("Loại", coerce=str, required=False)
    phone = TextField("Điện thoại", required=False, max_length=40)
    address = TextField("Địa chỉ", required=False, max_length=300)
    kind = ChoiceRadio("Hình thức", choices=list(KINDS.items()))
    amount = AmountField("Số tiền hoặc giá trị thống nhất", required=False)
    content = TextField(
        "Nội dung", id="promise", required=False, max_length=500
    )  # the page's main part is #content
    quantity = TextField("Số lượng", required=False, max_length=40)
    measure = TextField("Đơn vị tính", required=False, max_length=40)
    pledged_on = DayField("Ngày đăng ký", default=days.today_in_vietnam)
    dues = NoteField("Hạn chuyển", max_length=600)
    campaign_id = ChoiceField(
        "Đợt vận động", required="Chưa chọn đợt. Chọn đợt vận động, hoặc chọn “Ủng hộ thường xuyên”."
    )
    shown_as = ChoiceRadio(
        "Hiển thị trên bảng và trang công khai", choices=list(SHOWN_AS.items()), coerce=str, required=False
    )
    note = NoteField("Ghi chú nội bộ")
    base = HiddenField()  # the version that is being changed

    def read_parts(self) -> list[Due] | None:
        """The due days; None when they cannot be read, with the sentence at the field."""
        try:
            return read_dues(
                self.dues.data, amount=self.amount.data, today=days.today_in_vietnam(), field="dues"
            )
        except Refused as refused:
            self.add_refusal(refused)
            return None


class AnnounceForm(PortalForm):
    """One line at the ceremony: who, how much or what."""

    donor_name = TextField("Người đăng ký", required="Chưa có tên người đăng ký. Gõ họ tên hoặc tên đơn vị.")
    donor_id = DonorIdField()
    donor_kind = ChoiceField("Loại", coerce=str, required=False)
    amount = AmountField("Số tiền", required=False)
    content = TextField("Hiện vật, nhà, công", id="promise", required=False, max_length=500)
    shown_as = ChoiceField("Hiển thị", choices=list(SHOWN_AS.items()), coerce=str, required=False)
    unit_id = ChoiceField("Đơn vị tiếp nhận")


class MetForm(PortalForm):
    """Done without a gift to the fund."""

    met_on = DayField("Ngày thực hiện", default=days.today_in_vietnam)
    met_note = NoteField("Đã thực hiện thế nào", required="Chưa ghi đã thực hiện thế nào. Ghi một câu.")


class MatchForm(PortalForm):
    """Which gift fulfils how much."""

    gift = TextField(
        "Khoản ủng hộ", required="Chưa chọn khoản ủng hộ. Chọn một khoản trong danh sách.", max_length=20
    )
    amount = AmountField("Số tiền tính vào đăng ký")
    beyond = CheckField("Ghi cả phần vượt số đăng ký")


def promise_values(form: PledgeForm) -> dict[str, Any]:
    """The columns of `PledgeTerms` that the form gives (donor and campaign are the view's)."""
    values = {
        name: form[name].data
        for name in (
            "donor_name",
            "donor_kind",
            "phone",
            "address",
            "kind",
            "amount",
            "pledged_on",
            "shown_as",
            "note",
        )
    }
    things = values["kind"] != MONEY
    for name in ("content", "quantity", "measure"):
        values[name] = form[name].data if things else None
    return values
