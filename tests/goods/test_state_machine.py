"""Whatever moves, in whatever order: stock = movements, never below zero on any day, the books hold its value.

A plain list of what was moved stands beside the books as witness.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, NamedTuple

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from portal.donations.gifts import Gift, Part
from portal.donations.posting import post_gifts
from portal.goods.actions import (
    Found,
    decide_count,
    issue,
    pack_kits,
    receive,
    request_count,
    take_back,
    transfer,
    unpack_kits,
)
from portal.goods.models import StockBalance, StockDocument, StockMovement, Store
from portal.goods.rules import SlipRow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.ledger.actions import close_period, reverse
from portal.ledger.models import Account, DayTotal, Posting
from portal.ledger.queries import closed_through
from portal.operate.verify import outcomes
from tests.cast import make_fund, make_unit, make_user
from tests.goods.builders import make_item, make_store

FIRST = date(2024, 3, 1)
days = st.integers(0, 9).map(lambda n: FIRST + timedelta(days=n))
sizes = st.integers(1, 12).map(lambda n: n * 500)
kits = st.integers(1, 3).map(lambda n: n * 1_000)
worths = st.one_of(st.none(), st.integers(1, 50_000))
sides, kinds = st.integers(0, 1), st.integers(0, 2)


class Seen(NamedTuple):
    """One movement as the witness remembers it."""

    day: date
    store_id: int
    item_id: int
    quantity: int


class Stores(RuleBasedStateMachine):
    """One commune with two stores; noodles, oil, milk in lots, and a kit of noodles and oil."""

    def __init__(self) -> None:
        super().__init__()
        self.unit, self.fund = make_unit(), make_fund()
        self.maker, self.second = make_user(), make_user(name="Hoàng Thị Duyệt")
        tag = self.unit.code
        self.stores = [make_store(unit=self.unit, code=f"{tag}-{n}", name=f"Kho {n}") for n in (1, 2)]
        self.items = [
            make_item(name=f"Mì {tag}"),
            make_item(name=f"Dầu {tag}", measure="chai"),
            make_item(name=f"Sữa {tag}", measure="hộp", keeps_lots=True),
        ]
        noodles, oil, _ = self.items
        self.kit = make_item(name=f"Suất {tag}", measure="suất", parts={noodles.id: 2_000, oil.id: 500})
        self.seen: list[Seen] = []
        self.postings: list[int] = []
        self.issues: list[int] = []
        self.refusal = ""
        db.session.commit()

    def attempt(self, work: Callable[[], Posting | None]) -> Posting | None:
        """Do it and remember what moved; a refusal leaves nothing behind."""
        try:
            posting = work()
        except Refused as refused:
            self.refusal = refused.text
            db.session.rollback()
            return None
        if posting is not None:
            moved = select(StockMovement).where(StockMovement.posting_number == posting.number)
            for row in db.session.scalars(moved):
                self.seen.append(Seen(row.booked_on, row.store_id, row.item_id, row.quantity))
            if posting.reverses is None:
                self.postings.append(posting.number)
        db.session.commit()
        return posting

    def free(self, store: Store, item_id: int, day: date) -> int:
        """What the witness says may leave on a day: the least that lies there from it on."""
        mine = [row for row in self.seen if (row.store_id, row.item_id) == (store.id, item_id)]
        later = {day, *(row.day for row in mine if row.day > day)}
        return min(sum(row.quantity for row in mine if row.day <= until) for until in later)

    def open_day(self, day: date) -> date:
        """The day on which the books count a document."""
        closed = closed_through(self.unit.id, self.fund.id)
        return closed + timedelta(days=1) if closed and day <= closed else day

    @initialize(worth=st.integers(1, 90_000), day=st.integers(0, 3).map(lambda n: FIRST + timedelta(days=n)))
    def something_is_there(self, worth: int, day: date) -> None:
        """Without it most documents would be refused."""
        for store in self.stores:
            for item in self.items:
                named: dict[str, Any] = {"lot_code": "L1"} if item.keeps_lots else {}
                row = SlipRow(item.id, 12_000, worth, **named)
                self.attempt(
                    lambda store=store, row=row: receive(
                        store=store, source="opening", rows=[row], day=day, by=self.maker
                    )
                )

    @rule(side=sides, kind=kinds, day=days, size=sizes, value=worths, lot=st.integers(1, 2))
    def goods_come(self, side: int, kind: int, day: date, size: int, value: int | None, lot: int) -> None:
        """Opening stock or other goods, with or without a value."""
        item = self.items[kind]
        named: dict[str, Any] = {"lot_code": f"L{lot}"} if item.keeps_lots else {}
        if lot == 2 and named:
            named["expires_on"] = date(2025, 1, 1)
        row = SlipRow(item.id, size, value, **named)
        source = "opening" if lot == 1 else "other"
        self.attempt(
            lambda: receive(store=self.stores[side], source=source, rows=[row], day=day, by=self.maker)
        )

    @rule(side=sides, kind=st.integers(0, 1), day=days, size=sizes, value=st.integers(0, 50_000))
    def goods_are_given(self, side: int, kind: int, day: date, size: int, value: int) -> None:
        """A gift of goods, alone or with money: its document is the receipt."""
        item = self.items[kind]
        goods = Part(
            "goods", value, goods=item.name, item_id=item.id, store_id=self.stores[side].id, thousandths=size
        )
        parts = (Part("cash", 1_000), goods) if size % 1_000 else (goods,)
        given = Gift(day=day, unit_id=self.unit.id, fund_id=self.fund.id, campaign_id=None, parts=parts)

        def give() -> Posting:
            (posted,) = post_gifts([given], by=self.maker)
            return db.session.get_one(Posting, posted.posting_number)

        self.attempt(give)

    @rule(side=sides, kind=kinds, day=days, size=sizes)
    def goods_go(self, side: int, kind: int, day: date, size: int) -> None:
        """An issue is written exactly when the goods are there, from that day on."""
        store, item = self.stores[side], self.items[kind]
        free = self.free(store, item.id, self.open_day(day))
        posting = self.attempt(
            lambda: issue(store=store, rows=[SlipRow(item.id, size)], day=day, by=self.maker)
        )
        if posting is not None:
            assert size <= free
            self.issues.append(posting.number)
        elif not item.keeps_lots:  # a lot may be bound by a later day while the item as a whole is not
            assert size > free or "giá trị" in self.refusal, self.refusal

    @rule(side=sides, kind=kinds, day=days, size=sizes)
    def goods_move(self, side: int, kind: int, day: date, size: int) -> None:
        """From one store to the other."""
        here, there = self.stores[side], self.stores[1 - side]
        rows = [SlipRow(self.items[kind].id, size)]
        self.attempt(lambda: transfer(store=here, to_store=there, rows=rows, day=day, by=self.maker))

    @rule(side=sides, day=days, size=kits, opening=st.booleans())
    def goods_change_shape(self, side: int, day: date, size: int, opening: bool) -> None:
        """Kits are packed or opened."""
        act = unpack_kits if opening else pack_kits
        self.attempt(
            lambda: act(store=self.stores[side], kit=self.kit, quantity=size, day=day, by=self.maker)
        )

    @rule(side=sides, kind=st.integers(0, 1), day=days, found=st.integers(0, 12).map(lambda n: n * 500))
    def goods_are_counted(self, side: int, kind: int, day: date, found: int) -> None:
        """What was found becomes what the books say, on that day."""
        store, item = self.stores[side], self.items[kind]

        def count() -> Posting | None:
            sheet = request_count(
                store=store, counted_on=day, rows=[Found(item.id, None, found)], by=self.maker
            )
            return decide_count(sheet, approve=True, answer="", by=self.second)

        self.attempt(count)

    @rule(data=st.data(), day=days, size=sizes)
    def goods_come_back(self, data: st.DataObject, day: date, size: int) -> None:
        """Part of an issue returns to its store."""
        if not self.issues:
            return
        number = data.draw(st.sampled_from(self.issues))
        first = select(StockMovement).where(StockMovement.posting_number == number).limit(1)
        moved = db.session.scalars(first).one()
        rows = [SlipRow(moved.item_id, size, lot_id=moved.lot_id)]
        of = db.session.get_one(Posting, number)
        self.attempt(lambda: take_back(of, rows=rows, day=day, by=self.maker))

    @rule(data=st.data())
    def a_document_is_reversed(self, data: st.DataObject) -> None:
        """Its goods go back, unless they have gone on."""
        if not self.postings:
            return
        posting = db.session.get_one(Posting, data.draw(st.sampled_from(self.postings)))
        self.attempt(lambda: reverse(posting, reason="Ghi nhầm", by=self.maker, second=self.second))

    @rule(day=st.integers(0, 4).map(lambda n: FIRST + timedelta(days=n)))
    def days_are_closed(self, day: date) -> None:
        """Documents of closed days are booked in the first open one."""
        try:
            close_period(self.unit, self.fund, day, by=self.second)
            db.session.commit()
        except Refused:
            db.session.rollback()

    @invariant()
    def stock_is_the_sum_of_what_moved(self) -> None:
        """Kept stock, the witness and the books say the same; nothing is below zero on any day."""
        ids = [store.id for store in self.stores]
        kept = {
            (store_id, item_id): int(quantity)
            for store_id, item_id, quantity in db.session.execute(
                select(StockBalance.store_id, StockBalance.item_id, func.sum(StockBalance.quantity))
                .where(StockBalance.store_id.in_(ids))
                .group_by(StockBalance.store_id, StockBalance.item_id)
            )
        }
        witness: dict[tuple[int, int], int] = {}
        for row in sorted(self.seen):
            key = (row.store_id, row.item_id)
            witness[key] = witness.get(key, 0) + row.quantity
        assert {key: size for key, size in kept.items() if size} == {
            key: size for key, size in witness.items() if size
        }
        for store in self.stores:
            for item in (*self.items, self.kit):
                assert self.free(store, item.id, FIRST) >= 0
        self.value_stands_in_the_books(ids)

    def value_stands_in_the_books(self, store_ids: list[int]) -> None:
        """The account "store" of the unit is worth what lies in its stores."""
        worth = select(func.coalesce(func.sum(StockBalance.value), 0))
        books = select(func.coalesce(func.sum(DayTotal.debit - DayTotal.credit), 0)).join(Account)
        mine = (Account.unit_id == self.unit.id, Account.kind == "store")
        assert db.session.scalar(worth.where(StockBalance.store_id.in_(store_ids))) == db.session.scalar(
            books.where(*mine)
        )


def test_stores_always_agree(db_session) -> None:
    run_state_machine_as_test(
        Stores,
        settings=settings(
            max_examples=14,
            stateful_step_count=24,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    db.session.commit()
    assert [found.problem for found in outcomes(db.session.connection()) if found.problem] == []
    assert db.session.scalar(select(func.count()).select_from(StockDocument))
