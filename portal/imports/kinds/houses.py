"""Houses handed over before the portal kept them: one by one, or as totals of a period."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from portal.households.models_registry import Household
from portal.households.rules_registry import id_of_code
from portal.housing.models_catalogue import HouseKind, HouseProgramme
from portal.housing.queries import kinds, programmes
from portal.housing.rules import format_area, parse_area
from portal.imports import house_rows
from portal.imports.cells import Cells, given
from portal.imports.context import Context
from portal.imports.house_rows import HouseRow
from portal.imports.kind import Counts, Kind, Located
from portal.imports.lookups import UNITS, Lookup
from portal.imports.outcome import Problems
from portal.kit.access import ACCOUNTANT, RECORDER
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.money import format_dong
from portal.kit.tables import ABSENT, ColumnSpec
from portal.kit.vietnamese import fold

UNIT, PROGRAMME, KIND, CODE, HEAD = "Mã đơn vị", "Chương trình", "Loại nhà", "Mã hộ", "Chủ hộ"
ADDRESS, FROM, TO, COUNT = "Địa chỉ", "Từ ngày", "Ngày bàn giao", "Số căn"
COST, FUND, OUTSIDE, AREA, NOTE = "Kinh phí", "Từ Quỹ", "Nguồn khác", "Diện tích", "Ghi chú"
TOTAL = "tong so"  # what our own list says where it has no name


def parse(cells: Cells, context: Context) -> HouseRow | None:
    """A row: with a name one house, without one a total of a period."""
    ends_on = given(cells.day(TO, needed="Chưa có ngày bàn giao. Ghi ngày; tổng số thì ghi ngày cuối kỳ."))
    unit = context.unit_of(cells, ends_on, alone=True)
    context.check_alive(cells, unit, ends_on)
    programme = _named(
        cells, PROGRAMME, context.once("house_programmes", lambda: _by_name(programmes(ended=True)))
    )
    kind = _named(cells, KIND, context.once("house_kinds", lambda: _by_name(kinds(ended=True))))
    head = given(cells.text(HEAD)) or ""
    head = "" if fold(head) == TOTAL else head
    starts_on, count = given(cells.day(FROM)), cells.count(COUNT)
    _check_days(cells, head, starts_on, ends_on)
    _check_count(cells, head, given(count))
    fields = {
        "count": ABSENT if head or count is None else count,
        "household_id": _household(cells, context, head),
        "address": cells.text(ADDRESS, limit=300),
        "cost": cells.amount(COST),
        "cost_fund": cells.amount(FUND),
        "cost_outside": cells.amount(OUTSIDE),
        "area": _area(cells),
        "note": cells.text(NOTE, limit=500),
    }
    _check_cost(cells, fields)
    if unit is None or programme is None or kind is None or ends_on is None or not cells.sound:
        return None
    said = tuple((name, value) for name, value in fields.items() if value is not ABSENT)
    first = ends_on if head else (starts_on or ends_on)
    return HouseRow(unit.id, programme, kind, head, fold(head)[:200], first, ends_on, said)


def _by_name(entries: Sequence[HouseProgramme | HouseKind]) -> dict[str, int]:
    return {fold(entry.name): entry.id for entry in entries}


def _named(cells: Cells, column: str, known: dict[str, int]) -> int | None:
    text = given(cells.text(column, needed=f"Chưa có {column.lower()}. Ghi tên như trong danh mục nhà ở."))
    if not text:
        return None
    found = known.get(fold(text))
    if found is None:
        cells.wrong(
            column, f"“{text[:60]}” không có trong danh mục nhà ở. Ghi đúng tên, hoặc thêm vào danh mục."
        )
    return found


def _check_days(cells: Cells, head: str, starts_on: date | None, ends_on: date | None) -> None:
    if ends_on is not None and ends_on > today_in_vietnam():
        cells.wrong(
            TO, "Ngày này chưa tới. Bảng này chỉ ghi nhà đã bàn giao; nhà đang làm thì lập hồ sơ từng căn."
        )
    if not head and starts_on is None:
        cells.wrong(FROM, "Dòng không có chủ hộ là tổng số của một kỳ. Ghi ngày đầu kỳ, hoặc ghi tên chủ hộ.")
    if starts_on is not None and ends_on is not None and starts_on > ends_on:
        cells.wrong(FROM, "Ngày đầu kỳ sau ngày cuối kỳ. Sửa một trong hai ngày.")


def _check_count(cells: Cells, head: str, count: int | None) -> None:
    if head and count not in (None, 1):
        cells.wrong(COUNT, "Dòng có chủ hộ là một căn. Để trống số căn, hoặc bỏ tên để ghi tổng số.")
    if not head and not count:
        cells.wrong(COUNT, "Dòng tổng số chưa có số căn. Ghi số căn, hoặc ghi tên chủ hộ.")


def _household(cells: Cells, context: Context, head: str) -> Any:
    """The household of the code, where the person answers for it; ABSENT leaves what is known."""
    text = cells.text(CODE, limit=40)
    if text is ABSENT or not text:
        return ABSENT
    key = id_of_code(text)
    found = db.session.get(Household, key) if key else None
    if found is None or not context.may_write(found.unit_id):
        cells.wrong(CODE, "Không có hộ mang mã này trong phạm vi được giao. Sửa mã, hoặc để trống.")
        return ABSENT
    if not head:
        cells.wrong(CODE, "Dòng tổng số không gắn với một hộ. Bỏ mã hộ, hoặc ghi tên chủ hộ.")
    return found.id


def _area(cells: Cells) -> Any:
    raw = cells.raw(AREA)
    if raw is ABSENT:
        return ABSENT
    text = str(raw).replace(".", ",") if isinstance(raw, float) else given(cells.text(AREA, limit=20))
    try:
        return parse_area(str(text) if text is not None else None)
    except Refused as refused:
        cells.refuse(refused, AREA)
        return None


def _check_cost(cells: Cells, fields: dict[str, Any]) -> None:
    """The cost is the sum of its two parts where all three are written."""
    cost, fund, outside = (given(fields[name]) for name in ("cost", "cost_fund", "cost_outside"))
    if None not in (cost, fund, outside) and cost != fund + outside:
        both = format_dong(fund + outside)
        cells.wrong(
            COST, f"Từ Quỹ và nguồn khác cộng {both}, khác kinh phí {format_dong(cost)}. Sửa cho khớp."
        )


def write(located: Sequence[Located], context: Context, _problems: Problems) -> Counts:
    """Insert what is new, bring known ones up to their rows."""
    return house_rows.write_rows(located, context)


def amount(row: HouseRow) -> int | None:
    """đồng of the row's houses."""
    told = dict(row.fields)
    known = [told.get(name) for name in ("cost_fund", "cost_outside")]
    parts_known = [one for one in known if one is not None]
    return told.get("cost") if told.get("cost") is not None else sum(parts_known) if parts_known else None


