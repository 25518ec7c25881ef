"""The shape of what people type about spending: heads of decisions, catalogues, budgets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from portal.kit import days
from portal.kit.forms import (
    CheckField,
    ChoiceField,
    DayField,
    FileField,
    NoteField,
    PortalForm,
    TextField,
)
from portal.spending.columns import COLUMNS, GRID_ROWS
from portal.spending.rules import BASES
from portal.spending.texts import Texts

FIRST_ROWS, MORE_ROWS = 6, 6
COUNT, BANKING = (
    "so_dong",
    "tai_khoan",
)  # how many rows the form had; whether it shows the receivers' accounts
TEXTS = tuple(Texts.__dataclass_fields__)


class DecisionForm(PortalForm):
    """The head of a decision. The view offers units, funds, purposes and campaigns."""

    unit_id = ChoiceField("Đơn vị ban hành")
    fund_id = ChoiceField("Quỹ")
    kind = ChoiceField("Loại văn bản", choices=list(BASES.items()), coerce=str, default="decision")
    number = TextField("Số văn bản", required=False, max_length=60)
    decided_on = DayField("Ngày văn bản", default=days.today_in_vietnam)
    subject = TextField("Trích yếu", max_length=500)
    grounds = NoteField("Căn cứ", max_length=4000)
    articles = NoteField("Nội dung", max_length=4000)
    recipients = NoteField("Nơi nhận", max_length=1000)
    signer_title = NoteField("Chức vụ người ký", max_length=200)
    signer_name = TextField("Người ký", required=False)
    keep = CheckField("Giữ căn cứ, nội dung, nơi nhận và người ký này làm mẫu cho lần sau của đơn vị")
    purpose = ChoiceField("Mục đích chung của các dòng", coerce=str, required=False)
    campaign_id = ChoiceField("Đợt chung của các dòng", required=False)

    offered: Any = None  # spending.rows.Ground: what the cells of the rows may say

    def head(self) -> dict[str, Any]:
        """The fields of `Decision`."""
        values = {name: self[name].data or "" for name in (*TEXTS, "subject")}
        return values | {name: self[name].data for name in ("kind", "number", "decided_on")}

    def texts(self) -> Texts:
        """The texts that a unit may keep."""
        return Texts(**{name: self[name].data or "" for name in TEXTS})


class ListFileForm(PortalForm):
    """The list as a file."""

    file = FileField("Tệp danh sách", extensions=("xlsx", "xls", "csv"))


class IssueForm(PortalForm):
    """The number of the signed paper, where the draft has none yet."""

    number = TextField("Số văn bản trên bản ký", max_length=60)


def rows_typed(form: Mapping[str, str]) -> list[dict[str, str]]:
    """The cells of the grid of a request, row by row, as they were typed: "r3-amount"."""
    return [
        {column.key: form.get(f"r{number}-{column.key}", "") for column in COLUMNS}
        for number in range(1, count_asked(form) + 1)
    ]


def count_asked(form: Mapping[str, str]) -> int:
    """How many rows the grid of a request had."""
    typed = form.get(COUNT, "")
    count = int(typed) if re.fullmatch(r"\d{1,4}", typed) else 0
    return min(count, GRID_ROWS)
