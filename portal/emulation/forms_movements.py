"""The shape of movements, years, criteria, clusters, classes and registrations on screen."""

from __future__ import annotations

from portal.emulation.rules_scoring import parse_points, typed_points
from portal.kit import days
from portal.kit.errors import Refused
from portal.kit.forms import CheckField, ChoiceField, ChoiceRadio, DayField, NoteField, PortalForm, TextField


class PointsField(TextField):
    """Points with up to two decimals; `data` is hundredths, None = not scored."""

    def parse(self, text: str) -> int | None:
        """Raises ValueError with what to type."""
        try:
            return parse_points(text, self.short_name)
        except Refused as refused:
            raise ValueError(refused.text) from refused

    def shown(self, value: int) -> str:
        """As people type it."""
        return typed_points(value)


class MovementForm(PortalForm):
    """A movement and its other names."""

    name = TextField("Tên phong trào", max_length=300)
    aliases = NoteField("Tên gọi khác", max_length=1000)
    starts_on = DayField("Từ ngày")
    ends_on = DayField("Đến ngày", required=False)
    basis = TextField("Căn cứ", required=False, max_length=500)
    note = NoteField("Ghi chú", max_length=1000)


class NewMovementForm(MovementForm):
    """A new one. The view offers the units."""

    unit_id = ChoiceField("Đơn vị phát động")


class RoundForm(PortalForm):
    """A year of a movement."""

    name = TextField("Tên kỳ chấm")
    starts_on = DayField("Từ ngày")
    ends_on = DayField("Đến ngày")
    register_by = DayField("Hạn đăng ký", required=False)
    basis = TextField("Căn cứ", required=False, max_length=500)
    council = TextField("Tên hội đồng", required=False)


class NewRoundForm(RoundForm):
    """A new year. The view offers units and the years to begin from."""

    unit_id = ChoiceField("Đơn vị tổ chức chấm")
    code = TextField("Mã kỳ", max_length=40)
    like_id = ChoiceField("Lấy tiêu chí, cụm, mức xếp loại của", required=False)


class CriterionForm(PortalForm):
    """A criterion."""

    code = TextField("Mã", max_length=20)
    part = TextField("Phần", required=False)
    text = NoteField(
        "Nội dung tiêu chí", required="Chưa có nội dung tiêu chí. Ghi nội dung.", max_length=1000
    )
    points = PointsField("Điểm chuẩn")
    bonus = PointsField("Điểm thưởng", required=False)
    due_on = DayField("Hạn", required=False)
    needs_evidence = CheckField("Phải có minh chứng")


class ClusterForm(PortalForm):
    """A cluster."""

    name = TextField("Tên cụm")


class ClassForm(PortalForm):
    """A class."""

    name = TextField("Tên mức", max_length=100)
    least = PointsField("Từ bao nhiêu điểm")


class PromiseForm(PortalForm):
    """What every registration says."""

    registered_on = DayField("Ngày đăng ký", default=days.today_in_vietnam)
    commitment = NoteField(
        "Nội dung cam kết",
        required="Chưa có nội dung cam kết. Ghi việc sẽ làm, mỗi việc một dòng.",
        max_length=2000,
    )


class UnitEntryForm(PromiseForm):
    """A unit. The view offers units and clusters."""

    unit_id = ChoiceField("Đơn vị đăng ký")
    cluster_id = ChoiceField("Cụm thi đua", required=False)
    representative = TextField("Người đại diện ký đăng ký")


class HouseholdEntryForm(PromiseForm):
    """A household of the registry."""

    household = TextField("Mã hộ", max_length=20)


class PersonEntryForm(PromiseForm):
    """Somebody. The view offers units."""

    unit_id = ChoiceField("Thuộc đơn vị")
    person_name = TextField("Họ tên")
    person_position = TextField("Chức vụ, nghề nghiệp", required=False)


class JudgeForm(PortalForm):
    """Whether a promise was kept; nothing is ticked beforehand."""

    achieved = ChoiceRadio("Kết quả", choices=[("yes", "Đạt"), ("no", "Không đạt"), ("open", "Chưa xét")])
    note = NoteField("Nhận xét", max_length=500)


class PublishForm(PortalForm):
    """The ranking is published."""

    without_open = CheckField("Công bố không có các đơn vị chưa chấm xong")
