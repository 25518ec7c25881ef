"""What tests of allocations start from: money in a box, a paid voucher to another unit. Keywords only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import count
from typing import Any

from portal.allocations.models import Allocation
from portal.campaigns.models import Campaign
from portal.donations.actions import record_donation
from portal.figures.registry import compute
from portal.figures.scope import Scope
from portal.kit.db import db
from portal.ledger.models import Fund
from portal.people.models import User
from portal.units.models import Unit
from tests.cast import make_donation
from tests.ledger.test_state_machine import KEYS
from tests.spending.builders import DAY, make_decision, make_payment, make_row

_numbers = count(1)
MONEY = (*KEYS, "balance.on_the_way")
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def make_allocation(
    *,
    unit: Unit,
    to_unit: Unit,
    rows: Sequence[tuple[Campaign | None, int]],
    maker: User,
    approver: User,
    payer: User | None = None,
    day: date = DAY,
    fund: Fund | None = None,
    **details: Any,
) -> Allocation:
    """A voucher to another unit, paid: `rows` are (campaign, đồng)."""
    decision = make_decision(
        unit=unit,
        maker=maker,
        issuer=approver,
        fund=fund,
        number=f"{next(_numbers)}/QĐ-MTTQ",
        rows=[make_row(campaign=campaign, amount=amount, receiver=to_unit.name) for campaign, amount in rows],
        subject="Về việc phân bổ kinh phí",
    )
    voucher = make_payment(
        decision=decision,
        maker=maker,
        approver=approver,
        payer=payer,
        day=day,
        what="allocation",
        to_unit=to_unit,
        content=f"Phân bổ kinh phí cho {to_unit.name}",
        **details,
    )
    return db.session.get_one(Allocation, voucher.id)


def give(*, unit: Unit, campaign: Campaign | None, amount: int, fund: Fund, **details: Any) -> None:
    """Cash in the box of any unit, for a campaign or "chung"."""
    if campaign is not None:
        make_donation(campaign=campaign, unit=unit, amount=amount, **details)
        return
    record_donation(
        unit=unit, fund=fund, campaign=None, form="cash", amount=amount, day=date(2026, 11, 2),
        donor_name="Nguyễn Văn An", by=None,
    )  # fmt: skip


def figures(unit: Unit, campaign: Campaign | None = None, period: tuple[date, date] = YEAR) -> dict[str, Any]:
    """The figures of money of a unit with all below."""
    return {key: figure.value for key, figure in compute(Scope(unit, *period, campaign), MONEY).items()}
