"""A text in pieces, of which some are marked because they are what somebody looks for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from portal.kit.vietnamese import fold

_WORD = re.compile(r"[^\W_]+")
Place = tuple[int, int, str]  # where a word begins and ends, and the word folded


def places_of(text: str) -> list[Place]:
    """The words of a text with their places."""
    return [(match.start(), match.end(), fold(match[0])) for match in _WORD.finditer(text)]


def pieces(text: str, places: Sequence[Place], hit: Sequence[bool]) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it is marked; neighbouring hits and what lies between them are one."""
    found: list[tuple[str, bool]] = []
    done, index = 0, 0
    while index < len(places):
        if not hit[index]:
            index += 1
            continue
        last = index
        while last + 1 < len(places) and hit[last + 1]:
            last += 1
        if places[index][0] > done:
            found.append((text[done : places[index][0]], False))
        found.append((text[places[index][0] : places[last][1]], True))
        done, index = places[last][1], last + 1
    if done < len(text):
        found.append((text[done:], False))
    return found
