"""Tables with named columns: find the header row by folded words, hand out each row by names we know."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from portal.kit.errors import Refused
from portal.kit.tables.table import Sheet, Table, cell_text, column_letters, is_blank
from portal.kit.tables.writing import without_apostrophe
from portal.kit.vietnamese import fold, nfc

HEADER_WITHIN = 10  # non-blank rows; our own exports carry a title above the header


class _Absent:
    """The column is not in the file: leave that field alone. An empty cell is `None` instead."""

    def __repr__(self) -> str:
        return "ABSENT"

    def __bool__(self) -> bool:
        return False

    def __reduce__(self) -> str:
        return "ABSENT"  # copies (dataclasses.asdict makes them) stay the one object


ABSENT = _Absent()


@dataclass(frozen=True)
class ColumnSpec:
    """A column we know: its Vietnamese name, other names it goes by, and whether the file must have it."""

    name: str
    synonyms: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True)
class _Header:
    sheet: Sheet
    row: int
    places: dict[str, int]  # column name → index
    unknown: tuple[str, ...]
    doubled: tuple[tuple[str, int], ...]  # column name, index of the later one
    width: int


class HeaderedRows:
    """The rows below the header, streamed as (row number, {column name: value, None or ABSENT}).

    `columns` are the names present, `unknown` the header texts nobody asked for (perhaps a slip).
    """

    def __init__(self, table: Table, specs: Sequence[ColumnSpec], header: _Header):
        self._table, self._header = table, header
        self._names = [spec.name for spec in specs]
        self.sheet = header.sheet
        self.header_row = header.row
        self.columns = tuple(name for name in self._names if name in header.places)
        self.unknown = header.unknown
        self.sheets = table.sheets
        self.places = dict(header.places)  # column name → index in the sheet
        self.width = header.width

    def address(self, row: int, column: str | None = None) -> str:
        """The place of a cell in words, for messages."""
        return self.sheet.address(row, column)

    def __iter__(self) -> Iterator[tuple[int, dict]]:
        """Blank rows are passed over. Raises `Refused` where cells stand beyond the header."""
        absent: dict[str, object] = {name: ABSENT for name in self._names if name not in self._header.places}
        clean = _clean_csv if self._table.kind == "csv" else _clean
        places = self._header.places.items()
        for number, cells in self.sheet.rows():
            if number <= self._header.row or is_blank(cells):
                continue
            if len(cells) > self._header.width and not is_blank(cells[self._header.width :]):
                raise Refused(
                    f"{_capital(self.address(number))} có nhiều ô hơn dòng tiêu đề. "
                    "Hãy kiểm tra dấu phân cách (ô có dấu phẩy phải đặt trong ngoặc kép) "
                    "hoặc xóa ô thừa rồi nạp lại."
                )
            row = dict(absent)
            for name, index in places:
                row[name] = clean(cells[index]) if index < len(cells) else None
            yield number, row


def rows_with_headers(table: Table, columns: Sequence[ColumnSpec]) -> HeaderedRows:
    """Find the header row among the first rows of the table's sheets; the rows follow by iterating.

    Order is free, accents, case and signs do not matter. Raises `Refused` naming the missing, or the
    doubled, column,
    and where two sheets both hold such a table (one would be left out without a word).
    """
    headers = [header for sheet in table.sheets if (header := _complete_header(sheet, columns))]
    if len(headers) > 1:
        names = ", ".join(f"“{header.sheet.name}”" for header in headers)
        raise Refused(
            f"Tệp có nhiều trang cùng có bảng này ({names}). Hãy để mỗi trang thành một tệp rồi nạp từng tệp."
        )
    if not headers:
        raise Refused(_missing(table, columns))
    return HeaderedRows(table, columns, headers[0])


def _complete_header(sheet: Sheet, columns: Sequence[ColumnSpec]) -> _Header | None:
    required = {spec.name for spec in columns if spec.required}
    for number, cells in _first_rows(sheet):
        header = _match(sheet, number, cells, columns)
        if header.places and required <= header.places.keys():
            _refuse_doubled(header)
            return header
    return None


def _refuse_doubled(header: _Header) -> None:
    for name, index in header.doubled:
        where = f"{column_letters(header.places[name])} và {column_letters(index)}"
        raise Refused(
            f"{_capital(header.sheet.address(header.row))}: cột “{name}” có hai lần (cột {where}). "
            "Hãy xóa hoặc đổi tên một cột.",
            field=name,
        )


def _first_rows(sheet: Sheet) -> Iterator[tuple[int, list]]:
    return islice((row for row in sheet.rows() if not is_blank(row[1])), HEADER_WITHIN)


def _match(sheet: Sheet, number: int, cells: list, columns: Sequence[ColumnSpec]) -> _Header:
    known = {fold(word): spec.name for spec in columns for word in (*spec.synonyms, spec.name)}
    places: dict[str, int] = {}
    unknown, doubled = [], []
    for index, cell in enumerate(cells):
        text = cell_text(cell)
        name = known.get(fold(text))
        if name is None and text.strip():
            unknown.append(nfc(text))
        elif name in places:
            doubled.append((name, index))
        elif name:
            places[name] = index
    width = max((index + 1 for index, cell in enumerate(cells) if cell_text(cell).strip()), default=0)
    return _Header(sheet, number, places, tuple(unknown), tuple(doubled), width)


def _missing(table: Table, columns: Sequence[ColumnSpec]) -> str:
    """Which columns the likeliest header row lacks."""
    found: set[str] = set()
    for sheet in table.sheets:
        for number, cells in _first_rows(sheet):
            found = max(found, set(_match(sheet, number, cells, columns).places), key=len)
    lacking = [f"“{spec.name}”" for spec in columns if spec.required and spec.name not in found]
    if not lacking or not found:
        names = ", ".join(f"“{spec.name}”" for spec in columns)
        return (
            f"Không tìm thấy dòng tiêu đề trong tệp “{table.filename}”. "
            f"Dòng đầu của bảng phải ghi tên các cột: {names}."
        )
    return (
        f"Tệp “{table.filename}” thiếu cột bắt buộc: {', '.join(lacking)}. "
        "Hãy thêm vào dòng tiêu đề rồi nạp lại."
    )


def _clean(value: object) -> object:
    """Text in one Unicode form; an empty cell is None: a missing value is missing, not zero."""
    if isinstance(value, str):
        return nfc(value).strip() or None
    return value


def _clean_csv(value: str) -> str | None:
    return nfc(without_apostrophe(value)).strip() or None


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
