"""Reading pledges: within a person's units, and what they add up to.

Amounts that are summed are money only; the agreed value of goods, houses and labour stands apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal, or_, select
from sqlalchemy.orm import aliased, contains_eager, selectinload

from portal.kit.access import ACCOUNTANT, RECORDER
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.folded import has_words
from portal.kit.numbers import Entry
from portal.people.models import User
from portal.people.queries import readable_units, units_for
from portal.pledges.columns import come, has_come, is_open, oldest_unpaid, promised, state, value_of_things
from portal.pledges.models import Fulfilment, Instalment, Pledge, PledgeTerms
from portal.pledges.rules import BUCKETS, MONEY, NOT_DUE, days_of_bucket, outstanding

LOADED = (
    contains_eager(PledgeTerms.pledge).contains_eager(Pledge.unit),
    contains_eager(PledgeTerms.campaign),
    selectinload(PledgeTerms.instalments),
)


def pledges_for(user: User) -> Select[Any]:
    """Present terms of the pledges of the units that a person may read."""
    rows = select(PledgeTerms).join(PledgeTerms.pledge).join(Pledge.unit).outerjoin(PledgeTerms.campaign)
    return rows.where(PledgeTerms.as_of(None), Pledge.unit_id.in_(readable_units(user)))


def listed(rows: Select[Any]) -> Select[Any]:
    """The same with what a list shows of each: (PledgeTerms, come, state, due)."""
    extra = (has_come().label("come"), state().label("state"), oldest_unpaid().label("due"))
    return rows.add_columns(*extra).options(*LOADED)


def pledge_or_404(pledge_id: int, *, for_user: User) -> PledgeTerms:
    """The present terms of a pledge, if the person may read its unit; otherwise 404."""
    return db.one_or_404(pledges_for(for_user).where(Pledge.id == pledge_id).options(*LOADED))


def terms_of(pledge: Pledge) -> PledgeTerms:
    """The present terms of a pledge (every pledge has one)."""
    return db.session.scalars(
        select(PledgeTerms).where(PledgeTerms.pledge_id == pledge.id, PledgeTerms.as_of(None))
    ).one()


def left_of(pledge: Pledge) -> int | None:
    """What is still to come of a pledge, đồng: 0 when it is cancelled or done; None when nobody has put a value on it."""
    terms = terms_of(pledge)
    done = {"cancelled": terms.cancelled_on is not None, "met": terms.met_on is not None}
    if terms.amount is None and not any(done.values()):
        return None
    return outstanding(terms.amount, come_of(pledge.id), **done)


def come_of(pledge_id: int) -> int:
    """What has come of one pledge, đồng."""
    mine = (Fulfilment.pledge_id == pledge_id) & Fulfilment.as_of(None)
    return int(db.session.scalar(select(func.coalesce(func.sum(Fulfilment.amount), 0)).where(mine)) or 0)


def fulfilments_of(pledge_id: int) -> list[Fulfilment]:
    """The gifts that fulfil a pledge at present, the earliest first."""
    mine = (Fulfilment.pledge_id == pledge_id) & Fulfilment.as_of(None)
    return list(db.session.scalars(select(Fulfilment).where(mine).order_by(Fulfilment.id)))


def fulfilments_by(posting_number: int, ordinal: int | None = None) -> list[Fulfilment]:
    """What a document, or one gift of it, fulfils at present, the earliest first."""
    mine = (Fulfilment.posting_number == posting_number) & Fulfilment.as_of(None)
    rows = select(Fulfilment).where(mine).order_by(Fulfilment.id)
    return list(db.session.scalars(rows if ordinal is None else rows.where(Fulfilment.ordinal == ordinal)))


def fulfilments_ended_by(number: int) -> list[Fulfilment]:
    """The matches that a document (a refund) ended or cut, the earliest first."""
    return list(
        db.session.scalars(select(Fulfilment).where(Fulfilment.until == number).order_by(Fulfilment.id))
    )


def fulfilment_after(cut: Fulfilment, number: int) -> Fulfilment | None:
    """What document `number` left of a match that it cut, ended since or not."""
    same = {"pledge_id": cut.pledge_id, "posting_number": cut.posting_number, "ordinal": cut.ordinal}
    return db.session.scalar(select(Fulfilment).filter_by(**same, since=number))


def open_pledges_of(
    user: User, *, donor_ids: Select[Any] | Sequence[int] | None = None, name: str | None = None
) -> list[Any]:
    """Pledges of a giver (by ids of donors, or by name) with something to come: rows like `listed`, oldest first."""
    who: list[ColumnElement[bool]] = []
    if donor_ids is not None:
        who.append(PledgeTerms.donor_id.in_(donor_ids))
    if name:
        who.append(has_words(PledgeTerms.donor_name.expression, name))
    if not who:
        return []
    left = PledgeTerms.amount.is_(None) | (PledgeTerms.amount > has_come())
    rows = listed(pledges_for(user)).where(or_(*who), is_open(), left)
    return list(db.session.execute(rows.order_by(Pledge.id)))


def pledges_of_donor(user: User, donor_ids: Select[Any] | Sequence[int]) -> list[Any]:
    """All pledges of a donor (ids: itself and those merged into it), newest first: rows like `listed`."""
    rows = listed(pledges_for(user)).where(PledgeTerms.donor_id.in_(donor_ids))
    return list(db.session.execute(rows.order_by(Pledge.id.desc())))


def recorder_name(pledge: Pledge) -> str:
    """Who recorded the pledge first, as written in the books."""
    first = select(func.min(PledgeTerms.since)).where(PledgeTerms.pledge_id == pledge.id).scalar_subquery()
    return db.session.scalar(select(Entry.by_name).where(Entry.number == first)) or ""


def may_write_in(user: User) -> Select[Any]:
    """Ids of the units in which a person may record pledges."""
    return units_for(user, RECORDER, ACCOUNTANT)


@dataclass(frozen=True)
class Totals:
    """Sums of pledges in đồng, money only; `things` is the agreed value of the rest, `count` counts all."""

    count: int = 0
    total: int = 0
    fulfilled: int = 0
    things: int = 0
    without_money: int = 0  # how many promise goods, a house, labour

    @property
    def outstanding(self) -> int:
        """What is still to come."""
        return self.total - self.fulfilled


def standing(*, as_of: int | None = None) -> Select[Any]:
    """Terms that were true as of an entry number, without cancelled ones, beside their pledge."""
    rows = select(PledgeTerms).join(PledgeTerms.pledge)
    return rows.where(PledgeTerms.as_of(as_of), PledgeTerms.cancelled_on.is_(None))


def totals_of(rows: Select[Any], *, as_of: int | None = None) -> Totals:
    """What a select of `standing` terms adds up to. One statement."""
    parts = (
        promised().label("promised"),
        come(as_of).label("come"),
        value_of_things().label("things"),
        PledgeTerms.kind,
    )
    inner = (
        rows.with_only_columns(PledgeTerms.id, *parts, maintain_column_froms=True).order_by(None).subquery()
    )
    sums = [func.coalesce(func.sum(inner.c[name]), 0) for name in ("promised", "come", "things")]
    other = func.coalesce(func.sum(case((inner.c.kind != MONEY, 1), else_=0)), 0)
    count, total, fulfilled, things, without = db.session.execute(
        select(func.count(), *sums, other).select_from(inner)
    ).one()
    return Totals(count, int(total), int(fulfilled), int(things), int(without))


def _open_parts(terms: Select[Any]) -> Any:
    """Parts of open pledges as a subquery: (pledge_id, kind, due_on or NULL, unpaid đồng, valued)."""
    columns = (
        PledgeTerms.id,
        PledgeTerms.pledge_id,
        PledgeTerms.kind,
        PledgeTerms.amount,
        has_come().label("come"),
    )
    chosen = terms.where(is_open()).with_only_columns(*columns, maintain_column_froms=True)
    mine = chosen.order_by(None).subquery()
    part = aliased(Instalment)
    whole = func.coalesce(part.amount, mine.c.amount, 0)
    reach = func.coalesce(
        func.sum(part.amount).over(partition_by=mine.c.id, order_by=part.due_on), mine.c.amount, 0
    )
    late = reach - mine.c.come
    unpaid: ColumnElement[int] = case((late < 0, 0), (late > whole, whole), else_=late)
    valued = mine.c.amount.is_not(None)
    rows = select(
        mine.c.pledge_id, mine.c.kind, part.due_on, unpaid.label("unpaid"), valued.label("valued")
    ).select_from(mine)
    return rows.outerjoin(part, part.terms_id == mine.c.id).subquery()


def ageing(terms: Select[Any], today: date | None = None) -> dict[str, int]:
    """The money still to come by bucket of `rules.BUCKETS`, đồng. One statement."""
    today = today or today_in_vietnam()
    parts = _open_parts(terms.where(PledgeTerms.kind == MONEY))
    whens = []
    for key in BUCKETS:
        if key == NOT_DUE:
            continue
        first, last = days_of_bucket(key, today)
        within = parts.c.due_on <= last
        whens.append((within & (parts.c.due_on >= first) if first else within, key))
    bucket = case(*whens, else_=literal(NOT_DUE))
    rows = select(bucket, func.sum(parts.c.unpaid)).group_by(bucket)
    found = {key: int(amount) for key, amount in db.session.execute(rows)}
    return {key: found.get(key, 0) for key in BUCKETS}


def overdue(user: User) -> Select[Any]:
    """Parts whose day has passed (pledge_id, money in đồng, due_on), of the units in which a person records."""
    mine = standing().where(Pledge.unit_id.in_(may_write_in(user)))
    parts = _open_parts(mine)
    late = (parts.c.due_on < today_in_vietnam()) & ((parts.c.unpaid > 0) | ~parts.c.valued)
    money = case((parts.c.kind == MONEY, parts.c.unpaid), else_=0).label("money")
    return select(parts.c.pledge_id, money, parts.c.due_on).where(late)
