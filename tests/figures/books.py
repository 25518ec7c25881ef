"""Hand-made documents for tests of figures: a line of the books in one call."""

from __future__ import annotations

from datetime import date
from typing import Any

from portal.campaigns.models import Campaign
from portal.kit.numbers import Entry, last_number, next_entry
from portal.ledger.actions import account_for, post
from portal.ledger.models import Posting
from portal.ledger.rules import Line
from portal.units.models import Unit
from tests.cast import make_account, make_fund

DAY = date(2026, 5, 10)


class Books:
    """The books of one unit. Each method posts one document and returns it."""

    def __init__(self, unit: Unit):
        self.unit, self.fund = unit, make_fund()
        self.bank_account = make_account(unit=unit)

    def place(self, kind: str) -> Any:
        bank = self.bank_account.id if kind in ("bank", "transit") else None
        return account_for(unit_id=self.unit.id, fund_id=self.fund.id, kind=kind, bank_account_id=bank)

    def source(self, kind: str, purpose: str = "", campaign: Campaign | None = None) -> Any:
        campaign_id = campaign.id if campaign else None
        return account_for(
            unit_id=self.unit.id, fund_id=self.fund.id, kind=kind, purpose=purpose, campaign_id=campaign_id
        )

    def _post(self, kind: str, credit: Any, debit: Any, amount: int, day: date) -> Posting:
        line = Line(credit, debit, amount)
        return post(kind, unit=self.unit, fund=self.fund, document_on=day, lines=[line], by=None)

    def opening(self, amount: int, day: date = DAY) -> Posting:
        return self._post("opening", self.source("opening"), self.place("bank"), amount, day)

    def receive(
        self,
        amount: int,
        day: date = DAY,
        *,
        form: str = "cash",
        place: str | None = None,
        campaign: Campaign | None = None,
    ) -> Posting:
        where = place or {"cash": "cash", "bank": "transit", "goods": "store", "papers": "papers"}[form]
        return self._post("donation", self.source("received", form, campaign), self.place(where), amount, day)

    def spend(
        self,
        amount: int,
        day: date = DAY,
        *,
        purpose: str = "gifts",
        place: str = "cash",
        campaign: Campaign | None = None,
    ) -> Posting:
        return self._post("payment", self.place(place), self.source("spent", purpose, campaign), amount, day)

    def use(
        self, kind: str, amount: int, day: date = DAY, *, purpose: str = "", place: str = "cash"
    ) -> Posting:
        """Money out to "refunded", "moved", "other"."""
        return self._post("payment", self.place(place), self.source(kind, purpose), amount, day)

    def gain(
        self, kind: str, amount: int, day: date = DAY, *, purpose: str = "", place: str = "cash"
    ) -> Posting:
        """Money in from "moved", "other", "suspense"."""
        credit = self.place(kind) if kind == "suspense" else self.source(kind, purpose)
        return self._post("internal", credit, self.place(place), amount, day)


def entry() -> Entry:
    """A number for a batch of versioned inputs."""
    return next_entry("nhập thử", None, "dòng lệnh")


def now_number() -> int:
    """As-of of this moment."""
    return last_number()
