"""What of the movement waits for a person: sheets at their step, stories to publish."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, and_, exists, or_, select
from sqlalchemy.orm import aliased

from portal.emulation.models_initiatives import GoodModel
from portal.emulation.models_movements import MovementEntry, MovementRound
from portal.emulation.models_scoring import Ranking
from portal.emulation.rules_scoring import COMMUNE, COUNCIL, PROVINCE, SELF
from portal.households.queries_registry import WRITERS
from portal.kit.access import APPROVER
from portal.ledger.waiting import Waiting, ask, waits
from portal.ledger.work import TODAY, WEEK, Work
from portal.people.models import User
from portal.people.queries import units_for
from portal.units.models import Unit
from portal.units.queries import COMMUNE_SPELLINGS


def _told(group: int, name: str, badge: str, verb: str) -> Callable[[Waiting], Work]:
    def told(waiting: Waiting) -> Work:
        where: tuple[str, dict[str, Any]] = ("emulation.movements", {})
        if waiting.count == 1:
            where = ("emulation.sheet", {"entry_id": waiting.first})
        note = waiting.name if waiting.count == 1 else ""
        return Work(group, waiting.count, name, note, badge, "warn", verb, *where)

    return told


def _sheets(step: str, *mine: Any) -> Select[Any]:
    rows = ask(MovementEntry.id, name=Unit.name).join(Unit, Unit.id == MovementEntry.unit_id)
    rows = rows.join(MovementRound, MovementRound.id == MovementEntry.round_id)
    published = exists().where(Ranking.round_id == MovementRound.id, Ranking.until.is_(None))
    return rows.where(MovementEntry.at == step, MovementEntry.ended.is_(None), ~published, *mine)


@waits("movements.self", _told(WEEK, "Phiếu thi đua chờ tự chấm", "Chờ tự chấm", "Chấm"))
def to_score(user: User) -> Select[Any]:
    """Sheets of the person's own units."""
    return _sheets(SELF, MovementEntry.unit_id.in_(units_for(user, *WRITERS)))


@waits("movements.commune", _told(TODAY, "Phiếu thi đua chờ cấp xã chấm", "Chờ cấp xã", "Xem và chấm"))
def for_commune(user: User) -> Select[Any]:
    """Sheets that wait for the chair of the commune: its own, and those of its hamlets."""
    above = aliased(Unit)
    hamlets = select(Unit.id).join(above, above.id == Unit.parent_id)
    chairs = units_for(user, APPROVER)
    hamlets = hamlets.where(above.level.in_(COMMUNE_SPELLINGS), above.id.in_(chairs))
    own = and_(Unit.id.in_(chairs), or_(Unit.level.in_(COMMUNE_SPELLINGS), Unit.parent_id.is_(None)))
    return _sheets(COMMUNE, or_(MovementEntry.unit_id.in_(hamlets), own))


@waits("movements.province", _told(TODAY, "Phiếu thi đua chờ cấp tỉnh chấm", "Chờ cấp tỉnh", "Xem và chấm"))
def for_province(user: User) -> Select[Any]:
    """Sheets that wait where the year is held."""
    return _sheets(PROVINCE, MovementRound.unit_id.in_(units_for(user, *WRITERS)))


@waits("movements.council", _told(TODAY, "Phiếu thi đua chờ hội đồng", "Chờ hội đồng", "Xem và chấm"))
def for_council(user: User) -> Select[Any]:
    """Sheets that wait for the council."""
    return _sheets(COUNCIL, MovementRound.unit_id.in_(units_for(user, APPROVER)))


def _model(waiting: Waiting) -> Work:
    where: tuple[str, dict[str, Any]] = ("emulation.good_models", {"tinh_trang": "asked"})
    if waiting.count == 1:
        where = ("emulation.show_model", {"model_id": waiting.first})
    return Work(
        TODAY, waiting.count, "Mô hình chờ công bố", "", "Chờ duyệt", "warn", "Xem và công bố", *where
    )


@waits("movements.model", _model)
def models_to_publish(user: User) -> Select[Any]:
    """Stories that others ask to publish."""
    rows = ask(GoodModel.id).where(GoodModel.unit_id.in_(units_for(user, APPROVER)))
    return rows.where(GoodModel.asked_by_id.is_not(None), GoodModel.asked_by_id != user.id)
