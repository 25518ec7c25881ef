"""Donors: people, households, organisations, companies, groups, as offices keep them in their lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from portal.donors.queries import kinds
from portal.donors.rules import COLUMNS, FIELDS, checked, id_of_code
from portal.imports import donor_rows
from portal.imports.cells import Cells, given
from portal.imports.context import Context
from portal.imports.donor_rows import DonorRow
from portal.imports.kind import Counts, Kind, Located
from portal.imports.lookups import UNITS, Lookup
from portal.imports.outcome import Problems
from portal.kit.access import ACCOUNTANT, RECORDER
from portal.kit.days import today_in_vietnam
from portal.kit.errors import Refused
from portal.kit.tables import ColumnSpec

(
    CODE,
    NAME,
    KIND,
    UNIT,
    PHONE,
    EMAIL,
    ADDRESS,
    TAX_CODE,
    REPRESENTATIVE,
    POSITION,
    MEMBERS,
    INTRODUCED,
    NOTE,
) = COLUMNS
COLUMN_OF = {**FIELDS, "unit_id": UNIT, "introduced_by_id": INTRODUCED}
TEXTS = {
    "phone": PHONE,
    "email": EMAIL,
    "address": ADDRESS,
    "tax_code": TAX_CODE,
    "representative": REPRESENTATIVE,
    "position": POSITION,
    "note": NOTE,
}
LONGEST = 1_000  # the rule of each field is shorter, and has its own sentence


def parse(cells: Cells, context: Context) -> DonorRow | None:
    """A row; an empty cell leaves what is known of the donor alone, because nobody means to erase a phone."""
    today = today_in_vietnam()
    code = _code(cells)
    values = {
        "name": given(cells.text(NAME, limit=LONGEST, needed="Chưa có tên. Ghi họ tên, hoặc tên đơn vị."))
    }
    values |= {field: given(cells.text(column, limit=LONGEST)) for field, column in TEXTS.items()}
    values["members"] = given(cells.count(MEMBERS))
    values["kind"] = _kind(cells)
    introduced = context.unit_of(cells, today, column=INTRODUCED, needed=False, own=False)
    values["introduced_by_id"] = introduced.id if introduced else None
    unit = context.unit_of(cells, today, alone=True)
    context.check_alive(cells, unit, today)
    kept = _checked(cells, {field: value for field, value in values.items() if value is not None})
    if unit is None or not cells.sound:
        return None
    return DonorRow(unit.id, code, tuple(kept.items()))


def _code(cells: Cells) -> int | None:
    text = given(cells.text(CODE, limit=40))
    code = id_of_code(text) if text else None
    if text and code is None:
        cells.wrong(
            CODE, f"“{text}” không phải mã nhà hảo tâm. Ghi như NHT000123, hoặc để trống khi ghi mới."
        )
    return code


def _kind(cells: Cells) -> str | None:
    today = today_in_vietnam()
    names = {kind.name.lower(): kind.key for kind in kinds().values() if kind.is_valid(today)}
    return given(cells.choice(KIND, names))


def _checked(cells: Cells, values: dict[str, Any]) -> dict[str, Any]:
    """The columns of the row, with what is derived; each field judged by itself so that every fault is told."""
    found: dict[str, Any] = {}
    for field, value in values.items():
        try:
            found |= checked({field: value})
        except Refused as refused:
            cells.refuse(refused, COLUMN_OF[field])
    return found


def foresee(located: Sequence[Located], context: Context, problems: Problems) -> Counts:
    """What `write` would do."""
    return donor_rows.sort_rows(located, context, problems).counts


def write(located: Sequence[Located], context: Context, problems: Problems) -> Counts:
    """Insert new donors set-based, change known ones one by one."""
    found = donor_rows.sort_rows(located, context, problems)
    if not problems.total:
        donor_rows.insert_new(found.new, context)
        donor_rows.change_known(found.changed, context, problems, COLUMN_OF)
    return found.counts


def known(located: Sequence[Located], context: Context) -> set[int]:
    """Rows whose donor exists."""
    return donor_rows.known_numbers(located, context)


def _kinds(_units: Any) -> list[tuple[str, str]]:
    today = today_in_vietnam()
    return [(kind.name.lower(), "") for kind in kinds().values() if kind.is_valid(today)]


KINDS = Lookup("Loại nhà hảo tâm", _kinds)

DONORS = Kind(
    name="donors",
    slug="nha-hao-tam",
    label="Nhà hảo tâm",
    lead="Danh sách người, hộ, tổ chức, doanh nghiệp đã hoặc sẽ ủng hộ, với cách liên hệ.",
    columns=(
        ColumnSpec(CODE, ("Mã nhà hảo tâm", "Mã NHT")),
        ColumnSpec(
            NAME, ("Họ tên", "Họ và tên", "Nhà hảo tâm", "Tên nhà hảo tâm", "Người ủng hộ"), required=True
        ),
        ColumnSpec(KIND, ("Loại nhà hảo tâm", "Đối tượng")),
        ColumnSpec(UNIT, ("Mã ĐV", "Đơn vị", "Đơn vị theo dõi")),
        ColumnSpec(PHONE, ("Số điện thoại", "SĐT", "ĐT")),
        ColumnSpec(EMAIL, ("Hộp thư", "Địa chỉ thư")),
        ColumnSpec(ADDRESS, ("Nơi ở", "Địa chỉ liên hệ")),
        ColumnSpec(TAX_CODE, ("MST",)),
        ColumnSpec(REPRESENTATIVE, ("Đại diện",)),
        ColumnSpec(POSITION, ("Chức danh",)),
        ColumnSpec(MEMBERS, ("Số người", "Thành viên")),
        ColumnSpec(INTRODUCED, ("Mã đơn vị giới thiệu", "Nơi giới thiệu")),
        ColumnSpec(NOTE, ("Ghi chú thêm",)),
    ),
    hints={
        CODE: "Mã trong danh sách đã xuất, ví dụ NHT000123; để trống khi ghi mới.",
        NAME: "Bắt buộc. Họ tên, hoặc tên tổ chức, doanh nghiệp.",
        KIND: "Chọn trong danh sách; để trống với người mới là cá nhân.",
        UNIT: "Đơn vị theo dõi; để trống là đơn vị của người nạp.",
        PHONE: "Định dạng ô là văn bản để giữ số 0 ở đầu. Cùng số điện thoại và cùng tên là một người.",
        EMAIL: "Không bắt buộc.",
        ADDRESS: "Cùng tên và cùng địa chỉ trong một đơn vị là một người.",
        TAX_CODE: "10 chữ số, hoặc thêm gạch nối và 3 chữ số của chi nhánh. Cùng mã số thuế là một nơi.",
        REPRESENTATIVE: "Người đại diện của tổ chức, doanh nghiệp, nhóm.",
        POSITION: "Chức vụ của người đại diện.",
        MEMBERS: "Số người của nhóm hoặc tổ chức.",
        INTRODUCED: "Mã đơn vị đã giới thiệu nhà hảo tâm này.",
        NOTE: "Không bắt buộc. Ô trống giữ nguyên điều đã có trong sổ.",
    },
    roles=(ACCOUNTANT, RECORDER),
    parse=parse,
    write=write,
    foresee=foresee,
    known=known,
    lookups={KIND: KINDS, UNIT: UNITS, INTRODUCED: UNITS},
)
