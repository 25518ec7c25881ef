"""Whatever is sent, confirmed, explained and reversed, in whatever order, between a province and two communes.

After each step: the identity holds for every unit, the province with all below, every campaign and period; the
province's received, spent and closing move only when money comes or is lost on the way, never with an allocation;
no place is below zero; what is on the way is what nobody has confirmed.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from portal.allocations.actions import confirm
from portal.allocations.differences import ask_difference, decide_difference
from portal.allocations.models import Allocation, AllocationDifference, AllocationReceipt
from portal.allocations.queries import on_the_way
from portal.allocations.rules import CAUSES
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.ledger.actions import reverse
from portal.ledger.models import Account, DayTotal, Posting
from portal.ledger.rules import MONEY_PLACES
from portal.operate.verify import first_problem
from portal.spending.models import Decision
from portal.spending.queries import free_of
from tests.allocations.builders import YEAR, figures, give, make_allocation
from tests.cast import make_account, make_campaign, make_fund, make_unit, make_user
from tests.figures.test_money import holds
from tests.spending.builders import DAY, make_decision, make_payment, make_row

PERIODS = (
    YEAR,
    (date(2026, 11, 10), date(2026, 11, 12)),
    (date(2026, 11, 13), date(2200, 1, 1)),  # reversals and differences carry the day on which they are made
)
DAYS = (DAY, date(2026, 11, 12), date(2026, 11, 14))
amounts = st.integers(1, 2_000_000)
units = st.integers(0, 2)
places = st.integers(0, 50)  # which record of those that there are
shares = st.sampled_from([0.1, 0.4, 0.5, 0.9, 1.0])  # of what there is
days = st.sampled_from(DAYS)


class Allocations(RuleBasedStateMachine):
    """A province (0) and two communes; campaigns of the province and of one commune."""

    def __init__(self) -> None:
        super().__init__()
        self.fund = make_fund()
        province = make_unit(level="tỉnh", name="Tỉnh Tân Hòa")
        self.units = [province, make_unit(parent=province), make_unit(parent=province, name="Xã An Lạc")]
        self.campaigns = [
            None,
            make_campaign(unit=province, starts_on=date(2026, 1, 1), ends_on=None),
            make_campaign(unit=self.units[1], starts_on=date(2026, 1, 1), ends_on=None),
        ]
        self.banks = [make_account(unit=unit) for unit in self.units]
        self.maker, self.approver = make_user(), make_user(name="Hoàng Thị Duyệt")
        self.confirmer = make_user(name="Bùi Văn Nhận")
        self.whole = self.received = self.steps = 0  # what all of them together should have
        self.sent: list[Allocation] = []
        self.receipts: list[AllocationReceipt] = []
        self.explained: list[AllocationDifference] = []
        db.session.commit()
        for side in range(3):
            for campaign in range(3):
                self.gift(side, 1_000_000, campaign)

    def attempt(self, action: Any) -> Any:
        """The action's answer, committed; None when it was refused (and nothing is left of it)."""
        try:
            done = action()
        except Refused:
            db.session.rollback()
            return None
        db.session.commit()
        return done

    @initialize(up=st.booleans(), share=shares)
    def begin(self, up: bool, share: float) -> None:
        """Something is on its way in both directions, and one part of it has come."""
        self.send(1 if up else 0, 2 if up else 1, DAY, [2 if up else 1, 0], 0.5, False)
        self.send(2, 0, DAY, [1], 0.3, True)
        self.confirm(0, share, DAYS[1], False)

    @rule(side=units, amount=amounts, campaign=units)
    def gift(self, side: int, amount: int, campaign: int) -> None:
        """Money comes into the box, for a campaign or not."""
        given = self.campaigns[campaign]
        if given is not None and given.unit_id not in (self.units[0].id, self.units[side].id):
            given = None
        give(unit=self.units[side], campaign=given, amount=amount, fund=self.fund)
        db.session.commit()
        self.whole += amount
        self.received += amount

    def free(self, side: int, campaign: int) -> int:
        """What a unit may still spend of a campaign, đồng."""
        given = self.campaigns[campaign]
        return free_of(self.units[side].id, self.fund.id, given.id if given else None)

    @rule(
        away=units,
        home=units,
        day=days,
        rows=st.lists(units, min_size=1, max_size=3, unique=True),
        share=st.sampled_from([0.2, 0.5, 1.0, 1.5]),
        again=st.booleans(),
    )
    def send(self, away: int, home: int, day: date, rows: list[int], share: float, again: bool) -> None:
        """A voucher with rows of several campaigns; what the unit does not have is refused."""
        wanted = [(self.campaigns[one], max(int(self.free(away, one) * share), 1)) for one in rows]
        sent = self.attempt(
            lambda: make_allocation(
                unit=self.units[away],
                to_unit=self.units[home],
                rows=wanted,
                maker=self.maker,
                approver=self.approver,
                day=day,
                fund=self.fund,
            )
        )
        if sent is not None:
            assert away != home and share <= 1
            self.sent.append(sent)
            if again:
                self.send(away, home, day, rows, 1.0, False)

    @precondition(lambda self: self.sent)
    @rule(place=places, share=st.sampled_from([0.1, 0.5, 1.0, 1.2]), day=days, into_bank=st.booleans())
    def confirm(self, place: int, share: float, day: date, into_bank: bool) -> None:
        """The other side has it, or a part, or says more than there is."""
        sent = self.sent[place % len(self.sent)]
        amount, left = max(1, int(sent.left * share)), sent.left
        bank = self.banks[[unit.id for unit in self.units].index(sent.to_unit_id)] if into_bank else None
        done = self.attempt(
            lambda: confirm(sent, amount=amount, received_on=day, bank_account=bank, by=self.confirmer)
        )
        if done is None:
            assert amount > left or day < sent.voucher.posting.document_on
        else:
            assert sent.left == left - amount
            self.receipts.append(done)

    @precondition(lambda self: self.sent)
    @rule(place=places, cause=st.sampled_from(sorted(CAUSES)), share=shares)
    def explain(self, place: int, cause: str, share: float) -> None:
        """The sender names a difference and another person approves it."""
        sent = self.sent[place % len(self.sent)]
        left, amount = sent.left, max(1, int(sent.left * share))
        asked = self.attempt(
            lambda: ask_difference(sent, cause=cause, amount=amount, reason="Kiểm lại", by=self.maker)
        )
        assert (asked is None) == (left == 0)
        if asked is not None:
            assert self.attempt(lambda: decide_difference(asked, approve=True, answer="", by=self.approver))
            self.explained.append(asked)
            self.whole -= amount if cause != "returned" else 0

    @precondition(lambda self: self.receipts)
    @rule(place=places, outgoing=st.booleans(), spent=st.sampled_from([None, 0, 1, 2]))
    def unconfirm(self, place: int, outgoing: bool, spent: int | None) -> None:
        """Either document of a confirmation is reversed, unless the money has gone on: both or none."""
        receipt = self.receipts[place % len(self.receipts)]
        if spent is not None:
            self.spend([unit.id for unit in self.units].index(receipt.allocation.to_unit_id), 1.0, spent)
        both = (receipt.out_number, receipt.in_number)
        self.undo(both[0] if outgoing else both[1])
        answers = select(func.count()).select_from(Posting).where(Posting.reverses.in_(both))
        assert db.session.scalar(answers) in (0, 2)

    @precondition(lambda self: self.explained)
    @rule(place=places)
    def find_again(self, place: int) -> None:
        """A difference is reversed, unless returned money is spent."""
        found = self.explained[place % len(self.explained)]
        if self.undo(found.posting_number) and found.cause != "returned":
            self.whole += found.amount

    @precondition(lambda self: self.sent)
    @rule(place=places)
    def bring_back(self, place: int) -> None:
        """The sent document is reversed while nobody has confirmed anything of it."""
        sent = self.sent[place % len(self.sent)]
        allowed = sent.state != "reversed" and sent.received + sent.differing == 0
        assert bool(self.undo(sent.voucher.posting_number)) == allowed

    def undo(self, number: int) -> Posting | None:
        """Reverse a document by two people."""
        posting = db.session.get_one(Posting, number)
        return self.attempt(lambda: reverse(posting, reason="Nhầm", by=self.maker, second=self.approver))

    @rule(side=units, share=st.sampled_from([0.5, 1.0, 1.1]), campaign=units)
    def spend(self, side: int, share: float, campaign: int) -> None:
        """Money is spent, so that not everything can be taken back."""
        amount = max(int(self.free(side, campaign) * share), 1)
        done = self.attempt(lambda: self._pay(side, amount, campaign))
        self.whole -= amount if done else 0

    def _pay(self, side: int, amount: int, campaign: int) -> Any:
        rows = [make_row(campaign=self.campaigns[campaign], amount=amount)]
        number = f"{db.session.scalar(select(func.count()).select_from(Decision))}/CHI"
        decision = make_decision(
            unit=self.units[side], maker=self.maker, issuer=self.approver, rows=rows, number=number
        )
        return make_payment(decision=decision, maker=self.maker, approver=self.approver, day=DAYS[-1])

    @invariant()
    def books_agree(self) -> None:
        """The identity in one period after the other; nothing of the whole moves; nothing is spent twice."""
        self.steps += 1
        self.check(PERIODS[self.steps % 3])
        whole = figures(self.units[0])
        assert (whole["received.total"], whole["balance.closing"]) == (self.received, self.whole)
        assert (whole["allocated.in"], whole["allocated.out"]) == (0, 0)
        assert whole["balance.on_the_way"] == sum(sent.left for sent in self.sent)
        for unit in self.units:
            for campaign in self.campaigns:
                number = campaign.id if campaign else None
                assert (
                    free_of(unit.id, self.fund.id, number) >= 0 <= on_the_way(unit.id, self.fund.id, number)
                )

    def check(self, period: tuple[date, date]) -> None:
        """The identity of every unit, the province with all below, and every campaign."""
        for unit in self.units:
            for campaign in self.campaigns:
                found = figures(unit, campaign, period)
                assert holds(found), (unit.name, campaign, period, found)

    @invariant()
    def nothing_is_below_zero(self) -> None:
        """No box, hand, account with its transit, or pair of units on the way."""
        value = func.sum(DayTotal.debit - DayTotal.credit)
        place = (Account.unit_id, Account.bank_account_id, Account.holder_id, Account.partner_id)
        rows = select(value).join(Account, Account.id == DayTotal.account_id)
        rows = rows.where(Account.kind.in_(MONEY_PLACES)).group_by(*place).having(value < 0)
        assert db.session.execute(rows).all() == []

    def teardown(self) -> None:
        """Every period once more, and everything that `portal verify` looks at."""
        db.session.commit()
        for period in PERIODS:
            self.check(period)
        assert first_problem(db.session.connection()) is None


def test_an_allocation_moves_no_total(db_session) -> None:
    run_state_machine_as_test(
        Allocations,
        settings=settings(
            max_examples=6, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
