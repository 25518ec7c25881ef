"""Both ways open: statement lines without a gift or paper, and papers without a line; per account, with their age.

Reads only, within the units that a person may read. Sums in đồng.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Select,
    Subquery,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    select,
    union_all,
)

from portal.kit.db import db
from portal.kit.numbers import Entry
from portal.ledger.models import Account, BankAccount, MonthTotal, Posting, Transfer
from portal.people.models import User
from portal.people.queries import readable_units, units_for
from portal.statements import transit
from portal.statements.classes import IN, OUT
from portal.statements.models import StatementLine
from portal.units.models import Unit

AGES = {"7": "0–7 ngày", "30": "8–30 ngày", "90": "31–90 ngày", "hon": "Trên 90 ngày"}
UP_TO = {"7": 7, "30": 30, "90": 90}
SPREAD = 10**7  # transfers of one document at most: makes one number of (document, place)


def bounds_of(age: str, today: date) -> tuple[date | None, date | None]:
    """(first, last) day of those that are so old; None = open."""
    keys = list(AGES)
    place = keys.index(age)
    last = today - timedelta(UP_TO[keys[place - 1]] + 1) if place else None
    first = today - timedelta(UP_TO[age]) if age in UP_TO else None
    return first, last


def since_day(day: Any, first: date) -> ColumnElement[bool]:
    """Condition: not before a day; of a bank's line also by its booking, which is never earlier and has an index."""
    found: ColumnElement[bool] = day >= first
    return found & (Transfer.booked_on >= first) if day is StatementLine.day else found


def aged(day: Any, age: str, today: date) -> ColumnElement[bool]:
    """Condition: the day lies in an age of AGES."""
    first, last = bounds_of(age, today)
    conditions = [since_day(day, first)] if first else []
    return and_(*conditions, *([day <= last] if last else []))


def suspense_places(user: User) -> list[int]:
    """Ids of the accounts in which credits wait, of the units that a person may read."""
    return list(db.session.scalars(_suspense_in(readable_units(user)).order_by(Account.id)))


def _suspense_in(units: Select[Any]) -> Select[Any]:
    return (
        select(Account.id)
        .join(MonthTotal, MonthTotal.account_id == Account.id)
        .where(Account.kind == "suspense", Account.unit_id.in_(units))
        .group_by(Account.id)
        .having(func.sum(MonthTotal.credit - MonthTotal.debit) != 0)
    )


def in_places(places: Sequence[int]) -> ColumnElement[bool]:
    """Condition: a transfer came into one of these accounts. One alone is named, so that its index gives the order."""
    if len(places) == 1:
        return Transfer.credit_id == places[0]
    return Transfer.credit_id.in_(places) if places else false()


def suspense_rows(places: Sequence[int]) -> Select[Any]:
    """Credits that nobody has recognised: `transit.in_suspense` with the code of the account as `account`."""
    rows = transit.in_suspense().join(BankAccount, BankAccount.id == StatementLine.bank_account_id)
    return rows.where(in_places(places)).add_columns(BankAccount.code.label("account"))


def in_suspense_since(user: User, role: str, day: date) -> Select[Any]:
    """(posting_number, amount) of what came before a day and waits, in the units where a person has a role."""
    places = _suspense_in(units_for(user, role))
    rows = transit.in_suspense().where(Transfer.credit_id.in_(places), Transfer.booked_on < day)
    columns: list[Any] = [Transfer.posting_number, Transfer.amount]
    return rows.with_only_columns(*columns, maintain_column_froms=True)


def transit_lines(user: User, *roles: str) -> Subquery:
    """Lines that wait in transit, both directions: see `_sides`; with their place in the statement."""
    columns = (StatementLine.statement_id, StatementLine.ordinal.label("line_ordinal"))
    units = units_for(user, *roles) if roles else readable_units(user)
    return _sides(units, {OUT: transit.lines_in_transit(IN), IN: transit.lines_in_transit(OUT)}, *columns)


def transit_papers(user: User) -> Subquery:
    """Documents that wait for their line, both directions: see `_sides`."""
    return _sides(
        readable_units(user), {IN: transit.papers_in_transit(IN), OUT: transit.papers_in_transit(OUT)}
    )


