"""The shape of what is typed in the receipts' room."""

from __future__ import annotations

from typing import Any

from portal.kit import days, money
from portal.kit.errors import Refused
from portal.kit.forms import (
    ChoiceField,
    ChoiceRadio,
    DayField,
    NoteField,
    PortalForm,
    TextField,
)
from portal.receipts.rules import HONOUR, MINUTES, THANKS

OUT_OF_PRINTER = {"co": "Có, tờ đó đã ra khỏi máy (dù rách)", "khong": "Không, tờ đó không ra được"}
FILES = {"pdf": "PDF để in và ký", "xlsx": "Excel", "csv": "CSV"}


class CountField(TextField):
    """A whole number; `data` is int."""

    def parse(self, text: str) -> int:
        """The number. Raises ValueError with the sentence of the parser."""
        try:
            return money.parse_count(text, field=self.short_name)
        except Refused as refused:
            raise ValueError(refused.text) from refused


class JamForm(PortalForm):
    """Where the printer jammed."""

    sheet = CountField(
        "Máy in kẹt ở tờ số", required="Chưa ghi tờ bị kẹt. Xem số tờ in ở mép trên của tờ giấy."
    )
    came_out = ChoiceRadio(
        "Tờ bị kẹt có ra khỏi máy không",
        choices=list(OUT_OF_PRINTER.items()),
        required="Chưa chọn. Tờ đã ra khỏi máy thì bản in lại phải ghi BẢN SAO.",
    )


class BookForm(PortalForm):
    """A paper book that is given out."""

    unit_id = ChoiceField("Đơn vị")
    fund_id = ChoiceField("Quỹ")
    series = TextField("Ký hiệu", max_length=20)
    first_no = CountField("Từ số")
    last_no = CountField("Đến số")
    holder_id = ChoiceField("Người giữ là cán bộ có tài khoản", required=False)
    holder_name = TextField("Người giữ khác", required=False)
    issued_on = DayField("Ngày giao", default=days.today_in_vietnam)
    note = NoteField("Ghi chú", max_length=500)


class VoidForm(PortalForm):
    """A stub that will not be used."""

    number = CountField("Số trên cuống")
    reason = NoteField("Lý do hủy", required=True, max_length=500)


class ReturnForm(PortalForm):
    """A book that comes back."""

    returned_on = DayField("Ngày trả", default=days.today_in_vietnam)
    note = NoteField("Ghi chú khi trả", max_length=500)


class DonorPaperForm(PortalForm):
    """What a letter, an honour or minutes say beside the gift."""

    made_on = DayField("Ngày ký", default=days.today_in_vietnam)
    number = TextField("Số, ký hiệu", required=False, max_length=60)
    addressee = TextField("Gửi ông, bà hoặc đơn vị")
    address = TextField("Địa chỉ", required=False, max_length=300)
    representative = TextField("Người đại diện", required=False)
    position = TextField("Chức vụ của người đại diện", required=False)
    tax_code = TextField("Mã số thuế", required=False, max_length=20)
    purpose_id = ChoiceField("Mục đích tài trợ", required=False)

    def fields_of(self, what: str) -> list[Any]:
        """The fields that a paper of this kind has."""
        names = {
            THANKS: ("addressee", "address", "number", "made_on"),
            HONOUR: ("addressee", "address", "number", "made_on"),
            MINUTES: (
                "addressee",
                "address",
                "tax_code",
                "representative",
                "position",
                "purpose_id",
                "number",
                "made_on",
            ),
        }
        return [self[name] for name in names[what]]


class PurposeForm(PortalForm):
    """A box of the closed list of purposes."""

    name = TextField("Mục đích", max_length=300)
    basis = TextField("Căn cứ", required=False, max_length=300)
    place = CountField("Thứ tự", required=False)
    valid_from = DayField("Dùng từ ngày", required=False)
    valid_to = DayField("Thôi dùng sau ngày", required=False)


class ListForm(PortalForm):
    """Which gifts stand on a Danh sách ủng hộ."""

    unit_id = ChoiceField("Đơn vị")
    start = DayField("Từ ngày")
    end = DayField("Đến ngày", default=days.today_in_vietnam)
    campaign_id = ChoiceField("Đợt vận động", required=False)
    account_id = ChoiceField("Tài khoản ngân hàng", required=False)
    file = ChoiceRadio("Tệp cần lấy", choices=list(FILES.items()), required="Chưa chọn loại tệp.")
