"""Kinds that keep a catalogue up to date: a row per code, each brought up to its row, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from portal.imports.kind import Counts, Located
from portal.imports.outcome import Problems
from portal.kit.db import db
from portal.kit.errors import Refused

CHUNK = 500  # codes in one IN list


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


def known_by_code(located: Sequence[Located], model: Any) -> set[int]:
    """Numbers of the rows whose code stands in the catalogue; case does not matter."""
    codes = sorted({item.row.code.lower() for item in located})
    found: set[str] = set()
    for start in range(0, len(codes), CHUNK):
        part = func.lower(model.code).in_(codes[start : start + CHUNK])
        found.update(code.lower() for code in db.session.scalars(select(model.code).where(part)))
    return {item.number for item in located if item.row.code.lower() in found}
