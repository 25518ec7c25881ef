"""The shape of fields of aid and of appeals on screen."""

from __future__ import annotations

from portal.cases.rules import FORMS, KINDS
from portal.cases.rules_appeal import AGES
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


class FieldForm(PortalForm):
    """A field of aid. The view offers the purposes."""

    name = TextField("Tên lĩnh vực", max_length=100)
    form = ChoiceField("Mẫu phiếu khảo sát", choices=list(FORMS.items()), coerce=str)
    purpose = ChoiceField("Mục đích chi", coerce=str)
    norm_subject = TextField("Nội dung trong mức hỗ trợ", required=False)
    commitment = NoteField("Lời cam kết trong biên bản bàn giao", max_length=2000)
    visits = TextField("Thăm lại sau (tháng)", required=False, max_length=60)
    needs_guardian = CheckField("Biên bản bàn giao cần người giám hộ ký")
    valid_from = DayField("Dùng từ ngày", default=days.today_in_vietnam)


class QuestionForm(PortalForm):
    """A question of a field's survey."""

    label = TextField("Câu hỏi", max_length=200)
    kind = ChoiceField("Cách trả lời", choices=list(KINDS.items()), coerce=str)
    choices = NoteField("Các ô để chọn", max_length=1000)
    health = CheckField("Câu trả lời nói về sức khỏe, phải giữ như thông tin riêng")
    valid_from = DayField("Hỏi từ ngày", default=days.today_in_vietnam)


class TextForm(PortalForm):
    """What the public reads."""

    title = TextField("Tiêu đề", max_length=150)
    body = NoteField(
        "Nội dung", required="Chưa có nội dung. Viết hoàn cảnh, không nêu tên, địa chỉ.", max_length=4000
    )
    illness = TextField("Bệnh, theo lời đã đồng ý công khai", required=False, max_length=300)


class AppealForm(TextForm):
    """An appeal with its consents. Nothing is ticked beforehand. The view offers campaigns."""

    unit_id = ChoiceField("Đơn vị đứng ra kêu gọi")
    target = AmountField("Số tiền cần")
    surplus_campaign_id = ChoiceField("Phần dư chuyển vào đợt", required=False)
    surplus_text = TextField("Phần dư sẽ dùng vào việc gì", max_length=500)
    age = ChoiceRadio("Tuổi của người được giúp", choices=list(AGES.items()))
    consent_by = TextField("Ai trong hộ đồng ý")
    consent_on = DayField("Ngày hộ đồng ý")
    consent_paper = TextField("Giấy đồng ý, giữ ở đâu", max_length=300)
    guardian_name = TextField("Người giám hộ đồng ý", required=False)
    guardian_on = DayField("Ngày người giám hộ đồng ý", required=False)
    child_on = DayField("Ngày chính em đồng ý", required=False)
