"""The shape of a rule for statement lines as a person types it."""

from __future__ import annotations

from wtforms import HiddenField

from portal.kit.forms import AmountField, ChoiceField, ChoiceRadio, PortalForm, TextField
from portal.statements.classes import DIRECTIONS, KINDS


class AnyAccountField(ChoiceField):
    """One account, or all of the unit."""

    blank_label = "Mọi tài khoản của đơn vị"


class AnyCampaignField(ChoiceField):
    """The campaign of a donation; without one, that of the statement."""

    blank_label = "Theo mã, hoặc đợt của sao kê"


class RuleForm(PortalForm):
    """A rule: what it looks for, and what a line then is. The view offers units, accounts and campaigns."""

    base = HiddenField()  # the moment of the version that is being changed
    unit_id = ChoiceField("Đơn vị")
    name = TextField("Tên quy tắc", max_length=100)
    bank_account_id = AnyAccountField("Tài khoản", required=False)
    direction = ChoiceRadio(
        "Chiều tiền",
        choices=list(DIRECTIONS.items()),
        required="Chưa chọn chiều tiền. Chọn tiền vào hoặc tiền ra.",
    )
    words = TextField("Từ ngữ trong nội dung", required=False, max_length=500)
    least = AmountField("Số tiền từ", required=False)
    most = AmountField("Số tiền đến", required=False)
    kind = ChoiceField("Dòng đó là", choices=list(KINDS.items()), coerce=str)
    campaign_id = AnyCampaignField("Đợt vận động", required=False)
