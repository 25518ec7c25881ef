"""Reading allocations: those of a person's units on either side, what is on the way of each row and campaign."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.allocations import rules
from portal.allocations.models import (
    Allocation,
    AllocationDifference,
    AllocationReceipt,
    AllocationShare,
)
from portal.allocations.rules import OPEN, Share
from portal.campaigns.models import Campaign
from portal.campaigns.queries import with_units_above
from portal.kit.db import db
from portal.ledger.models import BankAccount, Posting, ReversalRequest
from portal.ledger.queries import is_reversed
from portal.people.models import User
from portal.people.queries import readable_units
from portal.spending.models import DecisionRow, Voucher, VoucherRow
from portal.spending.queries import commits
from portal.units.models import Unit


def allocations_for(user: User) -> Select[tuple[Allocation]]:
    """Allocations from or to the units that a person may read."""
    either = or_(
        Allocation.unit_id.in_(readable_units(user)), Allocation.to_unit_id.in_(readable_units(user))
    )
    return select(Allocation).where(either)


def sent_by_units_of(user: User) -> ColumnElement[bool]:
    """Condition: a unit of this person has sent it."""
    return Allocation.unit_id.in_(readable_units(user))


def sent_to_units_of(user: User) -> ColumnElement[bool]:
    """Condition: it was sent to a unit of this person."""
    return Allocation.to_unit_id.in_(readable_units(user))


def allocation_or_404(voucher_id: int, *, for_user: User) -> Allocation:
    """One allocation with its voucher, if the person may read either unit; otherwise 404."""
    wanted = allocations_for(for_user).where(Allocation.voucher_id == voucher_id)
    return db.one_or_404(
        wanted.options(
            joinedload(Allocation.voucher).joinedload(Voucher.posting),
            joinedload(Allocation.voucher).joinedload(Voucher.decision),
            joinedload(Allocation.unit),
            joinedload(Allocation.to_unit),
            *(
                selectinload(Allocation.receipts).joinedload(one)
                for one in (
                    AllocationReceipt.incoming,
                    AllocationReceipt.confirmed_by,
                    AllocationReceipt.bank_account,
                    AllocationReceipt.holder,
                )
            ),
            selectinload(Allocation.differences).joinedload(AllocationDifference.asked_by),
        )
    )


def difference_of(allocation: Allocation, difference_id: int) -> AllocationDifference:
    """One difference of an allocation that was loaded for somebody; otherwise 404."""
    mine = AllocationDifference.voucher_id == allocation.voucher_id
    return db.one_or_404(select(AllocationDifference).where(mine, AllocationDifference.id == difference_id))


def _documents_of(allocation: Allocation) -> list[int]:
    """Numbers of the confirming and closing documents, of both units."""
    numbers = [one.posting_number for one in allocation.differences if one.posting_number]
    return [*numbers, *(n for one in allocation.receipts for n in (one.out_number, one.in_number))]


def posting_of(allocation: Allocation, number: int) -> Posting:
    """A confirming or closing document of an allocation that was loaded for somebody; otherwise 404."""
    mine = Posting.number.in_(_documents_of(allocation))
    return db.one_or_404(select(Posting).where(Posting.number == number, mine))


def reversals_asked(allocation: Allocation) -> dict[int, int]:
    """Documents of the allocation whose reversal somebody has asked for and nobody decided: number → request."""
    rows = select(ReversalRequest.posting_number, ReversalRequest.id).where(
        ReversalRequest.posting_number.in_(_documents_of(allocation)), ReversalRequest.approved.is_(None)
    )
    return {row.posting_number: row.id for row in db.session.execute(rows)}


def allocation_of(posting_number: int) -> Allocation | None:
    """The allocation that a document of the books sent, or None."""
    rows = select(Allocation).join(Allocation.voucher).where(Voucher.posting_number == posting_number)
    return db.session.scalar(rows)


def receipt_of(posting_number: int) -> AllocationReceipt | None:
    """The confirmation that made a document, in either unit, or None."""
    either = or_(
        AllocationReceipt.out_number == posting_number, AllocationReceipt.in_number == posting_number
    )
    return db.session.scalar(select(AllocationReceipt).where(either))


def difference_posted_by(posting_number: int) -> AllocationDifference | None:
    """The difference that made a document, or None."""
    mine = AllocationDifference.posting_number == posting_number
    return db.session.scalar(select(AllocationDifference).where(mine))


def waiting_difference(allocation: Allocation) -> AllocationDifference | None:
    """The difference that nobody has decided yet, or None."""
    mine = AllocationDifference.voucher_id == allocation.voucher_id
    return db.session.scalar(
        select(AllocationDifference).where(mine, AllocationDifference.approved.is_(None))
    )


def _left_of_row() -> ColumnElement[int]:
    """What of the present voucher row nobody has confirmed or explained, đồng, as a column."""
    gone = select(func.coalesce(func.sum(AllocationShare.amount), 0)).where(
        AllocationShare.voucher_row_id == VoucherRow.id, ~is_reversed(AllocationShare.posting_number)
    )
    return VoucherRow.amount - gone.correlate(VoucherRow).scalar_subquery()


def _rows_of(*columns: Any) -> Select[Any]:
    rows = select(*columns).select_from(VoucherRow).where(VoucherRow.refused.is_(None))
    return rows.join(DecisionRow, DecisionRow.id == VoucherRow.decision_row_id)


def rows_left(allocation: Allocation) -> list[Share]:
    """What each row of the voucher still has on the way, in their order; rows without any are left out."""
    rows = _rows_of(VoucherRow.id, DecisionRow.campaign_id, _left_of_row())
    rows = rows.where(VoucherRow.voucher_id == allocation.voucher_id).order_by(VoucherRow.ordinal)
    return [Share(row[0], row[1], int(row[2])) for row in db.session.execute(rows) if row[2]]


def campaigns_of_document(posting_number: int) -> set[int | None]:
    """The campaigns of the rows that a document of the sender was about (None = "chung")."""
    rows = _rows_of(DecisionRow.campaign_id).join(
        AllocationShare, AllocationShare.voucher_row_id == VoucherRow.id
    )
    return set(db.session.scalars(rows.where(AllocationShare.posting_number == posting_number)))


@commits
def on_the_way(unit_id: int, fund_id: int, campaign_id: int | None) -> int:
    """What a unit has on the way to others out of a campaign's money (None = "chung"), đồng."""
    total = _rows_of(func.coalesce(func.sum(_left_of_row()), 0))
    total = total.join(Allocation, Allocation.voucher_id == VoucherRow.voucher_id).where(
        Allocation.unit_id == unit_id,
        Allocation.fund_id == fund_id,
        Allocation.state.in_(OPEN),
        DecisionRow.campaign_id.is_not_distinct_from(campaign_id),
    )
    return int(db.session.scalar(total) or 0)


