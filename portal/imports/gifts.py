"""A gift as a table brings it: one flat row, one form. Rows of one document become one `donations.gifts.Gift`."""

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
    """One gift (or one part of it) as it is brought in; ids of records, đồng, None where nothing is written.

    `document` is the temporary code that rows of one document share; `known_id` the gift that our own export names.
    """

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
    item_id: int | None = None
    store_id: int | None = None
    thousandths: int | None = None
    document: str | None = None
    known_id: int | None = None


OF_STORE = (
    "item_id",
    "store_id",
    "thousandths",
)  # later columns: absent ones do not change what makes a gift
NAMES = [field.name for field in fields(GiftRow) if field.name not in (*OF_STORE, "document", "known_id")]
OF_WHOLE = (
    "day",
    "unit_id",
    "fund_id",
    "campaign_id",
    "donor_name",
    "donor_kind",
    "address",
    "shown_as",
    "paper_number",
)
Rows = Sequence[GiftRow]


def post_gifts(gifts: Sequence[tuple[Rows, str]], *, by: User | None) -> tuple[int, int]:
    """Post gifts (their rows and identities), each a document of its own; returns the first and last entry number.

    Flushes; the caller commits. Raises RefusedGift, which names the gift, where a rule says no.
    """
    posted = posting.post_gifts([gift_of(rows, identity) for rows, identity in gifts], by=by)
    return posted[0].posting_number, posted[-1].posting_number


def gift_of(rows: Rows, identity: str) -> Gift:
    """The gift of one row, or of several that share a document, with the identity that knows it again."""
    first = rows[0]
    notes = dict.fromkeys(row.note for row in rows if row.note)
    return Gift(
        day=first.day,
        unit_id=first.unit_id,
        fund_id=first.fund_id,
        campaign_id=first.campaign_id,
        parts=tuple(_part(row) for row in rows),
        donor_name=first.donor_name,
        donor_kind=first.donor_kind,
        address=first.address,
        shown_as=first.shown_as,
        paper_number=first.paper_number,
        note="; ".join(notes)[:1000] or None,
        identity=identity,
    )


def _part(row: GiftRow) -> Part:
    return Part(
        form=row.form,
        amount=row.amount,
        bank_account_id=row.bank_account_id,
        goods=row.goods,
        quantity=row.quantity,
        measure=row.measure,
        item_id=row.item_id,
        store_id=row.store_id,
        thousandths=row.thousandths,
    )
