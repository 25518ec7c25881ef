"""The layouts of bank statements as data: which header words mean which column. A new one is a row here.

"Ghi có / Credit" on a statement is money IN to the fund's account, "Ghi nợ / Debit" is money out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from portal.kit.errors import Refused
from portal.kit.tables import cell_text
from portal.kit.vietnamese import fold, nfc

ORDINAL, DAY, DAY_AND_REFERENCE, VALUE_DAY = "ordinal", "day", "day_and_reference", "value_day"
REFERENCE, DEBIT, CREDIT, BALANCE, TEXT = "reference", "debit", "credit", "balance", "text"


@dataclass(frozen=True)
class Column:
    """One column: it is recognised by any of these phrases standing as whole words in its folded header."""

    role: str
    phrases: tuple[str, ...]
    required: bool = True

    def fits(self, header: str) -> bool:
        """`header` is folded."""
        return any(f" {fold(phrase)} " in f" {header} " for phrase in self.phrases)


@dataclass(frozen=True)
class Layout:
    """A bank's form. Columns are tried in this order, so that a narrower phrase stands before a wider one."""

    key: str
    label: str
    columns: tuple[Column, ...]
    exact: bool = field(default=False)  # headers must be the phrases themselves (very short words)

    def match(self, cells: Sequence) -> dict[str, int] | None:
        """The place of each role when this row is the layout's header row, else None.

        Raises `Refused` where two columns claim one role: the amounts of one of them would be lost.
        """
        places: dict[str, int] = {}
        for index, cell in enumerate(cells):
            header = fold(cell_text(cell))
            role = self._role(header) if header else None
            if role in places:
                places[f"{role} twice"] = index
            elif role:
                places[role] = index
        if any(column.required and column.role not in places for column in self.columns):
            return None
        doubled = [cell_text(cells[index]) for role, index in places.items() if role.endswith("twice")]
        if doubled:
            raise Refused(
                f"Sao kê có hai cột cùng loại “{doubled[0]}”. Hãy xóa hoặc đổi tên một cột rồi nạp lại."
            )
        return places

    def _role(self, header: str) -> str | None:
        for column in self.columns:
            if (header in map(fold, column.phrases)) if self.exact else column.fits(header):
                return column.role
        return None


VIETCOMBANK_STATEMENT = Layout(
    "vietcombank",
    "Sao kê tài khoản Vietcombank",
    (
        Column(ORDINAL, ("STT",), required=False),
        Column(VALUE_DAY, ("Ngày hiệu lực", "Effective date"), required=False),
        Column(DAY_AND_REFERENCE, ("Số CT", "Doc No", "TNX Date")),
        Column(DEBIT, ("ghi nợ", "Debit")),
        Column(CREDIT, ("ghi có", "Credit")),
        Column(BALANCE, ("Số dư", "Balance"), required=False),
        Column(TEXT, ("Nội dung", "Transactions in detail")),
    ),
)
VIETCOMBANK_LIST = Layout(
    "vietcombank-list",
    "Danh sách giao dịch Vietcombank",
    (
        Column(ORDINAL, ("STT",), required=False),
        Column(DAY, ("Ngày giao dịch",)),
        Column(REFERENCE, ("Số tham chiếu",)),
        Column(DEBIT, ("Số tiền ghi nợ",)),
        Column(CREDIT, ("Số tiền ghi có",)),
        Column(TEXT, ("Mô tả",)),
    ),
)
VIETCOMBANK_DAILY_2024 = Layout(
    "vietcombank-2024",
    "Danh sách theo ngày của Vietcombank (2024)",
    (
        Column(ORDINAL, ("STT",), required=False),
        Column(DAY, ("Ngày giao dịch",)),
        Column(CREDIT, ("Số tiền",)),
        Column(TEXT, ("Diễn giải",)),
    ),
    exact=True,
)
CONVERTED_LIST = Layout(
    "converted",
    "Danh sách đã chuyển đổi (date, money, content)",
    (Column(DAY, ("date",)), Column(CREDIT, ("money",)), Column(TEXT, ("content",))),
    exact=True,
)
LAYOUTS = (VIETCOMBANK_STATEMENT, VIETCOMBANK_LIST, VIETCOMBANK_DAILY_2024, CONVERTED_LIST)

HEADER_WITHIN = 80


@dataclass(frozen=True)
class Found:
    """Where a statement's list begins, and the rows printed above it."""

    layout: Layout
    row: int
    cells: list
    places: dict[str, int]
    above: list[tuple[int, list]]

    @property
    def width(self) -> int:
        """Cells up to the last heading."""
        return max(index + 1 for index, cell in enumerate(self.cells) if cell_text(cell).strip())

    def heading(self, role: str) -> str:
        """The heading of a role's column as printed, on one line."""
        return nfc(cell_text(self.cells[self.places[role]]))


def find_header(rows: Iterator[tuple[int, list]], layout: str | None = None) -> Found | None:
    """Look for a header row among the first 80 rows; `layout` (a key) narrows it. Raises `Refused`."""
    candidates = [candidate for candidate in LAYOUTS if layout in (None, candidate.key)]
    above: list[tuple[int, list]] = []
    for number, cells in rows:
        if number > HEADER_WITHIN:
            return None
        for candidate in candidates:
            if places := candidate.match(cells):
                return Found(candidate, number, cells, places, above)
        above.append((number, cells))
    return None
