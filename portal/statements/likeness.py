"""When two texts are the same line of a bank, printed twice: pure rules over plain texts.

A statement is issued again in other words: account numbers masked, the tail cut, ",00" added, an hour without its
zero. So letters must agree, and every number too unless one of them is masked; a cut text may end earlier. Whatever
is not sure is no likeness: a row added twice is seen in the balance, a row lost is not.
"""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple

from portal.kit.vietnamese import fold

HEAD = 40  # letters by which texts that may be one are found
LEAST = 8  # letters without which a text says too little to be known again
CUT_FROM = 100  # characters; banks cut at 210 and 255, nobody cuts shorter texts

_NUMBER = re.compile(r"[\dx*•#]*[\d*•#][\dx*•#]*|x{3,}")
_MASK = re.compile(r"[x*•#]+")
_OWN = re.compile(r"\bFT\d{10,16}\b|\b(?:[A-Z]*VCB|MSE|SHGD)[.:]\s*([A-Z]{0,8}\d[0-9A-Z]{5,})", re.IGNORECASE)
_DIGITS, _CAPITALS = re.compile(r"\d+"), re.compile(r"[a-z]+")


class Printed(NamedTuple):
    """A text as it is compared: its letters run together, its numbers in their order, its length."""

    letters: str
    numbers: list[str]
    length: int

    @property
    def head(self) -> str:
        """What texts that may be one have in common; "" where there is too little."""
        return self.letters[:HEAD] if len(self.letters) >= LEAST else ""


def printed(text: str) -> Printed:
    """Take a text apart."""
    low = text.lower()
    numbers = [_MASK.sub("*", number) for number in _NUMBER.findall(low)]
    return Printed(fold(_NUMBER.sub(" ", low)).replace(" ", ""), numbers, len(text))


def are_alike(one: Printed, other: Printed) -> bool:
    """Whether both may be the same line: letters and numbers agree, or one of them is cut."""
    if not one.head or not other.head:
        return False
    short, long = sorted((one, other), key=lambda text: len(text.letters))
    if short.letters == long.letters:
        return _numbers_agree(one.numbers, other.numbers, cut=False)
    is_cut = short.length >= CUT_FROM and len(short.letters) >= HEAD
    return (
        is_cut
        and long.letters.startswith(short.letters)
        and _numbers_agree(short.numbers, long.numbers, cut=True)
    )


def _numbers_agree(short: list[str], long: list[str], *, cut: bool) -> bool:
    """In their order; "00" behind an amount may be missing, and a cut text may end in the middle of a number."""
    a = b = 0
    while a < len(short) and b < len(long):
        if _same_number(short[a], long[b]):
            a, b = a + 1, b + 1
        elif cut and a == len(short) - 1 and long[b].startswith(short[a]):
            return True
        elif not long[b].strip("0"):
            b += 1
        elif not short[a].strip("0"):
            a += 1
        else:
            return False
    rest = short[a:] if cut else short[a:] + long[b:]
    return not any(number.strip("0") for number in rest)


def _same_number(one: str, other: str) -> bool:
    if "*" not in one and "*" not in other:
        return one.lstrip("0") == other.lstrip("0")
    if "*" in one and "*" in other:
        return _ends(one, other)
    masked, plain = (one, other) if "*" in one else (other, one)
    before, _, after = masked.partition("*")
    after = after.rpartition("*")[2]
    shown = len(before) + len(after)
    return len(plain) > shown and plain.startswith(before) and plain.endswith(after)


def _ends(one: str, other: str) -> bool:
    """Two masked numbers: what both show at the ends must not differ."""
    pairs = zip((one.partition("*")[0], one.rpartition("*")[2]), (other.partition("*")[0], other.rpartition("*")[2]),
                strict=True)  # fmt: skip
    (first, first_other), (last, last_other) = pairs
    starts = first.startswith(first_other) or first_other.startswith(first)
    return starts and (last.endswith(last_other) or last_other.endswith(last))


def own_numbers(text: str, reference: str | None) -> list[str]:
    """The numbers by which banks themselves know a transfer, as far as a text and a reference hold any."""
    found = [match[1] or match[0] for match in _OWN.finditer(f"{text} {reference or ''}")]
    return list(dict.fromkeys(number.upper() for number in found))


def marks_of(reference: str | None) -> tuple[int, int]:
    """(kind, value) of a reference as numbers, (0, 0) for none: only those of one kind can be compared.

    "5254 - 05356" and "FT26123456789012" are numbers of different books.
    """
    if not reference:
        return 0, 0
    low = reference.lower()
    kind = _CAPITALS.sub("a", _DIGITS.sub("9", low))
    return 1 + _hash(kind) % 0xFFFF, _hash(low) or 1


def references_agree(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Not when both are of one kind and differ."""
    return not one[0] or one[0] != other[0] or one[1] == other[1]


def sign(level: int, amount: int | None, text: str) -> int:
    """64 bits that two lines of a day share when they are of one amount and one text."""
    return _hash(f"{level}\x1f{amount}\x1f{text}")


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
