"""XLSX through calamine, after the file has been measured: an archive is never unpacked on trust."""

import datetime as dt
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from copy import copy
from functools import partial
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from portal.kit.errors import Refused
from portal.kit.tables.table import Reach, Row, Sheet, Table

Source = str | Path | bytes
MAX_WORKBOOK_ROWS = 300_100  # 300.000 lines and what stands around them; larger ones stream as CSV
MAX_CELLS = 12_000_000  # calamine lays a sheet out as a full rectangle
MAX_PARTS = 2_000
MAX_UNPACKED = 512 << 20
MAX_RATIO = 200
RATIO_FROM = 16 << 20  # tiny, very repetitive parts pack well and do no harm
CHUNK = 1 << 20
OVERLAP = 128

CELL = re.compile(rb"\sr\s*=\s*[\"']([A-Z]{0,3})(\d{1,8})[\"']")
ROW = re.compile(rb"<(?:\w+:)?row[\s>/]")
FORMULA_ERROR = re.compile(rb"<(?:\w+:)?c\s[^>]*\br=\"([A-Z]+\d+)\"[^>]*\bt=\"e\"")
SHEET_PART = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)

DAMAGED = (
    "Tệp “{name}” bị hỏng hoặc không phải là bảng tính Excel. "
    "Hãy mở bằng Excel, lưu lại thành .xlsx hoặc CSV rồi nạp lại."
)
PASSWORD = "Tệp “{name}” có đặt mật khẩu. Hãy mở tệp, bỏ mật khẩu, lưu lại rồi nạp lại."
TOO_MANY_ROWS = (
    "Tệp “{name}” có hơn 300.000 dòng, quá lớn đối với tệp Excel. "
    "Hãy mở tệp và lưu thành CSV (CSV UTF-8) rồi nạp lại; tệp CSV không giới hạn số dòng."
)
TOO_WIDE = (
    "Tệp “{name}” trải trên quá nhiều cột. "
    "Hãy xóa các cột, dòng không dùng ở ngoài bảng, lưu lại rồi nạp lại."
)
UNSAFE = (
    "Tệp “{name}” chứa khai báo không an toàn (DOCTYPE) mà bảng tính thường không có. "
    "Hãy mở bằng Excel, chép dữ liệu sang tệp mới rồi nạp lại."
)
BROKEN_FORMULA = (
    "Tệp “{name}”, ô {cell}: công thức bị lỗi (#N/A, #REF! …) nên không có giá trị. "
    "Hãy sửa ô này, hoặc thay bằng giá trị, rồi nạp lại."
)
BOMB = (
    "Tệp “{name}” khi giải nén lớn bất thường nên không được nhận. Hãy mở bằng Excel, "
    "chép riêng bảng cần nạp sang tệp mới hoặc lưu thành CSV rồi nạp lại."
)
EMPTY = "Tệp “{name}” không có dòng dữ liệu nào. Hãy kiểm tra lại rồi chọn đúng tệp cần nạp."


def open_xlsx(source: Source, filename: str) -> Table:
    """Measure and check every part of the archive, then open it. Raises `Refused`."""
    try:
        with zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source) as archive:
            _check_parts(archive, filename)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise Refused(DAMAGED.format(name=filename)) from error
    return _open(source, filename)


def _check_parts(archive: zipfile.ZipFile, filename: str) -> None:
    parts = archive.infolist()
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        raise Refused(DAMAGED.format(name=filename))
    if any(part.flag_bits & 1 for part in parts):
        raise Refused(PASSWORD.format(name=filename))
    packed = sum(part.compress_size for part in parts)
    declared = sum(part.file_size for part in parts)
    if len(parts) > MAX_PARTS or _too_large(declared, packed):
        raise Refused(BOMB.format(name=filename))
    unpacked = 0
    for part in parts:
        unpacked += _check_part(archive, part, filename, packed, unpacked)


def _too_large(unpacked: int, packed: int) -> bool:
    return unpacked > MAX_UNPACKED or (unpacked > RATIO_FROM and unpacked > MAX_RATIO * max(packed, 1))


