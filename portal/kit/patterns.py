"""The pattern page: every component of templates/ui/ on one page, with invented data.

It is where a component is looked at, measured and compared, before pages are written with it.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, render_template

from portal.kit.access import SIGNED_IN, allow
from portal.kit.charts import Bar
from portal.kit.columns import Cell, Column, Row
from portal.kit.filters import Filter
from portal.kit.forms import (
    AmountField,
    CheckField,
    ChoiceField,
    ChoiceRadio,
    DayField,
    FileField,
    NoteField,
    PortalForm,
    TextField,
)
from portal.kit.listing import BulkAction, Listing

bp = Blueprint("patterns", __name__)

GIFTS = (
    ("19/10/2026", "PT-0412", "Nguyễn Thị Hồng Nhung", "ấp Phú Lợi", "Tiền mặt", None, "500.000"),
    ("19/10/2026", "CK-0688", "Công ty TNHH Gạch ngói Hòa Thuận", "", "Chuyển khoản", None, "5.000.000"),
    ("19/10/2026", "PT-0409", "Hộ ông Trần Văn Bảy", "ấp Rạch Tre", "Tiền mặt", "bad", "1.000.000"),
    (
        "18/10/2026",
        "CK-0684",
        "Nhóm bạn học khóa 1998, Trường THPT Tân Phú",
        "",
        "Chuyển khoản",
        "warn",
        "7.500.000",
    ),
    ("17/10/2026", "CK-0683", "Công ty CP Cao su Bàu Sen", "ấp Bàu Sen", "Chuyển khoản", None, "100.000.000"),
)
STATES = {"bad": "Báo sai sót", "warn": "Chờ biên lai", None: "Đã ghi sổ"}
BARS = [
    Bar("Xây, sửa nhà Đại đoàn kết", 560_000_000, "560", "7 căn xây mới, 4 căn sửa"),
    Bar("Quà Tết, Ngày hội Đại đoàn kết", 268_400_000, "268,4", "671 suất"),
    Bar("Hỗ trợ sinh kế", 154_000_000, "154", "14 hộ"),
    Bar("Thẻ bảo hiểm y tế", 14_000_000, "14", "20 người"),
]
STEPS = [
    {"label": "Lập phiếu", "state": "done", "when": "09:31 19/10/2026"},
    {"label": "Chờ duyệt hủy", "state": "now", "when": "do Phạm Ngọc Lan đề nghị"},
    {"label": "Duyệt hủy", "state": "next", "action_url": "#", "action_text": "Duyệt hủy"},
]
ENTRIES = [
    {"when": "09:31 19/10/2026", "text": "Trần Thị Mỹ Duyên ghi nhận 3.850.000 đồng tiền mặt."},
    {"when": "10:05 19/10/2026", "text": "Phạm Ngọc Lan đề nghị hủy phiếu.", "note": "Lý do: ghi nhầm đợt."},
]
JOB = {
    "state": "running",
    "done": 4_200,
    "total": 10_000,
    "percent": 42,
    "message": "Đang ghi dòng 4.200.",
    "url": "",
    "cancel_url": "#",
}


class SampleForm(PortalForm):
    """One field of each kind."""

    donor = TextField("Họ tên hoặc tên đơn vị")
    amount = AmountField("Số tiền")
    day = DayField("Ngày nhận")
    campaign = ChoiceField("Đợt vận động", choices=[(1, "Tháng cao điểm 2026")])
    shown = ChoiceRadio(
        "Hiển thị trên trang công khai", choices=[("name", "Họ tên"), ("hidden", "Nhà hảo tâm")]
    )
    agreed = CheckField("Đã hỏi người ủng hộ")
    person = TextField("Người ghi", required=False)
    paper = FileField("Tệp sao kê", required=False, extensions=("xlsx", "csv"))
    note = NoteField("Ghi chú")


def _columns() -> list[Column]:
    heads = (
        ("ngay", "Ngày", "day"),
        ("so", "Số phiếu", "link"),
        ("ten", "Người ủng hộ", "text"),
        ("dia_chi", "Địa chỉ", "text"),
        ("hinh_thuc", "Hình thức", "text"),
        ("tinh_trang", "Tình trạng", "badge"),
        ("tien", "Số tiền (đ)", "amount"),
    )
    return [
        Column(
            key,
            label,
            kind,
            "right" if kind == "amount" else "left",
            key == "ten",
            True,
            "#danh-sach",
            "desc" if key == "ngay" else None,
        )
        for key, label, kind in heads
    ]


def _rows() -> list[Row]:
    return [
        Row(
            [
                Cell(day),
                Cell(code, url="#danh-sach"),
                Cell(name),
                Cell(place, muted=True),
                Cell(form),
                Cell(STATES[state], muted=state is None, badge_kind=state),
                Cell(amount),
            ],
            code,
            "#danh-sach",
        )
        for day, code, name, place, form, state, amount in GIFTS
    ]


def _listing(rows: list[Row], *, filtered: bool, nothing_yet: bool = False) -> Listing:
    filters = [
        Filter("tu", "Từ ngày", "day", "17/10/2026" if filtered else "", [], filtered, None),
        Filter(
            "dot", "Đợt vận động", "select", "", [("", "Tất cả"), ("1", "Tháng cao điểm 2026")], False, None
        ),
        Filter("so", "Số tiền từ", "amount", "", [], False, None),
        Filter("q", "Tên, số phiếu, nội dung", "text", "", [], False, None),
    ]
    return Listing(
        columns=_columns(),
        rows=rows,
        filters=filters,
        count=216 if rows else 0,
        sums={"tien": 412_760_000} if rows else {},
        noun="khoản",
        page_label="trang 1 trong 17" if rows else "trang 1 trong 1",
        prev_url=None,
        next_url="#danh-sach" if rows else None,
        clear_url="#danh-sach",
        export_xlsx_url="#danh-sach",
        export_csv_url="#danh-sach",
        action_url="",
        hidden_args={},
        bulk_actions=[BulkAction("In biên lai", "#", "print"), BulkAction("Đổi cách hiển thị", "#")],
        is_empty_database=nothing_yet,
        empty_text="Khoản ủng hộ đầu tiên sẽ hiện ở đây."
        if nothing_yet
        else "Không có khoản nào từ ngày 17/10/2026. Bớt điều kiện hoặc xóa lọc.",
    )


def samples() -> dict[str, Any]:
    """The values of templates/patterns.html."""
    form = SampleForm(formdata=None, data={"donor": "Nguyễn Thị Nhung", "amount": 15_250_000})
    form.day.errors = ["Ngày 31/09/2026 không có. Tháng 9 chỉ có 30 ngày. Gõ lại ngày, ví dụ 30/09/2026."]
    return {
        "listing": _listing(_rows(), filtered=True),
        "empty_listing": _listing([], filtered=False, nothing_yet=True),
        "unmatched_listing": _listing([], filtered=True),
        "form": form,
        "bars": BARS,
        "steps": STEPS,
        "entries": ENTRIES,
        "job": JOB,
    }


@bp.get("/patterns")
@allow(SIGNED_IN)
def patterns() -> str:
    """Every component on one page."""
    return render_template("patterns.html", **samples())


def register_patterns(app: Flask) -> None:
    """Serve the pattern page at /patterns, for people who are signed in."""
    app.register_blueprint(bp)
