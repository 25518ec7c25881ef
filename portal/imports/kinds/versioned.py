"""What reviews, results and initiatives share: they are versions under one number of the books per batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.imports.cells import Cells
from portal.imports.context import Context
from portal.imports.kind import Counts, Located, Writer
from portal.imports.outcome import Problems
from portal.kit.audit import actor
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.numbers import Entry, next_entry
from portal.kit.tables import ABSENT
from portal.units.models import Unit

CHUNK = 500  # units in one IN list
UNIT, FROM, TO, NOTE = "Mã đơn vị", "Từ ngày", "Đến ngày", "Ghi chú"


def period_of(cells: Cells, context: Context) -> tuple[Unit | None, date | None, date | None]:
    """Unit and period of a row. The unit bears its code on the last day, and still lives then."""
    starts_on = cells.day(FROM, needed="Chưa có ngày đầu kỳ. Ghi ngày/tháng/năm, ví dụ 01/01/2026.")
    ends_on = cells.day(TO, needed="Chưa có ngày cuối kỳ. Ghi ngày/tháng/năm, ví dụ 31/12/2026.")
    starts_on, ends_on = starts_on or None, ends_on or None
    unit = context.unit_of(cells, ends_on)
    context.check_alive(cells, unit, ends_on)
    return unit, starts_on, ends_on


def check_row(
    cells: Cells, row: Any, check: Callable[[dict[str, Any]], None], column_of: Mapping[str, str]
) -> None:
    """The rule of the room over what this row itself says (missing columns as missing values)."""
    values = {field.name: getattr(row, field.name) for field in fields(row)}
    try:
        check({name: None if value is ABSENT else value for name, value in values.items()})
    except Refused as refused:
        cells.refuse(refused, column_of.get(refused.field or "", TO))


def writer(
    record: Callable[..., Any], *, what: str, identity: Callable[[Any], tuple], column_of: Mapping[str, str]
) -> Writer:
    """A `Kind.write` over one of the rooms' `record_…` actions."""

    def write(located: Sequence[Located], context: Context, problems: Problems) -> Counts:
        _find_doubles(located, identity, problems)
        if problems.total:
            return Counts(0, 0, 0)
        entry = _Entry(what, context)
        try:
            return Counts(*record([item.row for item in located], entry=entry))
        except Refused:
            _find_refused(located, lambda row: record([row], entry=entry), column_of, problems)
            if not problems.total:
                raise
        return Counts(0, 0, 0)

    return write


def known_by(
    columns: Sequence[Any],
    model: Any,
    identity: Callable[[Any], tuple],
    of_books: Callable[[Any], tuple] = tuple,
) -> Callable[[Sequence[Located], Context], set[int]]:
    """A `Kind.known`: rows whose identity has a present version. `of_books` makes one of the selected columns."""

    def known(located: Sequence[Located], _context: Context) -> set[int]:
        units = sorted({item.row.unit_id for item in located})
        found: set[tuple] = set()
        for start in range(0, len(units), CHUNK):
            mine = model.unit_id.in_(units[start : start + CHUNK])
            rows = select(*columns).select_from(model).where(mine, model.until.is_(None))
            found.update(of_books(row) for row in db.session.execute(rows))
        return {item.number for item in located if identity(item.row) in found}

    return known


class _Entry:
    """Takes the batch's number at the first write, and once."""

    def __init__(self, what: str, context: Context):
        self._what, self._context = what, context
        self._taken: Entry | None = None

    def __call__(self) -> Entry:
        if self._taken is None:
            by = self._context.by
            self._taken = next_entry(self._what, *((by.id, by.name) if by else actor()))
        return self._taken


def _find_doubles(located: Sequence[Located], identity: Callable[[Any], tuple], problems: Problems) -> None:
    first: dict[tuple, Located] = {}
    for item in located:
        earlier = first.setdefault(identity(item.row), item)
        if earlier.row != item.row:
            text = f"Dòng này cùng nội dung với dòng {earlier.number} mà số liệu khác. Giữ lại một dòng."
            problems.add(item.number, None, text)


def _find_refused(
    located: Sequence[Located], record: Callable[[Any], Any], column_of: Mapping[str, str], problems: Problems
) -> None:
    """Which rows were meant: one by one, in a transaction that is taken back anyway."""
    for number, row in located:
        try:
            record(row)
        except Refused as refused:
            problems.add(number, column_of.get(refused.field or ""), refused.text)
