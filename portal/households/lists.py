"""The list of households: columns, filters; and the file that is a valid import again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from portal.donors.rules import typed_digits
from portal.households.exported import Facts
from portal.households.models import DeprivationIndicator, HouseholdGroup, NeedKind
from portal.households.models_private import HouseholdAccess
from portal.households.models_registry import (
    Household,
    HouseholdLack,
    HouseholdMember,
    HouseholdNeed,
    HouseholdStatus,
)
from portal.households.queries_registry import households_for, unit_text
from portal.households.rules_registry import (
    PRIVATE_COLUMNS,
    PUBLIC_COLUMNS,
    SEXES,
    code_of,
    id_of_code,
)
from portal.kit.columns import Col
from portal.kit.days import format_moment, today_in_vietnam
from portal.kit.db import db
from portal.kit.filters import FilterSpec, SelectFilter, TextFilter, YearFilter, words_in
from portal.kit.listing import ListSpec
from portal.people.models import User
from portal.units.models import Unit

LOADED = (joinedload(Household.unit).joinedload(Unit.parent),)
WHAT = {"page": "Xem trên trang của hộ", "file": "Lấy trong tệp danh sách"}
NO_GROUP = "0"
YEARS_OFFERED = 6


def latest_groups() -> ColumnElement[Any]:
    """SQL: "2026: Hộ nghèo", the groups of the last year that has any; NULL without one."""
    last, status = aliased(HouseholdStatus), aliased(HouseholdStatus)
    year = (
        select(func.max(last.year))
        .where(last.household_id == Household.id, last.withdrawn.is_(False))
        .scalar_subquery()
    )
    return (
        select(func.aggregate_strings(HouseholdGroup.name, ", "))
        .join(status, status.group_id == HouseholdGroup.id)
        .where(status.household_id == Household.id, status.withdrawn.is_(False), status.year == year)
        .correlate(Household)
        .scalar_subquery()
    )


def people() -> ColumnElement[Any]:
    """SQL: how many people live in the household, its head counted."""
    member = aliased(HouseholdMember)
    others = select(func.count()).where(member.household_id == Household.id, member.withdrawn.is_(False))
    return others.correlate(Household).scalar_subquery() + 1


def rows_of(households: Select[Any]) -> Select[Any]:
    """Rows (Household, groups, people) for the list on screen."""
    return households.options(*LOADED).add_columns(latest_groups().label("groups"), people().label("people"))


def found_by(text: str) -> ColumnElement[bool]:
    """Condition: head or a member has the words in the name, or the phone begins so, or it is the code."""
    number = id_of_code(text) if text[:2].upper() == "HO" else None
    if number is not None:
        return Household.id == number
    digits = typed_digits(text)
    if digits:
        return Household.phone_digits.startswith(digits)
    member = aliased(HouseholdMember)
    inside = exists().where(
        member.household_id == Household.id, member.withdrawn.is_(False), words_in(member.folded, text)
    )
    return or_(words_in(Household.folded, text), inside)


def offered(user: User, asked: str, *, most: int = 20) -> list[Household]:
    """Households of the person to choose one from, by name, phone or code; nothing without a question."""
    if not asked:
        return []
    rows = households_for(user).where(found_by(asked)).options(*LOADED)
    return list(db.session.scalars(rows.order_by(Household.sort_key, Household.id).limit(most)))


def _in_group(choice: str) -> ColumnElement[bool]:
    group_id, _, year = choice.partition("-")
    mine = select(HouseholdStatus.id).where(
        HouseholdStatus.household_id == Household.id, HouseholdStatus.withdrawn.is_(False)
    )
    if group_id == NO_GROUP:
        return ~mine.exists()
    held = mine.where(HouseholdStatus.group_id == int(group_id), HouseholdStatus.year == int(year))
    return held.exists()


def _lacks(indicator_id: int) -> ColumnElement[bool]:
    """In the last year in which the household has lacks at all."""
    last = aliased(HouseholdLack)
    year = select(func.max(last.year)).where(last.household_id == Household.id, last.withdrawn.is_(False))
    return exists().where(
        HouseholdLack.household_id == Household.id,
        HouseholdLack.indicator_id == indicator_id,
        HouseholdLack.withdrawn.is_(False),
        HouseholdLack.year == year.correlate(Household).scalar_subquery(),
    )


def _needs(kind_id: int) -> ColumnElement[bool]:
    return exists().where(
        HouseholdNeed.household_id == Household.id,
        HouseholdNeed.kind_id == kind_id,
        HouseholdNeed.met_on.is_(None),
        HouseholdNeed.withdrawn.is_(False),
    )


def group_choices() -> list[tuple[str, str]]:
    """Groups by year, newest first, and "no group". Asked of the catalogue: counting who is in them would read all."""
    this_year = today_in_vietnam().year
    rows = select(HouseholdGroup.id, HouseholdGroup.name)
    groups = db.session.execute(rows.order_by(HouseholdGroup.position, HouseholdGroup.id)).all()
    found = [
        (f"{key}-{year}", f"{name} {year}")
        for year in range(this_year, this_year - YEARS_OFFERED, -1)
        for key, name in groups
    ]
    return [*found, (f"{NO_GROUP}-0", "Chưa xếp nhóm")]


def under(unit_id: int) -> ColumnElement[bool]:
    """A hamlet, or a commune with its hamlets."""
    below = select(Unit.id).where(or_(Unit.id == unit_id, Unit.parent_id == unit_id))
    return Household.unit_id.in_(below)


def filters_of(places: Sequence[tuple[int, str]]) -> list[FilterSpec]:
    """The filters; `places` are the person's communes and hamlets."""
    named = (
        [
            (row.id, row.name)
            for row in db.session.execute(select(model.id, model.name).order_by(model.position))
        ]
        for model in (DeprivationIndicator, NeedKind)
    )
    indicators, needs = named
    return [
        TextFilter("q", "Tên, điện thoại, mã hộ", found_by),
        SelectFilter("noi", "Xã, thôn, ấp", under, choices=places),
        SelectFilter("nhom", "Nhóm hộ", _in_group, choices=group_choices),
        SelectFilter("thieu", "Thiếu hụt", _lacks, choices=indicators),
        SelectFilter("can", "Đang cần", _needs, choices=needs),
    ]


