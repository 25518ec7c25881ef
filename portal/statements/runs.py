"""Gifts of a file that follow each other, so that a run of them is numbered at once. Pure.

A file may alternate between gifts and others line by line: a run is three numbers, 24 bytes, not a list.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import NamedTuple


class Numbered(NamedTuple):
    """Lines `first`–`last` by their ordinals, and what an ordinal lacks to be the id of its gift."""

    first: int
    last: int
    shift: int


class Runs:
    """Runs in the order in which they were met; a gift of another day begins a new one."""

    def __init__(self) -> None:
        self._numbers = array("q")  # day, first, last; day, first, last; …

    def add(self, day: date, ordinal: int) -> None:
        """The line `ordinal` is a gift of this day."""
        numbers, when = self._numbers, day.toordinal()
        if numbers and numbers[-1] == ordinal - 1 and numbers[-3] == when:
            numbers[-1] = ordinal
        else:
            numbers.extend((when, ordinal, ordinal))

    def __len__(self) -> int:
        return len(self._numbers) // 3

    def numbered(self, next_ids: Mapping[date, int]) -> Iterator[Numbered]:
        """The runs in the order of their lines; ids are given day by day in the order in which they were met.

        `next_ids`: of each day the id of its next gift.
        """
        following = {day.toordinal(): number for day, number in next_ids.items()}
        shifts = array("q")
        for place in range(0, len(self._numbers), 3):
            day, first, last = self._numbers[place : place + 3]
            shifts.append(following[day] - first)
            following[day] += last - first + 1
        firsts = self._numbers[1::3]
        in_order = all(one < other for one, other in pairwise(firsts))  # nearly always: sorting needs a list
        order = range(len(self)) if in_order else sorted(range(len(self)), key=firsts.__getitem__)
        return (Numbered(firsts[one], self._numbers[3 * one + 2], shifts[one]) for one in order)
