"""One rule of the books as data."""

from __future__ import annotations

from typing import NamedTuple


class Check(NamedTuple):
    """`sql` finds wrong rows, in order; its columns fill `sentence` (those ending in _amount are đồng)."""

    title: str
    sql: str
    sentence: str
