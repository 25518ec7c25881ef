"""Writing sensitive fields, and noting who reads them. Flushes; the caller commits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, insert, literal, select
from sqlalchemy.exc import IntegrityError

from portal.households.actions_registry import check_stands
from portal.households.changes import note_change
from portal.households.models_private import HouseholdAccess, HouseholdPrivate
from portal.households.models_registry import Household, HouseholdMember
from portal.households.queries_registry import may_read_private
from portal.households.rules_private import FIELDS, check_purpose, checked
from portal.households.rules_registry import code_of
from portal.kit.db import db, now
from portal.kit.errors import Refused
from portal.kit.numbers import take_posting_lock
from portal.people.models import User

PAGE, FILE = "page", "file"


def log_reading(household: Household, by: User, purpose: str | None) -> HouseholdAccess:
    """Note that `by` reads the sensitive fields of a household on screen. Raises Refused without a purpose."""
    entry = HouseholdAccess(
        household_id=household.id,
        unit_id=household.unit_id,
        by_id=by.id,
        by_name=by.name,
        what=PAGE,
        purpose=check_purpose(purpose),
    )
    db.session.add(entry)
    db.session.flush()
    return entry


def log_file(households: Select[Any], by: User, purpose: str | None) -> None:
    """The same for every household of a file, in one statement; `households` is a select of Household."""
    told = households.order_by(None).with_only_columns(
        Household.id,
        Household.unit_id,
        literal(by.id),
        literal(by.name),
        literal(FILE),
        literal(check_purpose(purpose)),
        literal(now(), HouseholdAccess.at.type),
    )
    columns = ["household_id", "unit_id", "by_id", "by_name", "what", "purpose", "at"]
    db.session.execute(insert(HouseholdAccess).from_select(columns, told, include_defaults=False))


def private_row(household_id: int, member_id: int | None) -> HouseholdPrivate | None:
    """The sensitive fields that hold for the head (`member_id` None) or a member."""
    rows = select(HouseholdPrivate).where(
        HouseholdPrivate.household_id == household_id, HouseholdPrivate.withdrawn.is_(False)
    )
    person = HouseholdPrivate.member_id
    rows = rows.where(person.is_(None) if member_id is None else person == member_id)
    return db.session.scalar(rows)


def set_private(
    household: Household, member: HouseholdMember | None, values: Mapping[str, Any], by: User
) -> bool:
    """Keep the sensitive fields of one person; the row before stays, withdrawn. Raises Refused (field cccd …).

    The history says which fields were changed, never their values.
    """
    check_stands(household)
    wanted = checked(values)
    take_posting_lock()
    held = private_row(household.id, member.id if member else None)
    different = [field for field in FIELDS if wanted[field] != (getattr(held, field) if held else None)]
    if not different:
        return False
    check_cccd_free(wanted["cccd"], by, but=held)
    if held is not None:
        held.withdrawn = True
        db.session.flush()
    if any(wanted.values()):
        row = HouseholdPrivate(
            household_id=household.id, member_id=member.id if member else None, by_id=by.id, **wanted
        )
        db.session.add(row)
    who = member.name if member else household.name
    said = ", ".join(FIELDS[field].lower() for field in different)
    note_change(household, "private", "Thông tin riêng", None, f"Đã sửa {said} của {who}", by)
    try:
        db.session.flush()
    except IntegrityError as error:  # somebody else was quicker, on an engine without our lock
        raise Refused(TAKEN, "cccd") from error
    return True


TAKEN = (
    "Số căn cước này đã có trong sổ hộ, ở nơi ngoài phạm vi được giao. "
    "Xem lại trên thẻ; đúng số thì nhờ cấp trên đối chiếu."
)


def check_cccd_free(cccd: str | None, by: User, *, but: HouseholdPrivate | None = None) -> None:
    """A CCCD stands once in the portal. Whose it is gets told only to who may read that household. Raises Refused."""
    if cccd is None:
        return
    rows = select(HouseholdPrivate.id, Household).join(
        Household, Household.id == HouseholdPrivate.household_id
    )
    found = db.session.execute(
        rows.where(HouseholdPrivate.cccd == cccd, HouseholdPrivate.withdrawn.is_(False))
    ).first()
    if found is None or (but is not None and found[0] == but.id):
        return
    other = found[1]
    if may_read_private(by, other.unit):
        text = (
            f"Số căn cước này đã ghi ở hộ {other.name} ({code_of(other.id)}). Xem lại hai hộ có phải là một."
        )
        raise Refused(text, "cccd")
    raise Refused(TAKEN, "cccd")
