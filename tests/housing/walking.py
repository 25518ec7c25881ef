"""What can be done with a house, one verb each, for walks in whatever order. Each is done or refused; see `Site`."""

from __future__ import annotations

from datetime import timedelta

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
from portal.housing.actions_survey import withdraw_paper
from portal.housing.models_catalogue import HouseRequirement
from portal.housing.queries_papers import papers_of, requirements
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.spending.actions import withdraw_decision
from tests.housing import builders as make
from tests.housing.paying import Paying

MIXES = {  # million đồng by kind of source; together the estimate
    "all kinds": {rules.FUND: 40, rules.STATE: 20, rules.SPONSOR: 20, rules.FAMILY: 10, rules.LABOUR: 10},
    "fund and family": {rules.FUND: 60, rules.FAMILY: 40},
    "fund and sponsor": {rules.FUND: 30, rules.SPONSOR: 70},
    "without the fund": {rules.STATE: 50, rules.SPONSOR: 30, rules.LABOUR: 20},
}
BEHIND = ("survey", "budget", "papers", "approve", "begin_work", "pay_all", "finish", "come_all", "check", "money",
          "house")  # fmt: skip
"""The usual way, in its order."""


class House(Paying):
    """One project of the commune, from the survey to the hand-over."""

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
