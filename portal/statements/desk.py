"""What of the statements waits: for a person, and when a period is closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, func, select

from portal.kit.access import ACCOUNTANT
from portal.kit.days import format_day, today_in_vietnam
from portal.kit.db import db
from portal.kit.money import format_amount
from portal.ledger.closing import OpenItem, still_open
from portal.ledger.models import BankAccount
from portal.ledger.waiting import Waiting, ask, waits
from portal.ledger.work import TODAY, Work
from portal.people.models import User
from portal.statements import open_rows
from portal.statements.models import Statement

LATE = timedelta(days=7)
MOST_COUNTED = 10_000  # the start page is opened all day: more lines are not counted, only said to be more


@still_open
def unposted(unit_id: int, fund_id: int, through: date) -> Iterator[OpenItem]:
    """Files that were read but do not stand in the books yet."""
    rows = select(func.count()).select_from(Statement).join(Statement.bank_account)
    rows = rows.where(
        BankAccount.unit_id == unit_id,
        BankAccount.fund_id == fund_id,
        Statement.state == "staged",
        Statement.first_day <= through,
    )
    if count := db.session.scalar(rows) or 0:
        note = "Các dòng của sao kê thuộc kỳ này"
        yield OpenItem(count, "Sao kê chưa ghi sổ", note, "statements.index", blocking=True)


@still_open
def uncovered(unit_id: int, fund_id: int, through: date) -> Iterator[OpenItem]:
    """Accounts whose statements end before the last day."""
    last = func.max(Statement.last_day)
    posted = (Statement.bank_account_id == BankAccount.id) & (Statement.state == "posted")
    rows = select(BankAccount.code, last).outerjoin(Statement, posted)
    rows = rows.where(BankAccount.unit_id == unit_id, BankAccount.fund_id == fund_id)
    rows = rows.group_by(BankAccount.id, BankAccount.code).order_by(BankAccount.code)
    for code, day in db.session.execute(rows):
        if day is None or day < through:
            note = f"Sao kê mới tới ngày {format_day(day)}" if day else "Chưa nạp sao kê nào"
            yield OpenItem(1, f"Tài khoản {code} chưa đủ sao kê", note, "statements.upload")


def _late(name: str, endpoint: str) -> Any:
    """How lines that have waited for more than a week are worded."""

    def told(waiting: Waiting) -> Work:
        more = waiting.count > MOST_COUNTED
        note = f"{format_amount(waiting.amount)} đ, đã quá {LATE.days} ngày"
        if more:
            note = f"Hơn {format_amount(MOST_COUNTED)} dòng, hơn {note}"
        count = min(waiting.count, MOST_COUNTED)
        return Work(TODAY, count, name, note, "Chờ xử lý", "warn", "Đối chiếu", endpoint)

    return told


def _settles(user: User) -> bool:
    return any(grant.role == ACCOUNTANT for grant in user.grants)


@waits("statements.suspense", _late("Tiền chờ xác định", "statements.open_both"))
def late_suspense(user: User) -> Select[Any] | None:
    """Credits in suspense for more than a week, in the units where a person is accountant."""
    if not _settles(user):
        return None
    late = open_rows.in_suspense_since(user, ACCOUNTANT, today_in_vietnam() - LATE)
    rows = late.limit(MOST_COUNTED + 1).subquery()
    return ask(rows.c.posting_number, rows.c.amount).select_from(rows)


@waits("statements.transit", _late("Dòng sao kê chờ chứng từ", "statements.open_lines"))
def late_transit(user: User) -> Select[Any] | None:
    """Statement lines in transit for more than a week, in the units where a person is accountant."""
    if not _settles(user):
        return None
    rows = open_rows.transit_lines(user, ACCOUNTANT)
    return ask(rows.c.posting_number, rows.c.left).where(rows.c.day < today_in_vietnam() - LATE)
