"""Lists, stock and money in whatever order: households added and taken off, twins judged and parted, lists locked,
opened, decided, approved, released, paid, reversed, withdrawn, cancelled. The identity of the books holds, no store is
below zero, no household stands twice in a round that is decided, states follow each other only along legal paths.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from portal.distributions import queries, rules
from portal.distributions import queries_rows as found
from portal.distributions.actions_decide import approve_list, draft_decision, refuse_row, send_back
from portal.distributions.actions_fairness import override
from portal.distributions.actions_list import PortionFields, change_list, delete_list, set_portions
from portal.distributions.actions_lock import cancel_list, lock_list, unlock_list
from portal.distributions.actions_release import release
from portal.distributions.actions_rows import add_by_criteria, add_households, exclude, remove_rows
from portal.distributions.models import Distribution, DistributionRow
from portal.donations.gifts import Gift, Part
from portal.donations.posting import post_gifts
from portal.figures.registry import compute
from portal.figures.scope import Scope
from portal.goods.models import StockBalance, StockMovement
from portal.households.actions_twins import judge_same, undo_judgement
from portal.households.models_change import HouseholdTwin
from portal.households.models_registry import Household
from portal.households.rules_registry import code_of
from portal.kit.access import ACCOUNTANT, APPROVER
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.ledger.actions import reverse
from portal.ledger.models import Account, DayTotal, Posting
from portal.operate.verify import outcomes
from portal.spending.actions import delete_decision, issue_decision, withdraw_decision
from portal.spending.actions_vouchers import pay_voucher, void_voucher
from tests.cast import make_campaign, make_fund, make_unit, make_user
from tests.distributions.builders import make_list, portion_of
from tests.goods.builders import bring, make_item, make_store
from tests.households.builders import make_household
from tests.ledger.test_state_machine import KEYS

FIRST, DAY, LAST = date(2026, 1, 1), date(2026, 11, 12), date(2030, 1, 1)
LEGAL = {
    None: {rules.DRAFT},
    rules.DRAFT: {rules.LOCKED, rules.CANCELLED, None},
    rules.LOCKED: {rules.DRAFT, rules.DECIDED, rules.CANCELLED},
    rules.DECIDED: {rules.APPROVED, rules.LOCKED},
    rules.APPROVED: {rules.RELEASED, rules.LOCKED},
    rules.RELEASED: {rules.APPROVED},
    rules.CANCELLED: set(),
}
places = st.integers(0, 4)


class Lists(RuleBasedStateMachine):
    """A commune with a campaign, a store, five households and their twins; a maker and an approver."""

    def __init__(self) -> None:
        super().__init__()
        self.fund, self.unit = make_fund(), make_unit()
        self.campaign = make_campaign(unit=self.unit, starts_on=FIRST, ends_on=None)
        self.maker = make_user(role=ACCOUNTANT, unit=self.unit)
        self.chair = make_user(name="Hoàng Thị Duyệt", role=APPROVER, unit=self.unit)
        self.store, self.item = (
            make_store(unit=self.unit, code=f"K{self.unit.id}"),
            make_item(name=f"Gạo {self.unit.id}", measure="kg"),
        )
        self.households = [make_household(unit=self.unit, name=f"Lê Thị Mẫu {n}").id for n in range(5)]
        self.known: dict[int, str] = {}
        self.numbers = 0
        db.session.commit()
        self.bring_means(5_000_000, 20)
        for place, way in enumerate(("money", "goods", "both")):
            self.start(way, "Tết", place)

    def attempt(self, work: Any) -> bool:
        """Whether `work` was done and committed; a refusal leaves nothing behind."""
        try:
            work()
        except Refused:
            db.session.rollback()
            return False
        db.session.commit()
        return True

    def one(self, data: st.DataObject) -> Distribution | None:
        """Some list."""
        alive = sorted(key for key, state in self.known.items() if state != rules.CANCELLED)
        if not alive:
            return None
        return db.session.get(Distribution, data.draw(st.sampled_from(alive)))

    @rule(amount=st.sampled_from([1_000_000, 5_000_000]), kilos=st.sampled_from([0, 10, 20]))
    def bring_means(self, amount: int, kilos: int) -> None:
        """Money and goods come in."""
        part = Part("cash", amount)
        gift = Gift(DAY, self.unit.id, self.fund.id, self.campaign.id, (part,), donor_name="An")
        post_gifts([gift], by=self.maker)
        if kilos:
            bring(store=self.store, item=self.item, quantity=kilos, value=kilos * 10_000, day=DAY)
        db.session.commit()

    @rule(
        way=st.sampled_from(["money", "goods", "both"]),
        content=st.sampled_from(["Tết", "Trung thu"]),
        who=places,
    )
    def start(self, way: str, content: str, who: int) -> None:
        """A draft, with one household where the round has room for it."""
        made = make_list(
            unit=self.unit,
            maker=self.maker,
            amount=None if way == "goods" else 500_000,
            item=None if way == "money" else self.item,
            quantity=10,
            store=self.store,
            campaign=self.campaign,
            content=content,
        )
        db.session.commit()
        self.known[made.id] = rules.DRAFT
        self.attempt(
            lambda: add_households(made, [self.households[who]], portion=portion_of(made), by=self.maker)
        )

    @rule(data=st.data(), who=places, how=st.sampled_from(["id", "all", "exclude", "remove"]))
    def change(self, data: st.DataObject, who: int, how: str) -> None:
        """Households come onto a draft and go; other lists refuse."""
        made = self.one(data)
        if made is None:
            return
        household = self.households[who]
        works = {
            "id": lambda: add_households(made, [household], portion=portion_of(made), by=self.maker),
            "all": lambda: add_by_criteria(
                made, select(Household.id), portion=portion_of(made), by=self.maker, excluded=[household]
            ),
            "exclude": lambda: exclude(made, code_of(household), by=self.maker),
            "remove": lambda: remove_rows(made, list(db.session.scalars(self.ids(made)))[:1], by=self.maker),
        }
        done = self.attempt(works[how])
        assert not done or made.state == rules.DRAFT
        if made.state != rules.DRAFT:
            assert not self.attempt(lambda: change_list(made, by=self.maker, name="Khác"))
            assert not self.attempt(lambda: set_portions(made, [PortionFields("Suất quà", 1)], by=self.maker))

    def ids(self, made: Distribution) -> Any:
        return select(DistributionRow.id).where(DistributionRow.distribution_id == made.id)

    @rule(one=places, other=places, undo=st.booleans(), seldom=st.integers(0, 2))
    def judge(self, one: int, other: int, undo: bool, seldom: int) -> None:
        """Two households are found to be one, or that is taken back."""
        if seldom or one == other:
            return
        if undo:
            twin = db.session.scalar(select(HouseholdTwin).where(HouseholdTwin.undone_at.is_(None)))
            if twin is not None:
                self.attempt(lambda: undo_judgement(twin, self.maker))
            return
        kept, gone = (db.session.get_one(Household, self.households[place]) for place in (one, other))
        self.attempt(lambda: judge_same(kept, gone, self.maker))

    @rule(data=st.data(), steps=st.integers(1, 5))
    def go_on(self, data: st.DataObject, steps: int) -> None:
        """The usual way: the next step, and some after it; each may be refused."""
        made = self.one(data)
        if made is None:
            return
        self.go(made, steps)

    @rule(way=st.sampled_from(["money", "goods", "both"]), who=places, steps=st.integers(3, 7))
    def whole(self, way: str, who: int, steps: int) -> None:
        """A list of its own round, brought as far as it goes."""
        self.numbers += 1
        self.start(way, f"Đợt {self.numbers}", who)
        made = db.session.get_one(Distribution, max(self.known))
        self.go(made, steps)

    def go(self, made: Distribution, steps: int) -> None:
        """So many of the usual steps."""
        for _ in range(steps):
            if not self.attempt(lambda: self.next_step(made)):
                break
            self.states_follow_legal_paths()

    def next_step(self, made: Distribution) -> None:
        """The step that follows from the state."""
        if made.state == rules.DRAFT:
            if rows := list(db.session.scalars(self.ids(made))):
                override(made, rows, reason="Hộ khó khăn", by=self.maker)
            lock_list(made, by=self.maker)
        elif made.state == rules.LOCKED and made.decision is None:
            self.numbers += 1
            head = {"kind": "decision", "subject": "Quà", "number": f"{self.numbers}/QĐ", "decided_on": DAY}
            draft_decision(made, by=self.maker, **head)
        elif made.state == rules.LOCKED:
            issue_decision(made.decision, by=self.chair)
        elif made.state == rules.DECIDED:
            approve_list(made, by=self.chair)
        elif made.state == rules.APPROVED and made.voucher is not None and made.voucher.state == "approved":
            pay_voucher(made.voucher, paid_on=DAY, by=self.maker)
        else:
            release(made, by=self.maker, on=today_in_vietnam())

    @rule(
        data=st.data(), step=st.sampled_from(["lock", "lock", "lock", "unlock", "unlock", "cancel", "delete"])
    )
    def turn(self, data: st.DataObject, step: str) -> None:
        """What the maker does with the whole list."""
        made = self.one(data)
        if made is None:
            return
        list_id = made.id
        works = {
            "lock": lambda: lock_list(made, by=self.maker),
            "unlock": lambda: unlock_list(made, reason="Sửa", by=self.maker),
            "cancel": lambda: cancel_list(made, reason="Thôi", by=self.maker),
            "delete": lambda: delete_list(made),
        }
        if self.attempt(works[step]) and step == "delete":
            del self.known[list_id]

    @rule(data=st.data(), step=st.sampled_from(["draft", "issue", "issue", "delete", "withdraw"]))
    def decide(self, data: st.DataObject, step: str) -> None:
        """What becomes of its decision."""
        made = self.one(data)
        if made is None:
            return
        decision = made.decision
        if step == "draft" or decision is None:
            self.numbers += 1
            head = {"kind": "decision", "subject": "Quà", "number": f"{self.numbers}/QĐ", "decided_on": DAY}
            self.attempt(lambda: draft_decision(made, by=self.maker, **head))
        elif step == "issue":
            assert not self.attempt(lambda: issue_decision(decision, by=self.maker))
            self.attempt(lambda: issue_decision(decision, by=self.chair))
        elif step == "delete":
            self.attempt(lambda: delete_decision(decision))
        else:
            self.attempt(lambda: withdraw_decision(decision, reason="Sai", by=self.chair))

    @rule(data=st.data(), step=st.sampled_from(["approve", "approve", "refuse", "more", "back"]))
    def answer(self, data: st.DataObject, step: str) -> None:
        """What the approver says."""
        made = self.one(data)
        if made is None:
            return
        rows = list(db.session.scalars(queries.rows_of(made)))
        assert not self.attempt(lambda: approve_list(made, by=self.maker))
        if step == "approve":
            self.attempt(lambda: approve_list(made, by=self.chair))
        elif step == "back":
            self.attempt(lambda: send_back(made, reason="Sai", by=self.chair))
        elif rows and step == "refuse":
            self.attempt(lambda: approve_list(made, refused={rows[0].id: "Đã nhận"}, by=self.chair))
        elif rows:
            self.attempt(lambda: refuse_row(made, rows[-1], reason="Đã mất", by=self.chair))

    @rule(
        data=st.data(), step=st.sampled_from(["release", "release", "pay", "pay", "void", "unpay", "ungoods"])
    )
    def move(self, data: st.DataObject, step: str) -> None:
        """Money and goods leave, and come back."""
        made = self.one(data)
        if made is None:
            return
        voucher = made.voucher
        if step == "release" or voucher is None:
            self.attempt(lambda: release(made, by=self.maker, on=today_in_vietnam()))
        elif step == "pay":
            self.attempt(lambda: pay_voucher(voucher, paid_on=DAY, by=self.maker))
        elif step == "void":
            self.attempt(lambda: void_voucher(voucher, reason="Thôi", by=self.maker))
        elif step == "unpay" and voucher.posting_number:
            self.reverse(voucher.posting_number)
        elif step == "ungoods" and (out := found.goods_documents(made, "out")):
            self.reverse(out[0].posting_number)

    @rule(data=st.data(), money=st.booleans())
    def take_back(self, data: st.DataObject, money: bool) -> None:
        """Of a released list the money, or the goods, come back; then it goes on."""
        released = sorted(key for key, state in self.known.items() if state == rules.RELEASED)
        if not released:
            return
        made = db.session.get_one(Distribution, data.draw(st.sampled_from(released)))
        out = found.goods_documents(made, "out")
        if money and made.voucher is not None:
            self.reverse(made.voucher.posting_number)
        elif out:
            self.reverse(out[0].posting_number)

    def reverse(self, number: int) -> None:
        """A document was wrong."""
        posting = db.session.get_one(Posting, number)
        self.attempt(lambda: reverse(posting, reason="Nhầm", by=self.maker, second=self.chair))

    @invariant()
    def states_follow_legal_paths(self) -> None:
        """Each list is where it was, or one legal step further."""
        rows = select(Distribution).where(Distribution.unit_id == self.unit.id)
        now = {made.id: made for made in db.session.scalars(rows)}
        assert set(now) == set(self.known)
        for key, made in now.items():
            before = self.known[key]
            assert made.state == before or made.state in LEGAL[before], (before, made.state)
            self.known[key] = made.state
            assert (made.state == rules.RELEASED) == (
                made.state in (rules.APPROVED, rules.RELEASED) and not queries.missing(made)
            )

    @invariant()
    def nobody_gets_two_portions_of_one_round(self) -> None:
        """Of what was paid or taken along, each household as it was judged when the list was approved has one."""
        rows = (
            select(Distribution.round_key, DistributionRow.household_id, func.count())
            .join(DistributionRow, DistributionRow.distribution_id == Distribution.id)
            .where(
                Distribution.unit_id == self.unit.id,
                Distribution.state != rules.CANCELLED,
                DistributionRow.refused.is_(None),
            )
            .group_by(Distribution.round_key, DistributionRow.household_id)
            .having(func.count() > 1)
        )
        assert db.session.execute(rows).all() == []

    @invariant()
    def nothing_is_below_zero(self) -> None:
        """No store, no place of money; what left the store lies in the officer's hand."""
        assert (db.session.scalar(select(func.min(StockBalance.quantity))) or 0) >= 0
        for made in db.session.scalars(select(Distribution).where(Distribution.unit_id == self.unit.id)):
            wanted = {one.item.id: one.quantity for one in found.goods_of(made)}
            for out in found.goods_documents(made, "out"):
                moved = select(StockMovement).where(
                    StockMovement.posting_number == out.posting_number, StockMovement.quantity > 0
                )
                got = {row.item_id: row.quantity for row in db.session.scalars(moved)}
                assert got == wanted
        balance = func.sum(DayTotal.debit - DayTotal.credit)
        rows = select(balance).join(Account, DayTotal.account_id == Account.id)
        rows = rows.where(Account.unit_id == self.unit.id, Account.kind.in_(("cash", "advance")))
        assert all(left >= 0 for (left,) in db.session.execute(rows.group_by(Account.id)))

    @invariant()
    def the_identity_holds(self) -> None:
        """Opening + received − refunded + other + allocated in − allocated out − spent = closing."""
        told = compute(Scope(self.unit, FIRST, LAST, None), KEYS)
        value = {key: int(figure.value or 0) for key, figure in told.items()}
        came = value["balance.opening"] + value["received.total"] - value["refunded.total"]
        came += value["other.total"] + value["allocated.in"] - value["allocated.out"] - value["spent.total"]
        assert came == value["balance.closing"] + value["balance.untracked_change"]

    def teardown(self) -> None:
        """At the end `portal verify` finds nothing."""
        assert [found.problem for found in outcomes(db.session.connection()) if found.problem] == []


def test_whatever_is_done_with_lists_the_books_agree(db_session) -> None:
    run_state_machine_as_test(
        Lists,
        settings=settings(
            max_examples=10, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
