"""Reads which days of bank accounts their posted statements cover: a fixed number of SQL statements for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnExpressionArgument, Select, func, select
from sqlalchemy.orm import Session, contains_eager

from portal.kit.db import db
from portal.kit.money import DONG
from portal.ledger.models import Account, BankAccount, DayTotal
from portal.people.models import User
from portal.statements.coverage import MISSING, Run, counts, cover, overlaps, pieces
from portal.statements.coverage import missing as missing_runs
from portal.statements.models import Statement, StatementLine
from portal.units.models import Unit

POSTED = "posted"  # nothing else counts: not what is staged, turned down, stopped or undone

IN_DONG = BankAccount.currency == DONG  # statements of other currencies are not read
PUBLISHED = IN_DONG & BankAccount.published


@dataclass(frozen=True)
class Coverage:
    """One account and its days from `first` to `last` (None = nothing to cover in the time asked for)."""

    account: BankAccount
    first: date | None
    last: date | None
    runs: list[Run]
    began: date | None = None  # the first day that the account is known to have moved or been covered
    days: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """All days that should be covered."""
        return sum(self.days.values())

    @property
    def covered(self) -> int:
        """Days with a statement."""
        return self.total - self.days.get(MISSING, 0)

    @property
    def missing(self) -> list[Run]:
        """The days that no statement covers."""
        return missing_runs(self.runs)


@dataclass(frozen=True)
class Brought:
    """One posted statement as its account's page tells of it. Sums in đồng of the whole file; None = unknown."""

    id: int
    account_id: int
    sha256: str
    proof: str | None
    first: date | None
    last: date | None
    imported_at: datetime
    rows: int
    new_rows: int
    credit_count: int
    credit_sum: int
    debit_count: int
    debit_sum: int
    opening: int | None
    closing: int | None
    override_by: str | None
    override_reason: str | None
    shares: list[tuple[int, date, date]] = field(
        default_factory=list
    )  # other statements with some of its days
    same_file: list[int] = field(default_factory=list)  # other statements that are this very file


@dataclass(frozen=True)
class Totals:
    """What all posted statements of an account have brought; đồng."""

    statements: int
    rows: int
    credits: int
    debits: int
    opening: int | None
    closing: int | None
    first: date | None
    last: date | None


def coverages(
    chosen: ColumnExpressionArgument[bool], start: date, end: date, *, session: Session | None = None
) -> list[Coverage]:
    """The days from `start` to `end` of the accounts that `chosen` picks, by code; one SQL statement.

    An account's days begin when it first moved, or with the first day that a statement covers.
    """
    accounts: dict[int, tuple[BankAccount, date | None]] = {}
    said: dict[int, list[Run]] = {}
    for account, moved, *statement in (session or db.session).execute(_asked(chosen)):
        accounts[account.id] = (account, moved)
        first, last, proof, gaps, new_rows = statement
        if first is not None and last is not None:
            said.setdefault(account.id, []).extend(pieces(first, last, proof, gaps, adds=new_rows > 0))
    return [
        _coverage(account, moved, said.get(account.id, []), start, end)
        for account, moved in accounts.values()
    ]


def _asked(chosen: ColumnExpressionArgument[bool]) -> Select[Any]:
    moved = (
        select(Account.bank_account_id.label("account_id"), func.min(DayTotal.day).label("day"))
        .join(DayTotal, DayTotal.account_id == Account.id)
        .where(Account.bank_account_id.is_not(None))
        .group_by(Account.bank_account_id)
        .subquery()
    )
    posted = (Statement.bank_account_id == BankAccount.id) & (Statement.state == POSTED)
    return (
        select(
            BankAccount,
            moved.c.day,
            Statement.first_day,
            Statement.last_day,
            Statement.completeness,
            Statement.certificate["gaps"],
            Statement.new_rows,
        )
        .join(BankAccount.unit)
        .outerjoin(moved, moved.c.account_id == BankAccount.id)
        .outerjoin(Statement, posted)
        .where(chosen)
        .order_by(BankAccount.code, Statement.id)
        .options(contains_eager(BankAccount.unit).load_only(Unit.id, Unit.code, Unit.name))
    )


def _coverage(
    account: BankAccount, moved: date | None, said: Sequence[Run], start: date, end: date
) -> Coverage:
    known = [piece.first for piece in said] + ([moved] if moved else [])
    began = min(known, default=None)
    if began is None or max(began, start) > end:
        return Coverage(account, None, None, [], began, counts(()))
    first = max(began, start)
    runs = cover(said, first, end)
    return Coverage(account, first, end, runs, began, counts(runs))


