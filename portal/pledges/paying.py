"""How a pledge of money is kept by transfer: its own code, the genuine account, what is still to come."""

from __future__ import annotations

from portal.ledger.paying import Payment, Payments, payment_to
from portal.pledges.models import PledgeTerms
from portal.pledges.rules import MONEY


def payment_of(terms: PledgeTerms, left: int, known: Payments | None = None) -> Payment | None:
    """The transfer of what is still to come (`left` đồng) of a pledge; None when nothing is, or without an account.

    In instalments the payer says how much: the same paper serves for each of them. The account is the pledge's own
    unit's, else the one of its campaign's unit. `known` serves the papers of many pledges.
    """
    known = known or Payments()
    if terms.kind != MONEY or terms.cancelled_on is not None or left <= 0:
        return None
    units = [terms.pledge.unit_id, *([terms.campaign.unit_id] if terms.campaign else [])]
    account = known.account(terms.pledge.fund_id, units)
    if account is None:
        return None
    amount = left if len(terms.instalments) <= 1 else None
    return payment_to(account, terms.pledge.transfer_code, amount=amount, known=known)
