"""From the form of a gift to the records it names: its donor, the goods of the catalogue, the pledge it fulfils."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import request
from flask_login import current_user
from sqlalchemy import select

from portal.donations import queries
from portal.donations.forms import GiftForm, GoodsRow
from portal.donations.gifts import Part, Posted, RefusedGift
from portal.donations.models import Donation
from portal.donors import taking
from portal.donors.forms import says_new
from portal.goods.catalogue import lot_for
from portal.goods.models import Store
from portal.goods.queries import items_by_text, usual_prices
from portal.goods.rules import format_quantity, parse_quantity, value_of
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.ledger.models import Fund
from portal.pledges import actions as pledges
from portal.units.models import Unit


def donor_id_of(form: GiftForm, unit: Unit) -> int | None:
    """The donor that was taken, or a new one where the person has said so."""
    return taking.donor_id_of(
        donor_id=form.donor_id.data,
        name=form.donor_name.data,
        kind=form.donor_kind.data,
        address=form.address.data,
        is_new=says_new(request.form),
        unit=unit,
        by=current_user,
    )


def stocked(form: GiftForm, unit: Unit, fund: Fund) -> list[Part]:
    """The parts; goods of the catalogue with their store and quantity. Raises RefusedGift."""
    parts = form.parts()
    first = len(parts) - len(form.rows)
    meant = items_by_text([row.goods.data for row in form.rows if isinstance(row, GoodsRow)])
    prices = usual_prices([item.id for item in meant.values()]) if meant else {}
    for place, row in enumerate(form.rows, start=first):
        if not isinstance(row, GoodsRow):
            continue
        item = meant.get(row.goods.data or "")
        try:
            if item is None and row.store_id.data:
                raise Refused(
                    "Hiện vật này chưa có trong danh mục nên chưa nhập kho được. Chọn mặt hàng, hoặc bỏ kho.",
                    "goods",
                )
            if item is None:
                continue
            store_id = row.store_id.data or _only_store(unit, fund)
            if store_id is None:
                parts[place] = replace(
                    parts[place], goods=item.name, measure=row.measure.data or item.measure
                )
                continue
            packs = {pack.name: pack.holds for pack in item.packs}
            size = parse_quantity(row.quantity.data, packs, measure=item.measure)
        except Refused as refused:
            raise RefusedGift(refused, 0, place) from refused
        parts[place] = replace(
            parts[place],
            amount=row.amount.data or _usual_value(row, size, prices.get(item.id)),
            goods=item.name,
            quantity=format_quantity(size),
            measure=item.measure,
            item_id=item.id,
            store_id=store_id,
            thousandths=size,
            lot_id=lot_for(item.id, row.lot_code.data, row.expires_on.data),
        )
    return parts


def _usual_value(row: GoodsRow, size: int, price: int | None) -> int:
    """Đồng at the last price, where the person wants it; 0 = not valued."""
    return (value_of(size, price) or 0) if row.usual_price.data else 0


def _only_store(unit: Unit, fund: Fund) -> int | None:
    """The unit's store when it has one alone: nobody has to choose it."""
    here = (Store.unit_id == unit.id) & (Store.fund_id == fund.id) & Store.closed_on.is_(None)
    ids = db.session.scalars(select(Store.id).where(here).limit(2)).all()
    return ids[0] if len(ids) == 1 else None


def fulfil(row: Any, posted: Posted) -> None:
    """The gift fulfils the pledge, part by part, as far as the pledge goes."""
    terms = row.PledgeTerms
    left = None if terms.amount is None else terms.amount - row.come
    for part in queries.parts_of(db.session.get_one(Donation, posted.donation_id)):
        amount = part.amount if left is None else min(part.amount, left)
        if amount <= 0:
            continue
        pledges.fulfil(
            terms.pledge,
            posting_number=part.posting_number,
            ordinal=part.ordinal,
            amount=amount,
            by=current_user,
        )
        left = None if left is None else left - amount
