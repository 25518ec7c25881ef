"""What is still open when a period is closed. Each room says what of its own is unfinished; the books ask them all.

@still_open
def batches(unit_id, fund_id, through):
    yield OpenItem(...)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select

from portal.kit.days import format_day
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.money import format_amount
from portal.ledger.models import Account, BankAccount, DayTotal, Posting, ReversalRequest


@dataclass(frozen=True)
class OpenItem:
    """One thing to finish or at least to have seen. `endpoint` with `args` is where it is done.

    `blocking` things would belong to the closed period: they are finished (or taken away) before it closes.
    """

    count: int
    name: str
    note: str
    endpoint: str
    args: dict[str, Any] = field(default_factory=dict)
    blocking: bool = False


Asker = Callable[[int, int, date], Iterable[OpenItem]]
_askers: list[Asker] = []


def still_open(asker: Asker) -> Asker:
    """Mark a function (unit id, fund id, last day) → what of its room is open up to that day."""
    _askers.append(asker)
    return asker


def open_items(unit_id: int, fund_id: int, through: date) -> list[OpenItem]:
    """Everything open in a unit's fund up to and including `through`, what blocks first."""
    found = [item for asker in _askers for item in asker(unit_id, fund_id, through)]
    return sorted(found, key=lambda item: not item.blocking)


def check_nothing_blocks(unit_id: int, fund_id: int, through: date) -> None:
    """Raises Refused while something that belongs to the period is unfinished."""
    blocking = [item for item in open_items(unit_id, fund_id, through) if item.blocking]
    if blocking:
        names = "; ".join(f"{item.count} {item.name[:1].lower()}{item.name[1:]}" for item in blocking)
        raise Refused(
            f"Chưa khóa được sổ đến {format_day(through)}: còn {names}. Làm xong rồi khóa.", "through"
        )


@still_open
def reversal_requests(unit_id: int, fund_id: int, through: date) -> Iterator[OpenItem]:
    """Requests that nobody has answered: their reversal would fall into the next period."""
    waiting = select(func.count()).select_from(ReversalRequest).join(ReversalRequest.posting)
    waiting = waiting.where(
        ReversalRequest.approved.is_(None),
        Posting.unit_id == unit_id,
        Posting.fund_id == fund_id,
        Posting.booked_on <= through,
    )
    if count := db.session.scalar(waiting) or 0:
        note = "Khóa trước khi trả lời thì bút toán đảo tính vào kỳ sau."
        yield OpenItem(count, "Đề nghị đảo chưa trả lời", note, "ledger.reversals", {"tinh_trang": "cho"})


@still_open
def waiting_money(unit_id: int, fund_id: int, through: date) -> Iterator[OpenItem]:
    """Money whose statement line has not come, and money nobody has recognised."""
    value = func.sum(DayTotal.debit - DayTotal.credit)
    rows = (
        select(Account.kind, BankAccount.code, value)
        .join(DayTotal, DayTotal.account_id == Account.id)
        .outerjoin(BankAccount, BankAccount.id == Account.bank_account_id)
        .where(
            Account.unit_id == unit_id,
            Account.fund_id == fund_id,
            Account.kind.in_(("transit", "suspense")),
            DayTotal.day <= through,
        )
        .group_by(Account.kind, BankAccount.code)
        .having(value != 0)
        .order_by(Account.kind.desc(), BankAccount.code)
    )
    for kind, code, amount in db.session.execute(rows):
        if kind == "transit":
            note = f"{format_amount(int(amount))} đ ở tài khoản {code} chưa có dòng sao kê"
            yield OpenItem(1, "Tiền chờ khớp sao kê", note, "statements.open_papers")
        else:
            note = f"{format_amount(-int(amount))} đ chưa biết của ai, cho việc gì"
            yield OpenItem(1, "Tiền chờ xác định", note, "statements.open_both")
