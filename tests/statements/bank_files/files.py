"""The rows as files: CSV in every encoding, XLSX, old XLS, and PDF with a text layer."""

import csv
import datetime as dt
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import xlsxwriter

from tests.kit.old_xls import old_xls
from tests.statements.bank_files.options import Options, Truth
from tests.statements.bank_files.printed import write_pdf
from tests.statements.bank_files.rows import statement_rows

TONES = "\u0300\u0301\u0303\u0309\u0323"


def write_file(path: str | Path, kind: str, **options: object) -> Truth:
    """Write a statement as one of KINDS; the options are those of `Options`. Gives what must be found in it."""
    chosen = Options(**options)  # type: ignore[arg-type]
    KINDS[kind](Path(path), chosen)
    return chosen.expected


def write_csv(path: Path, options: Options, *, encoding: str = "utf-8-sig", delimiter: str = ",") -> None:
    """Row by row: a million of them need no memory."""
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.writer(stream, delimiter=delimiter)
        rows: Iterator[list] = statement_rows(options)
        writer.writerows(_in_1258(rows) if encoding == "cp1258" else rows)


def _in_1258(rows: Iterator[list]) -> Iterator[list]:
    """Windows-1258 stores the tone as a character of its own behind the letter."""
    for cells in rows:
        yield [cell if not isinstance(cell, str) or cell.isascii() else _apart(cell) for cell in cells]


def _apart(text: str) -> str:
    parts = []
    for letter in unicodedata.normalize("NFC", text):
        split = unicodedata.normalize("NFD", letter)
        tone = "".join(mark for mark in split if mark in TONES)
        parts.append(
            unicodedata.normalize("NFC", "".join(mark for mark in split if mark not in TONES)) + tone
        )
    return "".join(parts)


def write_xlsx(path: Path, options: Options) -> None:
    """Texts as the bank writes them, numbers where the form has numbers."""
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Sheet1")
        for number, cells in enumerate(statement_rows(options)):
            for column, cell in enumerate(cells):
                if isinstance(cell, int):
                    sheet.write_number(number, column, cell)
                elif cell:
                    sheet.write_string(number, column, cell)


def write_xlsx_of_days(path: Path, options: Options) -> None:
    """The same with real dates, as after somebody has worked on the file."""
    form = options.how
    place = next(n for n, (what, _) in enumerate(form.columns) if what in ("day", "day_document"))
    place += len(options.left)
    with xlsxwriter.Workbook(str(path), {"default_date_format": "dd/mm/yyyy hh:mm:ss"}) as book:
        sheet = book.add_worksheet("Sheet1")
        for number, cells in enumerate(statement_rows(options)):
            for column, cell in enumerate(cells):
                moment = _moment(cell) if column == place else None
                if moment:
                    sheet.write_datetime(number, column, moment)
                elif isinstance(cell, int):
                    sheet.write_number(number, column, cell)
                elif cell:
                    sheet.write_string(number, column, cell)


def _moment(text: str) -> dt.datetime | None:
    for form in ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y\n%H:%M:%S"):
        try:
            return dt.datetime.strptime(text, form)  # noqa: DTZ007  (spreadsheets know no zones)
        except ValueError:
            continue
    return None


def write_xls(path: Path, options: Options) -> None:
    """The old format; a few dozen rows."""
    path.write_bytes(old_xls(list(statement_rows(options))))


def _csv(encoding: str, delimiter: str) -> Callable[[Path, Options], None]:
    return lambda path, options: write_csv(path, options, encoding=encoding, delimiter=delimiter)


KINDS: dict[str, Callable[[Path, Options], None]] = {
    "csv": write_csv,
    "csv-semicolon": _csv("utf-8", ";"),
    "csv-tab": _csv("utf-8", "\t"),
    "csv-1258": _csv("cp1258", ","),
    "csv-utf16": _csv("utf-16", "\t"),
    "xlsx": write_xlsx,
    "xlsx-days": write_xlsx_of_days,
    "xls": write_xls,
    "pdf-ruled": lambda path, options: write_pdf(path, options, ruled=True),
    "pdf-plain": lambda path, options: write_pdf(path, options, ruled=False),
}
