"""One row of a statement's list → one line, or an addressed error; nothing is guessed."""

import datetime as dt
import html
import re
from collections.abc import Callable
from typing import NamedTuple

from portal.kit.days import VIETNAM, parse_day, today_in_vietnam
from portal.kit.errors import Refused
from portal.kit.tables import Glued, Sheet, cell_text
from portal.kit.vietnamese import fold, nfc
from portal.statements.headers import (
    BALANCE,
    COUNTERPARTY,
    COUNTERPARTY_ACCOUNT,
    COUNTERPARTY_BOTH,
    CREDIT,
    DAY,
    DAY_AND_REFERENCE,
    DEBIT,
    DOCUMENT,
    FEE,
    REFERENCE,
    TAX,
    TEXT,
    TIME,
    Found,
)
from portal.statements.notes import bank_amount

CACHED = 50_000  # donors give round sums: most amounts are parsed once
MOMENT = re.compile(
    r"\s*(\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4})(?:[ \n\tT]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?(?:\s+(\S.*))?\s*",
    re.DOTALL,
)
CLOCK = re.compile(r"\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*")
NOT_ZERO = re.compile(r"[^\s0.,–—-]")
VALUE_WORDS = ("hl", "hieu luc", "effective", "value")
NAME_AND_ACCOUNT = " – "  # an en dash, as VietinBank prints it

BOTH_SIDES = "Dòng này vừa ghi nợ vừa ghi có. Hãy sửa theo sao kê gốc: mỗi dòng chỉ có một trong hai số tiền."
BEHIND_DAY = "Sau ngày còn “{text}”, không phải là giờ. Hãy sửa ô này theo sao kê gốc rồi nạp lại."
NO_SUCH_TIME = "Giờ trong ô này không có. Hãy sửa ô này theo sao kê gốc rồi nạp lại."
TOO_WIDE = (
    "Dòng này có nhiều ô hơn dòng tiêu đề nên các cột có thể đã lệch. Hãy kiểm tra dấu phân cách: "
    "ô có dấu phẩy phải đặt trong ngoặc kép."
)
GLUED = (
    "Chữ “{text}” nằm lấn sang cột bên cạnh nên không biết tách ở đâu. "
    "Hãy tải sao kê dạng Excel hoặc CSV, hoặc nhập riêng dòng này theo bản gốc."
)


class When(NamedTuple):
    """What a day cell says."""

    day: dt.date
    posted_at: dt.datetime | None
    rest: str


class StatementRow(NamedTuple):
    """One line. Amounts in đồng, > 0; debit is money out, credit money in, both None = no amount printed.

    `counterparty` and its account are what the bank prints in columns of their own, "" where it does not.
    """

    ordinal: int
    row_number: int
    day: dt.date
    posted_at: dt.datetime | None
    reference: str
    debit: int | None
    credit: int | None
    balance: int | None
    text: str
    sheet: Sheet
    counterparty: str = ""
    counterparty_account: str = ""
    charges: tuple[int, int] = (0, 0)  # fee or interest, and tax, printed in columns of their own, đồng
    charge_places: tuple[str, str] = ("", "")  # the headings of those columns
    place: str = ""  # the heading of the column that a line of a charge comes from

    @property
    def address(self) -> str:
        """Its place in the file, in words."""
        return self.sheet.address(self.row_number, self.place or None)

    @property
    def amount_signed(self) -> int | None:
        """Money in positive, money out negative, None = unknown."""
        return self.credit if self.debit is None else -self.debit


