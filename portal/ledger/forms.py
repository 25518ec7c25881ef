"""The shape of an answer to a reversal request, and of a closing."""

from __future__ import annotations

from portal.kit.forms import CheckField, ChoiceField, DayField, NoteField, PortalForm


class DecisionForm(PortalForm):
    """Approve, or refuse with a reason (the rule lies in ledger.actions)."""

    answer = NoteField("Ý kiến", max_length=500)


class ClosingForm(PortalForm):
    """Whose books, up to which day."""

    unit_id = ChoiceField("Đơn vị")
    fund_id = ChoiceField("Quỹ")
    through = DayField("Khóa đến hết ngày")
    seen = CheckField("Tôi đã xem các việc còn mở và các số cộng của kỳ")
