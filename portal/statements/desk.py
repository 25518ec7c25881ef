"""What of the statements waits: for a person, and when a period is closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, func, select

from portal.donations.models import Donation
from portal.kit.access import ACCOUNTANT, APPROVER
from portal.kit.days import format_day, today_in_vietnam
from portal.kit.db import db
from portal.kit.money import format_amount
from portal.ledger.closing import OpenItem, still_open
from portal.ledger.models import BankAccount
from portal.ledger.waiting import Waiting, ask, waits
from portal.ledger.work import TODAY, Work
from portal.people.models import User
from portal.people.queries import units_for
from portal.statements import open_rows
from portal.statements.models import Statement, StatementUndo
from portal.statements.models_settling import LineCorrection

ASKED = {"tinh_trang": "cho"}

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


@waits(
    "statements.corrections",
    lambda waiting: Work(
        TODAY,
        waiting.count,
        "Đề nghị rút khoản của sao kê chờ duyệt",
        f"{format_amount(waiting.amount)} đ",
        "Chờ duyệt",
        "warn",
        "Xem và trả lời",
        "statements.correction",
        {"request_id": waiting.first},
    ),
)
def corrections_to_decide(user: User) -> Select[Any]:
    """Requests of others to take a gift back that this person may answer."""
    rows = ask(LineCorrection.id, Donation.amount).join(LineCorrection.donation)
    mine = Donation.unit_id.in_(units_for(user, APPROVER))
    return rows.where(mine, LineCorrection.approved.is_(None), LineCorrection.requested_by_id != user.id)


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


@still_open
def undo_requests(unit_id: int, fund_id: int, through: date) -> Iterator[OpenItem]:
    """Requests to undo a statement that nobody has answered."""
    rows = select(func.count()).select_from(StatementUndo).join(StatementUndo.statement)
    rows = rows.join(Statement.bank_account).where(
        BankAccount.unit_id == unit_id,
        BankAccount.fund_id == fund_id,
        StatementUndo.approved.is_(None),
        Statement.first_day <= through,
    )
    if count := db.session.scalar(rows) or 0:
        note = "Khóa trước khi trả lời thì bút toán đảo tính vào kỳ sau."
        yield OpenItem(count, "Đề nghị hoàn lại sao kê chưa trả lời", note, "statements.undos", ASKED)


def _to_decide(waiting: Waiting) -> Work:
    only = waiting.count == 1
    where: dict[str, Any] = {"statement_id": waiting.first} if only else ASKED
    endpoint = "statements.undo" if only else "statements.undos"
    name, note = "Đề nghị hoàn lại sao kê chờ duyệt", waiting.name if only else ""
    return Work(TODAY, waiting.count, name, note, "Chờ duyệt", "warn", "Xem và trả lời", endpoint, where)


@waits("statements.undo", _to_decide)
def undos_to_decide(user: User) -> Select[Any]:
    """Requests to undo statements, by others, that this person may answer."""
    rows = ask(StatementUndo.statement_id, name=Statement.file_name)
    rows = rows.join(StatementUndo.statement).join(Statement.bank_account)
    mine = BankAccount.unit_id.in_(units_for(user, APPROVER))
    return rows.where(mine, StatementUndo.approved.is_(None), StatementUndo.requested_by_id != user.id)


def _late(name: str, where: dict[str, str]) -> Any:
    """How lines that have waited for more than a week are worded."""

    def told(waiting: Waiting) -> Work:
        more = waiting.count > MOST_COUNTED
        note = f"{format_amount(waiting.amount)} đ, đã quá {LATE.days} ngày"
        if more:
            note = f"Hơn {format_amount(MOST_COUNTED)} dòng, hơn {note}"
        count = min(waiting.count, MOST_COUNTED)
        return Work(
            TODAY, count, name, note, "Chờ xử lý", "warn", "Đối chiếu", "statements.match_desk", where
        )

    return told


def _settles(user: User) -> bool:
    return any(grant.role == ACCOUNTANT for grant in user.grants)


@waits("statements.suspense", _late("Tiền chờ xác định", {"loai": "cho"}))
def late_suspense(user: User) -> Select[Any] | None:
    """Credits in suspense for more than a week, in the units where a person is accountant."""
    if not _settles(user):
        return None
    late = open_rows.in_suspense_since(user, ACCOUNTANT, today_in_vietnam() - LATE)
    rows = late.limit(MOST_COUNTED + 1).subquery()
    return ask(rows.c.posting_number, rows.c.amount).select_from(rows)


@waits("statements.transit", _late("Dòng sao kê chờ chứng từ", {}))
def late_transit(user: User) -> Select[Any] | None:
    """Statement lines in transit for more than a week, in the units where a person is accountant."""
    if not _settles(user):
        return None
    rows = open_rows.transit_lines(user, ACCOUNTANT)
    return ask(rows.c.posting_number, rows.c.left).where(rows.c.day < today_in_vietnam() - LATE)
