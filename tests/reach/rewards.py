"""Records of rewards for the matrix: a rule with its list, nominations, a council, decisions, rewards, prizes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from portal.emulation.actions_certificates import draft_withdrawal, issue
from portal.emulation.actions_rewards import make_run
from portal.emulation.actions_rewards_prize import draft_prizes
from portal.emulation.models_certificates import Reward, RewardDecision
from portal.emulation.models_rewards import RewardCandidate
from portal.emulation.printing_certificates import open_print
from portal.jobs import worker
from portal.kit.db import db
from portal.spending.actions import issue_decision
from portal.spending.actions_direct import decide_in_and_out, request_in_and_out
from tests.cast import Cast, make_fund
from tests.emulation.builders import (
    DAY,
    HEAD,
    YEAR,
    give,
    make_award,
    make_council,
    make_donor,
    make_nomination,
    make_rule,
    make_year,
)
from tests.reach.rounds import cast_of
from tests.reach.world import World

DRAFTS = ("edit_reward_decision", "issue_reward_decision", "take_out_of_decision")


def add_rewards(world: World, tag: str) -> None:
    """One of each kind; people and households have not agreed to be named."""
    cast, ids = cast_of(world), world.ids
    _found_by_a_rule(world, cast, tag)
    waiting = _nominate(world, cast, f"Hộ Tơ {tag}", "household")
    called = [_nominate(world, cast, f"{name} {tag} Lụa", "person") for name in ("Đỗ", "Đinh")]
    council = make_council(cast=cast, nominations=called, closed=False)
    two = [_nominate(world, cast, f"{name} {tag} Nhung", "person") for name in ("Tô", "Tạ")]
    draft = make_award(cast=cast, nominations=two, issued=False, number=None)
    given = make_award(
        cast=cast, nominations=[_nominate(world, cast, f"Lâm {tag} Gấm", "person", prize=900_000)]
    )
    printed = open_print(given, prefix="https://vidu.vn/xac-minh/", sample=False, by=cast.officer)
    spare = [_nominate(world, cast, f"{name} {tag} Đũi", "person") for name in ("Hứa", "Hà")]
    thrown = make_award(cast=cast, nominations=spare[:1], issued=False, number=None)
    ids |= {
        "emulation.delete_reward_decision.decision_id": thrown.id,
        "emulation.delete_council.council_id": make_council(
            cast=cast, nominations=spare[1:], closed=False
        ).id,
        "emulation.nomination_id": waiting.id,
        "emulation.take_out_of_council.nomination_id": called[0].id,
        "emulation.council_id": council.id,
        "emulation.decision_id": given.id,
        "emulation.row_id": draft.rows[0].id,
        "emulation.reward_id": _reward_of(given).id,
        "emulation.take_prize_back.reward_id": _taken_back(world, cast, tag).id,
        "public.verify.code": _reward_of(given).code,
        **{f"emulation.{endpoint}.decision_id": draft.id for endpoint in DRAFTS},
    }
    ids["bodies"].append(waiting.id)
    ids["emulation.job_id"] = printed.job_id
    db.session.commit()
    while worker.work_once():
        pass


def _nominate(world: World, cast: Cast, name: str, subject: str, **more: Any) -> Any:
    told = {"address": f"Ngõ {name}", "achievement": "vận động 20 suất quà Tết", **more}
    world.families += [name, f"Ngõ {name}"]
    return make_nomination(cast=cast, name=name, subject=subject, **told)


def _found_by_a_rule(world: World, cast: Cast, tag: str) -> None:
    """A list of a rule with one to nominate and one to ask first."""
    by, year = cast.officer, make_year(unit=world.unit)
    known = make_donor(unit=world.unit, by=by, name=f"Mai {tag} Hằng")
    secret = make_donor(unit=world.unit, by=by, name=f"Kín {tag} Danh")
    give(donor=known, campaign=year)
    give(donor=secret, campaign=year, shown_as="anonymous")
    rule = make_rule(unit=world.unit, by=by, name=f"Quy tắc {tag}")
    run = make_run(rule, start=YEAR[0], end=YEAR[1], by=by)
    candidate = db.session.scalars(select(RewardCandidate.id).where(RewardCandidate.run_id == run.id)).one()
    world.ids |= {"rule_id": rule.id, "run_id": run.id, "candidate_id": candidate}
    world.ids |= {"emulation.donor_id": secret.id}
    world.works.append(f"Quy tắc {tag}")
    world.families.append(f"Kín {tag} Danh")


def _reward_of(decision: RewardDecision) -> Reward:
    return db.session.scalars(select(Reward).where(Reward.decision_id == decision.id)).one()


def _taken_back(world: World, cast: Cast, tag: str) -> Reward:
    """A reward whose prize a sponsor had paid, taken back; the money is still owed."""
    one = _nominate(world, cast, f"Lò {tag} Vải", "person", prize=800_000)
    award = make_award(cast=cast, nominations=[one], number="52/QĐ-MTTQ-BTT")
    told = {"fund": make_fund(), "purpose": "rewards", "campaign": None, "decided_on": DAY}
    made = issue_decision(
        draft_prizes(award, number="53/QĐ-MTTQ-BTT", **told, by=cast.officer), by=cast.chair
    )
    paid = request_in_and_out(
        made.rows[0], amount=800_000, happened_on=DAY, donor_name="Công ty Mẫu", supplier=one.name,
        donor_kind="company", reason="Trao thẳng", by=cast.accountant,
    )  # fmt: skip
    decide_in_and_out(paid, approve=True, answer="", by=cast.chair)
    reward = _reward_of(award)
    head = {**HEAD, "number": "54/QĐ-MTTQ-BTT"}
    reason = f"Khai sai {tag}"
    issue(
        draft_withdrawal(cast.commune, [reward.id], reason=reason, head=head, by=cast.officer), by=cast.chair
    )
    world.families.append(reason)
    return reward
