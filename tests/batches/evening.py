"""An evening for tests: a batch of a commune, its lines, and how a page sends one."""

from __future__ import annotations

from datetime import date
from typing import Any

from portal.batches import actions, lines
from portal.batches.models import GiftBatch, GiftDraft
from portal.batches.pasted import Pasted
from portal.batches.queries import totals_of
from portal.campaigns.models import Campaign
from portal.kit.db import db
from portal.people.models import User
from portal.units.models import Unit
from tests.cast import make_fund

DAY = date(2026, 11, 2)


def make_batch(*, unit: Unit, by: User, campaign: Campaign | None = None, **values: Any) -> GiftBatch:
    """A batch that is being typed; control totals are set by `settle`."""
    values = {"title": "Lễ phát động", "day": DAY, "form": "cash", **values}
    values["campaign_id"] = campaign.id if campaign else None
    return actions.make_batch(unit=unit, fund=make_fund(), by=by, values=values)


def add_line(
    batch: GiftBatch, by: User, donor: str = "Nguyễn Văn An", amount: str = "500.000", **cells: Any
) -> GiftDraft:
    """One line as its page would send it."""
    number = db.session.query(GiftDraft).count()
    typed = lines.Typed({"donor": donor, "amount": amount, **cells}, key=f"dong-{number}")
    draft = lines.save_line(batch, typed, by=by, act=f"lan-{number}")
    assert draft is not None
    return draft


def fill(batch: GiftBatch, by: User, count: int) -> None:
    """`count` sound lines of different people, 10.000 đồng and more each."""
    rows = [
        {
            "donor": f"Người số {number}",
            "address": f"ấp {number % 9}",
            "amount": f"{10 + number}.000" if number < 990 else "1tr",
        }
        for number in range(count)
    ]
    lines.paste(batch, Pasted(rows, [], True), at=None, by=by, act=f"dan-{batch.id}")


def settle(batch: GiftBatch) -> None:
    """The slip says what was typed."""
    totals = totals_of(batch)
    batch.control_count, batch.control_sum = totals.count, totals.sum
    db.session.flush()


def hand_in(batch: GiftBatch, by: User) -> None:
    """Ready for the second person."""
    settle(batch)
    actions.hand_in(batch, by=by)
