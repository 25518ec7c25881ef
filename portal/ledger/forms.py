"""The shape of an answer to a reversal request, of a closing, and of a bank in the catalogue."""

from __future__ import annotations

from portal.kit.forms import CheckField, ChoiceField, DayField, NoteField, PortalForm, TextField


class DecisionForm(PortalForm):
    """Approve, or refuse with a reason (the rule lies in ledger.actions)."""

    answer = NoteField("Ý kiến", max_length=500)


class ClosingForm(PortalForm):
    """Whose books, up to which day."""

    unit_id = ChoiceField("Đơn vị")
    fund_id = ChoiceField("Quỹ")
    through = DayField("Khóa đến hết ngày")
    seen = CheckField("Tôi đã xem các việc còn mở và các số cộng của kỳ")


class BankForm(PortalForm):
    """A bank that takes VietQR."""

    bin = TextField("Mã BIN", max_length=6)
    name = TextField("Tên thường dùng", max_length=60)
    aliases = TextField("Tên khác", required=False, max_length=300)
    withdrawn = CheckField("Ngừng tạo mã QR cho ngân hàng này")
