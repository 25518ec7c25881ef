"""Gifts of every kind, in whatever order they are recorded, moved, given back, reversed, while stock goes out,
donors are merged and periods are closed: books, stores, numbers, donors and public totals agree with a witness.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from portal.donations import actions, queries
from portal.donations.gifts import Foreign, Gift, Part
from portal.donations.models import Donation, Refund
from portal.donations.posting import post_gifts
from portal.donations.rules import value_of
from portal.donors.actions import merge, record_donor, undo_merge
from portal.donors.models import Donor, DonorMerge
from portal.donors.queries import family
from portal.goods.catalogue import lot_for
from portal.goods.models import Item, StockBalance, StockMovement, Store
from portal.goods.rules import SlipRow
from portal.goods.slips import issue
from portal.kit.access import RECORDER
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.numbers import Entry
from portal.ledger.actions import close_period, reverse
from portal.ledger.models import Account, DayTotal, Posting
from portal.operate.verify import outcomes
from portal.public.progress import progress_of
from tests.cast import make_account, make_campaign, make_fund, make_unit, make_user
from tests.ledger.test_state_machine import overdraws

FIRST, LAST = date(2024, 1, 1), date(2024, 6, 30)
RATE = Foreign("USD", 100, 261_505_000, "Vietcombank", FIRST)
days = st.dates(FIRST, LAST)
amounts = st.one_of(st.integers(1, 10**12), st.sampled_from([1, 1_000, 500_000]))
sizes = st.integers(1, 50_000)
kinds = st.lists(
    st.sampled_from(["cash", "usd", "bank", "untracked", "papers", "rice", "words", "bare", "bare_words"]),
    min_size=1,
    max_size=4,
)


@dataclass
class Known:
    """A gift as the witness remembers it; `moves` are its reclassifications, each with where it came from."""

    code_id: int
    number: int
    paper: str | None
    campaign: int | None
    donor: int | None
    amounts: list[tuple[str, int]]
    rice: int
    refunds: dict[int, int] = field(default_factory=dict)
    moves: dict[int, int | None] = field(default_factory=dict)
    live: bool = True

    def money(self) -> int:
        """Đồng without goods."""
        return sum(amount for form, amount in self.amounts if form != "goods")

    def goods(self) -> int:
        """Đồng of goods."""
        return sum(amount for form, amount in self.amounts if form == "goods")


class Gifts(RuleBasedStateMachine):
    """One commune, two campaigns, one store, four donors."""

    def __init__(self) -> None:
        super().__init__()
        self.fund, self.unit = make_fund(), make_unit()
        self.campaigns = [make_campaign(unit=self.unit, starts_on=FIRST, ends_on=None) for _ in range(2)]
        self.bank = make_account(unit=self.unit)
        self.maker = make_user(role=RECORDER, unit=self.unit)
        self.second = make_user(name="Hoàng Thị Duyệt")
        code = f"I{self.unit.id}"
        self.rice = Item(code=code, name="Gạo", folded="gao", measure="kg", keeps_lots=True)
        self.store = Store(code=f"K{self.unit.id}", name="Kho", unit_id=self.unit.id, fund_id=self.fund.id)
        db.session.add_all([self.rice, self.store])
        db.session.flush()
        self.lot = lot_for(self.rice.id, "L1", date(2025, 1, 1))
        self.donors = [
            record_donor(unit=self.unit, kind="person", name=name, by=self.maker)
            for name in ("Nguyễn An", "Trần Bình", "Lê Chi", "Phạm Dung")
        ]
        self.merges: list[tuple[int, int, int]] = []  # merge, kept, gone
        self.gifts: list[Known] = []
        self.others: dict[int, int] = {}  # issue → rice that went out
        self.closed: date | None = None
        db.session.commit()

    def part(self, kind: str, amount: int, size: int) -> Part:
        """A part of every shape that a form can make."""
        stock = {"item_id": self.rice.id, "store_id": self.store.id, "lot_id": self.lot, "thousandths": size}
        if kind == "usd":
            return Part("cash", value_of("USD", RATE.minor, RATE.rate), foreign=RATE)
        return {
            "cash": Part("cash", amount),
            "bank": Part("bank", amount, bank_account_id=self.bank.id),
            "untracked": Part("bank", amount),
            "papers": Part("papers", amount, goods="Trái phiếu"),
            "rice": Part("goods", amount, **stock),
            "bare": Part("goods", 0, **stock),
            "words": Part("goods", amount, goods="Chăn"),
            "bare_words": Part("goods", 0, goods="Áo cũ"),
        }[kind]

    @rule(
        day=days,
        shapes=st.lists(kinds, min_size=1, max_size=3),
        amount=amounts,
        size=sizes,
        campaign=st.sampled_from([0, 1, None]),
        donor=st.sampled_from([0, 1, 2, 3, None]),
        mine=st.booleans(),
        book=st.booleans(),
    )
    def record(self, day, shapes, amount, size, campaign, donor, mine, book) -> None:
        """One gift, or a few at once, each with one or more parts."""
        wanted = self.campaigns[campaign].id if campaign is not None else None
        made = []
        for parts in ([self.part(kind, amount, size) for kind in shape] for shape in shapes):
            made.append(
                Gift(
                    day,
                    self.unit.id,
                    self.fund.id,
                    wanted,
                    tuple(parts),
                    donor_id=self.donors[donor].id if donor is not None else None,
                    donor_pending=donor is None,
                    holder_id=self.maker.id if mine else None,
                    paper_number="BL-01" if book else None,
                )
            )
        for gift, posted in zip(made, post_gifts(made, by=self.maker), strict=True):
            self.gifts.append(
                Known(
                    posted.donation_id,
                    posted.posting_number,
                    posted.paper_number,
                    wanted,
                    gift.donor_id,
                    [(part.form, part.amount) for part in gift.parts],
                    sum(part.thousandths or 0 for part in gift.parts),
                )
            )
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

    @rule(data=st.data(), to=st.sampled_from([0, 1, None]))
    def reclassify(self, data: st.DataObject, to: int | None) -> None:
        """A gift counts in another campaign; code and receipt stay."""
        if not self.gifts:
            return
        gift = data.draw(st.sampled_from(self.gifts))
        campaign = self.campaigns[to] if to is not None else None
        row = db.session.get_one(Donation, gift.code_id)
        done = self.attempt(
            lambda: actions.reclassify(row, campaign, reason="Nhầm", by=self.maker, second=self.second)
        )
        target = campaign.id if campaign else None
        may = gift.live and not gift.refunds and target != gift.campaign
        assert (done is not None) == may
        if done is not None:
            gift.moves[done.number] = gift.campaign
            gift.campaign = target

    @rule(data=st.data(), amount=amounts, mine=st.booleans())
    def refund(self, data: st.DataObject, amount: int, mine: bool) -> None:
        """Money back, out of the box or the hand, never more than the gift or the place has."""
        if not self.gifts:
            return
        gift = data.draw(st.sampled_from(self.gifts))
        row = db.session.get_one(Donation, gift.code_id)
        holder = self.maker.id if mine else None
        held = queries.cash_in_hand(self.unit.id, self.fund.id, holder)

        def give_back() -> Refund:
            asked = actions.request_refund(
                row,
                amount=amount,
                place="cash",
                holder_id=holder,
                receiver="An",
                reason="Nhầm",
                by=self.maker,
            )
            actions.decide_refund(asked, approve=True, answer="", by=self.second)
            return asked

        form, whole = gift.amounts[0]
        left = whole - sum(gift.refunds.values())
        done = self.attempt(give_back)
        may = gift.live and form in ("cash", "bank") and amount <= left and amount <= held
        assert (done is not None) == may
        if done is not None:
            gift.refunds[done.posting_number] = amount

    @rule(size=sizes, day=days)
    def issue_rice(self, size: int, day: date) -> None:
        """Rice leaves the store; never what is not there."""
        row = SlipRow(self.rice.id, size, lot_id=self.lot)
        done = self.attempt(lambda: issue(store=self.store, rows=[row], day=day, by=self.maker))
        if done is not None:
            self.others[done.number] = size
        else:
            assert day < LAST or size > self.stock() or self.closed

    @rule(data=st.data())
    def reverse(self, data: st.DataObject) -> None:
        """Any document is reversed, with everything that hangs on it, or refused as a whole."""
        later = [number for gift in self.gifts for number in (*gift.moves, *gift.refunds)]
        numbers = [*(gift.number for gift in self.gifts), *later, *self.others]
        if not numbers:
            return
        number = data.draw(st.sampled_from(numbers))
        posting = db.session.get_one(Posting, number)
        done = self.attempt(lambda: reverse(posting, reason="Nhầm", by=self.maker, second=self.second))
        if done is not None:
            self.forget(number)
            return
        if overdraws(posting):
            return
        known = next((gift for gift in self.gifts if number in (gift.number, *gift.moves)), None)
        assert known is not None  # refunds and issues can always be reversed
        newer = [move for move in known.moves if move > number]
        goes_below = known.number == number and known.rice > 0
        assert known.refunds or not known.live or newer or goes_below

    def forget(self, number: int) -> None:
        """The witness follows a reversal."""
        self.others.pop(number, None)
        for gift in self.gifts:
            gift.refunds.pop(number, None)
            if number in gift.moves:
                gift.campaign = gift.moves.pop(number)
            if number == gift.number:
                assert not gift.refunds
                if gift.moves:
                    gift.campaign = gift.moves[min(gift.moves)]
                gift.moves.clear()
                gift.live = False

    @rule(kept=st.integers(0, 3), gone=st.integers(0, 3))
    def merge_donors(self, kept: int, gone: int) -> None:
        """Two donors were one."""
        one, other = (db.session.get_one(Donor, self.donors[number].id) for number in (kept, gone))
        done = self.attempt(lambda: merge(one, other, self.maker))
        if done is not None:
            self.merges.append((done.id, one.id, other.id))

    @rule(data=st.data())
    def part_donors(self, data: st.DataObject) -> None:
        """A merge was wrong."""
        if self.merges:
            found = data.draw(st.sampled_from(self.merges))
            self.attempt(lambda: undo_merge(db.session.get_one(DonorMerge, found[0]), self.maker) or True)
            self.merges.remove(found)

    @rule(through=days)
    def close(self, through: date) -> None:
        """A period is closed; what comes late is booked in the open one."""
        done = self.attempt(lambda: close_period(self.unit, self.fund, through, by=self.maker))
        if done is not None:
            assert self.closed is None or through > self.closed
            self.closed = through

    def stock(self) -> int:
        """Rice that should lie in the store, thousandths."""
        return sum(gift.rice for gift in self.gifts if gift.live) - sum(self.others.values())

    @invariant()
    def totals_agree(self) -> None:
        """Of each campaign: witness = ledger = what the public sees."""
        for campaign in self.campaigns:
            mine = [gift for gift in self.gifts if gift.live and gift.campaign == campaign.id]
            told = (sum(gift.money() for gift in mine), sum(gift.goods() for gift in mine))
            assert queries.received_by_unit(campaign.id).get(self.unit.id, (0, 0)) == told
            assert progress_of(campaign, LAST).received == told[0]
            of_rows = select(func.coalesce(func.sum(Donation.amount), 0)).where(
                Donation.campaign_id == campaign.id, Donation.form != "goods", ~queries.is_reversed()
            )
            assert db.session.scalar(of_rows) == told[0]

    @invariant()
    def refunds_agree(self) -> None:
        """What has been given back stands in the books, and no place of money is overdrawn by it."""
        value = func.coalesce(func.sum(DayTotal.debit - DayTotal.credit), 0)
        rows = select(value).join(Account, Account.id == DayTotal.account_id)
        refunded = rows.where(Account.kind == "refunded", Account.unit_id == self.unit.id)
        assert db.session.scalar(refunded) == sum(sum(gift.refunds.values()) for gift in self.gifts)

    @invariant()
    def stock_agrees(self) -> None:
        """What lies in the store is what came in less what went out."""
        here = (StockMovement.store_id == self.store.id, StockBalance.store_id == self.store.id)
        moved = db.session.scalar(select(func.coalesce(func.sum(StockMovement.quantity), 0)).where(here[0]))
        kept = db.session.scalar(select(func.coalesce(func.sum(StockBalance.quantity), 0)).where(here[1]))
        assert moved == kept == self.stock() >= 0

    @invariant()
    def numbers_follow_each_other(self) -> None:
        """Entries and every paper series: no gap, no twin; a gift keeps its number for ever."""
        entries = db.session.scalars(select(Entry.number).order_by(Entry.number)).all()
        assert entries == list(range(1, len(entries) + 1))
        series: dict[tuple[str, int], list[int]] = {}
        mine = select(Posting).where(Posting.unit_id == self.unit.id, Posting.series.is_not(None))
        for posting in db.session.scalars(mine.order_by(Posting.number)):
            series.setdefault((posting.series, posting.series_year), []).append(posting.series_no)
        assert all(sorted(found) == list(range(1, len(found) + 1)) for found in series.values())
        for gift in self.gifts:
            assert db.session.get_one(Posting, gift.number).paper_number == gift.paper

    @invariant()
    def donors_agree(self) -> None:
        """What a donor gave is found under the one who is left after merging, and apart again after undoing."""
        into = {gone: kept for _, kept, gone in self.merges}
        for donor in self.donors:
            given = select(func.coalesce(func.sum(Donation.amount), 0)).where(
                Donation.donor_id.in_(family(donor.id)), ~queries.is_reversed()
            )
            mine = [
                gift for gift in self.gifts if gift.live and gift.donor and root(gift.donor, into) == donor.id
            ]
            expected = sum(gift.money() + gift.goods() for gift in mine)
            if donor.id not in into:
                assert db.session.scalar(given) == expected

    def teardown(self) -> None:
        """At the end `portal verify` finds nothing."""
        assert [found.problem for found in outcomes(db.session.connection()) if found.problem] == []


def root(donor: int, into: dict[int, int]) -> int:
    """Who is left of a chain of merges."""
    while donor in into:
        donor = into[donor]
    return donor


def test_gifts_books_stores_and_public_totals_always_agree(db_session) -> None:
    run_state_machine_as_test(
        Gifts,
        settings=settings(
            max_examples=8,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
