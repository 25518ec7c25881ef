"""Read a table from its file, before any transaction begins. Knows columns, not their meaning."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from portal.kit import tables
from portal.kit.errors import Refused
from portal.kit.tables import ColumnSpec, HeaderedRows

MAX_ROWS = 200_000


@dataclass(frozen=True)
class Loaded:
    """The rows of a file: (row number as spreadsheets show it, {column: value, None or ABSENT})."""

    filename: str
    sha256: str
    rows: list[tuple[int, dict]]
    table: HeaderedRows

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of ours that the file has."""
        return self.table.columns

    def address(self, row: int, column: str | None = None) -> str:
        """The place of a cell in words."""
        return self.table.address(row, column)


def load(source: str | Path | bytes, columns: Sequence[ColumnSpec], *, filename: str) -> Loaded:
    """Read the whole table. Raises Refused for a file that is no such table, or has no or too many rows."""
    content = source if isinstance(source, bytes) else Path(source).read_bytes()
    headed = tables.rows_with_headers(tables.read_table(source, filename=filename), columns)
    rows = []
    for row in headed:
        rows.append(row)
        if len(rows) > MAX_ROWS:
            raise Refused(f"Tệp “{filename}” có hơn 200.000 dòng. Hãy chia thành nhiều tệp rồi nạp từng tệp.")
    if not rows:
        raise Refused(
            f"Tệp “{filename}” chỉ có dòng tiêu đề, chưa có dòng dữ liệu nào. Ghi dữ liệu rồi nạp lại."
        )
    return Loaded(filename, hashlib.sha256(content).hexdigest(), rows, headed)
