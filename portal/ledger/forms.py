"""The shape of an answer to a reversal request, of a closing, and of a bank in the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.kit.forms import CheckField, ChoiceField, DayField, NoteField, PortalForm, TextField
from portal.ledger.queries import funds
from portal.units.models import Unit


class DecisionForm(PortalForm):
    """Approve, or refuse with a reason (the rule lies in ledger.actions)."""

    answer = NoteField("Ý kiến", max_length=500)


class ClosingForm(PortalForm):
    """Whose books, up to which day."""

    unit_id = ChoiceField("Đơn vị")
    fund_id = ChoiceField("Quỹ")
    through = DayField("Khóa đến hết ngày")
    seen = CheckField("Tôi đã xem các việc còn mở và các số cộng của kỳ")


def offer_place(form: Any, units: Mapping[int, Unit]) -> None:
    """Units and funds to choose in a form's `unit_id` and `fund_id`; one unit or one's own fund need no choice."""
    offered = [(fund.id, fund.name) for fund in funds()]
    form.unit_id.offer([(unit.id, unit.name) for unit in units.values()])
    form.fund_id.offer(offered)
    if form.unit_id.data is None and len(units) == 1:
        form.unit_id.data = next(iter(units))
    if form.fund_id.data is None and not form.fund_id.raw_data:
        form.fund_id.data = offered[0][0]


class BankForm(PortalForm):
    """A bank that takes VietQR."""

    bin = TextField("Mã BIN", max_length=6)
    name = TextField("Tên thường dùng", max_length=60)
    aliases = TextField("Tên khác", required=False, max_length=300)
    withdrawn = CheckField("Ngừng tạo mã QR cho ngân hàng này")
