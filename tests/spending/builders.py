"""What tests of spending start from: money in a campaign, a decision in force, a voucher on it. Keywords only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from portal.campaigns.models import Campaign
from portal.kit.db import db
from portal.ledger.models import Fund
from portal.people.models import User
from portal.spending.actions import RowFields, draft_decision, issue_decision
from portal.spending.actions_vouchers import approve_voucher, pay_voucher, prepare_voucher
from portal.spending.models import Decision, Voucher
from portal.spending.rules import Wanted
from portal.units.models import Unit
from tests.cast import make_donation, make_fund

DAY = date(2026, 11, 10)


def make_money(*, campaign: Campaign, amount: int = 10_000_000, **details: Any) -> None:
    """Cash in the box of the campaign's unit (or, with `form` and `bank_account`, in transit)."""
    make_donation(campaign=campaign, amount=amount, **details)


def make_row(*, campaign: Campaign | None = None, amount: int = 1_000_000, **details: Any) -> RowFields:
    """One row: an invented household's help."""
    wanted = {"receiver": "Hộ bà Trần Thị Mẫu", "purpose": "gifts", "households": 1, **details}
    return RowFields(amount=amount, campaign_id=campaign.id if campaign else None, **wanted)


def make_decision(
    *,
    unit: Unit,
    maker: User,
    issuer: User | None,
    rows: Sequence[RowFields],
    number: str = "12/QĐ-MTTQ-BTT",
    decided_on: date = DAY,
    fund: Fund | None = None,
    **head: Any,
) -> Decision:
    """A decision, in force when there is an `issuer`."""
    head = {"kind": "decision", "subject": "Về việc hỗ trợ hộ nghèo", **head}
    decision = draft_decision(
        unit=unit,
        fund=fund or make_fund(),
        rows=rows,
        by=maker,
        number=number,
        decided_on=decided_on,
        **head,
    )
    if issuer is not None:
        issue_decision(decision, by=issuer)
    return decision


def all_of(decision: Decision) -> list[Wanted]:
    """Every row, whole."""
    return [Wanted(row.id, row.amount) for row in decision.rows]


def make_voucher(*, decision: Decision, maker: User, approver: User | None = None, **details: Any) -> Voucher:
    """A voucher for the whole decision, approved when there is an `approver`."""
    details = {"wanted": all_of(decision), "content": "Chi hỗ trợ hộ nghèo", **details}
    voucher = prepare_voucher(decision, by=maker, **details)
    if approver is not None:
        approve_voucher(voucher, by=approver)
    return voucher


def make_payment(
    *,
    decision: Decision,
    maker: User,
    approver: User,
    payer: User | None = None,
    day: date = DAY,
    **details: Any,
) -> Voucher:
    """A voucher for the whole decision, paid."""
    voucher = make_voucher(decision=decision, maker=maker, approver=approver, **details)
    pay_voucher(voucher, paid_on=day, by=payer or maker)
    db.session.refresh(voucher)
    return voucher
