"""Filters of a list: what may be asked in its address, how it is read, what is wrong with it in a sentence.

A definition (DayFilter, AmountFilter, SelectFilter, TextFilter) belongs to a list for good; `read` makes of
it and of one address the `Filter` that is drawn and the SQL condition that is applied. A filter that cannot
be read keeps what was typed, says what to do, and is not applied.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, and_, false

from portal.kit import days, money, vietnamese
from portal.kit.errors import Refused

MAX_TEXT = 200  # characters of a search; longer ones are pasted by mistake
MAX_TYPED = 1_000  # characters that are looked at and shown again
MAX_WORDS = 12

Condition = Callable[[Any], ColumnElement[bool]]
Choices = Sequence[tuple[Any, str]]


@dataclass(frozen=True)
class Filter:
    """One filter as it is drawn: what stands in it, whether it counts, what is wrong with it."""

    name: str
    label: str
    kind: str
    value: str = ""
    choices: Sequence[tuple[str, str]] = ()
    active: bool = False
    error: str | None = None


@dataclass(frozen=True)
class FilterSpec:
    """One filter as a list declares it. `condition` turns the value that was read into SQL."""

    name: str
    label: str
    condition: Condition
    kind: ClassVar[str] = "text"

    def parse(self, text: str, choices: Choices) -> Any:
        """The value of a text that is not blank. Raises Refused."""
        raise NotImplementedError

    def offered(self) -> Choices:
        """The choices, for a filter that has some."""
        return ()

    def read(self, args: Mapping[str, str]) -> tuple[Filter, ColumnElement[bool] | None]:
        """The filter as the address has it, and its condition (None: not asked, or not readable)."""
        typed = vietnamese.nfc(args.get(self.name, "")[:MAX_TYPED])
        choices = self.offered()
        shown = [("", "Tất cả"), *((str(value), label) for value, label in choices)] if choices else []
        if not typed:
            return Filter(self.name, self.label, self.kind, choices=shown), None
        try:
            value = self.parse(typed, choices)
        except Refused as refused:
            return Filter(self.name, self.label, self.kind, typed, shown, error=refused.text), None
        return Filter(self.name, self.label, self.kind, typed, shown, active=True), self.condition(value)


@dataclass(frozen=True)
class DayFilter(FilterSpec):
    """A day, dd/mm/yyyy: `DayFilter("tu", "Từ ngày", lambda day: Donation.donated_on >= day)`."""

    kind: ClassVar[str] = "day"

    def parse(self, text: str, choices: Choices) -> Any:
        """The day. Raises Refused."""
        return days.parse_day(text, today=days.today_in_vietnam(), field=self.name)


@dataclass(frozen=True)
class AmountFilter(FilterSpec):
    """An amount in đồng, in all the ways that people write one."""

    kind: ClassVar[str] = "amount"

    def parse(self, text: str, choices: Choices) -> Any:
        """The amount, đồng. Raises Refused."""
        return money.parse_amount(text, field=self.name)


@dataclass(frozen=True)
class SelectFilter(FilterSpec):
    """One of some choices: (value, label) pairs or a function giving them; the condition gets the value."""

    choices: Choices | Callable[[], Iterable[tuple[Any, str]]] = ()
    kind: ClassVar[str] = "select"

    def offered(self) -> Choices:
        """The choices of this moment."""
        return list(self.choices()) if callable(self.choices) else self.choices

    def parse(self, text: str, choices: Choices) -> Any:
        """The chosen value. Raises Refused for one that is not offered."""
        for value, _ in choices:
            if str(value) == text:
                return value
        raise Refused(f"“{text}” không có trong danh sách. Chọn lại ở ô “{self.label}”.", self.name)


@dataclass(frozen=True)
class TextFilter(FilterSpec):
    """Words; the condition gets them in NFC with single spaces (see `words_in` for a folded column)."""

    def parse(self, text: str, choices: Choices) -> Any:
        """The words. Raises Refused when they are too many."""
        if len(text) > MAX_TEXT:
            raise Refused(f"Chữ cần tìm dài quá {MAX_TEXT} ký tự. Gõ ngắn lại.", self.name)
        return text


@dataclass(frozen=True)
class YearFilter(FilterSpec):
    """A year in four digits; the condition gets it as a number."""

    def parse(self, text: str, choices: Choices) -> Any:
        """The year. Raises Refused."""
        if not (text.isdecimal() and len(text) == 4):
            raise Refused(f"“{text[:20]}” không phải một năm. Gõ bốn chữ số, ví dụ 1950.", self.name)
        return int(text)


def words_in(column: Any, text: str) -> ColumnElement[bool]:
    """Whether a folded column holds every word of the text, in any order, with or without accents."""
    words = vietnamese.fold(text).split()[:MAX_WORDS]
    return and_(*(column.contains(word, autoescape=True) for word in words)) if words else false()
