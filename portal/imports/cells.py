"""One row while it is read: every wrong cell of it is told, not only the first."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from portal.imports.outcome import Problems
from portal.kit import money
from portal.kit.days import parse_day, today_in_vietnam
from portal.kit.errors import Refused
from portal.kit.tables import ABSENT, cell_text
from portal.kit.vietnamese import fold, nfc

_DECIMAL = re.compile(r"^(\d{1,12}|[1-9]\d{0,2}(?:\.\d{3}){1,3})(?:,(\d{1,3}))?$", re.A)
_PARTED = re.compile(r"[;,\n]")


class Cells:
    """The cells of one row by column name. Readers give None for an empty cell, ABSENT for a missing column.

    A cell that cannot be read is told to `problems` and reads as None; `sound` then is False.
    """

    def __init__(self, number: int, values: Mapping[str, Any], problems: Problems):
        self.number = number
        self._values = values
        self._problems = problems
        self._before = problems.total

    @property
    def sound(self) -> bool:
        """Whether nothing was wrong so far."""
        return self._problems.total == self._before

    def wrong(self, column: str | None, text: str) -> None:
        """Tell what is wrong with a cell, or with the row."""
        self._problems.add(self.number, column, text)

    def raw(self, column: str) -> Any:
        """The value as the file has it; None for an empty cell, ABSENT for a missing column."""
        return self._values[column]

    def text(self, column: str, *, limit: int = 200, needed: str | None = None) -> Any:
        """One line of text in NFC. `needed`: the sentence for a cell that must not be empty."""
        value = self.raw(column)
        text = nfc(cell_text(value)) if value is not ABSENT else ""
        if not text:
            if needed:
                self.wrong(column, needed)
            return ABSENT if value is ABSENT else None
        if len(text) > limit:
            self.wrong(column, f"Đang dài {len(text)} ký tự, nhiều nhất là {limit}. Viết ngắn lại.")
            return None
        return text

    def day(self, column: str, *, needed: str | None = None) -> Any:
        """A day."""
        value = self.raw(column)
        if value is ABSENT or value is None:
            if needed:
                self.wrong(column, needed)
            return value
        if isinstance(value, int | float):
            self.wrong(
                column,
                f"“{cell_text(value)}” là số, không phải ngày. Định dạng ô thành ngày, ví dụ 19/10/2026.",
            )
            return None
        day = self._read(column, lambda: parse_day(value, today=today_in_vietnam()))
        if isinstance(day, date) and not 1900 <= day.year <= 2200:
            self.wrong(column, f"Năm {day.year} không thể đúng. Kiểm tra lại bốn chữ số của năm.")
            return None
        return day

    def amount(self, column: str, *, zero: bool = True) -> Any:
        """An amount in đồng, read as people write it ("1.234.567", "1,5tr"), never guessed."""
        value = self.raw(column)
        if value is ABSENT:
            return value
        return self._read(column, lambda: money.parse_cell_amount(value, allow_zero=zero))

    def count(self, column: str) -> Any:
        """A whole number of people, households or things."""
        value = self.raw(column)
        if value is ABSENT or value is None:
            return value
        return self._read(column, lambda: money.parse_count(value))

    def number_with_decimals(self, column: str) -> Any:
        """A quantity that may have up to three decimals, as a Decimal."""
        value = self.raw(column)
        if value is ABSENT or value is None:
            return value
        if isinstance(value, int | float) and not isinstance(value, bool):
            found = Decimal(str(value))
            if found.is_finite() and 0 <= found < 10**12 and found == round(found, 3):
                return found
        elif match := _DECIMAL.match(nfc(cell_text(value)).replace(" ", "")):
            return Decimal(match[1].replace(".", "") + "." + (match[2] or "0"))
        advice = "Ghi số từ 0 trở lên, dấu phẩy trước phần lẻ, ví dụ 1.250,5."
        text = f"“{cell_text(value)[:30]}” không phải là số. {advice}"
        self.wrong(column, text)
        return None

    def choice(self, column: str, choices: Mapping[str, Any]) -> Any:
        """One of the values named by `choices` (Vietnamese name → value); accents and case do not matter."""
        text = self.text(column)
        if not text:
            return text
        folded = _folded(tuple(choices))
        if name := folded.get(_fold(text)):
            return choices[name]
        self.wrong(column, f"“{text[:40]}” không có trong danh sách. Ghi một trong: {', '.join(choices)}.")
        return None

    def several(self, column: str) -> Any:
        """Texts parted by semicolons or commas, as a tuple."""
        text = self.text(column, limit=1000)
        if not text:
            return text
        return tuple(dict.fromkeys(part.strip() for part in _PARTED.split(text) if part.strip()))

    def refuse(self, refused: Refused, column: str | None) -> None:
        """Tell a refusal of the domain at a column."""
        self.wrong(column, refused.text)

    def _read(self, column: str, read: Any) -> Any:
        try:
            return read()
        except Refused as refused:
            self.refuse(refused, column)
            return None


@lru_cache(maxsize=4096)
def _fold(text: str) -> str:
    return fold(text)


@lru_cache(maxsize=64)
def _folded(names: tuple[str, ...]) -> dict[str, str]:
    return {fold(name): name for name in names}


def given(value: Any, default: Any = None) -> Any:
    """A value, or `default` where the column is missing."""
    return default if value is ABSENT else value
