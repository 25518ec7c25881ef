"""One row of a statement's list → one line, or an addressed error; nothing is guessed."""

import datetime as dt
import html
import re
from collections.abc import Callable
from typing import NamedTuple

from portal.kit.days import VIETNAM, parse_day, today_in_vietnam
from portal.kit.errors import Refused
from portal.kit.tables import Sheet, address, cell_text
from portal.kit.vietnamese import nfc
from portal.statements.layouts import BALANCE, CREDIT, DAY, DAY_AND_REFERENCE, DEBIT, REFERENCE, TEXT, Found
from portal.statements.notes import bank_amount

CACHED = 50_000  # donors give round sums: most amounts are parsed once
MOMENT = re.compile(
    r"\s*(\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4})(?:[ \tT]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?(?:\s+(\S.*))?\s*",
    re.DOTALL,
)

BOTH_SIDES = "Dòng này vừa ghi nợ vừa ghi có. Hãy sửa theo sao kê gốc: mỗi dòng chỉ có một trong hai số tiền."
BEHIND_DAY = "Sau ngày còn “{text}”, không phải là giờ. Hãy sửa ô này theo sao kê gốc rồi nạp lại."
TOO_WIDE = (
    "Dòng này có nhiều ô hơn dòng tiêu đề nên các cột có thể đã lệch. Hãy kiểm tra dấu phân cách: "
    "ô có dấu phẩy phải đặt trong ngoặc kép."
)


class When(NamedTuple):
    """What a day cell says."""

    day: dt.date
    posted_at: dt.datetime | None
    rest: str


class StatementRow(NamedTuple):
    """One line. Amounts in đồng, > 0; debit is money out, credit money in, both None = no amount printed."""

    ordinal: int
    row_number: int
    day: dt.date
    posted_at: dt.datetime | None
    reference: str
    debit: int | None
    credit: int | None
    balance: int | None
    text: str
    sheet: str

    @property
    def address(self) -> str:
        """Its place in the file, in words."""
        return address(self.sheet, self.row_number)

    @property
    def amount_signed(self) -> int | None:
        """Money in positive, money out negative, None = unknown."""
        return self.credit if self.debit is None else -self.debit


class LineReader:
    """Reads the rows of one list; `report` receives (address, sentence) for each cell that cannot be read."""

    def __init__(self, sheet: Sheet, found: Found, report: Callable[[str, str], None], *, ragged: bool):
        self.sheet, self.found, self.report = sheet, found, report
        self.day_role = DAY_AND_REFERENCE if DAY_AND_REFERENCE in found.places else DAY
        places = found.places
        self._day, self._text, self._reference = places[self.day_role], places[TEXT], places.get(REFERENCE)
        self._money = [(role, places[role]) for role in (DEBIT, CREDIT, BALANCE) if role in places]
        self._needed = max(places.values()) + 1
        self._limit = found.width if ragged else None
        self._days: dict[str, dt.date] = {}
        self._amounts: dict[str, int | None] = {}

    def when(self, cells: list) -> When | None:
        """The day of a line; None where the cell holds no date at all (then it is not a line).

        A date that the calendar does not have raises `Refused`.
        """
        cell = cells[self._day] if self._day < len(cells) else None
        if isinstance(cell, dt.datetime):
            return When(cell.date(), cell.replace(tzinfo=VIETNAM), "")
        if isinstance(cell, dt.date):
            return When(cell, None, "")
        match = MOMENT.fullmatch(cell) if isinstance(cell, str) and cell else None
        if match is None:
            return None
        day_text, hours, minutes, seconds, rest = match.groups()
        day = self._days.get(day_text)
        if day is None:
            day = self._days[day_text] = parse_day(day_text, today=today_in_vietnam())
        posted_at = None
        if hours:
            posted_at = _moment(day, int(hours), int(minutes), int(seconds or 0))
        return When(day, posted_at, nfc(rest))

    def has_amount(self, cells: list) -> bool:
        """Whether the debit or the credit cell of the row holds anything."""
        return any(
            index < len(cells) and cells[index] is not None and str(cells[index]).strip()
            for role, index in self._money
            if role != BALANCE
        )

    def line(self, ordinal: int, number: int, cells: list, when: When) -> StatementRow | None:
        """The line, or None after reporting every bad cell of it."""
        if len(cells) < self._needed:
            cells = [*cells, *[""] * (self._needed - len(cells))]
        good = self._limit is None or self._fits(number, cells)
        amounts: dict[str, int | None] = {}
        for role, index in self._money:
            value = cells[index]
            if value in self._amounts:
                amounts[role] = self._amounts[value]
            else:
                good &= self._parse(role, number, value, amounts)
        debit, credit = amounts.get(DEBIT) or None, amounts.get(CREDIT) or None
        if debit and credit:
            self.report(self.sheet.address(number), BOTH_SIDES)
            good = False
        reference = when.rest
        if self.day_role == DAY and reference:
            self.report(
                self.sheet.address(number, self.found.heading(DAY)), BEHIND_DAY.format(text=reference)
            )
            good = False
        if not good:
            return None
        if self._reference is not None:
            reference = nfc(cell_text(cells[self._reference]))
        text = cell_text(cells[self._text])
        text = nfc(html.unescape(text) if "&" in text else text)
        balance = amounts.get(BALANCE)
        return StatementRow(
            ordinal,
            number,
            when.day,
            when.posted_at,
            reference,
            debit,
            credit,
            balance,
            text,
            self.sheet.name,
        )

    def _parse(self, role: str, number: int, value: object, amounts: dict[str, int | None]) -> bool:
        """Read one amount cell and remember it; reports and gives False where it cannot be read."""
        try:
            amounts[role] = bank_amount(value)
        except Refused as refusal:
            self.report(self.sheet.address(number, self.found.heading(role)), refusal.text)
            return False
        if isinstance(value, str) and len(self._amounts) < CACHED:
            self._amounts[value] = amounts[role]
        return True

    def _fits(self, number: int, cells: list) -> bool:
        """Text files: cells beyond the last heading mean that an unquoted delimiter has shifted the row."""
        if self._limit is None or len(cells) <= self._limit or not "".join(cells[self._limit :]).strip():
            return True
        self.report(self.sheet.address(number), TOO_WIDE)
        return False


def _moment(day: dt.date, hours: int, minutes: int, seconds: int) -> dt.datetime:
    """The time printed behind a day, in Vietnam's time. Raises `Refused` where the clock has no such time."""
    try:
        return dt.datetime.combine(day, dt.time(hours, minutes, seconds), VIETNAM)
    except ValueError as error:
        raise Refused("Giờ trong ô này không có. Hãy sửa ô này theo sao kê gốc rồi nạp lại.") from error
