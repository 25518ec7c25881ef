"""What is computed of each pledge, as SQL over the row's `PledgeTerms`: what has come, what is due, its state.

Sums are of money only; the agreed value of goods, houses and labour stands apart.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, cast, func, or_, select
from sqlalchemy.orm import aliased

from portal.kit.days import today_in_vietnam
from portal.kit.folded import has_words
from portal.kit.transfer_codes import read_code
from portal.pledges.models import Fulfilment, Instalment, Pledge, PledgeTerms
from portal.pledges.rules import (
    CANCELLED,
    FULL,
    MONEY,
    NOTHING,
    OVERDUE,
    PART,
    days_of_bucket,
    read_paper_number,
)


def has_come(as_of: int | None = None) -> ColumnElement[int]:
    """What has come of the pledge of the row, đồng, net of reversals and refunds; as of an entry number."""
    mine = (Fulfilment.pledge_id == PledgeTerms.pledge_id) & Fulfilment.as_of(as_of)
    total = select(func.coalesce(func.sum(Fulfilment.amount), 0)).where(mine)
    return total.correlate(PledgeTerms).scalar_subquery()


def is_open() -> ColumnElement[bool]:
    """Condition: neither cancelled nor said to be done."""
    return PledgeTerms.cancelled_on.is_(None) & PledgeTerms.met_on.is_(None)


def _reaches_to(part: Any) -> ColumnElement[int]:
    """The sum of all parts due up to the day of `part`, đồng."""
    earlier = aliased(Instalment)
    until = (earlier.terms_id == part.terms_id) & (earlier.due_on <= part.due_on)
    return select(func.sum(earlier.amount)).where(until).correlate(part).scalar_subquery()


def _unpaid(part: Any) -> ColumnElement[bool]:
    """Condition on a part of the row's pledge: not all of it has come."""
    mine = part.terms_id == PledgeTerms.id
    return mine & (PledgeTerms.amount.is_(None) | (_reaches_to(part) > has_come()))


def oldest_unpaid() -> ColumnElement[date]:
    """The earliest day on which something of the row's pledge is due that has not come."""
    part = aliased(Instalment)
    return select(func.min(part.due_on)).where(_unpaid(part)).correlate(PledgeTerms).scalar_subquery()


def in_bucket(key: str) -> ColumnElement[bool]:
    """Condition: something of the pledge stands in this bucket of `rules.BUCKETS`."""
    first, last = days_of_bucket(key, today_in_vietnam())
    part = aliased(Instalment)
    bounds = [_unpaid(part)]
    bounds += [part.due_on >= first] if first else []
    bounds += [part.due_on <= last] if last else []
    found: ColumnElement[bool] = select(part.id).where(*bounds).correlate(PledgeTerms).exists()
    if last is None:  # not due yet: also what has no day at all
        found |= ~select(part.id).where(part.terms_id == PledgeTerms.id).correlate(PledgeTerms).exists()
    return is_open() & or_(PledgeTerms.amount.is_(None), PledgeTerms.amount > has_come()) & found


def state() -> ColumnElement[str]:
    """`rules.state_of` of the row's pledge today, as SQL."""
    done = or_(PledgeTerms.met_on.is_not(None), has_come() >= PledgeTerms.amount)
    return case(
        (PledgeTerms.cancelled_on.is_not(None), CANCELLED),
        (done, FULL),
        (oldest_unpaid() < today_in_vietnam(), OVERDUE),
        (has_come() > 0, PART),
        else_=NOTHING,
    )


def promised() -> ColumnElement[int]:
    """The money of a promise that stands, đồng; 0 for other kinds and for a cancelled one."""
    counts = (PledgeTerms.kind == MONEY) & PledgeTerms.cancelled_on.is_(None)
    return case((counts, PledgeTerms.amount), else_=0)


def come(as_of: int | None = None) -> ColumnElement[int]:
    """How much of that money has come, never more than was promised."""
    got = has_come(as_of)
    return case((got < promised(), got), else_=promised())


def still_to_come(as_of: int | None = None) -> ColumnElement[int]:
    """The rest of that money."""
    return promised() - come(as_of)


def value_of_things() -> ColumnElement[int]:
    """The agreed value of goods, a house or labour that stands, đồng; never added to money."""
    counts = (PledgeTerms.kind != MONEY) & PledgeTerms.cancelled_on.is_(None)
    return case((counts, func.coalesce(PledgeTerms.amount, 0)), else_=0)


def found_by(text: str) -> ColumnElement[bool]:
    """Condition for what staff type: a number, a transfer code, a phone, or words of name, address, content and note."""
    if (code := read_code(text)) is not None:
        return Pledge.transfer_code == code
    if (found := read_paper_number(text)) is not None:
        return and_(Pledge.number == found[0], Pledge.year == found[1])
    parts = (
        PledgeTerms.donor_name,
        func.coalesce(PledgeTerms.address, ""),
        func.coalesce(PledgeTerms.phone, ""),
        func.coalesce(PledgeTerms.content, ""),
        func.coalesce(PledgeTerms.note, ""),
    )
    whole: ColumnElement[str] = cast(parts[0], String)
    for part in parts[1:]:
        whole = whole + " " + part
    return has_words(whole, text)
