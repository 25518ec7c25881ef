"""The shape of completion checks, minutes and entries of the catalogues."""

from __future__ import annotations

from portal.households.forms import MinutesForm
from portal.housing import rules
from portal.kit import days
from portal.kit.days import EARLIEST
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


class CheckForm(PortalForm):
    """Biên bản kiểm tra hoàn thành."""

    checked_on = DayField("Ngày kiểm tra", default=days.today_in_vietnam)
    board = TextField("Đại diện Ban chỉ đạo", required=False)
    commune = TextField("Đại diện UBND", required=False)
    front = TextField("Đại diện Mặt trận", required=False)
    hamlet_one = TextField("Đại diện thôn thứ nhất", required=False)
    hamlet_two = TextField("Đại diện thôn thứ hai", required=False)
    hamlet_three = TextField("Đại diện thôn thứ ba", required=False)
    area = TextField("Diện tích sàn (m²)", required=False, max_length=20)
    hard_foundation = CheckField("Nền cứng")
    hard_roof = CheckField("Mái cứng")
    hard_walls = CheckField("Tường, khung cứng")
    passed = ChoiceRadio("Kết luận", choices=[("yes", "Đạt, đề nghị bàn giao"), ("no", "Chưa đạt, phải sửa")])
    total = AmountField("Tổng giá trị theo biên bản", required=False)
    remark = NoteField("Nhận xét, việc phải sửa", max_length=1000)


class HandoverForm(MinutesForm):
    """Minutes of money or of the house."""

    receiver_relation = TextField("Quan hệ với chủ hộ", required=False, max_length=100)
    witness = TextField("Người làm chứng", required=False)
    commitment = NoteField("Cam kết của bên nhận", max_length=2000)


class ProgrammeForm(PortalForm):
    """A programme."""

    name = TextField("Tên chương trình", max_length=100)
    valid_from = DayField("Dùng từ ngày", default=lambda: EARLIEST)


class KindForm(PortalForm):
    """A kind of work."""

    name = TextField("Tên loại nhà", max_length=100)
    counts_as = ChoiceField("Tính là", choices=list(rules.COUNTS_AS.items()), coerce=str)
    norm_subject = TextField("Nội dung của mức hỗ trợ", required=False)
    hard = CheckField("Phải đủ “3 cứng” (nền, khung tường, mái) mới đạt")
    commitment = NoteField("Cam kết trong biên bản bàn giao", max_length=2000)
    valid_from = DayField("Dùng từ ngày", default=lambda: EARLIEST)


class RequirementForm(PortalForm):
    """A required paper."""

    name = TextField("Tên giấy tờ")
    step = ChoiceField(
        "Cần trước khi", choices=[(one, rules.STATES[one]) for one in rules.ORDER[1:]], coerce=str
    )
    source = ChoiceField("Chỉ khi có nguồn", choices=list(rules.SOURCES.items()), coerce=str, required=False)
    evidence = ChoiceField("Có từ đâu", choices=list(rules.EVIDENCE.items()), coerce=str)
    valid_from = DayField("Dùng từ ngày", default=lambda: EARLIEST)
