"""The sample's evening: one batch handed in for the second person, one half typed; a store counted; papers printed."""

from __future__ import annotations

import random
from datetime import date, timedelta

from portal.batches import actions, lines
from portal.batches.models import GiftBatch
from portal.batches.pasted import Pasted
from portal.batches.queries import totals_of
from portal.campaigns.models import Campaign
from portal.donations.models import Donation
from portal.goods.counts import Found, request_count
from portal.goods.models import Item, Store
from portal.kit.access import RECORDER
from portal.kit.money import format_amount
from portal.people.models import User
from portal.receipts.actions import make_run
from portal.receipts.actions_papers import make_donor_paper
from portal.receipts.queries import PAPER, papers
from portal.receipts.rules import THANKS
from portal.sample.names import HAMLETS, amount, giver
from portal.sample.province import Province

HANDED_IN, HALF_TYPED, ENVELOPES = 24, 9, 15
ONE = 1_000  # thousandths of a measure


def type_batches(province: Province, campaign: Campaign, chance: random.Random, today: date) -> None:
    """Two batches of the launching ceremony; the second envelope slip says more than is typed yet."""
    by = province.people[RECORDER]
    first = _batch(province, campaign, "Lễ phát động, hội trường xã", today - timedelta(days=1), by)
    _fill(first, HANDED_IN, chance, by)
    totals = totals_of(first)
    actions.change_batch(first, {"control_count": totals.count, "control_sum": totals.sum}, by=by)
    actions.hand_in(first, by=by)
    second = _batch(province, campaign, "Phong bì các ấp gửi về", today, by)
    _fill(second, HALF_TYPED, chance, by)
    typed = totals_of(second).sum
    controls = {"control_count": ENVELOPES, "control_sum": typed + 2_350_000, "counted_by": "Lê Văn Hậu"}
    actions.change_batch(second, controls, by=by)


def _batch(province: Province, campaign: Campaign, title: str, day: date, by: User) -> GiftBatch:
    values = {
        "title": title,
        "campaign_id": campaign.id,
        "day": max(day, campaign.starts_on),
        "form": "cash",
        "holder_id": by.id,
    }
    return actions.make_batch(unit=province.communes[0], fund=province.fund, by=by, values=values)


def _fill(batch: GiftBatch, count: int, chance: random.Random, by: User) -> None:
    rows = [
        {
            "donor": giver(chance),
            "address": chance.choice(HAMLETS),
            "amount": format_amount(amount(chance)),
            "shown_as": chance.choice(("Họ tên", "Viết tắt", "")),
        }
        for _ in range(count)
    ]
    lines.paste(batch, Pasted(rows, [], True), at=None, by=by, act=f"mau-{batch.id}")


def count_store(store: Store, items: dict[str, Item], *, by: User, today: date) -> None:
    """One blanket more than in the books, half a sack of rice less: waits for approval."""
    rows = [
        Found(items["blanket"].id, None, 61 * ONE, "Tìm thấy một cái ở kệ sau"),
        Found(items["rice"].id, None, 395 * ONE, "Một bao rách"),
    ]
    request_count(
        store=store, counted_on=today, rows=rows, by=by, members="Lê Văn Hậu, Phạm Ngọc Lan", remark=None
    )


def print_papers(gifts: list[Donation], *, by: User, today: date) -> None:
    """A print that has not ended, and a letter of thanks."""
    make_run(papers().where(PAPER.c.donation_id.in_([gift.id for gift in gifts])), by=by)
    thanked = gifts[0]
    values = {
        "number": f"15/TCO-BVĐ-{today.year}",
        "made_on": today,
        "addressee": thanked.donor_name,
        "address": thanked.address,
    }
    make_donor_paper(thanked, THANKS, values, by=by)
