"""Gifts come in, decisions are made, vouchers approved, refused, paid, made void, reversed, advances settled, money of
absent people kept, given or returned, in whatever order: the identity of figures holds for the unit, each campaign and
each half of the period; nothing leaves that was not there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from portal.advances import queries as advances
from portal.advances.actions import answer_settlement, settle
from portal.advances.actions_put_aside import answer_end, ask_to_end, put_aside
from portal.advances.models import PutAside
from portal.advances.rules import RELEASE, RETURN, Settled
from portal.donations.gifts import Gift, Part
from portal.donations.models import Donation
from portal.donations.posting import post_gifts
from portal.donations.refunds import decide_refund, request_refund
from portal.figures.registry import compute
from portal.figures.scope import Scope
from portal.kit.access import ACCOUNTANT, APPROVER
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.numbers import Entry
from portal.ledger.actions import reverse
from portal.ledger.models import Account, DayTotal, Posting
from portal.operate.verify import outcomes
from portal.spending import queries
from portal.spending.actions import RowFields, draft_decision, issue_decision, withdraw_decision
from portal.spending.actions_vouchers import (
    approve_voucher,
    pay_voucher,
    prepare_voucher,
    refuse_voucher,
    void_voucher,
)
from portal.spending.models import Decision, Voucher
from portal.spending.rules import ADVANCE, APPROVED, PAID, PAYMENT, PREPARED, Wanted
from tests.cast import make_account, make_campaign, make_fund, make_unit, make_user
from tests.ledger.test_state_machine import KEYS

FIRST, MIDDLE, LAST = date(2024, 1, 1), date(2024, 3, 31), date(2024, 6, 30)
days = st.dates(FIRST, LAST)
amounts = st.integers(1, 9).map(lambda count: count * 1_000_000)
campaigns = st.sampled_from([0, 1, None])
places = st.sampled_from(["box", "hand", "bank"])
SPENT = (PAYMENT, ADVANCE)


@dataclass
class Row:
    """A decision's row as the witness remembers it."""

    row_id: int
    amount: int
    campaign: int | None


