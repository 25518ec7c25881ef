"""Criteria of a year of an emulation movement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from portal.emulation.actions_criteria import CriterionRow, bring_criterion
from portal.emulation.models_movements import MovementCriterion, MovementRound
from portal.emulation.rules_movements import check_code
from portal.emulation.rules_scoring import MOST_POINTS, UNIT_OF_POINTS
from portal.imports.cells import Cells, given
from portal.imports.context import Context
from portal.imports.kind import Counts, Kind, Located
from portal.imports.kinds.catalogue import bring_each
from portal.imports.lookups import YEARS, fixed
from portal.imports.outcome import Problems
from portal.kit.access import ACCOUNTANT, RECORDER
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.tables import ABSENT, ColumnSpec

YEAR, CODE, PART, TEXT = "Mã kỳ", "Mã tiêu chí", "Phần", "Tiêu chí"
POINTS, BONUS, DUE, EVIDENCE = "Điểm chuẩn", "Điểm thưởng", "Hạn", "Minh chứng"
COLUMN_OF = {
    "code": CODE, "part": PART, "text": TEXT, "points": POINTS, "bonus": BONUS, "due_on": DUE,
    "needs_evidence": EVIDENCE,
}  # fmt: skip
YES_NO = {"có": True, "không": False}


@dataclass(frozen=True)
class Row:
    """A criterion and the year it belongs to; `code` parts the rows of one table."""

    round_id: int
    code: str  # "vnn-2026/1.2"
    criterion: CriterionRow


def parse(cells: Cells, context: Context) -> Row | None:
    """A row. The year is one that the person's unit holds."""
    one = _year(cells, context)
    code = given(cells.text(CODE, limit=20, needed="Chưa có mã tiêu chí. Ghi mã, ví dụ 1.2.")) or ""
    if code:
        try:
            check_code(code)
        except Refused as refused:
            cells.refuse(refused, CODE)
    row = CriterionRow(
        code=code,
        part=cells.text(PART),
        text=cells.text(TEXT, limit=1000),
        points=_points(cells, POINTS),
        bonus=_points(cells, BONUS),
        due_on=cells.day(DUE),
        needs_evidence=cells.choice(EVIDENCE, YES_NO),
    )
    return Row(one.id, f"{one.code}/{code}", row) if one is not None and code else None


def _year(cells: Cells, context: Context) -> MovementRound | None:
    code = given(
        cells.text(YEAR, limit=40, needed="Chưa có mã kỳ chấm. Ghi mã ở trang của kỳ, ví dụ VNN-2026.")
    )
    if not code:
        return None
    wanted = select(MovementRound).where(func.lower(MovementRound.code) == code.lower())
    one: MovementRound | None = context.once(
        ("movement_round", code.lower()), lambda: db.session.scalar(wanted)
    )
    if one is None:
        cells.wrong(YEAR, f"Chưa có kỳ chấm mang mã “{code}”. Lập kỳ chấm trước, hoặc sửa mã.")
    elif not context.may_write(one.unit_id):
        cells.wrong(YEAR, f"Kỳ “{one.name}” do {one.unit.name} tổ chức. Nhờ đơn vị đó nạp bảng tiêu chí.")
        return None
    return one


def _points(cells: Cells, column: str) -> Any:
    found: Decimal | None | Any = cells.number_with_decimals(column)
    if found is ABSENT or found is None:
        return found
    hundredths = found * UNIT_OF_POINTS
    if hundredths != int(hundredths) or hundredths > MOST_POINTS:
        cells.wrong(column, "Điểm có nhiều nhất hai số lẻ và không quá 1.000. Ghi như 9 hoặc 9,5.")
        return None
    return int(hundredths)


def write(located: Sequence[Located], context: Context, problems: Problems) -> Counts:
    """Add or change each criterion of its year."""
    years = {item.row.round_id for item in located}
    known = {key: db.session.get_one(MovementRound, key) for key in years}
    return bring_each(
        located,
        problems,
        record=lambda row: bring_criterion(known[row.round_id], row.criterion),
        code_column=CODE,
        noun="Tiêu chí",
        column_of=COLUMN_OF,
    )


def known(located: Sequence[Located], _context: Context) -> set[int]:
    """Rows whose criterion exists."""
    years = {item.row.round_id for item in located}
    rows = select(MovementCriterion.round_id, func.lower(MovementCriterion.code))
    found = {tuple(row) for row in db.session.execute(rows.where(MovementCriterion.round_id.in_(years)))}
    return {item.number for item in located if (item.row.round_id, item.row.criterion.code.lower()) in found}


def span(row: Row) -> tuple[date, ...]:
    """The deadline, where given."""
    return (row.criterion.due_on,) if given(row.criterion.due_on) else ()


CRITERIA = Kind(
    name="criteria",
    slug="tieu-chi-thi-dua",
    label="Tiêu chí thi đua",
    lead="Bảng tiêu chí của một kỳ chấm: điểm chuẩn, điểm thưởng, hạn, minh chứng.",
    columns=(
        ColumnSpec(YEAR, ("Kỳ", "Kỳ chấm"), required=True),
        ColumnSpec(CODE, ("Mã", "STT", "TT"), required=True),
        ColumnSpec(PART, ("Nhóm", "Mục")),
        ColumnSpec(TEXT, ("Nội dung", "Nội dung tiêu chí", "Tên tiêu chí")),
        ColumnSpec(POINTS, ("Điểm", "Điểm tối đa", "Thang điểm")),
        ColumnSpec(BONUS, ("Thưởng", "Điểm cộng")),
        ColumnSpec(DUE, ("Thời hạn", "Hạn hoàn thành")),
        ColumnSpec(EVIDENCE, ("Cần minh chứng",)),
    ),
    hints={
        YEAR: "Bắt buộc. Mã ở trang của kỳ chấm, ví dụ VNN-2026.",
        CODE: "Bắt buộc, ví dụ 1.2. Định dạng cột là chữ để Excel không đổi 1.10 thành 1.1.",
        PART: "Tiêu đề nhóm, ví dụ I. Tuyên truyền, vận động.",
        TEXT: "Bắt buộc với tiêu chí mới.",
        POINTS: "Bắt buộc với tiêu chí mới. Điểm cao nhất, ví dụ 10 hoặc 7,5.",
        BONUS: "Điểm thưởng cao nhất; để trống hoặc 0 là không có.",
        DUE: "Ngày cuối tự chấm; để trống là không có hạn.",
        EVIDENCE: "có hoặc không; để trống là không.",
    },
    roles=(ACCOUNTANT, RECORDER),
    parse=parse,
    write=write,
    known=known,
    lookups={YEAR: YEARS, EVIDENCE: fixed("Có không", tuple(YES_NO))},
    days=span,
    day_columns=(DUE,),
)