def _sides(units: Select[Any], sides: dict[str, Select[Any]], *more: Any) -> Subquery:
    """Columns key, posting_number, ordinal, direction (of the money), day, amount, left, kind, bank_account_id, `more`."""
    parts = []
    for direction, rows in sides.items():
        day, left = rows.selected_columns["day"], rows.selected_columns["left"]
        number = cast(Transfer.posting_number, BigInteger) * SPREAD + Transfer.ordinal
        parts.append(
            rows.where(Account.unit_id.in_(units)).with_only_columns(
                number.label("key"),
                Transfer.posting_number,
                Transfer.ordinal,
                literal(direction).label("direction"),
                day.label("day"),
                Transfer.amount,
                left.label("left"),
                Posting.kind,
                Account.bank_account_id,
                *more,
                maintain_column_froms=True,
            )
        )
    return union_all(*parts).subquery()


def suspense_before(day: date) -> Select[Any]:
    """(account's code, đồng) of credits of before a day that nobody has recognised, of all units."""
    rows = transit.in_suspense().join(BankAccount, BankAccount.id == StatementLine.bank_account_id)
    rows = rows.where(StatementLine.day < day).group_by(BankAccount.code)
    columns: list[Any] = [BankAccount.code, func.sum(Transfer.amount)]
    return rows.with_only_columns(*columns, maintain_column_froms=True)


def transit_before(day: date) -> Select[Any]:
    """(account's code, đồng) of lines and papers of before a day that wait in transit, of all units."""
    everywhere, everything = select(Unit.id), {IN: transit.waiting(IN), OUT: transit.waiting(OUT)}
    found = _sides(everywhere, everything)
    columns: list[Any] = [BankAccount.code, func.sum(found.c.left)]
    rows = select(*columns).join(BankAccount, BankAccount.id == found.c.bank_account_id)
    return rows.where(found.c.day < day).group_by(BankAccount.code)


@dataclass(frozen=True)
class Ages:
    """What waits by age: (count, đồng) for each of AGES, of one account ("" = all)."""

    account: str
    by_age: dict[str, tuple[int, int]]

    @property
    def count(self) -> int:
        """All together."""
        return sum(count for count, _ in self.by_age.values())

    @property
    def amount(self) -> int:
        """All together, đồng."""
        return sum(amount for _, amount in self.by_age.values())


def ageing(rows: Select[Any], day: Any, amount: Any, account: Any, today: date) -> list[Ages]:
    """All that waits by age, then the accounts with the most money; one statement, no row when nothing waits."""
    whens = [
        (day >= literal(today - timedelta(days), type_=Date), literal(age)) for age, days in UP_TO.items()
    ]
    age = case(*whens, else_=literal("hon"))
    inner = rows.with_only_columns(
        account.label("account"), age.label("age"), amount.label("amount"), maintain_column_froms=True
    )
    inner_rows = inner.order_by(None).subquery()
    sums = select(inner_rows.c.account, inner_rows.c.age, func.count(), func.sum(inner_rows.c.amount))
    found: dict[str, dict[str, tuple[int, int]]] = {}
    for code, name, count, money in db.session.execute(sums.group_by(inner_rows.c.account, inner_rows.c.age)):
        found.setdefault(code, {})[name] = (count, int(money))
    if not found:
        return []
    accounts = sorted((Ages(code, by_age) for code, by_age in found.items()), key=lambda one: -one.amount)
    return [Ages("", {age: _added(accounts, age) for age in AGES}), *accounts]


def suspense_ages(places: Sequence[int], today: date) -> list[Ages]:
    """`ageing` of what came into these accounts, read anew only after the books have changed: there may be a million."""
    newest = select(Entry.number, Entry.recorded_at).order_by(Entry.number.desc()).limit(1)
    row = db.session.execute(newest).one_or_none()
    return list(_suspense_ages((row[0], row[1]), tuple(places), today)) if row and places else []


@lru_cache(maxsize=64)
def _suspense_ages(_books: tuple[int, datetime], places: tuple[int, ...], today: date) -> tuple[Ages, ...]:
    """`_books`: number and moment of the newest entry; everything that moves suspense has an entry."""
    rows = suspense_rows(places)
    return tuple(ageing(rows, StatementLine.day, Transfer.amount, BankAccount.code, today))


def _added(accounts: Sequence[Ages], age: str) -> tuple[int, int]:
    found = [one.by_age.get(age, (0, 0)) for one in accounts]
    return sum(count for count, _ in found), sum(amount for _, amount in found)
