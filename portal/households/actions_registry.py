"""Writing households, their members, years and needs. Flushes; the caller commits. Every change keeps the old value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.households import rules_registry as rules
from portal.households.changes import note_change, value_text
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
from portal.households.queries_registry import is_hamlet
from portal.kit.days import format_day, today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.money import format_amount
from portal.kit.vietnamese import fold
from portal.people.models import User
from portal.units.models import Unit
from portal.units.rules import is_commune


def check_place(unit: Unit | None) -> Unit:
    """A household belongs to a living hamlet, or to a commune. Raises Refused (field unit_id)."""
    if unit is None or not (is_commune(unit.level) or is_hamlet(unit)):
        name = f"{unit.name} là {unit.level or 'cấp trên'}. " if unit else ""
        raise Refused(f"{name}Chọn thôn, ấp, khu phố của hộ; chưa rõ thì chọn xã, phường.", "unit_id")
    if unit.valid_to is not None and unit.valid_to < today_in_vietnam():
        raise Refused(
            f"{unit.name} đã kết thúc ngày {format_day(unit.valid_to)}. Chọn đơn vị kế thừa.", "unit_id"
        )
    return unit


def record_household(values: Mapping[str, Any], *, by: User | None) -> Household:
    """A new household; keys as `rules_registry.FIELDS`. A twin is no reason to refuse. Raises Refused at the field."""
    check_place(db.session.get(Unit, values.get("unit_id") or 0))
    household = Household(**rules.checked(values, this_year=today_in_vietnam().year))
    db.session.add(household)
    db.session.flush()
    return household


def change_household(
    household: Household, values: Mapping[str, Any], by: User | None, *, reason: str | None = None
) -> list[str]:
    """Change what is kept, field by field with its old value; what is not named stays. Returns changed labels."""
    check_stands(household)
    unknown = set(values) - set(rules.FIELDS)
    if unknown:
        raise ValueError(f"a household has no {', '.join(sorted(unknown))}")
    if values.get("unit_id", household.unit_id) != household.unit_id:
        check_place(db.session.get(Unit, values["unit_id"] or 0))
    told = []
    for field, value in rules.checked(values, this_year=today_in_vietnam().year).items():
        old = getattr(household, field)
        if old == value:
            continue
        if label := rules.FIELDS.get(field):
            note_change(household, field, label, value_text(field, old), value_text(field, value), by, reason)
            told.append(label)
        setattr(household, field, value)
    db.session.flush()
    return told


def check_stands(household: Household) -> None:
    """Raises Refused for a household that is part of another by now."""
    if household.merged_into_id is not None:
        raise Refused("Hộ này đã gộp vào hộ khác. Mở hộ còn lại rồi ghi ở đó.")


def set_members(household: Household, people: Sequence[rules.Person], by: User | None) -> bool:
    """Who lives there besides the head, from now on: known ones by name are brought up, others come and go."""
    check_stands(household)
    known = _members(household.id)
    old = members_text(known)
    left = list(known)
    for person in people:
        member = next((one for one in left if one.folded == fold(person.name)), None)
        if member is None:
            member = HouseholdMember(household_id=household.id, folded=fold(person.name)[:200])
            db.session.add(member)
        else:
            left.remove(member)
        for field in ("name", "relation", "sex", "birth_year"):
            setattr(member, field, getattr(person, field))
    _let_go(left)
    new = "; ".join(rules.person_text(person) for person in people) or None
    if old != new:
        note_change(household, "members", "Thành viên", old, new, by)
        db.session.flush()
    return old != new


def _let_go(members: Sequence[HouseholdMember]) -> None:
    """They live there no more; their sensitive fields do not hold any more either."""
    gone = [member.id for member in members]
    for member in members:
        member.withdrawn = True
    if gone:
        rows = select(HouseholdPrivate).where(
            HouseholdPrivate.member_id.in_(gone), HouseholdPrivate.withdrawn.is_(False)
        )
        for row in db.session.scalars(rows):
            row.withdrawn = True
    db.session.flush()


def members_text(members: Sequence[HouseholdMember]) -> str | None:
    """Members as tables and the history write them."""
    return "; ".join(rules.person_text(member) for member in members) or None


def _members(household_id: int) -> list[HouseholdMember]:
    wanted = select(HouseholdMember).where(
        HouseholdMember.household_id == household_id, HouseholdMember.withdrawn.is_(False)
    )
    return list(db.session.scalars(wanted.order_by(HouseholdMember.id)))


def set_groups(household: Household, year: int, groups: Sequence[HouseholdGroup], by: User | None) -> bool:
    """The groups of a household in a year. Returns whether that changed anything. Raises Refused (groups, year)."""
    check_stands(household)
    rules.check_year(year, this_year=today_in_vietnam().year)
    rules.check_groups([group.name for group in groups if group.exclusive], year)
    rows = select(HouseholdStatus).where(
        HouseholdStatus.household_id == household.id, HouseholdStatus.year == year
    )
    known = {row.group_id: row for row in db.session.scalars(rows)}
    old = [row.group for row in known.values() if not row.withdrawn]
    wanted = {group.id: group for group in groups}
    for group_id in wanted.keys() - known.keys():
        db.session.add(HouseholdStatus(household_id=household.id, year=year, group_id=group_id))
    for row in known.values():
        row.withdrawn = row.group_id not in wanted
    return _told(household, "groups", f"Nhóm hộ năm {year}", old, list(groups), by)


def set_lacks(
    household: Household, year: int, indicators: Sequence[DeprivationIndicator] | None, by: User | None
) -> bool:
    """What the household lacks in a year; None = not looked at, empty = looked at and nothing lacks."""
    check_stands(household)
    rows = select(HouseholdLack).where(HouseholdLack.household_id == household.id, HouseholdLack.year == year)
    known = {row.indicator_id: row for row in db.session.scalars(rows)}
    old = [row.indicator for row in known.values() if not row.withdrawn]
    found = _year(household, year)
    was_known, found.lacks_known = found.lacks_known, indicators is not None
    wanted = {one.id: one for one in indicators or ()}
    for indicator_id in wanted.keys() - known.keys():
        db.session.add(HouseholdLack(household_id=household.id, year=year, indicator_id=indicator_id))
    for row in known.values():
        row.withdrawn = row.indicator_id not in wanted
    return _told(
        household,
        "lacks",
        f"Chỉ số thiếu hụt năm {year}",
        old,
        list(wanted.values()),
        by,
        none=("không thiếu hụt" if was_known else None, "không thiếu hụt" if found.lacks_known else None),
    )


def set_income(household: Household, year: int, income: int | None, by: User | None) -> bool:
    """Income of a year, đồng per person and month; None = not known."""
    check_stands(household)
    rules.check_year(year, this_year=today_in_vietnam().year)
    found = _year(household, year)
    if found.income == income:
        return False
    old = format_amount(found.income) if found.income is not None else None
    new = format_amount(income) if income is not None else None
    note_change(household, "income", f"Thu nhập năm {year} (đ/người/tháng)", old, new, by)
    found.income = income
    db.session.flush()
    return True


def _year(household: Household, year: int) -> HouseholdYear:
    rules.check_year(year, this_year=today_in_vietnam().year)
    key = {"household_id": household.id, "year": year}
    found = db.session.scalar(select(HouseholdYear).filter_by(**key))
    if found is None:
        found = HouseholdYear(**key, lacks_known=False, withdrawn=False)
        db.session.add(found)
        db.session.flush()
    if found.withdrawn:
        found.withdrawn, found.income, found.lacks_known = False, None, False
    return found


def _told(
    household: Household,
    field: str,
    label: str,
    old: Sequence[Any],
    new: Sequence[Any],
    by: User | None,
    none: tuple[str | None, str | None] = (None, None),
) -> bool:
    """Note a change of a set of named things, where there is one."""
    texts = [
        "; ".join(item.name for item in sorted(items, key=lambda item: (item.position, item.id))) or nothing
        for items, nothing in zip((old, new), none, strict=True)
    ]
    db.session.flush()
    if texts[0] == texts[1]:
        return False
    note_change(household, field, label, texts[0], texts[1], by)
    db.session.flush()
    return True


def add_need(
    household: Household, kind: NeedKind, *, since: date, note: str | None, by: User | None
) -> HouseholdNeed:
    """The household needs something. Raises Refused when the same need is open or the day has not come."""
    check_stands(household)
    if since > today_in_vietnam():
        raise Refused(f"Ngày {format_day(since)} chưa tới. Sửa lại ngày ghi nhận.", "since")
    if any(need.kind_id == kind.id for need in open_needs(household.id)):
        raise Refused(f"Nhu cầu “{kind.name}” đã ghi và chưa được đáp ứng. Chọn nhu cầu khác.", "kind_id")
    need = HouseholdNeed(household_id=household.id, kind_id=kind.id, since=since, note=note)
    db.session.add(need)
    note_change(household, "needs", "Nhu cầu", None, kind.name, by)
    db.session.flush()
    return need


def open_needs(household_id: int) -> list[HouseholdNeed]:
    """Needs that are not met yet."""
    rows = select(HouseholdNeed).where(
        HouseholdNeed.household_id == household_id,
        HouseholdNeed.met_on.is_(None),
        HouseholdNeed.withdrawn.is_(False),
    )
    return list(db.session.scalars(rows.order_by(HouseholdNeed.id)))


def meet_need(need: HouseholdNeed, household: Household, by: User | None, *, on: date | None = None) -> None:
    """The need is met. Raises Refused when it was before."""
    if need.met_on is not None:
        raise Refused("Nhu cầu này đã ghi là được đáp ứng. Mở lại trang để xem.")
    need.met_on = on or today_in_vietnam()
    note_change(household, "needs", "Nhu cầu", need.kind.name, f"{need.kind.name}: đã đáp ứng", by)
    db.session.flush()
