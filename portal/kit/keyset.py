"""A list that may hold a million rows: one order, pages that begin behind a row, counts up to a bound.

Like `kit.listing.ListSpec` in everything else. No page and no count looks at all rows, so that paging through a long
list costs the same on every page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Date, Select, func, literal, select, tuple_

from portal.kit.db import db
from portal.kit.listing import BulkAction, Listing, ListSpec, _Asked

AFTER, BEFORE = "sau", "truoc"  # names in the address


@dataclass(frozen=True)
class KeysetSpec(ListSpec):
    """`order`: columns (whole numbers, days) that make a row unique; they alone order the list, heads do not sort.

    `counted`: how many rows are counted and summed at most; of more the list says "hơn", and gives no sums.
    """

    order: Sequence[Any] = ()
    counted: int = 20_000

    def run(
        self, records: Select[Any], args: Mapping[str, str], path: str, bulk: Sequence[BulkAction] = ()
    ) -> Listing:
        """One page behind (or before) the row of the address; never fails on what was typed there."""
        asked = self._read(args)
        found = records.where(*asked.conditions)
        count, sums = self._totals(found)
        after, before = self._place(args.get(AFTER)), self._place(args.get(BEFORE))
        rows, has_prev, has_next = self._around(found, after, before) if count else ([], False, False)
        empty = count == 0 and not (asked.conditions and self._totals(records)[0])
        exact = count <= self.counted
        return Listing(
            columns=[replace(self._head(col, asked, path), sortable=False) for col in self.columns],
            rows=[self._row(record, key) for record, key in rows],
            filters=asked.filters,
            count=min(count, self.counted),
            count_is_exact=exact,
            sums=sums if exact else {},
            noun=self.noun,
            page_label=f"trang này {len(rows)} {self.noun}" if has_prev or has_next else "trên một trang",
            prev_url=asked.url(path, **{BEFORE: rows[0][1]}) if has_prev else None,
            next_url=asked.url(path, **{AFTER: rows[-1][1]}) if has_next else None,
            clear_url=path,
            export_xlsx_url=asked.url(path, xuat="xlsx"),
            export_csv_url=asked.url(path, xuat="csv"),
            action_url=path,
            hidden_args={},
            bulk_actions=[replace(action, url=asked.url(action.url)) for action in bulk],
            is_empty_database=empty,
            empty_text=self._empty_text(empty),
        )

    def _totals(self, found: Select[Any]) -> tuple[int, dict[str, int]]:
        """Of the first `counted` rows and one more."""
        summed = [col for col in self.columns if col.total is not None]
        parts = [literal(1).label("n"), *(col.total.label(f"s{i}") for i, col in enumerate(summed))]
        inner = found.with_only_columns(*parts, maintain_column_froms=True).order_by(None)
        inner_rows = inner.limit(self.counted + 1).subquery()
        sums = [func.coalesce(func.sum(inner_rows.c[f"s{i}"]), 0) for i in range(len(summed))]
        count, *values = db.session.execute(select(func.count(), *sums).select_from(inner_rows)).one()
        return count, {col.key: int(value) for col, value in zip(summed, values, strict=True)}

    def _ordered(self, found: Select[Any], asked: _Asked) -> Select[Any]:
        return found.order_by(None).order_by(*self.order)

    def _around(
        self, found: Select[Any], after: tuple[Any, ...] | None, before: tuple[Any, ...] | None
    ) -> tuple[list[tuple[Any, str]], bool, bool]:
        """(rows with their keys, whether some lie before, whether some lie behind)."""
        backwards = before is not None and after is None
        place = before if backwards else after
        wanted = found.order_by(None)
        if place is not None:
            here, there = tuple_(*self.order), tuple_(*(self._bound(value) for value in place))
            wanted = wanted.where(here < there if backwards else here > there)
        turned = [column.desc() for column in self.order] if backwards else self.order
        rows = self._read_rows(wanted.order_by(*turned).limit(self.page_size + 1))
        more = len(rows) > self.page_size
        rows = rows[: self.page_size]
        if backwards:
            return rows[::-1], more, True
        return rows, place is not None, more

    def _read_rows(self, wanted: Select[Any]) -> list[tuple[Any, str]]:
        size = len(self.order)
        rows = db.session.execute(wanted.add_columns(*self.order)).all()
        return [(row[0] if len(row) == size + 1 else row, _code(row[-size:])) for row in rows]

    def _place(self, text: str | None) -> tuple[Any, ...] | None:
        """The row of an address; None for none and for what is no row."""
        parts = (text or "").split("-")
        if len(parts) != len(self.order) or not all(part.isdecimal() and len(part) < 19 for part in parts):
            return None
        try:
            return tuple(_value(column, part) for column, part in zip(self.order, parts, strict=True))
        except ValueError:
            return None

    @staticmethod
    def _bound(value: Any) -> Any:
        return literal(value, type_=Date) if isinstance(value, date) else literal(value)


def _value(column: Any, part: str) -> Any:
    return date.fromisoformat(part) if column.type.python_type is date else int(part)


def _code(values: Sequence[Any]) -> str:
    return "-".join(f"{value:%Y%m%d}" if isinstance(value, date) else str(value) for value in values)
