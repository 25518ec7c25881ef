"""The shape of what people type about cases: requests, surveys, decisions, minutes, visits."""

from __future__ import annotations

from typing import Any

from wtforms.widgets import TextArea

from portal.cases.models import AidQuestion
from portal.cases.rules import CONCLUSIONS, FATES, typed_answer
from portal.donors.forms import CountField
from portal.goods.forms import LinesForm
from portal.households.forms import MinutesForm, YearField
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

NO_REASON = "Chưa nêu hoàn cảnh. Ghi vài câu vì sao cần giúp."


class ChangeForm(PortalForm):
    """A request that is recorded: its field stays. The view offers members."""

    requested_on = DayField("Ngày đề nghị", default=days.today_in_vietnam)
    requester = TextField("Người, tổ chức đề nghị")
    member_id = ChoiceField("Người được giúp là thành viên", required=False)
    person_name = TextField("Hoặc người khác", required=False)
    person_birth_year = YearField("Năm sinh của người khác", required=False)
    person_relation = TextField("Quan hệ với hộ", required=False, max_length=60)
    reason = NoteField("Hoàn cảnh cần giúp", required=NO_REASON, max_length=2000)


class RequestForm(ChangeForm):
    """A request for a household. The view offers fields, too."""

    field_id = ChoiceField("Lĩnh vực hỗ trợ")


class SurveyForm(PortalForm):
    """The survey without the questions of its field, which `survey_form` adds."""

    surveyed_on = DayField("Ngày khảo sát", default=days.today_in_vietnam)
    team = NoteField(
        "Thành phần đoàn khảo sát", required="Chưa ghi ai đi khảo sát. Ghi họ tên, chức vụ.", max_length=500
    )
    work = TextField("Nghề nghiệp, việc làm", required=False)
    schooling = TextField("Trình độ học vấn", required=False, max_length=100)
    priority = TextField("Diện ưu tiên, chính sách", required=False)
    circumstances = NoteField("Hoàn cảnh gia đình, nhà ở", max_length=2000)
    conclusion = ChoiceRadio("Kết luận của đoàn", choices=list(CONCLUSIONS.items()))
    conclusion_note = NoteField("Ý kiến của đoàn", max_length=1000)
    amount = AmountField("Đề xuất hỗ trợ tiền", required=False)
    goods = TextField("Đề xuất hỗ trợ hiện vật", required=False, max_length=500)
    over_norm = TextField("Lý do đề xuất vượt mức hỗ trợ", required=False, max_length=500)
    secretary = TextField("Bí thư Chi bộ", required=False)
    hamlet_head = TextField("Trưởng thôn, ấp, khu phố", required=False)
    front_head = TextField("Trưởng ban Công tác Mặt trận", required=False)

    asked: list[AidQuestion] = []

    def answers(self) -> dict[int, str | None]:
        """What was typed, by question id."""
        return {one.id: self[f"q{one.id}"].data for one in self.asked}

    def head(self) -> dict[str, Any]:
        """Everything else."""
        return {name: value for name, value in self.values().items() if not name.startswith("q")}


class LongField(TextField):
    """Several lines; read by the rules of its question."""

    drawn_as = "TextAreaField"
    widget = TextArea()

    def tidy(self, typed: str) -> str:
        """As it was typed: the rule tidies."""
        return typed


def survey_form(questions: list[AidQuestion], known: dict[int, str]) -> type[SurveyForm]:
    """The form with a field for every question; `known` has the answers kept before (never those about health)."""
    fields: dict[str, Any] = {f"q{one.id}": _answer_field(one, known.get(one.id)) for one in questions}
    return type("SurveyForm", (SurveyForm,), {**fields, "asked": questions})


def _answer_field(question: AidQuestion, value: str | None) -> Any:
    shown = typed_answer(question.kind, value) or None
    if question.kind == "choice":
        pairs = [(line, line) for line in question.choices.splitlines()]
        return ChoiceField(question.label, choices=pairs, coerce=str, required=False, default=shown)
    kind = LongField if question.kind == "long" else TextField
    return kind(question.label, required=False, max_length=2000, default=shown)


class DecisionForm(LinesForm):
    """The urgent decision; lines of goods. The view offers units, funds, campaigns."""

    unit_id = ChoiceField("Đơn vị quyết định")
    fund_id = ChoiceField("Quỹ")
    campaign_id = ChoiceField("Nguồn: đợt vận động, lời kêu gọi", required=False)
    number = TextField("Số quyết định", required=False, max_length=60)
    decided_on = DayField("Ngày quyết định", default=days.today_in_vietnam)
    subject = TextField("Trích yếu", max_length=500)
    amount = AmountField("Số tiền hỗ trợ", required=False)
    over_norm = TextField("Lý do vượt mức hỗ trợ", required=False, max_length=500)
    in_spite = TextField("Lý do vẫn hỗ trợ khi khảo sát kết luận chưa đủ", required=False, max_length=500)


class GoodsForm(LinesForm):
    """Goods of the decision that leave a store."""

    store_id = ChoiceField("Xuất từ kho")
    day = DayField("Ngày xuất", default=days.today_in_vietnam)
    receiver = TextField("Người nhận hàng", required=False)


class HandoverForm(MinutesForm):
    """Names of the minutes."""

    receiver_relation = TextField("Quan hệ với người được giúp", required=False, max_length=100)
    witness_one = TextField("Người làm chứng thứ nhất", required=False)
    witness_two = TextField("Người làm chứng thứ hai", required=False)
    guardian_name = TextField("Người giám hộ", required=False)
    guardian_relation = TextField("Quan hệ của người giám hộ", required=False, max_length=100)


class SignForm(PortalForm):
    """The day on which the paper was signed."""

    handed_on = DayField("Ngày ký", default=days.today_in_vietnam)


class AssetsForm(LinesForm):
    """What is followed after the hand-over."""


def _name(number: int) -> TextField:
    return TextField(f"Tên dòng {number}", required=False)


def _measure(number: int) -> TextField:
    return TextField(f"Đơn vị tính dòng {number}", required=False, max_length=40)


def _pieces(number: int) -> CountField:
    return CountField(f"Số lượng dòng {number}", required=False)


ASSETS = {"name": _name, "measure": _measure, "pieces": _pieces}


class VisitForm(PortalForm):
    """A visit without its counts, which `visit_form` adds."""

    visited_on = DayField("Ngày thăm", default=days.today_in_vietnam)
    visitor = TextField("Người thăm")
    visit_note = NoteField("Thấy gì, cần gì", max_length=1000)

    assets: list[Any] = []

    def told(self) -> dict[int, dict[str, int | None]]:
        """Counts by asset id."""
        return {
            one.id: {fate: self[f"{fate}_{one.id}"].data for fate in (*FATES, "born")} for one in self.assets
        }


def visit_form(assets: list[Any]) -> type[VisitForm]:
    """The form with six counts for every asset; what its rule refuses stands at the first one."""
    fields: dict[str, Any] = {
        f"{fate}_{one.id}": CountField(f"{one.name}: {label.lower()}", required=False)
        for one in assets
        for fate, label in (*FATES.items(), ("born", "sinh thêm"))
    }
    return type("VisitForm", (VisitForm,), {**fields, "assets": assets})


class DueForm(PortalForm):
    """When the next visit is due."""

    due_on = DayField("Hẹn thăm ngày")


class AnswerForm(PortalForm):
    """Why something is not published or not moved."""

    answer = NoteField("Ý kiến", max_length=500)
