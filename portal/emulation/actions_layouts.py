"""Writing layouts of certificates. Flushes; the caller commits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from portal.emulation import queries_layouts as queries
from portal.emulation.models_layouts import RewardLayout
from portal.emulation.rules_layouts import Look, look_of
from portal.kit.checks import check_text
from portal.kit.days import EARLIEST, format_day, today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.numbers import take_posting_lock
from portal.kit.vietnamese import fold, key_of

PLAIN = (
    "frame",
    "colour",
    "national",
    "align",
    "title_size",
    "name_size",
    "sign_place",
    "check_place",
)


def add_layout(values: Mapping[str, Any]) -> RewardLayout:
    """A new layout, from a day on. Raises Refused at the field."""
    name, look = _check_name(values.get("name")), look_of(values)
    last = db.session.scalar(select(func.max(RewardLayout.position))) or 0
    return _add(name, look, position=last + 1, valid_from=values["valid_from"] or EARLIEST)


def change_layout(layout: RewardLayout, values: Mapping[str, Any]) -> RewardLayout:
    """Other looks from now on. Raises Refused at the field.

    When certificates were given in it, it ends as it is, and a new version takes its place in the forms; that one is
    returned.
    """
    take_posting_lock()  # a decision that is issued meanwhile bears the layout before or the one after
    name, look = _check_name(values.get("name"), but=layout), look_of(values)
    valid_from = values["valid_from"] or EARLIEST
    if layout.valid_to is not None:
        raise Refused(
            f"Kiểu này đã ngừng từ {format_day(layout.valid_to)}. Dùng lại rồi sửa, hoặc thêm kiểu mới."
        )
    if look == queries.look_of_layout(layout) or not queries.is_borne(layout):
        layout.name, layout.valid_from = name, valid_from
        _write(layout, look)
        db.session.flush()
        return layout
    forms = queries.forms_with(layout)
    layout.valid_to = today_in_vietnam() - timedelta(days=1)  # today the next version is in use
    made = _add(name, look, position=layout.position, valid_from=max(valid_from, today_in_vietnam()))
    for form in forms:
        form.layout = made.key
    db.session.flush()
    return made


def _add(name: str, look: Look, *, position: int, valid_from: date) -> RewardLayout:
    layout = RewardLayout(key=_new_key(name), name=name, position=position, valid_from=valid_from)
    _write(layout, look)
    db.session.add(layout)
    db.session.flush()
    return layout


def _write(layout: RewardLayout, look: Look) -> None:
    for column in PLAIN:
        setattr(layout, column, getattr(look, column))
    layout.heading, layout.parts = "\n".join(look.heading), ",".join(look.parts)


def _new_key(name: str) -> str:
    key = key_of(name)[:15].strip("_") or "kieu"
    taken = set(db.session.scalars(select(RewardLayout.key)))
    places = (f"{key}_{number}" for number in range(2, 1_000))
    return key if key not in taken else next(one for one in places if one not in taken)


def _check_name(text: str | None, *, but: RewardLayout | None = None) -> str:
    name = check_text(text, "name", "tên kiểu trình bày", 100)
    for known in queries.layouts():
        if (but is None or known.id != but.id) and fold(known.name) == fold(name):
            raise Refused(f"Đã có kiểu “{known.name}”. Đặt tên khác, hoặc sửa kiểu đó.", "name")
    return name


def end_layout(layout: RewardLayout, valid_to: date | None) -> None:
    """Offered until that day; None opens it again. Raises Refused."""
    if valid_to is None:
        _check_name(layout.name, but=layout)
    elif used := [form.name for form in queries.forms_with(layout) if form.valid_to is None]:
        raise Refused(f"Kiểu này đang dùng cho {', '.join(used)}. Chọn kiểu khác cho các hình thức đó trước.")
    elif valid_to < layout.valid_from:
        raise Refused(f"Kiểu chỉ dùng từ {format_day(layout.valid_from)}, chưa ngừng được.")
    layout.valid_to = valid_to
    db.session.flush()
