"""Reading what belongs to rewards within a person's units: rules, runs, nominations, councils; who was rewarded before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload
from werkzeug.exceptions import NotFound

from portal.donors.models import Donor
from portal.donors.queries import family as same_donor
from portal.emulation.models_certificates import Reward, RewardDecisionRow
from portal.emulation.models_nominations import Nomination, RewardCouncil, RewardCouncilRow
from portal.emulation.models_rewards import RewardCandidate, RewardForm, RewardRule, RewardRun
from portal.emulation.queries_movements import movement_names
from portal.emulation.rules_nominations import LIVE, REWARDED
from portal.emulation.rules_rewards import same_movement
from portal.households.models_registry import Household
from portal.households.queries_registry import family as same_household
from portal.kit.days import format_day, today_in_vietnam
from portal.kit.db import db
from portal.people.models import User
from portal.people.queries import readable_units
from portal.units.queries import subtree

LOADED = (joinedload(Nomination.form), joinedload(Nomination.unit), joinedload(Nomination.campaign))


def forms(*, ended: bool = False) -> list[RewardForm]:
    """Reward forms in use today; with `ended` all that ever were."""
    rows = select(RewardForm).order_by(RewardForm.position, RewardForm.id)
    if not ended:
        today = today_in_vietnam()
        rows = rows.where(
            RewardForm.valid_from <= today, or_(RewardForm.valid_to.is_(None), RewardForm.valid_to >= today)
        )
    return list(db.session.scalars(rows))


def rules_for(user: User) -> Select[Any]:
    """Rules of the units that a person may read."""
    return select(RewardRule).where(RewardRule.unit_id.in_(readable_units(user)))


def rule_or_404(rule_id: int, *, for_user: User) -> RewardRule:
    """One of them; otherwise 404."""
    return db.one_or_404(rules_for(for_user).where(RewardRule.id == rule_id))


def runs_of(rule: RewardRule) -> list[RewardRun]:
    """The runs of a rule, newest first."""
    rows = select(RewardRun).where(RewardRun.rule_id == rule.id).order_by(RewardRun.id.desc())
    return list(db.session.scalars(rows.options(joinedload(RewardRun.by))))


def run_or_404(run_id: int, *, for_user: User) -> RewardRun:
    """A run of the person's units; otherwise 404."""
    mine = select(RewardRun).where(RewardRun.id == run_id, RewardRun.unit_id.in_(readable_units(for_user)))
    return db.one_or_404(mine.options(joinedload(RewardRun.rule), joinedload(RewardRun.unit)))


def candidate_or_404(run: RewardRun, candidate_id: int) -> RewardCandidate:
    """A candidate of a run. Raises NotFound."""
    found = db.session.get(RewardCandidate, candidate_id)
    if found is None or found.run_id != run.id:
        raise NotFound
    return found


def nominations_for(user: User) -> Select[Any]:
    """Nominations of the units that a person may read."""
    return select(Nomination).where(Nomination.unit_id.in_(readable_units(user)))


def nomination_or_404(nomination_id: int, *, for_user: User) -> Nomination:
    """One of them; otherwise 404."""
    return db.one_or_404(nominations_for(for_user).where(Nomination.id == nomination_id).options(*LOADED))


def councils_for(user: User) -> Select[Any]:
    """Councils of the units that a person may read."""
    return select(RewardCouncil).where(RewardCouncil.unit_id.in_(readable_units(user)))


def council_or_404(council_id: int, *, for_user: User) -> RewardCouncil:
    """One with its rows; otherwise 404."""
    rows = selectinload(RewardCouncil.rows).joinedload(RewardCouncilRow.nomination)
    wanted = councils_for(for_user).where(RewardCouncil.id == council_id)
    return db.one_or_404(wanted.options(rows.options(*LOADED), joinedload(RewardCouncil.unit)))


def below(unit_id: int, states: Sequence[str], form_id: int | None = None) -> list[Nomination]:
    """Nominations of a unit and all below it in these states, in the order in which they came."""
    rows = select(Nomination).where(Nomination.unit_id.in_(subtree(unit_id)), Nomination.state.in_(states))
    if form_id is not None:
        rows = rows.where(Nomination.form_id == form_id)
    return list(db.session.scalars(rows.order_by(Nomination.id).options(*LOADED)))


def council_rows_of(nomination: Nomination) -> list[RewardCouncilRow]:
    """What councils said of a nomination, oldest first."""
    rows = select(RewardCouncilRow).where(RewardCouncilRow.nomination_id == nomination.id)
    rows = rows.join(RewardCouncil, RewardCouncil.id == RewardCouncilRow.council_id)
    order = RewardCouncil.met_on, RewardCouncil.id
    return list(db.session.scalars(rows.options(joinedload(RewardCouncilRow.council)).order_by(*order)))


@dataclass(frozen=True)
class Before:
    """The same achievement was rewarded, or is put forward, already."""

    text: str
    nomination_id: int
    is_reward: bool


