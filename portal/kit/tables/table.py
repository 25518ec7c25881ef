"""What every opened table looks like, whatever file it came from."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Row = tuple[int, list]


@dataclass
class Reach:
    """How far the last reading of a sheet has come, in bytes, rows or pages: `tell()` of `whole`."""

    whole: int = 0
    tell: Callable[[], int] = int

    @property
    def share(self) -> float | None:
        """Between 0 and 1; None while nobody knows."""
        return min(self.tell() / self.whole, 1.0) if self.whole else None


@dataclass(frozen=True)
class Sheet:
    """One page of a table. `name` is empty for a text file, which has no pages."""

    name: str
    _open: Callable[[], Iterator[Row]]
    reach: Reach = field(default_factory=Reach, compare=False)

    def rows(self) -> Iterator[Row]:
        """Stream (row number as spreadsheets show it, cells); may be called again. Raises `Refused`.

        An empty cell is `None` or `""`; whole numbers `int`, dates `date` or `datetime`, the rest as stored.
        """
        return self._open()

    def address(self, row: int, column: str | int | None = None) -> str:
        """The place of a cell in words, for messages."""
        return address(self.name, row, column)


@dataclass(frozen=True)
class Table:
    """An opened file. `kind` is csv, xlsx, xls or pdf; `sheets` are the visible pages in their order."""

    filename: str
    kind: str
    sheets: tuple[Sheet, ...]


class Glued(str):
    """A cell of a PDF whose text runs over into another column: nobody can say where it should be parted."""


def address(sheet: str | None, row: int, column: str | int | None = None) -> str:
    """A cell's place as people say it: `trang Sheet1, dòng 12, cột “Số tiền”`; an integer column (from 0)
    becomes its letter.
    """
    parts = [f"trang {sheet}"] if sheet else []
    parts.append(f"dòng {row}")
    if isinstance(column, int):
        parts.append(f"cột {column_letters(column)}")
    elif column:
        parts.append(f"cột “{column}”")
    return ", ".join(parts)


def column_letters(index: int) -> str:
    """The letters above a column in a spreadsheet: 0 → A, 26 → AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_text(value: object) -> str:
    """A cell as the text a person sees: whole numbers without ".0", dates as DD/MM/YYYY, nothing as ""."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, dt.datetime):
        return value.strftime("%d/%m/%Y %H:%M:%S")
    if isinstance(value, dt.date):
        return value.strftime("%d/%m/%Y")
    return str(value)


def is_blank(cells: list) -> bool:
    """True where no cell of the row holds anything but spaces."""
    return not any(cell is not None and (not isinstance(cell, str) or cell.strip()) for cell in cells)
