"""Builders of pledges and of what happens to gifts, keyword-only."""

from __future__ import annotations

from datetime import date
from typing import Any

from portal.campaigns.models import Campaign
from portal.donations.models import Donation, Refund
from portal.kit.db import db, now
from portal.ledger.actions import account_for, post, reverse
from portal.ledger.models import Posting
from portal.ledger.rules import Line
from portal.people.models import User
from portal.pledges.actions import record_pledge
from portal.pledges.models import Pledge
from portal.units.models import Unit
from tests.cast import make_fund

DAY = date(2026, 11, 2)


def make_pledge(
    *, unit: Unit, by: User | None = None, campaign: Campaign | None = None, **details: Any
) -> Pledge:
    """Five million đồng promised by Nguyễn Văn An, with changes."""
    usual = {"pledged_on": DAY, "donor_name": "Nguyễn Văn An", "amount": 5_000_000}
    return record_pledge(unit=unit, fund=make_fund(), campaign=campaign, by=by, **{**usual, **details})


def refund(*, gift: Donation, amount: int, by: User, second: User) -> Posting:
    """A refund as the books keep it: an approved request and its document."""
    fields = {"unit_id": gift.unit_id, "fund_id": gift.posting.fund_id}
    refunded = account_for(kind="refunded", campaign_id=gift.campaign_id, **fields)
    line = Line(account_for(kind="cash", **fields), refunded, amount)
    posting = post(
        "refund", unit=gift.unit, fund=gift.posting.fund, document_on=gift.donated_on, lines=[line], by=by,
        second=second, reason="Chuyển nhầm",
    )  # fmt: skip
    asked = Refund(
        donation_id=gift.id, amount=amount, place="cash", receiver="Nguyễn Văn An", reason="Chuyển nhầm",
        requested_by_id=by.id, decided_by_id=second.id, decided_at=now(), approved=True,
        posting_number=posting.number,
    )  # fmt: skip
    db.session.add(asked)
    db.session.flush()
    return posting


def turn_back(*, gift: Donation, by: User, second: User) -> Posting:
    """The reversal of a gift's document."""
    return reverse(gift.posting, reason="Ghi nhầm", by=by, second=second)
