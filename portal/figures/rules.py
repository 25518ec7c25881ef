"""How rows that overlap in time or in the tree of units are counted. Pure functions over plain values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeVar

Row = TypeVar("Row")


def without_overlap(rows: Iterable[Row], days: Callable[[Row], tuple[date, date]]) -> list[Row]:
    """The rows that count, in order of time: of overlapping ones the longest (of equal ones the latest)."""
    chosen: list[Row] = []

    def preference(row: Row) -> tuple[timedelta, date]:
        start, end = days(row)
        return end - start, end

    for row in sorted(rows, key=preference, reverse=True):
        start, end = days(row)
        if all(end < days(other)[0] or start > days(other)[1] for other in chosen):
            chosen.append(row)
    return sorted(chosen, key=days)


def topmost(units: Iterable[int], parents: Mapping[int, int | None]) -> set[int]:
    """The units of which no unit above is among them: a unit's own row wins over its children's."""
    given = set(units)
    return {unit for unit in given if not any(above in given for above in ancestors(unit, parents))}


def ancestors(unit: int, parents: Mapping[int, int | None]) -> Iterable[int]:
    """The units above, nearest first, as far as `parents` goes."""
    above = parents.get(unit)
    while above is not None:
        yield above
        above = parents.get(above)


def below(units: set[int], parents: Mapping[int, int | None]) -> set[int]:
    """Those of `parents` that lie under one of `units`."""
    return {unit for unit in parents if any(above in units for above in ancestors(unit, parents))}


def sum_all(values: Iterable[int | None]) -> int | None:
    """The sum, or None when there is nothing or a part is missing: a missing value is not zero."""
    known = list(values)
    return None if not known or None in known else sum(known)  # type: ignore[arg-type]


def sum_known(values: Iterable[Any]) -> Any:
    """The sum of what is given; None when nothing is."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def whole(value: Decimal | int | None) -> int | Decimal | None:
    """A measure without needless decimals: 208.000 → 208."""
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    return value.normalize() if isinstance(value, Decimal) else value
