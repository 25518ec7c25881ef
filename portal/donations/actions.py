"""What may be done to gifts. Flushes; the caller commits. Whatever a person may get wrong raises Refused."""

from __future__ import annotations

from datetime import date

from portal.campaigns.models import Campaign
from portal.donations import queries, search
from portal.donations.gifts import Gift, Part
from portal.donations.models import Donation
from portal.donations.posting import post_gifts
from portal.donations.reclassification import (
    decide_reclassification,
    reclassify,
    request_reclassification,
)
from portal.donations.refunds import check_not_refunded, decide_refund, request_refund
from portal.donations.rules import SHOWN_AS, check_choice
from portal.donors.models import Donor
from portal.kit import audit
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.ledger import actions as ledger
from portal.ledger.models import BankAccount, Fund, ReversalRequest
from portal.people.models import User
from portal.units.models import Unit

__all__ = [
    "change_shown_as",
    "decide_reclassification",
    "decide_refund",
    "identify_donor",
    "reclassify",
    "record_donation",
    "request_reclassification",
    "request_refund",
    "request_reversal",
]


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


def identify_donor(
    donation: Donation,
    donor: Donor | None,
    *,
    name: str | None = None,
    kind: str | None = None,
    address: str | None = None,
    shown_as: str | None = None,
    by: User,
) -> None:
    """Say who gave, after the money came: a known donor or a name; for all parts of the gift. Raises Refused."""
    parts = queries.parts_of(donation)
    if donation.donor_id is not None or (donation.donor_name and not donation.donor_pending):
        raise Refused("Khoản này đã có tên người ủng hộ. Tải lại trang để xem.")
    name = (name or "").strip() or (donor.name if donor else "")
    if not name:
        raise Refused("Chưa có tên. Chọn người ủng hộ đã có, hoặc gõ họ tên.", "donor_name")
    check_choice(shown_as, SHOWN_AS, "shown_as")
    with audit.acting(by.id, by.name):
        for part in parts:
            part.donor_id, part.donor_name = donor.id if donor else None, name
            part.donor_kind = kind or (donor.kind if donor else None) or part.donor_kind
            part.address = address or (donor.address if donor else None) or part.address
            part.shown_as = shown_as or part.shown_as
            part.donor_pending = False
        db.session.flush()
    for part in parts:
        search.reindex(part)


def change_shown_as(donation: Donation, shown_as: str | None, *, by: User) -> None:
    """The donor wants to be shown otherwise (None = not asked); public pages and search follow. Raises Refused."""
    check_choice(shown_as, SHOWN_AS, "shown_as")
    parts = queries.parts_of(donation)
    with audit.acting(by.id, by.name):
        for part in parts:
            part.shown_as = shown_as
        db.session.flush()
    for part in parts:
        search.reindex(part)


def request_reversal(donation: Donation, *, reason: str, by: User) -> ReversalRequest:
    """Ask for the reversal of a gift's whole document; another person decides. Raises Refused."""
    if donation.posting.kind == "statement":
        raise Refused(
            "Khoản này vào sổ theo sao kê ngân hàng, không đảo riêng từng dòng được. "
            "Nếu sao kê nạp nhầm, kế toán mở trang của sao kê đó và chọn “Hoàn lại cả lần nạp”."
        )
    check_not_refunded(queries.parts_of(donation), "đảo")
    return ledger.request_reversal(donation.posting, reason=reason, by=by)
