"""Gifts into the books, one or ten thousand: each its own document, all written set-based in one transaction.

The number of statements does not follow the number of gifts: records are loaded at once, numbers are taken in
blocks, rows are written in long INSERTs. What the session's audit listener cannot see here leaves one entry.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from portal.donations import search
from portal.donations.gifts import Gift, Posted, RefusedGift
from portal.donations.known import Known
from portal.donations.rows import Rows, next_donation_ids, pieces
from portal.kit import audit
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.numbers import take_posting_lock
from portal.ledger.totals import add_totals
from portal.people.models import User
from portal.people.rules import check_second_person

__all__ = ["after_gifts", "next_donation_ids", "pieces", "post_gifts"]

BATCH = 2_000  # rows in one INSERT call
INDEXED_AT_ONCE = (
    50  # gifts; more follow by the watermark within a second, so that the books are not held for them
)
Follower = Callable[[Sequence[Gift], Sequence[Posted]], None]
_followers: list[Follower] = []


def after_gifts(follower: Follower) -> Follower:
    """Mark a function of a room to the right that answers posted gifts in their transaction: (gifts, what became of them).

    It works set-based, and may raise RefusedGift, which refuses them all.
    """
    _followers.append(follower)
    return follower


def post_gifts(gifts: Sequence[Gift], *, by: User | None, second: User | None = None) -> list[Posted]:
    """Post gifts, each a document of its own, in the order given; flushes, the caller commits.

    A gift's parts become its rows and its transfers, numbered 1, 2, …; goods without a value have no transfer.
    `by` None = whoever acts now. Raises RefusedGift, which names the gift and the part, before anything is
    written.
    """
    if not gifts:
        return []
    if second is not None:
        check_second_person(by.id if by else None, second.id)
    take_posting_lock()
    known = Known(gifts)
    _check(gifts, known)
    rows = Rows(gifts, known, by, second)
    for model, made in rows.tables():
        for piece in pieces(made, BATCH):
            db.session.execute(model.__table__.insert(), piece)
    first, last = rows.first, rows.first + len(gifts) - 1
    add_totals(first, last)
    _note(gifts, first, last)
    for follower in _followers:
        follower(gifts, rows.posted)
    if len(gifts) <= INDEXED_AT_ONCE:
        search.index_posting(first, last)
    return rows.posted


def _check(gifts: Sequence[Gift], known: Known) -> None:
    for place, gift in enumerate(gifts):
        checked = None
        try:
            known.check(gift)
            for checked, part in enumerate(gift.parts):  # noqa: B007 (told with the refusal)
                known.check_part(gift, part)
        except Refused as refused:
            raise RefusedGift(refused, place, checked) from refused


def _note(gifts: Sequence[Gift], first: int, last: int) -> None:
    """One audit entry: these rows are written past the session's listener."""
    units = {gift.unit_id for gift in gifts}
    audit.note(
        "record",
        "donation",
        entity_id=first if first == last else None,
        unit_id=units.pop() if len(units) == 1 else None,
        gifts=len(gifts),
        parts=sum(len(gift.parts) for gift in gifts),
        sum=sum(part.amount for gift in gifts for part in gift.parts),
        postings=[first, last],
    )
