"""A gift as a table brings it: one flat row, one form. It becomes a `donations.gifts.Gift` of one part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date

from portal.donations import posting
from portal.donations.gifts import Gift, Part
from portal.donations.posting import pieces as parts
from portal.people.models import User

__all__ = ["NAMES", "GiftRow", "gift_of", "parts", "post_gifts"]


@dataclass(frozen=True)
class GiftRow:
    """One gift as it is brought in; ids of records, đồng, None where nothing is written."""

    day: date
    unit_id: int
    fund_id: int
    campaign_id: int | None
    bank_account_id: int | None
    form: str
    amount: int
    donor_name: str | None = None
    donor_kind: str | None = None
    address: str | None = None
    goods: str | None = None
    quantity: str | None = None
    measure: str | None = None
    shown_as: str | None = None
    paper_number: str | None = None
    note: str | None = None


NAMES = [field.name for field in fields(GiftRow)]


def post_gifts(gifts: Sequence[tuple[GiftRow, str]], *, by: User | None) -> tuple[int, int]:
    """Post gifts with their identities, each a document of its own; returns the first and last entry number.

    Flushes; the caller commits. Raises Refused where a rule says no.
    """
    posted = posting.post_gifts([gift_of(row, identity) for row, identity in gifts], by=by)
    return posted[0].posting_number, posted[-1].posting_number


def gift_of(row: GiftRow, identity: str) -> Gift:
    """The gift of a row, with the identity that knows it again."""
    part = Part(
        form=row.form,
        amount=row.amount,
        bank_account_id=row.bank_account_id,
        goods=row.goods,
        quantity=row.quantity,
        measure=row.measure,
    )
    return Gift(
        day=row.day,
        unit_id=row.unit_id,
        fund_id=row.fund_id,
        campaign_id=row.campaign_id,
        parts=(part,),
        donor_name=row.donor_name,
        donor_kind=row.donor_kind,
        address=row.address,
        shown_as=row.shown_as,
        paper_number=row.paper_number,
        note=row.note,
        identity=identity,
    )
