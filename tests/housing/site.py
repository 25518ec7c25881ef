"""A house that is walked through: what was done or refused, and that no step is reached without what it asks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from portal.housing import queries, queries_money, rules
from portal.housing.models import HouseProject
from portal.housing.queries_papers import requirements
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.operate.verify import first_problem
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


class Site:
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
