"""A book → what its page, its file and its paper need: rows with words and what is left, sums, carried totals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO
from urllib.parse import urlencode

from portal.books import queries
from portal.books.asked import Asked
from portal.books.narration import Told, tell
from portal.books.queries import SHARED, Book, Row
from portal.books.rules import BANK, CASH, FORM_KEYS, SIDES, TITLES, Sums, running
from portal.campaigns.models import Campaign
from portal.donations.queries import foreign_balance
from portal.donations.story import foreign_text
from portal.kit import tables
from portal.kit.columns import Cell, Column
from portal.kit.columns import Row as Drawn
from portal.kit.days import format_day, long_day
from portal.kit.db import db
from portal.kit.listing import Listing
from portal.kit.money import DONG, format_amount
from portal.kit.vietnamese import capital_first
from portal.ledger.models import BankAccount
from portal.ledger.rules import SUPPLEMENTARY, is_supplementary
from portal.people.models import User
from portal.spending.models import SpendingPurpose
from portal.units.queries import paper_form, unit_texts

PAGE_SIZE = 50
UrlFor = Callable[..., str]


@dataclass(frozen=True)
class Opened:
    """One page of a book: what was before the period, its sums, and the rows as a list to draw."""

    title: str
    subtitle: str
    opening: int
    sums: Sums
    listing: Listing

    @property
    def closing(self) -> int:
        """What is left at the end of the period, đồng."""
        return self.opening + self.sums.net


def subtitle_of(book: Book) -> str:
    """Whose book it is: "Xã Tân Phú Hòa, Két của đơn vị"."""
    return ", ".join(part for part in (book.unit.name, book.fund.name, _what(book)) if part)


def _what(book: Book) -> str:
    if book.kind == CASH:
        holder = db.session.get(User, book.holder_id) if book.holder_id else None
        return (
            f"tiền mặt {holder.name} giữ"
            if holder
            else "két của đơn vị"
            if book.box
            else "mọi nơi giữ tiền mặt"
        )
    if book.kind == BANK and book.account is not None:
        return f"tài khoản {book.account.number} tại {book.account.bank}{_in_foreign_money(book.account)}"
    campaign = db.session.get(Campaign, book.campaign_id) if book.campaign_id not in (None, SHARED) else None
    purpose = db.session.get(SpendingPurpose, book.purpose) if book.purpose else None
    whose = f"đợt {campaign.name}" if campaign else "nguồn chung"
    return f"{whose}, chi {purpose.name[:1].lower()}{purpose.name[1:]}" if purpose else whose


def _in_foreign_money(account: BankAccount) -> str:
    """ ", giữ 1.250,50 USD" now; "" for an account in đồng."""
    if account.currency == DONG:
        return ""
    return f", hiện giữ {foreign_text(foreign_balance(account), account.currency)}"


def number_of(row: Row) -> str:
    """The paper's number, else the number in the books."""
    return row.paper_number or f"BT {row.number}"


