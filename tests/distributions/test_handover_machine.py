"""Hand-over, stock and money in whatever order: told, told otherwise, undone, settled, refused, reversed, given later,
returned, closed, reopened. The books verify, no store is below zero, what lies with the officer is what is not settled,
what is kept is owed by name, and a list closes only when its sides agree.
"""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from portal.advances.actions_put_aside import answer_end, ask_to_end
from portal.advances.models import PutAside
from portal.distributions import queries_settle as settled
from portal.distributions.actions_close import close, reopen, take_all_back
from portal.distributions.actions_handover import Conflict, tell, tell_rest, undo
from portal.distributions.actions_kept import give_kept, return_kept
from portal.distributions.actions_settle import answer_settlement, ask_settlement
from portal.distributions.closing import compared
from portal.distributions.models import Distribution, DistributionRow
from portal.distributions.models_handover import HandoverSettlement, KeptPortion, Sheet, SheetScan
from portal.distributions.queries_handover import in_live_settlement, live
from portal.distributions.rules_handover import Told
from portal.files.models import Picture, StoredFile
from portal.goods.models import StockBalance, Store
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.numbers import last_number
from portal.ledger.actions import reverse
from portal.ledger.models import Account, DayTotal, Posting
from portal.operate.verify import outcomes
from tests.distributions.released import DAY, RICE, make_released

OUTCOMES = (
    Told("received"),
    Told("proxy", None, "Lê Thị Bé", "con"),
    Told("absent"),
    Told("refused", note="Nhường hộ khác"),
    Told("returned", note="Trả lại"),
)
TODAY = today_in_vietnam()
places = st.integers(0, 4)


