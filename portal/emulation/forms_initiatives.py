"""The shape of good models on screen."""

from __future__ import annotations

from portal.donors.forms import CountField
from portal.emulation.rules_initiatives import FORMS
from portal.kit import days
from portal.kit.forms import ChoiceField, DayField, NoteField, PortalForm, TextField


class ModelForm(PortalForm):
    """An initiative with its story."""

    name = TextField("Tên mô hình", max_length=300)
    form = ChoiceField("Hình thức", coerce=str, choices=[(name, name.capitalize()) for name in FORMS])
    starts_on = DayField("Bắt đầu từ ngày", required=False)
    ends_on = DayField("Kết thúc ngày", required=False)
    contact = TextField("Tổ chức phụ trách", required=False)
    story = NoteField("Câu chuyện", max_length=6000)
    results = NoteField("Kết quả", max_length=3000)
    households = CountField("Số hộ được giúp", required=False)
    people = CountField("Số người được giúp", required=False)


class NewModelForm(ModelForm):
    """A new one. The view offers the units."""

    unit_id = ChoiceField("Đơn vị")


class AnswerModelForm(PortalForm):
    """A second person answers."""

    answer = TextField("Cần sửa gì", required=False, max_length=500)


class ReplicaForm(PortalForm):
    """Another unit does the same. The view offers the units."""

    unit_id = ChoiceField("Đơn vị làm theo")
    since_on = DayField("Từ ngày", default=days.today_in_vietnam)
    note = TextField("Làm theo như thế nào", required=False, max_length=500)
