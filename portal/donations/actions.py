"""What may be done to gifts. Flushes; the caller commits. Whatever a person may get wrong raises Refused."""

from __future__ import annotations

from datetime import date

from portal.campaigns.models import Campaign
from portal.donations.gifts import Gift, Part
from portal.donations.models import Donation
from portal.donations.posting import post_gifts
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.ledger import actions as ledger
from portal.ledger.models import BankAccount, Fund, ReversalRequest
from portal.people.models import User
from portal.units.models import Unit


def record_donation(
    *,
    unit: Unit,
    fund: Fund,
    campaign: Campaign | None,
    form: str,
    amount: int,
    day: date,
    donor_name: str | None,
    donor_kind: str | None = None,
    address: str | None = None,
    shown_as: str | None = None,
    goods: str | None = None,
    quantity: str | None = None,
    measure: str | None = None,
    paper_number: str | None = None,
    text: str | None = None,
    note: str | None = None,
    bank_account: BankAccount | None = None,
    identity: str | None = None,
    by: User | None,
) -> Donation:
    """Post one gift of one part, `amount` đồng, and index it for the public search, in this transaction.

    The rules are those of `posting.post_gifts`. Raises Refused (fields amount, day, campaign_id, …).
    """
    part = Part(
        form=form,
        amount=amount,
        bank_account_id=bank_account.id if bank_account else None,
        goods=goods,
        quantity=quantity,
        measure=measure,
    )
    gift = Gift(
        day=day,
        unit_id=unit.id,
        fund_id=fund.id,
        campaign_id=campaign.id if campaign else None,
        parts=(part,),
        donor_name=donor_name,
        donor_kind=donor_kind,
        address=address,
        shown_as=shown_as,
        paper_number=paper_number,
        text=text,
        note=note,
        identity=identity,
    )
    (posted,) = post_gifts([gift], by=by)
    return db.session.get_one(Donation, posted.donation_id)


def request_reversal(donation: Donation, *, reason: str, by: User) -> ReversalRequest:
    """Ask for the reversal of a gift's whole document; another person decides. Raises Refused."""
    if donation.posting.kind == "statement":
        raise Refused(
            "Khoản này vào sổ theo sao kê ngân hàng, không đảo riêng từng dòng được. "
            "Nếu sao kê nạp nhầm, báo kế toán để xử lý cả tệp sao kê."
        )
    return ledger.request_reversal(donation.posting, reason=reason, by=by)
