"""Proposing a change of a household, and deciding on it. Flushes; the caller commits."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from portal.households.actions_registry import change_household, check_stands, set_groups
from portal.households.changes import value_text
from portal.households.models_change import HouseholdChange
from portal.households.models_registry import Household, HouseholdStatus
from portal.households.queries import group_by_name
from portal.households.queries_registry import responsible_unit_id
from portal.households.rules_registry import FIELDS, checked, sex_of
from portal.kit.days import today_in_vietnam
from portal.kit.db import db, now
from portal.kit.errors import Refused
from portal.kit.vietnamese import fold, nfc
from portal.people.models import User
from portal.units.models import Unit

PROPOSED, ACCEPTED, REFUSED = "proposed", "accepted", "refused"
STATES = {PROPOSED: "Chờ xem xét", ACCEPTED: "Đã nhận", REFUSED: "Không nhận"}
GROUPS = "groups"
PROPOSABLE = {
    **{
        field: FIELDS[field] for field in ("name", "sex", "birth_year", "unit_id", "address", "phone", "note")
    },
    GROUPS: "Nhóm hộ năm nay",
}


def propose(household: Household, *, field: str, new: str | None, reason: str, by: User) -> HouseholdChange:
    """Ask that a field be changed; `new` as people write it, blank = empty it. Raises Refused (fields what, new, reason)."""
    check_stands(household)
    if field not in PROPOSABLE:
        raise Refused("Mục này không đề nghị sửa được. Chọn một mục trong danh sách.", "what")
    if not nfc(reason):
        raise Refused("Chưa nêu lý do. Ghi vì sao cần sửa, dựa vào giấy tờ nào.", "reason")
    value = _read(household, field, new)
    old, told = _current(household, field), _text(field, value)
    if old == told:
        raise Refused("Giá trị đề nghị giống như trong sổ. Gõ giá trị mới, hoặc bỏ đề nghị.", "new")
    waiting = select(HouseholdChange).filter_by(household_id=household.id, field=field, state=PROPOSED)
    if db.session.scalar(waiting) is not None:
        raise Refused("Mục này đang có đề nghị chờ xem xét. Chờ người phụ trách trả lời.", "what")
    change = HouseholdChange(
        household_id=household.id,
        field=field,
        label=PROPOSABLE[field],
        old=old,
        new=told,
        reason=nfc(reason)[:500],
        state=PROPOSED,
        by_id=by.id,
        by_name=by.name,
    )
    db.session.add(change)
    db.session.flush()
    return change


def accept(change: HouseholdChange, *, by: User) -> None:
    """Make the proposed change. Raises Refused when the field has been changed since, or the value does not hold."""
    _check_waiting(change)
    household = change.household
    now_held = _current(household, change.field)
    if now_held != change.old:
        raise Refused(
            f"Mục này đã đổi thành “{now_held or 'trống'}” sau khi đề nghị. "
            "Không nhận đề nghị này, rồi nhờ gửi lại nếu vẫn cần.",
        )
    value = _read(household, change.field, change.new)
    change.state, change.decided_by_id, change.decided_at = ACCEPTED, by.id, now()
    db.session.flush()
    reason = f"Theo đề nghị của {change.by_name}: {change.reason}"[:500]
    if change.field == GROUPS:
        set_groups(household, today_in_vietnam().year, value, by)
    else:
        change_household(household, {change.field: value}, by, reason=reason)


def refuse(change: HouseholdChange, *, answer: str | None, by: User) -> None:
    """Leave the field as it is, with an answer. Raises Refused (field answer)."""
    _check_waiting(change)
    if not nfc(answer):
        raise Refused("Chưa ghi vì sao không nhận. Ghi một câu để người đề nghị biết.", "answer")
    change.state, change.decided_by_id, change.decided_at = REFUSED, by.id, now()
    change.answer = nfc(answer)[:500]
    db.session.flush()


def _check_waiting(change: HouseholdChange) -> None:
    db.session.refresh(change, with_for_update={"of": HouseholdChange})
    if change.state != PROPOSED:
        raise Refused(f"Đề nghị này đã có trả lời: {STATES[change.state].lower()}. Mở lại trang để xem.")
    check_stands(change.household)


def _read(household: Household, field: str, text: str | None) -> Any:
    """The value that a text means, judged as a direct change would be. Raises Refused (field new)."""
    text = nfc(text) or None
    try:
        if field == GROUPS:
            return _groups(text)
        value: Any = text
        if field == "sex":
            value = sex_of(text)
        elif field == "birth_year" and text is not None:
            if not text.isdecimal() or len(text) > 4:
                raise Refused(f"Năm sinh “{text[:20]}” không đúng dạng. Gõ bốn chữ số.")
            value = int(text)
        elif field == "unit_id":
            return _unit(household, text)
        checked({field: value}, this_year=today_in_vietnam().year)
        return value
    except Refused as refused:
        raise Refused(refused.text, "new") from refused


def _groups(text: str | None) -> list[Any]:
    found = []
    for name in filter(None, map(nfc, (text or "").split(";"))):
        group = group_by_name(name)
        if group is None:
            raise Refused(f"Không có nhóm hộ “{name}”. Ghi đúng tên nhóm, nhiều nhóm thì cách bằng dấu “;”.")
        found.append(group)
    return found


def _unit(household: Household, text: str | None) -> int:
    """A hamlet of the household's commune, by name or code; or the commune itself. Raises Refused."""
    commune = responsible_unit_id(household.unit)
    near = select(Unit).where((Unit.parent_id == commune) | (Unit.id == commune), Unit.valid_to.is_(None))
    wanted = fold((text or "").split(",")[0])
    for unit in db.session.scalars(near.order_by(Unit.id.desc())):
        if wanted and wanted in (fold(unit.name), fold(unit.code)):
            return unit.id
    raise Refused(f"Không có thôn, ấp, khu phố “{text or ''}” trong xã, phường này. Ghi đúng tên.")


def _current(household: Household, field: str) -> str | None:
    if field != GROUPS:
        return value_text(field, getattr(household, field))
    rows = select(HouseholdStatus).where(
        HouseholdStatus.household_id == household.id,
        HouseholdStatus.year == today_in_vietnam().year,
        HouseholdStatus.withdrawn.is_(False),
    )
    return _names([row.group for row in db.session.scalars(rows)])


def _text(field: str, value: Any) -> str | None:
    return _names(value) if field == GROUPS else value_text(field, value)


def _names(groups: list[Any]) -> str | None:
    return (
        "; ".join(group.name for group in sorted(groups, key=lambda group: (group.position, group.id)))
        or None
    )
