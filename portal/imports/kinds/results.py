"""Results of programmes that the fund does not pay for itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from portal.imports.cells import Cells, given
from portal.imports.context import Context
from portal.imports.kind import Kind
from portal.imports.kinds.versioned import FROM, NOTE, TO, UNIT, check_row, known_by, period_of, writer
from portal.imports.lookups import UNITS, fixed
from portal.kit.access import ACCOUNTANT, RECORDER
from portal.kit.errors import Refused
from portal.kit.tables import ABSENT, ColumnSpec
from portal.kit.vietnamese import key_of
from portal.programmes import rules
from portal.programmes.actions import record_results
from portal.programmes.models import ProgrammeResult
from portal.programmes.rules import ResultRow

PROGRAMME, KIND, SOURCE, TARGET, ACTUAL = "Chương trình", "Loại", "Nguồn", "Chỉ tiêu", "Thực hiện"
MEASURE, HOUSEHOLDS, PEOPLE, AMOUNT = "Đơn vị tính", "Số hộ", "Số người", "Số tiền"
QUALIFIER, NATURE = "Mức độ", "Tính chất"
COLUMN_OF = {
    "programme": PROGRAMME,
    "kind": KIND,
    "target": TARGET,
    "qualifier": QUALIFIER,
    "cumulative": NATURE,
}


def parse(cells: Cells, context: Context) -> ResultRow | None:
    """A row; an empty cell is "not given", never zero."""
    unit, starts_on, ends_on = period_of(cells, context)
    programme = cells.text(
        PROGRAMME, needed="Chưa có tên chương trình. Ghi tên chương trình hoặc chính sách."
    )
    values = {
        "kind": _read(cells, KIND, rules.kind_key),
        "source": given(cells.text(SOURCE)) or "",
        "target": cells.number_with_decimals(TARGET),
        "actual": cells.number_with_decimals(ACTUAL),
        "measure": cells.text(MEASURE, limit=40),
        "households": cells.count(HOUSEHOLDS),
        "people": cells.count(PEOPLE),
        "amount": cells.amount(AMOUNT),
        "qualifier": _read(cells, QUALIFIER, rules.qualifier_of),
        "cumulative": _read(cells, NATURE, rules.cumulative_of),
        "note": cells.text(NOTE, limit=1000),
    }
    if unit is None or starts_on is None or ends_on is None or not programme:
        return None
    row = ResultRow(unit.id, starts_on, ends_on, programme, **values)
    if cells.sound:
        check_row(cells, row, _check, COLUMN_OF)
    return row


def _read(cells: Cells, column: str, read: Callable[[str | None], Any]) -> Any:
    text = cells.text(column)
    if text is ABSENT:
        return text
    try:
        return read(text)
    except Refused as refused:
        cells.refuse(refused, column)
        return None


def _check(values: dict[str, Any]) -> None:
    kind = values["kind"] or "khac"
    rules.check_result({**values, "kind": kind, "programme_key": key_of(values["programme"])})


def identity(row: ResultRow) -> tuple:
    """Unit, period, programme, source."""
    return row.unit_id, row.starts_on, row.ends_on, key_of(row.programme), row.source


def amount(row: ResultRow) -> int | None:
    """Đồng reported; not money of the fund."""
    return given(row.amount)


def span(row: ResultRow) -> tuple[date, ...]:
    """First and last day of the period."""
    return row.starts_on, row.ends_on


KINDS = ", ".join(name.lower() for name in rules.KINDS.values())

RESULTS = Kind(
    name="results",
    slug="ket-qua",
    label="Kết quả chương trình",
    lead="Kết quả của chương trình, chính sách do nơi khác chi hoặc báo cáo; không cộng vào tiền quỹ.",
    columns=(
        ColumnSpec(UNIT, ("Mã ĐV", "Đơn vị"), required=True),
        ColumnSpec(FROM, ("Ngày đầu kỳ", "Từ"), required=True),
        ColumnSpec(TO, ("Ngày cuối kỳ", "Đến"), required=True),
        ColumnSpec(PROGRAMME, ("Tên chương trình", "Chính sách"), required=True),
        ColumnSpec(KIND, ("Loại chương trình",)),
        ColumnSpec(SOURCE, ("Nguồn vốn", "Nguồn kinh phí")),
        ColumnSpec(TARGET, ("Kế hoạch",)),
        ColumnSpec(ACTUAL, ("Kết quả", "Kết quả thực hiện")),
        ColumnSpec(MEASURE, ("ĐVT",)),
        ColumnSpec(HOUSEHOLDS, ("Hộ",)),
        ColumnSpec(PEOPLE, ("Người",)),
        ColumnSpec(AMOUNT, ("Số tiền (đồng)", "Kinh phí")),
        ColumnSpec(QUALIFIER, ("Mức",)),
        ColumnSpec(NATURE, ("Kỳ hay lũy kế",)),
        ColumnSpec(NOTE, ("Ghi chú thêm",)),
    ),
    hints={
        UNIT: "Bắt buộc. Mã của đơn vị vào ngày cuối kỳ.",
        FROM: "Bắt buộc. Ngày đầu kỳ báo cáo.",
        TO: "Bắt buộc. Ngày cuối kỳ báo cáo.",
        PROGRAMME: "Bắt buộc. Tên chương trình; cùng tên và nguồn trong một kỳ là một dòng.",
        KIND: f"Một trong: {KINDS}.",
        SOURCE: "Nơi chi hoặc cho vay, ví dụ Ngân hàng Chính sách xã hội.",
        TARGET: "Số được giao; để trống khi không giao.",
        ACTUAL: "Số đạt được, theo đơn vị tính.",
        MEASURE: "Ví dụ: lao động, thẻ, căn.",
        HOUSEHOLDS: "Số hộ được hưởng.",
        PEOPLE: "Số người được hưởng.",
        AMOUNT: "Số đồng, ví dụ 9.968.000.000.",
        QUALIFIER: "gần, trên, khoảng; để trống khi là số đúng.",
        NATURE: "trong kỳ hoặc lũy kế; để trống là trong kỳ.",
        NOTE: "Không bắt buộc.",
    },
    roles=(ACCOUNTANT, RECORDER),
    parse=parse,
    write=writer(record_results, what="results", identity=identity, column_of=COLUMN_OF),
    known=known_by(
        tuple(getattr(ProgrammeResult, name) for name in rules.IDENTITY), ProgrammeResult, identity
    ),
    lookups={
        UNIT: UNITS,
        KIND: fixed("Loại chương trình", [name.lower() for name in rules.KINDS.values()]),
        QUALIFIER: fixed("Mức độ", ("gần", "trên", "khoảng")),
        NATURE: fixed("Tính chất", ("trong kỳ", "lũy kế")),
    },
    amount=amount,
    days=span,
    amount_columns=(AMOUNT,),
    day_columns=(FROM, TO),
)
