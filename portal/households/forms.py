"""The shape of households on screen."""

from __future__ import annotations

from typing import Any

from wtforms import SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from portal.donors.forms import CountField
from portal.households.rules_private import LONGEST as PRIVATE_LONGEST
from portal.households.rules_registry import LONGEST, SEXES
from portal.households.rules_watch import KINDS, VERDICTS
from portal.kit import days
from portal.kit.forms import (
    AmountField,
    CheckField,
    ChoiceField,
    ChoiceRadio,
    DayField,
    NoteField,
    PortalForm,
    TextField,
)


class ChecksField(SelectMultipleField):
    """Several boxes to tick; `data` is a list of ids."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: str, **kwargs: Any):
        super().__init__(label, coerce=int, validate_choice=True, choices=[], **kwargs)


class YearField(TextField):
    """A year; `data` is int. A year has no dots for thousands."""

    def __init__(self, label: str, **kwargs: Any):
        super().__init__(label, **{"max_length": 4, **kwargs})

    def parse(self, text: str) -> int:
        """Raises ValueError with our sentence."""
        if not (text.isascii() and text.isdigit() and len(text) == 4):
            raise ValueError(f"“{text[:20]}” không phải một năm. Gõ bốn chữ số, ví dụ 1968.")
        return int(text)


class HouseholdForm(PortalForm):
    """A household by its head. The view offers the units."""

    unit_id = ChoiceField("Thôn, ấp, khu phố")
    name = TextField("Chủ hộ", max_length=LONGEST["name"])
    sex = ChoiceField("Giới tính", coerce=str, choices=list(SEXES.items()), required=False)
    birth_year = YearField("Năm sinh", required=False)
    address = TextField("Địa chỉ", required=False, max_length=LONGEST["address"])
    phone = TextField("Điện thoại", required=False, max_length=LONGEST["phone"])
    bank_name = TextField("Ngân hàng", required=False, max_length=LONGEST["bank_name"])
    bank_number = TextField("Số tài khoản", required=False, max_length=LONGEST["bank_number"])
    bank_holder = TextField("Chủ tài khoản", required=False, max_length=LONGEST["bank_holder"])
    note = NoteField("Ghi chú", max_length=LONGEST["note"])


class MembersForm(PortalForm):
    """Who lives there besides the head, a line each."""

    members = NoteField("Thành viên khác của hộ", max_length=6000)


class YearForm(PortalForm):
    """What a review found in a year."""

    groups = ChecksField("Nhóm hộ")
    income = AmountField("Thu nhập bình quân (đồng/người/tháng)", required=False)
    lacks_known = CheckField("Đã rà soát các chỉ số thiếu hụt trong năm này")
    lacks = ChecksField("Chỉ số thiếu hụt")


class ChooseYearForm(PortalForm):
    """Which year."""

    year = YearField("Năm")


class NeedForm(PortalForm):
    """What the household needs."""

    kind_id = ChoiceField("Nhu cầu")
    since = DayField("Ghi nhận ngày", default=days.today_in_vietnam)
    need_note = TextField("Nói rõ thêm", required=False, max_length=500)


class AssignForm(PortalForm):
    """Who helps the household."""

    kind = ChoiceRadio("Cách phân công", choices=list(KINDS.items()))
    helpers = NoteField(
        "Ai giúp", required="Chưa ghi ai giúp. Gõ tên người, hội hoặc hộ, mỗi dòng một tên.", max_length=2000
    )
    starts_on = DayField("Từ ngày", default=days.today_in_vietnam)
    assign_note = TextField("Nội dung giúp", required=False, max_length=500)


class EndForm(PortalForm):
    """When helping ended."""

    ends_on = DayField("Kết thúc ngày", default=days.today_in_vietnam)


class VisitForm(PortalForm):
    """What somebody saw on a visit."""

    visited_on = DayField("Ngày thăm", default=days.today_in_vietnam)
    visitor = TextField("Người thăm")
    verdict = ChoiceRadio("So với lần trước", choices=list(VERDICTS.items()))
    illness = CheckField("Trong hộ có người ốm đau, tai nạn")
    visit_note = NoteField("Thấy gì, cần gì", max_length=1000)


class AidForm(PortalForm):
    """What came from others."""

    given_on = DayField("Ngày nhận", default=days.today_in_vietnam)
    source = TextField("Nguồn (người, nơi đã giúp)")
    cash = AmountField("Tiền", required=False)
    goods = TextField("Hiện vật", required=False, max_length=500)
    estimate = AmountField("Giá trị ước tính của hiện vật", required=False)
    aid_note = TextField("Ghi chú", required=False, max_length=500)


class PurposeForm(PortalForm):
    """Why sensitive fields are read."""

    purpose = TextField("Xem để làm gì", required="Chưa nêu xem để làm gì. Ghi một câu.", max_length=300)


class PrivateForm(PortalForm):
    """Sensitive fields of one person."""

    cccd = TextField("Số căn cước", required=False, max_length=20)
    health = TextField("Sức khỏe", required=False, max_length=PRIVATE_LONGEST["health"])
    ethnicity = TextField("Dân tộc", required=False, max_length=PRIVATE_LONGEST["ethnicity"])
    religion = TextField("Tôn giáo", required=False, max_length=PRIVATE_LONGEST["religion"])


class ProposeForm(PortalForm):
    """A change that somebody responsible has to decide."""

    what = ChoiceField("Mục cần sửa", coerce=str)
    new = NoteField("Giá trị đúng", max_length=1000)
    reason = NoteField(
        "Lý do", required="Chưa nêu lý do. Ghi vì sao cần sửa, dựa vào giấy tờ nào.", max_length=500
    )


class AnswerForm(PortalForm):
    """Why a proposal is not taken."""

    answer = NoteField("Trả lời khi không nhận", max_length=500)


class ReviewForm(PortalForm):
    """What the registry does not know of a review: its standard, its last day, all households of the unit."""

    standard = TextField("Chuẩn nghèo", max_length=100)
    ends_on = DayField("Ngày chốt")
    households_opening = CountField("Tổng số hộ dân đầu kỳ", required=False, max_length=12)
    households_closing = CountField("Tổng số hộ dân cuối kỳ", required=False, max_length=12)


class CatalogueForm(PortalForm):
    """A new group or need."""

    name = TextField("Tên", max_length=200)
    exclusive = CheckField("Xếp theo rà soát: mỗi năm một hộ chỉ thuộc một nhóm như vậy")


class IndicatorForm(PortalForm):
    """A lacking indicator, from a day on."""

    service = TextField("Dịch vụ xã hội cơ bản", max_length=100)
    name = TextField("Chỉ số", max_length=200)
    basis = TextField("Căn cứ", required=False, max_length=300)
    valid_from = DayField("Từ ngày")
    valid_to = DayField("Đến hết ngày", required=False)


class StandardForm(PortalForm):
    """A standard of a province, or of everybody."""

    unit_id = ChoiceField("Áp dụng cho", required=False)
    name = TextField("Tên chuẩn", max_length=200)
    basis = TextField("Căn cứ", required=False, max_length=300)
    income_rural = AmountField("Thu nhập khu vực nông thôn (đồng/người/tháng)", required=False)
    income_urban = AmountField("Thu nhập khu vực thành thị (đồng/người/tháng)", required=False)
    poor_lacks = CountField("Hộ nghèo khi thiếu hụt từ (chỉ số)", required=False, max_length=2)
    valid_from = DayField("Từ ngày")
    valid_to = DayField("Đến hết ngày", required=False)


class MinutesForm(PortalForm):
    """Who hands over to whom: what minutes of cases and of houses share."""

    handed_on = DayField("Ngày bàn giao", default=days.today_in_vietnam)
    place = TextField("Nơi bàn giao", required=False, max_length=300)
    giver_name = TextField("Người giao")
    giver_position = TextField("Chức vụ người giao", required=False)
    receiver_name = TextField("Người nhận")