def before(nomination: Nomination) -> list[Before]:
    """Rewards in force and live nominations of the same subject for the same achievement: days that overlap, and
    neither movement nor campaign that differ; an alias is the same movement. Four statements at most.
    """
    rows = select(Nomination).where(
        _same_subject(nomination),
        Nomination.subject == nomination.subject,
        Nomination.starts_on <= nomination.ends_on,
        Nomination.ends_on >= nomination.starts_on,
        Nomination.state.in_((*LIVE, REWARDED)),
        Nomination.id != (nomination.id or 0),
    )
    if nomination.campaign_id is not None:
        rows = rows.where(
            or_(Nomination.campaign_id.is_(None), Nomination.campaign_id == nomination.campaign_id)
        )
    found = db.session.scalars(rows.order_by(Nomination.id).options(*LOADED)).all()
    named = nomination.movement and any(one.movement for one in found)
    known = movement_names() if named else {}
    same = [one for one in found if same_movement(one.movement, nomination.movement, known)]
    given = _rewards([one.id for one in same])
    return [told for one in same if (told := _told(one, given.get(one.id))) is not None]


def suspects(ids: Sequence[int]) -> list[int]:
    """Those of these nominations whose subject may have been rewarded before, to be asked `before`. One statement."""
    one, other = aliased(Nomination), aliased(Nomination)
    giver, known = aliased(Donor), aliased(Donor)
    home, house = aliased(Household), aliased(Household)
    same = or_(
        and_(other.name_key == one.name_key, other.unit_id == one.unit_id),
        other.of_unit_id == one.of_unit_id,
        func.coalesce(giver.merged_into_id, giver.id) == func.coalesce(known.merged_into_id, known.id),
        func.coalesce(home.merged_into_id, home.id) == func.coalesce(house.merged_into_id, house.id),
    )
    rows = (
        select(one.id)
        .distinct()
        .join(other, and_(other.state == REWARDED, other.subject == one.subject, other.id != one.id))
        .outerjoin(giver, giver.id == one.donor_id)
        .outerjoin(known, known.id == other.donor_id)
        .outerjoin(home, home.id == one.household_id)
        .outerjoin(house, house.id == other.household_id)
        .where(one.id.in_(ids), one.twice.is_(None), same)
    )
    return list(db.session.scalars(rows))


def _rewards(ids: Sequence[int]) -> dict[int, Reward]:
    rows = select(Reward).where(Reward.nomination_id.in_(ids), Reward.until.is_(None))
    rows = rows.options(joinedload(Reward.decision))
    return {one.nomination_id: one for one in db.session.scalars(rows)} if ids else {}


def _told(one: Nomination, reward: Reward | None) -> Before | None:
    if reward is not None:
        number = f" số {reward.decision.number}" if reward.decision.number else ""
        day = format_day(reward.decided_on)
        return Before(f"{one.form.name} theo quyết định{number} ngày {day}: {one.achievement}", one.id, True)
    if one.state == REWARDED:  # taken back since
        return None
    return Before(f"Đang đề nghị {one.form.name} ({one.unit.name}): {one.achievement}", one.id, False)


def _same_subject(one: Nomination) -> Any:
    same: list[Any] = []
    if one.donor_id is not None:
        same.append(Nomination.donor_id.in_(same_donor(one.donor_id)))
    if one.household_id is not None:
        same.append(Nomination.household_id.in_(same_household(one.household_id)))
    if one.of_unit_id is not None:
        same.append(Nomination.of_unit_id == one.of_unit_id)
    by_name = (Nomination.name_key == one.name_key) & (Nomination.unit_id == one.unit_id)
    if not same:  # a free name: whoever bears it, in the same unit
        return by_name
    columns = (Nomination.donor_id, Nomination.household_id, Nomination.of_unit_id)
    return or_(*same, and_(by_name, *(column.is_(None) for column in columns)))


def is_nominated() -> Any:
    """Condition on a candidate: somebody has put them forward."""
    return exists().where(Nomination.candidate_id == RewardCandidate.id)


def honours_of(donor_id: int | None = None, household_id: int | None = None) -> list[Reward]:
    """Rewards of a donor or a household (all rows that are one), newest first, with those taken back."""
    mine: Any = false()
    if donor_id is not None:
        mine = Nomination.donor_id.in_(same_donor(donor_id))
    elif household_id is not None:
        mine = Nomination.household_id.in_(same_household(household_id))
    rows = select(Reward).join(Nomination, Nomination.id == Reward.nomination_id).where(mine)
    rows = rows.options(joinedload(Reward.form), joinedload(Reward.decision), joinedload(Reward.unit))
    return list(db.session.scalars(rows.order_by(Reward.decided_on.desc(), Reward.id.desc())))


@dataclass(frozen=True)
class Place:
    """Where a nomination stands: the reward it became, or the decision that is being drafted."""

    decision_id: int | None = None
    reward_id: int | None = None


def place_of(nomination: Nomination) -> Place:
    """What a nomination has become."""
    rows = select(RewardDecisionRow.decision_id).where(RewardDecisionRow.nomination_id == nomination.id)
    reward = select(Reward.id).where(Reward.nomination_id == nomination.id)
    return Place(db.session.scalar(rows), db.session.scalar(reward))
