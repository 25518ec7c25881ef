"""Template files: the header, a hint at every column, lists to choose from, and a page that explains."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import xlsxwriter

from portal.imports.kind import Kind
from portal.imports.lookups import Choices, Lookup, Units
from portal.kit.tables import ColumnSpec, column_letters

READY_ROWS = 2_000  # rows with lists to choose from
HINT_WIDTH = 90
VALUE, MEANING = (
    "Giá trị chọn",
    "Diễn giải",
)  # heads that no table has, or a sheet would look like a second one
ADVICE = "Nên chọn trong danh sách để không phải sửa lại khi kiểm tra tệp."


@dataclass(frozen=True)
class Blank:
    """What a template needs to know of a table that is no kind of import: a list that belongs to one record."""

    label: str
    columns: tuple[ColumnSpec, ...]
    hints: Mapping[str, str]
    lookups: Mapping[str, Lookup] = field(default_factory=dict)
    amount_columns: tuple[str, ...] = ()
    day_columns: tuple[str, ...] = ()

    @property
    def column_names(self) -> tuple[str, ...]:
        """In the order of the template."""
        return tuple(column.name for column in self.columns)


def write_template(kind: Kind | Blank, out: BinaryIO, units: Units) -> None:
    """An empty XLSX of a kind; `units` limits the look-up sheets to what the person may use."""
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        styles = _Styles(book)
        sheet = book.add_worksheet(kind.label)
        ranges = _write_lookups(book, kind, units, styles)
        for place, name in enumerate(kind.column_names):
            _write_head(sheet, place, name, kind, styles)
            if name in ranges:
                _offer(sheet, place, name, ranges[name])
        sheet.freeze_panes(1, 0)
        _write_guide(book, kind, styles)
        sheet.activate()


class _Styles:
    """The few cell formats."""

    def __init__(self, book: xlsxwriter.Workbook):
        self.head = book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "bottom": 1})
        self.needed = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "vcenter", "bottom": 1, "bg_color": "#E7EEF7"}
        )
        self.day = book.add_format({"num_format": "dd/mm/yyyy"})
        self.amount = book.add_format({"num_format": "#,##0"})
        self.text = book.add_format({"num_format": "@"})
        self.wrap = book.add_format({"text_wrap": True, "valign": "top"})


def _write_head(sheet: Any, place: int, name: str, kind: Kind | Blank, styles: _Styles) -> None:
    needed = any(column.required for column in kind.columns if column.name == name)
    sheet.write_string(0, place, name, styles.needed if needed else styles.head)
    sheet.write_comment(0, place, kind.hints[name], {"x_scale": 2, "y_scale": 0.9})
    style = (
        styles.day
        if name in kind.day_columns
        else styles.amount
        if name in kind.amount_columns
        else styles.text
    )
    sheet.set_column(place, place, max(len(name) + 3, 14), style)


def _offer(sheet: Any, place: int, name: str, source: str) -> None:
    """A drop-down; another spelling is still taken, because reading does not mind accents or capitals."""
    sheet.data_validation(
        1,
        place,
        READY_ROWS,
        place,
        {
            "validate": "list",
            "source": source,
            "error_type": "warning",
            "error_title": name[:32],
            "error_message": ADVICE,
        },
    )


def _write_lookups(book: Any, kind: Kind | Blank, units: Units, styles: _Styles) -> dict[str, str]:
    """One sheet per list; returns the range that each column chooses from."""
    written: dict[Lookup, str] = {}
    ranges = {}
    for column, lookup in kind.lookups.items():
        if lookup not in written:
            written[lookup] = _write_lookup(book, lookup, lookup.read(units), styles)
        if written[lookup]:
            ranges[column] = written[lookup]
    return ranges


def _write_lookup(book: Any, lookup: Lookup, choices: Choices, styles: _Styles) -> str:
    """The range of the values, "" for an empty list."""
    sheet = book.add_worksheet(lookup.title)
    sheet.write_row(0, 0, (VALUE, MEANING), styles.head)
    sheet.set_column(0, 0, 28, styles.text)
    sheet.set_column(1, 1, 60, styles.text)
    for line, (value, meaning) in enumerate(choices, 1):
        sheet.write_string(line, 0, value, styles.text)
        sheet.write_string(line, 1, meaning, styles.text)
    sheet.freeze_panes(1, 0)
    letter = column_letters(0)
    return f"='{lookup.title}'!${letter}$2:${letter}${len(choices) + 1}" if choices else ""


def _write_guide(book: Any, kind: Kind | Blank, styles: _Styles) -> None:
    notes = book.add_worksheet("Hướng dẫn")
    notes.set_column(0, 0, 26, styles.wrap)
    notes.set_column(1, 1, HINT_WIDTH, styles.wrap)
    notes.write_row(0, 0, ("Cột trong bảng", "Ghi gì"), styles.head)
    for line, (name, hint) in enumerate(kind.hints.items(), 1):
        notes.write_string(
            line, 0, f"Cột “{name}”", styles.wrap
        )  # the bare name would look like a second table
        notes.write_string(line, 1, hint, styles.wrap)
