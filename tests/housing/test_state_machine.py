"""A house in whatever order: steps, papers, decisions, tranches, vouchers, checks, minutes, reversals, stops.

States follow each other only along legal paths; no step is reached while a paper that is required that day is missing,
whatever money is in the house and however the catalogue of papers changes meanwhile; no tranche is paid before its
stage; and the books agree.
"""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from portal.donations.actions import record_donation
from portal.housing import following, queries_money, rules
from portal.kit.db import db
from tests.cast import Cast, make_fund
from tests.housing.builders import DAY
from tests.housing.owed import owed
from tests.housing.walking import BEHIND, MIXES, House

assert following


SKIPPED = st.sampled_from(("", "pay_all", "money", "check", "papers", "come_all"))


class Walk(House, RuleBasedStateMachine):
    """One project of the commune, led by whoever may."""

    reached: Counter[str] = Counter()

    @initialize(
        mix=st.sampled_from(sorted(MIXES)), so_far=st.sampled_from((11, 10, 10, 7, 4, 0)), skipped=SKIPPED
    )
    def begin(self, mix: str, so_far: int, skipped: str) -> None:
        """Most walks begin shortly before the end, often with something left out: few would ever come there."""
        self.plan = MIXES[mix]
        self.lead(so_far, skipped)

    @rule(so_far=st.sampled_from((11, 11, 10, 6)), skipped=SKIPPED)
    def lead_on(self, so_far: int, skipped: str) -> None:
        """What usually comes next, as far as it may."""
        self.lead(so_far, skipped)

    survey = rule()(House.survey)
    papers = rule()(House.papers)
    lose_a_paper = rule()(House.lose_a_paper)
    lose_a_photo = rule()(House.lose_a_photo)
    approve = rule()(House.approve)
    withdraw = rule()(House.withdraw)
    drop = rule()(House.drop)
    reverse_payment = rule()(House.reverse_payment)
    void = rule()(House.void)
    refuse_direct = rule()(House.refuse_direct)
    take_back = rule()(House.take_back)
    check = rule()(House.check)
    drop_check = rule()(House.drop_check)
    drop_minutes = rule()(House.drop_minutes)
    stop_or_go_on = rule()(House.stop_or_go_on)
    back = rule()(House.back)
    step = rule(step=st.sampled_from(rules.BY_HAND))(House.step)
    photo = rule(role=st.sampled_from(("before", "started", "roofed", "after")))(House.photo)
    source = rule(kind=st.sampled_from(tuple(rules.SOURCES)), part=st.sampled_from((10, 20)))(House.source)
    drop_source = rule(place=st.integers(0, 4))(House.drop_source)
    come = rule(place=st.integers(0, 4))(House.come)
    divide = rule(stage=st.sampled_from(tuple(rules.STAGES)), part=st.sampled_from((10, 30)))(House.divide)
    pay = rule(directly=st.booleans(), wholly=st.booleans())(House.pay)
    hand_over = rule(what=st.sampled_from((rules.MONEY, rules.HOUSE, rules.HOUSE)))(House.hand_over)
    ask_more = rule(
        step=st.sampled_from(rules.ORDER[2:]),
        source=st.sampled_from(("", rules.STATE, rules.SPONSOR, rules.FAMILY, rules.LABOUR)),
        evidence=st.sampled_from(("filed", "filed", "roofed", "started", "budget")),
        days=st.sampled_from((-10, 0, 1)),
    )(House.ask_more)
    end_paper = rule(place=st.integers(0, 14), days=st.sampled_from((-1, 0)))(House.end_paper)

    @invariant()
    def sources_and_tranches_hold(self) -> None:
        if not self.changed:  # refused: nothing is left of it
            return
        self.changed = False
        cost = queries_money.cost_of(self.project)
        assert cost.gap is None or cost.gap >= 0
        assert all(0 <= one.come <= one.counted <= one.planned for one in cost.shares)
        for row in queries_money.decided_rows(self.project):
            mine = [
                one
                for one in queries_money.tranches_of(self.project)
                if one.decision_row_id == row.decision_row_id
            ]
            assert sum(one.amount for one in mine) <= row.row.amount

    def teardown(self) -> None:
        """However it went, the usual way is tried once more: what was skipped may not come through now either."""
        self.lead(len(BEHIND))
        for name in self.been:
            event(name)
        self.reached.update({"walks": 1, **dict.fromkeys(self.been, 1)})
        self.close()


@pytest.fixture
def money(cast: Cast) -> Cast:
    """The commune's box holds enough, of no campaign ("chung")."""
    told = {"unit": cast.commune, "fund": make_fund(), "campaign": None, "form": "cash", "day": DAY}
    record_donation(**told, amount=9_000_000_000, donor_name="Người Giả", by=cast.officer)
    db.session.commit()
    return cast


def test_a_house_in_whatever_order(money: Cast) -> None:
    machine = type("Walked", (Walk,), {"cast": money, "reached": Counter()})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=25,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        ),
    )
    reached = machine.reached
    assert reached[rules.HANDED_OVER] * 2 >= reached["walks"], reached  # they do come to the end


@pytest.mark.parametrize("skipped", ["papers", "pay_all", "money", "check"])
def test_nothing_that_is_left_out_comes_through(money: Cast, skipped: str) -> None:
    house = type("Led", (House,), {"cast": money})()
    house.plan = MIXES["all kinds"]
    house.lead(len(BEHIND), skipped)
    assert house.state != rules.HANDED_OVER and owed(house.key, rules.HANDED_OVER)
    house.lead(len(BEHIND))
    assert house.state == rules.HANDED_OVER and not owed(house.key, rules.HANDED_OVER)
    house.close()


@pytest.mark.parametrize("mix", sorted(MIXES))
def test_every_mix_of_sources_comes_to_its_hand_over(money: Cast, mix: str) -> None:
    house = type("Led", (House,), {"cast": money})()
    house.plan = MIXES[mix]
    house.lead(len(BEHIND) - 1)
    assert house.state == rules.FINISHED
    house.house()
    assert house.state == rules.HANDED_OVER and rules.HANDED_OVER in house.been
    house.close()
