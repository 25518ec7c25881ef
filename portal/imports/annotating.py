"""The person's own file given back with what to mend: same sheets, same rows, same order; wrong cells are coloured.

Values keep their kind (text as text, numbers as numbers, days as days), so that the mended file reads as before.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter

from portal.imports.kind import Kind
from portal.imports.loading import Loaded
from portal.imports.outcome import Outcome
from portal.kit.tables import cell_text
from portal.kit.tables.table import Sheet

FAULTS = "Lỗi cần sửa"  # the extra column; a file that comes back with it is read without it
SHEET = "Danh sách"  # of a text file, which has no sheets
EXACT = 2**53
WIDEST, FAULT_WIDTH = 50, 70
MOST_COMMENTS = 5_000  # spreadsheet programs become slow with more; the extra column has them all
OTHER_ROWS = 5_000  # of a sheet beside the table

Where = dict[int, str]  # index of a column → what is wrong in it


def annotate(loaded: Loaded, outcome: Outcome, kind: Kind, out: str | Path | BinaryIO) -> None:
    """Write the annotated copy as XLSX."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(out) if isinstance(out, str | Path) else out, options) as book:
        styles = _Styles(book)
        for sheet in loaded.table.sheets:
            page = book.add_worksheet(sheet.name or SHEET)
            if sheet is loaded.table.sheet:
                _Copy(page, loaded, outcome, kind, styles).write(sheet)
                page.activate()
            else:
                _copy_plainly(page, sheet, styles)


class _Styles:
    """Cell formats, plain and on the colour of a wrong cell."""

    def __init__(self, book: xlsxwriter.Workbook):
        def pair(**look: Any) -> tuple[Any, Any]:
            return book.add_format(look), book.add_format({**look, "bg_color": "#FFC7CE", "border": 1})

        self.head = book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "bottom": 1})
        self.plain = pair(valign="top")
        self.amount = pair(num_format="#,##0", valign="top")
        self.day = pair(num_format="dd/mm/yyyy", valign="top")
        self.moment = pair(num_format="dd/mm/yyyy hh:mm:ss", valign="top")
        self.faults = book.add_format({"text_wrap": True, "font_color": "#9C0006", "valign": "top"})

    def of(self, value: Any, *, amount: bool) -> tuple[Any, Any]:
        """The format of a value."""
        if isinstance(value, dt.datetime):
            return self.moment
        if isinstance(value, dt.date):
            return self.day
        return self.amount if amount else self.plain


class _Copy:
    """The sheet that holds the table."""

    def __init__(self, page: Any, loaded: Loaded, outcome: Outcome, kind: Kind, styles: _Styles):
        self._page, self._styles, self._faults = page, styles, outcome.of_row
        self._table = loaded.table
        self._places = loaded.table.places
        self._amounts = {self._places[name] for name in kind.amount_columns if name in self._places}
        self._old = self._faults_before()
        self._at = self._old if self._old is not None else loaded.table.width
        self._comments = 0
        self._widths: dict[int, int] = {}

    def _faults_before(self) -> int | None:
        """Where the extra column stands in a file that was annotated before: it is written anew."""
        for number, cells in self._table.sheet.rows():
            if number == self._table.header_row:
                texts = [cell_text(cell).strip() for cell in cells]
                return texts.index(FAULTS) if FAULTS in texts else None
        return None

    def write(self, sheet: Sheet) -> None:
        """Every row as it was, and the faults beside it."""
        for number, cells in sheet.rows():
            is_head = number == self._table.header_row
            wrong = self._wrong(number)
            for index, value in enumerate(cells):
                if index != self._old:
                    self._cell(number - 1, index, value, wrong.get(index), is_head=is_head)
            for index in wrong.keys() - range(len(cells)):
                self._cell(number - 1, index, None, wrong[index], is_head=False)
            if is_head:
                self._page.write_string(number - 1, self._at, FAULTS, self._styles.head)
            elif number in self._faults:
                told = [f"{column}: {text}" if column else text for column, text in self._faults[number]]
                self._page.write_string(number - 1, self._at, "\n".join(told), self._styles.faults)
        for index, width in self._widths.items():
            self._page.set_column(index, index, min(max(width + 2, 8), WIDEST))
        self._page.set_column(self._at, self._at, FAULT_WIDTH)
        self._page.freeze_panes(self._table.header_row, 0)

    def _wrong(self, number: int) -> Where:
        found: Where = {}
        for column, text in self._faults.get(number, ()):
            index = self._places.get(column or "")
            if index is not None:
                found[index] = f"{found[index]}\n{text}" if index in found else text
        return found

    def _cell(self, row: int, index: int, value: Any, fault: str | None, *, is_head: bool) -> None:
        plain, wrong = self._styles.of(value, amount=index in self._amounts)
        style = self._styles.head if is_head else wrong if fault else plain
        write_value(self._page, row, index, value, style)
        self._widths[index] = max(self._widths.get(index, 0), len(cell_text(value)))
        if fault and self._comments < MOST_COMMENTS:
            self._comments += 1
            self._page.write_comment(row, index, fault, {"x_scale": 2, "y_scale": 1.2})


def _copy_plainly(page: Any, sheet: Sheet, styles: _Styles) -> None:
    for number, cells in sheet.rows():
        if number > OTHER_ROWS:
            return
        for index, value in enumerate(cells):
            write_value(page, number - 1, index, value, styles.of(value, amount=False)[0])


def write_value(page: Any, row: int, index: int, value: Any, style: Any) -> None:
    """One cell as what it is; nothing in it can act as a formula."""
    if value is None or value == "":
        page.write_blank(row, index, None, style)
    elif isinstance(value, bool):
        page.write_boolean(row, index, value, style)
    elif isinstance(value, dt.datetime):
        page.write_datetime(row, index, value.replace(tzinfo=None), style)
    elif isinstance(value, dt.date):
        page.write_datetime(row, index, value, style)
    elif isinstance(value, int | float) and abs(value) < EXACT:
        page.write_number(row, index, value, style)
    else:
        page.write_string(row, index, cell_text(value), style)
