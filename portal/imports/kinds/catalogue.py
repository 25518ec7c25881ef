"""Kinds that keep a catalogue up to date: a row per code, each brought up to its row, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from portal.imports.kind import Counts, Located
from portal.imports.outcome import Problems
from portal.kit.errors import Refused


def bring_each(
    located: Sequence[Located],
    problems: Problems,
    *,
    record: Callable[[Any], str],
    code_column: str,
    noun: str,
    column_of: Mapping[str, str],
) -> Counts:
    """`record(row)` says "new", "changed" or "same" and may refuse; the refusal goes to its column.

    A code that stands twice with different rows is a fault; case does not make a code another one.
    """
    seen: dict[str, Any] = {}
    tally = {"new": 0, "changed": 0, "same": 0}
    for number, row in located:
        if seen.setdefault(row.code.lower(), row) != row:
            sentence = f"{noun} “{row.code}” có hai dòng khác nhau. Giữ lại một dòng."
            problems.add(number, code_column, sentence)
            continue
        try:
            tally[record(row)] += 1
        except Refused as refused:
            problems.add(number, column_of.get(refused.field or "", refused.field), refused.text)
    return Counts(tally["new"], tally["changed"], tally["same"])
