"""Two communes with the same kinds of records, so that each record of ours has a counterpart of theirs.

`ids` holds a value for every name of an argument in an address of the guarded rooms. A new route with a new name finds
none, and the matrix fails until somebody says here which record it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from portal.emulation.actions import record_initiatives
from portal.emulation.actions_initiatives import add_model, add_replica
from portal.emulation.actions_movements import add_movement
from portal.emulation.actions_registrations import line_of, register_household
from portal.emulation.actions_scoring import add_paper
from portal.emulation.models import Initiative
from portal.emulation.rules import InitiativeRow
from portal.files import actions as files
from portal.files.papers import ReadyPaper
from portal.households.actions_changes import propose
from portal.households.actions_help import assign, record_aid, record_visit
from portal.households.actions_private import log_reading, set_private
from portal.households.actions_registry import add_need, set_income, set_members
from portal.households.actions_twins import judge_different
from portal.households.models_registry import Household, HouseholdMember
from portal.households.queries_catalogue import needs_on
from portal.households.rules_registry import Person, code_of
from portal.housing.actions import open_project, step_forward
from portal.housing.actions_check import prepare_check
from portal.housing.actions_handover import prepare_handover
from portal.housing.actions_money import add_source, draft_house_decision, record_outside
from portal.housing.actions_survey import file_paper, record_survey
from portal.housing.actions_tranches import add_tranche
from portal.housing.queries_money import decided_rows
from portal.housing.queries_papers import requirements
from portal.kit import access
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.money import format_amount
from portal.kit.numbers import next_entry
from portal.kit.pdf import html_to_pdf
from portal.kit.storage import present_storage
from portal.people.models import User
from portal.spending.actions import issue_decision
from portal.units.models import Unit
from tests.cast import make_fund, make_unit, make_user
from tests.emulation.movements import PROMISE, enter, make_round
from tests.files.photos import photo
from tests.households.builders import make_household
from tests.housing.builders import kind_of, make_photo, programme_of

GUARDED = ("households", "distributions", "cases", "housing", "emulation", "files")
"""Rooms whose every address must be asked."""
NOT_OF_A_UNIT = {
    "households.add_entry": "the catalogue is one for the installation",
    "households.turn_entry": "the catalogue is one for the installation",
    "cases.field": "the catalogue is one for the installation",
    "cases.add_question": "the catalogue is one for the installation",
    "cases.turn_entry": "the catalogue is one for the installation",
    "cases.blank_survey": "an empty form of the catalogue",
    "cases.blank_minutes": "an empty form of the catalogue",
    "housing.entry": "the catalogue is one for the installation",
    "housing.turn_entry": "the catalogue is one for the installation",
    "emulation.reward_form": "the catalogue is one for the installation",
    "emulation.turn_reward_form": "the catalogue is one for the installation",
    **{
        f"emulation.{name}": "the catalogue is one for the installation"
        for name in ("layout", "layout_pdf", "turn_layout", "try_layout", "try_new_layout")
    },
}
READ_BELOW = tuple(
    f"emulation.{name}"
    for name in (
        "show_movement", "change_movement", "new_round", "show_round", "change_round", "add_part", "part", "criteria",
        "new_criterion", "criterion", "ranking", "publish_ranking", "withdraw_ranking", "entries", "register",
    )
)  # fmt: skip
"""Movements, years, criteria: units below read them as well. Their numbers stand in `World.above`."""
NOT_OF_A_UNIT |= dict.fromkeys(READ_BELOW, "read by units below: asked by a test of their own")

SHEETS = ("sheet", "save_sheet", "save_row", "sheet_news", "send_back", "sheet_pdf", "begin_evidence")


@dataclass
class World:
    """One commune: its people by role, what must not be read outside, and its records by name of argument.

    `families`: words about families, for nobody outside; `consented`: names that may stand on a public page.
    `works`: names of the commune's work, which the public may read once it is published, but the staff of another
    commune never through a staff page. `searches`: words by which somebody would look for them.
    """

    unit: Unit
    people: dict[str, User]
    families: list[str] = field(default_factory=list)
    consented: list[str] = field(default_factory=list)
    works: list[str] = field(default_factory=list)
    searches: list[str] = field(default_factory=list)
    ids: dict[str, Any] = field(default_factory=dict)
    above: dict[str, Any] = field(default_factory=dict)

    @property
    def officer(self) -> User:
        """Who records."""
        return self.people[access.RECORDER]

    @property
    def private(self) -> list[str]:
        """What nobody of another commune may read on a staff page."""
        return self.families + self.consented + self.works

    def value(self, endpoint: str, argument: str) -> Any:
        """The value of an argument of this endpoint; None when nobody has said which record it is."""
        room = endpoint.partition(".")[0]
        names = (f"{endpoint}.{argument}", f"{room}.{argument}", argument)
        return next((self.ids[name] for name in names if name in self.ids), None)


def make_world(unit: Unit, tag: str, *, phone: str, cccd: str, amount: int) -> World:
    """Everything of one commune; `tag` makes its words its own."""
    people = {role: make_user(name=f"{role} {tag}", role=role, unit=unit) for role in access.ROLES}
    world = World(unit, people)
    world.ids["hamlet"] = make_unit(name=f"Ấp {tag}", level="ấp", parent=unit)
    world.ids["year"] = today_in_vietnam().year
    _households(world, tag, phone, cccd, amount)
    _pictures(world, tag)
    _house(world, tag)
    _movement(world, tag)
    db.session.commit()
    return world


def _households(world: World, tag: str, phone: str, cccd: str, amount: int) -> None:
    """A household with everything that hangs on one, and another that was judged to be a different one."""
    ids, by, today = world.ids, world.officer, today_in_vietnam()
    name = f"Nguyễn {tag} Khuếch"
    first = make_household(
        unit=ids["hamlet"], name=name, phone=phone, address=f"Hẻm {tag} sâu", birth_year=1961
    )
    second = make_household(unit=ids["hamlet"], name=f"Khuếch {tag} Nguyễn", birth_year=1961)
    third = make_household(unit=ids["hamlet"], name=f"Trần Thị {tag}", birth_year=1970)
    set_members(first, [Person(name=f"Con của {tag}", relation="con", sex=None, birth_year=2001)], by)
    set_income(first, today.year, amount, by)
    ids["household_id"], ids["other_id"] = first.id, second.id
    ids["member_id"] = db.session.query(HouseholdMember.id).filter_by(household_id=first.id).scalar()
    ids["assignment_id"] = assign(
        first, kind="officer", helpers=[f"Người giúp {tag}"], starts_on=today, note=None, by=by
    ).id
    need = add_need(first, needs_on(today)[0], since=today, note=f"Cần {tag}", by=by)
    ids["need_id"] = need.id
    ids["aid_id"] = record_aid(
        first, given_on=today, source=f"Hội {tag}", cash=amount * 3, goods=f"Gạo {tag}", by=by
    ).id
    ids["change_id"] = propose(first, field="address", new=f"Tổ {tag}", reason="Dời nhà", by=by).id
    record_visit(first, visited_on=today, visitor=f"Cô {tag}", verdict="worse", note=f"Dột {tag}", by=by)
    set_private(first, None, {"cccd": cccd, "health": f"Bệnh {tag}"}, by)
    log_reading(first, world.people[access.APPROVER], f"Xét {tag}")
    ids["twin_id"] = judge_different(first, third, by).id
    world.families += [
        name,
        second.name,
        third.name,
        phone,
        code_of(first.id),
        f"Hẻm {tag}",
        format_amount(amount),
        format_amount(amount * 3),
    ]
    world.families += [f"Con của {tag}", f"Người giúp {tag}", f"Cần {tag}", f"Hội {tag}"]
    world.families += [cccd, f"Bệnh {tag}", f"Dột {tag}", f"Cô {tag}", f"Xét {tag}"]
    world.searches += [f"khuech {tag}", phone, code_of(first.id), "nguyen"]


def _house(world: World, tag: str) -> None:
    """A house under way with everything that hangs on one."""
    ids, by, today = world.ids, world.officer, today_in_vietnam()
    household = db.session.get_one(Household, ids["household_id"])
    plan = {"opened_on": today, "need": f"Nhà {tag} dột", "builder": "self", "estimate": 50_000_000}
    project = open_project(household, programme_of(), kind_of("Sửa chữa"), plan, by=by)
    told = {
        "surveyed_on": today,
        "team": f"Đoàn {tag}",
        "land": f"Đất {tag}",
        "house_state": "Dột",
        "need": "Lợp",
    }
    record_survey(project, {**told, "conclusion": "enough"}, by=by)
    fund = add_source(project, {"kind": "fund", "amount": 30_000_000}, by=by)
    family = add_source(project, {"kind": "family", "amount": 20_000_000}, by=by)
    for one in requirements():
        if one.evidence == "filed" and not one.source:
            ids["paper_id"] = file_paper(project, one, {"dated": today}, by=by).id
    decision = draft_house_decision(
        project,
        unit=world.unit,
        fund=make_fund(),
        decided_on=today,
        amounts={fund.id: 30_000_000},
        number="1",
        by=by,
    )
    issue_decision(decision, by=world.people[access.APPROVER])
    row = decided_rows(project)[0]
    ids["tranche_id"] = add_tranche(project, row, stage="started", amount=30_000_000, by=by).id
    came = {"happened_on": today, "amount": 1_000_000, "note": f"Công {tag}"}
    ids["outside_id"] = record_outside(project, family, came, by=by).id
    for role in ("before", "after"):
        make_photo(project=project, role=role, by=by)
    for step in ("started", "finished"):
        step_forward(project, step, today, by=by)
    checked = {"checked_on": today, "board": f"Ban {tag}", "area": "40", "passed": "yes"}
    ids["check_id"] = prepare_check(project, checked, by=by).id
    names = {
        "handed_on": today,
        "giver_name": by.name,
        "receiver_name": household.name,
        "witness": f"Chứng {tag}",
    }
    ids["housing.handover_id"] = prepare_handover(project, "money", names, by=by).id
    ids["project_id"], ids["source_id"] = project.id, family.id
    for endpoint in ("edit_handover", "sign", "drop_handover", "minutes_pdf", "private_minutes"):
        ids[f"housing.{endpoint}.handover_id"] = ids["housing.handover_id"]
    world.families += [f"Nhà {tag} dột", f"Đoàn {tag}", f"Đất {tag}", f"Công {tag}", f"Chứng {tag}"]


def _pictures(world: World, tag: str) -> None:
    made = files.ready(photo(), present_storage())
    picture = files.keep_picture(world.unit, "photo", made, by=world.officer, caption=f"Sân {tag} nở")
    world.ids["picture_id"] = picture.id
    world.works.append(f"Sân {tag} nở")
    world.searches.append(f"Sân {tag}")


def _movement(world: World, tag: str) -> None:
    """A movement of the commune with a year, a household that takes part, a sheet with evidence, a good model."""
    ids, by, today = world.ids, world.officer, today_in_vietnam()
    one = make_round(world.unit, code=f"KY-{ids['household_id']}", name=f"Năm {tag}")
    household = db.session.get_one(Household, ids["household_id"])
    house = register_household(one, household, {**PROMISE, "commitment": f"Sửa chuồng {tag}"}, by=by)
    entry = enter(one, ids["hamlet"], commitment=f"Giúp hộ {tag}")
    line = line_of(entry, one.criteria[0].id)
    paper = add_paper(line, _pdf(tag), name=f"{tag}.pdf", by=by)
    told = {"name": f"Tổ hợp tác {tag}", "form": "tổ hợp tác", "story": "", "results": ""}
    model = add_model(world.unit, told, by=by)
    replica = add_replica(model, ids["hamlet"], {"since_on": today}, by=by)
    record_initiatives(
        [InitiativeRow(world.unit.id, f"Hũ gạo {tag}")], entry=lambda: next_entry("x", by.id, by.name)
    )
    initiative = db.session.query(Initiative).filter_by(name=f"Hũ gạo {tag}").one()
    known = {"entry_id": house.id, "line_id": line.id, "paper_id": paper.id, "model_id": model.id}
    known |= {"replica_id": replica.id, "initiative_id": initiative.id}
    ids |= {f"emulation.{name}": value for name, value in known.items()}
    ids |= {f"emulation.{endpoint}.entry_id": entry.id for endpoint in SHEETS}
    ids["emulation.begin_evidence.criterion_id"] = one.criteria[0].id
    world.above |= {"code": one.code, "criterion_id": one.criteria[0].id, "part_id": one.clusters[0].id}
    world.above["movement_id"] = add_movement(
        world.unit, {"name": f"Phong trào {tag}", "starts_on": today}
    ).id
    world.works.append(f"Phong trào {tag}")
    world.families += [f"Sửa chuồng {tag}", f"Giúp hộ {tag}"]


def _pdf(tag: str) -> ReadyPaper:
    """A paper that proves something, in the store."""
    data = html_to_pdf(f"<p>Hộ được giúp: {tag}</p>")
    return ReadyPaper(present_storage().keep(data), len(data), 1)
