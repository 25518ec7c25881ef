"""Groups, needs and standards as data of the whole installation. Flushes; the caller commits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select

from portal.households.actions import group_for
from portal.households.models import DeprivationIndicator, HouseholdGroup, NeedKind, PovertyStandard
from portal.households.queries import group_by_name
from portal.kit.days import EARLIEST, format_day
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.vietnamese import capital_first, fold, key_of, nfc

Entry = HouseholdGroup | NeedKind | DeprivationIndicator


def add_group(name: str, *, exclusive: bool) -> HouseholdGroup:
    """A new group of households. Raises Refused (field name)."""
    if group_by_name(name) is not None:
        raise Refused(f"Đã có nhóm “{nfc(name)}”. Đặt tên khác, hoặc dùng lại nhóm đó.", "name")
    group = group_for(name)
    group.exclusive = exclusive
    db.session.flush()
    return group


def add_need_kind(name: str) -> NeedKind:
    """A new kind of need. Raises Refused (field name)."""
    known = db.session.scalars(select(NeedKind)).all()
    if not fold(name) or any(fold(kind.name) == fold(name) for kind in known):
        raise Refused(f"Đã có nhu cầu “{nfc(name)}”, hoặc tên chưa có chữ. Đặt tên khác.", "name")
    place = (db.session.scalar(select(func.max(NeedKind.position))) or 0) + 1
    kind = NeedKind(key=key_of(name)[:60], name=capital_first(nfc(name)), position=place)
    db.session.add(kind)
    db.session.flush()
    return kind


def add_indicator(values: Mapping[str, Any]) -> DeprivationIndicator:
    """A lacking indicator of a standard: service, name, basis, valid_from, valid_to. Raises Refused at the field.

    The same name may come again under a later standard, once the one before has ended.
    """
    first, last = values["valid_from"], values.get("valid_to")
    if last is not None and last < first:
        raise Refused(
            f"Ngày cuối trước ngày đầu {format_day(first)}. Sửa lại một trong hai ngày.", "valid_to"
        )
    name = nfc(values["name"])
    for known in db.session.scalars(select(DeprivationIndicator)):
        overlaps = known.valid_from <= (last or date.max) and (known.valid_to or date.max) >= first
        if fold(known.name) == fold(name) and overlaps:
            raise Refused(f"Đã có chỉ số “{known.name}” trong thời gian này. Chọn ngày khác.", "name")
    place = (db.session.scalar(select(func.max(DeprivationIndicator.position))) or 0) + 1
    indicator = DeprivationIndicator(
        key=_free_key(name),
        service=capital_first(nfc(values["service"])),
        name=capital_first(name),
        basis=values.get("basis") or "",
        position=place,
        valid_from=first,
        valid_to=last,
    )
    db.session.add(indicator)
    db.session.flush()
    return indicator


def _free_key(name: str) -> str:
    stem = key_of(name)[:50]
    taken = set(db.session.scalars(select(DeprivationIndicator.key)))
    return next(key for key in (stem, *(f"{stem}_{n}" for n in range(2, 1000))) if key not in taken)


def end_entry(entry: Entry, valid_to: date | None) -> None:
    """The entry is offered until that day; None opens it again. What bears it keeps it. Raises Refused."""
    if valid_to is not None and valid_to < entry.valid_from:
        since = "đầu" if entry.valid_from == EARLIEST else format_day(entry.valid_from)
        raise Refused(f"“{entry.name}” dùng từ {since}. Chọn ngày muộn hơn.")
    entry.valid_to = valid_to
    db.session.flush()


def add_standard(values: Mapping[str, Any]) -> PovertyStandard:
    """A standard of a province or of the country, from a day on. Raises Refused at the field."""
    first, last = values["valid_from"], values.get("valid_to")
    if last is not None and last < first:
        raise Refused(
            f"Ngày cuối trước ngày đầu {format_day(first)}. Sửa lại một trong hai ngày.", "valid_to"
        )
    if values.get("income_rural") is None and values.get("income_urban") is None:
        raise Refused("Chưa ghi mức thu nhập. Ghi ít nhất một mức.", "income_rural")
    clash = select(PovertyStandard).where(
        PovertyStandard.valid_from <= (last or date.max),
        (PovertyStandard.valid_to.is_(None)) | (PovertyStandard.valid_to >= first),
    )
    unit_id = values.get("unit_id")
    same = PovertyStandard.unit_id
    other = db.session.scalar(clash.where(same.is_(None) if unit_id is None else same == unit_id))
    if other is not None:
        raise Refused(f"Trùng thời gian với “{other.name}”. Chọn ngày khác.", "valid_from")
    standard = PovertyStandard(**{**values, "basis": values.get("basis") or ""})
    db.session.add(standard)
    db.session.flush()
    return standard
