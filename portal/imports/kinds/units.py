"""Units: codes, names, who stands above whom, who replaced whom."""

from __future__ import annotations

from collections.abc import Sequence

from portal.imports.cells import Cells, given
from portal.imports.context import Context
from portal.imports.kind import Counts, Kind, Located
from portal.imports.lookups import UNITS as UNIT_LIST
from portal.imports.lookups import fixed
from portal.imports.outcome import Problems
from portal.kit.access import ADMINISTRATOR
from portal.kit.days import EARLIEST
from portal.kit.tables import ABSENT, ColumnSpec
from portal.people.queries import has_everywhere
from portal.units.actions import UnitRow, plan_units, record_units
from portal.units.models import Unit

CODE, NAME, LEVEL, PARENT = "Mã đơn vị", "Tên đơn vị", "Cấp", "Mã đơn vị cấp trên"
FROM, TO, REPLACES = "Hiệu lực từ", "Hiệu lực đến", "Thay thế cho"
COLUMN_OF = {
    "code": CODE,
    "name": NAME,
    "level": LEVEL,
    "parent": PARENT,
    "valid_from": FROM,
    "valid_to": TO,
    "replaces": REPLACES,
}


def parse(cells: Cells, _context: Context) -> UnitRow:
    """A row of the list; blank days mean "always"."""
    return UnitRow(
        code=given(
            cells.text(CODE, limit=40, needed="Chưa có mã đơn vị. Ghi mã, ví dụ mã hành chính của xã.")
        )
        or "",
        name=cells.text(NAME),
        level=cells.text(LEVEL, limit=60),
        parent=cells.text(PARENT, limit=40),
        valid_from=given(cells.day(FROM)) or EARLIEST,
        valid_to=cells.day(TO),
        replaces=cells.several(REPLACES),
    )


def write(located: Sequence[Located], context: Context, problems: Problems) -> Counts:
    """Check the whole list, then record it."""
    rows = [item.row for item in located]
    for fault in plan_units(rows).faults:
        problems.add(located[fault.place].number, COLUMN_OF[fault.field], fault.text)
    _check_scope(located, context, problems)
    if problems.total:
        return Counts(0, 0, 0)
    return Counts(*record_units(rows))


def known(located: Sequence[Located], context: Context) -> set[int]:
    """Rows whose code and first day a unit bears."""
    there = {(unit.code, unit.valid_from) for unit in context.all_units()}
    return {item.number for item in located if item.row.key in there}


def _check_scope(located: Sequence[Located], context: Context, problems: Problems) -> None:
    """An administrator of some units may list those and new ones below them, nothing above or beside."""
    if context.by is None or has_everywhere(context.by, ADMINISTRATOR):
        return
    own = {unit.code for unit in _own_units(context)}
    grown = True
    while grown:  # rows come in any order
        fresh = {item.row.code for item in located if item.row.parent in own} - own
        fresh -= {code for code in fresh if context.knows_unit(code)}
        own |= fresh
        grown = bool(fresh)
    for number, row in located:
        if row.code not in own or (
            row.parent is not ABSENT and row.parent not in own and row.parent is not None
        ):
            text = "Đơn vị này không thuộc phạm vi được giao. Bỏ dòng này, hoặc nhờ quản trị cấp trên nạp."
            problems.add(number, CODE, text)


def _own_units(context: Context) -> list[Unit]:
    return [unit for unit in context.all_units() if context.may_write(unit.id)]


UNITS = Kind(
    name="units",
    slug="don-vi",
    label="Đơn vị",
    lead="Danh mục đơn vị hành chính: mã, tên, cấp trên, thời gian hiệu lực và đơn vị được thay thế.",
    columns=(
        ColumnSpec(CODE, ("Mã", "Mã ĐV", "Mã hành chính"), required=True),
        ColumnSpec(NAME, ("Tên", "Đơn vị", "Tên ĐV")),
        ColumnSpec(LEVEL, ("Cấp hành chính", "Loại đơn vị")),
        ColumnSpec(PARENT, ("Mã cấp trên", "Đơn vị cấp trên", "Trực thuộc")),
        ColumnSpec(FROM, ("Từ ngày", "Ngày hiệu lực", "Có hiệu lực từ")),
        ColumnSpec(TO, ("Đến ngày", "Hết hiệu lực", "Ngày hết hiệu lực")),
        ColumnSpec(REPLACES, ("Thay cho", "Đơn vị cũ", "Thay thế")),
    ),
    hints={
        CODE: "Bắt buộc. Mã và ngày bắt đầu làm nên một đơn vị; mã cũ có thể dùng lại về sau.",
        NAME: "Tên đầy đủ, ví dụ “Xã Tân Phú Hòa”. Bắt buộc với đơn vị mới.",
        LEVEL: "Ví dụ: tỉnh, thành phố, xã, phường, đặc khu.",
        PARENT: "Mã của đơn vị cấp trên; dòng của cấp trên có thể đứng trước hoặc sau.",
        FROM: "Ngày/tháng/năm. Để trống nghĩa là từ trước đến nay.",
        TO: "Ngày cuối cùng còn hiệu lực. Để trống nghĩa là còn hiệu lực.",
        REPLACES: "Mã các đơn vị cũ mà đơn vị này kế thừa, cách nhau bằng dấu chấm phẩy.",
    },
    roles=(ADMINISTRATOR,),
    parse=parse,
    write=write,
    known=known,
    lookups={
        LEVEL: fixed("Các cấp", ("tỉnh", "thành phố", "xã", "phường", "đặc khu", "khu phố", "ấp", "thôn")),
        PARENT: UNIT_LIST,
    },
    day_columns=(FROM, TO),
)
