"""Gifts of all kinds for the tests of receipts; keywords only, flushed, never committed."""

from __future__ import annotations

from datetime import date
from typing import Any

from portal.campaigns.models import Campaign
from portal.donations.gifts import Foreign, Gift, Part
from portal.donations.models import Donation
from portal.donations.posting import post_gifts
from portal.goods.models import Item, Store
from portal.kit.db import db
from portal.kit.vietnamese import fold
from portal.people.models import User
from portal.receipts import queries
from portal.receipts.queries import PAPER

DAY = date(2026, 10, 19)
PREFIX = "https://quy.example/khoan-ung-ho/"
TEXTS = {
    "head": "Nguyễn Thanh Bình",
    "accountant": "Trần Thị Mỹ Duyên",
    "treasurer": "Lê Văn Hậu",
    "address": "Ấp Phú Lợi, xã Tân Phú Hòa",
    "signer_name": "Nguyễn Thanh Bình",
}
USD = Foreign("USD", 125_050, 254_100_000, "Vietcombank, mua tiền mặt", DAY)  # 1.250,50 USD
COMPANY = {
    "donor_name": "Công ty TNHH Hưng Thịnh",
    "donor_kind": "company",
    "address": "Số 125 Nguyễn Văn Linh",
}


def give(campaign: Campaign, *parts: Part, by: User | None = None, day: date = DAY, **giver: Any) -> Donation:
    """One gift of these parts, posted; returns its first part."""
    gift = Gift(
        day=day,
        unit_id=giver.pop("unit_id", campaign.unit_id),
        fund_id=campaign.fund_id,
        campaign_id=campaign.id,
        parts=parts,
        **{"donor_name": "Đỗ Thị Kim Ngân", **giver},
    )
    (posted,) = post_gifts([gift], by=by)
    return db.session.get_one(Donation, posted.donation_id)


def cash(amount: int = 1_000_000) -> Part:
    """Cash in the box."""
    return Part("cash", amount)


def bank(amount: int = 20_000_000) -> Part:
    """A transfer whose account nobody has told."""
    return Part("bank", amount)


def rice(campaign: Campaign, kilos: int = 200, value: int = 3_600_000) -> Part:
    """Goods of the catalogue into a store of the campaign's unit."""
    store = Store(
        code=f"K{campaign.id}-{kilos}",
        name="Kho ấp Phú Lợi",
        unit_id=campaign.unit_id,
        fund_id=campaign.fund_id,
        keeper_name="Võ Văn Kho",
    )
    item = Item(code=f"GAO{campaign.id}-{kilos}", name="Gạo tẻ", folded=fold("Gạo tẻ"), measure="kg")
    db.session.add_all([store, item])
    db.session.flush()
    return Part("goods", value, item_id=item.id, store_id=store.id, thousandths=kilos * 1_000)


def papers_of(*gifts: Donation):
    """A select of the papers of these gifts, as a print takes it."""
    return queries.papers().where(PAPER.c.donation_id.in_([gift.id for gift in gifts]))
