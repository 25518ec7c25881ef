"""Posts a staged statement: one document, a few set-based statements, one transaction, whatever its size."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from typing import NamedTuple

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Date,
    Insert,
    Integer,
    and_,
    bindparam,
    case,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.sql.elements import Grouping

from portal.donations.models import Donation
from portal.donations.posting import next_donation_ids
from portal.kit import audit
from portal.kit.db import db, is_sqlite
from portal.kit.errors import Refused
from portal.ledger.actions import account_for, account_ids, open_posting, post
from portal.ledger.models import Account, BankAccount, Posting, Transfer
from portal.ledger.queries import account_balance, closed_through
from portal.ledger.rules import AccountFields, Line
from portal.ledger.totals import Moved, add_moved
from portal.people.models import User
from portal.statements import queries
from portal.statements.classes import DONATION, IN, LineClass, contra, purpose_of
from portal.statements.models import Statement, StatementLine
from portal.statements.rules import opening_gap
from portal.statements.staging import Findings

A_DAY = timedelta(days=1)
PIECE = 5_000  # runs of gifts handed over at once
LINES_GONE = "Các dòng chờ ghi sổ không còn đủ như tệp đã đọc. Chưa có gì được ghi. Nhập lại tệp."


class _Places(NamedTuple):
    """Where lines are booked: the account of the bank, what each class faces, the first open day."""

    bank_id: int
    faced: dict[LineClass, int]
    first_open: date | None  # None = no period is closed


def post_statement(statement: Statement, findings: Findings, *, by: User | None) -> Posting | None:
    """Post the staged lines of a statement; call under the posting lock. Returns the document.

    Each line faces the account of what it was judged to be (statements.classes); lines of unknown amount post
    nothing. None when no line has an amount. Raises Refused (ended unit, future day, staged lines gone).
    """
    account = statement.bank_account
    bank = _account(account, "bank")
    _meet_the_books(statement, findings, bank, by=by)
    posting = None
    if findings.new_with_amount:
        assert findings.last_new_day is not None
        posting = open_posting(
            "statement", unit=account.unit, fund=account.fund, document_on=findings.last_new_day, by=by
        )
        closed = closed_through(account.unit_id, account.fund_id)
        places = _Places(bank.id, _faced(account, findings), closed + A_DAY if closed else None)
        if _transfer(statement, posting, places) != findings.new_with_amount:
            raise Refused(LINES_GONE)
        if len(findings.gift_runs):
            _record_gifts(statement, posting, findings)
        add_moved(_moved(findings, places))
        statement.posting_number = posting.number
        statement.pledged_up_to = 0 if findings.classes.pledged else None
    statement.state = "posted"
    _note(statement, findings)
    db.session.flush()
    return posting


def _account(account: BankAccount, kind: str) -> Account:
    return account_for(**vars(_fields(account, kind)))


def _fields(
    account: BankAccount, kind: str, campaign_id: int | None = None, purpose: str = ""
) -> AccountFields:
    own = account.id if kind in ("bank", "transit") else None
    return AccountFields(account.unit_id, account.fund_id, kind, campaign_id, purpose, own)


def _meet_the_books(statement: Statement, findings: Findings, bank: Account, *, by: User | None) -> None:
    """The first statement brings the account its opening balance; a later one is compared with the books."""
    if statement.opening is None or findings.first_day is None:
        return
    if not queries.has_standing(bank):
        _post_opening(statement, bank, findings.first_day, by=by)
        return
    account, day = statement.bank_account, findings.first_new_day
    closed = closed_through(account.unit_id, account.fund_id)
    if day is None or (closed is not None and day <= closed):
        return  # nothing new, or lines of a closed period are booked later: balances by day tell nothing
    ours = account_balance(bank.id, day - A_DAY) + queries.opened_on(bank, day)
    gap = opening_gap(ours, statement.opening + findings.moved_before(day), day)
    if gap is not None:
        statement.reasons = [*(statement.reasons or []), gap]


def _post_opening(statement: Statement, bank: Account, day: date, *, by: User | None) -> None:
    if not statement.opening:
        return
    account = statement.bank_account
    source = _account(account, "opening")
    credit, debit = (source, bank) if statement.opening > 0 else (bank, source)
    opening = post(
        "opening",
        unit=account.unit,
        fund=account.fund,
        document_on=day,
        by=by,
        lines=[Line(credit, debit, abs(statement.opening))],
        reason="Số dư đầu kỳ in trên sao kê đầu tiên của tài khoản.",
    )
    statement.opening_number = opening.number


def _faced(account: BankAccount, findings: Findings) -> dict[LineClass, int]:
    """The account that lines face, by what they are, the class with the most lines first; there are few."""
    fields = {}
    for judged in findings.classes.most_first():
        purpose, campaign_id = purpose_of(judged.kind, judged.campaign_id)
        fields[judged] = _fields(account, contra(judged.kind, judged.direction), campaign_id, purpose)
    ids = account_ids(fields.values())
    return {judged: ids[mine] for judged, mine in fields.items()}


def _transfer(statement: Statement, posting: Posting, places: _Places) -> int:
    """One transfer per line with an amount; the line's ordinal is the transfer's. Returns how many were written."""
    line = StatementLine
    comes_in = line.credit.is_not(None)
    other = case(*((_is(judged), account_id) for judged, account_id in places.faced.items()))
    rows = select(
        literal(posting.number),
        line.ordinal,
        case((comes_in, other), else_=places.bank_id),
        case((comes_in, places.bank_id), else_=other),
        _open_day(places.first_open),
        func.coalesce(line.credit, line.debit),
    ).where(line.statement_id == statement.id, comes_in | line.debit.is_not(None))
    names = ["posting_number", "ordinal", "credit_id", "debit_id", "booked_on", "amount"]
    writing = Transfer.__table__.insert().from_select(names, rows)
    done = db.session.connection().execute(writing, execution_options={"preserve_rowcount": True})
    return done.rowcount


def _is(judged: LineClass) -> ColumnElement[bool]:
    """Whether a line was judged so; only gifts tell campaigns apart."""
    line = StatementLine
    way = line.credit if judged.direction == IN else line.debit
    mine = and_(line.kind == judged.kind, way.is_not(None))
    if judged.kind == DONATION:
        mine = and_(mine, line.campaign_id.is_not_distinct_from(judged.campaign_id))
    return mine


def _open_day(first_open: date | None):  # type: ignore[no-untyped-def]
    """The bank's day of a line, or the first open day when that one is closed."""
    if first_open is None:
        return StatementLine.day
    least = literal(first_open, type_=Date)
    return case((StatementLine.day < least, least), else_=StatementLine.day)


