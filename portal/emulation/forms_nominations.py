"""The shape of nominations and councils on screen."""

from __future__ import annotations

from typing import Any

from portal.donors.forms import CountField
from portal.emulation.forms_rewards import SHOWN
from portal.emulation.models_nominations import RewardCouncilRow
from portal.emulation.rules_nominations import SUBJECTS, VERDICTS
from portal.kit import days
from portal.kit.forms import AmountField, ChoiceField, DayField, NoteField, PortalForm, TextField

NO_ACHIEVEMENT = "Chưa ghi thành tích. Ghi việc đã làm và kết quả."
NO_MEMBERS = "Chưa ghi thành viên. Ghi mỗi người một dòng: họ tên, chức vụ."


class NominationForm(PortalForm):
    """Who is put forward for what. The view offers units, forms, campaigns."""

    unit_id = ChoiceField("Đơn vị đề nghị")
    form_id = ChoiceField("Hình thức đề nghị")
    subject = ChoiceField("Đối tượng", choices=list(SUBJECTS.items()), coerce=str)
    name = TextField("Tên ghi trên giấy")
    address = TextField("Địa chỉ, đơn vị", required=False, max_length=300)
    code = TextField("Mã nhà hảo tâm hoặc mã hộ", required=False, max_length=40)
    of_unit_id = ChoiceField("Hoặc đơn vị trong danh mục", required=False)
    achievement = NoteField("Thành tích", required=NO_ACHIEVEMENT, max_length=500)
    movement = TextField("Phong trào thi đua", required=False, max_length=300)
    campaign_id = ChoiceField("Đợt vận động", required=False)
    starts_on = DayField(
        "Thành tích từ ngày", default=lambda: days.today_in_vietnam().replace(month=1, day=1)
    )
    ends_on = DayField("Thành tích đến ngày", default=days.today_in_vietnam)
    prize = AmountField("Tiền thưởng đề nghị", required=False)
    shown_as = ChoiceField("Nêu tên trên trang công khai", choices=SHOWN, coerce=str, required=False)
    consent = TextField("Ai đồng ý nêu tên, giấy giữ ở đâu", required=False, max_length=300)
    twice = TextField("Lý do khen thêm cho cùng thành tích", required=False, max_length=500)


class CouncilForm(PortalForm):
    """The head of the minutes."""

    met_on = DayField("Ngày họp", default=days.today_in_vietnam)
    place = TextField("Địa điểm", required=False, max_length=300)
    chair = TextField("Chủ trì")
    secretary = TextField("Thư ký")
    members = NoteField("Thành viên dự họp", required=NO_MEMBERS, max_length=2000)
    remarks = NoteField("Ý kiến khác", max_length=2000)


class NewCouncilForm(CouncilForm):
    """A meeting that is called. The view offers units."""

    unit_id = ChoiceField("Đơn vị")


class VerdictsForm(CouncilForm):
    """The minutes with a verdict for everybody; `verdicts_form` adds the rows."""

    rows: list[Any] = []

    def told(self) -> dict[int, dict[str, Any]]:
        """Verdict, votes and note by nomination id."""
        parts = {"verdict": "verdict", "votes_for": "for", "votes_against": "against", "note": "note"}
        return {
            row.nomination_id: {
                name: self[f"{part}_{row.nomination_id}"].data for name, part in parts.items()
            }
            for row in self.rows
        }


def verdicts_form(rows: list[RewardCouncilRow]) -> type[VerdictsForm]:
    """The form with four fields for every nomination."""
    fields: dict[str, Any] = {}
    for row in rows:
        key, who = row.nomination_id, f"{row.ordinal}. {row.nomination.name}"
        fields[f"verdict_{key}"] = ChoiceField(
            f"Kết quả: {who}", choices=list(VERDICTS.items()), coerce=str, required=False, default=row.verdict
        )
        fields[f"for_{key}"] = CountField(f"Phiếu đồng ý: {who}", required=False, default=row.votes_for)
        fields[f"against_{key}"] = CountField(
            f"Phiếu không đồng ý: {who}", required=False, default=row.votes_against
        )
        fields[f"note_{key}"] = TextField(f"Ghi chú: {who}", required=False, max_length=500, default=row.note)
    return type("VerdictsForm", (VerdictsForm,), {**fields, "rows": rows})
