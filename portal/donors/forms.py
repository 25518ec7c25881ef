"""The shape of donors on screen, and the hidden field by which the forms of other rooms name one."""

from __future__ import annotations

from typing import Any

from portal.donors.rules import LONGEST
from portal.kit import days
from portal.kit.errors import Refused
from portal.kit.forms import (
    AmountField,
    CheckField,
    ChoiceField,
    DayField,
    NoteField,
    PortalForm,
    TextField,
)
from portal.kit.money import parse_count

NEW = "is_new"


def says_new(form: Any) -> bool:
    """Whether the request's form says that somebody new is meant, though the books may have them already."""
    return "1" in form.getlist(NEW)


class DonorIdField(TextField):
    """The donor that was taken from the books (int), by the picker or by a button of the note about twins.

    The field and a button may both be sent: the last that says something counts. Views ask
    `queries.donor_or_404`, since a number in a form proves nothing.
    """

    def __init__(self, label: str = "Người có trong sổ", **kwargs: Any):
        super().__init__(label, **{"required": False, "max_length": 18, **kwargs})

    def process_formdata(self, valuelist: list[str]) -> None:
        """Raises ValueError with our sentence."""
        super().process_formdata([value for value in valuelist if value.strip()][-1:])

    def parse(self, text: str) -> int:
        """The id. Raises ValueError."""
        if not (text.isascii() and text.isdigit()) or len(text) > self.max_length:
            raise ValueError("Người đã chọn không còn trong danh sách. Gõ lại tên rồi chọn lại.")
        return int(text)

    def _value(self) -> str:
        return "" if self.data is None else str(self.data)


class CountField(TextField):
    """A whole number of people; `data` is int."""

    def parse(self, text: str) -> int:
        """Raises ValueError with our sentence."""
        try:
            return parse_count(text, field=self.short_name)
        except Refused as refused:
            raise ValueError(refused.text) from refused


class DonorForm(PortalForm):
    """One donor. The view offers the units and kinds."""

    unit_id = ChoiceField("Đơn vị theo dõi")
    name = TextField("Họ tên hoặc tên đơn vị", max_length=LONGEST["name"])
    kind = ChoiceField("Loại", coerce=str)
    phone = TextField("Điện thoại", required=False, max_length=LONGEST["phone"])
    email = TextField("Thư điện tử", required=False, max_length=LONGEST["email"])
    address = TextField("Địa chỉ", required=False, max_length=LONGEST["address"])
    tax_code = TextField("Mã số thuế", required=False, max_length=20)
    representative = TextField("Người đại diện", required=False, max_length=LONGEST["representative"])
    position = TextField("Chức vụ của người đại diện", required=False, max_length=LONGEST["position"])
    members = CountField("Số thành viên", required=False, max_length=12)
    introduced_by_id = ChoiceField("Đơn vị giới thiệu", required=False)
    note = NoteField("Ghi chú", max_length=LONGEST["note"])
    donor_id = DonorIdField()


class MergeForm(PortalForm):
    """Which of the two stays."""

    kept = DonorIdField(
        "Người giữ lại", required="Chưa chọn người giữ lại. Chọn một trong hai cột rồi gộp lại."
    )


class DirectAidForm(PortalForm):
    """What a donor handed over without the fund."""

    unit_id = ChoiceField("Nơi nhận thuộc đơn vị")
    given_on = DayField("Ngày trao", default=days.today_in_vietnam)
    receiver = TextField("Người nhận hoặc nơi nhận", max_length=300)
    aid_content = TextField("Đã trao gì", max_length=500)  # the page's own part is called "content"
    value = AmountField("Giá trị (theo người trao)", required=False)
    aid_note = NoteField("Ghi chú")


class KindForm(PortalForm):
    """A new kind of donor."""

    name = TextField("Tên loại", max_length=60)
    personal = CheckField("Là tên của người (chỉ công khai theo cách người ủng hộ chọn)")


class EndKindForm(PortalForm):
    """The last day of a kind."""

    valid_to = DayField("Dùng đến hết ngày", default=days.today_in_vietnam)


class SearchForm(PortalForm):
    """Who is to be merged with the donor of the page."""

    text = TextField("Người trùng", required="Chưa gõ người cần tìm. Gõ tên, số điện thoại hoặc mã số thuế.")
    donor_id = DonorIdField()