def _moved(findings: Findings, places: _Places) -> Iterator[Moved]:
    """What `_transfer` has written, as it was added up while the file was read."""
    for (judged, day), (_, amount) in findings.classes.by_day.items():
        booked_on = max(day, places.first_open or day)
        other, bank = places.faced[judged], places.bank_id
        credit, debit = (other, bank) if judged.direction == IN else (bank, other)
        yield Moved(credit, debit, booked_on, amount)


def _record_gifts(statement: Statement, posting: Posting, findings: Findings) -> None:
    """One gift per donation, numbered day by day in the order of the lines; the giver is not guessed.

    Within a run of gifts that follow each other, id − ordinal is the same: no window function has to sort the
    lines while everybody waits (measured: half the time of ROW_NUMBER).
    """
    wanted = {day: count for day, (count, _) in findings.classes.gifts().items()}
    runs = findings.gift_runs.numbered(next_donation_ids(wanted))
    gifts = _gifts_of_runs(statement, posting)
    while piece := list(islice(runs, PIECE)):
        if is_sqlite():
            db.session.execute(gifts, [run._asdict() for run in piece])
        else:  # one statement for all of them: its triggers are asked once
            firsts, shifts = [run.first for run in piece], [run.shift for run in piece]
            bounds = {"first": piece[0].first, "last": piece[-1].last}
            db.session.execute(gifts, {**bounds, "firsts": firsts, "shifts": shifts})


def _gifts_of_runs(statement: Statement, posting: Posting) -> Insert:
    """The gifts of the lines between two ordinals; PostgreSQL finds the run of a line by halving among the first ones."""
    line = StatementLine
    if is_sqlite():
        shift: ColumnElement[int] = bindparam("shift", type_=BigInteger)
    else:
        place = func.width_bucket(line.ordinal, bindparam("firsts", type_=ARRAY(Integer)))
        shift = Grouping(bindparam("shifts", type_=ARRAY(BigInteger)))[place]
    values = {
        "id": shift + line.ordinal,
        "posting_number": literal(posting.number),
        "ordinal": line.ordinal,
        "unit_id": literal(statement.bank_account.unit_id),
        "campaign_id": line.campaign_id,
        "donated_on": line.day,
        "form": literal("bank"),
        "amount": line.credit,
        "text": line.text,
    }
    mine = line.ordinal.between(bindparam("first"), bindparam("last")) & (line.kind == DONATION)
    rows = select(*values.values()).where(line.statement_id == statement.id, mine)
    return insert(Donation.__table__).from_select(list(values), rows, include_defaults=False)


def _note(statement: Statement, findings: Findings) -> None:
    """One audit entry for the whole batch."""
    gifts = findings.classes.gifts().values()
    audit.note(
        "import",
        "statement",
        entity_id=statement.id,
        unit_id=statement.bank_account.unit_id,
        file_sha256=statement.file_sha256,
        rows=statement.rows,
        new_rows=statement.new_rows,
        gifts=sum(count for count, _ in gifts),
        gifts_sum=sum(amount for _, amount in gifts),
        credit_sum=statement.credit_sum,
        debit_sum=statement.debit_sum,
        first_day=statement.first_day,
        last_day=statement.last_day,
        posting=statement.posting_number,
    )
