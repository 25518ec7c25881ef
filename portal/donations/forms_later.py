"""The shape of what is asked about a gift later."""

from __future__ import annotations

from portal.donations.forms import SetField
from portal.donations.rules import SHOWN_AS
from portal.donors.forms import DonorIdField
from portal.kit.forms import AmountField, ChoiceField, ChoiceRadio, NoteField, PortalForm, TextField


class IdentifyForm(PortalForm):
    """Who gave, found after the money came."""

    donor_name = TextField("Họ tên hoặc tên đơn vị")
    donor_id = DonorIdField()
    donor_kind = ChoiceField("Loại", required=False, coerce=str)
    address = TextField("Địa chỉ", required=False, max_length=300)
    shown_as = ChoiceRadio("Hiển thị trên trang công khai", choices=list(SHOWN_AS.items()), required=False)


class ShownForm(PortalForm):
    """How the donor wants to be shown."""

    shown_as = ChoiceRadio("Hiển thị trên trang công khai", choices=list(SHOWN_AS.items()))


class CampaignForm(PortalForm):
    """The campaign in which the gift should count."""

    campaign_id = ChoiceField("Đợt đúng")
    reason = NoteField(
        "Lý do", required="Chưa nêu lý do. Ghi vì sao khoản này thuộc đợt khác.", max_length=500
    )


class RefundForm(PortalForm):
    """How much goes back, out of which place, to whom, and why."""

    part = SetField("Hoàn trả từ")
    amount = AmountField("Số tiền hoàn trả")
    place = ChoiceField("Nơi chi", coerce=str)
    receiver = TextField("Người nhận lại tiền")
    reason = NoteField("Lý do", required="Chưa nêu lý do. Ghi vì sao hoàn trả.", max_length=500)


class AnswerForm(PortalForm):
    """Approve, or refuse with a reason."""

    answer = NoteField("Ý kiến", max_length=500)
