"""Which gifts count in a scope: by the unit they came to, the day they were booked, the campaign they belong to.

A gift counts once, by its first part, whatever kinds it has; goods without a value have no transfer and count by
the day of their document. The campaign is the one the gift belongs to at the entry asked for, so that a
reclassification moves the count together with the money.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, exists, func, select
from sqlalchemy.orm import aliased

from portal.donations.models import Donation, Reclassification
from portal.donations.queries import is_reversed as gift_is_reversed
from portal.donations.rules import GOODS
from portal.figures.scope import Scope
from portal.ledger.models import Account, Posting, Transfer
from portal.ledger.queries import is_reversed

IS_FIRST = func.coalesce(Donation.part_of, 0) == 0  # nearly all rows are: no index must be tempted by it


def gifts_in(scope: Scope) -> Select[tuple[int]]:
    """Ids of the gifts of the scope's units, each once."""
    return select(gift_rows(scope).c.id)


def gift_rows(scope: Scope, *columns: Any) -> Subquery:
    """The same as rows with `id` and more columns of Donation."""
    units = scope.units()  # once: a statement knows a recursive part by its name
    wanted = (Donation.id, *columns)
    valued = _valued(scope, wanted).join(Account, Account.id == Transfer.credit_id)
    valued = valued.where(Account.unit_id.in_(units), IS_FIRST)
    bare = _bare(scope, wanted).where(Donation.unit_id.in_(units), IS_FIRST)
    return valued.union_all(bare).subquery()


def unvalued_in(scope: Scope) -> Select[tuple[int]]:
    """Ids of the parts of gifts that are goods without a value."""
    return _bare(scope, (Donation.id,)).where(Donation.unit_id.in_(scope.units()))


def parts_anywhere(scope: Scope) -> Select[tuple[int]]:
    """Ids of the parts of gifts with a value, to whatever unit they came."""
    return _valued(scope, (Donation.id,))


def _valued(scope: Scope, columns: tuple[Any, ...]) -> Select[Any]:
    """Parts with a transfer."""
    here = (Transfer.posting_number == Donation.posting_number) & (Transfer.ordinal == Donation.ordinal)
    rows = select(*columns).join_from(Donation, Transfer, here)
    return _counted(rows, scope).where(Transfer.booked_on.between(scope.start, scope.end))


def _bare(scope: Scope, columns: tuple[Any, ...]) -> Select[Any]:
    """Goods without a value."""
    rows = select(*columns).join_from(Donation, Posting, Posting.number == Donation.posting_number)
    return _counted(rows, scope).where(
        Posting.booked_on.between(scope.start, scope.end), Donation.amount == 0, Donation.form == GOODS
    )


def _counted(rows: Select[Any], scope: Scope) -> Select[Any]:
    rows = rows.where(~gift_is_reversed(up_to=scope.as_of))
    if scope.as_of is not None:
        rows = rows.where(Donation.posting_number <= scope.as_of)
    if scope.campaign is not None:
        rows = rows.where(belongs_to(scope.campaign.id, scope.as_of))
    return rows


def belongs_to(campaign_id: int, as_of: int | None) -> ColumnElement[bool]:
    """Condition: the gift belonged to the campaign after entry `as_of` (None = now).

    As of a number it is where the last reclassification up to it led (one that was not reversed by then); before
    the first one, where that took it from.
    """
    if as_of is None:
        return Donation.campaign_id == campaign_id
    move, other = aliased(Reclassification), aliased(Reclassification)
    mine = move.donation_id == Donation.id
    done = and_(move.posting_number <= as_of, ~is_reversed(move.posting_number, up_to=as_of))
    newer = exists().where(
        other.donation_id == Donation.id,
        other.posting_number > move.posting_number,
        other.posting_number <= as_of,
        ~is_reversed(other.posting_number, up_to=as_of),
    )
    earlier = exists().where(other.donation_id == Donation.id, other.posting_number < move.posting_number)
    moved, later = exists().where(mine, done), exists().where(mine)
    led_here = exists().where(mine, done, ~newer, move.to_campaign_id == campaign_id)
    came_from_here = exists().where(mine, ~earlier, move.from_campaign_id == campaign_id)
    return case((moved, led_here), (later, came_from_here), else_=Donation.campaign_id == campaign_id)
