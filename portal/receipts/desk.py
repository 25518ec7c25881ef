"""What of the receipts waits: prints that have not ended, paper books with missing stubs; also when a period is closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from portal.kit.access import ACCOUNTANT, RECORDER
from portal.kit.db import db
from portal.ledger.closing import OpenItem, still_open
from portal.ledger.waiting import Waiting, ask, waits
from portal.ledger.work import TODAY, WEEK, Work
from portal.people.models import User
from portal.people.queries import units_for
from portal.receipts.models import PrintRun, ReceiptBook
from portal.receipts.queries_books import missing

GAPS = "Quyển biên lai thiếu cuống"
MISSING = {"thieu": "thieu"}


def _unfinished(waiting: Waiting) -> Work:
    only = waiting.count == 1
    return Work(
        TODAY,
        waiting.count,
        "Đợt in chưa xong",
        waiting.name if only else "Báo tờ đã ra khỏi máy, hoặc in tiếp",
        "Đang in",
        "neutral",
        "In tiếp",
        "receipts.run" if only else "receipts.runs",
        {"run_id": waiting.first} if only else {},
    )


def _with_gaps(waiting: Waiting) -> Work:
    only = waiting.count == 1
    return Work(
        WEEK,
        waiting.count,
        GAPS,
        f"Ký hiệu {waiting.name}; ghi khoản, hoặc hủy cuống"
        if only
        else "Ghi khoản, hoặc hủy cuống kèm lý do",
        "Thiếu cuống",
        "warn",
        "Xem cuống",
        "receipts.book" if only else "receipts.books",
        {"book_id": waiting.first} if only else MISSING,
    )


@waits("receipts.run", _unfinished)
def unfinished(user: User) -> Select[Any]:
    """This person's prints that have not ended."""
    mine = (PrintRun.by_id == user.id) & PrintRun.finished_at.is_(None)
    return ask(PrintRun.id, name=PrintRun.title).where(mine)


@waits("receipts.book", _with_gaps)
def with_gaps(user: User) -> Select[Any]:
    """Paper books of this person's units in which stubs are missing."""
    mine = ReceiptBook.unit_id.in_(units_for(user, RECORDER, ACCOUNTANT))
    return ask(ReceiptBook.id, name=ReceiptBook.series).where(mine, missing() > 0)


@still_open
def gaps(unit_id: int, fund_id: int, through: date) -> Iterator[OpenItem]:
    """Paper books of the unit's fund with missing stubs: a gift recorded later falls into the next period."""
    rows = select(func.count(ReceiptBook.id)).where(
        ReceiptBook.unit_id == unit_id,
        ReceiptBook.fund_id == fund_id,
        ReceiptBook.issued_on <= through,
        missing() > 0,
    )
    if count := db.session.scalar(rows) or 0:
        note = "Khoản của cuống ghi sau khi khóa sẽ là ghi bổ sung của kỳ sau"
        yield OpenItem(count, GAPS, note, "receipts.books", MISSING)
