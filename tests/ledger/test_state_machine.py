"""Whatever is posted, in whatever order: the identity of figures holds, and totals are sums of transfers.

opening + received − refunded + other + allocated in − allocated out − spent = closing + change of untracked
money, per unit (and the level above), campaign and period. A plain list of lines beside the books is witness.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from portal.donations.actions import record_donation
from portal.figures.registry import compute
from portal.figures.scope import Scope
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.ledger import actions
from portal.ledger.models import Account, DayTotal, MonthTotal, Posting, Transfer
from portal.ledger.queries import account_balance
from portal.ledger.rules import CLAIMS, MONEY_PLACES, SOURCES, Line, is_goods
from portal.operate.verify import outcomes
from tests.cast import make_account, make_campaign, make_fund, make_unit, make_user

FIRST, LAST = date(2024, 1, 1), date(2024, 6, 30)
KEYS = (
    "balance.opening",
    "received.total",
    "refunded.total",
    "other.total",
    "allocated.in",
    "allocated.out",
    "spent.total",
    "balance.closing",
    "balance.untracked_change",
)
days = st.dates(FIRST, LAST)
amounts = st.one_of(st.integers(1, 10**15), st.sampled_from([1, 1_000, 500_000]))
sides = st.integers(0, 1)
forms = st.sampled_from(["cash", "bank", "goods", "papers", "untracked"])


@dataclass(frozen=True)
class Seen:
    """One line as the witness remembers it."""

    unit_id: int
    day: date
    credit: Account
    debit: Account
    amount: int


class Books(RuleBasedStateMachine):
    """Two communes of one province, a campaign of the province, one bank account each."""

    def __init__(self) -> None:
        super().__init__()
        self.fund = make_fund()
        self.province = make_unit(level="tỉnh", name="Tỉnh Tân Hòa")
        self.units = [make_unit(parent=self.province), make_unit(parent=self.province)]
        self.campaign = make_campaign(unit=self.province, starts_on=FIRST, ends_on=None)
        self.banks = [make_account(unit=unit) for unit in self.units]
        self.maker, self.second = make_user(), make_user(name="Hoàng Thị Duyệt")
        self.closed: dict[int, date] = {}
        self.lines: list[Seen] = []
        self.postings: list[Posting] = []
        db.session.commit()

    def account(self, side: int, kind: str, *, campaign: bool = False, purpose: str = "") -> Account:
        """An account of one of the communes."""
        bank = self.banks[side].id if kind in ("bank", "transit") else None
        return actions.account_for(
            unit_id=self.units[side].id,
            fund_id=self.fund.id,
            kind=kind,
            purpose=purpose,
            campaign_id=self.campaign.id if campaign else None,
            bank_account_id=bank,
        )

    def post(self, kind: str, side: int, day: date, *lines: Line) -> None:
        """Post a document and remember its lines on the day that the rule of closed periods gives."""
        unit = self.units[side]
        self.remember(
            actions.post(kind, unit=unit, fund=self.fund, document_on=day, lines=list(lines), by=self.maker),
            list(lines),
            self.open_day(unit.id, day),
        )

    def remember(self, posting: Posting, lines: list[Line], day: date) -> None:
        """Write the witness's own record."""
        for line in lines:
            self.lines.append(Seen(posting.unit_id, day, line.credit, line.debit, line.amount))
        self.postings.append(posting)
        db.session.commit()

    def open_day(self, unit_id: int, day: date) -> date:
        """The day on which the books count a document."""
        closed = self.closed.get(unit_id)
        return closed + timedelta(days=1) if closed and day <= closed else day

    @initialize(side=sides, amount=amounts, day=days)
    def opening(self, side: int, amount: int, day: date) -> None:
        """A balance brought from the old books."""
        self.post(
            "opening", side, day, Line(self.account(side, "opening"), self.account(side, "cash"), amount)
        )

    @rule(side=sides, day=days, amount=amounts, form=forms, campaign=st.booleans())
    def gift(self, side: int, day: date, amount: int, form: str, campaign: bool) -> None:
        """A gift of every form, as the screen records it."""
        bank = self.banks[side] if form == "bank" else None
        kind = "bank" if form == "untracked" else form
        gift = record_donation(
            unit=self.units[side],
            fund=self.fund,
            campaign=self.campaign if campaign else None,
            form=kind,
            amount=amount,
            day=day,
            donor_name="Nguyễn Văn An",
            bank_account=bank,
            by=self.maker,
        )
        place = {"cash": "cash", "bank": "transit", "goods": "store", "papers": "papers"}.get(
            form, "untracked"
        )
        source = self.account(side, "received", campaign=campaign, purpose=kind)
        line = Line(source, self.account(side, place), amount)
        self.remember(gift.posting, [line], self.open_day(gift.unit_id, day))

    @rule(side=sides, day=days, gifts=st.lists(amounts, min_size=1, max_size=4), out=amounts, fee=amounts)
    def statement(self, side: int, day: date, gifts: list[int], out: int, fee: int) -> None:
        """A batch of lines: gifts, one unknown, a fee, interest, a withdrawal to transit."""
        bank = self.account(side, "bank")
        source = self.account(side, "received", campaign=True, purpose="bank")
        lines = [Line(source, bank, amount) for amount in gifts]
        lines.append(Line(self.account(side, "suspense"), bank, out))
        lines.append(Line(bank, self.account(side, "other", purpose="fee"), fee))
        lines.append(Line(self.account(side, "other", purpose="interest"), bank, out))
        lines.append(Line(bank, self.account(side, "transit"), out))
        self.post("statement", side, day, *lines)

    @rule(side=sides, day=days, amount=amounts, campaign=st.booleans())
    def settle(self, side: int, day: date, amount: int, campaign: bool) -> None:
        """An unknown line turns out to be a gift."""
        target = self.account(side, "received", campaign=campaign, purpose="bank")
        self.post("settlement", side, day, Line(target, self.account(side, "suspense"), amount))

    @rule(
        side=sides,
        day=days,
        amount=amounts,
        campaign=st.booleans(),
        purpose=st.sampled_from(["gifts", "housing"]),
    )
    def spend(self, side: int, day: date, amount: int, campaign: bool, purpose: str) -> None:
        """A payment in cash."""
        use = self.account(side, "spent", campaign=campaign, purpose=purpose)
        self.post("payment", side, day, Line(self.account(side, "cash"), use, amount))

    @rule(side=sides, day=days, amount=amounts)
    def issue_goods(self, side: int, day: date, amount: int) -> None:
        """Goods leave the store; never money."""
        use = self.account(side, "spent", campaign=True, purpose="goods")
        self.post("issue", side, day, Line(self.account(side, "store"), use, amount))

    @rule(side=sides, day=days, amount=amounts)
    def refund(self, side: int, day: date, amount: int) -> None:
        """Money back to a donor."""
        use = self.account(side, "refunded", campaign=True)
        self.post("refund", side, day, Line(self.account(side, "cash"), use, amount))

    @rule(side=sides, day=days, amount=amounts)
    def allocate(self, side: int, day: date, amount: int) -> None:
        """Money from one commune to the other: a document in each."""
        away, home = side, 1 - side
        out = Line(self.account(away, "cash"), self.account(away, "moved", purpose="out"), amount)
        self.post("allocation", away, day, out)
        into = Line(self.account(home, "moved", purpose="in"), self.account(home, "cash"), amount)
        self.post("allocation", home, day, into)

    @rule(side=sides, day=days, amount=amounts)
    def pay_in(self, side: int, day: date, amount: int) -> None:
        """Cash carried to the bank, met by its statement line."""
        transit = self.account(side, "transit")
        self.post("internal", side, day, Line(self.account(side, "cash"), transit, amount))
        self.post("statement", side, day, Line(transit, self.account(side, "bank"), amount))

    @rule(data=st.data())
    def reverse(self, data: st.DataObject) -> None:
        """A whole document is answered by its mirror, once."""
        posting = data.draw(st.sampled_from(self.postings))
        before = len(self.lines)
        try:
            mirror = actions.reverse(posting, reason="Ghi nhầm", by=self.maker, second=self.second)
        except Refused:
            db.session.rollback()
            answered = db.session.scalar(select(Posting.number).where(Posting.reverses == posting.number))
            assert answered or posting.kind == "reversal" or overdraws(posting)
            return
        found = db.session.scalars(select(Transfer).where(Transfer.posting_number == posting.number)).all()
        lines = [Line(line.debit, line.credit, line.amount) for line in found]
        self.remember(mirror, lines, mirror.booked_on)
        assert mirror.booked_on > self.closed.get(mirror.unit_id, date.min)
        assert len(self.lines) == before + len(found) > before

    @rule(side=sides, through=days)
    def close(self, side: int, through: date) -> None:
        """Closing posts nothing; it refuses to go back."""
        unit = self.units[side]
        try:
            actions.close_period(unit, self.fund, through, by=self.maker)
        except Refused:
            assert through <= self.closed[unit.id]
            db.session.rollback()
            return
        self.closed[unit.id] = through
        db.session.commit()

    @invariant()
    def figures_agree(self) -> None:
        """The identity holds, and every figure is what the witness says."""
        middle = date(2024, 3, 15)
        far = date(2200, 1, 1)  # reversals carry the day on which they are made
        for unit, members in ((self.province, self.units), *((unit, [unit]) for unit in self.units)):
            for campaign in (None, self.campaign):
                for start, end in ((FIRST, LAST), (middle, far)):
                    scope = Scope(unit, start, end, campaign)
                    got = {key: figure.value for key, figure in compute(scope, KEYS).items()}
                    assert got == self.expected({unit.id for unit in members}, start, end, campaign)
                    check_identity(got)

    @invariant()
    def totals_agree(self) -> None:
        """Running totals of days and months are what the transfers add up to."""
        for side in ("debit", "credit"):
            for table in (DayTotal, MonthTotal):
                ours = Account.unit_id.in_([unit.id for unit in self.units])
                kept = select(Account.id, func.sum(getattr(table, side))).join(
                    table, table.account_id == Account.id
                )
                key = getattr(Transfer, f"{side}_id")
                added = select(Account.id, func.sum(Transfer.amount)).join(Transfer, key == Account.id)
                known = {
                    row[0]: int(row[1])
                    for row in db.session.execute(kept.where(ours).group_by(Account.id))
                    if row[1]
                }
                assert known == {
                    row[0]: int(row[1]) for row in db.session.execute(added.where(ours).group_by(Account.id))
                }

    def expected(self, units: set[int], start: date, end: date, campaign: Any) -> dict[str, int]:
        """The figures from the witness's lines alone."""
        found = dict.fromkeys(KEYS, 0)
        for line in self.lines:
            if line.unit_id in units and line.day <= end:
                for account, sign in ((line.debit, 1), (line.credit, -1)):
                    count(found, account, sign * line.amount, line.day >= start, campaign)
        return found


