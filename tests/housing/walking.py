"""What can be done with a house, one verb each, for walks in whatever order. Each is done or refused; see `attempt`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from portal.files.models import Picture, PictureLink
from portal.housing import (
    actions,
    actions_catalogue,
    actions_check,
    actions_handover,
    queries,
    queries_money,
    rules,
)
from portal.housing.actions_money import add_source, drop_source, record_outside, withdraw_outside
from portal.housing.actions_survey import withdraw_paper
from portal.housing.actions_tranches import add_tranche, drop_tranche
from portal.housing.models import HouseProject
from portal.housing.models_catalogue import HouseRequirement
from portal.housing.models_money import HouseTranche
from portal.housing.queries_papers import papers_of, requirements
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.ledger.actions import reverse
from portal.ledger.models import Posting
from portal.operate.verify import first_problem
from portal.spending.actions import withdraw_decision
from portal.spending.actions_direct import decide_in_and_out
from portal.spending.actions_vouchers import void_voucher
from tests.cast import Cast
from tests.housing import builders as make
from tests.housing.owed import owed

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
MIXES = {  # million đồng by kind of source; together the estimate
    "all kinds": {rules.FUND: 40, rules.STATE: 20, rules.SPONSOR: 20, rules.FAMILY: 10, rules.LABOUR: 10},
    "fund and family": {rules.FUND: 60, rules.FAMILY: 40},
    "fund and sponsor": {rules.FUND: 30, rules.SPONSOR: 70},
    "without the fund": {rules.STATE: 50, rules.SPONSOR: 30, rules.LABOUR: 20},
}
BEHIND = ("survey", "budget", "papers", "approve", "begin_work", "pay_all", "finish", "come_all", "check", "money",
          "house")  # fmt: skip
"""The usual way, in its order."""


class House:
    """One project of the commune with its walk: `state` as it was last seen, `been` the states it was in."""

    cast: Cast

    def __init__(self) -> None:
        super().__init__()
        household = make.make_household(
            unit=make.make_hamlet(self.cast, "Ấp Máy"), name="Lê Thị Máy", address="Tổ 1"
        )
        self.key = make.make_project(cast=self.cast, household=household).id
        self.numbers, self.state = 0, rules.OPENED
        self.been = {rules.OPENED}
        self.changed = False  # since the invariant was asked
        self.plan: dict[str, int] = {}
        self.catalogue = {one.id: one.valid_to for one in requirements(ended=True)}
        db.session.commit()

    def close(self) -> None:
        """The books agree; the catalogue is as it was."""
        db.session.rollback()
        assert first_problem(db.session.connection()) is None
        yesterday = today_in_vietnam() - timedelta(days=1)
        for one in requirements(ended=True):
            one.valid_to = self.catalogue.get(one.id, yesterday)
            one.valid_from = min(one.valid_from, yesterday)
        db.session.commit()

    @property
    def project(self) -> HouseProject:
        """As it is now."""
        return db.session.get_one(HouseProject, self.key)

    def attempt(self, work: Callable[[], Any]) -> bool:
        """Done and committed, or refused and nothing is left; no step without what it asks."""
        try:
            work()
        except Refused:
            db.session.rollback()
            return False
        db.session.commit()
        now = db.session.scalar(select(HouseProject.state).where(HouseProject.id == self.key)) or ""
        assert now == self.state or now in LEGAL[self.state], f"{self.state} → {now}"
        if self.state != rules.STOPPED and self._is_forward(now):
            assert owed(self.key, now) == [], f"{self.state} → {now}"
        if now == rules.HANDED_OVER and self.state != now:
            check = queries.check_in_force(self.project)
            cost = queries_money.cost_of(self.project)
            assert check is not None and check.total == cost.total == cost.come
        self.state, self.changed = now, True
        self.been.add(now)
        return True

    def _is_forward(self, now: str) -> bool:
        return now != rules.STOPPED and rules.ORDER.index(now) > rules.ORDER.index(self.state)

    def lead(self, so_far: int, skipped: str = "") -> None:
        """The usual way from the beginning, so many parts of `BEHIND` but one; what is done already stays."""
        if self.state == rules.STOPPED:
            self.stop_or_go_on()
        for name in BEHIND[:so_far]:
            if name != skipped:
                getattr(self, name)()

    # the usual way
    def survey(self) -> None:
        """Surveyed, or surveyed again."""
        if not rules.reached(actions.stage_of(self.project), rules.SURVEYED):
            self.attempt(lambda: make.make_survey(project=self.project, by=self.cast.officer))

    def budget(self) -> None:
        """Its sources as planned."""
        there = {one.source.kind for one in queries_money.cost_of(self.project).shares}
        for kind, part in self.plan.items():
            if kind not in there:
                self.source(kind, part)

    def source(self, kind: str, part: int) -> None:
        """One more source, of so many million đồng."""
        told = {"kind": kind, "name": "Công ty Giả" if kind in (rules.SPONSOR, rules.OTHER) else ""}
        told |= {"days": part, "day_value": make.MILLION} if kind == rules.LABOUR else {}
        self.attempt(
            lambda: add_source(self.project, {**told, "amount": part * make.MILLION}, by=self.cast.officer)
        )

    def drop_source(self, place: int) -> None:
        """One of its sources brings nothing after all."""
        shares = queries_money.cost_of(self.project).shares
        if place < len(shares):
            told = {"reason": "thôi", "by": self.cast.officer}
            self.attempt(lambda: drop_source(shares[place].source, **told))

    def papers(self) -> None:
        """Every paper that is asked for up to the end is filed."""
        self.attempt(
            lambda: make.file_papers(project=self.project, by=self.cast.officer, step=rules.HANDED_OVER)
        )

    def lose_a_paper(self) -> None:
        """A paper of the dossier does not count any more."""
        there = [one for one in papers_of(self.project) if one.withdrawn is None]
        if there:
            self.attempt(lambda: withdraw_paper(there[0], self.project, reason="mất", by=self.cast.officer))

    def approve(self) -> None:
        """By a decision on all of the fund's money, or without it by another person."""
        self.numbers += 1
        number = f"{self.key}-{self.numbers}"
        shares = queries_money.cost_of(self.project).shares
        if any(one.source.kind == rules.FUND and one.decided < one.planned for one in shares):
            self.attempt(
                lambda: make.make_house_decision(project=self.project, cast=self.cast, number=number)
            )
        elif self.state == rules.SURVEYED:
            self.attempt(lambda: actions.approve(self.project, make.DAY, by=self.cast.chair))

    def withdraw(self) -> None:
        """The first decision in force is withdrawn."""
        made = [one for one in queries_money.decisions_of(self.project) if one.decision.state == rules.ISSUED]
        if made:
            self.attempt(lambda: withdraw_decision(made[0].decision, reason="sai", by=self.cast.chair))

    def photo(self, role: str) -> None:
        """A photo, unless there is one."""
        if not queries.photos_of([self.key]).get(self.key, {}).get(role):
            self.attempt(lambda: make.make_photo(project=self.project, role=role, by=self.cast.officer))

    def lose_a_photo(self) -> None:
        """Its newest photo is withdrawn."""
        rows = select(Picture).join(PictureLink, PictureLink.picture_id == Picture.id)
        mine = (
            PictureLink.kind == queries.ALBUM,
            PictureLink.subject_id == self.key,
            Picture.withdrawn.is_(None),
        )
        picture = db.session.scalars(rows.where(*mine).order_by(Picture.id.desc())).first()
        if picture is not None:
            picture.withdrawn = "mờ"
            db.session.commit()

    def step(self, step: str) -> None:
        """Begun, roofed, finished."""
        if self.state != step:
            self.attempt(lambda: actions.step_forward(self.project, step, make.DAY, by=self.cast.officer))

    def begin_work(self) -> None:
        """Begun, with its photos."""
        for role in ("before", "started", "roofed"):
            self.photo(role)
        if self.state == rules.APPROVED:
            self.step(rules.STARTED)

    def finish(self) -> None:
        """Finished, with its photo."""
        self.photo("after")
        if self.state in (rules.STARTED, rules.ROOFED):
            self.step(rules.FINISHED)

    def stop_or_go_on(self) -> None:
        """Stopped, or taken up again."""
        turn = actions.resume if self.state == rules.STOPPED else actions.stop
        self.attempt(lambda: turn(self.project, reason="đổi", by=self.cast.officer))

    def back(self) -> None:
        """The last step was said wrongly."""
        self.attempt(lambda: actions.step_back(self.project, reason="nhầm", by=self.cast.officer))

    # money
    def divide(self, stage: str, part: int) -> None:
        """One more tranche of the first decided row, of so many million đồng."""
        rows = queries_money.decided_rows(self.project)
        if rows:
            told = {"stage": stage, "amount": part * make.MILLION, "by": self.cast.officer}
            self.attempt(lambda: add_tranche(self.project, rows[0], **told))

    def pay_all(self) -> None:
        """What is decided and not divided yet is one tranche; every open tranche is paid."""
        for row in queries_money.decided_rows(self.project):
            mine = [one for one in queries_money.tranches_of(self.project)
                    if one.decision_row_id == row.decision_row_id]  # fmt: skip
            left = row.row.amount - sum(one.amount for one in mine)
            if left:
                told = {"stage": rules.STARTED, "amount": left, "by": self.cast.officer}
                self.attempt(lambda: add_tranche(self.project, row, **told))  # noqa: B023
        for one in queries_money.tranches_of(self.project):
            if not queries_money.is_taken(one):
                self.attempt(lambda: make.pay_tranche(tranche=one, cast=self.cast))  # noqa: B023

    def open_tranche(self) -> HouseTranche | None:
        """The first tranche that nothing pays."""
        free = (one for one in queries_money.tranches_of(self.project) if not queries_money.is_taken(one))
        return next(free, None)

    def pay(self, directly: bool, wholly: bool) -> None:
        """The first open tranche: by a voucher or directly by a sponsor; prepared only, unless `wholly`."""
        tranche = self.open_tranche()
        if tranche is None:
            return
        early = self.state == rules.STOPPED or not rules.reached(self.state, tranche.stage)
        told = {"tranche": tranche, "cast": self.cast}
        if directly:
            done = self.attempt(lambda: (make.pay_direct if wholly else make.ask_direct)(**told))
        else:
            done = self.attempt(lambda: make.pay_tranche(**told, paid_on=make.DAY if wholly else None))
        assert not (early and done)

    def drop(self) -> None:
        """The first open tranche is planned otherwise."""
        tranche = self.open_tranche()
        if tranche is not None:
            self.attempt(lambda: drop_tranche(tranche, reason="chia lại", by=self.cast.officer))

    def reverse_payment(self) -> None:
        """The last payment is reversed."""
        payments = queries_money.cost_of(self.project).payments
        if payments:
            posting = db.session.get_one(Posting, payments[-1].number)
            told = {"reason": "nhầm", "by": self.cast.accountant, "second": self.cast.chair}
            self.attempt(lambda: reverse(posting, **told))

    def void(self) -> None:
        """A voucher of the house is given up."""
        for one in queries_money.tranches_of(self.project):
            voucher = queries_money.voucher_of(one)
            if voucher is not None:
                self.attempt(lambda: void_voucher(voucher, reason="thôi", by=self.cast.accountant))  # noqa: B023
                return

    def refuse_direct(self) -> None:
        """What a sponsor is said to have paid is not counted."""
        entries = [queries_money.direct_of(one) for one in queries_money.tranches_of(self.project)]
        waiting = next((one for one in entries if one is not None and one.approved is None), None)
        if waiting is not None:
            told = {"approve": False, "answer": "thiếu hóa đơn", "by": self.cast.chair}
            self.attempt(lambda: decide_in_and_out(waiting, **told))

    def come(self, place: int) -> None:
        """Half of what a source still is to bring comes, but the last 5 million at once."""
        shares = [one for one in queries_money.cost_of(self.project).shares if one.source.kind != rules.FUND]
        if place < len(shares):
            share = shares[place]
            left = share.planned - share.come
            self._come(share, left if left <= 5 * make.MILLION else left // 2)

    def come_all(self) -> None:
        """All that others are to bring has come."""
        for share in queries_money.cost_of(self.project).shares:
            if share.source.kind != rules.FUND and share.come < share.planned:
                self._come(share, share.planned - share.come)

    def _come(self, share: queries_money.Share, amount: int) -> None:
        told = {"happened_on": make.DAY, "amount": amount}
        self.attempt(lambda: record_outside(self.project, share.source, told, by=self.cast.officer))

    def take_back(self) -> None:
        """Something from outside was recorded wrongly."""
        there = [one for one in queries_money.outside_of(self.project) if one.withdrawn_at is None]
        if there:
            told = {"reason": "nhầm", "by": self.cast.officer}
            self.attempt(lambda: withdraw_outside(there[0], self.project, **told))

    # the end
    def check(self) -> None:
        """The completion check, passed."""
        if queries.check_in_force(self.project) is None:
            self.attempt(lambda: make.check(project=self.project, by=self.cast.officer))

    def drop_check(self) -> None:
        """The newest check holds no longer."""
        there = [one for one in queries.checks_of(self.project) if one.state != rules.VOID]
        if there:
            self.attempt(lambda: actions_check.drop_check(there[0], reason="sai", by=self.cast.officer))

    def money(self) -> None:
        """Minutes of the money that was paid."""
        if queries_money.to_hand_over(self.project):
            self.hand_over(rules.MONEY)

    def house(self) -> None:
        """Minutes of the house."""
        if self.state == rules.FINISHED:
            self.hand_over(rules.HOUSE)

    def hand_over(self, what: str) -> None:
        """Minutes of the money or of the house."""
        told = {"what": what, "by": self.cast.officer, "receiver_name": self.project.head}
        self.attempt(lambda: make.sign(project=self.project, **told))

    def drop_minutes(self) -> None:
        """The newest minutes hold no longer."""
        there = [one for one in queries.handovers_of(self.project) if one.state != rules.VOID]
        if there:
            self.attempt(lambda: actions_handover.drop_handover(there[0], reason="sai", by=self.cast.officer))

    # the catalogue
    def ask_more(self, step: str, source: str, evidence: str, days: int) -> None:
        """Offices ask for one more paper, from so many days after today."""
        told = {
            "name": f"Giấy {len(requirements(ended=True))}",
            "step": step,
            "source": source,
            "evidence": evidence,
        }
        valid_from = today_in_vietnam() + timedelta(days=days)
        self.attempt(lambda: actions_catalogue.add_entry("giay-to", {**told, "valid_from": valid_from}))

    def end_paper(self, place: int, days: int) -> None:
        """A paper is asked for until so many days after today; one that was ended is asked for again."""
        known: list[HouseRequirement] = requirements(ended=True)
        one = known[place % len(known)]
        until = today_in_vietnam() + timedelta(days=days) if one.valid_to is None else None
        self.attempt(lambda: actions_catalogue.end_entry(one, until))