def born_filters() -> list[FilterSpec]:
    """By the year of birth of the head: for lists of old people."""
    return [
        YearFilter("sinh_tu", "Sinh từ năm", lambda year: Household.birth_year >= year),
        YearFilter("sinh_den", "Sinh đến năm", lambda year: Household.birth_year <= year),
    ]


def households_list(filters: Sequence[FilterSpec], row_url: Callable[[Any], str | None]) -> ListSpec:
    """The list on screen, of rows (Household, groups, people). Never anything sensitive."""
    return ListSpec(
        noun="hộ",
        key=Household.id,
        default_sort="ten",
        title="Hộ dân",
        file_name="ho-dan",
        nothing_yet="Chưa có hộ nào trong sổ. Ghi hộ đầu tiên, hoặc nhập bằng bảng.",
        row_url=row_url,
        columns=[
            Col("ten", "Chủ hộ", "Household.name", kind="link", sort=Household.sort_key, primary=True),
            Col("nam_sinh", "Năm sinh", "Household.birth_year", sort=Household.birth_year),
            Col("noi", "Thôn, ấp, khu phố", lambda row: unit_text(row.Household.unit), muted=True),
            Col("nhan_khau", "Nhân khẩu", lambda row: f"{row.people} người" if row.people else None),
            Col("nhom", "Nhóm hộ", "groups", primary=True),
            Col("ma", "Mã hộ", lambda row: code_of(row.Household.id), sort=Household.id, muted=True),
        ],
        filters=filters,
    )


def households_file(filters: Sequence[FilterSpec], facts: Facts) -> ListSpec:
    """The same households with the columns of the import; records are Household with `LOADED`."""
    values: dict[str, str | Callable[[Household], Any]] = {
        "Mã hộ": lambda one: code_of(one.id),
        "Chủ hộ": "name",
        "Giới tính": lambda one: SEXES.get(one.sex or ""),
        "Năm sinh": "birth_year",
        "Mã đơn vị": "unit.code",
        "Địa chỉ": "address",
        "Điện thoại": "phone",
        "Thành viên": lambda one: facts.members(one.id),
        "Năm": lambda one: facts.year(one.id),
        "Nhóm hộ": lambda one: facts.groups(one.id),
        "Chỉ số thiếu hụt": lambda one: facts.lacks(one.id),
        "Thu nhập": lambda one: facts.income(one.id),
        "Nhu cầu": lambda one: facts.needs(one.id),
        "Ngân hàng": "bank_name",
        "Số tài khoản": "bank_number",
        "Chủ tài khoản": "bank_holder",
        "Ghi chú": "note",
        **{
            name: _private_of(facts, field)
            for name, field in zip(PRIVATE_COLUMNS, ("cccd", "health", "ethnicity", "religion"), strict=True)
        },
    }
    names = [*PUBLIC_COLUMNS, *(PRIVATE_COLUMNS if facts.with_private else ())]
    sorts: Mapping[str, Any] = {
        "Chủ hộ": Household.sort_key,
        "Mã hộ": Household.id,
        "Năm sinh": Household.birth_year,
    }
    keys = {"Chủ hộ": "ten", "Mã hộ": "ma", "Năm sinh": "nam_sinh"}
    columns = [Col(keys.get(name, name), name, values[name], sort=sorts.get(name)) for name in names]
    return ListSpec(
        noun="hộ", key=Household.id, default_sort="ten", title="Hộ dân", file_name="ho-dan",
        columns=columns, filters=filters,
    )  # fmt: skip


def _private_of(facts: Facts, field: str) -> Callable[[Household], Any]:
    return lambda one: facts.private(one.id, field)


def access_list(places: Sequence[tuple[int, str]], row_url: Callable[[Any], str | None]) -> ListSpec:
    """Who has read sensitive fields, newest first; rows (HouseholdAccess, name of the head)."""
    return ListSpec(
        noun="lần xem",
        key=HouseholdAccess.id,
        default_sort="-luc",
        title="Nhật ký xem thông tin riêng",
        file_name="nhat-ky-xem",
        nothing_yet="Chưa ai xem thông tin riêng của hộ nào.",
        row_url=row_url,
        columns=[
            Col("luc", "Lúc", lambda row: format_moment(row.HouseholdAccess.at), sort=HouseholdAccess.id),
            Col("ai", "Người xem", "HouseholdAccess.by_name", sort=HouseholdAccess.by_name, primary=True),
            Col("ho", "Hộ", "name", kind="link", primary=True),
            Col("don_vi", "Đơn vị", "HouseholdAccess.unit.name", muted=True),
            Col("cach", "Cách xem", lambda row: WHAT[row.HouseholdAccess.what], muted=True),
            Col("muc_dich", "Để làm gì", "HouseholdAccess.purpose"),
        ],
        filters=[
            TextFilter("q", "Người xem, mục đích", lambda text: or_(
                HouseholdAccess.by_name.contains(text, autoescape=True),
                HouseholdAccess.purpose.contains(text, autoescape=True),
            )),
            SelectFilter("noi", "Xã, thôn, ấp", lambda unit: HouseholdAccess.unit_id == unit, choices=places),
        ],
    )  # fmt: skip