def days(row: HouseRow) -> tuple[date, ...]:
    """First and last day."""
    return row.starts_on, row.ends_on


HOUSES = Kind(
    name="houses",
    slug="nha-o",
    label="Nhà đã bàn giao",
    lead="Nhà của những năm trước: có chủ hộ là một căn, không có là tổng số của một kỳ.",
    columns=(
        ColumnSpec(UNIT, ("Mã ĐV", "Đơn vị")),
        ColumnSpec(PROGRAMME, ("Chương trình nhà",), required=True),
        ColumnSpec(KIND, ("Loại", "Hình thức"), required=True),
        ColumnSpec(CODE, ("Mã số hộ",)),
        ColumnSpec(HEAD, ("Họ tên chủ hộ", "Hộ", "Họ và tên")),
        ColumnSpec(ADDRESS, ("Nơi ở",)),
        ColumnSpec(FROM, ("Từ",)),
        ColumnSpec(TO, ("Đến ngày, bàn giao", "Đến ngày", "Ngày hoàn thành"), required=True),
        ColumnSpec(COUNT, ("SL", "Số lượng")),
        ColumnSpec(COST, ("Kinh phí (đ)", "Tổng kinh phí")),
        ColumnSpec(FUND, ("Từ Quỹ (đ)", "Quỹ")),
        ColumnSpec(OUTSIDE, ("Nguồn khác (đ)", "Ngoài Quỹ")),
        ColumnSpec(AREA, ("Diện tích (m²)",)),
        ColumnSpec(NOTE, ("Ghi chú thêm",)),
    ),
    hints={
        UNIT: "Mã đơn vị mang vào ngày bàn giao. Để trống là đơn vị của người nạp.",
        PROGRAMME: "Bắt buộc. Tên như trong danh mục: Nhà Đại đoàn kết, Nhà tình thương …",
        KIND: "Bắt buộc. Xây mới, sửa chữa, chống dột …; danh mục nói loại nào tính là xây, là sửa.",
        CODE: "Chỉ khi hộ có trong sổ, ví dụ HO000123.",
        HEAD: "Có tên là một căn; để trống là tổng số của kỳ.",
        ADDRESS: "Không công khai.",
        FROM: "Bắt buộc với tổng số: ngày đầu kỳ.",
        TO: "Bắt buộc. Ngày bàn giao của căn nhà; với tổng số là ngày cuối kỳ.",
        COUNT: "Bắt buộc với tổng số; một căn thì để trống.",
        COST: "Đồng. Có cả hai cột sau thì phải bằng tổng của chúng.",
        FUND: "Phần Quỹ đã chi, đồng.",
        OUTSIDE: "Ngân sách, nhà tài trợ, gia đình, ngày công, đồng.",
        AREA: f"m² sàn, ví dụ {format_area(4550)}.",
        NOTE: "Không bắt buộc.",
    },
    roles=(ACCOUNTANT, RECORDER),
    parse=parse,
    write=write,
    known=house_rows.known_numbers,
    lookups={
        UNIT: UNITS,
        PROGRAMME: Lookup("Chương trình nhà ở", lambda _units: [(one.name, "") for one in programmes()]),
        KIND: Lookup("Loại nhà", lambda _units: [(one.name, "") for one in kinds()]),
    },
    amount=amount,
    days=days,
    amount_columns=(COST, FUND, OUTSIDE),
    day_columns=(FROM, TO),
)
