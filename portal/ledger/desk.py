"""What the start page says of the books: balances by place, the turnover of a day, the newest documents.

Each is one statement whatever the number of gifts: they read running totals or the last few rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import Row, Select, and_, func, select
from sqlalchemy.orm import contains_eager

from portal.kit.db import db
from portal.kit.numbers import Entry
from portal.ledger.models import (
    Account,
    BankAccount,
    DayTotal,
    MonthTotal,
    Posting,
    ReversalRequest,
    Transfer,
)
from portal.ledger.rules import CLAIMS, GOODS, GOODS_PLACES, MONEY_PLACES, ON_THE_WAY, UNTRACKED
from portal.people.models import User
from portal.people.queries import units_for


@dataclass(frozen=True)
class Balances:
    """What units have, đồng: places of money by name, claims on it, goods, money without known account."""

    places: list[tuple[str, int]]
    suspense: int
    held: int
    total: int
    goods: int
    untracked: int


@dataclass(frozen=True)
class Day:
    """What units received and spent on a day, đồng. Goods stand apart."""

    received: dict[str, int]
    spent: int
    goods_spent: int

    @property
    def money_received(self) -> int:
        """Without goods."""
        return sum(amount for form, amount in self.received.items() if form != GOODS)


def balances(unit_ids: Select[tuple[int]]) -> Balances:
    """Balances of the accounts of these units, from the monthly totals."""
    value = func.sum(MonthTotal.debit - MonthTotal.credit)
    kinds = (*MONEY_PLACES, *GOODS_PLACES, UNTRACKED, *CLAIMS)
    rows = db.session.execute(
        select(Account.kind, BankAccount.bank, BankAccount.number, value)
        .join(MonthTotal, MonthTotal.account_id == Account.id)
        .outerjoin(BankAccount, BankAccount.id == Account.bank_account_id)
        .where(Account.unit_id.in_(unit_ids), Account.kind.in_(kinds))
        .group_by(Account.kind, BankAccount.bank, BankAccount.number)
        .order_by(BankAccount.bank, BankAccount.number)
    ).all()
    by_kind: dict[str, int] = {}
    for kind, _bank, _number, amount in rows:
        by_kind[kind] = by_kind.get(kind, 0) + int(amount)
    places = [("Tiền mặt tại quỹ", by_kind.get("cash", 0))]
    places += [
        (f"{bank} …{number[-4:]}", int(amount)) for kind, bank, number, amount in rows if kind == "bank"
    ]
    for kind, name in (
        ("transit", "Chờ khớp sao kê"),
        ("papers", "Giấy tờ có giá"),
        ("advance", "Tạm ứng"),
        (ON_THE_WAY, "Đang chuyển đến đơn vị khác"),
    ):
        if by_kind.get(kind):
            places.append((name, by_kind[kind]))
    suspense, held = -by_kind.get("suspense", 0), -by_kind.get("held", 0)
    total = sum(by_kind.get(kind, 0) for kind in MONEY_PLACES) - suspense - held
    return Balances(places, suspense, held, total, by_kind.get("store", 0), by_kind.get(UNTRACKED, 0))


def day_turnover(unit_ids: Select[tuple[int]], day: date) -> Day:
    """What these units received and spent on a day, reversals taken off."""
    value = func.sum(DayTotal.credit - DayTotal.debit)
    rows = db.session.execute(
        select(Account.kind, Account.purpose, value)
        .join(DayTotal, DayTotal.account_id == Account.id)
        .where(Account.unit_id.in_(unit_ids), Account.kind.in_(("received", "spent")), DayTotal.day == day)
        .group_by(Account.kind, Account.purpose)
    )
    received: dict[str, int] = {}
    spent = {False: 0, True: 0}
    for kind, purpose, amount in rows:
        if kind == "received":
            received[purpose] = int(amount)
        else:
            spent[purpose == GOODS] -= int(amount)
    return Day(received, spent[False], spent[True])


class Turnover(NamedTuple):
    """A period of a unit's fund, đồng: opening + what came − what went = closing; goods stand apart."""

    opening: int
    moves: list[tuple[str, int]]  # (name, signed đồng) of what moved the balance
    closing: int
    goods: int


MOVES = {
    "received": "Đã nhận",
    "refunded": "Hoàn trả người ủng hộ",
    "other": "Thu, chi khác",
    "moved": "Phân bổ giữa các đơn vị",
    "spent": "Đã chi",
    "opening": "Số dư đưa vào sổ",
}


def period_turnover(unit_id: int, fund_id: int, start: date | None, end: date) -> Turnover:
    """What the money of one unit's fund did from `start` (None = the beginning) to `end`: one statement."""
    before = DayTotal.day < (start or date.min)
    value = func.sum(DayTotal.credit - DayTotal.debit)
    rows = db.session.execute(
        select(before.label("before"), Account.kind, (Account.purpose == GOODS).label("of_goods"), value)
        .join(DayTotal, DayTotal.account_id == Account.id)
        .where(Account.unit_id == unit_id, Account.fund_id == fund_id, DayTotal.day <= end)
        .where(Account.kind.in_(MOVES))
        .group_by("before", Account.kind, "of_goods")
    ).all()
    moved: dict[str, int] = {}
    opening = goods = 0
    for earlier, kind, is_goods, amount in rows:
        if is_goods:
            goods += int(amount)
        elif earlier:
            opening += int(amount)
        else:
            moved[kind] = int(amount)
    moves = [(MOVES[kind], moved[kind]) for kind in MOVES if moved.get(kind)]
    return Turnover(opening, moves, opening + sum(moved.values()), goods)


def document_sum() -> Select[int]:
    """What the document of the present row moves, đồng, as a correlated select."""
    total = select(func.coalesce(func.sum(Transfer.amount), 0))
    return total.where(Transfer.posting_number == Posting.number).correlate(Posting)


def newest_documents(unit_ids: Select[tuple[int]], limit: int = 8) -> Sequence[Row[Posting, int]]:
    """(document, sum in đồng) of the last recorded documents of these units, newest first."""
    newest = select(Posting.number).where(Posting.unit_id.in_(unit_ids))
    newest = newest.order_by(Posting.number.desc()).limit(limit)
    rows = select(Posting, document_sum().scalar_subquery()).join(Entry, Entry.number == Posting.number)
    rows = rows.where(Posting.number.in_(newest.subquery().select())).options(contains_eager(Posting.entry))
    return db.session.execute(rows.order_by(Posting.number.desc())).all()


def waiting_requests(user: User, *roles: str) -> Sequence[Row[ReversalRequest, Posting, int]]:
    """(request, document, sum in đồng) that wait for this person: where they decide, asked by others."""
    mine = Posting.unit_id.in_(units_for(user, *roles))
    rows = select(ReversalRequest, Posting, document_sum().scalar_subquery()).join(ReversalRequest.posting)
    rows = rows.join(Entry, Entry.number == Posting.number).options(contains_eager(Posting.entry))
    asked = and_(ReversalRequest.approved.is_(None), ReversalRequest.requested_by_id != user.id)
    return db.session.execute(rows.where(mine, asked).order_by(ReversalRequest.id)).all()