class LineReader:
    """Reads the rows of one list; `report` receives (address, sentence) for each cell that cannot be read."""

    def __init__(self, sheet: Sheet, found: Found, report: Callable[[str, str], None], *, kind: str):
        self.sheet, self.found, self.report = sheet, found, report
        self.day_role = DAY_AND_REFERENCE if DAY_AND_REFERENCE in found.places else DAY
        places = found.places
        self._day, self._text = places[self.day_role], places[TEXT]
        self._money = [(role, places[role]) for role in (DEBIT, CREDIT, BALANCE, FEE, TAX) if role in places]
        self._sides = [index for role, index in self._money if role != BALANCE]
        self._references = [places[role] for role in (DOCUMENT, REFERENCE) if role in places]
        self._time = places.get(TIME)
        self._charge_places = (self._heading(FEE), self._heading(TAX))
        self._parties = [places.get(role) for role in (COUNTERPARTY, COUNTERPARTY_ACCOUNT)]
        self._both = places.get(COUNTERPARTY_BOTH)
        self._needed = max(places.values()) + 1
        self._limit = found.width if kind == "csv" else None
        self._may_be_glued = kind == "pdf"
        self._two_days = any(word in fold(found.heading(self.day_role)).split() for word in VALUE_WORDS)
        self._days: dict[str, dt.date] = {}
        self._amounts: dict[str, int | None] = {}

    @property
    def has_charges(self) -> bool:
        """Whether the list has columns for fees, interest or taxes."""
        return any(self._charge_places)

    def _heading(self, role: str) -> str:
        return self.found.heading(role) if role in self.found.places else ""

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
            posted_at = _moment(day, hours, minutes, seconds)
        return When(day, posted_at, nfc(rest))

    def moves(self, cells: list) -> bool:
        """Whether a cell of money in or out, or of a charge, holds more than nothing and zero."""
        for index in self._sides:
            cell = cells[index] if index < len(cells) else None
            if cell and (not isinstance(cell, str) or NOT_ZERO.search(cell)):
                return True
        return False

    def has_amount(self, cells: list) -> bool:
        """Whether a cell of money in or out, or of a charge, holds anything."""
        for index in self._sides:
            if index < len(cells):
                cell = cells[index]
                if cell not in ("", None) and (not isinstance(cell, str) or cell.strip()):
                    return True
        return False

    def line(self, ordinal: int, number: int, cells: list, when: When) -> StatementRow | None:
        """The line, or None after reporting every bad cell of it."""
        if len(cells) < self._needed:
            cells = [*cells, *[""] * (self._needed - len(cells))]
        good = self._limit is None or self._fits(number, cells)
        if self._may_be_glued and self._is_glued(number, cells):
            return None
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
        if when.rest and self.day_role == DAY and not self._is_value_day(when.rest):
            self._report(number, DAY, BEHIND_DAY.format(text=when.rest))
            good = False
        if self._time is not None and when.posted_at is None:
            posted_at, fits = self._clock(number, when.day, cells[self._time])
            good &= fits
            when = when._replace(posted_at=posted_at)
        if not good:
            return None
        row = self._row(ordinal, number, when, (debit, credit, amounts.get(BALANCE)), cells)
        if not self.has_charges:
            return row
        charges = (amounts.get(FEE) or 0, amounts.get(TAX) or 0)
        return row._replace(charges=charges, charge_places=self._charge_places)

    def _row(
        self,
        ordinal: int,
        number: int,
        when: When,
        money: tuple[int | None, int | None, int | None],
        cells: list,
    ) -> StatementRow:
        reference = when.rest if self.day_role == DAY_AND_REFERENCE else ""
        if len(self._references) == 1:
            reference = nfc(cell_text(cells[self._references[0]]))
        elif self._references:
            reference = " ".join(filter(None, (nfc(cell_text(cells[place])) for place in self._references)))
        text = cell_text(cells[self._text])
        text = nfc(html.unescape(text) if "&" in text else text)
        party, account = self._party(cells)
        return StatementRow(
            ordinal, number, when.day, when.posted_at, reference, *money, text, self.sheet, party, account
        )

    def _party(self, cells: list) -> tuple[str, str]:
        """The other side's name and account, where the bank has columns for them."""
        if self._both is not None:
            return _apart(nfc(cell_text(cells[self._both])))
        name, account = self._parties
        return (
            "" if name is None else nfc(cell_text(cells[name])),
            "" if account is None else nfc(cell_text(cells[account])),
        )

    def _parse(self, role: str, number: int, value: object, amounts: dict[str, int | None]) -> bool:
        """Read one amount cell and remember it; reports and gives False where it cannot be read."""
        try:
            amounts[role] = bank_amount(value)
        except Refused as refusal:
            self._report(number, role, refusal.text)
            return False
        if isinstance(value, str) and len(self._amounts) < CACHED:
            self._amounts[value] = amounts[role]
        return True

    def _clock(self, number: int, day: dt.date, value: object) -> tuple[dt.datetime | None, bool]:
        """The time in a column of its own; reports and gives False where it is none."""
        if isinstance(value, dt.time):
            return dt.datetime.combine(day, value, VIETNAM), True
        text = cell_text(value)
        if not text.strip():
            return None, True
        try:
            return _time_of(day, text), True
        except Refused as refusal:
            self._report(number, TIME, refusal.text)
            return None, False

    def _is_value_day(self, rest: str) -> bool:
        """A second day behind the first is the value day, where the heading names both."""
        return self._two_days and MOMENT.fullmatch(rest) is not None

    def _is_glued(self, number: int, cells: list) -> bool:
        """PDF: reports the first cell whose text runs over into another column."""
        place = next((n for n, cell in enumerate(cells) if isinstance(cell, Glued)), None)
        if place is None:
            return False
        heading = cell_text(self.found.cells[place]) if place < len(self.found.cells) else ""
        where = self.sheet.address(number, nfc(heading) or place)
        self.report(where, GLUED.format(text=nfc(cells[place])[:40]))
        return True

    def _report(self, number: int, role: str, sentence: str) -> None:
        self.report(self.sheet.address(number, self.found.heading(role)), sentence)

    def _fits(self, number: int, cells: list) -> bool:
        """Text files: cells beyond the last heading mean that an unquoted delimiter has shifted the row."""
        if self._limit is None or len(cells) <= self._limit or not "".join(cells[self._limit :]).strip():
            return True
        self.report(self.sheet.address(number), TOO_WIDE)
        return False


def _apart(both: str) -> tuple[str, str]:
    """ "NAME – account" as two; without an account behind the dash all of it is the name."""
    name, dash, account = both.rpartition(NAME_AND_ACCOUNT)
    if dash and any(character.isdigit() for character in account):
        return name.strip(), account.strip()
    return both, ""


def _time_of(day: dt.date, text: str) -> dt.datetime:
    """A time that stands alone in its cell. Raises `Refused`."""
    match = CLOCK.fullmatch(text)
    if match is None:
        raise Refused(NO_SUCH_TIME)
    return _moment(day, *match.groups())


def _moment(day: dt.date, hours: str, minutes: str, seconds: str | None) -> dt.datetime:
    """The time printed behind a day, in Vietnam's time. Raises `Refused` where the clock has no such time."""
    try:
        return dt.datetime.combine(day, dt.time(int(hours), int(minutes), int(seconds or 0)), VIETNAM)
    except ValueError as error:
        raise Refused(NO_SUCH_TIME) from error
