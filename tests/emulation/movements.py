"""A movement with a year, its people and sheets, for tests. Everything here is invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.emulation import actions_movements as actions
from portal.emulation.actions_criteria import add_criterion
from portal.emulation.actions_registrations import register_unit
from portal.emulation.actions_scoring import Typed, hand_on, save_marks
from portal.emulation.models_movements import Movement, MovementEntry, MovementRound
from portal.kit import access
from portal.kit.db import db
from portal.people.models import User
from portal.units.models import Unit
from tests.cast import Cast, make_user

HOME = "/quan-ly/thi-dua/"
YEAR = {"code": "VNN-2026", "name": "Năm 2026", "starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31)}
CRITERIA = (
    ("1.1", "I. Tuyên truyền", "Có kế hoạch vận động", 1000, 0),
    ("1.2", "I. Tuyên truyền", "Vượt chỉ tiêu vận động", 2000, 500),
    ("2.1", "II. Giúp hộ nghèo", "Giúp hộ thoát nghèo", 3000, 0),
)
PROMISE = {
    "registered_on": date(2026, 2, 1),
    "commitment": "Giúp 02 hộ thoát nghèo\nVận động 100 triệu đồng",
    "representative": "Đại diện đơn vị",
}


@dataclass(frozen=True)
class Judges:
    """Who scores at the province and in its council."""

    accountant: User
    chair: User


def make_judges(cast: Cast) -> Judges:
    """The province's own people."""
    return Judges(
        make_user(name="Kế toán tỉnh", role=access.ACCOUNTANT, unit=cast.province),
        make_user(name="Chủ tịch tỉnh", role=access.APPROVER, unit=cast.province),
    )


def seeded() -> Movement:
    """The movement that every portal knows."""
    return db.session.scalars(select(Movement).order_by(Movement.id).limit(1)).one()


def make_round(unit: Unit, **values: Any) -> MovementRound:
    """A year with three criteria (60 points, 5 of bonus), two clusters and three classes."""
    one = actions.add_round(seeded(), unit, {**YEAR, **values})
    for code, part, text, points, bonus in CRITERIA:
        told = {"code": code, "part": part, "text": text, "points": points, "bonus": bonus}
        add_criterion(one, told)
    for name in ("Cụm 1", "Cụm 2"):
        actions.add_cluster(one, {"name": name})
    for name, least in (("Xuất sắc", 5500), ("Tốt", 4000), ("Hoàn thành", 0)):
        actions.add_class(one, {"name": name, "least": least})
    return one


def enter(one: MovementRound, unit: Unit, **values: Any) -> MovementEntry:
    """A unit takes part."""
    return register_unit(one, unit, {**PROMISE, **values}, by=None)


def give(entry: MovementEntry, by: User, *points: int | None, bonus: int | None = None) -> None:
    """Marks of the present step, in the order of the criteria; the bonus goes to the second."""
    typed = {
        criterion.id: Typed(value, bonus if criterion.bonus else None, None)
        for criterion, value in zip(entry.round.criteria, points, strict=True)
    }
    save_marks(entry, typed, by=by)


def score_through(
    entry: MovementEntry,
    cast: Cast,
    judges: Judges,
    *points: int,
    bonus: int | None = None,
    own: User | None = None,
) -> None:
    """The same marks at every step, each handed on by its own person."""
    for by in (own or cast.officer, cast.chair, judges.accountant, judges.chair):
        give(entry, by, *points, bonus=bonus)
        hand_on(entry, by=by)
