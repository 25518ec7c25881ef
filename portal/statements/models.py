"""Bank statements (sao kê): a file, the proof of its completeness, and its lines."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.campaigns.models import Campaign
from portal.jobs.models import Job
from portal.kit.audit import Audited
from portal.kit.db import BigKey, Moment, Money, Text, db, now
from portal.ledger.models import BankAccount, Posting
from portal.people.models_request import Request


class Statement(Audited, db.Model):
    """One imported file. `state`: staged → posted (→ undone), or cancelled / failed. Sums in đồng; None = unknown."""

    __tablename__ = "statement"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    bank_account_id: Mapped[int] = mapped_column(ForeignKey("bank_account.id"), index=True)
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"))
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    state: Mapped[str] = mapped_column(Text(12), default="staged")
    file_name: Mapped[str] = mapped_column(Text(255))
    file_sha256: Mapped[str] = mapped_column(Text(64))
    imported_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    imported_at: Mapped[datetime] = mapped_column(Moment, default=now)
    completeness: Mapped[str | None] = mapped_column(Text(12))  # proved, not_provable, broken
    reasons: Mapped[list[Any] | None] = mapped_column(JSON)
    override_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    override_reason: Mapped[str | None] = mapped_column(Text(1000))
    certificate: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # outcome.certificate_of
    opening: Mapped[int | None] = mapped_column(Money)
    closing: Mapped[int | None] = mapped_column(Money)
    rows: Mapped[int] = mapped_column(default=0)
    new_rows: Mapped[int] = mapped_column(default=0)
    paired_rows: Mapped[int] = mapped_column(
        default=0, server_default="0"
    )  # known in other words: StatementPair
    credit_count: Mapped[int] = mapped_column(default=0)
    credit_sum: Mapped[int] = mapped_column(Money, default=0)
    debit_count: Mapped[int] = mapped_column(default=0)
    debit_sum: Mapped[int] = mapped_column(Money, default=0)
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    posting_number: Mapped[int | None] = mapped_column(ForeignKey("ledger_posting.number"), index=True)
    pledged_up_to: Mapped[int | None]  # ordinal up to which codes of pledges were followed; None = all were
    opening_number: Mapped[int | None] = mapped_column(ForeignKey("ledger_posting.number"))  # that it brought

    bank_account: Mapped[BankAccount] = relationship()
    campaign: Mapped[Campaign | None] = relationship()
    job: Mapped[Job | None] = relationship()


class StatementLine(db.Model):
    """A line is (statement, ordinal). `key` names the n-th occurrence in its account; NULL once undone."""

    __tablename__ = "statement_line"

    statement_id: Mapped[int] = mapped_column(ForeignKey("statement.id"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date]
    reference: Mapped[str | None] = mapped_column(Text(100))
    credit: Mapped[int | None] = mapped_column(Money)  # money in
    debit: Mapped[int | None] = mapped_column(Money)  # money out; both None = an amount not printed
    balance: Mapped[int | None] = mapped_column(Money)
    text: Mapped[str] = mapped_column(Text(1000))
    counterparty: Mapped[str | None] = mapped_column(Text(200))  # where the bank has columns for it
    counterparty_account: Mapped[str | None] = mapped_column(Text(60))
    bank_account_id: Mapped[int] = mapped_column(ForeignKey("bank_account.id"))
    key: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    kind: Mapped[str | None] = mapped_column(Text(12))  # statements.classes, as it was posted
    # ids without foreign keys: a million lines are written at once, and what they lead to is checked in the books
    campaign_id: Mapped[int | None] = mapped_column(BigKey)  # of a donation; None = "chung"
    rule_id: Mapped[int | None] = mapped_column(BigKey)  # the rule that has decided
    pledge_id: Mapped[int | None] = mapped_column(BigKey)  # whose code the text bears

    statement: Mapped[Statement] = relationship()

    __table_args__ = (
        Index("uq_statement_line_key", "bank_account_id", "key", unique=True),
        Index("ix_statement_line_day", "bank_account_id", "day"),
        Index(
            "ix_statement_line_rule_id",
            "rule_id",
            sqlite_where=db.text("rule_id IS NOT NULL"),
            postgresql_where=db.text("rule_id IS NOT NULL"),
        ),
        {"sqlite_with_rowid": False},
    )


class StatementPair(db.Model):
    """A row of a statement that the account has already, in other words: (statement, ordinal) is the line `other`."""

    __tablename__ = "statement_pair"

    statement_id: Mapped[int] = mapped_column(ForeignKey("statement.id"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    other_id: Mapped[int] = mapped_column(BigKey)  # the statement that brought the line
    other_ordinal: Mapped[int]
    reference: Mapped[str | None] = mapped_column(Text(100))  # as this statement has them
    text: Mapped[str] = mapped_column(Text(1000))

    line: Mapped[StatementLine] = relationship()

    __table_args__ = (
        ForeignKeyConstraint(
            ["other_id", "other_ordinal"], ["statement_line.statement_id", "statement_line.ordinal"]
        ),
        Index("ix_statement_pair_other", "other_id", "other_ordinal"),
        {"sqlite_with_rowid": False},
    )


class StatementUndo(Request, Audited, db.Model):
    """Somebody asks to take a whole statement back; another person approves or refuses."""

    __tablename__ = "statement_undo"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("statement.id"), index=True)
    reason: Mapped[str] = mapped_column(Text(1000))
    reversal_number: Mapped[int | None] = mapped_column(ForeignKey("ledger_posting.number"), unique=True)
    opening_went: Mapped[bool] = mapped_column(default=False)  # the opening balance was taken back with it

    statement: Mapped[Statement] = relationship()
    reversal: Mapped[Posting | None] = relationship()


class StatementMapping(Audited, db.Model):
    """What a person has said of the columns of one account's files: `places` are role → place, from 0."""

    __tablename__ = "statement_mapping"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    bank_account_id: Mapped[int] = mapped_column(ForeignKey("bank_account.id"))
    fingerprint: Mapped[str] = mapped_column(Text(32))  # headers.fingerprint
    headings: Mapped[list[str]] = mapped_column(JSON)
    places: Mapped[dict[str, int]] = mapped_column(JSON)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)

    bank_account: Mapped[BankAccount] = relationship()

    __table_args__ = (UniqueConstraint("bank_account_id", "fingerprint"),)
