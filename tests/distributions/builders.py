"""Lists for tests: a household in a hamlet, a draft with portions, a list brought as far as wanted. Keywords only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from portal.campaigns.models import Campaign
from portal.distributions.actions_decide import approve_list, draft_decision
from portal.distributions.actions_list import PortionFields, create_list, set_portions
from portal.distributions.actions_lock import lock_list
from portal.distributions.actions_release import release
from portal.distributions.actions_rows import add_households
from portal.distributions.models import Distribution, Portion
from portal.goods.models import Item, Store
from portal.households.models_registry import Household
from portal.kit.db import db
from portal.people.models import User
from portal.spending.actions import issue_decision
from portal.spending.actions_vouchers import pay_voucher
from portal.spending.models import Decision
from portal.units.models import Unit
from tests.cast import make_fund

DAY = date(2026, 11, 12)
_numbers = iter(range(1, 1_000_000))


def make_list(
    *,
    unit: Unit,
    maker: User,
    households: Sequence[Household] = (),
    amount: int | None = 500_000,
    item: Item | None = None,
    quantity: int = 1,
    campaign: Campaign | None = None,
    officer: User | None = None,
    store: Store | None = None,
    **head: Any,
) -> Distribution:
    """A draft with one portion "Suất quà": money (None = none) and `quantity` measures of `item`."""
    head = {
        "name": "Tặng quà Tết 2027",
        "content": "Tặng quà Tết 2027",
        "purpose": "gifts",
        "handed_on": DAY,
        "way": "advance" if amount else "none",
        **head,
    }
    made = create_list(
        unit=unit,
        fund=make_fund(),
        by=maker,
        campaign_id=campaign.id if campaign else None,
        officer_id=(officer or maker).id,
        store_id=store.id if store else None,
        **head,
    )
    goods = {item.id: quantity * 1_000} if item else None
    (portion,) = set_portions(made, [PortionFields("Suất quà", amount, goods)], by=maker)
    if households:
        add_households(made, [one.id for one in households], portion=portion, by=maker)
    return made


def portion_of(distribution: Distribution) -> Portion:
    """The first portion of a list."""
    db.session.expire(distribution, ["portions"])
    return distribution.portions[0]


def decide(
    distribution: Distribution, *, maker: User, issuer: User | None, decided_on: date = DAY, **head: Any
) -> Decision:
    """The decision of a locked list, in force when there is an `issuer`."""
    head = {
        "kind": "decision",
        "subject": "Về việc tặng quà hộ nghèo",
        "number": f"{next(_numbers)}/QĐ-T",
        **head,
    }
    decision = draft_decision(distribution, by=maker, decided_on=decided_on, **head)
    if issuer is not None:
        issue_decision(decision, by=issuer)
    return decision


def make_approved(*, maker: User, approver: User, **details: Any) -> Distribution:
    """A list that is locked, decided and approved."""
    made = make_list(maker=maker, **details)
    lock_list(made, by=maker)
    decide(made, maker=maker, issuer=approver)
    return approve_list(made, by=approver)


def make_released(*, maker: User, approver: User, day: date = DAY, **details: Any) -> Distribution:
    """A list whose money is paid and whose goods are in the officer's hand."""
    made = make_approved(maker=maker, approver=approver, **details)
    release(made, by=maker, on=day)
    if made.voucher is not None:
        pay_voucher(made.voucher, paid_on=day, by=maker)
    return made
