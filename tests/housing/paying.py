"""What can be done with the money of a house, one verb each."""

from __future__ import annotations

from portal.housing import (
    queries_money,
    rules,
)
from portal.housing.actions_money import add_source, drop_source, record_outside, withdraw_outside
from portal.housing.actions_tranches import add_tranche, drop_tranche
from portal.housing.models_money import HouseTranche
from portal.kit.db import db
from portal.ledger.actions import reverse
from portal.ledger.models import Posting
from portal.spending.actions_direct import decide_in_and_out
from portal.spending.actions_vouchers import void_voucher
from tests.housing import builders as make
from tests.housing.site import Site


class Paying(Site):
    """Its sources, tranches and papers of money."""

    def source(self, kind: str, part: int) -> None:
        """One more source, of so many million đồng."""
        told = {"kind": kind, "name": "Công ty Giả" if kind in (rules.SPONSOR, rules.OTHER) else ""}
        told |= {"days": part, "day_value": make.MILLION} if kind == rules.LABOUR else {}
        self.attempt(
            lambda: add_source(self.project, {**told, "amount": part * make.MILLION}, by=self.cast.officer)
        )

    def drop_source(self, place: int) -> None:
        """One of its sources brings nothing after all."""
        shares = queries_money.cost_of(self.project).shares
        if place < len(shares):
            told = {"reason": "thôi", "by": self.cast.officer}
            self.attempt(lambda: drop_source(shares[place].source, **told))

    def divide(self, stage: str, part: int) -> None:
        """One more tranche of the first decided row, of so many million đồng."""
        rows = queries_money.decided_rows(self.project)
        if rows:
            told = {"stage": stage, "amount": part * make.MILLION, "by": self.cast.officer}
            self.attempt(lambda: add_tranche(self.project, rows[0], **told))

    def pay_all(self) -> None:
        """What is decided and not divided yet is one tranche; every open tranche is paid."""
        for row in queries_money.decided_rows(self.project):
            mine = [one for one in queries_money.tranches_of(self.project)
                    if one.decision_row_id == row.decision_row_id]  # fmt: skip
            left = row.row.amount - sum(one.amount for one in mine)
            if left:
                told = {"stage": rules.STARTED, "amount": left, "by": self.cast.officer}
                self.attempt(lambda: add_tranche(self.project, row, **told))  # noqa: B023
        for one in queries_money.tranches_of(self.project):
            if not queries_money.is_taken(one):
                self.attempt(lambda: make.pay_tranche(tranche=one, cast=self.cast))  # noqa: B023

    def open_tranche(self) -> HouseTranche | None:
        """The first tranche that nothing pays."""
        free = (one for one in queries_money.tranches_of(self.project) if not queries_money.is_taken(one))
        return next(free, None)

    def pay(self, directly: bool, wholly: bool) -> None:
        """The first open tranche: by a voucher or directly by a sponsor; prepared only, unless `wholly`."""
        tranche = self.open_tranche()
        if tranche is None:
            return
        early = self.state == rules.STOPPED or not rules.reached(self.state, tranche.stage)
        told = {"tranche": tranche, "cast": self.cast}
        if directly:
            done = self.attempt(lambda: (make.pay_direct if wholly else make.ask_direct)(**told))
        else:
            done = self.attempt(lambda: make.pay_tranche(**told, paid_on=make.DAY if wholly else None))
        assert not (early and done)

    def drop(self) -> None:
        """The first open tranche is planned otherwise."""
        tranche = self.open_tranche()
        if tranche is not None:
            self.attempt(lambda: drop_tranche(tranche, reason="chia lại", by=self.cast.officer))

    def reverse_payment(self) -> None:
        """The last payment is reversed."""
        payments = queries_money.cost_of(self.project).payments
        if payments:
            posting = db.session.get_one(Posting, payments[-1].number)
            told = {"reason": "nhầm", "by": self.cast.accountant, "second": self.cast.chair}
            self.attempt(lambda: reverse(posting, **told))

    def void(self) -> None:
        """A voucher of the house is given up."""
        for one in queries_money.tranches_of(self.project):
            voucher = queries_money.voucher_of(one)
            if voucher is not None:
                self.attempt(lambda: void_voucher(voucher, reason="thôi", by=self.cast.accountant))  # noqa: B023
                return

    def refuse_direct(self) -> None:
        """What a sponsor is said to have paid is not counted."""
        entries = [queries_money.direct_of(one) for one in queries_money.tranches_of(self.project)]
        waiting = next((one for one in entries if one is not None and one.approved is None), None)
        if waiting is not None:
            told = {"approve": False, "answer": "thiếu hóa đơn", "by": self.cast.chair}
            self.attempt(lambda: decide_in_and_out(waiting, **told))

    def come(self, place: int) -> None:
        """Half of what a source still is to bring comes, but the last 5 million at once."""
        shares = [one for one in queries_money.cost_of(self.project).shares if one.source.kind != rules.FUND]
        if place < len(shares):
            share = shares[place]
            left = share.planned - share.come
            self._come(share, left if left <= 5 * make.MILLION else left // 2)

    def come_all(self) -> None:
        """All that others are to bring has come."""
        for share in queries_money.cost_of(self.project).shares:
            if share.source.kind != rules.FUND and share.come < share.planned:
                self._come(share, share.planned - share.come)

    def _come(self, share: queries_money.Share, amount: int) -> None:
        told = {"happened_on": make.DAY, "amount": amount}
        self.attempt(lambda: record_outside(self.project, share.source, told, by=self.cast.officer))

    def take_back(self) -> None:
        """Something from outside was recorded wrongly."""
        there = [one for one in queries_money.outside_of(self.project) if one.withdrawn_at is None]
        if there:
            told = {"reason": "nhầm", "by": self.cast.officer}
            self.attempt(lambda: withdraw_outside(there[0], self.project, **told))