def _check_part(
    archive: zipfile.ZipFile, part: zipfile.ZipInfo, filename: str, packed: int, before: int
) -> int:
    """Read one part through in pieces; its real size counts, not the declared one. Gives that size."""
    honest = copy(part)
    honest.file_size = MAX_UNPACKED + 1  # otherwise the reader stops at the declared size and believes it
    is_xml = part.filename.lower().endswith((".xml", ".rels", ".vml"))
    extent = _Extent(filename) if SHEET_PART.fullmatch(part.filename) else None
    size, tail = 0, b""
    with archive.open(honest) as stream:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if _too_large(before + size, packed):
                raise Refused(BOMB.format(name=filename))
            if is_xml:
                window = tail + chunk
                # Excel writes UTF-8 only; another encoding would hide the words looked for.
                if b"<!DOCTYPE" in window or b"<!ENTITY" in window or b"\0" in window:
                    raise Refused(UNSAFE.format(name=filename))
                if extent:
                    extent.add(window, tail)
                tail = window[-OVERLAP:]
    return size


class _Extent:
    """The rectangle a sheet fills: for one cell far away calamine would ask for all the memory there is."""

    def __init__(self, filename: str):
        self.filename = filename
        self.rows = self.elements = 0
        self.columns: set[bytes] = set()

    def add(self, window: bytes, seen: bytes) -> None:
        """Look at a piece of the sheet, which begins with what was `seen` at the end of the one before."""
        places = CELL.findall(window)
        self.columns.update({letters for letters, _ in places})
        self.rows = max(self.rows, max(map(int, {row for _, row in places}), default=0))
        self.elements += len(ROW.findall(window)) - len(ROW.findall(seen))
        if b't="e"' in window and (
            broken := FORMULA_ERROR.search(window)
        ):  # calamine would hand it over as an empty cell
            raise Refused(BROKEN_FORMULA.format(name=self.filename, cell=broken.group(1).decode()))
        height = max(self.rows, self.elements)
        if height > MAX_WORKBOOK_ROWS:
            raise Refused(TOO_MANY_ROWS.format(name=self.filename))
        if height * max((_column_number(letters) for letters in self.columns), default=0) > MAX_CELLS:
            raise Refused(TOO_WIDE.format(name=self.filename))


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _open(source: Source, filename: str) -> Table:
    opened = io.BytesIO(source) if isinstance(source, bytes) else str(source)
    workbook = _guarded(partial(CalamineWorkbook.from_object, opened), filename)
    sheets = []
    for index, page in enumerate(workbook.sheets_metadata):
        if page.typ == SheetTypeEnum.WorkSheet and page.visible == SheetVisibleEnum.Visible:
            loaded = _guarded(partial(workbook.get_sheet_by_index, index), filename)
            if loaded.height:
                reach = Reach(loaded.total_height)
                sheets.append(Sheet(page.name, partial(_rows, loaded, reach), reach))
    if not sheets:
        raise Refused(EMPTY.format(name=filename))
    return Table(filename, "xlsx", tuple(sheets))


def _guarded(call, filename: str):
    """Turn every failure inside the reading library into a sentence; its panics derive from BaseException."""
    try:
        return call()
    except PasswordError as error:
        raise Refused(PASSWORD.format(name=filename)) from error
    except (CalamineError, ValueError, OSError) as error:
        raise Refused(DAMAGED.format(name=filename)) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise Refused(DAMAGED.format(name=filename)) from error
        raise


def _rows(sheet, reach: Reach) -> Iterator[Row]:
    done = 0
    reach.tell = lambda: done
    left = [""] * sheet.start[
        1
    ]  # calamine leaves out empty columns on the left, which would shift the addresses
    for number, cells in enumerate(sheet.iter_rows(), 1):
        done = number
        yield number, left + [cell if isinstance(cell, str) else whole(cell) for cell in cells]


def whole(cell: object) -> object:
    """Spreadsheets keep numbers as binary fractions; whole ones become integers, for amounts."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return int(cell)
    if isinstance(cell, dt.datetime) and cell.time() == dt.time.min:
        return cell.date()
    return cell
