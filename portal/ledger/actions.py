"""Writing the books. Every action flushes; the caller commits. Whatever a person may get wrong raises Refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import wraps
from typing import Any

from sqlalchemy import ColumnElement, Date, case, literal, select

from portal.kit import audit
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.numbers import next_entry, take_paper_number, take_posting_lock
from portal.ledger import queries
from portal.ledger.asking import take_answer
from portal.ledger.closing import check_nothing_blocks
from portal.ledger.models import Account, Closing, Fund, Posting, ReversalRequest, Transfer
from portal.ledger.rules import (
    ALONE,
    AccountFields,
    Line,
    booking_day,
    check_closing,
    check_lines,
    check_open,
)
from portal.ledger.totals import add_totals
from portal.people.models import User
from portal.people.rules import check_second_person
from portal.units.models import Unit
from portal.units.queries import ended_text

Follower = Callable[[Posting, Posting], None]
_followers: list[Follower] = []


def after_reversal(follower: Follower) -> Follower:
    """Mark a function of another room that answers a reversal in its transaction: (document, its reversal).

    It may raise Refused, which refuses the reversal.
    """
    _followers.append(follower)
    return follower


def after_reversal_of(*kinds: str) -> Callable[[Follower], Follower]:
    """The same for documents of these kinds (`rules.DOCUMENTS`) only: nobody is asked about what cannot be theirs."""

    def mark(follower: Follower) -> Follower:
        @wraps(follower)
        def asked(posting: Posting, mirror: Posting) -> None:
            if posting.kind in kinds:
                follower(posting, mirror)

        return after_reversal(asked)

    return mark


def account_for(**fields: Any) -> Account:
    """The account of these `rules.AccountFields`, made on first use (under the posting lock)."""
    wanted = AccountFields(**fields)
    found = db.session.scalar(select(Account).where(Account.key == wanted.key))
    if found is not None:
        return found
    take_posting_lock()
    found = db.session.scalar(select(Account).where(Account.key == wanted.key))
    if found is None:
        found = Account(
            key=wanted.key, **{name: getattr(wanted, name) for name in wanted.__dataclass_fields__}
        )
        db.session.add(found)
        db.session.flush()
    return found


def account_ids(wanted: Iterable[AccountFields]) -> dict[AccountFields, int]:
    """Ids of many accounts in few statements; those that are missing are made (under the posting lock)."""
    by_key = {fields.key: fields for fields in wanted}
    found: dict[AccountFields, int] = {}
    keys = sorted(by_key)
    for start in range(0, len(keys), 500):
        rows = select(Account.key, Account.id).where(Account.key.in_(keys[start : start + 500]))
        found |= {by_key[key]: account_id for key, account_id in db.session.execute(rows)}
    missing = [fields for fields in by_key.values() if fields not in found]
    if not missing:
        return found
    take_posting_lock()
    made = [Account(key=fields.key, **vars(fields)) for fields in missing]
    db.session.add_all(made)
    db.session.flush()
    return found | {fields: account.id for fields, account in zip(missing, made, strict=True)}


def open_posting(
    kind: str,
    *,
    unit: Unit,
    fund: Fund,
    document_on: date,
    by: User | None,
    series: str | None = None,
    reason: str | None = None,
    second: User | None = None,
    booked_on: date | None = None,
    reverses: int | None = None,
) -> Posting:
    """Take a number and write the document's head. The caller adds its transfers and calls `totals.add_totals`.

    `booked_on` None = the document's day, or the first open day when that period is closed. Raises Refused for a
    closed or future day and for a unit that has ended.
    """
    take_posting_lock()
    check_unit_alive(unit, document_on)
    closed = queries.closed_through(unit.id, fund.id)
    if booked_on is None:
        booked_on = booking_day(document_on, closed_through=closed, today=today_in_vietnam())
    check_open(booked_on, closed_through=closed)
    by_id, by_name = (by.id, by.name) if by else audit.actor()
    entry = next_entry(kind, by_id, by_name)
    posting = Posting(
        number=entry.number,
        kind=kind,
        unit_id=unit.id,
        fund_id=fund.id,
        document_on=document_on,
        booked_on=booked_on,
        by_id=by_id,
        second_id=second.id if second else None,
        second_name=second.name if second else None,
        reason=reason,
        reverses=reverses,
    )
    if series is not None:
        posting.series, posting.series_year = series, document_on.year
        posting.series_no = take_paper_number(unit_id=unit.id, fund_id=fund.id, kind=series, day=document_on)
    db.session.add(posting)
    db.session.flush()
    return posting


def post(
    kind: str, *, unit: Unit, fund: Fund, lines: list[Line], moves_stock: bool = False, **head: Any
) -> Posting:
    """Post one document: number, head (see `open_posting`), transfers and running totals in this transaction.

    A document about goods without a value has no lines; its caller says `moves_stock` and writes what it is about.
    """
    if lines or not moves_stock:
        check_lines(lines, unit_id=unit.id, fund_id=fund.id)
    posting = open_posting(kind, unit=unit, fund=fund, **head)
    for ordinal, line in enumerate(lines, start=1):
        db.session.add(
            Transfer(
                posting_number=posting.number,
                ordinal=ordinal,
                credit_id=line.credit.id,
                debit_id=line.debit.id,
                booked_on=posting.booked_on,
                amount=line.amount,
            )
        )
    db.session.flush()
    add_totals(posting.number)
    return posting


def check_unit_alive(unit: Unit, day: date) -> None:
    """A unit that has ended takes no new document after its last day (it can be read for ever). Raises Refused."""
    if unit.valid_to is not None and day > unit.valid_to:
        raise Refused(ended_text(unit))


def reverse(posting: Posting, *, reason: str, by: User, second: User, on_its_days: bool = False) -> Posting:
    """Answer a whole document with its mirror image, once, by two people. Raises Refused.

    Its transfers are booked today; `on_its_days` books each on the day of the one it answers, as far as that is open.
    """
    check_second_person(by.id, second.id)
    return _answer(posting, reason=reason, by=by, second=second, on_its_days=on_its_days)


def take_back(posting: Posting, *, reason: str, by: User) -> Posting:
    """The same by one person, on the document's own days, for kinds of `rules.ALONE`: nobody else had to approve them."""
    if posting.kind not in ALONE:
        raise ValueError(f"a document of kind {posting.kind!r} is reversed by two people")
    return _answer(posting, reason=reason, by=by, second=None, on_its_days=True)