def open_book(asked: Asked, path: str, url_for: UrlFor) -> Opened | None:
    """One page; None when there is no such book. Ten statements or so, whatever the number of rows."""
    book = asked.book
    if book is None:
        return None
    opening = queries.opening_of(book, asked.start)
    count, sums = queries.sums_of(book, asked.start, asked.end)
    pages = max(1, -(-count // PAGE_SIZE))
    page = min(asked.page, pages)
    offset = (page - 1) * PAGE_SIZE
    before = queries.sums_before(book, asked.start, asked.end, offset)
    rows = queries.rows_of(book, asked.start, asked.end, offset=offset, limit=PAGE_SIZE)
    head = "Số trang trước chuyển sang" if page > 1 else "Số dư đầu kỳ"
    drawn = [_carried(head, before, opening + before.net), *_drawn(rows, opening + before.net, url_for)]
    if page == pages:
        drawn.append(_carried("Số dư cuối kỳ", Sums(), opening + sums.net))
    return Opened(
        TITLES[book.kind],
        subtitle_of(book),
        opening,
        sums,
        _listing(asked, path, drawn, count, sums, page, pages),
    )


def _drawn(rows: list[Row], opening: int, url_for: UrlFor) -> list[Drawn]:
    left = running(opening, ((row.came_in, row.went_out) for row in rows))
    return [_line(row, told, rest, url_for) for row, told, rest in zip(rows, tell(rows), left, strict=True)]


def _line(row: Row, told: Told, left: int, url_for: UrlFor) -> Drawn:
    url = url_for(told.endpoint, **told.args) if told.endpoint else None
    late = row.kind != "statement" and is_supplementary(row.document_on, row.booked_on)
    text = (
        f"{told.text} ({SUPPLEMENTARY.lower()}, chứng từ ngày {format_day(row.document_on)})"
        if late
        else told.text
    )
    cells = [
        Cell(format_day(row.booked_on), "day"),
        Cell(number_of(row), "link", url=url),
        Cell(text),
        *_amounts(row.came_in, row.went_out, left),
    ]
    return Drawn(cells, f"{row.number}-{row.ordinal}", url)


def _amounts(came_in: int, went_out: int, left: int) -> list[Cell]:
    return [
        Cell(format_amount(came_in) if came_in else "", "amount"),
        Cell(format_amount(went_out) if went_out else "", "amount"),
        Cell(format_amount(left), "amount", muted=True),
    ]


def _carried(label: str, sums: Sums, left: int) -> Drawn:
    return Drawn([Cell("", "day"), Cell(""), Cell(label), *_amounts(*sums, left)], label)


def heads_of(book_kind: str) -> tuple[str, ...]:
    """Heads of the table on screen and in files; amounts in đồng."""
    return ("Ngày ghi sổ", "Số hiệu", "Diễn giải", *(f"{side} (đ)" for side in SIDES[book_kind]))


def _listing(
    asked: Asked, path: str, drawn: list[Drawn], count: int, sums: Sums, page: int, pages: int
) -> Listing:
    def url(**changes: str) -> str:
        args = {name: value for name, value in {**asked.args, **changes}.items() if value}
        return f"{path}?{urlencode(args)}" if args else path

    shapes = zip(
        ("ngay", "so", "dien_giai", "thu", "chi", "ton"),
        heads_of(asked.kind),
        ("day", "link", "text", "amount", "amount", "amount"),
        strict=True,
    )
    columns = [
        Column(
            key, label, kind, "right" if kind == "amount" else "left", key == "dien_giai", False, None, None
        )
        for key, label, kind in shapes
    ]
    return Listing(
        columns=columns,
        rows=drawn,
        filters=asked.filters,
        count=count,
        sums={"thu": sums.came_in, "chi": sums.went_out},
        noun="dòng",
        page_label=f"trang {page} trong {pages}",
        prev_url=url(trang=str(page - 1) if page > 2 else "") if page > 1 else None,
        next_url=url(trang=str(page + 1)) if page < pages else None,
        clear_url=path,
        export_xlsx_url=url(xuat="xlsx"),
        export_csv_url=url(xuat="csv"),
        action_url=path,
        hidden_args={},
        bulk_actions=[],
        is_empty_database=True,
        empty_text="Kỳ này chưa có dòng nào trong sổ. Số dư đầu kỳ bằng số dư cuối kỳ.",
    )


def table_rows(asked: Asked) -> Iterator[list[Any]]:
    """Every row of the period for a file: day, number, words, in, out, left; read in short pieces."""
    book = asked.book
    assert book is not None
    left = queries.opening_of(book, asked.start)
    yield [asked.start, None, "Số dư đầu kỳ", None, None, left]
    for piece in queries.every_row(book, asked.start, asked.end):
        for row, told in zip(piece, tell(piece), strict=True):
            left += row.came_in - row.went_out
            yield [row.booked_on, number_of(row), told.text, row.came_in or None, row.went_out or None, left]


def write_table(asked: Asked, ending: str, out: BinaryIO) -> None:
    """The period as XLSX or CSV."""
    assert asked.book is not None
    heads = heads_of(asked.kind)
    if ending == "csv":
        tables.write_csv(heads, table_rows(asked), out)
        return
    title = f"{TITLES[asked.kind]}, {subtitle_of(asked.book)}"
    tables.write_xlsx(
        heads, table_rows(asked), out, title=title, amount_columns=heads[3:], day_columns=heads[:1]
    )


def write_paper(asked: Asked, out: BinaryIO, *, sample: bool) -> None:
    """The period as a ruled book on paper, with carried totals and three signatures."""
    from portal.kit.carried import (  # reportlab is large: only when wanted
        Labels,
        Sheet,
        Signer,
        write_carried,
    )

    book = asked.book
    assert book is not None
    texts = unit_texts(book.unit, asked.end)
    form = paper_form(FORM_KEYS[book.kind], book.unit.id, asked.end)
    day = long_day(asked.end)
    sheet = Sheet(
        columns=_columns(book.kind),
        issuer=texts.issuing_lines,
        committee=texts.committee,
        title=(form.title if form else TITLES[book.kind]).upper(),
        subtitle=f"{subtitle_of(book)}; từ {format_day(asked.start)} đến {format_day(asked.end)}; đơn vị tính: đồng",
        place_date=f"{texts.place}, {day}" if texts.place else capital_first(day),
        signers=(
            Signer(
                "NGƯỜI GHI SỔ", "(Ký, họ tên)", texts.treasurer if book.kind == CASH else texts.accountant
            ),
            Signer("KẾ TOÁN", "(Ký, họ tên)", texts.accountant),
            Signer("THỦ TRƯỞNG ĐƠN VỊ", "(Ký, họ tên, đóng dấu)", texts.head or texts.signer_name),
        ),
        is_sample=sample,
        form=[line for line in (form.caption, form.basis) if line] if form and form.caption else [],
        opening=queries.opening_of(book, asked.start),
        labels=Labels(
            brought="Số trang trước chuyển sang",
            carried="Cộng chuyển trang sau",
            total="Cộng phát sinh trong kỳ",
            opening="Số dư đầu kỳ",
            closing="Số dư cuối kỳ",
        ),
    )
    write_carried(_paper_rows(asked, book), sheet, out)


def _columns(kind: str) -> list[Any]:
    from portal.kit.carried import MIDDLE, NUMBER, Column

    came_in, went_out, left = SIDES[kind]
    return [
        Column("Ngày ghi sổ", 8, MIDDLE),
        Column("Số hiệu chứng từ", 11, MIDDLE),
        Column("Ngày chứng từ", 8, MIDDLE),
        Column("Diễn giải", 35),
        Column(came_in, 11, NUMBER, summed=True),
        Column(went_out, 11, NUMBER, summed=True),
        Column(left, 11, NUMBER, running=True),
        Column("Ghi chú", 8),
    ]


def _paper_rows(asked: Asked, book: Book) -> Iterable[list[Any]]:
    left = queries.opening_of(book, asked.start)
    for piece in queries.every_row(book, asked.start, asked.end):
        for row, told in zip(piece, tell(piece), strict=True):
            left += row.came_in - row.went_out
            late = row.kind != "statement" and is_supplementary(row.document_on, row.booked_on)
            yield [
                format_day(row.booked_on),
                number_of(row),
                format_day(row.document_on),
                told.text,
                row.came_in or None,
                row.went_out or None,
                left,
                SUPPLEMENTARY.lower() if late else None,
            ]
