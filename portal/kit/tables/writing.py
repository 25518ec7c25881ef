"""Tables people take away. What we write, we can read back; nothing in it can act as a formula."""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import xlsxwriter

from portal.kit.errors import Refused
from portal.kit.tables.table import cell_text

EXCEL_ROWS = 1_048_576
EXACT = 2**53  # Excel keeps numbers as binary fractions; beyond this they would lose đồng
DANGEROUS = re.compile(r"'*[=+\-@\t\r]")
HARMLESS_NUMBER = re.compile(r"[+-]?\d[\d.,]*")
GUARDED = re.compile(r"'+[=+\-@\t\r]")
CSV_BATCH = 1_000
WIDEST = 60

TOO_MANY = "Danh sách có hơn 1.048.575 dòng, vượt quá sức chứa của một trang Excel. Hãy xuất thành tệp CSV."


def write_csv(headers: Sequence[str], rows: Iterable[Sequence], out: str | Path | BinaryIO) -> None:
    """Write UTF-8 with BOM (for Excel) and commas, to a path or a binary stream; see `csv_chunks`."""
    if isinstance(out, str | Path):
        with Path(out).open("wb") as stream:
            stream.writelines(csv_chunks(headers, rows))
    else:
        for chunk in csv_chunks(headers, rows):
            out.write(chunk)


def csv_chunks(headers: Sequence[str], rows: Iterable[Sequence]) -> Iterator[bytes]:
    """The same file piece by piece, for streaming.

    A text that a spreadsheet program would take for a formula (it begins with = + - @ or a control
    sign, and is not simply a number) gets one leading apostrophe, which `rows_with_headers` takes off again.
    Integers are written without grouping, dates as DD/MM/YYYY, None as an empty cell.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow([_csv_cell(header) for header in headers])
    for count, row in enumerate(rows, 1):
        writer.writerow([_csv_cell(cell) for cell in row])
        if count % CSV_BATCH == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def _csv_cell(value: object) -> object:
    if not isinstance(value, str):
        return cell_text(value)
    if DANGEROUS.match(value) and not HARMLESS_NUMBER.fullmatch(value):
        return "'" + value
    return value


def without_apostrophe(text: str) -> str:
    """Undo the guard that `csv_chunks` puts before dangerous texts."""
    return text[1:] if text[:1] == "'" and GUARDED.match(text) else text


def write_xlsx(
    headers: Sequence[str],
    rows: Iterable[Sequence],
    out: str | Path | BinaryIO,
    *,
    title: str | None = None,
    amount_columns: Sequence[str] = (),
    day_columns: Sequence[str] = (),
) -> None:
    """Write one sheet row by row (23 MB at any length): header frozen, amounts grouped, days as DD/MM/YYYY.

    Texts are never written as formulas or links. Raises `Refused` beyond Excel's number of rows.
    """
    target = str(out) if isinstance(out, str | Path) else out
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet("Danh sách")
        top = 0
        if title:
            sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
            top = 2
        styles = _Styles(book)
        for column, header in enumerate(headers):
            sheet.write_string(top, column, header, styles.header)
        sheet.freeze_panes(top + 1, 0)
        formats = [styles.of(header, amount_columns, day_columns) for header in headers]
        widths = [len(header) for header in headers]
        for number, row in enumerate(rows, top + 1):
            if number >= EXCEL_ROWS:
                raise Refused(TOO_MANY)
            for column, value in enumerate(row):
                _write_cell(sheet, number, column, value, formats[column], styles)
                if value is not None:
                    widths[column] = max(widths[column], _shown_width(value))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, min(max(width + 2, 8), WIDEST))


class _Styles:
    """The few cell formats. `#,##0` groups by the reader's language: with dots in a Vietnamese Excel."""

    def __init__(self, book: xlsxwriter.Workbook):
        self.header = book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "bottom": 1})
        self.amount = book.add_format({"num_format": "#,##0"})
        self.day = book.add_format({"num_format": "dd/mm/yyyy"})
        self.moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"})

    def of(self, header: str, amount_columns: Sequence[str], day_columns: Sequence[str]):
        if header in amount_columns:
            return self.amount
        return self.day if header in day_columns else None


def _write_cell(sheet, row: int, column: int, value: object, style, styles: _Styles) -> None:
    if value is None:
        return
    if isinstance(value, dt.datetime):
        sheet.write_datetime(row, column, value.replace(tzinfo=None), styles.moment)
    elif isinstance(value, dt.date):
        sheet.write_datetime(row, column, value, styles.day)
    elif isinstance(value, int) and not isinstance(value, bool) and abs(value) < EXACT:
        sheet.write_number(row, column, value, style)
    else:
        sheet.write_string(row, column, cell_text(value), style)


def _shown_width(value: object) -> int:
    if isinstance(value, int):
        return len(f"{value:,}")
    return max(map(len, cell_text(value).split("\n")))
