"""A house in whatever order: steps, papers, decisions, tranches, vouchers, checks, minutes, reversals, stops.

States follow each other only along legal paths, nothing is handed over while a required paper is missing, no tranche is
paid before its stage, and the books agree.
"""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from portal.donations.actions import record_donation
from portal.housing import actions, actions_check, actions_handover, following, queries, queries_money, rules
from portal.housing.actions_money import record_outside, withdraw_outside
from portal.housing.actions_survey import withdraw_paper
from portal.housing.actions_tranches import add_tranche, drop_tranche
from portal.housing.models import HouseProject
from portal.housing.models_money import HouseTranche
from portal.housing.queries_papers import missing_for, papers_of
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.ledger.actions import reverse
from portal.ledger.models import Posting
from portal.operate.verify import first_problem
from portal.spending.actions import withdraw_decision
from portal.spending.actions_vouchers import void_voucher
from tests.cast import Cast, make_fund
from tests.housing import builders as make

assert following
STEPS = (rules.STARTED, rules.ROOFED, rules.FINISHED)
LEGAL = {
    rules.OPENED: {rules.SURVEYED, rules.STOPPED},
    rules.SURVEYED: {rules.APPROVED, rules.STOPPED},
    rules.APPROVED: {rules.STARTED, rules.SURVEYED, rules.STOPPED},
    rules.STARTED: {rules.ROOFED, rules.FINISHED, rules.APPROVED, rules.STOPPED},
    rules.ROOFED: {rules.FINISHED, rules.STARTED, rules.STOPPED},
    rules.FINISHED: {rules.HANDED_OVER, rules.ROOFED, rules.STARTED, rules.STOPPED},
    rules.HANDED_OVER: {rules.FINISHED},
    rules.STOPPED: set(rules.OPEN) | {rules.STOPPED},
}