class Spending(RuleBasedStateMachine):
    """One commune, two campaigns, a box, a hand and a bank account; a maker, a second maker, an approver."""

    def __init__(self) -> None:
        super().__init__()
        self.fund, self.unit = make_fund(), make_unit()
        self.campaigns = [make_campaign(unit=self.unit, starts_on=FIRST, ends_on=None) for _ in range(2)]
        self.bank = make_account(unit=self.unit)
        self.maker = make_user(role=ACCOUNTANT, unit=self.unit)
        self.chair = make_user(name="Hoàng Thị Duyệt", role=APPROVER, unit=self.unit)
        self.gifts: list[int] = []
        self.decisions: list[int] = []
        self.vouchers: list[int] = []
        self.paid: dict[
            int, tuple[str, list[tuple[int | None, int]]]
        ] = {}  # voucher → what, (campaign, đồng)
        self.later: dict[int, list[tuple[int | None, int]]] = {}  # settlement or return, by document
        self.settled: set[int] = set()  # those of them that are settlements
        self.kept: list[int] = []  # money put aside
        db.session.commit()

    def attempt(self, work: Any) -> Any:
        """What `work` gives, committed; None when it was refused, with nothing left behind."""
        before = db.session.scalar(select(func.max(Entry.number)))
        try:
            done = work()
        except Refused:
            db.session.rollback()
            assert db.session.scalar(select(func.max(Entry.number))) == before
            return None
        db.session.commit()
        return done

    @rule(day=days, amount=amounts, campaign=campaigns, place=places)
    def give(self, day: date, amount: int, campaign: int | None, place: str) -> None:
        """Money comes in."""
        part = Part("bank", amount, bank_account_id=self.bank.id) if place == "bank" else Part("cash", amount)
        gift = Gift(
            day,
            self.unit.id,
            self.fund.id,
            self.campaigns[campaign].id if campaign is not None else None,
            (part,),
            donor_name="An",
            holder_id=self.maker.id if place == "hand" else None,
        )
        (posted,) = post_gifts([gift], by=self.maker)
        self.gifts.append(posted.donation_id)
        db.session.commit()

    @rule(day=days, rows=st.lists(st.tuples(amounts, campaigns), min_size=1, max_size=3))
    def decide(self, day: date, rows: list[tuple[int, int | None]]) -> None:
        """A decision is drafted and put into force by another person."""
        fields = [
            RowFields(
                receiver="Hộ ông Giả",
                amount=amount,
                purpose="gifts" if amount < 5_000_000 else "housing",
                campaign_id=self.campaigns[campaign].id if campaign is not None else None,
                households=1,
            )
            for amount, campaign in rows
        ]
        decision = draft_decision(
            unit=self.unit,
            fund=self.fund,
            rows=fields,
            by=self.maker,
            kind="decision",
            number=f"{len(self.decisions) + 1}/QĐ",
            decided_on=day,
            subject="Hỗ trợ",
        )
        db.session.commit()
        assert self.attempt(lambda: issue_decision(decision, by=self.maker)) is None  # not by the maker
        issue_decision(decision, by=self.chair)
        self.decisions.append(decision.id)
        db.session.commit()

    @rule(data=st.data(), place=places, what=st.sampled_from(SPENT), part=st.sampled_from([1, 2]))
    def prepare(self, data: st.DataObject, place: str, what: str, part: int) -> None:
        """A voucher for what is left, or a part of it."""
        if not self.decisions:
            return
        decision = db.session.get_one(Decision, data.draw(st.sampled_from(self.decisions)))
        left = queries.left_of(decision)
        wanted = [Wanted(row_id, amount // part) for row_id, amount in left.items()]
        made = self.attempt(
            lambda: prepare_voucher(
                decision,
                wanted=wanted,
                what=what,
                content="Chi hỗ trợ",
                bank_account=self.bank if place == "bank" else None,
                holder=self.maker if place == "hand" else None,
                officer=self.maker if what == ADVANCE else None,
                by=self.maker,
            )
        )
        assert (made is not None) == (decision.state == "issued" and any(one.amount for one in wanted))
        if made is not None:
            self.vouchers.append(made.id)

    @rule(data=st.data(), refuse=st.integers(0, 3), whole=st.booleans())
    def answer(self, data: st.DataObject, refuse: int, whole: bool) -> None:
        """The chair approves, takes rows out, or says no."""
        voucher = self.one_of(data)
        if voucher is None:
            return
        waits, in_force = voucher.state == PREPARED, voucher.decision.state == "issued"
        if whole and refuse == 0:
            done = self.attempt(lambda: refuse_voucher(voucher, reason="Chưa họp", by=self.chair))
            assert (done is not None) == waits
            return
        out = {row.id: "Đã nhận" for row in voucher.rows[:refuse]}
        done = self.attempt(lambda: approve_voucher(voucher, refused=out, by=self.chair))
        assert (done is not None) == (waits and in_force and len(out) < len(voucher.rows))

    @rule(data=st.data(), day=days)
    def pay(self, data: st.DataObject, day: date) -> None:
        """Money leaves when it was approved, when it is there, and when the campaign has it."""
        voucher = self.one_of(data)
        if voucher is None:
            return
        rows = [(row.decision_row.campaign_id, row.amount) for row in voucher.live_rows]
        key = {"holder_id": voucher.holder_id, "bank_account_id": voucher.bank_account_id}
        held = queries.held_at(self.unit.id, self.fund.id, **key)
        short = any(
            sum(amount for other, amount in rows if other == campaign)
            > queries.free_of(self.unit.id, self.fund.id, campaign)
            for campaign, _ in rows
        )
        may = voucher.state == APPROVED and voucher.decision.state == "issued"
        may = may and day >= voucher.decision.decided_on and sum(amount for _, amount in rows) <= held
        done = self.attempt(lambda: pay_voucher(voucher, paid_on=day, by=self.maker))
        assert (done is not None) == (may and not short)
        if done is not None:
            self.paid[voucher.id] = (voucher.what, rows)

    @rule(data=st.data())
    def void(self, data: st.DataObject) -> None:
        """A voucher that is not paid is given up."""
        voucher = self.one_of(data)
        if voucher is not None:
            waits = voucher.state in (PREPARED, APPROVED)
            done = self.attempt(lambda: void_voucher(voucher, reason="Thôi", by=self.maker))
            assert (done is not None) == waits

    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        """A decision goes out of force."""
        if self.decisions:
            decision = db.session.get_one(Decision, data.draw(st.sampled_from(self.decisions)))
            self.attempt(lambda: withdraw_decision(decision, reason="Sai", by=self.chair))

    @rule(data=st.data())
    def reverse_payment(self, data: st.DataObject) -> None:
        """A payment that was wrong; its rows may be paid again."""
        voucher = self.one_of(data)
        if voucher is None or voucher.state != PAID:
            return
        posting = db.session.get_one(Posting, voucher.posting_number)
        work = lambda: reverse(posting, reason="Nhầm", by=self.maker, second=self.chair)  # noqa: E731
        if self.attempt(work) is not None:
            del self.paid[voucher.id]

    @rule(data=st.data(), paid=st.integers(0, 3), absent=st.integers(0, 3), returned=st.integers(0, 3))
    def settle(self, data: st.DataObject, paid: int, absent: int, returned: int) -> None:
        """The officer tells what became of quarters of a row; the chair approves."""
        voucher = self.one_of(data)
        if voucher is None or voucher.state != PAID or voucher.what != ADVANCE:
            return
        row = voucher.live_rows[0]
        quarter, left = row.amount // 4, advances.open_rows(voucher)[row.id]
        told = Settled(row.id, paid * quarter, absent * quarter, returned * quarter, "Đi vắng")

        def work() -> Any:
            day = max(LAST, voucher.posting.document_on)
            asked = settle(voucher, rows=[told], settled_on=day, papers="Danh sách ký nhận", by=self.maker)
            return answer_settlement(asked, approve=True, answer="", by=self.chair)

        done = self.attempt(work)
        assert (done is not None) == (0 < told.amount <= left)
        if done is not None:
            self.later[done.number] = [(row.decision_row.campaign_id, told.paid + told.absent)]
            self.settled.add(done.number)
            items = select(PutAside.id).where(PutAside.posting_number == done.number)
            self.kept += db.session.scalars(items).all()

    @rule(data=st.data())
    def keep(self, data: st.DataObject) -> None:
        """A receiver of a paid list did not come."""
        voucher = self.one_of(data)
        if voucher is None or voucher.state != PAID or voucher.what != PAYMENT:
            return
        row, day = voucher.live_rows[0], voucher.posting.document_on
        work = lambda: put_aside(row, amount=row.amount // 2, since=day, reason="Vắng", by=self.maker)  # noqa: E731
        left = row.amount - advances.kept_of_rows(voucher).get(row.id, 0)
        done = self.attempt(work)
        assert (done is not None) == (row.amount // 2 <= left)
        if done is not None:
            self.kept.append(done.id)

    @rule(data=st.data(), wish=st.sampled_from([RELEASE, RETURN]))
    def end_kept(self, data: st.DataObject, wish: str) -> None:
        """They come after all, or the money goes back to its campaign."""
        if not self.kept:
            return
        item = db.session.get_one(PutAside, data.draw(st.sampled_from(self.kept)))

        def work() -> Any:
            ask_to_end(item, wish=wish, reason="Đã chuyển đi", by=self.maker)
            return answer_end(item, approve=True, answer="", by=self.chair)

        held = queries.held_at(self.unit.id, self.fund.id, holder_id=None, bank_account_id=None)
        is_open = item.ended is None and not item.void
        done = self.attempt(work)
        assert (done is not None) == (is_open and (wish == RETURN or item.amount <= held))
        if done is not None and wish == RETURN:
            self.later[done.number] = [(item.decision_row.campaign_id, -item.amount)]

    @rule(data=st.data())
    def reverse_later(self, data: st.DataObject) -> None:
        """A settlement or a return that was wrong."""
        if self.later:
            number = data.draw(st.sampled_from(sorted(self.later)))
            posting = db.session.get_one(Posting, number)
            work = lambda: reverse(posting, reason="Nhầm", by=self.maker, second=self.chair)  # noqa: E731
            if self.attempt(work) is not None:
                del self.later[number]

    @rule(data=st.data(), amount=amounts)
    def give_back(self, data: st.DataObject, amount: int) -> None:
        """A refund takes from the same places."""
        if not self.gifts:
            return
        gift = db.session.get_one(Donation, data.draw(st.sampled_from(self.gifts)))

        def work() -> Any:
            asked = request_refund(
                gift,
                amount=amount,
                place="bank" if gift.form == "bank" else "cash",
                bank_account=self.bank,
                receiver="An",
                reason="Nhầm",
                by=self.maker,
            )
            return decide_refund(asked, approve=True, answer="", by=self.chair)

        self.attempt(work)

    def one_of(self, data: st.DataObject) -> Voucher | None:
        """Any voucher."""
        if not self.vouchers:
            return None
        return db.session.get_one(Voucher, data.draw(st.sampled_from(self.vouchers)))

    @invariant()
    def the_identity_holds(self) -> None:
        """opening + received − refunded + other + in − out − spent = closing + change of untracked money."""
        for campaign in (None, *self.campaigns):
            for start, end in ((FIRST, LAST), (FIRST, MIDDLE), (date(2024, 4, 1), LAST)):
                found = compute(Scope(self.unit, start, end, campaign), KEYS)
                value = {key: int(figure.value or 0) for key, figure in found.items()}
                came = value["balance.opening"] + value["received.total"] - value["refunded.total"]
                came += value["other.total"] + value["allocated.in"] - value["allocated.out"]
                assert (
                    came - value["spent.total"]
                    == value["balance.closing"] + value["balance.untracked_change"]
                )

    @invariant()
    def spent_is_what_was_paid(self) -> None:
        """Of each campaign: figures = vouchers; an advance is not spent yet."""
        for campaign in (None, *self.campaigns):
            scope = Scope(self.unit, FIRST, date(2030, 1, 1), campaign)
            told = compute(scope, ("spent.total", "spent.count"))
            mine = [
                [amount for of, amount in rows if campaign is None or of == campaign.id]
                for what, rows in self.paid.values()
                if what == PAYMENT
            ]
            since = {
                number: [amount for of, amount in rows if amount and (campaign is None or of == campaign.id)]
                for number, rows in self.later.items()
            }
            assert told["spent.total"].value == sum(map(sum, mine)) + sum(map(sum, since.values()))
            settled = [rows for number, rows in since.items() if number in self.settled]
            assert told["spent.count"].value == sum(map(bool, mine)) + sum(map(bool, settled))

    @invariant()
    def no_place_is_below_zero(self) -> None:
        """The box, the hand, the officer's advance; a bank account together with what is in transit."""
        balance = func.sum(DayTotal.debit - DayTotal.credit)
        rows = (
            select(func.coalesce(Account.bank_account_id, -Account.id), balance)
            .join(DayTotal, DayTotal.account_id == Account.id)
            .where(Account.unit_id == self.unit.id, Account.kind.in_(("cash", "advance", "bank", "transit")))
            .group_by(func.coalesce(Account.bank_account_id, -Account.id))
        )
        assert all(left >= 0 for _, left in db.session.execute(rows))
        held = select(func.coalesce(func.sum(DayTotal.credit - DayTotal.debit), 0)).join(Account)
        assert db.session.scalar(held.where(Account.unit_id == self.unit.id, Account.kind == "held")) >= 0

    @invariant()
    def numbers_follow_each_other(self) -> None:
        """PC (with refunds) and UNC have no gap and no twin."""
        series: dict[str, list[int]] = {}
        mine = select(Posting).where(Posting.unit_id == self.unit.id, Posting.series.is_not(None))
        for posting in db.session.scalars(mine):
            series.setdefault(f"{posting.series}{posting.series_year}", []).append(posting.series_no or 0)
        assert all(sorted(found) == list(range(1, len(found) + 1)) for found in series.values())

    def teardown(self) -> None:
        """At the end `portal verify` finds nothing."""
        assert [found.problem for found in outcomes(db.session.connection()) if found.problem] == []


def test_whatever_is_decided_and_paid_the_books_agree(db_session) -> None:
    run_state_machine_as_test(
        Spending,
        settings=settings(
            max_examples=8,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
