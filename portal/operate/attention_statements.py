"""What of bank accounts needs somebody: days without a statement, and accounts whose bank is not clear."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from portal.kit.days import EARLIEST, format_day, today_in_vietnam
from portal.kit.money import format_amount
from portal.ledger.banks import bank_named
from portal.ledger.models import Bank, BankAccount
from portal.statements.calendar import spans_told
from portal.statements.covering import IN_DONG, coverages


def uncovered(connection: Connection) -> Iterator[str]:
    """A sentence for each account with days, up to the end of last month, that no posted statement covers.

    The present month is left out: offices fetch its statement when it is over.
    """
    last = _end_of_last_month(today_in_vietnam())
    with Session(connection) as session:
        for cover in coverages(IN_DONG, EARLIEST, last, session=session):
            if gaps := cover.missing:
                days = format_amount(sum(gap.days for gap in gaps))
                yield (
                    f"Tài khoản {cover.account.code} ({cover.account.unit.name}) chưa có sao kê {days} ngày đến hết "
                    f"{format_day(last)}: {spans_told(gaps)}. Nạp sao kê của những ngày đó; xem ở Lịch sao kê."
                )


def _end_of_last_month(today: date) -> date:
    return today.replace(day=1) - timedelta(days=1)


def unclear_banks(connection: Connection) -> Iterator[str]:
    """A sentence for each account whose bank no name of the catalogue tells, or several do."""
    with Session(connection) as session:
        banks = list(session.scalars(select(Bank).where(~Bank.withdrawn)))
        for account in session.scalars(select(BankAccount).where(IN_DONG).order_by(BankAccount.code)):
            if bank_named(account.bank, banks) is None:
                yield (
                    f"Chưa rõ tài khoản {account.code} ở ngân hàng nào (ghi là “{account.bank}”), nên không vẽ được mã QR. "
                    "Sửa tên ngân hàng của tài khoản, hoặc thêm tên đó ở danh mục Ngân hàng."
                )
