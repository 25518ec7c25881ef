"""What a spreadsheet puts on the clipboard, as rows of the grid. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from portal.batches.columns import DONOR, HEADINGS
from portal.batches.rules import MOST_LINES
from portal.kit import pasted
from portal.kit.pasted import Grid, Pasted, cells_of

__all__ = ["Pasted", "cells_of", "read_pasted"]

GRID = Grid(
    HEADINGS,
    DONOR,
    MOST_LINES,
    f"Bảng dán có {{count}} dòng, một đợt nhập có nhiều nhất {MOST_LINES} dòng. "
    "Chia thành nhiều đợt, hoặc dùng “Nhập bảng”.",
)


def read_pasted(text: str, keys: Sequence[str]) -> Pasted:
    """`kit.pasted.read_pasted` into the grid of a batch. Raises Refused."""
    return pasted.read_pasted(text, keys, GRID)
