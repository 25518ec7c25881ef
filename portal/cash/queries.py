"""Reading cash: who has how much, what is on the way, what was counted. Within a person's units."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import aliased

from portal.cash.models import CashCount, CashDeposit, CashHandover
from portal.kit.access import ACCOUNTANT, RECORDER
from portal.kit.db import db
from portal.ledger.models import Account, DayTotal, Posting
from portal.ledger.queries import account_balance
from portal.ledger.rules import AccountFields
from portal.people.models import RoleGrant, User
from portal.people.queries import readable_units
from portal.units.models import Unit

Holder = aliased(User)


def balance(day: date | None = None) -> ColumnElement[int]:
    """What the account of the present row holds at the end of `day` (None = now), đồng, as a column."""
    total = select(func.coalesce(func.sum(DayTotal.debit - DayTotal.credit), 0))
    total = total.where(DayTotal.account_id == Account.id)
    if day is not None:
        total = total.where(DayTotal.day <= day)
    return total.correlate(Account).scalar_subquery()


def on_the_way() -> ColumnElement[int]:
    """What the holder of the present row has given and nobody has confirmed yet, đồng."""
    given = select(func.coalesce(func.sum(CashHandover.amount), 0)).where(
        CashHandover.giver_id == Account.holder_id,
        CashHandover.unit_id == Account.unit_id,
        CashHandover.fund_id == Account.fund_id,
        CashHandover.accepted.is_(None),
    )
    return given.correlate(Account).scalar_subquery()


def hands_for(user: User) -> Select[Any]:
    """Cash boxes and hands (account, unit, holder or None) of the units that a person may read."""
    rows = select(Account).join(Unit, Unit.id == Account.unit_id)
    rows = rows.outerjoin(Holder, Holder.id == Account.holder_id)
    mine = Account.unit_id.in_(readable_units(user))
    return rows.add_columns(Unit, Holder).where(Account.kind == "cash", mine)


def in_hand(unit_id: int, fund_id: int, holder_id: int | None) -> int:
    """Đồng that a person (None = the box) has in the unit's fund; foreign notes stand apart."""
    key = AccountFields(unit_id=unit_id, fund_id=fund_id, kind="cash", holder_id=holder_id).key
    account_id = db.session.scalar(select(Account.id).where(Account.key == key))
    return account_balance(account_id) if account_id else 0


def promised(unit_id: int, fund_id: int, giver_id: int) -> int:
    """What a person has given and nobody has confirmed yet, đồng."""
    total = select(func.coalesce(func.sum(CashHandover.amount), 0)).where(
        CashHandover.giver_id == giver_id,
        CashHandover.unit_id == unit_id,
        CashHandover.fund_id == fund_id,
        CashHandover.accepted.is_(None),
    )
    return int(db.session.scalar(total) or 0)


def receivers(unit: Unit, *, but: User) -> list[User]:
    """Who may take cash over in a unit: its accountants and recorders, and those above it."""
    above: list[int] = []
    here: Unit | None = unit
    while here is not None:
        above.append(here.id)
        here = here.parent
    granted = RoleGrant.unit_id.is_(None) | RoleGrant.unit_id.in_(above)
    people = select(User).join(RoleGrant).where(RoleGrant.role.in_((ACCOUNTANT, RECORDER)), granted)
    people = people.where(User.active, User.id != but.id).order_by(User.name, User.id).distinct()
    return list(db.session.scalars(people))


def handovers_for(user: User) -> Select[tuple[CashHandover]]:
    """Hand-over slips of the units that a person may read."""
    return select(CashHandover).where(CashHandover.unit_id.in_(readable_units(user)))


def handover_or_404(handover_id: int, *, for_user: User) -> CashHandover:
    """One slip, if the person may read its unit; otherwise 404."""
    return db.one_or_404(handovers_for(for_user).where(CashHandover.id == handover_id))


def waiting(user: User) -> list[CashHandover]:
    """Cash that was given to this person and that they have not confirmed yet, the oldest first."""
    mine = (CashHandover.receiver_id == user.id) & CashHandover.accepted.is_(None)
    return list(db.session.scalars(select(CashHandover).where(mine).order_by(CashHandover.id)))


def deposits_for(user: User) -> Select[tuple[CashDeposit]]:
    """Deposits at the bank of the units that a person may read."""
    rows = select(CashDeposit).join(CashDeposit.posting)
    return rows.where(Posting.unit_id.in_(readable_units(user)))


def deposit_or_404(number: int, *, for_user: User) -> CashDeposit:
    """One deposit, if the person may read its unit; otherwise 404."""
    return db.one_or_404(deposits_for(for_user).where(CashDeposit.posting_number == number))


def counts_for(user: User) -> Select[tuple[CashCount]]:
    """Counts of the units that a person may read."""
    return select(CashCount).where(CashCount.unit_id.in_(readable_units(user)))


def count_or_404(count_id: int, *, for_user: User) -> CashCount:
    """One count, if the person may read its unit; otherwise 404."""
    return db.one_or_404(counts_for(for_user).where(CashCount.id == count_id))
