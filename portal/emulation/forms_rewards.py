"""The shape of reward forms, rules, answers of donors, decisions, prizes on screen."""

from __future__ import annotations

from typing import Any

from portal.emulation.rules_nominations import HIDDEN, INITIALS, NAME
from portal.emulation.rules_rewards import MEASURES
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
from portal.spending.texts import Texts

SHOWN = [(NAME, "Nêu họ tên"), (INITIALS, "Viết tắt"), (HIDDEN, "Không nêu tên")]
TEXTS = tuple(Texts.__dataclass_fields__)
NO_REASON = "Chưa ghi lý do thu hồi. Ghi sự việc, ví dụ: khai sai thành tích."
NO_ACHIEVEMENT = "Chưa ghi thành tích. Ghi việc đã làm, ví dụ: ủng hộ [số tiền] cho người nghèo."


class SinceField(DayField):
    """The day from which something of a catalogue is used; blank (None) = always."""

    def __init__(self, label: str, **kwargs: Any):
        super().__init__(label, required=False, **kwargs)

    def shown(self, value: Any) -> str:
        """dd/mm/yyyy; nothing for what has always been."""
        return "" if value == days.EARLIEST else super().shown(value)


class RewardFormForm(PortalForm):
    """A reward form. The view offers the layouts."""

    name = TextField("Tên hình thức", max_length=100)
    statutory = CheckField("Hình thức theo Luật Thi đua, khen thưởng")
    levels = NoteField("Cấp đơn vị được tặng", max_length=200)
    needs_number = CheckField("Quyết định phải có số")
    needs_council = CheckField("Phải qua hội đồng xét")
    layout = ChoiceField("Kiểu trình bày", coerce=str)
    series = TextField("Ký hiệu sổ", max_length=6)
    title = TextField("Tên in trên giấy", max_length=100)
    giver = TextField("Lời trên tên người nhận", required=False)
    text = NoteField("Lời in trên giấy", required="Chưa ghi lời in trên giấy. Ghi một câu.", max_length=1000)
    prize = AmountField("Tiền thưởng kèm theo", required=False)
    valid_from = SinceField("Dùng từ ngày", default=days.today_in_vietnam)


def _year_start() -> Any:
    return days.today_in_vietnam().replace(month=1, day=1)


class RuleForm(PortalForm):
    """A rule over the books, without the kinds of givers, which `rule_form` adds. The view offers the rest."""

    unit_id = ChoiceField("Đơn vị")
    name = TextField("Tên quy tắc")
    form_id = ChoiceField("Hình thức khen")
    measure = ChoiceField("Cách tính", choices=list(MEASURES.items()), coerce=str)
    least = AmountField("Mức")
    least_a_year = AmountField("Mức mỗi năm", required=False)
    campaign_id = ChoiceField("Chỉ tính đợt vận động", required=False)
    with_goods = CheckField("Tính cả hiện vật theo giá trị quy đổi")
    achievement = NoteField("Thành tích ghi trên giấy", required=NO_ACHIEVEMENT, max_length=500)
    starts_on = DayField("Thử từ ngày", default=_year_start)
    ends_on = DayField("Thử đến ngày", default=days.today_in_vietnam)

    asked: list[tuple[str, str]] = []

    def told(self) -> dict[str, Any]:
        """What the action takes."""
        kinds = tuple(key for key, _ in self.asked if self[f"kind_{key}"].data)
        names = ("name", "measure", "least", "least_a_year", "campaign_id", "with_goods", "achievement")
        return {**{name: self[name].data for name in names}, "kinds": kinds}


def rule_form(kinds: list[tuple[str, str]]) -> type[RuleForm]:
    """The form with a tick for every kind of giver; none ticked = all."""
    ticks = {f"kind_{key}": CheckField(name) for key, name in kinds}
    return type("RuleForm", (RuleForm,), {**ticks, "asked": kinds})


class RunForm(PortalForm):
    """The days of which the books are asked."""

    starts_on = DayField("Từ ngày", default=_year_start)
    ends_on = DayField("Đến ngày", default=days.today_in_vietnam)


class ConsentForm(PortalForm):
    """What a donor without a name said."""

    agreed = ChoiceRadio(
        "Nhà hảo tâm trả lời", choices=[("co", "Đồng ý được khen"), ("khong", "Không, giữ kín")]
    )
    asked_on = DayField("Ngày hỏi", default=days.today_in_vietnam)
    note = TextField("Ai trả lời, bằng cách nào", max_length=300)


class DecisionHeadForm(PortalForm):
    """The head of a decision on rewards."""

    number = TextField("Số quyết định", required=False, max_length=60)
    decided_on = DayField("Ngày quyết định", default=days.today_in_vietnam)
    subject = TextField("Trích yếu", max_length=500)
    grounds = NoteField("Căn cứ", max_length=4000)
    articles = NoteField("Nội dung", max_length=4000)
    recipients = NoteField("Nơi nhận", max_length=1000)
    signer_title = NoteField("Chức vụ người ký", max_length=200)
    signer_name = TextField("Người ký", required=False)
    keep = CheckField("Giữ căn cứ, nội dung, nơi nhận và người ký này làm mẫu cho lần sau của đơn vị")

    def head(self) -> dict[str, Any]:
        """The fields of the decision."""
        return {name: self[name].data for name in ("number", "decided_on", "subject", *TEXTS)}

    def texts(self) -> Texts:
        """The texts that a unit may keep."""
        return Texts(**{name: self[name].data or "" for name in TEXTS})


class AwardForm(DecisionHeadForm):
    """A decision that rewards. The view offers units; the form of reward is in the address."""

    unit_id = ChoiceField("Đơn vị ban hành")


class WithdrawalForm(DecisionHeadForm):
    """A decision that takes a reward back."""

    reason = NoteField(
        "Lý do thu hồi",
        required="Chưa ghi lý do thu hồi. Ghi sự việc, ví dụ: khai sai thành tích.",
        max_length=500,
    )


class IssueForm(PortalForm):
    """The number of the signed paper, where the draft has none yet."""

    number = TextField("Số quyết định trên bản ký", required=False, max_length=60)


class PrizeForm(PortalForm):
    """What prizes are paid from. The view offers funds, purposes, campaigns."""

    fund_id = ChoiceField("Quỹ")
    purpose = ChoiceField("Mục đích chi", coerce=str)
    campaign_id = ChoiceField("Nguồn", required=False)
    decided_on = DayField("Ngày quyết định chi", default=days.today_in_vietnam)
    number = TextField("Số quyết định chi", required=False, max_length=60)


class BackForm(PortalForm):
    """Prize money that came back. The view offers the places."""

    amount = AmountField("Số tiền đã thu lại")
    day = DayField("Ngày thu", default=days.today_in_vietnam)
    place = ChoiceField("Thu vào", coerce=str)
    reason = TextField("Nội dung thu", max_length=500)


class ShownForm(PortalForm):
    """How the public reads the name."""

    shown_as = ChoiceField("Nêu tên trên trang công khai", choices=SHOWN, coerce=str, required=False)
    consent = TextField("Ai đồng ý nêu tên, giấy giữ ở đâu", required=False, max_length=300)
