"""Danh sách ủng hộ as PDF, A4 landscape, with carried totals: the same paper for ten gifts and for a million."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from portal.kit.carried import MIDDLE, NUMBER, TEXT, Column, Sheet, Signer, write_carried
from portal.kit.days import format_day
from portal.receipts.donor_list import HEADS, ListRow

SHAPES = (
    (4, MIDDLE),
    (7.5, MIDDLE),
    (18, TEXT),
    (19.5, TEXT),
    (10.5, NUMBER),
    (10.5, NUMBER),
    (8.5, TEXT),
    (9.5, MIDDLE),
    (12, TEXT),
)
COLUMNS = [
    Column(head, share, kind, summed=kind == NUMBER)
    for head, (share, kind) in zip(HEADS, SHAPES, strict=True)
]


@dataclass(frozen=True)
class ListTexts:
    """What stands around the rows; missing names are "" and stay open for the pen."""

    issuer: tuple[str, ...]
    committee: str
    title: str
    place_date: str
    maker: str
    accountant: str
    signer: str
    is_sample: bool
    words: Callable[[int], str]


@dataclass(frozen=True)
class Sums:
    """Money and goods of the list, đồng."""

    money: int
    goods: int


def write_pdf(
    rows: Iterable[ListRow], texts: ListTexts, out: Path, *, told: Callable[[int], None] = lambda n: None
) -> Sums:
    """Draw the list; `told` hears the number of rows of every page. Returns what was added up."""
    return Sums(*write_carried(map(_cells, rows), _sheet(texts), out, told=told))


def _cells(row: ListRow) -> list[str | int | None]:
    number, _, *rest = row.cells()
    return [str(number), format_day(row.day), *rest]


def _sheet(texts: ListTexts) -> Sheet:
    def words(sums: list[int]) -> Iterator[str]:
        for label, amount in zip(("Số tiền bằng chữ", "Hiện vật quy đổi bằng chữ"), sums, strict=True):
            if amount:
                yield f"{label}: {texts.words(amount)}"

    return Sheet(
        columns=COLUMNS,
        issuer=texts.issuer,
        committee=texts.committee,
        title="DANH SÁCH ỦNG HỘ",
        subtitle=texts.title,
        place_date=texts.place_date,
        signers=(
            Signer("NGƯỜI LẬP", "(Ký, họ tên)", texts.maker),
            Signer("KẾ TOÁN", "(Ký, họ tên)", texts.accountant),
            Signer("TM. BAN VẬN ĐỘNG", "(Ký, họ tên, đóng dấu)", texts.signer),
        ),
        is_sample=texts.is_sample,
        words=words,
    )
