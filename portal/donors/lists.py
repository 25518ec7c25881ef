"""The list of donors: columns, filters, sums; and the file that is a valid import again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import joinedload

from portal.donors.models import Donor
from portal.donors.queries import kind_name
from portal.donors.rules import COLUMNS, code_of, id_of_code, typed_digits
from portal.kit.days import parse_day, today_in_vietnam
from portal.kit.errors import Refused
from portal.kit.filters import DayFilter, FilterSpec, SelectFilter, TextFilter, words_in
from portal.kit.listing import Col, ListSpec

FROM, UNTIL = "tu", "den"
HAS = (("co", "Có số điện thoại"), ("khong", "Chưa có số điện thoại"))
LOADED = (joinedload(Donor.unit), joinedload(Donor.introduced_by))
Period = tuple[date | None, date | None]


def period_of(args: Mapping[str, str]) -> Period:
    """The days between which gifts are asked for; a day that cannot be read is no bound (its filter says so)."""
    return _day(args.get(FROM)), _day(args.get(UNTIL))


def _day(text: str | None) -> date | None:
    try:
        return parse_day(text, today=today_in_vietnam()) if text else None
    except Refused:
        return None


def found_by(text: str) -> ColumnElement[bool]:
    """Condition: the name holds the words, or phone, tax code or code begin with the number."""
    number = id_of_code(text) if text[:3].upper() == "NHT" else None
    if number is not None:
        return Donor.id == number
    digits = typed_digits(text)
    if digits:
        return or_(Donor.phone_digits.startswith(digits), Donor.tax_code.startswith(digits[:10]))
    return words_in(Donor.folded, text)


def _has_phone(answer: str) -> ColumnElement[bool]:
    return Donor.phone_digits.is_not(None) if answer == "co" else Donor.phone_digits.is_(None)


def filters_of(
    kinds: Sequence[tuple[str, str]],
    units: Sequence[tuple[int, str]],
    introducers: Sequence[tuple[int, str]],
    gave: Callable[[], ColumnElement[bool]],
) -> list[FilterSpec]:
    """The filters; `gave` is the condition of a gift within the period of both day filters."""
    return [
        TextFilter("q", "Tên, điện thoại, mã số thuế", found_by),
        SelectFilter("loai", "Loại", lambda key: Donor.kind == key, choices=kinds),
        SelectFilter("don_vi", "Đơn vị", lambda unit: Donor.unit_id == unit, choices=units),
        SelectFilter(
            "gioi_thieu",
            "Đơn vị giới thiệu",
            lambda unit: Donor.introduced_by_id == unit,
            choices=introducers,
        ),
        SelectFilter("dien_thoai", "Điện thoại", _has_phone, choices=HAS),
        DayFilter(FROM, "Có ủng hộ từ ngày", lambda _day: gave()),
        DayFilter(UNTIL, "Có ủng hộ đến ngày", lambda _day: gave()),
    ]


def donors_list(
    filters: list[FilterSpec], sums: Mapping[str, Any], row_url: Callable[[Any], str | None]
) -> ListSpec:
    """The list on screen, of rows (Donor, last_on, money, goods); `sums` are the SQL of the last three."""
    return ListSpec(
        noun="nhà hảo tâm",
        key=Donor.id,
        default_sort="ten",
        title="Nhà hảo tâm",
        file_name="nha-hao-tam",
        nothing_yet="Chưa có nhà hảo tâm nào trong sổ. Ghi người đầu tiên, hoặc nhập bằng bảng.",
        row_url=row_url,
        columns=[
            Col("ten", "Tên", "Donor.name", kind="link", sort=Donor.sort_key, primary=True),
            Col("loai", "Loại", lambda row: kind_name(row.Donor.kind), muted=True),
            Col("dia_chi", "Địa chỉ", "Donor.address", muted=True),
            Col("don_vi", "Đơn vị", "Donor.unit.name", muted=True),
            Col("gan_nhat", "Lần gần nhất", "last_on", kind="day", sort=sums["last_on"]),
            Col(
                "tien",
                "Tiền (đ)",
                lambda row: row.money or None,
                kind="amount",
                sort=sums["money"],
                total=sums["money"],
                primary=True,
            ),
            Col(
                "hien_vat",
                "Hiện vật (đ)",
                lambda row: row.goods or None,
                kind="amount",
                sort=sums["goods"],
                total=sums["goods"],
            ),
        ],
        filters=filters,
    )


def donors_file(filters: list[FilterSpec]) -> ListSpec:
    """The same donors as a file with the columns of the import; records are Donor with `LOADED`."""
    values: dict[str, str | Callable[[Donor], Any]] = {
        "Mã": lambda donor: code_of(donor.id),
        "Tên": "name",
        "Loại": lambda donor: kind_name(donor.kind),
        "Mã đơn vị": "unit.code",
        "Điện thoại": "phone",
        "Thư điện tử": "email",
        "Địa chỉ": "address",
        "Mã số thuế": "tax_code",
        "Người đại diện": "representative",
        "Chức vụ": "position",
        "Số thành viên": "members",
        "Đơn vị giới thiệu": "introduced_by.code",
        "Ghi chú": "note",
    }
    sorts = {"Tên": Donor.sort_key}
    keys = {"Tên": "ten"}
    columns = [Col(keys.get(name, name), name, values[name], sort=sorts.get(name)) for name in COLUMNS]
    return ListSpec(
        noun="nhà hảo tâm",
        key=Donor.id,
        default_sort="ten",
        file_name="nha-hao-tam",
        columns=columns,
        filters=filters,
    )
