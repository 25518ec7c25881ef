"""Adds up the lines of a statement as they stream by and follows its running balance, in both directions."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple


class Break(NamedTuple):
    """The first line whose printed balance does not tie; amounts in đồng. `before`: the day of the line above."""

    row: int
    printed: int
    expected: int
    day: date
    before: date | None


class Chain:
    """A running balance. Oldest line first: each balance is the one above plus its own line."""

    def __init__(self, opening: int | None):
        self.running = opening
        self.first_break: Break | None = None
        self.breaks = 0

    def add(self, signed: int | None) -> None:
        """A line moves the balance; an unknown amount ends what is known of it."""
        self.running = None if signed is None or self.running is None else self.running + signed

    def check(self, balance: int, row: int, day: date, before: date | None) -> None:
        """Compare the balance printed on the line just added; after a break go on from what is printed."""
        if self.running is not None and balance != self.running:
            self.breaks += 1
            if self.first_break is None:
                self.first_break = Break(row, balance, self.running, day, before)
        self.running = balance


class Tally:
    """Counts and sums in đồng. `unknown_count` lines print no amount; `balances` lines print a balance.

    A list may begin with its newest line: then each balance is the one *below* plus its own line. Which of the
    two it is shows at the end, so both are followed.
    """

    def __init__(self, opening: int | None):
        self.rows = self.credit_count = self.credit_sum = self.debit_count = self.debit_sum = 0
        self.unknown_count = self.balances = 0
        self.ups = self.downs = 0
        self.days: set[date] = set()
        self.known_opening = opening  # as printed, wherever it stands
        self.oldest_first, self.newest_first = Chain(opening), Chain(None)
        self.first: tuple[int | None, int | None] = (None, None)  # (signed, balance) of the first line
        self.last: tuple[int | None, int | None] = (None, None)
        self._day: date | None = None

    def begin_with(self, opening: int) -> None:
        """An opening balance printed inside the list, above the first line."""
        self.oldest_first.running = self.known_opening = opening

    def add(self, row: int, day: date, credit: int | None, debit: int | None, balance: int | None) -> None:
        """Count one line, which stands in `row`."""
        signed = credit if debit is None else -debit
        self._count(credit, debit)
        before = self._day
        if day != before:
            self._turn(day, before)
        if not self.rows:
            self.first = (signed, balance)
        self.rows += 1
        self.last = (signed, balance)
        self.oldest_first.add(signed)
        if balance is not None:
            self.balances += 1
            self.oldest_first.check(balance, row, day, before)
            self.newest_first.check(balance, row, day, before)
        self.newest_first.add(None if signed is None else -signed)

    def _count(self, credit: int | None, debit: int | None) -> None:
        if credit is not None:
            self.credit_count += 1
            self.credit_sum += credit
        elif debit is not None:
            self.debit_count += 1
            self.debit_sum += debit
        else:
            self.unknown_count += 1

    def _turn(self, day: date, before: date | None) -> None:
        self.days.add(day)
        self._day = day
        if before is not None:
            self.ups += day > before
            self.downs += day < before

    def lose_track(self) -> None:
        """A line could not be read: the running balance starts anew at the next printed one."""
        self.oldest_first.running = self.newest_first.running = None

    @property
    def is_newest_first(self) -> bool:
        """The way in which fewer balances break; where that does not tell, by the days."""
        backward = self.newest_first.breaks + self.misses_opening
        if self.oldest_first.breaks != backward:
            return backward < self.oldest_first.breaks
        return self.downs > self.ups

    @property
    def misses_opening(self) -> bool:
        """Read with the newest line first: whether the balance before the last line is not the printed one."""
        reached = self.newest_first.running
        return None not in (reached, self.known_opening) and reached != self.known_opening

    @property
    def first_break(self) -> Break | None:
        """In the direction of the list."""
        return (self.newest_first if self.is_newest_first else self.oldest_first).first_break

    @property
    def opening(self) -> int | None:
        """The balance before the oldest line, by the balance printed on it."""
        signed, balance = self.last if self.is_newest_first else self.first
        return None if signed is None or balance is None else balance - signed

    @property
    def closing(self) -> int | None:
        """The balance printed on the newest line."""
        return (self.first if self.is_newest_first else self.last)[1]

    @property
    def has_every_balance(self) -> bool:
        """Whether each line prints its balance."""
        return self.rows > 0 and self.balances == self.rows

    @property
    def printed_opening(self) -> int | None:
        """The opening balance, where the balances of all lines tell it."""
        return self.opening if self.has_every_balance else None

    @property
    def printed_closing(self) -> int | None:
        """The closing balance, where the balances of all lines tell it."""
        return self.closing if self.has_every_balance else None

    @property
    def ending(self) -> int | None:
        """The balance after the newest line, as far as balances and amounts tell."""
        return self.closing if self.is_newest_first else self.oldest_first.running
