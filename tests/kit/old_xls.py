"""Just enough of the old Excel format for tests: a compound file with one BIFF8 workbook in it."""

import struct

SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def old_xls(rows: list[list], *, sheet: str = "Sheet1", password: bool = False) -> bytes:
    """A workbook of texts and integers. With `password`, its stream only announces encryption."""
    return compound_file("Workbook", _workbook(rows, sheet, password))


def compound_file(name: str, content: bytes) -> bytes:
    """One stream in a compound file (the container of old Excel and of encrypted XLSX)."""
    content = content.ljust(max(4096, -(-len(content) // SECTOR) * SECTOR), b"\0")
    sectors = len(content) // SECTOR
    chain = [END, FAT] + [number + 3 for number in range(sectors - 1)] + [END]
    fat = b"".join(struct.pack("<I", entry) for entry in chain).ljust(SECTOR, b"\xff")
    assert len(fat) == SECTOR, "samples of this size need more than one FAT sector"
    directory = (
        _entry("Root Entry", 5, END, 0, child=1) + _entry(name, 2, 2, len(content)) + _entry("", 0, 0, 0) * 2
    )
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header += struct.pack("<HHHHH6xIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 0, 0, 4096, END, 0, END, 0, 1)
    header += b"\xff" * (SECTOR - len(header))
    return header + directory + fat + content


def _entry(name: str, kind: int, start: int, size: int, *, child: int = FREE) -> bytes:
    text = name.encode("utf-16-le")
    length = len(text) + 2 if name else 0
    fixed = text.ljust(64, b"\0") + struct.pack("<HBBIII", length, kind, 1, FREE, FREE, child)
    return fixed + b"\0" * 36 + struct.pack("<IQ", start, size)


def _workbook(rows: list[list], sheet: str, password: bool) -> bytes:
    begin = struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)
    lock = (
        _record(0x2F, struct.pack("<HHH16s16s16s", 1, 1, 1, b"s" * 16, b"v" * 16, b"h" * 16))
        if password
        else b""
    )
    name = bytes([len(sheet), 1]) + sheet.encode("utf-16-le")
    start = len(_record(0x809, begin)) + len(lock) + 4 + 6 + len(name) + 4
    book = (
        _record(0x809, begin) + lock + _record(0x85, struct.pack("<IH", start, 0) + name) + _record(0x0A, b"")
    )
    page = begin[:2] + struct.pack("<H", 0x10) + begin[4:]
    cells = b"".join(
        _cell(row, column, value) for row, line in enumerate(rows) for column, value in enumerate(line)
    )
    return book + _record(0x809, page) + cells + _record(0x0A, b"")


def _cell(row: int, column: int, value: object) -> bytes:
    if value in (None, ""):
        return b""
    place = struct.pack("<HHH", row, column, 0)
    if isinstance(value, int):
        return _record(0x203, place + struct.pack("<d", value))
    return _record(0x204, place + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content
