"""Rounds of gifts as everybody may read them: counts, goods, money, place and day of the hand-over; the commune only.

What was given is what stands in the books: money that was signed for or released later, goods that were issued. Of
households nothing but counts is read here, except names under a recorded consent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import joinedload

from portal.advances.models import PutAside, Settlement, SettlementRow
from portal.campaigns.models import Campaign
from portal.distributions import given
from portal.distributions.models import Distribution, DistributionGoods, DistributionRow, Portion
from portal.distributions.models_handover import KeptPortion, NameConsent
from portal.distributions.queries_handover import ISSUED
from portal.distributions.rules import BANK, CLOSED, NO_MONEY, RELEASED
from portal.files.album import public_pictures
from portal.files.models import Picture
from portal.goods.models import Item, StockMovement
from portal.goods.rules import format_quantity
from portal.kit.db import db
from portal.kit.masking import mask_public
from portal.spending.models import Voucher, VoucherRow
from portal.spending.rules import PAID

SHOWN = (RELEASED, CLOSED)
KIND = "distribution"


class Counts(NamedTuple):
    """Households of a list. `absent`: they came away empty, what is theirs is kept."""

    households: int
    received: int
    absent: int


NOBODY = Counts(0, 0, 0)


@dataclass(frozen=True)
class Round:
    """One list that is or was handed out. Amounts in đồng.

    `money` None: the round has no money, or (`has_money`) nobody has given an account of it yet.
    """

    id: int
    name: str
    unit: str
    day: date
    place: str
    campaign: str | None
    campaign_code: str | None
    is_closed: bool
    households: int
    received: int
    absent: int
    has_money: bool
    money: int | None
    kept: int
    goods: list[str] = field(default_factory=list)

    @property
    def goods_text(self) -> str:
        """ "Gạo 640 kg, dầu ăn 128 lít"; "" without goods."""
        return ", ".join(self.goods)


@dataclass(frozen=True)
class RoundPage:
    """One round with the portions of its households, names under consent, published photos."""

    round: Round
    portions: list[tuple[str, int | None, str, int]]  # name, đồng, goods in words, households that got it
    names: list[str]
    photos: Sequence[Picture]


def shown() -> Select[Any]:
    """Lists of which everybody is told, the newest day first."""
    rows = select(Distribution).where(Distribution.state.in_(SHOWN))
    loaded = joinedload(Distribution.unit), joinedload(Distribution.campaign)
    return rows.options(*loaded).order_by(Distribution.handed_on.desc(), Distribution.id.desc())


def rounds(campaign: Campaign | None = None) -> list[Round]:
    """Every round, or those of a campaign. The number of statements does not grow with them."""
    wanted = shown()
    if campaign is not None:
        wanted = wanted.where(Distribution.campaign_id == campaign.id)
    return _told(list(db.session.scalars(wanted)))


def round_page(number: int) -> RoundPage | None:
    """One round; None when there is none that everybody is told of."""
    distribution = db.session.scalar(shown().where(Distribution.id == number))
    if distribution is None:
        return None
    (told,) = _told([distribution])
    return RoundPage(told, _portions(number), _names(number), public_pictures(KIND, number))


def _told(lists: list[Distribution]) -> list[Round]:
    ids = [one.id for one in lists]
    counts, money, kept, goods = _counts(ids), _money(lists), _kept(ids), _goods(ids)
    return [
        Round(
            id=one.id,
            name=mask_public(one.name),
            unit=one.unit.name,
            day=one.handed_on,
            place=mask_public(one.place),
            campaign=one.campaign.name if one.campaign else None,
            campaign_code=one.campaign.code if one.campaign else None,
            is_closed=one.state == CLOSED,
            **counts.get(one.id, NOBODY)._asdict(),
            has_money=one.way != NO_MONEY,
            money=money.get(one.id, 0 if one.state == CLOSED else None) if one.way != NO_MONEY else None,
            kept=kept.get(one.id, 0),
            goods=goods.get(one.id, []),
        )
        for one in lists
    ]


def _counts(ids: list[int]) -> dict[int, Counts]:
    """By list: its households, those that got their portion, and those that came away empty and are waited for."""
    waiting = DistributionRow.outcome.in_(given.MAY_GET) & ~given.got()
    rows = (
        select(
            DistributionRow.distribution_id,
            func.count(),
            func.sum(case((given.got(), 1), else_=0)),
            func.sum(case((waiting, 1), else_=0)),
        )
        .where(DistributionRow.distribution_id.in_(ids), DistributionRow.refused.is_(None))
        .group_by(DistributionRow.distribution_id)
    )
    return {list_id: Counts(*map(int, counted)) for list_id, *counted in db.session.execute(rows)}


def _money(lists: list[Distribution]) -> dict[int, int]:
    """What households got in money, by list: signed for, released later, or transferred; đồng."""
    by_voucher = {one.voucher_id: one.id for one in lists if one.voucher_id}
    transferred = {one.voucher_id for one in lists if one.way == BANK}
    paid = (
        select(VoucherRow.voucher_id, func.sum(SettlementRow.paid))
        .join(VoucherRow, VoucherRow.id == SettlementRow.voucher_row_id)
        .join(Settlement, Settlement.id == SettlementRow.settlement_id)
        .where(
            VoucherRow.voucher_id.in_(by_voucher),
            Settlement.approved.is_(True),
            Settlement.reversed.is_(False),
        )
    )
    released = (
        select(VoucherRow.voucher_id, func.sum(PutAside.amount))
        .join(VoucherRow, VoucherRow.id == PutAside.voucher_row_id)
        .where(VoucherRow.voucher_id.in_(by_voucher), *given.money_given())
    )
    by_bank = (
        select(VoucherRow.voucher_id, func.sum(VoucherRow.amount))
        .join(Voucher, Voucher.id == VoucherRow.voucher_id)
        .where(VoucherRow.voucher_id.in_(transferred), Voucher.state == PAID, VoucherRow.refused.is_(None))
    )
    aside = (
        select(VoucherRow.voucher_id, -func.sum(PutAside.amount))
        .join(PutAside, PutAside.voucher_row_id == VoucherRow.id)
        .where(VoucherRow.voucher_id.in_(transferred), PutAside.void.is_(False))
    )
    found: dict[int, int] = defaultdict(int)
    for rows in (paid, released, by_bank, aside):
        for voucher_id, amount in db.session.execute(rows.group_by(VoucherRow.voucher_id)):
            found[by_voucher[voucher_id]] += int(amount or 0)
    return found


def _kept(ids: list[int]) -> dict[int, int]:
    """Money put aside for who was absent and not given yet, by list; đồng."""
    rows = (
        select(DistributionRow.distribution_id, func.sum(PutAside.amount))
        .join(PutAside, PutAside.decision_row_id == DistributionRow.decision_row_id)
        .where(DistributionRow.distribution_id.in_(ids), PutAside.ended.is_(None), PutAside.void.is_(False))
        .group_by(DistributionRow.distribution_id)
    )
    return {list_id: int(amount) for list_id, amount in db.session.execute(rows)}


def _goods(ids: list[int]) -> dict[int, list[str]]:
    """Goods that households got, in words, by list: issued when signed for, or given later."""
    signed = (
        select(DistributionGoods.distribution_id, StockMovement.item_id, func.sum(-StockMovement.quantity))
        .join(StockMovement, StockMovement.posting_number == DistributionGoods.posting_number)
        .where(
            DistributionGoods.distribution_id.in_(ids),
            DistributionGoods.what == ISSUED,
            DistributionGoods.reversed.is_(False),
        )
        .group_by(DistributionGoods.distribution_id, StockMovement.item_id)
    )
    later = (
        select(DistributionRow.distribution_id, StockMovement.item_id, func.sum(-StockMovement.quantity))
        .join(KeptPortion, KeptPortion.row_id == DistributionRow.id)
        .join(StockMovement, StockMovement.posting_number == KeptPortion.end_number)
        .where(DistributionRow.distribution_id.in_(ids), *given.goods_given())
        .group_by(DistributionRow.distribution_id, StockMovement.item_id)
    )
    sums: dict[tuple[int, int], int] = defaultdict(int)
    for rows in (signed, later):
        for list_id, item_id, quantity in db.session.execute(rows):
            sums[list_id, item_id] += int(quantity)
    names = {
        item.id: item
        for item in db.session.scalars(select(Item).where(Item.id.in_({item_id for _, item_id in sums})))
    }
    found: dict[int, list[str]] = defaultdict(list)
    for (list_id, item_id), quantity in sorted(sums.items()):
        item = names[item_id]
        found[list_id].append(f"{item.name} {format_quantity(quantity)} {item.measure}")
    return found


def _portions(list_id: int) -> list[tuple[str, int | None, str, int]]:
    """What a household gets: name of the portion, đồng, goods in words, how many got it. Amounts of the decided rows."""
    rows = (
        select(Portion.name, DistributionRow.amount, DistributionRow.goods, func.count())
        .join(Portion, Portion.id == DistributionRow.portion_id)
        .where(
            DistributionRow.distribution_id == list_id,
            DistributionRow.refused.is_(None),
            given.got(),
        )
        .group_by(Portion.name, DistributionRow.amount, DistributionRow.goods)
        .order_by(Portion.name)
    )
    return [(name, amount, goods or "", int(n)) for name, amount, goods, n in db.session.execute(rows)]


def _names(list_id: int) -> list[str]:
    """Names of households that got their portion and agreed to be named: the name alone, nothing beside it."""
    consents = select(NameConsent.row_id).where(NameConsent.withdrawn.is_(None))
    rows = select(DistributionRow.receiver).where(
        DistributionRow.distribution_id == list_id,
        DistributionRow.refused.is_(None),
        given.got(),
        DistributionRow.id.in_(consents),
    )
    return [mask_public(name) for name in db.session.scalars(rows.order_by(DistributionRow.ordinal)) if name]
