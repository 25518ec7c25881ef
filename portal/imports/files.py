"""Files the imports give back: an empty template of a kind, and the wrong rows with what to mend."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import xlsxwriter

from portal.imports.kind import Kind
from portal.imports.loading import Loaded
from portal.imports.outcome import Outcome
from portal.kit.tables import write_xlsx

ROW, FAULT = "Dòng trong tệp gốc", "Cần sửa"
WIDTHS = (26, 90)


def write_template(kind: Kind, out: str | Path | BinaryIO) -> None:
    """An XLSX with the header row alone, and a second page that says what belongs in each column."""
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(out) if isinstance(out, str | Path) else out, options) as book:
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "bottom": 1})
        sheet = book.add_worksheet(kind.label)
        day, text = book.add_format({"num_format": "dd/mm/yyyy"}), book.add_format({"num_format": "@"})
        amount = book.add_format({"num_format": "#,##0"})
        for place, name in enumerate(kind.column_names):
            sheet.write_string(0, place, name, head)
            style = day if name in kind.day_columns else amount if name in kind.amount_columns else text
            sheet.set_column(place, place, max(len(name) + 3, 14), style)
        sheet.freeze_panes(1, 0)
        notes = book.add_worksheet("Hướng dẫn")
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        notes.set_column(0, 0, WIDTHS[0], wrap)
        notes.set_column(1, 1, WIDTHS[1], wrap)
        notes.write_row(0, 0, ("Cột trong bảng", "Ghi gì"), head)
        for line, (name, hint) in enumerate(kind.hints.items(), 1):
            notes.write_string(line, 0, f"Cột “{name}”", wrap)  # the bare name would look like a second table
            notes.write_string(line, 1, hint, wrap)


def write_wrong_rows(loaded: Loaded, outcome: Outcome, kind: Kind, out: str | Path | BinaryIO) -> None:
    """An XLSX copy of the wrong rows; mended, it can be brought as it is (two columns are passed over)."""
    columns = loaded.columns
    wrong = ((number, values) for number, values in loaded.rows if number in outcome.of_row)
    rows = (
        [number, *(values[name] for name in columns), "\n".join(outcome.of_row[number])]
        for number, values in wrong
    )
    write_xlsx(
        [ROW, *columns, FAULT], rows, out, amount_columns=kind.amount_columns, day_columns=kind.day_columns
    )
