"""The shape of a gift on screen."""

from __future__ import annotations

from typing import Any

from wtforms.validators import ValidationError

from portal.donations.rules import SHOWN_AS
from portal.kit import days
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


class CashGiftForm(PortalForm):
    """One gift in cash, one receipt. The view offers the units and campaigns."""

    unit_id = ChoiceField("Đơn vị tiếp nhận")
    donor_name = TextField("Họ tên hoặc tên đơn vị", required=False)
    unknown = CheckField("Không rõ tên người ủng hộ")
    address = TextField("Địa chỉ", required=False, max_length=300)
    amount = AmountField("Số tiền")
    day = DayField("Ngày nhận", default=days.today_in_vietnam)
    campaign_id = ChoiceField(
        "Đợt vận động", required="Chưa chọn đợt. Chọn đợt vận động, hoặc chọn “Ủng hộ thường xuyên”."
    )
    late = CheckField("Vẫn ghi vào đợt đã kết thúc")
    shown_as = ChoiceRadio(
        "Hiển thị trên trang công khai",
        choices=list(SHOWN_AS.items()),
        required=False,
    )
    note = NoteField("Ghi chú nội bộ")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.donor_name.flags.required = True  # as people read it: a name, or the tick that nobody knows it

    def validate_donor_name(self, field: TextField) -> None:
        """Raises ValidationError: a name, or the word that nobody knows it; never both."""
        if field.data and self.unknown.data:
            raise ValidationError("Đã có tên mà lại đánh dấu “Không rõ tên”. Xóa tên, hoặc bỏ dấu.")
        if not field.data and not self.unknown.data and not field.process_errors:
            raise ValidationError("Chưa nhập tên. Gõ họ tên hoặc tên đơn vị, hoặc đánh dấu “Không rõ tên”.")
