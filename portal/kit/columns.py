"""Columns of a list: where a value comes from, how it is sorted and summed, and how people read it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.kit import days, money

READABLE: dict[str, Callable[[Any], str]] = {
    "amount": money.format_amount,
    "day": days.format_day,
    "number": lambda value: money.format_amount(value) if isinstance(value, int) else str(value),
}


@dataclass(frozen=True)
class Cell:
    """One cell, ready to be shown."""

    text: str
    kind: str = "text"
    url: str | None = None
    muted: bool = False
    badge_kind: str | None = None


@dataclass(frozen=True)
class Row:
    """One row; `key` goes into the tick box, `url` is its page."""

    cells: list[Cell]
    key: str
    url: str | None = None


@dataclass(frozen=True)
class Column:
    """One head; `sorted` is "asc", "desc" or None."""

    key: str
    label: str
    kind: str
    align: str
    primary: bool
    sortable: bool
    sort_url: str | None
    sorted: str | None


@dataclass(frozen=True)
class Col:
    """One column of a list: where its value comes from (attribute path or function of the record), its looks.

    Kinds: text, amount, number (a count or points, under one another like amounts), day, badge, link (leads to
    the row's page unless it has its own `url`). `sort` and
    `total` are SQL expressions; `total` (đồng) is summed in the foot. `badge` gives bad, warn, ok, neutral or
    None, which is quiet text.
    """

    key: str
    label: str
    value: str | Callable[[Any], Any] = ""
    kind: str = "text"
    sort: Any = None
    total: Any = None
    url: Callable[[Any], str | None] | None = None
    badge: Callable[[Any], str | None] | None = None
    muted: bool = False
    primary: bool = False

    def read(self, record: Any) -> Any:
        """The plain value: int đồng, a day, or text; None when missing."""
        if callable(self.value):
            value = self.value(record)
        else:
            value = record
            for name in (self.value or self.key).split("."):
                value = getattr(value, name) if value is not None else None
        if self.kind == "day" and isinstance(value, datetime):
            return value.astimezone(days.VIETNAM).date()
        return None if value == "" else value

    def cell(self, record: Any, row_url: str | None = None) -> Cell:
        """The value as people read it; missing is "—"."""
        value = self.read(record)
        url = self.url(record) if self.url else row_url if self.kind == "link" else None
        if value is None:
            return Cell("—", self.kind, url, muted=True)
        shown = READABLE.get(self.kind, str)(value)
        return Cell(shown, self.kind, url, self.muted, self.badge(record) if self.badge else None)
