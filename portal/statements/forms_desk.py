"""The shape of what is said of a line at the desk."""

from __future__ import annotations

from portal.donations.rules import SHOWN_AS
from portal.donors.forms import DonorIdField
from portal.kit.forms import ChoiceField, ChoiceRadio, NoteField, PortalForm, TextField
from portal.statements.classes import FEE, IN, INTEREST, KINDS, OUT, OWN, REFUND
from portal.statements.suggesting import LEVELS

NO_GIFT = {IN: (INTEREST, FEE, OWN, REFUND), OUT: (FEE,)}


class GiftForm(PortalForm):
    """The line is a gift: whose, for which campaign. Without a name it is "không rõ tên"."""

    donor_name = TextField("Người ủng hộ", required=False)
    donor_id = DonorIdField()
    donor_kind = ChoiceField("Loại", required=False, coerce=str)
    campaign_id = ChoiceField("Đợt vận động", required=False)
    shown_as = ChoiceRadio("Hiển thị trên trang công khai", choices=list(SHOWN_AS.items()), required=False)
    note = NoteField("Ghi chú", max_length=500)


class KindForm(PortalForm):
    """The line is no gift; the view offers the kinds of its direction."""

    kind = ChoiceRadio("Dòng này là", coerce=str)

    def offer_for(self, direction: str) -> None:
        """What a line of this direction may be."""
        self.kind.offer([(kind, KINDS[kind]) for kind in NO_GIFT[direction]])


class LevelForm(PortalForm):
    """From which certainty suggestions are accepted together."""

    least = ChoiceField("Nhận cùng lúc từ mức", choices=[(level, name) for level, name in LEVELS.items()][:2])
