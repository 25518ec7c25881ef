"""What a donor has given, promised and received on paper: read from the rooms to the right, in the person's units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Select,
    TextualSelect,
    bindparam,
    func,
    select,
    text,
)
from sqlalchemy.orm import joinedload

from portal.donations.models import Donation, GroupMember, Refund
from portal.donations.queries import counted_goods, counted_money, is_reversed, listed_donations
from portal.donors.models import DirectAid, Donor
from portal.donors.queries import Seen, Suggestion, direct_aid_of, family, seen_by
from portal.kit.db import db
from portal.ledger.models import Posting
from portal.ledger.queries import is_reversed as posting_is_reversed
from portal.people.models import User
from portal.people.queries import readable_units
from portal.pledges.queries import pledges_of_donor
from portal.receipts.models import DonorPaper
from portal.receipts.queries import PAPER, donor_papers_for, number_of, of_gifts, papers_for

MOST_GIFTS = 100
"""Gifts on a donor's page; older ones are counted in the totals and stand in the statements of their years."""
A_YEAR = 10**11  # of the ids of gifts, yyyymmdd·10^7 + n


def _last_gifts(everywhere: bool) -> TextualSelect:
    """Day and amount of the last standing gift of each donor of `ids`, in SQL: the picker asks while people type."""
    here = "1 = 1" if everywhere else "y.unit_id IN :units"
    asked = f"""
    SELECT r.id AS donor_id, x.donated_on, x.amount FROM donor r JOIN donation x ON x.id = (
      SELECT max(y.id) FROM donation y WHERE {here}
        AND y.donor_id IN (SELECT m.id FROM donor m WHERE m.id = r.id OR m.merged_into_id = r.id)
        AND NOT EXISTS (SELECT 1 FROM ledger_posting p WHERE p.reverses = y.posting_number))
    WHERE r.id IN :ids"""  # noqa: S608
    names = ("ids",) if everywhere else ("ids", "units")
    statement = text(asked).bindparams(*(bindparam(name, expanding=True) for name in names))
    return statement.columns(donor_id=BigInteger, donated_on=Date, amount=BigInteger)


LAST_GIFTS = {everywhere: _last_gifts(everywhere) for everywhere in (True, False)}


@dataclass(frozen=True)
class Given:
    """One part of a gift as lists show it; `papers` are the numbers of its receipts."""

    gift: Donation
    state: str
    papers: str

    @property
    def is_reversed(self) -> bool:
        """Whether it counts no more."""
        return self.state == "reversed"


@dataclass(frozen=True)
class Sums:
    """What a donor gave, đồng: money, goods at value, given back; `aid` went past the fund and is never added."""

    count: int
    money: int
    goods: int
    refunded: int
    aid: int
    aid_count: int

    @property
    def kept(self) -> int:
        """Money less what was given back."""
        return self.money - self.refunded


@dataclass(frozen=True)
class Portrait:
    """Everything of a donor's page."""

    gifts: list[Given]
    older: int  # gifts beyond the page
    shares: list[GroupMember]
    refunds: list[tuple[Posting, Refund]]  # with the documents that gave it back
    pledges: list[Any]  # rows of pledges.queries.listed
    aid: list[DirectAid]
    letters: list[DonorPaper]
    sums: Sums
    years: list[int]


def portrait(donor: Donor, user: User) -> Portrait:
    """Read a donor's page; a fixed number of statements."""
    gifts = gifts_of(donor.id, user, limit=MOST_GIFTS)
    aid = direct_aid_of(donor.id, user)
    sums = sums_of(donor.id, user, aid)
    parts = db.session.scalar(select(func.count()).select_from(_ids(donor.id, user).subquery())) or 0
    return Portrait(
        gifts=gifts,
        older=parts - len(gifts),
        shares=shares_of(donor.id, user),
        refunds=refunds_of(donor.id, user),
        pledges=pledges_of_donor(user, family(donor.id)),
        aid=aid,
        letters=_letters(donor.id, user),
        sums=sums,
        years=years_of(donor.id, user, aid),
    )


def gifts_of(donor_id: int, user: User, *, year: int | None = None, limit: int | None = None) -> list[Given]:
    """The gifts of a donor, newest first, with the numbers of their receipts. Two statements."""
    rows = listed_donations(user).where(Donation.donor_id.in_(family(donor_id)), *_in_year(year))
    rows = rows.options(joinedload(Donation.unit)).order_by(Donation.id.desc()).limit(limit)
    found = db.session.execute(rows).all()
    numbers: dict[int, list[str]] = {}
    if found:
        papers = (
            papers_for(user)
            .where(of_gifts(_ids(donor_id, user).where(*_in_year(year))))
            .order_by(PAPER.c.key)
        )
        for row in db.session.execute(papers):
            numbers.setdefault(row.donation_id, []).append(number_of(row))
    return [Given(row.Donation, row.state, _papers(row.Donation, numbers)) for row in found]


