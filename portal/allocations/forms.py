"""The shape of a confirmation, of a difference and of its answer."""

from __future__ import annotations

from portal.allocations.rules import CAUSES
from portal.kit import days
from portal.kit.forms import AmountField, ChoiceRadio, DayField, NoteField, PortalForm

BOX, OWN = "box", "own"  # the other choices are ids of bank accounts


class ConfirmForm(PortalForm):
    """What has come, when, and where it is. The view offers the places of the receiving unit."""

    amount = AmountField("Số tiền thực nhận")
    day = DayField("Ngày nhận", default=days.today_in_vietnam)
    place = ChoiceRadio("Tiền vào")
    note = NoteField("Ghi chú", max_length=500)


class DifferenceForm(PortalForm):
    """What became of money that will not be confirmed. The view offers the places of the sending unit."""

    cause = ChoiceRadio("Nguyên nhân", choices=list(CAUSES.items()))
    amount = AmountField("Số tiền chênh lệch")
    place = ChoiceRadio("Tiền trở lại vào", required=False)
    reason = NoteField(
        "Lý do",
        required="Chưa ghi lý do. Ghi rõ vì sao số tiền này không được xác nhận.",
        max_length=500,
    )


class AnswerForm(PortalForm):
    """Approved, or not and why."""

    answer = NoteField("Ý kiến", max_length=500)
