"""The shape of what people type about houses: projects, surveys, sources, decisions, tranches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from portal.donors.forms import CountField
from portal.housing import rules
from portal.housing.queries_money import Share
from portal.kit import days
from portal.kit.forms import (
    AmountField,
    ChoiceField,
    ChoiceRadio,
    DayField,
    NoteField,
    PortalForm,
    TextField,
)

NO_LAND = "Chưa ghi giấy tờ đất. Ghi loại giấy, hoặc “chưa có, đất không tranh chấp”."
NO_STATE = "Chưa ghi tình trạng nhà. Ghi nền, vách, mái, diện tích."
NO_NEED = "Chưa ghi nhu cầu. Ghi muốn làm gì, bao nhiêu m²."


class ProjectForm(PortalForm):
    """A project. The view offers programmes and kinds."""

    programme_id = ChoiceField("Chương trình")
    kind_id = ChoiceField("Loại nhà")
    opened_on = DayField("Ngày lập hồ sơ", default=days.today_in_vietnam)
    priority = ChoiceField("Mức ưu tiên", choices=list(rules.PRIORITIES.items()), default=3)
    need = NoteField("Nhu cầu về nhà ở", required="Chưa ghi nhu cầu. Ghi vài câu.", max_length=2000)
    estimate = AmountField("Dự toán", required=False)
    zone = TextField("Vùng tính mức hỗ trợ", required=False, max_length=60)
    builder = ChoiceField("Ai làm nhà", choices=list(rules.BUILDERS.items()), default=rules.SELF, coerce=str)
    builder_name = TextField("Tên thầu, thợ nhận khoán", required=False)
    start_by = DayField("Khởi công trước ngày", required=False)
    finish_by = DayField("Bàn giao trước ngày", required=False)


class SurveyForm(PortalForm):
    """The part of the survey that the team finds; the household's stands in the registry."""

    surveyed_on = DayField("Ngày khảo sát", default=days.today_in_vietnam)
    team = NoteField(
        "Thành phần đoàn khảo sát", required="Chưa ghi ai đi khảo sát. Ghi họ tên, chức vụ.", max_length=500
    )
    work = TextField("Nghề nghiệp, việc làm", required=False)
    schooling = TextField("Trình độ học vấn", required=False, max_length=100)
    priority = TextField("Diện ưu tiên, chính sách", required=False)
    land = TextField(
        "Giấy tờ đất",
        required=NO_LAND,
        max_length=300,
    )
    house_state = NoteField(
        "Tình trạng nhà ở",
        required=NO_STATE,
        max_length=1000,
    )
    circumstances = NoteField("Hoàn cảnh gia đình", max_length=2000)
    need = NoteField(
        "Nhu cầu, phương án làm nhà",
        required=NO_NEED,
        max_length=1000,
    )
    cost = AmountField("Kinh phí dự kiến", required=False)
    own_share = AmountField("Gia đình có thể góp", required=False)
    own_days = CountField("Ngày công gia đình, họ hàng góp", required=False)
    conclusion = ChoiceRadio("Kết luận của đoàn", choices=list(rules.CONCLUSIONS.items()))
    conclusion_note = NoteField("Ý kiến của đoàn", max_length=1000)
    secretary = TextField("Bí thư Chi bộ", required=False)
    hamlet_head = TextField("Trưởng thôn, ấp, khu phố", required=False)
    front_head = TextField("Trưởng ban Công tác Mặt trận", required=False)


class PaperForm(PortalForm):
    """A paper of the dossier. The view offers what is still missing."""

    requirement_id = ChoiceField("Giấy tờ")
    number = TextField("Số", required=False, max_length=100)
    dated = DayField("Ngày trên giấy")
    note = TextField("Nơi lưu, ghi chú", required=False, max_length=300)


class StepForm(PortalForm):
    """The day of a step."""

    happened_on = DayField("Ngày", default=days.today_in_vietnam)


class ApproveForm(PortalForm):
    """The day of the approval."""

    approved_on = DayField("Ngày duyệt", default=days.today_in_vietnam)


class SignForm(PortalForm):
    """The day on which a completion check was signed."""

    signed_on = DayField("Ngày ký", default=days.today_in_vietnam)


class HandSignForm(PortalForm):
    """The day on which minutes were signed."""

    handed_on = DayField("Ngày ký", default=days.today_in_vietnam)


class SourceForm(PortalForm):
    """A source of the budget. The view offers campaigns."""

    kind = ChoiceField("Loại nguồn", choices=list(rules.SOURCES.items()), coerce=str)
    campaign_id = ChoiceField("Đợt vận động (nguồn Quỹ)", required=False)
    name = TextField("Tên nguồn, nhà tài trợ", required=False)
    amount = AmountField("Số tiền", required=False)
    days = CountField("Số ngày công", required=False)
    day_value = AmountField("Trị giá một ngày công", required=False)


class OutsideForm(PortalForm):
    """Something that came without passing through the fund. The view offers sources."""

    source_id = ChoiceField("Nguồn")
    happened_on = DayField("Ngày nhận", default=days.today_in_vietnam)
    amount = AmountField("Trị giá", required=False)
    days = CountField("Số ngày công", required=False)
    paper = TextField("Hóa đơn, biên bản", required=False)
    note = TextField("Ghi chú", required=False, max_length=500)


class DecisionForm(PortalForm):
    """The decision; an amount for every source of the fund is added by `decision_form`."""

    unit_id = ChoiceField("Đơn vị quyết định")
    fund_id = ChoiceField("Quỹ")
    number = TextField("Số quyết định", required=False, max_length=60)
    decided_on = DayField("Ngày quyết định", default=days.today_in_vietnam)
    subject = TextField("Trích yếu", max_length=500)
    over_norm = TextField("Lý do vượt mức hỗ trợ", required=False, max_length=500)
    in_spite = TextField("Lý do vẫn hỗ trợ khi khảo sát kết luận chưa đủ", required=False, max_length=500)

    shares: Sequence[Share] = ()

    def amounts(self) -> dict[int, int]:
        """đồng by id of the source."""
        return {one.source.id: self[f"amount_{one.source.id}"].data or 0 for one in self.shares}


def decision_form(shares: Sequence[Share]) -> type[DecisionForm]:
    """The form with the amount of each of the fund's sources; at first what is left of it."""
    fields: dict[str, Any] = {
        f"amount_{one.source.id}": AmountField(
            one.label, required=False, default=one.planned - one.decided or None
        )
        for one in shares
    }
    return type("DecisionForm", (DecisionForm,), {**fields, "shares": shares})


class TrancheForm(PortalForm):
    """A tranche. The view offers rows of decisions in force."""

    row = ChoiceField("Dòng quyết định")
    stage = ChoiceField("Cấp khi", choices=list(rules.STAGES.items()), coerce=str)
    amount = AmountField("Số tiền đợt này")


class ConsentForm(PortalForm):
    """Consent to the name on the public page."""

    shown_name = TextField("Tên hiện trên trang công khai")
    consent_by = TextField("Ai đồng ý")
    consent_on = DayField("Ngày đồng ý", default=days.today_in_vietnam)
    consent_paper = TextField("Giấy đồng ý", max_length=300)