def _papers(gift: Donation, numbers: dict[int, list[str]]) -> str:
    found = numbers.get(gift.part_of or gift.id, [])
    if gift.paper_number and gift.paper_number not in found:
        found = [gift.paper_number, *found]
    return ", ".join(found)


def _ids(donor_id: int, user: User) -> Select[Any]:
    return select(Donation.id).where(
        Donation.donor_id.in_(family(donor_id)), Donation.unit_id.in_(readable_units(user))
    )


def _in_year(year: int | None) -> list[ColumnElement[bool]]:
    return [] if year is None else [Donation.id.between(year * A_YEAR, (year + 1) * A_YEAR - 1)]


def sums_of(donor_id: int, user: User, aid: Sequence[DirectAid]) -> Sums:
    """What a donor gave in the person's units; reversed gifts count nothing."""
    heads = func.count(func.distinct(func.coalesce(Donation.part_of, Donation.id))).filter(~is_reversed())
    rows = select(heads, func.sum(counted_money()), func.sum(counted_goods())).where(
        Donation.id.in_(_ids(donor_id, user))
    )
    count, money, goods = db.session.execute(rows).one()
    refunded = sum(refund.amount for _, refund in refunds_of(donor_id, user))
    reported = sum(item.value or 0 for item in aid)
    return Sums(count or 0, int(money or 0), int(goods or 0), refunded, reported, len(aid))


def refunds_of(donor_id: int, user: User, year: int | None = None) -> list[tuple[Posting, Refund]]:
    """What was given back to a donor by documents that stand, with these documents, oldest first."""
    rows = select(Posting, Refund).join(Refund, Refund.posting_number == Posting.number)
    rows = rows.where(Refund.donation_id.in_(_ids(donor_id, user)), ~posting_is_reversed(Posting.number))
    found = db.session.execute(rows.order_by(Refund.id)).all()
    return [(posting, item) for posting, item in found if year is None or posting.document_on.year == year]


def shares_of(donor_id: int, user: User, year: int | None = None) -> list[GroupMember]:
    """The donor's named shares in gifts of groups that stand, newest first; the gift itself is the group's."""
    rows = select(GroupMember).join(GroupMember.donation).options(joinedload(GroupMember.donation))
    rows = rows.where(
        GroupMember.donor_id.in_(family(donor_id)), GroupMember.struck.is_(False), ~is_reversed()
    )
    rows = rows.where(Donation.unit_id.in_(readable_units(user)), *_in_year(year))
    return list(db.session.scalars(rows.order_by(Donation.id.desc(), GroupMember.number)))


def years_of(donor_id: int, user: User, aid: Sequence[DirectAid]) -> list[int]:
    """The years of which a statement can be printed, newest first."""
    year = func.distinct(Donation.id / A_YEAR)
    ids = _ids(donor_id, user).with_only_columns(year)
    return sorted(
        {int(found) for found in db.session.scalars(ids)} | {item.given_on.year for item in aid}, reverse=True
    )


def _letters(donor_id: int, user: User) -> list[DonorPaper]:
    head = select(func.coalesce(Donation.part_of, Donation.id)).where(Donation.id.in_(_ids(donor_id, user)))
    rows = (
        donor_papers_for(user)
        .where(DonorPaper.donation_id.in_(head))
        .options(joinedload(DonorPaper.donation))
    )
    return list(db.session.scalars(rows.order_by(DonorPaper.made_on.desc(), DonorPaper.id.desc())))


def with_last_gifts(found: Sequence[Suggestion], user: User, *, seen: Seen | None = None) -> list[Suggestion]:
    """The same with the day and amount (đồng) of each one's last gift in the person's units. One statement."""
    if not found:
        return []
    units = (seen or seen_by(user)).units
    values = {"ids": [item.id for item in found]} | ({} if units is None else {"units": sorted(units)})
    rows = db.session.execute(LAST_GIFTS[units is None], values)
    last = {row.donor_id: (row.donated_on, row.amount) for row in rows}
    return [
        replace(item, last_on=last[item.id][0], last_amount=last[item.id][1]) if item.id in last else item
        for item in found
    ]
