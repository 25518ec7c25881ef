"""Finding house projects within a person's units, and what a person may do with one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.exceptions import NotFound

from portal.files.models import Picture, PictureLink
from portal.households import queries_registry as registry
from portal.households.models_registry import Household
from portal.housing import rules
from portal.housing.models import HouseEvent, HouseProject, HouseStep, HouseSurvey
from portal.housing.models_catalogue import HouseKind, HouseProgramme
from portal.housing.models_closing import HouseCheck, HouseHandover, HousePast
from portal.kit.access import APPROVER
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.people.models import User
from portal.people.queries import may, units_for
from portal.units.models import Unit

READERS, WRITERS, PROPOSERS = registry.READERS, registry.WRITERS, registry.PROPOSERS
ALBUM = "house"  # kind of its album
LOADED = (
    joinedload(HouseProject.household).joinedload(Household.unit).joinedload(Unit.parent),
    joinedload(HouseProject.programme),
    joinedload(HouseProject.kind),
    joinedload(HouseProject.unit),
)


def projects_for(user: User) -> Select[Any]:
    """Projects of the households that a person reads."""
    mine = Household.unit_id.in_(registry.seen_units(user)) & Household.withdrawn.is_(False)
    return select(HouseProject).join(Household, Household.id == HouseProject.household_id).where(mine)


def project_or_404(project_id: int, *, for_user: User) -> HouseProject:
    """A project of the person's units. Raises NotFound."""
    found: HouseProject | None = db.session.scalar(
        projects_for(for_user).where(HouseProject.id == project_id).options(*LOADED)
    )
    if found is None:
        raise NotFound
    return found


def may_write(user: User, project: HouseProject) -> bool:
    """Whether the person surveys, plans and hands over there: as for the household itself."""
    return registry.may_write(user, project.household.unit)


def may_approve(user: User, project: HouseProject) -> bool:
    """Whether the person approves a house that the fund does not pay for."""
    return may(user, APPROVER, project.unit_id)


def may_read_private(user: User, project: HouseProject) -> bool:
    """Whether the person may read sensitive fields of the household, for a purpose, each time noted."""
    return registry.may_read_private(user, project.household.unit)


def programmes(*, ended: bool = False) -> list[HouseProgramme]:
    """Programmes in use today; with `ended` all."""
    return _catalogue(HouseProgramme, ended)


def kinds(*, ended: bool = False) -> list[HouseKind]:
    """Kinds of work in use today; with `ended` all."""
    return _catalogue(HouseKind, ended)


def _catalogue(model: Any, ended: bool) -> list[Any]:
    rows = select(model).order_by(model.position, model.id)
    if not ended:
        today = today_in_vietnam()
        rows = rows.where(model.valid_from <= today, model.valid_to.is_(None) | (model.valid_to >= today))
    return list(db.session.scalars(rows))


def survey_of(project: HouseProject) -> HouseSurvey | None:
    """The survey that holds."""
    rows = select(HouseSurvey).where(HouseSurvey.project_id == project.id, HouseSurvey.replaced.is_(False))
    return db.session.scalar(rows)


def days_of(project_ids: Sequence[int]) -> dict[int, dict[str, date]]:
    """By project: the day on which it reached each state. One statement."""
    rows = select(HouseStep).where(HouseStep.project_id.in_(project_ids), HouseStep.undone_at.is_(None))
    found: dict[int, dict[str, date]] = defaultdict(dict)
    for one in db.session.scalars(rows.order_by(HouseStep.id)):
        found[one.project_id][one.state] = one.happened_on
    return found


def last_step(project: HouseProject, state: str) -> HouseStep | None:
    """The step by which it reached a state."""
    rows = select(HouseStep).where(
        HouseStep.project_id == project.id, HouseStep.state == state, HouseStep.undone_at.is_(None)
    )
    return db.session.scalar(rows.order_by(HouseStep.id.desc()).limit(1))


def events_of(project: HouseProject) -> list[HouseEvent]:
    """What was noted, oldest first."""
    rows = select(HouseEvent).where(HouseEvent.project_id == project.id).order_by(HouseEvent.id)
    return list(db.session.scalars(rows))


def photos_of(project_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """By project: how many photos there are by their part. One statement."""
    rows = (
        select(PictureLink.subject_id, PictureLink.role, func.count())
        .join(Picture, Picture.id == PictureLink.picture_id)
        .where(
            PictureLink.kind == ALBUM, PictureLink.subject_id.in_(project_ids), Picture.withdrawn.is_(None)
        )
        .group_by(PictureLink.subject_id, PictureLink.role)
    )
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for project_id, role, count in db.session.execute(rows):
        found[project_id][role] = count
    return found


def checks_of(project: HouseProject) -> list[HouseCheck]:
    """Completion checks, newest first."""
    rows = select(HouseCheck).where(HouseCheck.project_id == project.id).order_by(HouseCheck.id.desc())
    return list(db.session.scalars(rows))


def check_in_force(project: HouseProject) -> HouseCheck | None:
    """The signed check that the house passed, or None."""
    held = (one for one in checks_of(project) if one.state == rules.SIGNED and one.passed)
    return next(held, None)


def check_or_404(project: HouseProject, check_id: int) -> HouseCheck:
    """A check of this project. Raises NotFound."""
    return _or_404(HouseCheck, project, check_id)


def handovers_of(project: HouseProject) -> list[HouseHandover]:
    """Minutes of the hand-over, newest first."""
    rows = select(HouseHandover).where(HouseHandover.project_id == project.id)
    return list(
        db.session.scalars(rows.order_by(HouseHandover.id.desc()).options(selectinload(HouseHandover.papers)))
    )


def handover_or_404(project: HouseProject, handover_id: int) -> HouseHandover:
    """Minutes of this project. Raises NotFound."""
    return _or_404(HouseHandover, project, handover_id)


def _or_404(model: Any, project: HouseProject, key: int) -> Any:
    found = db.session.scalar(select(model).where(model.id == key, model.project_id == project.id))
    if found is None:
        raise NotFound
    return found


def others_of(household_id: int, *, but: int = 0) -> list[HouseProject]:
    """Projects of a household (with what was merged into it) besides one."""
    rows = select(HouseProject).where(
        HouseProject.household_id.in_(registry.family(household_id)), HouseProject.id != but
    )
    return list(db.session.scalars(rows.options(*LOADED).order_by(HouseProject.id)))


def past_for(user: User) -> Select[Any]:
    """Houses of the past of the units that a person reads."""
    mine = HousePast.unit_id.in_(units_for(user, *READERS))
    return select(HousePast).where(mine, HousePast.withdrawn.is_(False))


def name_marks(project: HouseProject) -> list[str]:
    """What the registry says otherwise than the names that were frozen at the approval, in sentences."""
    if project.head_name is None:
        return []
    told = []
    if project.household.name != project.head_name:
        told.append(
            f"Sổ hộ nay ghi chủ hộ “{project.household.name}”; hồ sơ giữ “{project.head_name}” theo quyết định."
        )
    now = address_of(project.household)
    if now != project.address:
        told.append(f"Sổ hộ nay ghi nơi ở “{now}”; hồ sơ giữ “{project.address}” theo quyết định.")
    return told


def address_of(household: Household) -> str:
    """ "Tổ 7, Ấp Phú Lợi, Xã Tân Phú Hòa" as the registry has it now."""
    return ", ".join(part for part in (household.address, registry.unit_text(household.unit)) if part)
