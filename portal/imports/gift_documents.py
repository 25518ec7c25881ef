"""Rows that share a temporary code are one document: they must agree in all that belongs to the whole. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from portal.imports.gifts import OF_WHOLE
from portal.imports.kind import Located
from portal.imports.outcome import Problems
from portal.imports.sorting import Document

COLUMNS = {
    "day": "Ngày",
    "unit_id": "Mã đơn vị",
    "fund_id": "Mã đợt",
    "campaign_id": "Mã đợt",
    "donor_name": "Người ủng hộ",
    "donor_kind": "Loại",
    "address": "Địa chỉ",
    "shown_as": "Cách hiển thị",
    "paper_number": "Số phiếu",
}


def check(document: Document, located: Sequence[Located], problems: Problems) -> None:
    """Tell every cell of a later row that says something else than the first row of its document."""
    first = located[document.places[0]]
    for place, row in zip(document.places[1:], document.rows[1:], strict=True):
        for name in OF_WHOLE:
            if getattr(row, name) != getattr(document.first, name):
                text = (
                    f"Khác với dòng {first.number} cùng mã chứng từ “{row.document}”. "
                    "Ghi giống nhau ở mọi dòng của một chứng từ, hoặc đổi mã chứng từ."
                )
                problems.add(located[place].number, COLUMNS[name], text)
                break
