"""Records of a single case for the matrix: a case handed over, with minutes, visits and a public appeal."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from portal.cases.actions_follow import Given, set_assets, visits_of
from portal.households.models_registry import Household
from portal.kit import access
from portal.kit.db import db
from tests.reach.world import World
from tests.single_cases.builders import (
    give_money,
    make_appeal,
    make_case,
    make_case_decision,
    make_survey,
    pay,
    sign,
)


def add_case(world: World, tag: str, amount: int) -> None:
    """A livelihood case of the world's household; its words are for nobody outside, except what the appeal says."""
    cast: Any = SimpleNamespace(
        commune=world.unit,
        officer=world.officer,
        chair=world.people[access.APPROVER],
        accountant=world.people[access.ACCOUNTANT],
    )
    household = db.session.get_one(Household, world.ids["household_id"])
    case = make_case(
        cast=cast, key="livelihood", household=household, requester=f"Chi hội {tag}", reason=f"Cảnh {tag}"
    )
    diagnosis = case.field.questions[0]
    make_survey(
        case=case, by=cast.officer, amount=amount, team=f"Đoàn {tag}", answers={diagnosis.id: f"Nuôi {tag}"}
    )
    campaign = give_money(cast=cast, amount=amount)
    decision = make_case_decision(case=case, cast=cast, amount=amount, campaign=campaign)
    pay(decision=decision, cast=cast)
    handover = sign(case=case, by=cast.officer, receiver_name=f"Nhận {tag}", witness_one=f"Chứng {tag}")
    set_assets(case, [Given(f"Dê {tag}", "con", 2)], by=cast.officer)
    make_appeal(case=case, cast=cast, consent_by=f"Thuận {tag}", consent_paper=f"Giấy {tag}")
    world.ids |= {"case_id": case.id, "handover_id": handover.id, "visit_id": visits_of(case)[0].id}
    words = ("Chi hội", "Cảnh", "Đoàn", "Nuôi", "Nhận", "Chứng", "Dê", "Thuận", "Giấy")
    world.families += [f"{word} {tag}" for word in words]
    world.searches.append(f"Nhận {tag}")
    db.session.commit()
