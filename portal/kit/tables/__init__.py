"""Tables people bring and take away: CSV, XLSX, XLS and lists in PDF in, XLSX and CSV out.

Reading never trusts the file: its kind is told by content, archives are measured before they are unpacked,
and whatever
is not a table is `Refused` with a sentence that says what to do. Rows stream; every cell has an address.
"""

from portal.kit.tables.headers import ABSENT, ColumnSpec, HeaderedRows, rows_with_headers
from portal.kit.tables.opening import read_table
from portal.kit.tables.pdf_rows import PrintedList
from portal.kit.tables.table import Glued, Sheet, Table, address, cell_text, column_letters
from portal.kit.tables.workbook import MAX_WORKBOOK_ROWS
from portal.kit.tables.writing import csv_chunks, write_csv, write_xlsx

__all__ = [
    "ABSENT",
    "MAX_WORKBOOK_ROWS",
    "ColumnSpec",
    "Glued",
    "HeaderedRows",
    "PrintedList",
    "Sheet",
    "Table",
    "address",
    "cell_text",
    "column_letters",
    "csv_chunks",
    "read_table",
    "rows_with_headers",
    "write_csv",
    "write_xlsx",
]
