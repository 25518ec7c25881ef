"""Forms of the hand-over: what is told of a household, of the rest, and what is asked around it."""

from __future__ import annotations

from portal.distributions.rules import OUTCOMES
from portal.distributions.rules_handover import NO_PAPERS, NOT_SIGNED, VERDICTS, Told
from portal.files.forms import FilesField
from portal.kit.days import today_in_vietnam
from portal.kit.forms import (
    MEGABYTE,
    CheckField,
    ChoiceField,
    ChoiceRadio,
    DayField,
    NoteField,
    PortalForm,
    TextField,
)


class TellForm(PortalForm):
    """One household. Ticks stand on the page ticked, as in a hall where nobody is asked twice; unticked is noted."""

    outcome = ChoiceRadio("Kết quả", choices=list(OUTCOMES.items()))
    outcome_on = DayField("Ngày trao", required=False)
    member = TextField("Người nhận thay trong hộ", required=False)
    proxy_name = TextField("Họ tên người nhận thay", required=False)
    proxy_relation = TextField("Quan hệ với hộ", required=False, max_length=100)
    note = TextField("Vì sao", required=False, max_length=400)
    papers_seen = CheckField("Đúng người, đã xem giấy tờ")
    signed = CheckField("Đã ký tên vào danh sách giấy")

    def told(self) -> Told:
        """What the person has said. A member of the household that was chosen gives name and relation."""
        name, relation = self.proxy_name.data, self.proxy_relation.data
        if not name and self.member.data:
            name, _, known = self.member.data.partition("|")
            relation = relation or known
        note = self.note.data
        if self.outcome.data in ("received", "proxy"):
            lacks = [
                text
                for box, text in ((self.papers_seen, NO_PAPERS), (self.signed, NOT_SIGNED))
                if not box.data
            ]
            note = ". ".join([*([note] if note else []), *lacks]) or None
        return Told(self.outcome.data, self.outcome_on.data, name, relation, note)


class RestForm(PortalForm):
    """Everybody of whom nobody has said anything yet."""

    outcome_on = DayField("Ngày trao", default=today_in_vietnam)
    hamlet = TextField("Thôn, ấp", required=False)


class NoForm(PortalForm):
    """A button with its keys."""


class SheetsForm(PortalForm):
    """Printing the sheets: with the numbers of ID cards only for a purpose."""

    with_cccd = CheckField("In số căn cước")
    purpose = TextField("In số căn cước để làm gì", required=False, max_length=300)


class SettleForm(PortalForm):
    """The officer gives an account."""

    settled_on = DayField("Ngày thanh toán", default=today_in_vietnam)
    papers = TextField("Chứng từ kèm theo", required=False, max_length=300)


class AnswerForm(PortalForm):
    """Another person answers."""

    answer = NoteField("Trả lời", max_length=500)


class GiveKeptForm(PortalForm):
    """A portion that was kept is given after all."""

    on = DayField("Ngày trao", default=today_in_vietnam)
    taken_by = TextField("Người nhận thay", required=False)
    relation = TextField("Quan hệ với hộ", required=False, max_length=100)


class ReturnKeptForm(PortalForm):
    """A portion that was kept goes back to the store."""

    on = DayField("Ngày trả về kho", default=today_in_vietnam)
    reason = TextField("Lý do trả về", required=False, max_length=400)


class ScansForm(PortalForm):
    """Scans and photos of signed sheets, several at once."""

    files = FilesField(
        "Ảnh chụp, bản quét",
        extensions=(".jpg", ".jpeg", ".png", ".webp", ".pdf"),
        max_bytes=60 * MEGABYTE,
        most=60,
        each=True,
        required="Chưa chọn tệp nào. Chọn ảnh chụp hoặc tệp PDF của các trang đã ký.",
    )


class FileScanForm(PortalForm):
    """Which page a scan shows."""

    sheet_id = ChoiceField("Trang", required="Chưa chọn trang. Chọn trang mà ảnh này chụp.")


class DropScanForm(PortalForm):
    """Why a scan does not count."""

    reason = TextField("Vì sao bỏ", required=False, max_length=300)


class ReasonForm(PortalForm):
    """A reason, judged by the action."""

    reason = NoteField("Lý do", max_length=500)


class DrawForm(PortalForm):
    """Whom to ask afterwards."""

    size = TextField("Số hộ rút thăm", required=False, max_length=6)
    seed = TextField("Số rút thăm", required=False, max_length=6)


class VerdictForm(PortalForm):
    """What a household said that was asked."""

    verified_on = DayField("Ngày đến hỏi", default=today_in_vietnam)
    verdict = ChoiceRadio("Kết quả", choices=list(VERDICTS.items()), required="Chưa chọn kết quả hậu kiểm.")
    note = TextField("Ghi chú", required=False, max_length=500)


class ConsentForm(PortalForm):
    """A household agrees that its name is shown."""

    given_by = TextField("Ai đồng ý")
    given_on = DayField("Ngày đồng ý", default=today_in_vietnam)
    paper = TextField("Ghi trên giấy nào", max_length=300)
