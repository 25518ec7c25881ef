"""Which papers a project must have, has, lacks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.housing import queries, queries_money, rules
from portal.housing.models import HousePaper, HouseProject
from portal.housing.models_catalogue import HouseRequirement
from portal.housing.queries_money import Cost
from portal.housing.rules import Required
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.money import format_dong


@dataclass(frozen=True)
class Asked:
    """A requirement of a project, with the paper that answers it; `there` also where the portal shows it itself."""

    required: Required
    there: bool
    paper: HousePaper | None


def requirements(day: date | None = None, *, ended: bool = False) -> list[HouseRequirement]:
    """Requirements in use on a day (today); with `ended` all."""
    rows = select(HouseRequirement)
    if not ended:
        day = day or today_in_vietnam()
        still = HouseRequirement.valid_to.is_(None) | (HouseRequirement.valid_to >= day)
        rows = rows.where(HouseRequirement.valid_from <= day, still)
    found = db.session.scalars(rows)
    return sorted(found, key=lambda one: (rules.ORDER.index(one.step), one.position, one.id))


def papers_of(project: HouseProject) -> list[HousePaper]:
    """Papers of the dossier, also those that no longer count."""
    rows = select(HousePaper).where(HousePaper.project_id == project.id)
    return list(db.session.scalars(rows.options(joinedload(HousePaper.requirement)).order_by(HousePaper.id)))


def _shown_evidence(project: HouseProject, cost: Cost) -> set[str]:
    """What the portal itself shows of a project.

    The fund's money is handed over when all that it decided is paid and stands in signed minutes: what is not paid after
    all is taken back by withdrawing its decision first.
    """
    photos = queries.photos_of([project.id]).get(project.id, {})
    survey = queries.survey_of(project)
    handed = [
        one for one in queries.handovers_of(project) if one.what == rules.HOUSE and one.state == rules.SIGNED
    ]
    found = {role for role in ("before", "started", "roofed", "after") if photos.get(role)}
    truths: dict[str, Any] = {
        "survey": survey is not None,
        "budget": cost.gap == 0 and bool(cost.shares),
        "decision": cost.decided,
        "check": queries.check_in_force(project),
        "money": not cost.unpaid and not queries_money.to_hand_over(project),
        "house": handed,
    }
    return found | {name for name, there in truths.items() if there}


def asked_of(project: HouseProject, step: str = rules.HANDED_OVER, *, handing: bool = False) -> list[Asked]:
    """Everything required up to a step. `handing`: the minutes of the house are being signed just now."""
    cost = queries_money.cost_of(project)
    rows = [
        Required(_name(one, cost), one.step, one.source, one.evidence, one.id)
        for one in requirements()
        if one.step in rules.ORDER
    ]
    kinds = {one.source.kind for one in cost.shares}
    filed = {one.requirement_id: one for one in papers_of(project) if one.withdrawn is None}
    shown = _shown_evidence(project, cost) | ({"house"} if handing else set())
    required = rules.due_by(step, rows, kinds)
    missing = set(rules.lacking(required, shown, filed))
    return [Asked(one, one not in missing, filed.get(one.key)) for one in required]


def _name(one: HouseRequirement, cost: Cost) -> str:
    """The name of a requirement, with what keeps the money from being handed over."""
    if one.evidence == "money" and cost.unpaid:
        return f"{one.name} (Quỹ đã quyết định, còn {format_dong(cost.unpaid)} chưa chi)"
    return one.name


def missing_for(project: HouseProject, step: str, *, handing: bool = False) -> list[Required]:
    """What a step still lacks."""
    return [one.required for one in asked_of(project, step, handing=handing) if not one.there]
