"""What happened to a donor's entry, in sentences, from the audit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from portal.donors.models import Donor
from portal.donors.queries import family, kind_name
from portal.donors.rules import FIELDS
from portal.kit.audit import AuditEntry, AuditValue
from portal.kit.days import format_moment
from portal.kit.db import db
from portal.units.models import Unit

MOST = 50
LONGEST = 60  # characters of a value in a sentence
NOTHING = "trống"


def story_of(donor: Donor) -> list[dict[str, str | None]]:
    """`when`, `text`, `note` of what was done to a donor and to those merged into it, newest first. Four statements."""
    names = dict(db.session.execute(select(Donor.id, Donor.name).where(Donor.id.in_(family(donor.id)))).all())
    wanted = select(AuditEntry).where(
        AuditEntry.entity == Donor.__tablename__, AuditEntry.entity_id.in_([str(number) for number in names])
    )
    entries = db.session.scalars(wanted.order_by(AuditEntry.id.desc()).limit(MOST)).all()
    values = _values([entry.id for entry in entries])
    units = _units(entries)
    told = []
    for entry in entries:
        number = int(entry.entity_id or 0)
        note = _changed(entry, values.get(entry.id, {}), units) if entry.action == "update" else None
        text = _text(entry, names.get(number, ""), number == donor.id, names)
        if text and (note or entry.action != "update" or "merged_into_id" in entry.changes):
            told.append({"when": format_moment(entry.at), "text": text, "note": note})
    return told


def _text(entry: AuditEntry, name: str, is_own: bool, names: dict[int, str]) -> str:
    who = "" if is_own else f" “{name}”"
    if entry.action == "insert":
        return f"{entry.by_name} ghi{who or ' người này'} vào sổ."
    if "merged_into_id" in entry.changes:
        old, new = entry.changes["merged_into_id"]
        if new is None:
            return f"{entry.by_name} tách{who or ' người này'} ra."
        if old is None:
            return f"{entry.by_name} gộp{who or ' người này'} vào “{names.get(new, 'người khác')}”."
        return f"{entry.by_name} gộp tiếp{who or ' người này'} vào “{names.get(new, 'người khác')}”."
    return f"{entry.by_name} sửa{who or ' người này'}."


def _changed(
    entry: AuditEntry, personal: dict[str, tuple[str | None, str | None]], units: dict[int, str]
) -> str | None:
    said = []
    for field, label in FIELDS.items():
        if field not in entry.changes:
            continue
        old, new = personal.get(field, entry.changes[field])
        erased = field in Donor.audit_personal and field not in personal
        said.append(
            label if erased else f"{label}: {_shown(field, old, units)} → {_shown(field, new, units)}"
        )
    return "; ".join(said) or None


def _shown(field: str, value: Any, units: dict[int, str]) -> str:
    if value in (None, ""):
        return NOTHING
    if field in ("unit_id", "introduced_by_id"):
        return units.get(int(value), str(value))
    text = (kind_name(value) or value) if field == "kind" else str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _values(entry_ids: Sequence[int]) -> dict[int, dict[str, tuple[str | None, str | None]]]:
    """Old and new values of personal fields, as far as they are not erased."""
    found: dict[int, dict[str, tuple[str | None, str | None]]] = {}
    rows = select(AuditValue).where(AuditValue.entry_id.in_(entry_ids))
    for row in db.session.scalars(rows):
        found.setdefault(row.entry_id, {})[row.field] = (row.old, row.new)
    return found


def _units(entries: Sequence[AuditEntry]) -> dict[int, str]:
    ids = {
        value
        for entry in entries
        for field in ("unit_id", "introduced_by_id")
        for value in entry.changes.get(field, ())
        if value is not None
    }
    return dict(db.session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(ids))).all())
