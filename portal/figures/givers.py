"""How many gifts and givers, and what came through the donors whom a unit has introduced."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import aliased

from portal.campaigns.models import Campaign
from portal.donations.members import people_of
from portal.donations.models import Donation, GroupMember
from portal.donations.rules import GOODS
from portal.donors.models import Donor
from portal.figures.gifts import gift_rows, gifts_in, parts_anywhere, unvalued_in
from portal.figures.scope import Scope
from portal.figures.values import DONG, Definition, FigureValue, answered
from portal.kit.db import db
from portal.kit.vietnamese import fold
from portal.ledger.models import Posting, Transfer
from portal.units.models import Unit

COUNT = Definition(
    "received.count",
    "Số khoản ủng hộ",
    "khoản",
    "Số khoản ủng hộ ghi sổ trong kỳ, kể cả hiện vật, trừ những khoản đã đảo; một khoản nhiều hình thức đếm "
    "một lần, theo đợt mà khoản đang thuộc về.",
)
DONORS = Definition(
    "received.donors",
    "Số người ủng hộ",
    "người",
    "Số người và tổ chức khác nhau đã ủng hộ trong kỳ; khoản góp chung đếm đủ số người góp; khoản không rõ "
    "tên không tính.",
)
UNVALUED = Definition(
    "received.goods_unvalued",
    "Hiện vật chưa quy đổi",
    "phần",
    "Số phần hiện vật nhận trong kỳ mà chưa có giá trị quy đổi; đứng ngoài mọi số tiền.",
)
INTRODUCED = Definition(
    "received.introduced",
    "Tiền qua nhà hảo tâm do đơn vị giới thiệu",
    DONG,
    "Tiền ủng hộ trong kỳ, nhận ở bất cứ đơn vị nào, của những nhà hảo tâm do đơn vị này giới thiệu; không "
    "cộng thêm vào số đã nhận.",
)
FIGURES = (COUNT, UNVALUED, INTRODUCED, DONORS)  # the cheap ones first: public pages ask for them


def compute(scope: Scope) -> Iterator[FigureValue]:
    """Every figure: gifts in one statement, then a statement each; two for the givers."""
    both = [
        select(func.count()).select_from(rows).scalar_subquery()
        for rows in (gift_rows(scope), unvalued_in(scope).subquery())
    ]
    count, unvalued = db.session.execute(select(*both)).one()
    yield answered(COUNT, count)
    yield answered(UNVALUED, unvalued)
    amounts = select(func.coalesce(func.sum(Donation.amount), 0)).where(Donation.id.in_(_introduced(scope)))
    yield answered(INTRODUCED, int(db.session.scalar(amounts) or 0))
    yield answered(DONORS, _single_givers(scope) + _people_of_groups(scope))


def _single_givers(scope: Scope) -> int:
    """Donors with all that are merged into them, and names that no such donor bears, each once."""
    family = func.coalesce(Donor.merged_into_id, Donor.id)
    listed = select(GroupMember.donation_id).where(GroupMember.struck.is_(False))
    gifts = gift_rows(scope, Donation.donor_id, Donation.donor_name, Donation.people)
    rows = (
        select(family, gifts.c.donor_name)
        .select_from(gifts)
        .outerjoin(Donor, Donor.id == gifts.c.donor_id)
        .where(
            gifts.c.people.is_(None),
            gifts.c.id.not_in(listed),
            gifts.c.donor_name.is_not(None) | gifts.c.donor_id.is_not(None),
        )
        .distinct()
    )
    donors: set[int] = set()
    theirs: set[str] = set()
    others: set[str] = set()
    for donor_id, name in db.session.execute(rows.execution_options(yield_per=5_000)):
        (others if donor_id is None else theirs).add(fold(name))
        if donor_id is not None:
            donors.add(donor_id)
    return len(donors) + len(others - theirs - {""})


def _people_of_groups(scope: Scope) -> int:
    """The givers behind one bag or one transfer: as many as were said, or as are named."""
    gifts = gift_rows(scope, Donation.people)
    named = and_(GroupMember.donation_id == gifts.c.id, GroupMember.struck.is_(False))
    rows = (
        select(gifts.c.people, func.count(GroupMember.id))
        .select_from(gifts)
        .outerjoin(GroupMember, named)
        .where(gifts.c.people.is_not(None) | GroupMember.id.is_not(None))
        .group_by(gifts.c.id, gifts.c.people)
    )
    return sum(people_of(people, listed) for people, listed in db.session.execute(rows))


def _introduced(scope: Scope) -> Select[tuple[int]]:
    """Ids of the money parts whose donor a unit of the scope has introduced."""
    kept, units = aliased(Donor), scope.units()
    families = select(kept.id).where(kept.introduced_by_id.in_(units))
    with_family = Donor.introduced_by_id.is_(None) & Donor.merged_into_id.in_(families)
    donors = select(Donor.id).where(Donor.introduced_by_id.in_(units) | with_family)
    return parts_anywhere(scope).where(Donation.donor_id.in_(donors), Donation.form != GOODS)


def rows(scope: Scope, key: str) -> Iterator[dict[str, Any]] | None:
    """The gifts behind a figure, without names; None for other keys."""
    behind = {
        COUNT.key: gifts_in,
        DONORS.key: gifts_in,
        UNVALUED.key: unvalued_in,
        INTRODUCED.key: _introduced,
    }.get(key)
    return _told(behind(scope)) if behind else None


def _told(ids: Select[tuple[int]]) -> Iterator[dict[str, Any]]:
    here = (Transfer.posting_number == Donation.posting_number) & (Transfer.ordinal == Donation.ordinal)
    gifts = (
        select(Donation, func.coalesce(Transfer.booked_on, Posting.booked_on), Unit.code, Campaign.code)
        .join(Posting, Posting.number == Donation.posting_number)
        .outerjoin(Transfer, here)
        .join(Unit, Unit.id == Donation.unit_id)
        .outerjoin(Campaign, Campaign.id == Donation.campaign_id)
        .where(Donation.id.in_(ids))
    )
    found = db.session.execute(gifts.order_by(Donation.id).execution_options(yield_per=1_000))
    return (
        {
            "gift": gift.code,
            "day": day.isoformat(),
            "posting": gift.posting_number,
            "unit": unit,
            "campaign": campaign,
            "form": gift.form,
            "amount": gift.amount,
        }
        for gift, day, unit, campaign in found
    )
