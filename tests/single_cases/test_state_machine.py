"""A case is asked for, surveyed, decided, paid, handed over, refused, opened again, its papers reversed, in whatever order:
its state is always what has happened, nothing is handed over twice or that was not given, and there is always a way on.
"""

from __future__ import annotations

from itertools import count
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from portal.cases import actions, following, queries, received, rules
from portal.cases.actions_decision import draft_case_decision, issue_goods, left_in_goods, open_goods
from portal.cases.actions_handover import drop_handover, prepare_handover, sign_handover
from portal.cases.actions_survey import record_survey
from portal.cases.models import CaseHandover, SupportCase
from portal.goods.rules import SlipRow
from portal.households.received import lines_of
from portal.kit.access import ACCOUNTANT, APPROVER
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.ledger.actions import reverse
from portal.ledger.models import Posting
from portal.operate.verify import first_problem
from portal.people.models import User
from portal.spending.actions import delete_decision, issue_decision, withdraw_decision
from portal.spending.actions_vouchers import approve_voucher, pay_voucher, prepare_voucher
from portal.spending.models import Voucher
from portal.spending.queries import left_of
from portal.spending.rules import PAID, Wanted
from tests.cast import make_campaign, make_fund, make_unit, make_user
from tests.goods.builders import bring, make_item, make_store
from tests.households.builders import make_household
from tests.single_cases.builders import DAY, NAMES, SURVEY, field_of
from tests.spending.builders import make_money

assert following and received
_number = count(1)
million = st.integers(1, 4).map(lambda amount: amount * 1_000_000)


