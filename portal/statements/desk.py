"""What of the statements waits when a period is closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy import func, select

from portal.kit.days import format_day
from portal.kit.db import db
from portal.ledger.closing import OpenItem, still_open
from portal.ledger.models import BankAccount
from portal.statements.models import Statement


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
