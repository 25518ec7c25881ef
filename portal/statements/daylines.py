"""The living lines of a day as small as can be: about 80 bytes each, for a day may hold hundreds of thousands."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator

from portal.kit.vietnamese import fold
from portal.statements.likeness import marks_of, own_numbers, printed, references_agree, sign

SAME, NUMBER, HEAD = range(3)  # how sure a likeness is: the whole text, the bank's own number, how it begins
UNKNOWN = -(1 << 63)  # an amount or a balance that is not printed
PLACES = 32  # bits of a line's place


class DayLines:
    """Lines that a new statement's rows may be the same as; each is taken once. Add all, then `close`."""

    def __init__(self) -> None:
        self._statements, self._ordinals = array("q"), array("I")
        self._kinds, self._references = array("I"), array("Q")
        self._amounts, self._balances = array("q"), array("q")
        self._gathered: list[int] = []
        self._signs, self._places = array("Q"), array("I")
        self._begin: dict[int, int] = {}
        self._used = bytearray()
        self.free = 0  # lines that no row has taken
        self._left: tuple[Counter[int], Counter[tuple[int, int]], Counter[tuple[int, int, int]]] | None = None

    def add(
        self,
        at: tuple[int, int],
        amount: int | None,
        reference: str | None,
        balance: int | None,
        text: str,
    ) -> None:
        """A line (statement, ordinal) with its signed amount in đồng."""
        place = len(self._ordinals)
        self._statements.append(at[0])
        self._ordinals.append(at[1])
        kind, value = marks_of(reference)
        self._kinds.append(kind)
        self._references.append(value)
        self._amounts.append(UNKNOWN if amount is None else amount)
        self._balances.append(UNKNOWN if balance is None else balance)
        signs = [same_sign(amount, text), head_sign(amount, text), *number_signs(amount, text, reference)]
        self._gathered.extend(one << PLACES | place for one in signs if one is not None)

    def close(self) -> None:
        """Ready to be asked."""
        self._gathered.sort()
        self._signs = array("Q", (both >> PLACES for both in self._gathered))
        self._places = array("I", (both & ((1 << PLACES) - 1) for both in self._gathered))
        self._gathered = []
        self._used = bytearray(len(self._ordinals))
        self.free = len(self._ordinals)

    def find(self, key: int, reference: str | None, balance: int | None) -> Iterator[int]:
        """Places of free lines with this sign whose reference and balance do not contradict, in their order."""
        marks = marks_of(reference)
        start = self._begin.get(key)
        at = bisect_left(self._signs, key) if start is None else start
        ahead = True
        while at < len(self._signs) and self._signs[at] == key:
            place = self._places[at]
            at += 1
            if self._used[place]:
                if ahead:
                    self._begin[key] = at
                continue
            ahead = False
            known = self._balances[place]
            if UNKNOWN not in (known, UNKNOWN if balance is None else balance) and known != balance:
                continue
            if references_agree(marks, (self._kinds[place], self._references[place])):
                yield place

    def knows(self, key: int) -> bool:
        """Whether any line has this sign."""
        at = bisect_left(self._signs, key)
        return at < len(self._signs) and self._signs[at] == key

    def take(self, place: int) -> tuple[int, int]:
        """This line is the row's now: (statement, ordinal)."""
        self._used[place] = 1
        self.free -= 1
        return self.at(place)

    def at(self, place: int) -> tuple[int, int]:
        """(statement, ordinal) of a place."""
        return self._statements[place], self._ordinals[place]

    def doubts(self, amount: int | None, reference: str | None) -> bool:
        """Whether a free line has this amount and no other reference; each is counted once."""
        if amount is None or not self.free:
            return False
        if self._left is None:
            self._left = self._count_left()
        by_amount, by_kind, by_reference = self._left
        kind, value = marks_of(reference)
        others = by_kind[amount, kind] - by_reference[amount, kind, value] if kind else 0
        if by_amount[amount] - others <= 0:
            return False
        by_amount[amount] -= 1
        if kind and by_reference[amount, kind, value] > 0:
            by_kind[amount, kind] -= 1
            by_reference[amount, kind, value] -= 1
        return True

    def _count_left(
        self,
    ) -> tuple[Counter[int], Counter[tuple[int, int]], Counter[tuple[int, int, int]]]:
        free = [place for place, used in enumerate(self._used) if not used]
        amounts, kinds, references = self._amounts, self._kinds, self._references
        return (
            Counter(amounts[place] for place in free),
            Counter((amounts[place], kinds[place]) for place in free),
            Counter((amounts[place], kinds[place], references[place]) for place in free),
        )


def same_sign(amount: int | None, text: str) -> int | None:
    """What lines of one whole text share."""
    folded = fold(text)
    return sign(SAME, amount, folded) if folded else None


def number_signs(amount: int | None, text: str, reference: str | None) -> list[int]:
    """What lines share that a bank knows by one number."""
    return [sign(NUMBER, amount, number) for number in own_numbers(text, reference)]


def head_sign(amount: int | None, text: str) -> int | None:
    """What lines share that begin alike."""
    head = printed(text).head
    return sign(HEAD, amount, head) if head else None
