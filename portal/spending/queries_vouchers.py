"""Reading vouchers for lists, pages and the desk."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload, lazyload, selectinload

from portal.kit.access import ACCOUNTANT, RECORDER
from portal.kit.db import db
from portal.kit.folded import has_words
from portal.ledger.models import BankAccount, Posting
from portal.people.models import RoleGrant, User
from portal.people.queries import readable_units
from portal.spending.models import Decision, DecisionRow, Voucher, VoucherRow
from portal.spending.rules import ISSUED, LIVE, WHATS
from portal.units.models import Unit
from portal.units.queries import keeps_books

OFFERED = 200  # decisions to choose from at once
HOLDERS = (RECORDER, ACCOUNTANT)
"""Roles that may hold an advance and hand out."""


def amount() -> ColumnElement[int]:
    """What the voucher of the present row pays, đồng."""
    total = select(func.coalesce(func.sum(VoucherRow.amount), 0))
    total = total.where(VoucherRow.voucher_id == Voucher.id, VoucherRow.refused.is_(None))
    return total.correlate(Voucher).scalar_subquery()


def listed_vouchers(user: User) -> Select[Any]:
    """(Voucher, amount, posting) of the units that a person may read."""
    rows: Any = select(Voucher, amount().label("amount"), Posting).join(
        Decision, Decision.id == Voucher.decision_id
    )
    rows = rows.outerjoin(Posting, Posting.number == Voucher.posting_number)
    return rows.where(Voucher.unit_id.in_(readable_units(user))).options(
        lazyload(Posting.entry),  # always joined otherwise, which would leave out vouchers without a document
        joinedload(Voucher.unit),
        joinedload(Voucher.decision),
        joinedload(Voucher.bank_account),
        joinedload(Voucher.holder),
        joinedload(Voucher.officer),
        joinedload(Voucher.to_unit),
    )


def has_row(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Condition: a row of the voucher that was not refused meets a condition on its decision's row."""
    found = select(VoucherRow.id).join(DecisionRow, DecisionRow.id == VoucherRow.decision_row_id)
    return found.where(VoucherRow.voucher_id == Voucher.id, VoucherRow.refused.is_(None), condition).exists()


def found_by(text: str) -> ColumnElement[bool]:
    """Condition for what staff type: the paper's number, the decision's, words of reason or receivers."""
    digits = text.upper().removeprefix("PC-").removeprefix("UNC-").split("/")[0].lstrip("0")
    number = Posting.series_no == int(digits) if digits.isdecimal() and len(digits) < 10 else None
    words = [
        has_words(Voucher.content, text),
        has_words(Voucher.receiver, text),
        has_row(has_words(DecisionRow.receiver, text)),
        Decision.number.contains(text, autoescape=True),
    ]
    return or_(*words) if number is None else or_(number, *words)


def with_rows(voucher_id: int) -> Voucher:
    """A voucher with everything its page and papers show, in few statements."""
    wanted = select(Voucher).where(Voucher.id == voucher_id).execution_options(populate_existing=True)
    rows = selectinload(Voucher.rows).joinedload(VoucherRow.decision_row)
    wanted = wanted.options(
        rows.joinedload(DecisionRow.campaign), rows.joinedload(DecisionRow.spending_purpose)
    )
    return db.session.scalars(wanted).unique().one()


def payable_decisions(unit_ids: Select[Any]) -> list[Decision]:
    """Decisions in force with money that no voucher has taken yet, the newest first."""
    taken = (
        select(func.coalesce(func.sum(VoucherRow.amount), 0))
        .join(Voucher, Voucher.id == VoucherRow.voucher_id)
        .join(DecisionRow, DecisionRow.id == VoucherRow.decision_row_id)
        .where(DecisionRow.decision_id == Decision.id, VoucherRow.refused.is_(None), Voucher.state.in_(LIVE))
        .correlate(Decision)
        .scalar_subquery()
    )
    decided = (
        select(func.coalesce(func.sum(DecisionRow.amount), 0))
        .where(DecisionRow.decision_id == Decision.id)
        .correlate(Decision)
        .scalar_subquery()
    )
    rows = select(Decision).where(Decision.unit_id.in_(unit_ids), Decision.state == ISSUED, decided > taken)
    return list(
        db.session.scalars(rows.order_by(Decision.decided_on.desc(), Decision.id.desc()).limit(OFFERED))
    )


def bank_accounts_of(unit_id: int, fund_id: int) -> list[BankAccount]:
    """Bank accounts of a unit's fund."""
    rows = select(BankAccount).where(BankAccount.unit_id == unit_id, BankAccount.fund_id == fund_id)
    return list(db.session.scalars(rows.order_by(BankAccount.code)))


def officers_of(unit: Unit) -> list[User]:
    """People who may be given an advance: they record or keep books in the unit or above it, so they may settle it.

    Who approves it is another person; who only looks on or administers hands nothing out.
    """
    above: list[int] = []
    here: Unit | None = unit
    while here is not None:
        above.append(here.id)
        here = here.parent
    granted = RoleGrant.unit_id.is_(None) | RoleGrant.unit_id.in_(above)
    holders = select(RoleGrant.user_id).where(granted, RoleGrant.role.in_(HOLDERS))
    people = select(User).where(User.active, User.id.in_(holders))
    return list(db.session.scalars(people.order_by(User.name, User.id)))


def partner_units(unit: Unit) -> list[Unit]:
    """Units that may be sent an allocation: all living ones but one's own, those above first."""
    rows = select(Unit).where(Unit.id != unit.id, keeps_books())
    return list(db.session.scalars(rows.order_by(Unit.parent_id.is_not(None), Unit.name)))


def what_name(voucher: Voucher) -> str:
    """ "Chi", "Tạm ứng cho Phạm Ngọc Lan", "Phân bổ cho Xã An Lạc"."""
    if voucher.officer is not None:
        return f"Tạm ứng cho {voucher.officer.name}"
    if voucher.to_unit is not None:
        return f"Phân bổ cho {voucher.to_unit.name}"
    return WHATS[voucher.what]
