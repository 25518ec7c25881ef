"""The three lists of what is open between statements and books: their columns, filters, sums."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Subquery, func

from portal.kit.filters import AmountFilter, DayFilter, FilterSpec, SelectFilter, TextFilter
from portal.kit.folded import has_words
from portal.kit.keyset import KeysetSpec
from portal.kit.listing import Col, ListSpec
from portal.ledger.models import BankAccount, Posting, Transfer
from portal.ledger.rules import DOCUMENTS
from portal.statements.classes import DIRECTIONS, KINDS
from portal.statements.models import StatementLine
from portal.statements.open_rows import AGES, aged, since_day

Accounts = Callable[[], Sequence[tuple[int, str]]]
RowUrl = Callable[[Any], str | None]
DIRECTION = Col("chieu", "Chiều tiền", lambda row: DIRECTIONS[row.direction].split(" (")[0], muted=True)


def _filters(day: Any, amount: Any, account_id: Any, accounts: Accounts, today: date) -> list[FilterSpec]:
    """What the three have in common."""
    return [
        SelectFilter("tk", "Tài khoản", lambda chosen: account_id == chosen, choices=accounts),
        SelectFilter("tuoi", "Đã chờ", lambda age: aged(day, age, today), choices=tuple(AGES.items())),
        DayFilter("tu", "Từ ngày", lambda value: since_day(day, value)),
        DayFilter("den", "Đến ngày", lambda value: day <= value),
        AmountFilter("tien", "Số tiền", lambda value: amount == value),
    ]


def suspense_list(accounts: Accounts, today: date, row_url: RowUrl) -> KeysetSpec:
    """Records of `open_rows.suspense_rows`."""
    line = StatementLine
    words = TextFilter("q", "Nội dung", lambda text: has_words(func.coalesce(line.text, ""), text))

    return KeysetSpec(
        noun="dòng",
        key=Transfer.posting_number,
        order=(Transfer.booked_on, Transfer.posting_number, Transfer.ordinal),
        title="Tiền chờ xác định",
        file_name="tien-cho-xac-dinh",
        nothing_yet="Không có khoản nào chờ xác định: khoản ghi có nào cũng đã biết là gì.",
        row_url=row_url,
        columns=[
            Col("ngay", "Ngày", "StatementLine.day", kind="day"),
            Col("tk", "Tài khoản", "account"),
            Col("nd", "Nội dung", "StatementLine.text", kind="link", primary=True),
            Col("ct", "Số chứng từ của ngân hàng", "StatementLine.reference", muted=True),
            Col("cho", "Đã chờ", lambda row: _waited(row.StatementLine.day, today), muted=True),
            Col("tien", "Số tiền (đ)", "amount", kind="amount", total=Transfer.amount),
        ],
        filters=[
            words,
            *_filters(line.day, Transfer.amount, line.bank_account_id, accounts, today),
        ],
    )


def lines_list(rows: Subquery, accounts: Accounts, today: date, row_url: RowUrl) -> ListSpec:
    """Records: columns of `open_rows.transit_lines`, StatementLine, `account`."""
    words = TextFilter("q", "Nội dung", lambda text: has_words(func.coalesce(StatementLine.text, ""), text))
    return ListSpec(
        noun="dòng",
        key=rows.c.key,
        default_sort="ngay",
        title="Dòng sao kê chờ chứng từ",
        file_name="dong-cho-chung-tu",
        nothing_yet="Không có dòng sao kê nào chờ chứng từ.",
        row_url=row_url,
        columns=[
            Col("ngay", "Ngày", "day", kind="day", sort=rows.c.day),
            Col("tk", "Tài khoản", "account", sort=BankAccount.code),
            Col("nd", "Nội dung", "StatementLine.text", kind="link", primary=True),
            DIRECTION,
            Col("la", "Lúc ghi sổ là", lambda row: KINDS.get(row.StatementLine.kind), muted=True),
            Col("cho", "Đã chờ", lambda row: _waited(row.day, today), muted=True),
            Col("so", "Số tiền (đ)", "amount", kind="amount", sort=rows.c.amount),
            Col(
                "con", "Còn chờ (đ)", "left", kind="amount", sort=rows.c.left, total=rows.c.left, primary=True
            ),
        ],
        filters=[
            words,
            _direction(rows),
            *_filters(rows.c.day, rows.c.amount, rows.c.bank_account_id, accounts, today),
        ],
    )


def papers_list(rows: Subquery, accounts: Accounts, today: date) -> ListSpec:
    """Records: columns of `open_rows.transit_papers`, Posting, `account`. The view names and links the documents."""
    return ListSpec(
        noun="chứng từ",
        key=rows.c.key,
        default_sort="ngay",
        title="Chứng từ chưa có dòng sao kê",
        file_name="chung-tu-chua-co-dong",
        nothing_yet="Không có chứng từ ngân hàng nào thiếu dòng sao kê.",
        columns=[
            Col("ngay", "Ngày chứng từ", "day", kind="day", sort=rows.c.day),
            Col("tk", "Tài khoản", "account", sort=BankAccount.code),
            Col("ct", "Chứng từ", lambda row: _name_of(row.Posting), sort=rows.c.posting_number),
            Col(
                "nd", "Nội dung", lambda row: row.Posting.reason or DOCUMENTS[row.Posting.kind], primary=True
            ),
            DIRECTION,
            Col("cho", "Đã chờ", lambda row: _waited(row.day, today), muted=True),
            Col("so", "Số tiền (đ)", "amount", kind="amount", sort=rows.c.amount),
            Col(
                "con", "Còn chờ (đ)", "left", kind="amount", sort=rows.c.left, total=rows.c.left, primary=True
            ),
        ],
        filters=[
            SelectFilter("loai", "Loại", lambda kind: Posting.kind == kind, choices=tuple(DOCUMENTS.items())),
            _direction(rows),
            *_filters(rows.c.day, rows.c.amount, rows.c.bank_account_id, accounts, today),
        ],
    )


def _direction(rows: Subquery) -> SelectFilter:
    return SelectFilter(
        "huong", "Chiều tiền", lambda way: rows.c.direction == way, choices=tuple(DIRECTIONS.items())
    )


def _name_of(posting: Posting) -> str:
    return posting.paper_number or f"{DOCUMENTS[posting.kind]} số {posting.number}"


def _waited(day: date, today: date) -> str:
    return f"{max((today - day).days, 0)} ngày"