class House(RuleBasedStateMachine):
    """One project of the commune, led by whoever may."""

    cast: Cast

    def __init__(self) -> None:
        super().__init__()
        household = make.make_household(
            unit=make.make_hamlet(self.cast, "Ấp Máy"), name="Lê Thị Máy", address="Tổ 1"
        )
        self.key = make.make_project(cast=self.cast, household=household).id
        self.numbers, self.state = 0, rules.OPENED
        db.session.commit()

    @property
    def project(self) -> HouseProject:
        return db.session.get_one(HouseProject, self.key)

    def attempt(self, work: Any) -> None:
        """Done and committed, or refused and nothing is left."""
        try:
            work()
        except Refused:
            db.session.rollback()
        else:
            db.session.commit()
        now = db.session.scalar(select(HouseProject.state).where(HouseProject.id == self.key)) or ""
        assert now == self.state or now in LEGAL[self.state], f"{self.state} → {now}"
        if now == rules.HANDED_OVER and self.state != now:
            assert missing_for(self.project, rules.HANDED_OVER) == []
            check = queries.check_in_force(self.project)
            assert check is not None and check.total == queries_money.cost_of(self.project).total
        self.state = now

    @rule()
    def survey(self) -> None:
        self.attempt(lambda: make.make_survey(project=self.project, by=self.cast.officer))

    @rule()
    def budget(self) -> None:
        self.attempt(lambda: make.fund_source(project=self.project, by=self.cast.officer))
        self.attempt(lambda: make.family_source(project=self.project, by=self.cast.officer))

    @rule()
    def papers(self) -> None:
        self.attempt(lambda: make.file_papers(project=self.project, by=self.cast.officer))

    @rule()
    def lose_a_paper(self) -> None:
        there = [one for one in papers_of(self.project) if one.withdrawn is None]
        if there:
            self.attempt(lambda: withdraw_paper(there[0], self.project, reason="mất", by=self.cast.officer))

    @rule()
    def decide(self) -> None:
        self.numbers += 1
        number = f"{self.key}-{self.numbers}"
        self.attempt(lambda: make.make_house_decision(project=self.project, cast=self.cast, number=number))

    @rule()
    def withdraw(self) -> None:
        made = [one for one in queries_money.decisions_of(self.project) if one.decision.state == rules.ISSUED]
        if made:
            self.attempt(lambda: withdraw_decision(made[0].decision, reason="sai", by=self.cast.chair))

    @rule(role=st.sampled_from(("before", "started", "roofed", "after")))
    def photo(self, role: str) -> None:
        self.attempt(lambda: make.make_photo(project=self.project, role=role, by=self.cast.officer))

    @rule(step=st.sampled_from(STEPS))
    def step(self, step: str) -> None:
        self.attempt(lambda: actions.step_forward(self.project, step, make.DAY, by=self.cast.officer))

    @rule()
    def lead_on(self) -> None:
        """What usually comes next, so that walks come to the end now and then."""
        self.survey()
        self.budget()
        self.papers()
        if not queries_money.decided_rows(self.project):
            self.decide()
        for role in ("before", "started", "after"):
            self.photo(role)
        for step in STEPS:
            self.step(step)

    @rule(stage=st.sampled_from(tuple(rules.STAGES)), part=st.sampled_from((30, 60)))
    def divide(self, stage: str, part: int) -> None:
        rows = queries_money.decided_rows(self.project)
        if rows:
            told = {"stage": stage, "amount": part * make.MILLION, "by": self.cast.officer}
            self.attempt(lambda: add_tranche(self.project, rows[0], **told))

    def open_tranche(self) -> HouseTranche | None:
        free = (
            one for one in queries_money.tranches_of(self.project) if queries_money.voucher_of(one) is None
        )
        return next(free, None)

    @rule()
    def pay(self) -> None:
        tranche = self.open_tranche()
        if tranche is None:
            return
        early = self.state == rules.STOPPED or not rules.reached(self.state, tranche.stage)
        self.attempt(lambda: make.pay_tranche(tranche=tranche, cast=self.cast))
        if early:
            assert queries_money.voucher_of(db.session.get_one(HouseTranche, tranche.id)) is None

    @rule()
    def drop(self) -> None:
        tranche = self.open_tranche()
        if tranche is not None:
            self.attempt(lambda: drop_tranche(tranche, reason="chia lại", by=self.cast.officer))

    @rule()
    def reverse_payment(self) -> None:
        payments = queries_money.cost_of(self.project).payments
        if payments:
            posting = db.session.get_one(Posting, payments[-1].number)
            told = {"reason": "nhầm", "by": self.cast.accountant, "second": self.cast.chair}
            self.attempt(lambda: reverse(posting, **told))

    @rule()
    def void(self) -> None:
        for one in queries_money.tranches_of(self.project):
            voucher = queries_money.voucher_of(one)
            if voucher is not None:
                self.attempt(lambda: void_voucher(voucher, reason="thôi", by=self.cast.accountant))  # noqa: B023
                return

    @rule()
    def come(self) -> None:
        shares = [
            one for one in queries_money.cost_of(self.project).shares if one.source.kind == rules.FAMILY
        ]
        if shares:
            told = {"happened_on": make.DAY, "amount": 20 * make.MILLION}
            self.attempt(lambda: record_outside(self.project, shares[0].source, told, by=self.cast.officer))

    @rule()
    def take_back(self) -> None:
        there = [one for one in queries_money.outside_of(self.project) if one.withdrawn_at is None]
        if there:
            self.attempt(
                lambda: withdraw_outside(there[0], self.project, reason="nhầm", by=self.cast.officer)
            )

    @rule()
    def check(self) -> None:
        self.attempt(lambda: make.check(project=self.project, by=self.cast.officer))

    @rule()
    def drop_check(self) -> None:
        there = [one for one in queries.checks_of(self.project) if one.state != rules.VOID]
        if there:
            self.attempt(lambda: actions_check.drop_check(there[0], reason="sai", by=self.cast.officer))

    @rule(what=st.sampled_from((rules.MONEY, rules.HOUSE)))
    def hand_over(self, what: str) -> None:
        name = self.project.head
        told = {"what": what, "by": self.cast.officer, "receiver_name": name}
        self.attempt(lambda: make.sign(project=self.project, **told))

    @rule()
    def drop_minutes(self) -> None:
        there = [one for one in queries.handovers_of(self.project) if one.state != rules.VOID]
        if there:
            self.attempt(lambda: actions_handover.drop_handover(there[0], reason="sai", by=self.cast.officer))

    @rule()
    def stop_or_go_on(self) -> None:
        turn = actions.resume if self.state == rules.STOPPED else actions.stop
        self.attempt(lambda: turn(self.project, reason="đổi", by=self.cast.officer))

    @rule()
    def back(self) -> None:
        self.attempt(lambda: actions.step_back(self.project, reason="nhầm", by=self.cast.officer))

    @invariant()
    def sources_and_tranches_hold(self) -> None:
        cost = queries_money.cost_of(self.project)
        assert cost.gap is None or cost.gap >= 0
        assert cost.total == sum(one.counted for one in cost.shares)
        for row in queries_money.decided_rows(self.project):
            mine = [
                one
                for one in queries_money.tranches_of(self.project)
                if one.decision_row_id == row.decision_row_id
            ]
            assert sum(one.amount for one in mine) <= row.row.amount

    def teardown(self) -> None:
        db.session.rollback()
        assert first_problem(db.session.connection()) is None


def test_a_house_in_whatever_order(cast: Cast) -> None:
    told = {"unit": cast.commune, "fund": make_fund(), "campaign": None, "form": "cash", "day": make.DAY}
    record_donation(
        **told, amount=900_000_000, donor_name="Người Giả", by=cast.officer
    )  # money that is "chung"
    db.session.commit()
    machine = type("Walk", (House,), {"cast": cast})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=6,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        ),
    )