def carried_to(unit_id: int, campaign_ids: Sequence[int | None]) -> set[int]:
    """Which campaigns a unit takes part in: its own and those of the units above it."""
    own: Select[Any] = select(Unit.id).where(Unit.id == unit_id)
    above = with_units_above(own)
    known = [campaign_id for campaign_id in campaign_ids if campaign_id is not None]
    return set(
        db.session.scalars(select(Campaign.id).where(Campaign.id.in_(known), Campaign.unit_id.in_(above)))
    )


def accounts_of(unit_id: int, fund_id: int) -> list[BankAccount]:
    """The bank accounts to which a unit's money of a fund may come."""
    mine = select(BankAccount).where(BankAccount.unit_id == unit_id, BankAccount.fund_id == fund_id)
    return list(db.session.scalars(mine.order_by(BankAccount.code)))


def ageing(allocations: Select[tuple[Allocation]], today: date) -> list[tuple[str, int, int]]:
    """(age, how many, đồng) of the allocations that are on the way; ages without any are left out."""
    rows = allocations.with_only_columns(
        Allocation.sent_on, func.count(), func.sum(Allocation.left), maintain_column_froms=True
    )
    rows = rows.where(Allocation.state.in_(OPEN)).group_by(Allocation.sent_on).order_by(None)
    found = {name: [0, 0] for name, _, _ in rules.AGES}
    for sent_on, count, amount in db.session.execute(rows):
        age = rules.days_on_the_way(sent_on, today)
        name = next(name for name, _, last in rules.AGES if last is None or age <= last)
        found[name][0] += count
        found[name][1] += int(amount)
    return [(name, count, amount) for name, (count, amount) in found.items() if count]


def is_long(today: date) -> ColumnElement[bool]:
    """Condition: on the way for longer than `rules.LONG`."""
    return Allocation.state.in_(OPEN) & (Allocation.sent_on < today - rules.LONG)
