"""Codes for the text of a bank transfer (mã chuyển khoản): 8 characters that survive pens, phones and banks.

The alphabet has 19 characters, none like another: no 0 O Q, 1 I L, 2 Z, 5 S, 6 G (G goes), 8 B, U V, and no A, E,
so that no word is ever a code. 19 is a prime, so two check characters over the field of 19 make codes of one
kind differ in at least three places (a Reed–Solomon code: the sum and the sum weighted by place are 0): one wrong
character, two wrong ones, or any two that changed places never make another code. What stands beside a code does
not either: read one place too early or too late, a code never checks.

The first character, a letter, says the kind. A code has 2 to 5 digits: fewer would be an abbreviation ("CTTNHHXD"),
more a number, which public pages mask.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from itertools import count

ALPHABET = "34679CDFHJKMNPRTWXY"
LENGTH = 8
PLEDGE, CAMPAIGN, FUND = "pledge", "campaign", "fund"
FIRST = {
    PLEDGE: "DFHJKMNPRWXY",  # about 17 million codes
    CAMPAIGN: "C",  # about 1,4 million, as for funds
    FUND: "T",  # a gift for no campaign
}
DIGITS = range(2, 6)

_VALUE = {character: value for value, character in enumerate(ALPHABET)}
_KIND = {letter: kind for kind, letters in FIRST.items() for letter in letters}
_GAP = r"[\s-]{0,3}"
_STRETCH = re.compile(rf"[{ALPHABET}](?:{_GAP}[{ALPHABET}]){{{LENGTH - 1},}}", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Found:
    """A code in a text: its kind, and the characters from `start` up to `end` in which it stands."""

    code: str
    kind: str
    start: int
    end: int


def kind_of(code: str) -> str | None:
    """PLEDGE, CAMPAIGN or FUND for a code whose check holds (in capitals); None for any other text."""
    return _KIND.get(code[0]) if is_sound(code) else None


def read_code(typed: str) -> str | None:
    """A code as a person types it, with spaces, hyphens or small letters; None when it is none."""
    code = tidy(typed)
    return code if kind_of(code) else None


def tidy(typed: str) -> str:
    """What was typed in capitals, without spaces and hyphens."""
    return re.sub(r"[\s-]", "", typed).upper()


def _checks(code: str) -> bool:
    values = [_VALUE[character] for character in code if character in _VALUE]
    total, weighted = _sums(values)
    return len(values) == LENGTH and total % 19 == 0 and weighted % 19 == 0


def _sums(values: list[int]) -> tuple[int, int]:
    """The sum, and the sum weighted by place (1, 2, …)."""
    return sum(values), sum(place * value for place, value in enumerate(values, 1))


def _digits(code: str) -> int:
    return sum(character.isdigit() for character in code)


def make_code(kind: str, seed: str, *, is_taken: Callable[[str], bool] = lambda code: False) -> str:
    """The code of a seed: always the same one for the same seed, unless it is taken (then the seed's next)."""
    return make_beginning(FIRST[kind], f"{kind} {seed}", is_taken=is_taken)


def make_beginning(firsts: str, seed: str, *, is_taken: Callable[[str], bool]) -> str:
    """A code whose first character is one of `firsts`; the same one for the same seed, unless it is taken."""
    for turn in count():
        code = _draw(firsts, f"{seed} {turn}")
        if is_sound(code) and not is_taken(code):
            return code
    raise AssertionError("unreachable")


def is_sound(code: str) -> bool:
    """Whether the check of a code (in capitals) holds, whatever it begins with."""
    return len(code) == LENGTH and _checks(code) and _digits(code) in DIGITS


def _draw(firsts: str, seed: str) -> str:
    """A first character of these, five characters of the seed's hash, two check characters."""
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest())
    number, first = divmod(number, len(firsts))
    values = [_VALUE[firsts[first]]]
    for _ in range(LENGTH - 3):
        number, value = divmod(number, len(ALPHABET))
        values.append(value)
    total, weighted = _sums(values)
    last = (7 * total - weighted) % 19
    values += [(-total - last) % 19, last]
    return "".join(ALPHABET[value] for value in values)


def find_codes(text: str, known: Container[str] | None = None) -> list[Found]:
    """The codes in a bank's text, in order, each once; with `known` only those that have been given out.

    Banks write capitals, glue codes to letters and digits, cut the end, and break a text once by a space or a
    line: a code is found whole, or in two parts. What is cut or has a wrong character is not found.
    """
    found: dict[str, Found] = {}
    for stretch in _STRETCH.finditer(text):
        for one in _windows(stretch[0].upper(), stretch.start()):
            if known is None or one.code in known:
                found.setdefault(one.code, one)
    return list(found.values())


def _windows(stretch: str, start: int) -> Iterator[Found]:
    """Every code in a stretch of characters of the alphabet and gaps."""
    places = [place for place, character in enumerate(stretch) if character in _VALUE]
    for first in range(len(places) - LENGTH + 1):
        window = places[first : first + LENGTH]
        if stretch[window[0]] not in _KIND or _gaps(window) > 1:
            continue
        code = "".join(stretch[place] for place in window)
        if (kind := kind_of(code)) is not None:
            yield Found(code, kind, start + window[0], start + window[-1] + 1)


def _gaps(window: list[int]) -> int:
    return sum(after - before > 1 for before, after in zip(window, window[1:], strict=False))


def sure_code(text: str, known: Container[str]) -> Found | None:
    """The one known code of a text, which may be acted on without asking; None for none and for several."""
    found = find_codes(text, known)
    return found[0] if len(found) == 1 else None
