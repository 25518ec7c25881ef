"""The stock card (thẻ kho) and the count (biên bản kiểm kê) as the values their templates print."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from portal.goods.card import Card, CardLine
from portal.goods.documents import PaperHead, paper_head
from portal.goods.models import Item, StockCount, Store
from portal.goods.rules import DOCUMENTS, format_quantity, lot_name
from portal.kit.days import EARLIEST, format_day, long_day
from portal.kit.vietnamese import capital_first

CARD_ROWS = 28  # printed lines of a stock card on a page
TEXT_WIDTH = 28  # letters of its text on one printed line


class CardRow(NamedTuple):
    """One line of a printed stock card."""

    number: int
    day: str
    came_paper: str
    went_paper: str
    text: str
    came: str
    went: str
    left: str


class CardPage(NamedTuple):
    """One page: what was carried to it, its lines, what it carries on."""

    carried: tuple[str, str, str]
    rows: list[CardRow]
    total: tuple[str, str, str]
    last: bool


@dataclass(frozen=True)
class CardPaper:
    """Thẻ kho, page by page."""

    head: PaperHead
    store: Store
    item: Item
    span: str
    opening: str
    pages: list[CardPage]


def card_paper(store: Store, item: Item, card: Card, first: date, last: date) -> CardPaper:
    """The stock card with a total that every page carries to the next."""
    pages, came, went, left, start = [], 0, 0, card.opening, 0
    rows = [_card_row(number, line) for number, line in enumerate(card.lines, start=1)]
    for end in _page_ends(rows):
        carried = (format_quantity(came), format_quantity(went), format_quantity(left))
        for line in card.lines[start:end]:
            came, went, left = came + max(line.moved, 0), went - min(line.moved, 0), line.left
        total = (format_quantity(came), format_quantity(went), format_quantity(left))
        pages.append(CardPage(carried, rows[start:end], total, end >= len(rows)))
        start = end
    since = "" if first == EARLIEST else f"từ ngày {format_day(first)} "
    return CardPaper(
        head=paper_head("stock_card", "Thẻ kho", store, last),
        store=store,
        item=item,
        span=capital_first(f"{since}đến ngày {format_day(last)}"),
        opening=format_quantity(card.opening),
        pages=pages,
    )


def _page_ends(rows: list[CardRow]) -> list[int]:
    """After how many rows each page ends, long texts taking several printed lines."""
    ends, used = [], 0
    for place, row in enumerate(rows):
        height = max(1, -(-len(row.text) // TEXT_WIDTH))
        if used and used + height > CARD_ROWS:
            ends.append(place)
            used = 0
        used += height
    return [*ends, len(rows)]


def _card_row(number: int, line: CardLine) -> CardRow:
    name = line.posting.paper_number or f"số {line.posting.number}"
    kind = (
        DOCUMENTS[line.document.what]
        if line.document
        else "Đảo bút toán"
        if line.posting.reverses
        else "Ủng hộ"
    )
    text = (line.document.partner if line.document else None) or kind
    came, went = line.moved > 0, line.moved < 0
    moved = format_quantity(abs(line.moved))
    return CardRow(
        number,
        format_day(line.day),
        name if came else "",
        name if went else "",
        text,
        moved if came else "",
        moved if went else "",
        format_quantity(line.left),
    )


class CountRow(NamedTuple):
    """One line of a printed count."""

    number: int
    name: str
    code: str
    measure: str
    in_books: str
    found: str
    more: str
    less: str
    reason: str


@dataclass(frozen=True)
class CountPaper:
    """Biên bản kiểm kê hàng hóa."""

    head: PaperHead
    store: Store
    day: str
    members: list[str]
    remark: str | None
    rows: list[CountRow]
    number: str
    answered: str


def count_paper(count: StockCount) -> CountPaper:
    """A count as it is signed."""
    rows = []
    for number, line in enumerate(count.lines, start=1):
        name = line.item.name + (f" (lô {lot_name(line.lot.code, line.lot.expires_on)})" if line.lot else "")
        change = line.found - line.in_books
        rows.append(
            CountRow(
                number,
                name,
                line.item.code,
                line.item.measure,
                format_quantity(line.in_books),
                format_quantity(line.found),
                format_quantity(change) if change > 0 else "",
                format_quantity(-change) if change < 0 else "",
                line.reason or "",
            )
        )
    answered = {None: "chờ duyệt", True: "đã duyệt", False: "không duyệt"}[count.approved]
    return CountPaper(
        head=paper_head("stock_count", "Biên bản kiểm kê hàng hóa", count.store, count.counted_on),
        store=count.store,
        day=long_day(count.counted_on),
        members=[
            name.strip() for name in (count.members or "").replace(";", "\n").split("\n") if name.strip()
        ],
        remark=count.remark,
        rows=rows,
        number=str(count.posting_number or ""),
        answered=answered,
    )
