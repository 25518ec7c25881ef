"""PDF with a text layer, read page by page by a process of its own (see `pdf_child`), as rows of a list.

PDFium (pypdfium2, BSD-3-Clause / Apache-2.0) gives the letters with their places and the drawn rules; which of
them are cells is decided in `pdf_rows`. A scanned page has no letters and is refused.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from portal.kit.errors import Refused
from portal.kit.tables.pdf_rows import Page, PrintedList, rows_of
from portal.kit.tables.table import Reach, Row, Sheet, Table, address

Source = str | Path | bytes
MAX_FILE = 256 << 20
CHILD = Path(__file__).with_name("pdf_child.py")  # not imported: PDFium stays out of this process
ROWS_OF_A_PAGE = 10_000  # a row's number is page × this + its place on the page

DAMAGED = "Tệp “{name}” bị hỏng hoặc không phải là PDF. Hãy tải lại sao kê từ ngân hàng rồi nạp lại."
PASSWORD = "Tệp “{name}” có đặt mật khẩu. Hãy mở tệp, in ra PDF mới không có mật khẩu rồi nạp lại."
TOO_LARGE = (
    "Tệp “{name}” lớn hơn 256 MB nên không được nhận. Hãy tải sao kê theo từng tháng, hoặc dạng Excel, CSV."
)
SCANNED = (
    "Tệp “{name}” là ảnh quét, không có chữ để đọc (trang {page}). "
    "Hãy tải sao kê dạng Excel, CSV hoặc PDF có chữ từ ngân hàng rồi nạp lại."
)
NO_TEXT = "Tệp “{name}” không có chữ nào để đọc. Hãy kiểm tra lại rồi chọn đúng tệp cần nạp."


@dataclass(frozen=True)
class PdfSheet(Sheet):
    """All pages of a PDF as one list; a row is found by its page and its place there."""

    def address(self, row: int, column: str | int | None = None) -> str:
        """`trang 12, dòng 5, cột “Ghi có”`; a column without a name is counted from the left."""
        page, place = divmod(row, ROWS_OF_A_PAGE)
        if isinstance(column, int):
            return f"{address(str(page), place)}, cột thứ {column + 1}"
        return address(str(page), place, column)


def open_pdf(source: Source, filename: str, printed: PrintedList) -> Table:
    """Open a PDF whose list is recognised by `printed`. Raises `Refused`, also while it is read."""
    size = len(source) if isinstance(source, bytes) else Path(source).stat().st_size
    if size > MAX_FILE:
        raise Refused(TOO_LARGE.format(name=filename))
    reach = Reach()
    return Table(filename, "pdf", (PdfSheet("", partial(_rows, source, filename, printed, reach), reach),))


def _rows(source: Source, filename: str, printed: PrintedList, reach: Reach) -> Iterator[Row]:
    with _as_file(source) as path:
        for page, place, cells in rows_of(_pages(path, filename, reach), printed):
            yield page * ROWS_OF_A_PAGE + place, cells


@contextmanager
def _as_file(source: Source) -> Iterator[str]:
    """The child opens a file by its name, so that it need not hold all of it."""
    if not isinstance(source, bytes):
        yield str(Path(source).resolve())
        return
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(source)
        file.flush()
        yield file.name


def _pages(path: str, filename: str, reach: Reach) -> Iterator[Page]:
    """The pages as the child gives them; it is stopped when nobody reads on. Raises `Refused`."""
    command = [sys.executable, "-I", str(CHILD), path]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert child.stdout is not None
    try:
        count = _count(child.stdout.readline(), filename)
        found, number = False, 0
        reach.whole, reach.tell = count, lambda: number
        for number in range(1, count + 1):
            line = child.stdout.readline()
            if not line:  # it ran out of memory or time, or stumbled
                raise Refused(DAMAGED.format(name=filename))
            page = json.loads(line)
            if not page["words"] and not page["empty"]:
                raise Refused(SCANNED.format(name=filename, page=number))
            found = found or bool(page["words"])
            yield Page.of(number, page)
        if not found:
            raise Refused(NO_TEXT.format(name=filename))
    finally:
        child.kill()
        child.stdout.close()
        child.wait()


def _count(line: bytes, filename: str) -> int:
    head: dict[str, Any] = json.loads(line) if line else {"error": "damaged"}
    if "error" in head:
        text = PASSWORD if head["error"] == "password" else DAMAGED
        raise Refused(text.format(name=filename))
    return head["pages"]
