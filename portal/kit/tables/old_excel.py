"""Old XLS, read by a process of its own with a ceiling of memory and time (see `old_excel_child`)."""

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from portal.kit.errors import Refused
from portal.kit.tables import old_excel_child
from portal.kit.tables.table import Row, Sheet, Table
from portal.kit.tables.workbook import DAMAGED, EMPTY, PASSWORD, TOO_MANY_ROWS, whole

MAX_FILE = 64 << 20
SECONDS = 120
WORKBOOK_BEGINS = b"\x09\x08\x10\x00\x00\x06\x05\x00"  # BOF of BIFF8 globals, [MS-XLS] 2.4.21
FILE_PASSWORD = b"\x2f\x00"  # FilePass, [MS-XLS] 2.4.117
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def open_xls(source: str | Path | bytes, filename: str) -> Table:
    """Open an old XLS. The same container holds an XLSX under a password. Raises `Refused`."""
    content = source if isinstance(source, bytes) else Path(source).read_bytes()
    if len(content) > MAX_FILE:
        raise Refused(TOO_MANY_ROWS.format(name=filename))
    if ENCRYPTED in content or _has_file_password(content):
        raise Refused(PASSWORD.format(name=filename))
    command = [sys.executable, "-I", old_excel_child.__file__]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS, check=True)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise Refused(DAMAGED.format(name=filename)) from error
    sheets = _sheets(done.stdout.splitlines())
    if not sheets:
        raise Refused(EMPTY.format(name=filename))
    return Table(filename, "xls", sheets)


def _sheets(lines: list[bytes]) -> tuple[Sheet, ...]:
    starts = [number for number, line in enumerate(lines) if line.startswith(b"{")]
    sheets = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        head = json.loads(lines[start])
        sheets.append(Sheet(head["name"], partial(_rows, lines[start + 1 : end], head["left"])))
    return tuple(sheets)


def _rows(lines: list[bytes], left: int) -> Iterator[Row]:
    for number, line in enumerate(lines, 1):
        yield number, [""] * left + [_value(cell) for cell in json.loads(line)]


def _value(cell: object) -> object:
    if isinstance(cell, list):
        (text,) = cell
        return whole(dt.datetime.fromisoformat(text)) if "T" in text else dt.date.fromisoformat(text)
    return whole(cell)


def _has_file_password(content: bytes) -> bool:
    """Whether one of the first records of an old workbook announces encryption; calamine only fails on it."""
    place = content.find(WORKBOOK_BEGINS)
    for _ in range(4):
        kind, length = content[place : place + 2], content[place + 2 : place + 4]
        if place < 0 or kind == FILE_PASSWORD:
            return place >= 0
        place += 4 + int.from_bytes(length, "little")
    return False
