"""Reading statements within a person's units, with their lines; what a new one meets in the books."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Select, case, exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.campaigns.models import Campaign
from portal.kit.db import db, is_sqlite
from portal.kit.errors import Refused
from portal.ledger.models import Account, BankAccount, DayTotal, Posting, Transfer
from portal.ledger.queries import account_balance, is_reversed
from portal.people.models import User
from portal.people.queries import readable_units, units_for
from portal.statements.models import Statement, StatementLine, StatementMapping, StatementPair
from portal.units.models import Unit
from portal.units.queries import subtree


@dataclass(frozen=True)
class Target:
    """Where a statement goes, in plain values, so that no transaction stays open while its file is read."""

    account_id: int
    account_code: str
    account_number: str
    unit_id: int
    fund_id: int
    campaign_id: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None

    def with_campaign(self, campaign: Campaign) -> Target:
        """The same account, its credits given to a campaign."""
        return replace(self, campaign_id=campaign.id, starts_on=campaign.starts_on, ends_on=campaign.ends_on)


def related_units(unit_id: int, other_id: int) -> bool:
    """Whether two units are the same or one lies below the other."""
    for upper, lower in ((unit_id, other_id), (other_id, unit_id)):
        if (
            db.session.scalar(select(Unit.id).where(Unit.id == lower, Unit.id.in_(subtree(upper))))
            is not None
        ):
            return True
    return False


def campaign_by(code: str) -> Campaign:
    """The campaign of a code. Raises Refused."""
    campaign = db.session.scalar(select(Campaign).where(Campaign.code == code))
    if campaign is None:
        raise Refused(f"Chưa có đợt vận động mang mã “{code}”. Lập đợt trước, hoặc sửa mã.", "campaign")
    return campaign


def statements_for(user: User) -> Select[tuple[Statement]]:
    """Statements of the accounts whose unit a person may read."""
    rows = select(Statement).join(Statement.bank_account).options(contains_eager(Statement.bank_account))
    return rows.where(BankAccount.unit_id.in_(readable_units(user)))


def statement_or_404(statement_id: int, *, for_user: User) -> Statement:
    """One statement, if the person may read its unit; otherwise 404."""
    wanted = statements_for(for_user).where(Statement.id == statement_id)
    return db.one_or_404(wanted.options(joinedload(Statement.campaign)))


def lines_of(statement: Statement) -> Select[tuple[StatementLine]]:
    """The lines that a statement has brought, also when it was undone since; nothing while it is staged."""
    posted = statement.state in ("posted", "undone")
    return select(StatementLine).where(StatementLine.statement_id == (statement.id if posted else None))


def pairs_of(statement: Statement) -> Select[tuple[StatementPair]]:
    """Rows of a statement that were lines of others already, joined to these lines; nothing while it is staged."""
    posted = statement.state in ("posted", "undone")
    rows = select(StatementPair).join(StatementPair.line)
    return rows.where(StatementPair.statement_id == (statement.id if posted else None))


def bank_accounts_for(user: User, *roles: str) -> list[BankAccount]:
    """The bank accounts of the units in which a person has one of these roles."""
    rows = select(BankAccount).where(BankAccount.unit_id.in_(units_for(user, *roles)))
    return list(db.session.scalars(rows.options(joinedload(BankAccount.unit)).order_by(BankAccount.code)))


def bank_account_of(code: str, *, for_user: User, role: str) -> BankAccount:
    """The bank account of a code in the units where the person has `role`; otherwise 404."""
    inside = BankAccount.unit_id.in_(units_for(for_user, role))
    return db.one_or_404(select(BankAccount).where(BankAccount.code == code, inside))


def account_label(code: str) -> str:
    """A bank account as people name it."""
    account = db.session.scalar(select(BankAccount).where(BankAccount.code == code))
    return f"{account.code}, {account.bank} {account.number}" if account else code


def names_of(user_ids: Sequence[int | None]) -> dict[int | None, str]:
    """Names of the people with these ids."""
    wanted = [user_id for user_id in user_ids if user_id is not None]
    if not wanted:
        return {}
    return dict(db.session.execute(select(User.id, User.name).where(User.id.in_(wanted))).all())


def campaigns_for(user: User, *roles: str) -> list[Campaign]:
    """The campaigns that gifts of a person's units may belong to: their units' own, and those above."""
    mine = units_for(user, *roles)
    line = select(Unit.id, Unit.parent_id).where(Unit.id.in_(mine)).cte("line", recursive=True)
    line = line.union(select(Unit.id, Unit.parent_id).where(Unit.id == line.c.parent_id))
    rows = select(Campaign).where(or_(Campaign.unit_id.in_(mine), Campaign.unit_id.in_(select(line.c.id))))
    return list(db.session.scalars(rows.order_by(Campaign.starts_on.desc(), Campaign.id)))


def staged_of(account_id: int) -> Statement | None:
    """The statement that is just being brought to an account, or None."""
    wanted = select(Statement).where(Statement.bank_account_id == account_id, Statement.state == "staged")
    return db.session.scalar(wanted.options(joinedload(Statement.job)))


def staged_by_job(job_id: int) -> list[int]:
    """Ids of the statements that a job has left staged."""
    return list(
        db.session.scalars(
            select(Statement.id).where(Statement.job_id == job_id, Statement.state == "staged")
        )
    )


def has_lines(account_id: int) -> bool:
    """Whether an account has any line yet."""
    return bool(db.session.scalar(select(exists().where(StatementLine.bank_account_id == account_id))))


def living_keys(account_id: int, keys: Sequence[bytes]) -> set[bytes]:
    """Those of the keys that lines of the account bear already."""
    connection = db.session.connection()
    if is_sqlite():
        places = ",".join("?" * len(keys))
        sql = f"SELECT key FROM statement_line WHERE bank_account_id = ? AND key IN ({places})"
        found = connection.exec_driver_sql(sql, (account_id, *keys))
    else:
        sql = "SELECT key FROM statement_line WHERE bank_account_id = %s AND key = ANY(%s)"
        found = connection.exec_driver_sql(sql, (account_id, list(keys)))
    return {bytes(row[0]) for row in found}


def has_standing(account: Account, *, apart_from: Sequence[int] = (), worth: int = 0) -> bool:
    """Whether any document that was not reversed moves an account, `apart_from` those, which leave it `worth` đồng."""
    if not db.session.scalar(select(exists().where(DayTotal.account_id == account.id))):
        return False
    if account_balance(account.id) != worth:
        return True
    for side in (Transfer.debit_id, Transfer.credit_id):
        rows = select(Posting.number).join(Transfer, Transfer.posting_number == Posting.number)
        rows = rows.where(side == account.id, Posting.kind != "reversal", ~is_reversed(Posting.number))
        if db.session.scalar(rows.where(Posting.number.not_in(apart_from)).limit(1)) is not None:
            return True
    return False


def opened_on(account: Account, day: date) -> int:
    """What opening balances that stand brought to an account on a day, đồng."""
    value = case((Transfer.debit_id == account.id, Transfer.amount), else_=-Transfer.amount)
    total = select(func.coalesce(func.sum(value), 0)).join(Posting, Posting.number == Transfer.posting_number)
    mine = (Transfer.debit_id == account.id) | (Transfer.credit_id == account.id)
    stands = (Posting.kind == "opening") & ~is_reversed(Posting.number)
    of_unit = Posting.unit_id == account.unit_id
    return int(db.session.scalar(total.where(stands, of_unit, mine, Transfer.booked_on == day)) or 0)


def mappings_of(account_id: int) -> dict[str, dict[str, int]]:
    """What people have said of the columns of an account's files: fingerprint of the header row → places."""
    rows = select(StatementMapping.fingerprint, StatementMapping.places)
    found = db.session.execute(rows.where(StatementMapping.bank_account_id == account_id))
    return {fingerprint: dict(places) for fingerprint, places in found}


def mappings_for(user: User) -> Select[tuple[StatementMapping]]:
    """The ways of reading columns of the accounts whose unit a person may read."""
    rows = select(StatementMapping).join(StatementMapping.bank_account)
    rows = rows.options(contains_eager(StatementMapping.bank_account))
    return rows.where(BankAccount.unit_id.in_(readable_units(user)))


def mapping_or_404(mapping_id: int, *, for_user: User) -> StatementMapping:
    """One way of reading columns, if the person may read its unit; otherwise 404."""
    return db.one_or_404(mappings_for(for_user).where(StatementMapping.id == mapping_id))


def twins_of(account_id: int, digest: str, first: date | None, last: date | None) -> list[Statement]:
    """Posted statements of an account that are the same file, or cover some of the same days."""
    touches = Statement.file_sha256 == digest
    if first is not None and last is not None:
        touches |= (Statement.first_day <= last) & (Statement.last_day >= first)
    rows = select(Statement).where(
        Statement.bank_account_id == account_id, Statement.state == "posted", touches
    )
    return list(
        db.session.scalars(
            rows.order_by((Statement.file_sha256 == digest).desc(), Statement.id.desc()).limit(5)
        )
    )