def began(chosen: ColumnExpressionArgument[bool]) -> date | None:
    """The first day that any of the accounts has moved or been covered: where their calendar begins."""
    days = (
        select(func.min(Statement.first_day))
        .join(Statement.bank_account)
        .where(chosen, Statement.state == POSTED)
        .scalar_subquery(),
        select(func.min(DayTotal.day))
        .join(Account, Account.id == DayTotal.account_id)
        .join(BankAccount, BankAccount.id == Account.bank_account_id)
        .where(chosen)
        .scalar_subquery(),
    )
    return min((day for day in db.session.execute(select(*days)).one() if day), default=None)


def ids_of(chosen: ColumnExpressionArgument[bool]) -> set[int]:
    """The ids of accounts."""
    return set(db.session.scalars(select(BankAccount.id).where(chosen)))


def brought(account_ids: Iterable[int]) -> list[Brought]:
    """Every posted statement of these accounts, newest day first, with what it has in common with others."""
    rows = (
        select(Statement, User.name)
        .outerjoin(User, User.id == Statement.override_by_id)
        .where(Statement.bank_account_id.in_(list(account_ids)), Statement.state == POSTED)
        .order_by(Statement.last_day.desc(), Statement.id.desc())
    )
    found = [(row, name) for row, name in db.session.execute(rows)]
    shares = _shares([row for row, _ in found])
    same: dict[tuple[int, str], list[int]] = {}
    for row, _ in found:
        same.setdefault((row.bank_account_id, row.file_sha256), []).append(row.id)
    return [
        _brought(
            row,
            name,
            shares.get(row.id, []),
            [other for other in same[row.bank_account_id, row.file_sha256] if other != row.id],
        )
        for row, name in found
    ]


def _shares(rows: Sequence[Statement]) -> dict[int, list[tuple[int, date, date]]]:
    by_account: dict[int, list[tuple[int, date, date]]] = {}
    for row in rows:
        if row.first_day is not None and row.last_day is not None:
            by_account.setdefault(row.bank_account_id, []).append((row.id, row.first_day, row.last_day))
    return {one: others for spans in by_account.values() for one, others in overlaps(spans).items()}


def _brought(
    row: Statement, name: str | None, shares: list[tuple[int, date, date]], same: list[int]
) -> Brought:
    return Brought(
        row.id,
        row.bank_account_id,
        row.file_sha256,
        row.completeness,
        row.first_day,
        row.last_day,
        row.imported_at,
        row.rows,
        row.new_rows,
        row.credit_count,
        row.credit_sum,
        row.debit_count,
        row.debit_sum,
        row.opening,
        row.closing,
        name if row.override_reason else None,
        row.override_reason,
        [share for share in shares if share[0] not in same],
        same,
    )


def totals(statements: Sequence[Brought]) -> dict[int, Totals]:
    """What the statements have brought, by account. Lines that two files share count once."""
    partly = [one.id for one in statements if one.new_rows not in (0, one.rows)]
    sums = _new_sums(partly)
    found: dict[int, list[Brought]] = {}
    for one in statements:
        found.setdefault(one.account_id, []).append(one)
    return {account_id: _totals(mine, sums) for account_id, mine in found.items()}


def _new_sums(ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """(credits, debits) of the lines that statements have added; only of those that share lines with others."""
    if not ids:
        return {}
    line = StatementLine
    rows = select(line.statement_id, func.sum(line.credit), func.sum(line.debit))
    rows = rows.where(line.statement_id.in_(ids)).group_by(line.statement_id)
    return {one: (int(credit or 0), int(debit or 0)) for one, credit, debit in db.session.execute(rows)}


def _totals(mine: Sequence[Brought], sums: dict[int, tuple[int, int]]) -> Totals:
    added = [sums.get(one.id, (one.credit_sum, one.debit_sum) if one.new_rows else (0, 0)) for one in mine]
    dated = [one for one in mine if one.first is not None and one.last is not None]
    oldest = min(dated, key=lambda one: (one.first, one.id), default=None)
    newest = max(dated, key=lambda one: (one.last, one.id), default=None)
    return Totals(
        len(mine),
        sum(one.new_rows for one in mine),
        sum(credit for credit, _ in added),
        sum(debit for _, debit in added),
        oldest.opening if oldest else None,
        newest.closing if newest else None,
        oldest.first if oldest else None,
        newest.last if newest else None,
    )