class Case(RuleBasedStateMachine):
    """One household, one case, a box with money, a store with rice; a maker, and a chair as the second person."""

    def __init__(self) -> None:
        super().__init__()
        self.unit = make_unit()
        self.maker: User = make_user(role=ACCOUNTANT, unit=self.unit)
        self.chair: User = make_user(name="Hoàng Thị Duyệt", role=APPROVER, unit=self.unit)
        self.campaign = make_campaign(unit=self.unit, ends_on=None)
        make_money(campaign=self.campaign, amount=200_000_000)
        self.store = make_store(unit=self.unit, code=f"KHO{next(_number)}")
        self.rice = make_item(name=f"Gạo {next(_number)}", measure="kg")
        bring(store=self.store, item=self.rice, quantity=1000, value=20_000_000)
        told = {"requested_on": DAY, "requester": "Trưởng ấp", "reason": "Cháy."}
        household = make_household(unit=self.unit)
        self.id = actions.request_case(household, field_of("fire"), told, by=self.maker).id
        db.session.commit()

    @initialize(so_far=st.integers(0, 3))
    def begin(self, so_far: int) -> None:
        """Most walks begin behind a survey, a draft, a decision: otherwise few would ever come to a payment."""
        steps = (
            lambda: self.survey(enough=True),
            lambda: self.draft(amount=3_000_000, goods=2),
            lambda: self.answer(what="issue"),
        )
        for step in steps[:so_far]:
            step()

    @property
    def case(self) -> SupportCase:
        """As it is now."""
        return db.session.get_one(SupportCase, self.id)

    def attempt(self, work: Any) -> bool:
        """Whether it was done and committed; a refusal leaves nothing behind."""
        try:
            work()
        except Refused:
            db.session.rollback()
            return False
        db.session.commit()
        return True

    @rule(enough=st.booleans())
    def survey(self, enough: bool) -> None:
        """Before anything is decided, and again when all is done."""
        may = self.case.state in (rules.REQUESTED, rules.SURVEYED, rules.DONE)
        told = SURVEY | {"conclusion": "enough" if enough else "not_enough"}
        assert self.attempt(lambda: record_survey(self.case, told, {}, by=self.maker)) == may

    @rule(amount=million, goods=st.integers(0, 3))
    def draft(self, amount: int, goods: int) -> None:
        """Out of the campaign's money, perhaps with rice."""
        may = self.case.state in (rules.SURVEYED, rules.GIVEN, rules.DONE)
        done = self.attempt(
            lambda: draft_case_decision(
                self.case, unit=self.unit, fund=make_fund(), decided_on=DAY, amount=amount, campaign=self.campaign,
                items={self.rice.id: goods * 1000} if goods else {}, number=f"{next(_number)}/QĐ",
                in_spite="Ban họp", by=self.maker,
            )
        )  # fmt: skip
        assert done == may

    @rule(what=st.sampled_from(["issue", "delete", "withdraw"]))
    def answer(self, what: str) -> None:
        """The newest decision is issued, deleted or withdrawn."""
        made = queries.decisions_of(self.case)
        if not made:
            return
        decision = made[-1].decision
        may = decision.state == ("issued" if what == "withdraw" else "draft")
        act = {
            "issue": lambda: issue_decision(decision, by=self.chair),
            "delete": lambda: delete_decision(decision),
            "withdraw": lambda: withdraw_decision(decision, reason="Sai", by=self.chair),
        }[what]
        assert self.attempt(act) == may

    @rule(half=st.booleans())
    def pay(self, half: bool) -> None:
        """What is left of a decision in force, or half of it."""
        for made in queries.decisions_of(self.case):
            left = left_of(made.decision)
            if made.decision.state == "issued" and any(left.values()):
                wanted = [Wanted(key, rest // 2 if half else rest) for key, rest in left.items() if rest]
                voucher = prepare_voucher(made.decision, wanted=wanted, content="Chi", by=self.maker)
                approve_voucher(voucher, by=self.chair)
                pay_voucher(voucher, paid_on=DAY, by=self.maker)
                db.session.commit()
                return

    @rule(quantity=st.integers(1, 4))
    def hand_out_rice(self, quantity: int) -> None:
        """Never more than was decided."""
        made = open_goods(self.case)
        left = left_in_goods(self.case, made).get(self.rice.id, 0) if made else 0
        row = SlipRow(self.rice.id, quantity * 1000, None)

        def work() -> None:
            issue_goods(self.case, store=self.store, rows=[row], day=DAY, receiver=None, by=self.maker)

        assert self.attempt(work) == (quantity * 1000 <= left)

    @rule()
    def prepare(self) -> None:
        """Names of the minutes."""
        waits = any(one.state == rules.PREPARED for one in queries.handovers_of(self.case))
        may = self.case.state in (rules.DECIDED, rules.GIVEN, rules.DONE) and not waits
        assert self.attempt(lambda: prepare_handover(self.case, NAMES, by=self.maker)) == may

    @rule()
    def sign(self) -> None:
        """Only what was given and is in no other minutes."""
        for one in queries.handovers_of(self.case):
            if one.state == rules.PREPARED:
                papers = {paper.number for paper in queries.papers_of([self.id]).get(self.id, [])}
                may = bool(papers - queries.covered_by(self.case))
                assert self.attempt(lambda: sign_handover(one, handed_on=DAY, by=self.maker)) == may  # noqa: B023
                return

    @rule()
    def drop(self) -> None:
        """Minutes were written wrongly."""
        for one in queries.handovers_of(self.case):
            if one.state != rules.VOID:
                assert self.attempt(lambda: drop_handover(one, reason="Sai", by=self.maker))  # noqa: B023
                return

    @rule(what=st.sampled_from(["refuse", "withdraw", "reopen"]))
    def end(self, what: str) -> None:
        """With a reason, only before a decision; and back."""
        act = {
            "refuse": actions.refuse_case,
            "withdraw": actions.withdraw_case,
            "reopen": actions.reopen_case,
        }[what]
        early = self.case.state in (rules.REQUESTED, rules.SURVEYED)
        may = early if what != "reopen" else self.case.state in (rules.REFUSED, rules.WITHDRAWN)
        assert self.attempt(lambda: act(self.case, reason="Vì thế", by=self.maker)) == may

    @rule(data=st.data())
    def take_back(self, data: st.DataObject) -> None:
        """A payment or an issue was wrong."""
        papers = queries.papers_of([self.id]).get(self.id, [])
        if papers:
            number = data.draw(st.sampled_from([one.number for one in papers]))
            posting = db.session.get_one(Posting, number)
            assert self.attempt(lambda: reverse(posting, reason="Nhầm", by=self.maker, second=self.chair))

    @invariant()
    def the_state_is_what_happened(self) -> None:
        """Kept state and facts agree, and an open case has a next step."""
        case = self.case
        assert case.state == rules.state_of(actions.facts_of(case))

    @invariant()
    def what_was_received_is_what_was_paid(self) -> None:
        """By the vouchers themselves; signed minutes together never hand over more."""
        decisions = [made.decision_id for made in queries.decisions_of(self.case)]
        vouchers = db.session.scalars(
            select(Voucher).where(Voucher.decision_id.in_(decisions), Voucher.state == PAID)
        )
        paid = sum(voucher.amount for voucher in vouchers)
        assert sum(line.cash or 0 for line in lines_of([self.case.household_id])) == paid
        signed = select(CaseHandover).where(
            CaseHandover.case_id == self.id, CaseHandover.state == rules.SIGNED
        )
        handed = sum(one.cash or 0 for one in db.session.scalars(signed))
        assert handed <= paid and (self.case.state != rules.DONE or handed == paid)

    def teardown(self) -> None:
        """At the end `portal verify` finds nothing."""
        assert first_problem(db.session.connection()) is None


def test_whatever_happens_to_a_case_it_agrees_with_the_books(db_session) -> None:
    run_state_machine_as_test(
        Case,
        settings=settings(
            max_examples=10, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
