"""Rows without a number of their own: the n-th that says exactly the same is the n-th record, so a file adds nothing twice.

What an undone import has brought does not count any more: the same file may be brought again, under further turns.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import select

from portal.imports.models import ImportRun
from portal.kit.db import db

Look = Callable[[Sequence[str]], Mapping[str, bool]]  # marks → those in the books, with "was it undone"


class Occurrences(NamedTuple):
    """(place, mark) of the rows that are new; places of those that are known."""

    new: list[tuple[int, str]]
    known: list[int]


def identity(base: tuple, turn: int) -> str:
    """The n-th record of one base, as it is kept: SHA-256, so that nothing personal stands in it."""
    text = json.dumps([*base, turn], default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def sort_occurrences(groups: Mapping[tuple, Sequence[int]], look: Look) -> Occurrences:
    """Which rows are new; `groups`: places of the rows by what they say. A few statements per undone import."""
    found = Occurrences([], [])
    chains = [_Chain(base, places) for base, places in groups.items()]
    while chains:
        asked = [mark for chain in chains for mark in chain.next_marks()]
        known = look(asked)
        waiting = []
        for chain in chains:
            if chain.take(known):
                new, there = chain.result()
                found.new.extend(new)
                found.known.extend(there)
            else:
                waiting.append(chain)
        chains = waiting
    found.new.sort()
    return found


class _Chain:
    """The records of one base, turn by turn. Turns are given out without a gap."""

    def __init__(self, base: tuple, places: Sequence[int]):
        self._base, self._places = base, places
        self._turn = self._alive = 0
        self._free: list[str] = []
        self._asked: list[str] = []

    def next_marks(self) -> list[str]:
        """As many further turns as there are rows."""
        self._asked = [identity(self._base, self._turn + step) for step in range(len(self._places))]
        self._turn += len(self._places)
        return self._asked

    def take(self, known: Mapping[str, bool]) -> bool:
        """Hear which of them are in the books; True when that is enough to know about every row."""
        for mark in self._asked:
            if mark not in known:
                self._free.append(mark)
            elif not known[mark]:
                self._alive += 1
        return self._alive + len(self._free) >= len(self._places)

    def result(self) -> tuple[list[tuple[int, str]], list[int]]:
        """The first rows are the known ones, the rest are new."""
        there = min(self._alive, len(self._places))
        fresh = self._places[there:]
        return list(zip(fresh, self._free, strict=False)), list(self._places[:there])


class UndoneEntries:
    """Whether an entry number belongs to an import of one kind that was undone."""

    def __init__(self, kind: str):
        rows = select(ImportRun.first_entry, ImportRun.last_entry).where(
            ImportRun.kind == kind, ImportRun.undone_at.is_not(None), ImportRun.first_entry.is_not(None)
        )
        self._spans = [(first or 0, last or 0) for first, last in db.session.execute(rows)]

    def __contains__(self, number: int) -> bool:
        """Numbers lie in at most one span; there are few."""
        return any(first <= number <= last for first, last in self._spans)
