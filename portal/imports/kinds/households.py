"""Households: head, members, the year's group and lacking indicators, needs; sensitive columns only when they are there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from typing import Any

from portal.households.queries_catalogue import indicators_in, needs_on
from portal.households.queries_registry import is_hamlet, responsible_unit_id
from portal.households.rules_private import FIELDS as PRIVATE_FIELDS
from portal.households.rules_private import check_cccd
from portal.households.rules_registry import (
    FIELDS,
    NO_LACK,
    PRIVATE_COLUMNS,
    PUBLIC_COLUMNS,
    SEX_OF,
    check_year,
    checked,
    id_of_code,
    parse_members,
)
from portal.imports import household_rows
from portal.imports.cells import Cells, given
from portal.imports.context import Context
from portal.imports.household_known import HouseholdRow, groups_by_name
from portal.imports.kind import Counts, Kind, Located
from portal.imports.lookups import GROUPS, UNITS, Lookup, fixed
from portal.imports.outcome import Problems
from portal.kit.access import ACCOUNTANT, RECORDER
from portal.kit.days import today_in_vietnam
from portal.kit.errors import Refused
from portal.kit.tables import ColumnSpec
from portal.kit.vietnamese import fold
from portal.units.rules import is_commune

(
    CODE, HEAD, SEX, BORN, UNIT, ADDRESS, PHONE, MEMBERS, YEAR, GROUP, LACKS, INCOME, NEEDS, BANK, ACCOUNT, HOLDER, NOTE,
) = PUBLIC_COLUMNS  # fmt: skip
CCCD, HEALTH, ETHNICITY, RELIGION = PRIVATE_COLUMNS
COLUMN_OF = {
    **FIELDS, "unit_id": UNIT, "members": MEMBERS, "groups": GROUP, "lacks": LACKS, "year": YEAR, "kind_id": NEEDS,
    **PRIVATE_FIELDS,
}  # fmt: skip
TEXTS = {
    "address": ADDRESS, "phone": PHONE, "bank_name": BANK, "bank_number": ACCOUNT, "bank_holder": HOLDER, "note": NOTE,
}  # fmt: skip
LONGEST = 1_000  # the rule of each field is shorter, and has its own sentence


def parse(cells: Cells, context: Context) -> HouseholdRow | None:
    """A row; an empty cell leaves what is known of the household alone."""
    this_year = today_in_vietnam().year
    code = _code(cells)
    values: dict[str, Any] = {
        "name": given(cells.text(HEAD, limit=LONGEST, needed="Chưa có chủ hộ. Ghi họ tên chủ hộ."))
    }
    values |= {field: given(cells.text(column, limit=LONGEST)) for field, column in TEXTS.items()}
    values["sex"] = given(cells.choice(SEX, {"Nam": SEX_OF["nam"], "Nữ": SEX_OF["nu"]}))
    values["birth_year"] = _year(cells, BORN)
    fields = _checked(cells, values, this_year)
    people = _people(cells, this_year)
    year = _year(cells, YEAR) or this_year
    _told(cells, YEAR, lambda: check_year(year, this_year=this_year))
    groups = _named(cells, GROUP, context.once("groups", groups_by_name))
    lacks = _lacks(cells, context, year)
    income = given(cells.amount(INCOME))
    needs = _named(cells, NEEDS, context.once("needs", lambda: _by_name(needs_on(today_in_vietnam()))))
    private = _private(cells)
    unit_id = _unit(cells, context)
    if unit_id is None or not cells.sound:
        return None
    says = groups is not None or lacks is not None or income is not None
    return HouseholdRow(
        unit_id, code, tuple(fields.items()), people, year if says else None, groups, lacks, income, needs, private
    )  # fmt: skip


def _code(cells: Cells) -> int | None:
    text = given(cells.text(CODE, limit=40))
    code = id_of_code(text) if text else None
    if text and code is None:
        cells.wrong(CODE, f"“{text}” không phải mã hộ. Ghi như HO000123, hoặc để trống khi ghi mới.")
    return code


def _unit(cells: Cells, context: Context) -> int | None:
    """A hamlet or commune for which the person is responsible; a helper of one hamlet only proposes changes."""
    today = today_in_vietnam()
    unit = context.unit_of(cells, today, alone=True)
    if unit is None:
        return None
    context.check_alive(cells, unit, today)
    if not (is_commune(unit.level) or is_hamlet(unit)):
        cells.wrong(
            UNIT, f"{unit.name} không phải xã, thôn. Ghi mã thôn, ấp, khu phố; chưa rõ thì mã xã, phường."
        )
        return None
    if not context.may_write(responsible_unit_id(unit)):
        cells.wrong(UNIT, f"Hộ ở {unit.name} do xã, phường phụ trách. Nhờ cán bộ xã, phường nạp bảng này.")
        return None
    return unit.id


def _year(cells: Cells, column: str) -> int | None:
    """A year with four digits."""
    raw = given(cells.raw(column))
    text = str(int(raw)) if isinstance(raw, float) and raw == int(raw) else str(raw or "").strip()
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{4}", text):
        cells.wrong(column, f"“{text[:20]}” không phải một năm. Ghi bốn chữ số, ví dụ 1968.")
        return None
    return int(text)


def _told(cells: Cells, column: str, read: Any) -> Any:
    try:
        return read()
    except Refused as refused:
        cells.refuse(refused, column)
        return None


def _checked(cells: Cells, values: dict[str, Any], this_year: int) -> dict[str, Any]:
    """The columns of the row, with what is derived; each field judged by itself so that every fault is told."""
    found: dict[str, Any] = {}
    for field, value in values.items():
        if value is not None:
            read = partial(checked, {field: value}, this_year=this_year)
            found |= _told(cells, COLUMN_OF[field], read) or {}
    return found


def _people(cells: Cells, this_year: int) -> Any:
    text = given(cells.text(MEMBERS, limit=6_000))
    if not text:
        return None
    return _told(cells, MEMBERS, lambda: parse_members(text, this_year=this_year))


def _parts(cells: Cells, column: str) -> list[str] | None:
    """Names parted by semicolons; commas belong to names."""
    text = given(cells.text(column, limit=2_000))
    return [part.strip() for part in text.split(";") if part.strip()] if text else None


def _named(cells: Cells, column: str, known: dict[str, int]) -> tuple[int, ...] | None:
    """Ids of catalogue entries by name; None for an empty cell."""
    names = _parts(cells, column)
    if names is None:
        return None
    found = []
    for name in names:
        key = known.get(fold(name))
        if key is None:
            cells.wrong(
                column, f"“{name[:60]}” không có trong danh mục. Ghi đúng tên; nhiều mục thì cách bằng “;”."
            )
            continue
        found.append(key)
    return tuple(dict.fromkeys(found))


def _by_name(entries: Sequence[Any]) -> dict[str, int]:
    return {fold(entry.name): entry.id for entry in entries}


def _lacks(cells: Cells, context: Context, year: int) -> tuple[int, ...] | None:
    names = _parts(cells, LACKS)
    if names is not None and [fold(name) for name in names] == [fold(NO_LACK)]:
        return ()
    known = context.once(("lacks", year), lambda: _by_name(indicators_in(year)))
    return _named(cells, LACKS, known)


def _private(cells: Cells) -> tuple[str | None, ...] | None:
    """Sensitive fields of the head, in order; None where no cell says anything. Messages repeat no value."""
    number = given(cells.text(CCCD, limit=40))
    health = given(cells.text(HEALTH, limit=500))
    others = [given(cells.text(column, limit=60)) for column in (ETHNICITY, RELIGION)]
    values = (_told(cells, CCCD, lambda: check_cccd(number)), health, *others)
    return values if any(values) else None


def write(located: Sequence[Located], context: Context, problems: Problems) -> Counts:
    """Insert new households set-based, change known ones one by one."""
    return household_rows.write_rows(located, context, problems, COLUMN_OF)


def known(located: Sequence[Located], context: Context) -> set[int]:
    """Rows whose household exists."""
    return household_rows.known_numbers(located, context)


def _indicators(_units: Any) -> list[tuple[str, str]]:
    return [(one.name, one.service) for one in indicators_in(today_in_vietnam().year)]


def _needs(_units: Any) -> list[tuple[str, str]]:
    return [(kind.name, "") for kind in needs_on(today_in_vietnam())]


HOUSEHOLDS = Kind(
    name="households",
    slug="ho-dan",
    label="Hộ dân",
    lead="Sổ hộ theo thôn, ấp: chủ hộ, thành viên, nhóm hộ và chỉ số thiếu hụt của một năm, nhu cầu.",
    columns=(
        ColumnSpec(CODE, ("Mã số hộ",)),
        ColumnSpec(HEAD, ("Họ tên chủ hộ", "Họ và tên chủ hộ", "Họ tên", "Họ và tên"), required=True),
        ColumnSpec(SEX, ("Nam/Nữ",)),
        ColumnSpec(BORN, ("NS", "Năm sinh chủ hộ")),
        ColumnSpec(UNIT, ("Mã ĐV", "Đơn vị", "Thôn", "Ấp", "Khu phố", "Mã thôn")),
        ColumnSpec(ADDRESS, ("Nơi ở",)),
        ColumnSpec(PHONE, ("Số điện thoại", "SĐT", "ĐT")),
        ColumnSpec(MEMBERS, ("Thành viên khác", "Các thành viên")),
        ColumnSpec(YEAR, ("Năm rà soát",)),
        ColumnSpec(GROUP, ("Đối tượng", "Diện hộ")),
        ColumnSpec(LACKS, ("Thiếu hụt", "Các chỉ số thiếu hụt")),
        ColumnSpec(INCOME, ("Thu nhập bình quân", "Thu nhập (đ/người/tháng)")),
        ColumnSpec(NEEDS, ("Nhu cầu hỗ trợ",)),
        ColumnSpec(BANK, ("Tên ngân hàng",)),
        ColumnSpec(ACCOUNT, ("STK",)),
        ColumnSpec(HOLDER, ("Tên tài khoản",)),
        ColumnSpec(NOTE, ("Ghi chú thêm",)),
        ColumnSpec(CCCD, ("CCCD", "Căn cước", "Số CCCD")),
        ColumnSpec(HEALTH, ("Tình trạng sức khỏe",)),
        ColumnSpec(ETHNICITY, ()),
        ColumnSpec(RELIGION, ()),
    ),
    hints={
        CODE: "Mã trong danh sách đã xuất, ví dụ HO000123; để trống khi ghi mới.",
        HEAD: "Bắt buộc. Cùng tên, cùng năm sinh trong một thôn, ấp là một hộ.",
        SEX: "Nam hoặc Nữ.",
        BORN: "Bốn chữ số.",
        UNIT: "Mã thôn, ấp, khu phố; chưa rõ thì mã xã, phường. Để trống là đơn vị của người nạp.",
        ADDRESS: "Số nhà, tổ, đường.",
        PHONE: "Định dạng ô là văn bản để giữ số 0 ở đầu.",
        MEMBERS: "Tên, quan hệ, giới tính, năm sinh; cách nhau bằng “;”. Ghi đủ: ai không có trong ô là không còn ở hộ.",
        YEAR: "Năm của nhóm hộ, thiếu hụt, thu nhập; để trống là năm nay.",
        GROUP: "Tên nhóm như trong danh mục; nhiều nhóm cách nhau bằng “;”.",
        LACKS: "Tên chỉ số, cách nhau bằng “;”; ghi “không” khi đã rà soát mà không thiếu hụt.",
        INCOME: "Số đồng một người một tháng.",
        NEEDS: "Tên nhu cầu như trong danh mục, cách nhau bằng “;”. Chỉ thêm, không bớt nhu cầu đã ghi.",
        BANK: "Chỉ khi hộ nhận hỗ trợ qua tài khoản.",
        ACCOUNT: "Định dạng ô là văn bản.",
        HOLDER: "Để trống nếu là chủ hộ.",
        NOTE: "Không bắt buộc. Ô trống giữ nguyên điều đã có trong sổ.",
        CCCD: "Chỉ khi thật cần. 12 chữ số của chủ hộ, ô văn bản; mỗi số chỉ có ở một hộ.",
        HEALTH: "Chỉ khi thật cần.",
        ETHNICITY: "Chỉ khi thật cần.",
        RELIGION: "Chỉ khi thật cần.",
    },
    roles=(ACCOUNTANT, RECORDER),
    parse=parse,
    write=write,
    known=known,
    lookups={
        SEX: fixed("Giới tính", ["Nam", "Nữ"]),
        UNIT: UNITS,
        GROUP: GROUPS,
        LACKS: Lookup("Chỉ số thiếu hụt", _indicators),
        NEEDS: Lookup("Danh mục nhu cầu", _needs),
    },
    amount_columns=(INCOME,),
)