class Handover(RuleBasedStateMachine):
    """One list of five households: 500.000 đ and 10 kg of rice each."""

    cast: Any = None
    count = 0

    def __init__(self) -> None:
        super().__init__()
        Handover.count += 1
        self.people = self.cast
        self.carried = self._balance("advance")
        self.first = last_number()
        self.made = make_released(self.people, code=f"M{Handover.count}")
        self.id, self.keys = self.made.id, 0
        self.in_hand = self._kilos(self.made.distribution.hand_store_id) - 5 * RICE
        self._page()
        db.session.commit()

    def _page(self) -> None:
        """A printed page of all rows, so that a scan may cover them."""
        sheet = Sheet(
            distribution_id=self.id, edition=1, page=1, pages=1, first=1, last=5, code=f"KN-{self.id}"
        )
        db.session.add(sheet)
        db.session.flush()
        self.sheet_id = sheet.id

    @property
    def list(self) -> Distribution:
        return db.session.get_one(Distribution, self.id)

    def row(self, place: int) -> DistributionRow:
        return db.session.get_one(DistributionRow, self.made.rows[place].id)

    def attempt(self, work: Any) -> bool:
        """Whether `work` was done and committed; a refusal leaves nothing behind."""
        try:
            work()
        except (Refused, Conflict):
            db.session.rollback()
            return False
        db.session.commit()
        return True

    def key(self) -> str:
        self.keys += 1
        return f"{self.id}-{self.keys}"

    @rule(place=places, told=st.sampled_from(OUTCOMES), seen=st.sampled_from([None, None, 0]))
    def say(self, place: int, told: Told, seen: int | None) -> None:
        """A household is told of, or told otherwise."""
        key, by = self.key(), self.people.officer
        day = told._replace(on=DAY)
        if self.attempt(lambda: tell(self.list, self.row(place), day, key=key, seen=seen, by=by)):
            before = db.session.scalar(select(func.count()).select_from(DistributionRow))
            assert self.attempt(lambda: tell(self.list, self.row(place), day, key=key, seen=0, by=by))
            assert before == db.session.scalar(select(func.count()).select_from(DistributionRow))

    @rule(place=places)
    def take_back(self, place: int) -> None:
        """The newest answer is undone."""
        by = self.people.officer
        self.attempt(lambda: undo(self.list, self.row(place), key=self.key(), seen=None, by=by))

    @rule(what=st.sampled_from(["rest", "rest", "rest", "all_back"]))
    def at_once(self, what: str) -> None:
        """Everybody else has received; or nothing was told after all."""
        by = self.people.officer
        if what == "rest":
            self.attempt(lambda: tell_rest(self.list, on=DAY, key=self.key(), by=by))
        else:
            self.attempt(lambda: take_all_back(self.list, reason="Hoãn", by=by))

    @rule(day=st.sampled_from([DAY, TODAY]))
    def ask(self, day: Any) -> None:
        """The officer gives an account."""
        by = self.people.officer
        self.attempt(lambda: ask_settlement(self.list, settled_on=day, papers="01 trang", by=by))

    @rule(approve=st.sampled_from([True, True, True, False]))
    def answer(self, approve: bool) -> None:
        """The chair answers; the officer may not."""
        waiting = settled.waiting_settlement(self.list)
        if waiting is None:
            return
        officer, chair = self.people.officer, self.people.chair
        assert not self.attempt(lambda: answer_settlement(waiting, approve=True, answer="", by=officer))
        self.attempt(lambda: answer_settlement(waiting, approve=approve, answer="Xem lại", by=chair))

    @rule(data=st.data())
    def reverse_one(self, data: st.DataObject) -> None:
        """A document of the list is reversed, whichever."""
        numbers = list(
            db.session.scalars(
                select(Posting.number).where(
                    Posting.number > self.first,
                    Posting.kind.in_(("advance", "issue", "internal", "put_aside", "advance_paid")),
                )
            )
        )
        if numbers:
            number = data.draw(st.sampled_from(numbers))
            people = {"by": self.people.accountant, "second": self.people.chair}
            self.attempt(lambda: reverse(db.session.get_one(Posting, number), reason="Sai", **people))

    @rule(give=st.booleans())
    def later(self, give: bool) -> None:
        """Something that is kept is given, or goes back: goods and money."""
        kept = db.session.scalar(
            select(KeptPortion).where(KeptPortion.ended.is_(None), KeptPortion.void.is_(False))
        )
        by, chair = self.people.officer, self.people.chair
        if kept is not None:
            if give:
                self.attempt(lambda: give_kept(kept, on=TODAY, by=by))
            else:
                self.attempt(lambda: return_kept(kept, on=TODAY, reason="Chuyển đi", by=by))
        item = db.session.scalar(
            select(PutAside).where(
                PutAside.ended.is_(None), PutAside.void.is_(False), PutAside.wish.is_(None)
            )
        )
        if item is not None:
            wish = "release" if give else "return"
            self.attempt(lambda: ask_to_end(item, wish=wish, reason="Theo dõi", by=by))
            self.attempt(lambda: answer_end(item, approve=True, answer="", by=chair))

    @rule()
    def scan(self) -> None:
        """The signed page comes back."""
        name = f"{self.id:064x}"
        if db.session.get(StoredFile, name) is None:
            db.session.add(StoredFile(sha256=name, kind="image/jpeg", size=1))
            db.session.flush()
            picture = Picture(unit_id=self.people.commune.id, what="scan", file_sha=name, width=1, height=1)
            db.session.add(picture)
            db.session.flush()
            scan = {"distribution_id": self.id, "sheet_id": self.sheet_id, "picture_id": picture.id}
            db.session.add(SheetScan(**scan, origin="x"))
        db.session.commit()

    @rule()
    def usual(self) -> None:
        """The usual end: the rest has received, is settled, and the signed page is back."""
        self.at_once("rest")
        self.ask(TODAY)
        self.answer(approve=True)
        self.scan()

    @rule(what=st.sampled_from(["close", "close", "reopen"]))
    def shut(self, what: str) -> None:
        """The list is closed when everything agrees, and opened again."""
        chair = self.people.chair
        if what == "reopen":
            self.attempt(lambda: reopen(self.list, reason="Sửa", by=chair))
            return
        agrees = all(one.side.agrees for one in compared(self.list))
        waits = settled.waiting_settlement(self.list) is not None
        was = self.list.state
        done = self.attempt(lambda: close(self.list, by=chair))
        assert done == (was == "released" and agrees and not waits)

    def teardown(self) -> None:
        """At the end `portal verify` finds nothing."""
        db.session.rollback()
        assert [found.problem for found in outcomes(db.session.connection()) if found.problem] == []

    @invariant()
    def no_store_is_below_zero(self) -> None:
        """Neither the store, nor what is carried, nor what is kept."""
        assert (db.session.scalar(select(func.min(StockBalance.quantity))) or 0) >= 0

    @invariant()
    def the_officer_holds_what_is_not_settled(self) -> None:
        """Money and rice of the rows that stand in no settlement of the books."""
        rows = select(func.count()).where(live(self.list))
        done = select(func.count(HandoverSettlement.id)).where(HandoverSettlement.state == "approved")
        settled_rows = settled.settled_rows(self.list) if db.session.scalar(done) else 0
        left = int(db.session.scalar(rows) or 0) - settled_rows
        if self.list.state in ("released", "closed"):
            assert self._balance("advance") - self.carried == left * 500_000
            assert self._kilos(self.list.hand_store_id) - self.in_hand == left * RICE

    def _balance(self, kind: str) -> int:
        total = select(func.coalesce(func.sum(DayTotal.debit - DayTotal.credit), 0)).join(
            Account, Account.id == DayTotal.account_id
        )
        return int(db.session.scalar(total.where(Account.kind == kind)) or 0)

    def _kilos(self, store_id: int | None) -> int:
        rows = select(func.coalesce(func.sum(StockBalance.quantity), 0))
        return int(db.session.scalar(rows.where(StockBalance.store_id == store_id)) or 0) // 1_000

    @invariant()
    def what_is_kept_is_owed_by_name(self) -> None:
        """Rice in the stores of what is put aside = portions that are kept; money held = items that are open."""
        kept = select(func.count(KeptPortion.id)).where(
            KeptPortion.ended.is_(None), KeptPortion.void.is_(False)
        )
        stores = select(Store.id).where(Store.code.startswith("GIUHO"))
        lies = select(func.coalesce(func.sum(StockBalance.quantity), 0))
        quantity = int(db.session.scalar(lies.where(StockBalance.store_id.in_(stores))) or 0)
        assert quantity == int(db.session.scalar(kept) or 0) * RICE * 1_000
        owed = select(func.coalesce(func.sum(PutAside.amount), 0))
        open_items = owed.where(PutAside.ended.is_(None), PutAside.void.is_(False))
        assert -self._balance("held") == int(db.session.scalar(open_items) or 0)

    @invariant()
    def a_settled_row_keeps_its_outcome(self) -> None:
        """Nobody tells of a row otherwise while it stands in a settlement."""
        rows = select(func.count()).where(
            live(self.list), in_live_settlement(), DistributionRow.outcome.is_(None)
        )
        assert not db.session.scalar(rows)


def test_hand_over_stock_and_money(cast, app) -> None:
    Handover.cast = cast
    run_state_machine_as_test(
        Handover,
        settings=settings(
            max_examples=6,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
