"""The one list component: search, filters and sort in the address, sums in the foot, filtered rows as a file.

A feature declares a list once and runs it over a select that its loader has narrowed to what the person sees:

    DONATIONS = ListSpec(
        noun="khoản", key=Donation.id, default_sort="-ngay", title="Khoản ủng hộ",
        columns=[
            Col("ngay", "Ngày", "donated_on", kind="day", sort=Donation.id),
            Col("ten", "Người ủng hộ", lambda gift: gift.donor_name or "Không rõ tên", primary=True),
            Col("tien", "Số tiền (đ)", "amount", kind="amount", sort=Donation.amount, total=Donation.amount),
        ],
        filters=[DayFilter("tu", "Từ ngày", lambda day: Donation.donated_on >= day)],
    )

    select = queries.donations(for_user=user)
    return DONATIONS.download(select, request.args) or page(
        "donations/list.html", "list", listing=DONATIONS.run(select, request.args, request.path))

One statement counts and sums, one reads the rows of the page (what a SelectFilter offers comes on top).
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from flask import Response, send_file
from sqlalchemy import Select, func, select

from portal.kit import tables
from portal.kit.columns import Cell, Col, Column, Row
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.filters import AmountFilter, DayFilter, Filter, FilterSpec, SelectFilter, TextFilter, words_in

__all__ = [
    "AmountFilter",
    "BulkAction",
    "Cell",
    "Col",
    "DayFilter",
    "Filter",
    "ListSpec",
    "Listing",
    "Row",
    "SelectFilter",
    "TextFilter",
    "words_in",
]

SORT, PAGE, EXPORT = "sap", "trang", "xuat"  # names in the address
CHOSEN, CHOSEN_ALL = "key", "all"  # names in the form of a bulk action
CHUNK = 1_000
IN_MEMORY = 2_000_000  # bytes of an export before it goes to disk
MIMETYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@dataclass(frozen=True)
class BulkAction:
    """What can be done with the chosen rows: a verb and where it is posted."""

    label: str
    url: str
    icon: str = ""


@dataclass(frozen=True)
class Listing:
    """One answer of a list: all that its template draws. `status` is 422 while a filter cannot be read."""

    columns: list[Column]
    rows: list[Row]
    filters: list[Filter]
    count: int
    sums: dict[str, int]
    noun: str
    page_label: str
    prev_url: str | None
    next_url: str | None
    clear_url: str
    export_xlsx_url: str
    export_csv_url: str
    action_url: str
    hidden_args: dict[str, str]
    bulk_actions: list[BulkAction]
    is_empty_database: bool
    empty_text: str
    count_is_exact: bool = True

    @property
    def active_filters(self) -> int:
        """How many filters are applied."""
        return sum(item.active for item in self.filters)

    @property
    def status(self) -> int:
        """The HTTP status that the page should have."""
        return 422 if any(item.error for item in self.filters) else 200


@dataclass(frozen=True)
class _Asked:
    """What one address asks of a list."""

    filters: list[Filter]
    conditions: list[Any]
    sort: Col | None
    descending: bool
    page: int
    args: dict[str, str]

    def error(self) -> Filter | None:
        """The first filter that cannot be read."""
        return next((item for item in self.filters if item.error), None)

    def url(self, path: str, **changes: str) -> str:
        """The same question with some arguments changed; blank ones are left out. Always back on page one."""
        args = {name: value for name, value in {**self.args, **changes}.items() if value}
        return f"{path}?{urlencode(args)}" if args else path


@dataclass(frozen=True)
class ListSpec:
    """A list of one feature. `key` identifies a record and breaks ties of the order; `noun`: "216 khoản".

    `default_sort` is a column key, with "-" for the largest first. `nothing_yet` is said while there is no
    record at all, `nothing_found` while none fits. The select gives entities or named columns, no order.
    """

    noun: str
    key: Any
    columns: Sequence[Col]
    filters: Sequence[FilterSpec] = ()
    default_sort: str = ""
    page_size: int = 50
    title: str | None = None
    file_name: str = "danh-sach"
    nothing_yet: str | None = None
    nothing_found: str | None = None
    row_url: Callable[[Any], str | None] | None = None

    def run(
        self, records: Select[Any], args: Mapping[str, str], path: str, bulk: Sequence[BulkAction] = ()
    ) -> Listing:
        """One page of the list at the address `path` with `args`; never fails on what was typed there."""
        asked = self._read(args)
        found = records.where(*asked.conditions)
        count, sums = self._totals(found)
        pages = max(1, -(-count // self.page_size))
        page = min(asked.page, pages)
        empty = count == 0 and not (asked.conditions and self._totals(records)[0])
        return Listing(
            columns=[self._head(col, asked, path) for col in self.columns],
            rows=[self._row(record, key) for record, key in self._page(found, asked, page)] if count else [],
            filters=asked.filters,
            count=count,
            sums=sums,
            noun=self.noun,
            page_label=f"trang {page} trong {pages}",
            prev_url=asked.url(path, **{PAGE: str(page - 1) if page > 2 else ""}) if page > 1 else None,
            next_url=asked.url(path, **{PAGE: str(page + 1)}) if page < pages else None,
            clear_url=replace(asked, args=self._sort_arg(asked)).url(path),
            export_xlsx_url=asked.url(path, **{EXPORT: "xlsx"}),
            export_csv_url=asked.url(path, **{EXPORT: "csv"}),
            action_url=path,
            hidden_args=self._sort_arg(asked),
            bulk_actions=[replace(action, url=asked.url(action.url)) for action in bulk],
            is_empty_database=empty,
            empty_text=self._empty_text(empty),
        )

    def download(self, records: Select[Any], args: Mapping[str, str]) -> Response | None:
        """The filtered rows as a file when the address asks for one (xuat=xlsx or csv), else None.

        One statement, read row by row, so that the file shows one moment of the books. Raises Refused when a
        filter cannot be read (the file would hold more than was asked) or the rows do not fit a sheet.
        """
        form = args.get(EXPORT)
        if form not in MIMETYPES:
            return None
        asked = self._read(args)
        found = self._filtered(records, asked)
        out = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (closed with the response)
        self._write(form, self._ordered(found, asked), out)
        out.seek(0)
        return send_file(
            out, mimetype=MIMETYPES[form], as_attachment=True, download_name=f"{self.file_name}.{form}"
        )

    def chosen(self, records: Select[Any], args: Mapping[str, str], form: Any) -> Select[Any]:
        """The records of a bulk action: the ticked ones, or all of the filter.

        Ticks outside `records` choose nothing, so that nobody reaches beyond what the loader shows. Raises
        Refused when nothing is ticked.
        """
        asked = self._read(args)
        if form.get(CHOSEN_ALL):
            return self._ordered(self._filtered(records, asked), asked)
        whole = self.key.type.python_type is int
        keys = [int(text) if whole else text for text in form.getlist(CHOSEN) if not whole or _is_whole(text)]
        if not keys:
            raise Refused(f"Chưa chọn {self.noun} nào. Đánh dấu ít nhất một dòng rồi bấm lại.")
        return self._ordered(records.where(self.key.in_(keys)), asked)

    def _read(self, args: Mapping[str, str]) -> _Asked:
        read = [spec.read(args) for spec in self.filters]
        name = args.get(SORT, "")
        sortable = {col.key: col for col in self.columns if col.sort is not None}
        if name.removeprefix("-") not in sortable:
            name = self.default_sort
        page = args.get(PAGE, "")
        kept = {item.name: item.value for item, _ in read if item.value}
        return _Asked(
            filters=[item for item, _ in read],
            conditions=[condition for _, condition in read if condition is not None],
            sort=sortable.get(name.removeprefix("-")),
            descending=name.startswith("-"),
            page=max(1, int(page)) if _is_whole(page) else 1,
            args=kept | ({SORT: name} if name != self.default_sort else {}),
        )

    def _filtered(self, records: Select[Any], asked: _Asked) -> Select[Any]:
        """For whole sets (files, bulk actions), which an unreadable filter must not widen. Raises Refused."""
        if bad := asked.error():
            raise Refused(f"Ô “{bad.label}”: {bad.error}", bad.name)
        return records.where(*asked.conditions)

    def _totals(self, found: Select[Any]) -> tuple[int, dict[str, int]]:
        summed = [col for col in self.columns if col.total is not None]
        parts = [self.key.label("n"), *(col.total.label(f"s{i}") for i, col in enumerate(summed))]
        inner = found.with_only_columns(*parts, maintain_column_froms=True).order_by(None).subquery()
        sums = [func.coalesce(func.sum(inner.c[f"s{i}"]), 0) for i in range(len(summed))]
        count, *values = db.session.execute(select(func.count(), *sums).select_from(inner)).one()
        return count, {col.key: int(value) for col, value in zip(summed, values, strict=True)}

    def _ordered(self, found: Select[Any], asked: _Asked) -> Select[Any]:
        """Missing values last, ties by key: the same order on both engines and on every page."""
        turn = (lambda part: part.desc()) if asked.descending else (lambda part: part.asc())
        order = [turn(self.key)]
        if asked.sort is not None and asked.sort.sort is not self.key:
            order.insert(0, turn(asked.sort.sort).nulls_last())
        return found.order_by(None).order_by(*order)

    def _page(self, found: Select[Any], asked: _Asked, page: int) -> Iterator[tuple[Any, Any]]:
        wanted = self._ordered(found, asked).limit(self.page_size).offset((page - 1) * self.page_size)
        for row in db.session.execute(wanted.add_columns(self.key)):
            yield (row[0] if len(row) == 2 else row), row[-1]

    def _write(self, form: str, wanted: Select[Any], out: Any) -> None:
        heads = [col.label for col in self.columns]
        found = db.session.execute(wanted.execution_options(yield_per=CHUNK))
        records = (row[0] if len(row) == 1 else row for row in found)
        rows = ([col.read(record) for col in self.columns] for record in records)
        if form == "csv":
            tables.write_csv(heads, rows, out)
            return
        amounts, dates = (
            [col.label for col in self.columns if col.kind == kind] for kind in ("amount", "day")
        )
        tables.write_xlsx(heads, rows, out, title=self.title, amount_columns=amounts, day_columns=dates)

    def _row(self, record: Any, key: Any) -> Row:
        url = self.row_url(record) if self.row_url else None
        return Row([col.cell(record, url) for col in self.columns], str(key), url)

    def _head(self, col: Col, asked: _Asked, path: str) -> Column:
        now = ("desc" if asked.descending else "asc") if col is asked.sort else None
        largest_first = now == "asc" if now else col.kind in ("amount", "day")
        name = f"-{col.key}" if largest_first else col.key
        url = asked.url(path, **{SORT: "" if name == self.default_sort else name})
        sortable, align = col.sort is not None, "right" if col.kind in ("amount", "number") else "left"
        return Column(
            col.key, col.label, col.kind, align, col.primary, sortable, url if sortable else None, now
        )

    def _sort_arg(self, asked: _Asked) -> dict[str, str]:
        return {SORT: asked.args[SORT]} if SORT in asked.args else {}

    def _empty_text(self, empty_database: bool) -> str:
        if empty_database:
            return self.nothing_yet or f"Chưa có {self.noun} nào."
        return self.nothing_found or f"Không có {self.noun} nào theo bộ lọc. Bỏ bớt điều kiện hoặc xóa lọc."


def _is_whole(text: str) -> bool:
    return text.isdecimal() and len(text) < 19  # fits the keys and offsets of both engines