def overdraws(posting: Posting) -> bool:
    """Whether the cash that a document brought is not there any more: its reversal would go below zero."""
    lines = db.session.scalars(select(Transfer).where(Transfer.posting_number == posting.number)).all()
    left: dict[int, int] = {}
    for line in lines:
        for account, amount in ((line.debit, -line.amount), (line.credit, line.amount)):
            if account.kind == "cash":
                left.setdefault(account.id, account_balance(account.id))
                left[account.id] += amount
    return any(left[line.debit_id] < 0 for line in lines if line.debit_id in left)


def count(found: dict[str, int], account: Account, amount: int, inside: bool, campaign: Any) -> None:
    """Add one side of a line (debit > 0) to the figures it belongs to."""
    if is_goods(account.kind, account.purpose):
        return
    if campaign is not None:
        if account.kind not in SOURCES or account.campaign_id != campaign.id:
            return
        held = -amount
    else:
        held = amount if account.kind in (*MONEY_PLACES, *CLAIMS) else 0
    found["balance.closing"] += held
    if not inside:
        found["balance.opening"] += held
        return
    if account.kind == "untracked":
        found["balance.untracked_change"] += amount
    key = {
        "received": "received.total",
        "refunded": "refunded.total",
        "other": "other.total",
        "spent": "spent.total",
    }
    if account.kind == "opening":
        found["balance.opening"] -= amount
    elif account.kind == "moved":
        incoming = account.purpose == "in"
        found["allocated.in" if incoming else "allocated.out"] += -amount if incoming else amount
    elif account.kind in key:
        gain = account.kind in ("received", "other")
        found[key[account.kind]] += -amount if gain else amount


def check_identity(got: dict[str, Any]) -> None:
    """The equation of the books."""
    gained = got["received.total"] - got["refunded.total"] + got["other.total"]
    moved = got["allocated.in"] - got["allocated.out"]
    assert (
        got["balance.opening"] + gained + moved - got["spent.total"]
        == got["balance.closing"] + got["balance.untracked_change"]
    )


def test_the_books_always_agree(db_session) -> None:
    run_state_machine_as_test(
        Books,
        settings=settings(
            max_examples=10,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    db.session.commit()
    problems = [found for found in outcomes(db.session.connection()) if found.problem]
    # the bank lines of this test come from no file, its payments from no voucher; everything else must agree
    ours = [found for found in problems if "sao kê" not in found.title]
    assert [found for found in ours if found.title != "Chứng từ chi nào cũng có phiếu"] == []