def _answer(posting: Posting, *, reason: str, by: User, second: User | None, on_its_days: bool) -> Posting:
    if posting.kind == "reversal":
        raise Refused("Bút toán đảo không đảo được lần nữa. Ghi lại chứng từ đúng.")
    take_posting_lock()
    if queries.reversal_of(posting.number) is not None:
        raise Refused("Chứng từ này đã được đảo. Xem bút toán đảo ở trang của chứng từ.")
    unit, fund = db.session.get_one(Unit, posting.unit_id), db.session.get_one(Fund, posting.fund_id)
    mirror = open_posting(
        "reversal",
        unit=unit,
        fund=fund,
        document_on=_last_day(unit),
        by=by,
        second=second,
        reason=reason,
        reverses=posting.number,
    )
    _mirror_transfers(posting, mirror, on_its_days=on_its_days)
    add_totals(mirror.number)
    for follower in _followers:
        follower(posting, mirror)
    return mirror


def _last_day(unit: Unit) -> date:
    today = today_in_vietnam()
    return min(today, unit.valid_to) if unit.valid_to else today


def _mirror_transfers(posting: Posting, mirror: Posting, *, on_its_days: bool) -> None:
    source = select(
        literal(mirror.number),
        Transfer.ordinal,
        Transfer.debit_id,
        Transfer.credit_id,
        _open_day_of(mirror) if on_its_days else literal(mirror.booked_on, type_=Date),
        Transfer.amount,
    ).where(Transfer.posting_number == posting.number)
    columns = ["posting_number", "ordinal", "credit_id", "debit_id", "booked_on", "amount"]
    db.session.execute(Transfer.__table__.insert().from_select(columns, source))


def _open_day_of(mirror: Posting) -> ColumnElement[date]:
    """The day of a transfer while that is open, else the day of its mirror image."""
    closed = queries.closed_through(mirror.unit_id, mirror.fund_id)
    if closed is None:
        return Transfer.booked_on.expression
    is_open = Transfer.booked_on > literal(closed, type_=Date)
    return case((is_open, Transfer.booked_on), else_=literal(mirror.booked_on, type_=Date))


def request_reversal(posting: Posting, *, reason: str, by: User) -> ReversalRequest:
    """Ask for a reversal; another person decides. Raises Refused when it is reversed or asked for already."""
    reason = reason.strip()
    if not reason:
        raise Refused("Chưa ghi lý do. Ghi vì sao cần đảo chứng từ này.", "reason")
    if posting.kind == "reversal":
        raise Refused("Bút toán đảo không đảo được lần nữa. Ghi lại chứng từ đúng.")
    if queries.reversal_of(posting.number) is not None:
        raise Refused("Chứng từ này đã được đảo. Không cần đề nghị nữa.")
    if queries.open_request_of(posting.number) is not None:
        raise Refused("Đã có đề nghị đảo chứng từ này đang chờ duyệt. Chờ người duyệt trả lời.")
    request = ReversalRequest(posting_number=posting.number, reason=reason, requested_by_id=by.id)
    db.session.add(request)
    db.session.flush()
    return request


def decide_reversal(request: ReversalRequest, *, approve: bool, answer: str, by: User) -> Posting | None:
    """Approve (returns the reversal) or refuse (returns None; needs an answer). Raises Refused."""
    take_answer(request, approve=approve, answer=answer, by=by)
    if not approve:
        db.session.flush()
        return None
    return reverse(request.posting, reason=request.reason, by=request.requested_by, second=by)


def close_period(unit: Unit, fund: Fund, through: date, *, by: User | None) -> Closing:
    """Close the books of a unit's fund up to and including `through`: posts nothing, refuses. Raises Refused."""
    take_posting_lock()
    check_closing(through, closed_through=queries.closed_through(unit.id, fund.id), today=today_in_vietnam())
    check_nothing_blocks(unit.id, fund.id, through)
    closing = Closing(unit_id=unit.id, fund_id=fund.id, through=through, by_id=by.id if by else None)
    db.session.add(closing)
    db.session.flush()
    return closing
