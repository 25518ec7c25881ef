"""What the books say about givers: who meets a rule, and by which gifts. Set-based; pledges are never asked.

A gift counts when it stands: not reversed, not taken back, and only with what was not given back. Merged donors are
one. A gift without a name counts for somebody only after they have agreed to be rewarded.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import CTE, Select, and_, case, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from portal.donations.models import Donation, GroupMember, Refund
from portal.donations.queries import is_reversed
from portal.donations.rules import GOODS, first_id
from portal.donations.shown import HIDDEN
from portal.donors.models import Donor
from portal.emulation.models_rewards import RewardConsent, RewardEvidence
from portal.emulation.rules_rewards import SUM, TIMES, Asked
from portal.kit.days import EARLIEST
from portal.ledger import queries as ledger
from portal.units.queries import subtree

A_YEAR = 10**11  # of the ids of gifts, yyyymmdd·10^7 + n


def agreed() -> Select[Any]:
    """Ids of donors (those that stand for others) whose newest answer is that they agree to be rewarded."""
    asked = aliased(Donor)
    head = func.coalesce(asked.merged_into_id, asked.id)
    newest = select(func.max(RewardConsent.id)).join(asked, asked.id == RewardConsent.donor_id).group_by(head)
    own = aliased(Donor)
    rows = select(func.coalesce(own.merged_into_id, own.id)).join(
        RewardConsent, RewardConsent.donor_id == own.id
    )
    return rows.where(RewardConsent.id.in_(newest), RewardConsent.agreed)


def _given_back() -> Any:
    """What was given back of the gift of the row, đồng."""
    live = Refund.posting_number.is_not(None) & ~ledger.is_reversed(Refund.posting_number)  # type: ignore[arg-type]
    return (
        select(func.coalesce(func.sum(Refund.amount), 0))
        .where(Refund.donation_id == Donation.id, live)
        .correlate(Donation)
        .scalar_subquery()
    )


def _conditions(asked: Asked) -> list[Any]:
    start = EARLIEST if asked.measure not in (SUM, TIMES) else asked.start
    wanted = [
        Donation.unit_id.in_(subtree(asked.unit_id)),
        Donation.id < first_id(asked.end + timedelta(days=1)),
        Donation.amount > 0,
        ~is_reversed(),
    ]
    if start != EARLIEST:
        wanted.append(Donation.id > first_id(start))
    if asked.campaign_id is not None:
        wanted.append(Donation.campaign_id == asked.campaign_id)
    if not asked.with_goods:
        wanted.append(Donation.form != GOODS)
    return wanted


def _of(asked: Asked, shown: Any, with_hidden: bool) -> tuple[Any, list[Any]]:
    """The donor that stands for a giver, and what must be true of it and of how the gift is `shown`."""
    root = aliased(Donor)
    wanted: list[Any] = [root.withdrawn.is_(False)]
    if asked.kinds:
        wanted.append(root.kind.in_(asked.kinds))
    if not with_hidden:
        wanted.append(or_(shown.is_(None), shown != HIDDEN, root.id.in_(agreed())))
    return root, wanted


def counted(asked: Asked, *, with_hidden: bool = False) -> CTE:
    """Gifts that count: (donor_id, donation_id, member, gift_id, donated_on, year, amount đồng).

    `member` is the number of a person in a group gift whose own share it is, 0 for the gift itself.
    """
    giver = aliased(Donor)
    root, of_root = _of(asked, Donation.shown_as, with_hidden)
    head, year = func.coalesce(Donation.part_of, Donation.id), Donation.id // A_YEAR
    left = Donation.amount - _given_back()
    shared = [
        Donation.id.label("donation_id"),
        head.label("gift_id"),
        Donation.donated_on,
        year.label("year"),
    ]
    own = (
        select(root.id.label("donor_id"), literal(0).label("member"), *shared, left.label("amount"))
        .join(giver, giver.id == Donation.donor_id)
        .join(root, root.id == func.coalesce(giver.merged_into_id, giver.id))
        .where(Donation.donor_pending.is_(False), *_conditions(asked), *of_root, left > 0)
    )
    person = aliased(Donor)
    stands, of_person = _of(asked, GroupMember.shown_as, with_hidden)
    share = (
        select(
            stands.id.label("donor_id"),
            GroupMember.number.label("member"),
            *shared,
            GroupMember.amount.label("amount"),
        )
        .join(Donation, Donation.id == GroupMember.donation_id)
        .join(person, person.id == GroupMember.donor_id)
        .join(stands, stands.id == func.coalesce(person.merged_into_id, person.id))
        .where(GroupMember.struck.is_(False), GroupMember.amount > 0, _given_back() == 0)
        .where(*_conditions(asked), *of_person)
        .where(or_(Donation.donor_id.is_(None), Donation.donor_id != GroupMember.donor_id))
    )
    return union_all(own, share).cte()  # unnamed, because one statement may ask twice


def found(asked: Asked, *, with_hidden: bool = False) -> Select[Any]:
    """Whom a rule finds: (donor_id, amount đồng, times, years), set-based."""
    gifts = counted(asked, with_hidden=with_hidden)
    amount, times = func.sum(gifts.c.amount), func.count(func.distinct(gifts.c.gift_id))
    if asked.measure in (SUM, TIMES):
        years = func.count(func.distinct(gifts.c.year))
        rows = select(gifts.c.donor_id, amount.label("amount"), times.label("times"), years.label("years"))
        reached = amount if asked.measure == SUM else times
        return rows.group_by(gifts.c.donor_id).having(reached >= asked.least)
    return _in_a_row(asked, gifts)


def _in_a_row(asked: Asked, gifts: CTE) -> Select[Any]:
    """Years that follow each other without a gap up to the year of the end: they share year − place."""
    a_year = (
        select(
            gifts.c.donor_id,
            gifts.c.year,
            func.sum(gifts.c.amount).label("amount"),
            func.count(func.distinct(gifts.c.gift_id)).label("times"),
        )
        .group_by(gifts.c.donor_id, gifts.c.year)
        .having(func.sum(gifts.c.amount) >= (asked.least_a_year or 1))
        .cte()
    )
    place = func.row_number().over(partition_by=a_year.c.donor_id, order_by=a_year.c.year)
    rows = select(a_year, (a_year.c.year - place).label("island")).cte()
    return (
        select(
            rows.c.donor_id,
            func.sum(rows.c.amount).label("amount"),
            func.sum(rows.c.times).label("times"),
            func.count().label("years"),
        )
        .group_by(rows.c.donor_id, rows.c.island)
        .having(and_(func.count() >= asked.least, func.max(rows.c.year) == asked.end.year))
    )


def named(asked: Asked, *, with_hidden: bool = False) -> Select[Any]:
    """`found` with what is kept of each donor, the largest first: a person's list before anything is written."""
    rows = found(asked, with_hidden=with_hidden).subquery()
    wanted = select(rows, Donor.name, Donor.kind, Donor.address).join(Donor, Donor.id == rows.c.donor_id)
    return wanted.order_by(rows.c.amount.desc(), rows.c.donor_id)


def to_ask(asked: Asked) -> Select[Any]:
    """Donors whom only gifts without a name keep from being found: they are asked whether they agree."""
    seen, without = named(asked, with_hidden=True).order_by(None).subquery(), found(asked).subquery()
    rows = select(seen).where(seen.c.donor_id.not_in(select(without.c.donor_id)))
    return rows.order_by(seen.c.amount.desc(), seen.c.donor_id)


def standing_of(candidate_id: Any) -> Any:
    """What of a candidate's evidence still stands today, đồng, as a column (candidate of the row)."""
    now = Donation.amount - _given_back()
    kept = case((is_reversed(), 0), (RewardEvidence.amount < now, RewardEvidence.amount), else_=now)
    rows = select(func.coalesce(func.sum(kept), 0)).select_from(RewardEvidence)
    rows = rows.join(Donation, Donation.id == RewardEvidence.donation_id)
    return rows.where(RewardEvidence.candidate_id == candidate_id)
