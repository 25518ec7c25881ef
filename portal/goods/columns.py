"""A column of quantities: right-aligned on screen, a number in files where it is whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from portal.goods.rules import ONE, format_quantity
from portal.kit.columns import Cell, Col


@dataclass(frozen=True)
class QuantityCol(Col):
    """Its value is thousandths; in a file whole ones are numbers, "50,5" is a text (a sheet would round it)."""

    kind: str = "amount"

    def read(self, record: Any) -> Any:
        """What a file gets."""
        thousandths = super().read(record)
        if thousandths is None:
            return None
        thousandths = int(thousandths)
        return format_quantity(thousandths) if thousandths % ONE else thousandths // ONE

    def cell(self, record: Any, row_url: str | None = None) -> Cell:
        """What the page shows; missing is "—"."""
        thousandths = super().read(record)
        url = self.url(record) if self.url else None
        if thousandths is None:
            return Cell("—", "amount", url, muted=True)
        return Cell(format_quantity(int(thousandths)), "amount", url, self.muted)
