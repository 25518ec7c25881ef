"""CSV files: their encoding and delimiter found out, their rows streamed, never the whole file in memory."""

import codecs
import csv
import io
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from portal.kit.errors import Refused
from portal.kit.tables.table import Reach, Row, Sheet, Table

Source = str | Path | bytes
DELIMITERS = (",", ";", "\t")
CHUNK = 1 << 20
SAMPLE_CHARACTERS = 1 << 16
SAMPLE_ROWS = 100
MAX_FILE = 1 << 30
LONGEST_LINE = 8 << 20  # bytes; no line of a table is longer, and one is held in memory
TEXT_NAMES = (".csv", ".txt", ".tsv", ".tab")
# Control bytes that no text file holds; their presence means a binary file under a false name.
BINARY = bytes(set(range(32)) - {9, 10, 11, 12, 13, 26})

BAD_ENCODING = (
    "Không đọc được bảng mã chữ của tệp “{name}”. "
    "Hãy mở tệp bằng Excel rồi lưu thành “CSV UTF-8” hoặc .xlsx và nạp lại."
)
TOO_LARGE = (
    "Tệp “{name}” lớn hơn 1 GB nên không được nhận. Hãy chia tệp theo từng khoảng ngày rồi nạp từng tệp."
)
BAD_QUOTES = (
    "Tệp “{name}”, dòng {row}: dấu ngoặc kép mở mà không đóng đúng chỗ nên không tách được các ô. "
    "Hãy sửa dòng này hoặc lưu lại tệp bằng Excel rồi nạp lại."
)


def open_csv(source: Source, filename: str, *, not_a_table: str, empty: str) -> Table:
    """Open a text file as a table of one nameless sheet; the two sentences are raised as `Refused`."""
    size = len(source) if isinstance(source, bytes) else Path(source).stat().st_size
    if size > MAX_FILE:
        raise Refused(TOO_LARGE.format(name=filename))
    encoding = _encoding(source, filename, not_a_table)
    with _text(source, encoding) as stream:
        sample = stream.read(SAMPLE_CHARACTERS)
    if not sample.strip():
        raise Refused(empty)
    delimiter = _delimiter(sample)
    if delimiter is None and not filename.lower().endswith(TEXT_NAMES):
        raise Refused(not_a_table)
    reach = Reach(size)
    sheet = Sheet("", lambda: _rows(source, encoding, delimiter or ",", filename, reach), reach)
    return Table(filename, "csv", (sheet,))


def open_bytes(source: Source) -> BinaryIO:
    """A file, or bytes already in memory, as a stream."""
    return io.BytesIO(source) if isinstance(source, bytes) else Path(source).open("rb")


def _text(source: Source, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(open_bytes(source), encoding=encoding, newline="")


def _encoding(source: Source, filename: str, not_a_table: str) -> str:
    """UTF-16 and UTF-8 by their marks, UTF-8 by reading all of it, otherwise Windows-1258 (Vietnamese)."""
    with open_bytes(source) as stream:
        start = stream.read(4096)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    elif len(start) > 3 and not start[1] and not start[3] and start[0] and start[2]:
        candidates = ["utf-16-le"]
    elif start.translate(None, BINARY) != start:
        raise Refused(not_a_table)
    else:
        candidates = ["utf-8-sig", "cp1258"]
    for encoding in candidates:
        if _decodes(source, encoding, not_a_table):
            return encoding
    raise Refused(BAD_ENCODING.format(name=filename))


def _decodes(source: Source, encoding: str, not_a_table: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 0
    with open_bytes(source) as stream:
        try:
            while chunk := stream.read(CHUNK):
                ends = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
                line = line + len(chunk) if ends < 0 else len(chunk) - ends
                if line > LONGEST_LINE:
                    raise Refused(not_a_table)
                if "\0" in decoder.decode(chunk):
                    raise Refused(not_a_table)
            decoder.decode(b"", True)
        except UnicodeDecodeError:
            return False
    return True


def _delimiter(sample: str) -> str | None:
    """The delimiter under which most rows have the same number of cells (> 1), the wider one on a tie."""
    best = (0, 0, "")
    for delimiter in DELIMITERS:
        widths = Counter(width for width in _sample_widths(sample, delimiter) if width > 1)
        if widths:
            width, rows = max(widths.items(), key=lambda item: (item[1], item[0]))
            best = max(best, (rows, width, delimiter))
    return best[2] or None


def _sample_widths(sample: str, delimiter: str) -> list[int]:
    widths = []
    try:
        for row in islice(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), SAMPLE_ROWS):
            widths.append(len(row))
    except csv.Error:
        return widths  # a wrong delimiter may run into quotes; what was counted so far still tells
    return widths


def _rows(source: Source, encoding: str, delimiter: str, filename: str, reach: Reach) -> Iterator[Row]:
    """Rows are numbered as a spreadsheet program shows them: a quoted line break does not start a new row.

    Strict quotes: a stray one could otherwise swallow the rows up to the next, without a word.
    """
    number = 0
    with _text(source, encoding) as stream:
        reach.tell = partial(_position, stream.buffer, reach.whole)
        lines = stream if encoding.startswith("utf") else _composed(stream)
        try:
            for number, cells in enumerate(csv.reader(lines, delimiter=delimiter, strict=True), 1):
                yield number, cells
        except csv.Error as error:
            raise Refused(BAD_QUOTES.format(name=filename, row=number + 1)) from error


def _position(stream: Any, whole: int) -> int:
    """Bytes read so far; all of them once it is closed."""
    return whole if stream.closed else stream.tell()


def _composed(lines: io.TextIOWrapper) -> Iterator[str]:
    """Windows-1258 stores the tone after its letter; the rest of the portal wants one character."""
    for line in lines:
        yield unicodedata.normalize("NFC", line)
