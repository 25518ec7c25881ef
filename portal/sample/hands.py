"""The sample's cash in hands: an officer holds some and hands a part over, a deposit, a count, a paper book."""

from __future__ import annotations

import random
from datetime import date, timedelta

from portal.campaigns.models import Campaign
from portal.cash.actions import count, deposit, hand_over
from portal.cash.queries import in_hand
from portal.cash.rules import DENOMINATIONS
from portal.donations.gifts import Gift, Part
from portal.donations.posting import post_gifts
from portal.kit.access import ACCOUNTANT, RECORDER
from portal.receipts.actions_books import give_out
from portal.sample.names import giver
from portal.sample.province import Province


def hold_cash(province: Province, campaign: Campaign, chance: random.Random, today: date) -> None:
    """An officer has cash in hand and hands a part over; a paper book went to a commune."""
    officer, accountant = province.people[RECORDER], province.people[ACCOUNTANT]
    unit, fund = province.unit, province.fund
    day = max(campaign.starts_on, today - timedelta(days=1))
    gifts = [
        Gift(
            day=day,
            unit_id=unit.id,
            fund_id=fund.id,
            campaign_id=campaign.id,
            parts=(Part("cash", amount),),
            donor_name=giver(chance),
            donor_kind="person",
            shown_as="name",
            holder_id=officer.id,
        )
        for amount in (1_000_000, 500_000, 2_000_000)
    ]
    post_gifts(gifts, by=officer)
    hand_over(
        unit=unit,
        fund=fund,
        receiver=accountant,
        into_box=True,
        amount=2_000_000,
        notes={"500000": 4},
        remark=None,
        by=officer,
    )
    deposit(
        unit=unit,
        fund=fund,
        bank_account=province.bank,
        from_box=True,
        amount=10_000_000,
        day=day,
        notes={"500000": 20},
        by=accountant,
    )
    count(
        unit=unit,
        fund=fund,
        box=True,
        notes=_notes_for(in_hand(unit.id, fund.id, None)),
        witness=officer.name,
        remark=None,
        by=accountant,
    )
    give_out(
        unit=province.communes[0],
        fund=fund,
        series=f"MH/{today:%y}",
        first_no=1,
        last_no=50,
        holder=officer,
        holder_name=officer.name,
        issued_on=day,
    )


def _notes_for(amount: int) -> dict[str, int]:
    """An amount in as few notes as can be."""
    notes = {}
    for note in DENOMINATIONS:
        pieces, amount = divmod(amount, note)
        if pieces:
            notes[str(note)] = pieces
    return notes
