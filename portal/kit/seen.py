"""Two people at one form: what the record held when the form was opened travels with it in a hidden field.

Whoever is second is shown, field by field, what the first has written meanwhile (`ui.meanwhile`), and clicks once more.
Nothing is written over unseen: a field that the second has left alone takes what the first has written, one that
both have changed keeps what the second has typed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy.orm import object_session
from wtforms import BooleanField, FileField, PasswordField
from wtforms.csrf.core import CSRFTokenField

FIELD = "opened_with"
NOTHING = "—"
_LEFT_OUT = (CSRFTokenField, FileField, PasswordField)


class Change(NamedTuple):
    """A field that somebody else has changed: as it was when this form was opened, and as it is now."""

    label: str
    before: str
    now: str


def opened_text(form: Any) -> str:
    """What the record behind a form holds now, for the hidden field. Choices are offered before."""
    return json.dumps({name: text for name, _, text in _held(form)}, ensure_ascii=False)


def changed_meanwhile(form: Any, sent: Mapping[str, str]) -> list[Change]:
    """What the record holds otherwise than when the sent form was opened; without the hidden field nothing is known.

    Fields that the person of this form has left alone follow the record.
    """
    try:
        seen = json.loads(sent.get(FIELD) or "{}")
    except ValueError:
        return []
    if not isinstance(seen, dict):
        return []
    changes = []
    for name, label, text in list(_held(form)):
        before = str(seen.get(name, text))
        if before == text:
            continue
        changes.append(Change(label, before or NOTHING, text or NOTHING))
        field = form[name]
        if _as_text(field, _typed(field)) == before:
            field.raw_data = None
            field.process_data(field.object_data)
    return changes


def lock_row(record: Any) -> Any:
    """The record as it is now; the next who wants to change it waits for the end of this transaction."""
    session = object_session(record)
    if session is None:
        raise ValueError("the record belongs to no session")
    session.refresh(record, with_for_update={"of": type(record)})
    return record


def _held(form: Any) -> Iterator[tuple[str, str, str]]:
    """(name, label, text) of what each field got from the record."""
    for field in form:
        if not isinstance(field, _LEFT_OUT):
            yield field.short_name, field.label.text or field.short_name, _as_text(field, field.object_data)


def _typed(field: Any) -> Any:
    """What stands in the sent field; a text that cannot be read as it was typed."""
    unreadable = field.data is None and field.raw_data and not hasattr(field, "iter_choices")
    return field.raw_data[0] if unreadable else field.data


def _as_text(field: Any, value: Any) -> str:
    if isinstance(field, BooleanField):
        return "có" if value else "không"
    if value is None or value == "" or value == []:
        return ""
    if hasattr(field, "iter_choices"):
        names = {str(choice.value): choice.label for choice in field.iter_choices()}
        if isinstance(value, list | tuple):
            return ", ".join(str(names.get(str(one), one)) for one in value)
        return str(names.get(str(value), value or ""))
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    if isinstance(value, str) or not hasattr(field, "shown"):
        return str(value)
    return str(field.shown(value))
