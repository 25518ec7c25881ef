"""The shape of counted cash, of a hand-over and of a deposit."""

from __future__ import annotations

from typing import Any

from portal.cash.rules import DENOMINATIONS, only_counted
from portal.kit import days, money
from portal.kit.errors import Refused
from portal.kit.forms import (
    AmountField,
    ChoiceField,
    ChoiceRadio,
    DayField,
    NoteField,
    PortalForm,
    TextField,
)

OWN, BOX = "own", "box"
PIECE = "note_"


class PiecesField(TextField):
    """How many notes of one denomination; None when blank."""

    def parse(self, text: str) -> int:
        """Raises ValueError with a sentence."""
        try:
            return money.parse_count(text, field=self.short_name)
        except Refused as refused:
            raise ValueError(refused.text) from refused


class NotesForm(PortalForm):
    """A field for each denomination, `note_500000` and so on."""

    @property
    def pieces(self) -> list[tuple[int, PiecesField]]:
        """(denomination, field), the largest first."""
        return [(note, self[f"{PIECE}{note}"]) for note in DENOMINATIONS]

    @property
    def notes(self) -> dict[str, int]:
        """What was counted, as it is kept."""
        return only_counted({note: field.data for note, field in self.pieces})

    def values(self) -> dict[str, Any]:
        """The other fields, and the notes as one value."""
        found = {name: value for name, value in super().values().items() if not name.startswith(PIECE)}
        return {**found, "notes": self.notes}


for _note in DENOMINATIONS:
    setattr(
        NotesForm, f"{PIECE}{_note}", PiecesField(f"Số tờ {money.format_amount(_note)} đ", required=False)
    )


class HandoverForm(NotesForm):
    """Out of my hand into another's. The view offers units and people."""

    unit_id = ChoiceField("Đơn vị")
    fund_id = ChoiceField("Quỹ")
    receiver_id = ChoiceField("Người nhận")
    into = ChoiceRadio("Tiền sẽ nằm ở", choices=[(BOX, "Két của đơn vị"), (OWN, "Người nhận giữ")])
    amount = AmountField("Số tiền")
    remark = NoteField("Ghi chú", max_length=500)


class DepositForm(NotesForm):
    """To the bank."""

    account_id = ChoiceField("Nộp vào tài khoản")
    source = ChoiceRadio("Lấy tiền từ", choices=[(BOX, "Két của đơn vị"), (OWN, "Tiền tôi đang giữ")])
    amount = AmountField("Số tiền")
    day = DayField("Ngày nộp", default=days.today_in_vietnam)


class CountForm(NotesForm):
    """Counted notes."""

    unit_id = ChoiceField("Đơn vị")
    fund_id = ChoiceField("Quỹ")
    place = ChoiceRadio("Đếm tiền ở", choices=[(BOX, "Két của đơn vị"), (OWN, "Tiền tôi đang giữ")])
    witness = TextField("Người chứng kiến", required=False)
    remark = NoteField("Nhận xét", max_length=1000)


class AnswerForm(PortalForm):
    """Received, or not and why."""

    answer = NoteField("Ý kiến", max_length=500)
