"""Tell by its content what a file is, and open it."""

import re
from pathlib import Path

from portal.kit.errors import Refused
from portal.kit.tables.delimited import open_bytes, open_csv
from portal.kit.tables.old_excel import open_xls
from portal.kit.tables.pdf import open_pdf
from portal.kit.tables.pdf_rows import PrintedList
from portal.kit.tables.table import Table
from portal.kit.tables.workbook import open_xlsx

ZIP = b"PK\x03\x04"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of old XLS, and of XLSX under a password
PDF = b"%PDF"
FOREIGN = (
    b"PK",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"MZ",
    b"\x7fELF",
    b"{\\rtf",
)
MARKUP = re.compile(rb"\s*<(?:!doctype|html|\?xml|head|table|meta|workbook)", re.IGNORECASE)

NOT_A_TABLE = (
    "Tệp “{name}” không phải là bảng tính. Hãy chọn tệp Excel (.xlsx, .xls) hoặc CSV; "
    "nếu là tệp PDF, ảnh hay Word thì cần chuyển sang bảng tính trước khi nạp."
)
WEB_PAGE = (
    "Tệp “{name}” thực chất là một trang web hoặc tệp XML mang tên bảng tính. "
    "Hãy mở bằng Excel rồi lưu lại theo định dạng .xlsx hoặc CSV và nạp lại."
)
EMPTY = "Tệp “{name}” trống, không có dữ liệu. Hãy kiểm tra lại rồi chọn đúng tệp cần nạp."


def read_table(source: str | Path | bytes, *, filename: str, printed: PrintedList | None = None) -> Table:
    """Open a table people bring; `filename` is only for messages. Raises `Refused` for anything else.

    A PDF is a table only for a caller that knows the list printed in it.
    """
    with open_bytes(source) as stream:
        start = stream.read(4096)
        if not start.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n") and not stream.read(1):
            raise Refused(EMPTY.format(name=filename))
    if start.startswith(ZIP):
        return open_xlsx(source, filename)
    if start.startswith(COMPOUND):
        return open_xls(source, filename)
    if printed is not None and start.startswith(PDF):
        return open_pdf(source, filename, printed)
    if start.startswith((PDF, *FOREIGN)):
        raise Refused(NOT_A_TABLE.format(name=filename))
    if MARKUP.match(start.removeprefix(b"\xef\xbb\xbf")):
        raise Refused(WEB_PAGE.format(name=filename))
    return open_csv(
        source, filename, not_a_table=NOT_A_TABLE.format(name=filename), empty=EMPTY.format(name=filename)
    )
