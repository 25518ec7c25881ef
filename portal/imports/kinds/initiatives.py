"""Good models and works of the emulation movement."""

from __future__ import annotations

from datetime import date

from portal.emulation.actions import record_initiatives
from portal.emulation.models import Initiative
from portal.emulation.rules import InitiativeRow, check_initiative
from portal.imports.cells import Cells, given
from portal.imports.context import Context
from portal.imports.kind import Kind
from portal.imports.kinds.versioned import FROM, NOTE, TO, UNIT, check_row, known_by, writer
from portal.imports.lookups import UNITS
from portal.kit.access import ACCOUNTANT, RECORDER
from portal.kit.days import today_in_vietnam
from portal.kit.tables import ColumnSpec
from portal.kit.vietnamese import key_of

NAME, FORM = "Tên mô hình", "Hình thức"
COLUMN_OF = {"name": NAME}


def parse(cells: Cells, context: Context) -> InitiativeRow | None:
    """A row; blank days mean "always", and then the unit is the last one that bears the code."""
    name = cells.text(NAME, limit=300, needed="Chưa có tên mô hình. Ghi tên mô hình hoặc công trình.")
    form = cells.text(FORM, limit=100)
    starts_on, ends_on = cells.day(FROM), cells.day(TO)
    note = cells.text(NOTE, limit=1000)
    day = given(ends_on) or given(starts_on) or today_in_vietnam()
    unit = context.unit_of(cells, day)
    context.check_alive(cells, unit, given(starts_on))
    if unit is None or not name:
        return None
    row = InitiativeRow(unit.id, name, form, starts_on, ends_on, note)
    if cells.sound:
        check_row(
            cells, row, lambda values: check_initiative({**values, "name_key": key_of(name)}), COLUMN_OF
        )
    return row


def identity(row: InitiativeRow) -> tuple:
    """Unit and name."""
    return row.unit_id, key_of(row.name)


def span(row: InitiativeRow) -> tuple[date, ...]:
    """First and last day, where given."""
    return tuple(day for day in (row.starts_on, row.ends_on) if day)


INITIATIVES = Kind(
    name="initiatives",
    slug="mo-hinh",
    label="Mô hình hay",
    lead="Mô hình, công trình, câu lạc bộ, tổ hợp tác giúp nhau giảm nghèo.",
    columns=(
        ColumnSpec(UNIT, ("Mã ĐV", "Đơn vị"), required=True),
        ColumnSpec(NAME, ("Mô hình", "Tên"), required=True),
        ColumnSpec(FORM, ("Loại hình",)),
        ColumnSpec(FROM, ("Ngày bắt đầu", "Từ")),
        ColumnSpec(TO, ("Ngày kết thúc", "Đến")),
        ColumnSpec(NOTE, ("Ghi chú thêm",)),
    ),
    hints={
        UNIT: "Bắt buộc.",
        NAME: "Bắt buộc. Tên đầy đủ của mô hình.",
        FORM: "Ví dụ: mô hình, công trình, câu lạc bộ, tổ hợp tác.",
        FROM: "Ngày bắt đầu; để trống nghĩa là từ trước đến nay.",
        TO: "Ngày kết thúc; để trống nghĩa là vẫn còn.",
        NOTE: "Không bắt buộc.",
    },
    roles=(ACCOUNTANT, RECORDER),
    parse=parse,
    write=writer(record_initiatives, what="initiatives", identity=identity, column_of=COLUMN_OF),
    known=known_by((Initiative.unit_id, Initiative.name_key), Initiative, identity),
    lookups={UNIT: UNITS},
    days=span,
    day_columns=(FROM, TO),
)
