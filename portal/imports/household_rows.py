"""Which households of a table are known: by code, else by name and year of birth in the same hamlet. All written here.

New ones are inserted set-based; known ones change one by one through the room's actions, which keep the old values.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select

from portal.households import actions_registry as actions
from portal.households.exported import Facts
from portal.households.models import DeprivationIndicator, HouseholdGroup, NeedKind
from portal.households.models_private import HouseholdPrivate
from portal.households.models_registry import (
    Household,
    HouseholdLack,
    HouseholdMember,
    HouseholdNeed,
    HouseholdStatus,
    HouseholdYear,
)
from portal.households.queries_registry import may_read_private, responsible_unit_id
from portal.households.rules_private import FIELDS as PRIVATE
from portal.households.rules_registry import check_groups, code_of, person_text
from portal.imports.context import Context
from portal.imports.gifts import parts
from portal.imports.household_known import HouseholdRow, Known
from portal.imports.kind import Counts, Located
from portal.imports.modes import rows_in_words
from portal.imports.outcome import Problems
from portal.kit.days import today_in_vietnam
from portal.kit.db import db, now
from portal.kit.errors import Refused
from portal.kit.vietnamese import fold

CHUNK = 500
DERIVED = {"folded", "sort_key", "name_key", "phone_digits"}
NAMES = tuple(column.name for column in Household.__table__.columns if column.name not in ("id", "unit_id"))


def known_numbers(located: Sequence[Located], _context: Context) -> set[int]:
    """Numbers of the rows whose household exists."""
    known = Known(item.row for item in located)
    return {item.number for item in located if known.find(item.row) is not None}


def write_rows(
    located: Sequence[Located], context: Context, problems: Problems, column_of: Mapping[str, str]
) -> Counts:
    """Insert what is new, bring known ones up to their rows; faults are told at their cells."""
    known = Known(item.row for item in located)
    fresh, changed, doubles = _sorted(located, known, context, problems)
    _check_fresh_groups(fresh, problems, column_of)
    _check_numbers(located, known, context, problems)
    if problems.total:
        return Counts(len(fresh), 0, doubles)
    _insert([item.row for item in fresh], context)
    count = 0
    for some in parts(changed, CHUNK):
        ids = [household.id for _, household in some]
        with_private = any(item.row.private for item, _ in some)
        facts = Facts(select(Household).where(Household.id.in_(ids)), with_private=with_private)
        for item, household in some:
            try:
                count += _bring(item.row, household, facts, context)
            except Refused as refused:
                problems.add(item.number, column_of.get(refused.field or ""), refused.text)
    return Counts(len(fresh), count, doubles + len(changed) - count)


def _sorted(
    located: Sequence[Located], known: Known, context: Context, problems: Problems
) -> tuple[list[Located], list[tuple[Located, Household]], int]:
    fresh, changed, alike, doubles = [], [], [], 0
    first: dict[Any, Located] = {}
    for item in located:
        row = item.row
        household = known.find(row)
        if row.code and (household is None or not context.may_write(responsible_unit_id(household.unit))):
            text = "Không có hộ mang mã này trong phạm vi được giao. Sửa mã, hoặc để trống để ghi mới."
            problems.add(item.number, "Mã hộ", text)
            continue
        earlier = first.setdefault(household.id if household else row.key, item)
        if earlier is not item:
            doubles += 1
            if earlier.row != row:
                text = f"Dòng này là cùng hộ với dòng {earlier.number} mà nội dung khác. Giữ lại một dòng."
                problems.add(item.number, "Chủ hộ", text)
            continue
        if household is not None:
            changed.append((item, household))
            continue
        fresh.append(item)
        if (row.unit_id, row.values["folded"]) in known.by_name:
            alike.append(item.number)
    if alike:
        context.notes.append(
            f"Hộ mới trùng tên với hộ đã có trong thôn, ấp: {rows_in_words(alike)}. "
            "Vẫn ghi; sau khi nạp xem ở trang “Có thể trùng”."
        )
    return fresh, changed, doubles


def _check_fresh_groups(fresh: Sequence[Located], problems: Problems, column_of: Mapping[str, str]) -> None:
    rows = select(HouseholdGroup.id, HouseholdGroup.name).where(HouseholdGroup.exclusive)
    exclusive = dict(db.session.execute(rows).all())
    for item in fresh:
        try:
            names = [exclusive[key] for key in item.row.groups or () if key in exclusive]
            check_groups(names, item.row.year or today_in_vietnam().year)
        except Refused as refused:
            problems.add(item.number, column_of["groups"], refused.text)


def _check_numbers(located: Sequence[Located], known: Known, context: Context, problems: Problems) -> None:
    """A CCCD stands once, in the table and in the portal. Nothing repeats the number or names a stranger."""
    wanted: dict[str, Located] = {}
    for item in located:
        number = item.row.private[0] if item.row.private else None
        if number and (earlier := wanted.setdefault(number, item)) is not item and earlier.row != item.row:
            text = f"Trùng số căn cước với dòng {earlier.number}. Xem lại trên thẻ rồi sửa một dòng."
            problems.add(item.number, PRIVATE["cccd"], text)
    for some in parts(sorted(wanted), CHUNK):
        rows = select(HouseholdPrivate.cccd, HouseholdPrivate.member_id, Household)
        rows = rows.join(Household, Household.id == HouseholdPrivate.household_id)
        rows = rows.where(HouseholdPrivate.cccd.in_(some), HouseholdPrivate.withdrawn.is_(False))
        for number, member_id, holder in db.session.execute(rows):
            item = wanted[number or ""]
            own = known.find(item.row)
            if own is not None and own.id in (holder.id, holder.merged_into_id) and member_id is None:
                continue
            seen = context.by is None or may_read_private(context.by, holder.unit)
            where = f"hộ {holder.name} ({code_of(holder.id)})" if seen else "một hộ ngoài phạm vi được giao"
            problems.add(
                item.number, PRIVATE["cccd"], f"Số căn cước này đã có ở {where}. Xem lại trên thẻ rồi sửa."
            )


def _insert(rows: Sequence[HouseholdRow], context: Context) -> None:
    """Write new households past the session: the run and its audit entry stand for all of them."""
    if not rows:
        return
    moment = now()
    values = [
        {
            **dict.fromkeys(NAMES),
            **row.values,
            "unit_id": row.unit_id,
            "withdrawn": False,
            "recorded_at": moment,
        }
        for row in rows
    ]
    ids = _put(Household, values, context)
    found: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for key, row in zip(ids, rows, strict=True):
        _parts_of(key, row, found, context, moment)
    for model, brought in found.items():
        _put(model, brought, context)


def _parts_of(
    key: int, row: HouseholdRow, found: dict[Any, list[dict[str, Any]]], context: Context, moment: Any
) -> None:
    """The rows of the other tables that a new household brings."""
    mine = {"household_id": key, "withdrawn": False}
    for person in row.people or ():
        told = {field: getattr(person, field) for field in ("name", "relation", "sex", "birth_year")}
        found[HouseholdMember].append({**mine, **told, "folded": fold(person.name)[:200]})
    if row.year is not None and (row.income is not None or row.lacks is not None):
        year = {"year": row.year, "income": row.income, "lacks_known": row.lacks is not None}
        found[HouseholdYear].append({**mine, **year})
    for group_id in row.groups or ():
        found[HouseholdStatus].append({**mine, "year": row.year, "group_id": group_id})
    for indicator_id in row.lacks or ():
        found[HouseholdLack].append({**mine, "year": row.year, "indicator_id": indicator_id})
    for kind_id in row.needs or ():
        found[HouseholdNeed].append({**mine, "kind_id": kind_id, "since": today_in_vietnam()})
    if row.private:
        told = dict(zip(PRIVATE, row.private, strict=True))
        by_id = context.by.id if context.by else None
        found[HouseholdPrivate].append({**mine, **told, "by_id": by_id, "recorded_at": moment})


def _put(model: Any, values: list[dict[str, Any]], context: Context) -> list[int]:
    made = insert(model).returning(model.id, sort_by_parameter_order=True)
    ids = list(db.session.scalars(made, values))
    if context.trace is not None:
        context.trace.add(model, ids)
    return ids


def _bring(row: HouseholdRow, household: Household, facts: Facts, context: Context) -> bool:
    """Bring a known household up to its row; whether anything changed. Raises Refused."""
    told = {name: value for name, value in row.fields if name not in DERIVED}
    if row.code:
        told["unit_id"] = row.unit_id
    different = {name: value for name, value in told.items() if getattr(household, name) != value}
    changed = bool(different and actions.change_household(household, different, context.by))
    people = "; ".join(map(person_text, row.people or ())) or None
    if row.people is not None and people != facts.members(household.id):
        changed |= actions.set_members(household, row.people, context.by)
    if row.year is not None:
        changed |= _bring_year(row, household, row.year, context)
    for kind in _entries(NeedKind, row.needs or ()):
        if kind.name not in (facts.needs(household.id) or "").split("; "):
            actions.add_need(household, kind, since=today_in_vietnam(), note=None, by=context.by)
            changed = True
    return _bring_private(row, household, facts, context) or changed


def _bring_year(row: HouseholdRow, household: Household, year: int, context: Context) -> bool:
    changed = False
    if row.groups is not None:
        changed |= actions.set_groups(household, year, _entries(HouseholdGroup, row.groups), context.by)
    if row.lacks is not None:
        changed |= actions.set_lacks(household, year, _entries(DeprivationIndicator, row.lacks), context.by)
    if row.income is not None:
        changed |= actions.set_income(household, year, row.income, context.by)
    return changed


def _entries(model: Any, ids: Iterable[int]) -> list[Any]:
    """Catalogue entries by id; the session has each after the first time."""
    return [db.session.get_one(model, key) for key in ids]


def _bring_private(row: HouseholdRow, household: Household, facts: Facts, context: Context) -> bool:
    """Add sensitive fields where none are known; a table never writes over known ones. Raises Refused."""
    if not row.private:
        return False
    told = dict(zip(PRIVATE, row.private, strict=True))
    held = {field: facts.private(household.id, field) for field in PRIVATE}
    if not any(held.values()):
        by_id = context.by.id if context.by else None
        db.session.add(HouseholdPrivate(household_id=household.id, by_id=by_id, **told))
        db.session.flush()
        return True
    for field, value in told.items():
        if value is not None and value != held[field]:
            text = f"{PRIVATE[field]} khác với điều đã ghi. Sửa ở trang thông tin riêng của hộ, hoặc để trống ô này."
            raise Refused(text, field)
    return False
