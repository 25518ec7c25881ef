"""Gifts as pledges see them: what one is worth, and which ones may fulfil a pledge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select

from portal.donations import queries
from portal.donations.models import Donation, Refund
from portal.donations.rules import GOODS
from portal.kit.db import db
from portal.ledger.models import Posting
from portal.ledger.queries import is_reversed
from portal.people.models import User
from portal.pledges.matching import GiftWorth, gifts_from
from portal.pledges.models import Fulfilment


def refunded() -> ColumnElement[int]:
    """What has been given back of the gift of the row, đồng."""
    mine = (Refund.donation_id == Donation.id) & Refund.posting_number.is_not(None)
    total = select(func.coalesce(func.sum(Refund.amount), 0))
    total = total.where(mine, ~is_reversed(Refund.posting_number))  # type: ignore[arg-type]
    return total.correlate(Donation).scalar_subquery()


def net() -> ColumnElement[int]:
    """What is left of the gift of the row, đồng: 0 once reversed, less refunds."""
    return case((queries.is_reversed(), 0), else_=Donation.amount - refunded())


def matched() -> ColumnElement[int]:
    """How much of the gift of the row fulfils pledges at present, đồng."""
    mine = (Fulfilment.posting_number == Donation.posting_number) & (Fulfilment.ordinal == Donation.ordinal)
    total = select(func.coalesce(func.sum(Fulfilment.amount), 0)).where(mine, Fulfilment.as_of(None))
    return total.correlate(Donation).scalar_subquery()


@gifts_from
def worth(posting_number: int, ordinal: int) -> GiftWorth | None:
    """A gift's fund and worth; goods without a value are worth None until they are reversed."""
    wanted = select(Donation.amount, net().label("net"), queries.is_reversed(), Posting.fund_id)
    wanted = wanted.join(Posting, Posting.number == Donation.posting_number).where(
        Donation.posting_number == posting_number, Donation.ordinal == ordinal
    )
    found = db.session.execute(wanted).one_or_none()
    if found is None:
        return None
    amount, left, reversed_, fund_id = found
    return GiftWorth(fund_id, None if amount == 0 and not reversed_ else left)


def candidates(
    user: User,
    *,
    fund_id: int,
    text: str | None = None,
    donor_ids: Select[Any] | Sequence[int] | None = None,
    name: str | None = None,
    campaign_id: int | None = None,
    limit: int = 20,
) -> list[Any]:
    """Gifts that may fulfil a pledge: rows (Donation, left đồng), the newest first.

    `text` is what staff type (code, receipt number, name); without it the gifts of the giver (by donor or name),
    and those of the campaign when the giver has none. Goods without a value have left 0 and may be chosen.
    """
    left = (net() - matched()).label("left")
    rows = queries.donations_for(user).join(Donation.posting).where(Posting.fund_id == fund_id)
    usable = or_(left > 0, (Donation.amount == 0) & (Donation.form == GOODS)) & ~queries.is_reversed()
    rows = rows.where(usable).add_columns(left).options(*queries.LOADED).order_by(Donation.id.desc())
    for condition in _asked(text, donor_ids, name, campaign_id):
        found = list(db.session.execute(rows.where(condition).limit(limit)))
        if found:
            return found
    return []


def _asked(
    text: str | None,
    donor_ids: Select[Any] | Sequence[int] | None,
    name: str | None,
    campaign_id: int | None,
) -> list[ColumnElement[bool]]:
    """What to look for, in turn."""
    if text:
        return [queries.found_by(text)]
    asked: list[ColumnElement[bool]] = []
    if donor_ids is not None:
        asked.append(Donation.donor_id.in_(donor_ids))
    if name:
        asked.append(queries.found_by(name))
    if campaign_id is not None:
        asked.append(Donation.campaign_id == campaign_id)
    return asked
