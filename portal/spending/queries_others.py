"""Reading other entries and what sponsors paid directly, within a person's units; what a counted difference rests on."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from portal.cash.models import CashCount
from portal.cash.rules import BOX
from portal.kit.db import db
from portal.ledger.models import Account, Posting, Transfer
from portal.ledger.queries import is_reversed
from portal.ledger.rules import AccountFields
from portal.people.models import User
from portal.people.queries import readable_units
from portal.spending.models import DecisionRow
from portal.spending.models_others import InAndOut, OtherEntry


def _undone(model: Any) -> Any:
    return is_reversed(model.posting_number)


def live(model: Any) -> Any:
    """Condition: waits for an answer, or is in the books and not reversed."""
    return model.approved.is_(None) | (model.approved.is_(True) & ~_undone(model))


def booked(model: Any) -> Any:
    """Condition: in the books and not reversed."""
    return model.approved.is_(True) & ~_undone(model)


def _listed(model: Any, user: User) -> Select[Any]:
    rows = select(model).where(model.unit_id.in_(readable_units(user)))
    people = (joinedload(model.unit), joinedload(model.requested_by), joinedload(model.decided_by))
    return rows.add_columns(_undone(model).label("reversed_")).options(*people, joinedload(model.posting))


def listed_entries(user: User) -> Select[Any]:
    """Other entries of the person's units, each with `reversed_`."""
    rows = _listed(OtherEntry, user)
    return rows.options(joinedload(OtherEntry.bank_account), joinedload(OtherEntry.holder))


def entry_or_404(entry_id: int, *, for_user: User) -> OtherEntry:
    """One entry, if the person may read its unit; otherwise 404."""
    return _one(OtherEntry, entry_id, for_user)


def listed_in_and_out(user: User) -> Select[Any]:
    """What sponsors paid directly for the person's units, each with `reversed_`."""
    row = joinedload(InAndOut.decision_row)
    return _listed(InAndOut, user).options(
        row.joinedload(DecisionRow.decision), row.joinedload(DecisionRow.spending_purpose)
    )


def in_and_out_or_404(entry_id: int, *, for_user: User) -> InAndOut:
    """One of them, if the person may read its unit; otherwise 404."""
    return _one(InAndOut, entry_id, for_user)


def _one(model: Any, key: int, user: User) -> Any:
    return db.one_or_404(select(model).where(model.id == key, model.unit_id.in_(readable_units(user))))


def entry_of_count(count_id: int) -> OtherEntry | None:
    """The entry that books (or asks to book) the difference of a count; None while there is no live one."""
    return db.session.scalar(select(OtherEntry).where(OtherEntry.cash_count_id == count_id, live(OtherEntry)))


def entry_of(posting_number: int) -> OtherEntry | None:
    """The entry whose document this is, or None."""
    return db.session.scalar(select(OtherEntry).where(OtherEntry.posting_number == posting_number))


def newer_count(count: CashCount) -> date | None:
    """The day of a later count of the same place, or None."""
    same = (CashCount.unit_id == count.unit_id, CashCount.fund_id == count.fund_id)
    holder = CashCount.holder_id
    place = holder.is_(None) if count.holder_id is None else holder == count.holder_id
    return db.session.scalar(
        select(func.max(CashCount.counted_on)).where(*same, place, CashCount.id > count.id)
    )


def late_documents(count: CashCount) -> int:
    """How many documents of the counted cash, up to the day of the count, were recorded after it."""
    key = AccountFields(count.unit_id, count.fund_id, "cash", holder_id=count.holder_id).key
    account = select(Account.id).where(Account.key == key).scalar_subquery()
    numbers = (
        select(func.count(func.distinct(Posting.number)))
        .join(Transfer, Transfer.posting_number == Posting.number)
        .where(
            Posting.number > count.through,
            Posting.document_on <= count.counted_on,
            or_(Transfer.debit_id == account, Transfer.credit_id == account),
        )
    )
    return db.session.scalar(numbers) or 0


def place_of(entry: OtherEntry) -> str:
    """Where an entry's money lies, in words."""
    if entry.bank_account is not None:
        return f"Tài khoản {entry.bank_account.code}"
    return f"Tiền mặt {entry.holder.name} giữ" if entry.holder else BOX
